//! Starting states. Every start is a plain function that returns a state and its cost.
//!
//! For electrons the [`Integrals`](crate::Integrals) must be in the order of the sites. All sites of a state are of one
//! kind, [`Site::Fermion`](crate::Site) or [`Site::Spin`](crate::Site).

mod configuration;
mod lattice;
mod low_bond;
mod warm_up;

use rand::Rng;
use serde::Serialize;

use crate::ci::Determinant;
use crate::{Charge, Error, Mps, Options, Site, Stage, Truncation};

pub use configuration::{
    Interaction, cas, cisd, cisd_with_random, deas, deas_in_order, deas_unit, first_order, shuffled,
};
pub use lattice::{dimers, domain_wall, neel, random_product};
pub use low_bond::low_bond;
pub use warm_up::{deas_warm_up, warm_up};

/// A starting state with its noise schedule and its cost.
#[derive(Clone, Debug, Serialize)]
pub struct Start {
    /// The state from which the sweeps begin.
    pub state: Mps,
    /// Noise of the first half-sweeps, one entry per half-sweep; 0 afterwards.
    pub noise: Vec<f64>,
    /// Largest bond dimension of the first half-sweeps, one entry per half-sweep; the run's afterwards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ramp: Vec<usize>,
    /// Another order of the orbitals along the chain than the problem's, if the start has one: site p takes orbital
    /// `order[p]`. The state is in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<usize>,
    /// Cost in the solver's unit of work, multiply-adds / 1e6.
    #[serde(skip)]
    pub work: f64,
}

/// Bond dimension of [`random_small`].
const SMALL: usize = 4;
/// The schedule of [`Start::with_noise`]: strong enough to open sectors, and zero once the state settles (White 2005).
const NOISE: [f64; 6] = [1e-4, 1e-4, 1e-5, 1e-5, 1e-6, 1e-6];

/// The steps of [`Start::with_ramp`], as divisors of the run's bond dimension.
const RAMP: [usize; 6] = [4, 4, 4, 2, 2, 2];

/// Weight below which states of a bond are always discarded, as in block2.
const SMALLEST: f64 = 1e-20;

impl Start {
    /// Creates a start of zero cost and without noise.
    pub fn free(state: Mps) -> Self {
        Self { state, noise: Vec::new(), ramp: Vec::new(), order: Vec::new(), work: 0.0 }
    }

    /// Adds noise to the first six half-sweeps.
    #[must_use]
    pub fn with_noise(self) -> Self {
        Self { noise: NOISE.to_vec(), ..self }
    }

    /// Raises the bond dimension in steps, with noise: three half-sweeps at a quarter of the run's, three at a half of it.
    #[must_use]
    pub fn with_ramp(self, bond_dimension: usize) -> Self {
        let ramp = RAMP.iter().map(|part| (bond_dimension / part).max(1)).collect();
        Self { noise: NOISE.to_vec(), ramp, ..self }
    }

    /// Returns the options of a run from this start: first its schedule of noise and bond dimensions, then half-sweeps
    /// without noise at the run's bond dimension, `half_sweeps` in total.
    pub fn options(&self, half_sweeps: usize, bond_dimension: usize, energy_tolerance: f64) -> Options {
        // The truncation decides which sectors stay within reach: a weight of 1e-9 can grow, a discarded one cannot.
        let truncation = Truncation { bond_dimension, weight: SMALLEST };
        let stage = Stage { truncation, ..Stage::new(1, bond_dimension) };
        let mut schedule: Vec<Stage> = self.noise.iter().map(|noise| stage.with_noise(*noise)).collect();
        for (stage, width) in schedule.iter_mut().zip(&self.ramp) {
            stage.truncation.bond_dimension = *width;
        }
        schedule.truncate(half_sweeps);
        let rest = half_sweeps - schedule.len();
        if rest > 0 {
            schedule.push(Stage { half_sweeps: rest, ..stage });
        }
        Options { schedule, energy_tolerance }
    }
}

/// Returns a random state of the run's bond dimension.
pub fn random(sites: &[Site], charge: Charge, bond_dimension: usize, rng: &mut impl Rng) -> Result<Start, Error> {
    Ok(Start::free(Mps::random(sites, charge, bond_dimension, rng)?))
}

/// Returns a random state of bond dimension 4.
pub fn random_small(sites: &[Site], charge: Charge, rng: &mut impl Rng) -> Result<Start, Error> {
    random(sites, charge, SMALL, rng)
}

/// Returns one determinant. It is the Hartree-Fock state if the orbitals are canonical.
pub fn determinant(orbitals: usize, reference: Determinant) -> Result<Start, Error> {
    Ok(Start::free(Mps::product(&vec![Site::Fermion; orbitals], &reference.sites(orbitals))?))
}
