//! Starts: first layouts, each a plain function of an [`Input`] and a random generator.
//!
//! All of them fit [`Umap::fit`](crate::Umap::fit) as they stand, and so does any function of the same form. Coordinates
//! keep their aspect ratio: one factor scales all axes (umap-learn stretches every axis to [0, 10]).

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

/// What a start is made from.
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
    /// The data, or an error that names who wanted them.
    pub(crate) fn data_for(&self, what: &'static str) -> Result<ArrayView2<'a, f32>, Error> {
        self.data.ok_or(Error::NeedsData { what })
    }

    fn len(&self) -> usize {
        self.graph.len()
    }
}

/// A first layout and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Coordinates, shape (n, dim).
    pub layout: Array2<f32>,
    /// What making it cost, in multiplications with an addition: products with matrices, counted; a dense
    /// eigendecomposition of size m is taken as 9 m³ (Golub & Van Loan, "Matrix Computations", section 8.3).
    pub multiply_adds: u64,
    /// How far the eigenvectors can be trusted, for starts that are made of eigenvectors of the graph.
    pub health: Option<Health>,
}

impl Start {
    fn free(layout: Array2<f32>) -> Self {
        Self { layout, multiply_adds: 0, health: None }
    }
}

/// Any layout of one's own as a start, taken as it is.
///
/// The start's errors: another shape than (n, dim), entries that are not finite.
pub fn given<R: Rng>(layout: Array2<f32>) -> impl FnOnce(&Input<'_>, &mut R) -> Result<Start, Error> {
    move |input, _| {
        error::shape("the given layout", layout.dim(), (input.len(), input.dim))?;
        error::table("the given layout", &layout.view())?;
        Ok(Start::free(layout))
    }
}

/// Largest coordinate of a scaled start, and the noise put on it, as in umap-learn (`noisy_scale_coords`).
const LARGEST: f64 = 10.0;
const NOISE: f32 = 1e-4;

/// Scales all axes by one factor such that the largest coordinate is 10, and adds normal noise of deviation 1e-4, which
/// sets points apart that coincide. A layout without extent stays at the origin, but for the noise.
fn scaled_with_noise(coordinates: &Array2<f64>, rng: &mut impl Rng) -> Array2<f32> {
    let largest = coordinates.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    let factor = if largest > 0.0 { LARGEST / largest } else { 0.0 };
    coordinates.mapv(|x| (x * factor) as f32 + NOISE * rng.sample::<f32, _>(StandardNormal))
}
