//! Where a run may begin. Every start is a plain function that returns a state and what it cost.
//!
//! Electrons need their [`Integrals`](crate::Integrals) in the order of the sites; a state of the whole crate is one of
//! [`Site::Fermion`](crate::Site) or [`Site::Spin`](crate::Site) sites.

mod configuration;
mod lattice;
mod low_bond;

use rand::Rng;
use serde::Serialize;

use crate::ci::Determinant;
use crate::{Charge, Error, Mps, Options, Site, Stage, Truncation};

pub use configuration::{Interaction, cas, cisd, cisd_with_random, deas, deas_unit, shuffled};
pub use lattice::{dimers, domain_wall, neel, random_product};
pub use low_bond::low_bond;

/// A state with what belongs to it.
#[derive(Clone, Debug, Serialize)]
pub struct Start {
    /// Where the sweeps begin.
    pub state: Mps,
    /// Noise of the first half-sweeps, one each; none afterwards.
    pub noise: Vec<f64>,
    /// What it cost, in the unit of the solver: multiply-adds / 1e6.
    #[serde(skip)]
    pub work: f64,
}

/// Bond dimension of [`random_small`].
const SMALL: usize = 4;
/// The schedule of [`Start::with_noise`]: strong enough to open sectors, gone when the state settles (White 2005).
const NOISE: [f64; 6] = [1e-4, 1e-4, 1e-5, 1e-5, 1e-6, 1e-6];

/// Weight below which states of a bond are cut whatever the bond dimension, as block2 does.
const SMALLEST: f64 = 1e-20;

impl Start {
    /// A state that cost nothing.
    pub fn free(state: Mps) -> Self {
        Self { state, noise: Vec::new(), work: 0.0 }
    }

    /// With noise in the first six half-sweeps.
    #[must_use]
    pub fn with_noise(self) -> Self {
        Self { noise: NOISE.to_vec(), ..self }
    }

    /// The options of a run from here: the noise that belongs to the state, then half-sweeps without, up to so many.
    pub fn options(&self, half_sweeps: usize, bond_dimension: usize, energy_tolerance: f64) -> Options {
        // What is cut decides which sectors a state keeps in reach: a seed of 1e-9 grows, one that was cut off is gone.
        let truncation = Truncation { bond_dimension, weight: SMALLEST };
        let stage = Stage { truncation, ..Stage::new(1, bond_dimension) };
        let mut schedule: Vec<Stage> = self.noise.iter().map(|noise| stage.with_noise(*noise)).collect();
        schedule.truncate(half_sweeps);
        let rest = half_sweeps - schedule.len();
        if rest > 0 {
            schedule.push(Stage { half_sweeps: rest, ..stage });
        }
        Options { schedule, energy_tolerance }
    }
}

/// A random state with bonds as wide as the run may have them.
pub fn random(sites: &[Site], charge: Charge, bond_dimension: usize, rng: &mut impl Rng) -> Result<Start, Error> {
    Ok(Start::free(Mps::random(sites, charge, bond_dimension, rng)?))
}

/// A random state of bond dimension 4.
pub fn random_small(sites: &[Site], charge: Charge, rng: &mut impl Rng) -> Result<Start, Error> {
    random(sites, charge, SMALL, rng)
}

/// One determinant: Hartree-Fock, where the orbitals are its own.
pub fn determinant(orbitals: usize, reference: Determinant) -> Result<Start, Error> {
    Ok(Start::free(Mps::product(&vec![Site::Fermion; orbitals], &reference.sites(orbitals))?))
}
