//! Lloyd's iteration, one step at a time.

use std::ops::ControlFlow;

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::{Array2, Axis};
use rand::Rng;

use crate::generator::Borrowed;
use crate::problem::squared;
use crate::{Error, Result, Task};

/// The iteration has converged when all centres together move by less than this share of the points' standard deviation (the
/// root of the mean variance of the columns, the scale of the tolerance of scikit-learn).
const STILL: f64 = 1e-8;
/// Centres of points far from the origin move by rounding errors of this share of the largest coordinate.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// Iterates until the centres converge, or until the observer returns `Break`, and returns the last centres. After each
/// iteration the observer gets the distances computed so far (points times clusters per iteration) and the inertia of
/// the centres before that iteration.
///
/// The step is that of linfa, which adds the old centre to the points of its cluster, so that no cluster becomes empty.
/// Its fixed points are those of Lloyd 1982.
pub fn lloyd(
    task: &Task,
    mut centres: Array2<f64>,
    mut observe: impl FnMut(f64, f64) -> ControlFlow<()>,
) -> Result<Array2<f64>> {
    let (given, expected) = (centres.dim(), (task.clusters, task.points.ncols()));
    if given != expected {
        return Err(Error::Shape { given, expected });
    }
    let deviation = task.points.var_axis(Axis(0), 0.0).mean().unwrap_or(0.0).sqrt();
    let largest = task.points.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let still = (STILL * deviation).max(ROUNDING * largest);
    let mut work = 0.0;
    loop {
        // With given centres linfa draws no random numbers.
        let (moved, inertia) = step(task, KMeansInit::Precomputed(centres.clone()), &mut ZeroRng)?;
        work += task.per_iteration();
        let distance: f64 = moved.rows().into_iter().zip(centres.rows()).map(|(a, b)| squared(a, b)).sum();
        centres = moved;
        if observe(work, inertia).is_break() || distance.sqrt() <= still {
            return Ok(centres);
        }
    }
}

/// Runs one iteration of linfa. Returns the new centres and the inertia of the old ones.
pub(crate) fn step(task: &Task, begin: KMeansInit<f64>, rng: &mut (impl Rng + Send)) -> Result<(Array2<f64>, f64)> {
    let parameters = KMeans::params_with_rng(task.clusters, Borrowed::new(rng)).init_method(begin);
    let model = parameters.n_runs(1).max_n_iterations(1).fit(&DatasetBase::from(task.points.view()))?;
    Ok((model.centroids().clone(), model.inertia()))
}

/// Always returns zero. It is passed to steps that draw no random numbers.
struct ZeroRng;

impl rand::TryRng for ZeroRng {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Self::Error> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Self::Error> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> std::result::Result<(), Self::Error> {
        bytes.fill(0);
        Ok(())
    }
}
