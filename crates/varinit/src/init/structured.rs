//! Initialisers that are more than independent draws.

use headstart_check::check;
use headstart_nn::{Real, Tensor};
use ndarray::Array2;
use rand::Rng;
use rand::seq::index;
use rand_distr::{Distribution, StandardNormal};

use crate::Error;

/// Saxe et al. 2014: `gain` times a matrix with orthonormal rows or columns, evenly drawn among all. Of more than two axes
/// all but the last are one: outputs against everything that goes into them.
pub fn orthogonal<T: Real>(weights: &mut [T], tensor: &Tensor, gain: f64, rng: &mut impl Rng) -> Result<(), Error> {
    let [inputs, outputs] = matrix("an orthogonal initialiser", tensor, weights.len())?;
    let (long, short) = (inputs.max(outputs), inputs.min(outputs));
    let normal = Array2::from_shape_simple_fn((long, short), || StandardNormal.sample(rng));
    // With the diagonal of R positive, Q is evenly drawn (Mezzadri 2007).
    let q = headstart_linalg::qr(normal.view())?.q;
    for (at, weight) in weights.iter_mut().enumerate() {
        let (i, j) = (at / outputs, at % outputs);
        *weight = T::of(gain * if inputs >= outputs { q[[i, j]] } else { q[[j, i]] });
    }
    Ok(())
}

/// Martens 2010, torch's `sparse_`: of the weights into every output a share `sparsity` is zero, the others are normal.
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

/// torch's `dirac_`: a convolution that hands on its input channels as far as there are output channels.
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

/// Inputs and outputs of the tensor as a matrix.
fn matrix(initialiser: &'static str, tensor: &Tensor, given: usize) -> Result<[usize; 2], Error> {
    match &tensor.shape[..] {
        [inputs @ .., outputs] if !inputs.is_empty() && tensor.numbers() == given && given > 0 => {
            Ok([inputs.iter().product(), *outputs])
        }
        _ => Err(refused(initialiser, "a tensor of two axes or more, and as many weights", tensor)),
    }
}

fn refused(initialiser: &'static str, needs: &'static str, tensor: &Tensor) -> Error {
    Error::Shape { initialiser, needs, tensor: tensor.name.clone(), shape: tensor.shape.clone() }
}
