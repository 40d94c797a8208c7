//! The starts to compare: functions that return a [`Start`] and its cost in evaluations.
//!
//! They differ in how much curvature of a pilot run they keep: nothing, one number, a few pairs, or the full matrix.

mod pilot;
mod scales;

use headstart_simd::Portable;
use ndarray::{Array2, ArrayView2};

use crate::Error;
use crate::h0::{InitialInverseHessian, Start};
use crate::low_rank::LowRank;
use crate::packed::PackedSymmetric;
use crate::pair::Pair;
pub use pilot::Pilot;
pub use scales::{pilot_diagonal, pilot_last_10_two_scales};

/// A start and the number of evaluations that were spent to make it.
pub type Charged = (Start, u64);

/// Pairs that the low-rank starts keep.
const KEPT_PAIRS: usize = 10;

/// Lower limit of the eigenvalues of the exact Hessian, as a fraction of the largest: the Hessian of a cluster of atoms
/// is zero along the three translations and three rotations.
const LEAST_EIGENVALUE: f64 = 1e-10;

/// Returns the baseline: H0 = I, with a first trial step of length at most 1 (Nocedal & Wright, p. 142).
pub fn identity() -> Charged {
    let h0 = InitialInverseHessian::Scaled(1.0);
    (Start { h0, rescale_after_first_step: false, first_step_at_most: Some(1.0) }, 0)
}

/// Returns [`identity`] with rescaling: I is multiplied by s'y / y'y after the first step (Nocedal & Wright, 6.20).
pub fn nocedal_wright() -> Charged {
    let (start, cost) = identity();
    (Start { rescale_after_first_step: true, ..start }, cost)
}

/// Returns H0 = gamma I with gamma = s'y / y'y of the pilot's last pair. It is the control: it keeps one number of the
/// pilot's curvature.
pub fn pilot_scalar(pilot: &Pilot) -> Result<Charged, Error> {
    let gamma = last_pair(pilot)?.gamma();
    Ok((InitialInverseHessian::Scaled(gamma).into(), pilot.evaluations))
}

/// Returns H0 = gamma I, where gamma is the geometric mean of |s| / |y| over all pairs of the pilot.
///
/// |s| / |y| is itself the geometric mean of the two scales that fit a pair, s'y / y'y and s's / s'y.
pub fn pilot_scalar_geomean(pilot: &Pilot) -> Result<Charged, Error> {
    last_pair(pilot)?;
    let sum: f64 = pilot.pairs.iter().map(|pair| pair.mean_gamma().portable_ln()).sum();
    let gamma = (sum / pilot.pairs.len() as f64).portable_exp();
    Ok((InitialInverseHessian::Scaled(gamma).into(), pilot.evaluations))
}

/// Returns H0 from the scalar of [`pilot_scalar`] and the last 10 pairs of the pilot (Morales & Nocedal 2000 keep such
/// pairs as a preconditioner).
pub fn pilot_last_10(pilot: &Pilot) -> Result<Charged, Error> {
    let first = pilot.pairs.len().saturating_sub(KEPT_PAIRS);
    low_rank(pilot, pilot.pairs[first..].to_vec())
}

/// Returns H0 from the scalar of [`pilot_scalar`] and 10 pairs spread evenly over the pilot, including the first and
/// the last.
pub fn pilot_spread_10(pilot: &Pilot) -> Result<Charged, Error> {
    let last = pilot.pairs.len().saturating_sub(1);
    let mut picked: Vec<usize> =
        (0..KEPT_PAIRS).map(|k| (k * last + (KEPT_PAIRS - 1) / 2) / (KEPT_PAIRS - 1)).collect();
    picked.dedup();
    low_rank(pilot, picked.into_iter().filter_map(|k| pilot.pairs.get(k).cloned()).collect())
}

/// Returns the full inverse Hessian at the end of the pilot as H0 (after L-BFGS: the scalar and all pairs in its
/// memory).
pub fn pilot_full(pilot: &Pilot) -> Result<Charged, Error> {
    if !pilot.has_curvature {
        return Err(Error::NoPairs { evaluations: pilot.evaluations });
    }
    Ok((pilot.inverse_hessian.clone().into(), pilot.evaluations))
}

/// Returns the same start, with its first trial step limited to the length of the pilot's longest step.
pub fn capped(start: Start, pilot: &Pilot) -> Start {
    let length = start.first_step_at_most.map_or(pilot.longest_step, |length| length.min(pilot.longest_step));
    // A pilot that made no step gives no limit.
    if length > 0.0 { Start { first_step_at_most: Some(length), ..start } } else { start }
}

/// Returns the oracle: H0 is the inverse of the Hessian at x0, shape (n, n). The eigenvalues λ of the Hessian are replaced by
/// |λ|, and are at least 1e-10 of the largest. [`hessian_by_differences`](crate::hessian_by_differences) computes it for any
/// objective.
///
/// The charge is n evaluations, the cost of the Hessian by differences of gradients; the run evaluates the gradient at
/// x0 anyway. (An explicit formula may be cheaper, but a black-box function does not provide one.)
///
/// Errors: a matrix that is not square or not finite.
pub fn oracle(hessian: ArrayView2<'_, f64>) -> Result<Charged, Error> {
    let n = hessian.nrows();
    let found = headstart_linalg::eigh(hessian)?;
    let largest = found.values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    let least = if largest > 0.0 { LEAST_EIGENVALUE * largest } else { 1.0 };
    let inverse = found.values.mapv(|value| 1.0 / value.abs().max(least));
    let h0: Array2<f64> = headstart_linalg::product(&(&found.vectors * &inverse), &found.vectors.t());
    Ok((InitialInverseHessian::Dense(PackedSymmetric::symmetric_part(h0.view())).into(), n as u64))
}

fn low_rank(pilot: &Pilot, pairs: Vec<Pair>) -> Result<Charged, Error> {
    let gamma = last_pair(pilot)?.gamma();
    Ok((InitialInverseHessian::LowRank(LowRank { gamma, pairs }).into(), pilot.evaluations))
}

fn last_pair(pilot: &Pilot) -> Result<&Pair, Error> {
    let none =
        if pilot.has_curvature { Error::PairsNotKept } else { Error::NoPairs { evaluations: pilot.evaluations } };
    pilot.pairs.last().ok_or(none)
}
