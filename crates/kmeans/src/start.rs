//! Where the centres begin. linfa hands out centres after a first iteration only, so every start here has made one, the
//! centres of this file too; its distances are part of the cost.

use linfa_clustering::KMeansInit;
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};

use crate::problem::squared;
use crate::solver::step;
use crate::{Result, Task};

/// Seeding and the distances that it took to find them.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "harness", derive(serde::Serialize))]
pub struct Seeding {
    /// One row a cluster.
    pub centres: Array2<f64>,
    /// Distances between a point and a centre that were computed.
    #[cfg_attr(feature = "harness", serde(skip))]
    pub distances: f64,
}

/// Points drawn without replacement (Forgy 1965).
pub fn random(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    begin(task, KMeansInit::Random, 0.0, rng)
}

/// k-means++: each next centre is a point drawn by its squared distance to the nearest so far (Arthur and Vassilvitskii
/// 2007). The cost is linfa's, which computes the distances to all centres so far for each new one.
pub fn plus_plus(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    let (n, k) = (task.points.nrows() as f64, task.clusters as f64);
    begin(task, KMeansInit::KMeansPlusPlus, n * k * (k - 1.0) / 2.0, rng)
}

/// k-means||: eight rounds that each draw some `clusters` points at once by their squared distance, then k-means++ among
/// those (Bahmani et al. 2012). The cost is the expected one: the library does not say how many it drew.
pub fn parallel(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    const ROUNDS: f64 = 8.0;
    let (n, k) = (task.points.nrows() as f64, task.clusters as f64);
    let rounds = n * k * ROUNDS * (ROUNDS - 1.0) / 2.0;
    let among = ROUNDS * k * k * (k - 1.0) / 2.0;
    // linfa seeds a generator in every thread: only with one thread does a seed tell the result.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    alone.install(|| begin(task, KMeansInit::KMeansPara, rounds + n * k * ROUNDS + among, rng))
}

/// Each next centre is the point that is furthest from all so far (Gonzalez 1985); the first is drawn.
pub fn furthest_first(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    let points = &task.points;
    let mut chosen = vec![rng.random_range(0..points.nrows())];
    let mut nearest = Array1::from_elem(points.nrows(), f64::INFINITY);
    while chosen.len() < task.clusters {
        let last = points.row(chosen[chosen.len() - 1]);
        nearest.iter_mut().zip(points.rows()).for_each(|(d, point)| *d = d.min(squared(point, last)));
        let furthest = nearest.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
        chosen.push(furthest);
    }
    let distances = (points.nrows() * (task.clusters - 1)) as f64;
    begin(task, KMeansInit::Precomputed(points.select(Axis(0), &chosen)), distances, rng)
}

fn begin(task: &Task, init: KMeansInit<f64>, distances: f64, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    let (centres, _) = step(task, init, rng)?;
    Ok(Seeding { centres, distances: distances + task.per_iteration() })
}
