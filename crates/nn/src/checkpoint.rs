//! Checkpoints: parameters, optimiser, running statistics and mask as bytes. A resumed training gives the same bits as
//! an uninterrupted one.

use serde::{Deserialize, Serialize};

use crate::{Error, Mask, Network, Optimiser, Real, Tensor};

/// Magic bytes of the format; the last is its version.
const MAGIC: [u8; 8] = *b"HSNN\0\0\0\x01";

#[derive(Serialize, Deserialize)]
struct Stored<T> {
    /// Size of a number in bytes: 4 or 8.
    bytes: u8,
    tensors: Vec<Tensor>,
    parameters: Vec<T>,
    state: Vec<Vec<T>>,
    mask: Option<Mask>,
    optimiser: Optimiser<T>,
}

/// Saves everything needed to resume a training, except the caller's random generator and position in the data.
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

/// Restores a checkpoint into a network with the same layers. Returns the optimiser.
pub fn load<T: Real>(network: &mut Network<T>, checkpoint: &[u8]) -> Result<Optimiser<T>, Error> {
    let body = checkpoint
        .strip_prefix(&MAGIC)
        .ok_or_else(|| unusable("it does not start with the magic bytes of a checkpoint".to_owned()))?;
    // Checked first, because numbers of another size would be misread.
    match body.first() {
        Some(&bytes) if usize::from(bytes) == size_of::<T>() => {}
        Some(bytes) => {
            return Err(unusable(format!("its numbers have {bytes} bytes, but the network's have {}", size_of::<T>())));
        }
        None => return Err(unusable("it ends after its magic bytes".to_owned())),
    }
    let stored: Stored<T> = postcard::from_bytes(body).map_err(|error| unusable(error.to_string()))?;
    if stored.tensors != network.tensors() || stored.parameters.len() != network.parameters().len() {
        return Err(unusable("its network has other parameters".to_owned()));
    }
    let mut lengths = Vec::new();
    network.state(&mut |numbers| lengths.push(numbers.len()));
    if lengths != stored.state.iter().map(Vec::len).collect::<Vec<_>>() {
        return Err(unusable("its network has other running statistics".to_owned()));
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
