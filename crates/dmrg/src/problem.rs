//! Hamiltonians with the bond dimension at which their ground state is looked for.

mod electrons;
mod spins;

use std::sync::Arc;

use serde::Serialize;

use crate::ci::Determinant;
use crate::{Charge, Error, Integrals, Mpo, OperatorSum, Site};

pub use electrons::{filled, hubbard, hubbard_momentum, hydrogens, reordered};
pub use spins::{heisenberg, majumdar_ghosh};

/// A chain and the run that is asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// What the chain is made of.
    pub system: System,
    /// Most states that a run keeps at a bond.
    pub bond_dimension: usize,
    /// Most half-sweeps of a run.
    #[serde(skip)]
    pub half_sweeps: usize,
    /// The energy of the ground state where it is known, whatever the bond dimension.
    #[serde(skip)]
    pub exact: Option<f64>,
    #[serde(skip)]
    hamiltonian: Arc<Mpo>,
    #[serde(skip)]
    charge: Charge,
}

/// What a chain is made of.
#[derive(Clone, Debug, Serialize)]
pub enum System {
    /// Electrons in orbitals, which are in the order of the sites.
    Electrons {
        /// Their Hamiltonian.
        integrals: Integrals,
        /// The determinant that a single one would be: Hartree-Fock's, or Néel's.
        reference: Determinant,
    },
    /// Spins 1/2 without magnetisation.
    Spins {
        /// Name of the model.
        name: String,
        /// How many there are.
        spins: usize,
    },
}

/// Half-sweeps after which a run is ended whatever it does.
const HALF_SWEEPS: usize = 60;

impl Model {
    /// Electrons in orbitals, one a site, with the determinant to begin from.
    ///
    /// Errors: a Hamiltonian that cannot be written as an operator of the chain.
    pub fn electrons(integrals: Integrals, reference: Determinant, bond_dimension: usize) -> Result<Self, Error> {
        let order: Vec<usize> = (0..integrals.orbitals()).collect();
        let hamiltonian = Arc::new(Mpo::from_integrals(&integrals, &order)?);
        let (alpha, beta) = (reference.alpha.count_ones().cast_signed(), reference.beta.count_ones().cast_signed());
        Ok(Self {
            hamiltonian,
            charge: Charge::new(alpha + beta, alpha - beta),
            system: System::Electrons { integrals, reference },
            bond_dimension,
            half_sweeps: HALF_SWEEPS,
            exact: None,
        })
    }

    /// Spins, as many up as down (one more up where odd).
    pub fn spins(name: &str, sum: &OperatorSum, bond_dimension: usize) -> Result<Self, Error> {
        let spins = sum.sites().len();
        Ok(Self {
            hamiltonian: Arc::new(Mpo::new(sum)?),
            charge: Charge::new(0, i32::from(spins % 2 == 1)),
            system: System::Spins { name: name.to_owned(), spins },
            bond_dimension,
            half_sweeps: HALF_SWEEPS,
            exact: None,
        })
    }

    /// With a ground state whose energy is known.
    #[must_use]
    pub fn with_exact(self, energy: f64) -> Self {
        Self { exact: Some(energy), ..self }
    }

    /// The Hamiltonian as an operator of the chain.
    pub fn hamiltonian(&self) -> &Mpo {
        &self.hamiltonian
    }

    /// The sites of the chain.
    pub fn sites(&self) -> &[Site] {
        self.hamiltonian.sites()
    }

    /// Particles and magnetisation of the state that is looked for.
    pub fn charge(&self) -> Charge {
        self.charge
    }
}
