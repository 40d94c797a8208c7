//! The distance rho to the nearest neighbour and the scale sigma beyond it, for every point.

use headstart_check::check;
use headstart_simd::Portable;
use ndarray::ArrayView1;
use rayon::prelude::*;

use crate::{Error, Neighbours};

/// Scales of the memberships of every point.
#[derive(Clone, Debug, PartialEq)]
pub struct Bandwidths {
    /// Distance up to which the membership is 1: that of the nearest neighbour at a nonzero distance.
    pub rho: Vec<f64>,
    /// Decay length beyond rho.
    pub sigma: Vec<f64>,
}

/// Number of bisections, and tolerance of the sum of memberships.
const BISECTIONS: usize = 64;
const TOLERANCE: f64 = 1e-5;
/// sigma is at least this times the mean distance of the row, or of all rows if all neighbours coincide with the point.
const LEAST_SCALE: f64 = 1e-3;

/// Computes rho and sigma such that the memberships of neighbours 1 to k - 1 sum to log2 k (`McInnes` et al. 2018,
/// algorithm 3; `smooth_knn_dist` of umap-learn).
///
/// `local_connectivity` is the number of neighbours with membership 1, 1 in umap-learn. Between integers rho is
/// interpolated.
///
/// Errors: a `local_connectivity` outside 0 to k - 1.
pub fn bandwidths(neighbours: &Neighbours, local_connectivity: f64) -> Result<Bandwidths, Error> {
    let holds = (0.0..=(neighbours.k() - 1) as f64).contains(&local_connectivity);
    let allowed = "from 0 to the number of neighbours minus 1";
    check(holds, "local_connectivity", local_connectivity, allowed)?;
    Ok(bandwidths_of(neighbours, local_connectivity))
}

pub(crate) fn bandwidths_of(neighbours: &Neighbours, local_connectivity: f64) -> Bandwidths {
    let distances = neighbours.distances();
    let mean = mean(distances.iter().copied(), distances.len());
    let target = (neighbours.k() as f64).portable_log2();
    let rows = (0..neighbours.len()).into_par_iter();
    let (rho, sigma) = rows
        .map(|row| {
            let distances = distances.row(row);
            let rho = nearest(distances, local_connectivity);
            let least = if rho > 0.0 { self::mean(distances.iter().copied(), distances.len()) } else { mean };
            (rho, scale(distances, rho, target).max(LEAST_SCALE * least))
        })
        .unzip();
    Bandwidths { rho, sigma }
}

fn mean(values: impl Iterator<Item = f32>, count: usize) -> f64 {
    values.map(f64::from).sum::<f64>() / count as f64
}

fn nearest(distances: ArrayView1<'_, f32>, local_connectivity: f64) -> f64 {
    let positive: Vec<f64> = distances.iter().filter(|&&d| d > 0.0).map(|&d| f64::from(d)).collect();
    let whole = local_connectivity.floor() as usize;
    let fraction = local_connectivity - whole as f64;
    if positive.is_empty() {
        0.0
    } else if (positive.len() as f64) < local_connectivity {
        positive[positive.len() - 1]
    } else if whole == 0 {
        fraction * positive[0]
    } else if fraction > TOLERANCE {
        positive[whole - 1] + fraction * (positive[whole] - positive[whole - 1])
    } else {
        positive[whole - 1]
    }
}

fn scale(distances: ArrayView1<'_, f32>, rho: f64, target: f64) -> f64 {
    let (mut low, mut high, mut sigma) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..BISECTIONS {
        let sum: f64 = distances
            .iter()
            .skip(1)
            .map(|&d| {
                let over = f64::from(d) - rho;
                if over > 0.0 { (-over / sigma).portable_exp() } else { 1.0 }
            })
            .sum();
        if (sum - target).abs() < TOLERANCE {
            break;
        }
        if sum > target {
            high = sigma;
        } else {
            low = sigma;
        }
        sigma = if high == f64::INFINITY { 2.0 * sigma } else { f64::midpoint(low, high) };
    }
    sigma
}
