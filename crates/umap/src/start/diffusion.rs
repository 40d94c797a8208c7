//! Variants of the spectral start.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};
use rand::{Rng, RngExt};

use super::connected::embed;
use super::{Input, Start, scaled_with_noise};
use crate::{Error, Graph};

/// Returns the diffusion map after one step (R. R. Coifman & S. Lafon, Appl. Comput. Harmon. Anal. 21 (2006) 5). The
/// graph is normalised by its density, `W_ij / (d_i d_j)` (their alpha = 1), and the coordinates are (1 - l) v /
/// sqrt(degree) for the lowest eigenpairs (l, v) of its normalised Laplacian.
///
/// The map is undefined for a graph with several components. These are laid out as by
/// [`spectral_components`](super::spectral_components), and the health lists them.
pub fn diffusion_map<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let (_, sizes) = input.graph.components();
    if sizes.len() > 1 || sizes[0] <= input.dim + 2 {
        return super::spectral_components(input, rng);
    }
    let degrees = input.graph.degrees();
    let rows: Vec<Vec<(u32, f32)>> = (0..input.len())
        .map(|row| {
            // In units of the mean degree, so that the weights fit single precision.
            let scale = (degrees.iter().sum::<f64>() / degrees.len() as f64).powi(2);
            let divided = |(column, weight): (u32, f32)| {
                let weight = f64::from(weight) * scale / (degrees[row] * degrees[column as usize]);
                (column, weight as f32)
            };
            input.graph.row(row).map(divided).collect()
        })
        .collect();
    let even = Graph::from_sorted_rows(&rows);
    let own = embed(&even, input.dim, sizes, rng)?;
    let roots: Vec<f64> = even.degrees().iter().map(|degree| degree.sqrt()).collect();
    // Without eigenvectors the points are random and stay as they are.
    let step = |axis: usize| own.health.eigenvalues.get(axis).map_or(1.0, |value| 1.0 - value);
    let map =
        Array2::from_shape_fn(own.coordinates.dim(), |(i, axis)| step(axis) * own.coordinates[[i, axis]] / roots[i]);
    Ok(Start { layout: scaled_with_noise(&map, rng), multiply_adds: own.multiply_adds, health: Some(own.health) })
}

/// Weight of a random edge of [`laplacian_noise`], in units of the largest weight.
const WEIGHT: f32 = 0.01;

/// Returns the spectral start of the graph with one weak edge added per point, to a random point. It shows how much of
/// the start survives small errors of the graph.
pub fn laplacian_noise<R: Rng>(input: &Input<'_>, rng: &mut R) -> Result<Start, Error> {
    let n = input.len();
    let mut rows: Vec<BTreeMap<u32, f32>> = (0..n).map(|row| input.graph.row(row).collect()).collect();
    let weight = WEIGHT * input.graph.largest();
    for point in 0..n {
        let other = rng.random_range(0..n);
        if other != point {
            *rows[point].entry(other as u32).or_insert(0.0) += weight;
            *rows[other].entry(point as u32).or_insert(0.0) += weight;
        }
    }
    let rows: Vec<Vec<(u32, f32)>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
    let noisy = Graph::from_sorted_rows(&rows);
    super::spectral(&Input { data: input.data.map(ArrayView2::reborrow), graph: &noisy, dim: input.dim }, rng)
}
