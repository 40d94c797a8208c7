//! The starts as the harness calls them. Each is charged for its multiply-adds.

use std::time::Instant;

use headstart_domain::{Result as Made, Role, Setup, Start as DomainStart, Stream};
use ndarray::Array2;
use serde::Serialize;

use super::{Cloud, UmapDomain};
use crate::start::{self, Health, Input, Start};

/// The function that makes a start, for the points of a trial and again for the second sample.
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
        "lowest eigenvectors of the graph's normalised Laplacian (Belkin and Niyogi 2003), the default of umap-learn; \
         connected components are placed as in umap-learn",
        |cloud, setup| begin(cloud, setup, start::spectral),
    ),
    DomainStart::new(
        "spectral-components",
        "spectral layouts of the connected components, placed by the principal components of their means",
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
    DomainStart::new("random", "uniform over +-10, the random start of umap-learn", |cloud, setup| {
        begin(cloud, setup, start::random)
    }),
    DomainStart::new(
        "random-small",
        "normal with standard deviation 1e-4, the common random start of t-SNE",
        |cloud, setup| begin(cloud, setup, start::random_small),
    ),
    DomainStart::new(
        "diffusion-map",
        "diffusion map: eigenvectors of the graph normalised by its density (Coifman and Lafon 2006, alpha = 1)",
        |cloud, setup| begin(cloud, setup, start::diffusion_map),
    ),
    DomainStart::new(
        "laplacian-noise",
        "control: spectral start of the graph with one weak random edge added per point",
        |cloud, setup| begin(cloud, setup, start::laplacian_noise),
    )
    .role(Role::Control),
    DomainStart::new(
        "pca-of-shuffled-features",
        "control: principal components after shuffling every feature separately, which keeps only the variances",
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
