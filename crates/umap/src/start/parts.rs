//! The connected components of a graph, laid out and placed separately.

use ndarray::{Array2, Axis};
use rand::{Rng, RngExt};
use rayon::prelude::*;

use super::connected::{Placed, embed};
use super::{Input, Start, scaled_with_noise};
use crate::{Error, Stream};

/// The connected components of the graph.
pub(super) struct Parts {
    /// Component of each point.
    labels: Vec<u32>,
    /// Sizes of the components, largest first.
    pub(super) sizes: Vec<usize>,
}

impl Parts {
    pub(super) fn of(input: &Input<'_>) -> Self {
        let (labels, sizes) = input.graph.components();
        Self { labels, sizes }
    }

    /// The mean of the data of each component, shape (components, p).
    pub(super) fn means(&self, input: &Input<'_>) -> Option<Array2<f64>> {
        let data = input.data?;
        let mut means = Array2::<f64>::zeros((self.sizes.len(), data.ncols()));
        for (row, &label) in data.rows().into_iter().zip(&self.labels) {
            means.row_mut(label as usize).zip_mut_with(&row, |sum, &x| *sum += f64::from(x));
        }
        for (mut mean, &size) in means.rows_mut().into_iter().zip(&self.sizes) {
            mean /= size as f64;
        }
        Some(means)
    }

    /// Lays out every component at its position, within half the distance to the nearest other one.
    pub(super) fn place(&self, input: &Input<'_>, places: &Array2<f64>, rng: &mut impl Rng) -> Result<Start, Error> {
        let extent = places.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        // Coinciding positions are separated: on the scale of the others, or at random if all coincide.
        let scale = if extent > 0.0 { extent * 1e-3 } else { 1.0 };
        let coincide = |places: &Array2<f64>| (0..places.nrows()).any(|i| nearest(places, i) < 1e-9 * scale);
        let moved =
            if coincide(places) { places.mapv(|x| x + scale * rng.random_range(-1.0..1.0)) } else { places.clone() };
        let mut members = vec![Vec::new(); self.sizes.len()];
        for (point, &label) in self.labels.iter().enumerate() {
            members[label as usize].push(point as u32);
        }
        // Each component has its own random stream, so that threads may process them in any order.
        let streams: Vec<Stream> = (0..members.len()).map(|_| Stream::new(rng.next_u64(), 0)).collect();
        let own: Vec<Result<Placed, Error>> = members
            .par_iter()
            .zip(streams)
            .map(|(points, mut stream)| embed(&input.graph.among(points), input.dim, self.sizes.clone(), &mut stream))
            .collect();
        let mut whole = Array2::zeros((input.len(), input.dim));
        let mut multiply_adds = 0;
        let mut health = None;
        for (label, (points, own)) in members.iter().zip(own).enumerate() {
            let mut own = own?;
            let centre = own.coordinates.mean_axis(Axis(0)).unwrap_or_default();
            own.coordinates -= &centre;
            let radii = own.coordinates.rows().into_iter().map(|row| row.dot(&row));
            let largest = radii.fold(0.0, f64::max).sqrt();
            let factor = if largest > 0.0 { nearest(&moved, label) / 2.0 / largest } else { 0.0 };
            for (&point, row) in points.iter().zip(own.coordinates.rows()) {
                let mut to = whole.row_mut(point as usize);
                to.assign(&moved.row(label));
                to.scaled_add(factor, &row);
            }
            multiply_adds += own.multiply_adds;
            // The largest component comes first.
            health.get_or_insert(own.health);
        }
        Ok(Start { layout: scaled_with_noise(&whole, rng), multiply_adds, health })
    }
}

/// The distance to the nearest other position.
fn nearest(places: &Array2<f64>, i: usize) -> f64 {
    let others = places.rows().into_iter().enumerate().filter(|(j, _)| *j != i);
    let squares = others.map(|(_, other)| (&places.row(i) - &other).mapv(|d| d * d).sum());
    squares.fold(f64::INFINITY, f64::min).sqrt()
}
