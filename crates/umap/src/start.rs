//! Starts: initial layouts, each made by a plain function of an [`Input`] and a random generator.
//!
//! Pass them to [`Umap::fit`](crate::Umap::fit), or pass any function of the same form. Coordinates keep their aspect
//! ratio: one factor scales all axes (umap-learn stretches every axis to [0, 10]).

mod components;
mod connected;
mod diffusion;
mod eigen;
mod health;
mod parts;
mod pca;
mod random;
mod spectral;

use ndarray::{Array2, ArrayView2};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

pub use components::spectral_components;
pub use diffusion::{diffusion_map, laplacian_noise};
pub use eigen::{Modes, modes};
pub use health::{Eigensolver, Fallback, Health};
pub use pca::{pca, pca_of_shuffled_features, pca_small};
pub use random::{random, random_small};
pub use spectral::spectral;

use crate::{Error, Graph, error};

/// Input of a start.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The data, shape (n, p), unless only a neighbour graph was given.
    pub data: Option<ArrayView2<'a, f32>>,
    /// The fuzzy graph without edges too weak to be drawn ([`Graph::pruned`]).
    pub graph: &'a Graph,
    /// Columns of the layout.
    pub dim: usize,
}

impl<'a> Input<'a> {
    /// Returns the data, or an error that `what` needs them.
    pub(crate) fn data_for(&self, what: &'static str) -> Result<ArrayView2<'a, f32>, Error> {
        self.data.ok_or(Error::NeedsData { what })
    }

    fn len(&self) -> usize {
        self.graph.len()
    }
}

/// An initial layout with its cost and its health.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Coordinates, shape (n, dim).
    pub layout: Array2<f32>,
    /// Cost in multiply-adds. Products with matrices are counted; a dense eigendecomposition of size m counts as 9 m³
    /// (Golub & Van Loan, "Matrix Computations", section 8.3).
    pub multiply_adds: u64,
    /// Reliability of the eigenvectors, for starts made of eigenvectors of the graph.
    pub health: Option<Health>,
}

impl Start {
    fn free(layout: Array2<f32>) -> Self {
        Self { layout, multiply_adds: 0, health: None }
    }
}

/// Returns a start from a given layout, which is used unchanged.
///
/// Errors of the start: a shape other than (n, dim), entries that are not finite.
pub fn given<R: Rng>(layout: Array2<f32>) -> impl FnOnce(&Input<'_>, &mut R) -> Result<Start, Error> {
    move |input, _| {
        error::shape("the given layout", layout.dim(), (input.len(), input.dim))?;
        error::table("the given layout", &layout.view())?;
        Ok(Start::free(layout))
    }
}

/// Largest coordinate of a scaled start, and its noise, as in umap-learn (`noisy_scale_coords`).
const LARGEST: f64 = 10.0;
const NOISE: f32 = 1e-4;

/// Scales all axes by one factor so that the largest coordinate is 10, and adds normal noise of standard deviation
/// 1e-4, which separates coinciding points. A layout of zero extent becomes noise around the origin.
fn scaled_with_noise(coordinates: &Array2<f64>, rng: &mut impl Rng) -> Array2<f32> {
    let largest = coordinates.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let factor = if largest > 0.0 { LARGEST / largest } else { 0.0 };
    coordinates.mapv(|x| (x * factor) as f32 + NOISE * rng.sample::<f32, _>(StandardNormal))
}
