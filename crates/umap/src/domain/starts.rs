//! The starts, as the harness calls them: each is charged for the multiplications that it took.

use std::time::Instant;

use headstart_domain::{Result as Made, Role, Setup, Start as DomainStart, Stream};
use ndarray::Array2;
use serde::Serialize;

use super::{Cloud, UmapDomain};
use crate::start::{self, Health, Input, Start};

/// How a start is made: for the points of a trial, and again for their twin.
pub(super) type Make = fn(&Input<'_>, &mut Stream) -> Result<Start, crate::Error>;

/// The initial layout and how it was made.
#[derive(Serialize)]
pub struct InitialLayout {
    pub(super) layout: Array2<f32>,
    #[serde(skip)]
    pub(super) health: Option<Health>,
    #[serde(skip)]
    pub(super) make: Make,
    #[serde(skip)]
    pub(super) seconds: f64,
}

pub(super) const STARTS: &[DomainStart<UmapDomain>] = &[
    DomainStart::new(
        "spectral",
        "lowest eigenvectors of the graph's normalised Laplacian (Belkin and Niyogi 2003), umap-learn's default; parts of \
         a disconnected graph are placed as umap-learn does",
        |cloud, setup| begin(cloud, setup, start::spectral),
    ),
    DomainStart::new(
        "spectral-components",
        "spectral layouts of the parts of a disconnected graph, each at the principal components of the parts' means",
        |cloud, setup| begin(cloud, setup, start::spectral_components),
    ),
    DomainStart::new(
        "pca",
        "first two principal components, scaled to +-10 (Kobak and Linderman 2021)",
        |cloud, setup| begin(cloud, setup, start::pca),
    ),
    DomainStart::new(
        "pca-small",
        "first two principal components, scaled to a standard deviation of 1e-4 (Kobak and Berens 2019)",
        |cloud, setup| begin(cloud, setup, start::pca_small),
    ),
    DomainStart::new("random", "uniform over +-10, umap-learn's other start", |cloud, setup| {
        begin(cloud, setup, start::random)
    }),
    DomainStart::new(
        "random-small",
        "normal with standard deviation 1e-4, the usual start of t-SNE",
        |cloud, setup| begin(cloud, setup, start::random_small),
    ),
    DomainStart::new(
        "diffusion-map",
        "eigenvectors of the graph with its density divided out (Coifman and Lafon 2006, alpha = 1)",
        |cloud, setup| begin(cloud, setup, start::diffusion_map),
    ),
    DomainStart::new(
        "laplacian-noise",
        "spectral, from the graph with one weak random edge more for each point: what a wrong graph leaves of it",
        |cloud, setup| begin(cloud, setup, start::laplacian_noise),
    )
    .role(Role::Control),
    DomainStart::new(
        "pca-of-shuffled-features",
        "control: principal components after every feature was shuffled by itself, which keeps variances and nothing else",
        |cloud, setup| begin(cloud, setup, start::pca_of_shuffled_features),
    )
    .role(Role::Control),
];

fn begin(cloud: &Cloud, setup: &mut Setup, make: Make) -> Made<InitialLayout> {
    let clock = Instant::now();
    let made = make(&cloud.whole.input(), setup.stream())?;
    setup.charge(cloud.in_epochs(made.multiply_adds));
    Ok(InitialLayout { layout: made.layout, health: made.health, make, seconds: clock.elapsed().as_secs_f64() })
}
