//! The starts that are compared: each a function that answers a [`Start`] and what it cost, in evaluations.
//!
//! They differ in how much of a pilot run's curvature they pass on: nothing, one number, a few pairs, the whole matrix.

mod pilot;

use headstart_simd::Portable;
use ndarray::Array2;

use crate::Error;
use crate::h0::{InitialInverseHessian, Start};
use crate::low_rank::LowRank;
use crate::packed::PackedSymmetric;
use crate::pair::Pair;
use crate::problem::Instance;
pub use pilot::Pilot;

/// A start and the evaluations spent on making it.
pub type Charged = (Start, u64);

/// How many pairs the low-rank starts keep.
const KEPT_PAIRS: usize = 10;

/// Eigenvalues of the exact Hessian are taken as at least this fraction of the largest: a cluster of atoms can be moved
/// and turned freely, and along those six directions the Hessian is zero.
const LEAST_EIGENVALUE: f64 = 1e-10;

/// H0 = I with a first trial step of length 1 at most (Nocedal & Wright, p. 142): the baseline.
pub fn identity() -> Charged {
    let h0 = InitialInverseHessian::Scaled(1.0);
    (Start { h0, rescale_after_first_step: false, first_step_at_most: Some(1.0) }, 0)
}

/// As [`identity`], but I is multiplied by s'y / y'y after the first step (Nocedal & Wright, 6.20).
pub fn nocedal_wright() -> Charged {
    let (start, cost) = identity();
    (Start { rescale_after_first_step: true, ..start }, cost)
}

/// H0 = gamma I with gamma = s'y / y'y of the pilot's last pair: the control, one number of the pilot's curvature.
pub fn pilot_scalar(pilot: &Pilot) -> Result<Charged, Error> {
    let gamma = last_pair(pilot)?.gamma();
    Ok((InitialInverseHessian::Scaled(gamma).into(), pilot.evaluations))
}

/// H0 = gamma I with the geometric mean of |s| / |y| over all pairs of the pilot.
///
/// |s| / |y| is itself the geometric mean of the two scales that fit a pair, s'y / y'y and s's / s'y.
pub fn pilot_scalar_geomean(pilot: &Pilot) -> Result<Charged, Error> {
    last_pair(pilot)?;
    let sum: f64 = pilot.pairs.iter().map(|pair| pair.mean_gamma().portable_ln()).sum();
    let gamma = (sum / pilot.pairs.len() as f64).portable_exp();
    Ok((InitialInverseHessian::Scaled(gamma).into(), pilot.evaluations))
}

/// H0 from the scalar and the last 10 pairs of the pilot (Morales & Nocedal 2000 keep such pairs as a preconditioner).
pub fn pilot_last_10(pilot: &Pilot) -> Result<Charged, Error> {
    let first = pilot.pairs.len().saturating_sub(KEPT_PAIRS);
    low_rank(pilot, pilot.pairs[first..].to_vec())
}

/// H0 from the scalar and 10 pairs spread evenly over the pilot, the first and the last among them.
pub fn pilot_spread_10(pilot: &Pilot) -> Result<Charged, Error> {
    let last = pilot.pairs.len().saturating_sub(1);
    let mut picked: Vec<usize> =
        (0..KEPT_PAIRS).map(|k| (k * last + (KEPT_PAIRS - 1) / 2) / (KEPT_PAIRS - 1)).collect();
    picked.dedup();
    low_rank(pilot, picked.into_iter().filter_map(|k| pilot.pairs.get(k).cloned()).collect())
}

/// H0 is the inverse Hessian at the pilot's end, all of it (after L-BFGS: all that its memory held).
pub fn pilot_full(pilot: &Pilot) -> Result<Charged, Error> {
    last_pair(pilot)?;
    Ok((pilot.inverse_hessian.clone().into(), pilot.evaluations))
}

/// The same start with its first trial step no longer than the longest step of the pilot.
pub fn capped(start: Start, pilot: &Pilot) -> Start {
    let length = start.first_step_at_most.map_or(pilot.longest_step, |length| length.min(pilot.longest_step));
    // A pilot without a step knows no length.
    if length > 0.0 { Start { first_step_at_most: Some(length), ..start } } else { start }
}

/// H0 is the exact inverse Hessian at x0, its eigenvalues made positive: |λ|, and at least 1e-10 of the largest.
///
/// The charge is n evaluations: what the Hessian costs by differences of gradients, the gradient at x0 itself being the
/// run's own first one. (A formula for the Hessian may be cheaper; a black box has none.)
pub fn oracle(instance: &Instance) -> Result<Charged, Error> {
    let n = instance.x0.len();
    let found = headstart_linalg::eigh(instance.hessian(&instance.x0)?.view())?;
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
    pilot.pairs.last().ok_or(Error::NoPairs { evaluations: pilot.evaluations })
}
