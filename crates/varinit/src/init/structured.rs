//! Initialisers with dependent or structured weights.

use headstart_check::check;
use headstart_nn::{Real, Tensor};
use ndarray::Array2;
use rand::Rng;
use rand::seq::index;
use rand_distr::{Distribution, StandardNormal};

use crate::Error;

/// `gain` times a uniformly random matrix with orthonormal rows or columns (Saxe et al. 2014). Of more than two axes,
/// all but the last are merged: outputs against all their inputs.
pub fn orthogonal<T: Real>(weights: &mut [T], tensor: &Tensor, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let [inputs, outputs] = matrix("an orthogonal initialiser", tensor, weights.len())?;
    let (long, short) = (inputs.max(outputs), inputs.min(outputs));
    let normal = Array2::from_shape_simple_fn((long, short), || StandardNormal.sample(rng));
    // With a positive diagonal of R, Q is uniformly distributed (Mezzadri 2007).
    let q = headstart_linalg::qr(normal.view())?.q;
    for (at, weight) in weights.iter_mut().enumerate() {
        let (i, j) = (at / outputs, at % outputs);
        *weight = T::of(gain * if inputs >= outputs { q[[i, j]] } else { q[[j, i]] });
    }
    Ok(())
}

/// torch's `sparse_` (Martens 2010): a share `sparsity` of the weights into every output is zero, the others are
/// normal.
pub fn sparse<T: Real>(
    weights: &mut [T],
    tensor: &Tensor,
    sparsity: f64,
    deviation: f64,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    check((0.0..=1.0).contains(&sparsity), "the sparsity", sparsity, "from 0 to 1")?;
    let [inputs, outputs] = matrix("a sparse initialiser", tensor, weights.len())?;
    super::independent::normal(weights, deviation, rng);
    let zeros = (sparsity * inputs as f64).ceil() as usize;
    for output in 0..outputs {
        for input in index::sample(rng, inputs, zeros.min(inputs)) {
            weights[input * outputs + output] = T::zero();
        }
    }
    Ok(())
}

/// torch's `dirac_`: a convolution that passes its input channels through, as many as there are output channels.
pub fn dirac<T: Real>(weights: &mut [T], tensor: &Tensor) -> Result<(), Error> {
    let &[height, width, inputs, outputs] = &tensor.shape[..] else {
        return Err(refused("a Dirac initialiser", "a convolution: [height, width, in, out]", tensor));
    };
    matrix("a Dirac initialiser", tensor, weights.len())?;
    weights.fill(T::zero());
    let middle = (height / 2 * width + width / 2) * inputs;
    for channel in 0..inputs.min(outputs) {
        weights[(middle + channel) * outputs + channel] = T::one();
    }
    Ok(())
}

/// Returns inputs and outputs of the tensor as a matrix.
fn matrix(initialiser: &'static str, tensor: &Tensor, given: usize) -> Result<[usize; 2], Error> {
    match &tensor.shape[..] {
        [inputs @ .., outputs] if !inputs.is_empty() && tensor.numbers() == given && given > 0 => {
            Ok([inputs.iter().product(), *outputs])
        }
        _ => Err(refused(initialiser, "a tensor of at least two axes and a slice of its size", tensor)),
    }
}

fn refused(initialiser: &'static str, needs: &'static str, tensor: &Tensor) -> Error {
    Error::Shape { initialiser, needs, tensor: tensor.name.clone(), shape: tensor.shape.clone() }
}
