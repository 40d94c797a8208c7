//! The iteration, a step at a time.

use std::ops::ControlFlow;

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::{KMeans, KMeansInit};
use ndarray::Array2;
use rand::Rng;

use crate::generator::Borrowed;
use crate::problem::squared;
use crate::{Error, Result, Task};

/// Centres that move by less than this, in all, stay.
const STILL: f64 = 1e-8;

/// Iterates until the centres stay, or until the observer breaks off; it is told the distances computed so far (points
/// times clusters an iteration) and the inertia of the centres that they were computed for. Returns the last centres.
///
/// The step is linfa's, which takes the old centre for one more point of its cluster (no cluster can run empty); it has
/// the fixed points of Lloyd 1982.
pub fn lloyd(
    task: &Task,
    mut centres: Array2<f64>,
    mut observe: impl FnMut(f64, f64) -> ControlFlow<()>,
) -> Result<Array2<f64>> {
    let (given, expected) = (centres.dim(), (task.clusters, task.points.ncols()));
    if given != expected {
        return Err(Error::Shape { given, expected });
    }
    let mut work = 0.0;
    loop {
        // Nothing is drawn from given centres.
        let (moved, inertia) = step(task, KMeansInit::Precomputed(centres.clone()), &mut ZeroRng)?;
        work += task.per_iteration();
        let distance: f64 = moved.rows().into_iter().zip(centres.rows()).map(|(a, b)| squared(a, b)).sum();
        centres = moved;
        if observe(work, inertia).is_break() || distance.sqrt() < STILL {
            return Ok(centres);
        }
    }
}

/// One iteration of linfa's from its or given centres: the centres after it, and the inertia of those before.
pub(crate) fn step(task: &Task, begin: KMeansInit<f64>, rng: &mut (impl Rng + Send)) -> Result<(Array2<f64>, f64)> {
    let parameters = KMeans::params_with_rng(task.clusters, Borrowed::new(rng)).init_method(begin);
    let model = parameters.n_runs(1).max_n_iterations(1).fit(&DatasetBase::from(task.points.view()))?;
    Ok((model.centroids().clone(), model.inertia()))
}

/// Returns zeros: the step that it is passed to draws no random numbers.
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
