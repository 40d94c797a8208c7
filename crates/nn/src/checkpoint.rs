//! A training on disk: parameters, optimiser, running statistics, mask. Resuming gives the same bits as going on.

use serde::{Deserialize, Serialize};

use crate::{Error, Mask, Network, Optimiser, Real, Tensor};

/// The first bytes, with the version of the format.
const MAGIC: [u8; 8] = *b"HSNN\0\0\0\x01";

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    /// Bytes of a number.
    bytes: u8,
    tensors: Vec<Tensor>,
    parameters: Vec<T>,
    state: Vec<Vec<T>>,
    mask: Option<Mask>,
    optimiser: Optimiser<T>,
}

/// Everything that a training goes on from, but for the caller's random generator and place in the data.
pub fn save<T: Real>(network: &mut Network<T>, optimiser: &Optimiser<T>) -> Result<Vec<u8>, Error> {
    let mut state = Vec::new();
    network.state(&mut |numbers| state.push(numbers.to_vec()));
    let stored = Stored {
        bytes: size_of::<T>() as u8,
        tensors: network.tensors().to_vec(),
        parameters: network.parameters().to_vec(),
        state,
        mask: network.mask().cloned(),
        optimiser: optimiser.clone(),
    };
    postcard::to_extend(&stored, MAGIC.to_vec()).map_err(|error| unusable(error.to_string()))
}

/// Puts it back into a network of the same layers, and answers the optimiser.
pub fn load<T: Real>(network: &mut Network<T>, checkpoint: &[u8]) -> Result<Optimiser<T>, Error> {
    let body = checkpoint.strip_prefix(&MAGIC).ok_or_else(|| unusable("it does not begin as one does".to_owned()))?;
    // Told before anything of another size is read.
    match body.first() {
        Some(&bytes) if usize::from(bytes) == size_of::<T>() => {}
        Some(bytes) => {
            return Err(unusable(format!("its numbers have {bytes} bytes, the network's {}", size_of::<T>())));
        }
        None => return Err(unusable("it ends after its first bytes".to_owned())),
    }
    let stored: Stored<T> = postcard::from_bytes(body).map_err(|error| unusable(error.to_string()))?;
    if stored.tensors != network.tensors() || stored.parameters.len() != network.parameters().len() {
        return Err(unusable("it is of a network with other parameters".to_owned()));
    }
    let mut lengths = Vec::new();
    network.state(&mut |numbers| lengths.push(numbers.len()));
    if lengths != stored.state.iter().map(Vec::len).collect::<Vec<_>>() {
        return Err(unusable("it is of a network with other running statistics".to_owned()));
    }
    network.set_mask(stored.mask)?;
    network.parameters_mut().copy_from_slice(&stored.parameters);
    let mut state = stored.state.iter();
    network.state(&mut |numbers| {
        if let Some(stored) = state.next() {
            numbers.copy_from_slice(stored);
        }
    });
    Ok(stored.optimiser)
}

fn unusable(reason: String) -> Error {
    Error::Checkpoint { reason }
}
