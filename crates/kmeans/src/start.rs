//! The starts: initial centres. linfa returns centres only after one iteration, so every start here, including
//! [`furthest_first`], includes one iteration and its distances.

use linfa_clustering::KMeansInit;
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};

use crate::problem::squared;
use crate::solver::step;
use crate::{Result, Task};

/// Initial centres and the number of distances that were computed for them.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "harness", derive(serde::Serialize))]
pub struct Seeding {
    /// The centres, one row per cluster.
    pub centres: Array2<f64>,
    /// Number of distances computed between a point and a centre.
    #[cfg_attr(feature = "harness", serde(skip))]
    pub distances: f64,
}

/// Draws points without replacement (Forgy 1965).
pub fn random(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    begin(task, KMeansInit::Random, 0.0, rng)
}

/// Seeds by k-means++: each next centre is a point drawn with probability proportional to its squared distance to the
/// nearest centre so far (Arthur and Vassilvitskii 2007). The cost is that of linfa, which computes the distances to
/// all centres so far for each new one.
pub fn plus_plus(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    let (n, k) = (task.points.nrows() as f64, task.clusters as f64);
    begin(task, KMeansInit::KMeansPlusPlus, n * k * (k - 1.0) / 2.0, rng)
}

/// Seeds by k-means||: eight rounds, each of which draws about `clusters` points at once by their squared distance,
/// then k-means++ among the drawn points (Bahmani et al. 2012). The cost is the expected one, because linfa does not
/// report the number of drawn points.
pub fn parallel(task: &Task, rng: &mut (impl Rng + Send)) -> Result<Seeding> {
    const ROUNDS: f64 = 8.0;
    let (n, k) = (task.points.nrows() as f64, task.clusters as f64);
    let rounds = n * k * ROUNDS * (ROUNDS - 1.0) / 2.0;
    let among = ROUNDS * k * k * (k - 1.0) / 2.0;
    // linfa seeds a generator in every thread: a seed determines the result only with one thread.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    alone.install(|| begin(task, KMeansInit::KMeansPara, rounds + n * k * ROUNDS + among, rng))
}

/// Takes as each next centre the point furthest from all centres so far (Gonzalez 1985). The first is random.
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
