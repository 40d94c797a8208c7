//! Problems: a Hamiltonian with the bond dimension for its ground state.

mod electrons;
mod spins;

use std::sync::Arc;

use serde::Serialize;

use crate::ci::{self, Determinant};
use crate::state::{PENALTY, Target};
use crate::{Charge, Error, Integrals, Mpo, OperatorSum, Site, order};

pub use electrons::{filled, hubbard, hubbard_momentum, hydrogens, reordered};
pub use spins::{heisenberg, majumdar_ghosh};

/// A chain and the settings of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// The particles of the chain.
    pub system: System,
    /// Largest bond dimension of a run.
    pub bond_dimension: usize,
    /// Most half-sweeps of a run.
    #[serde(skip)]
    pub half_sweeps: usize,
    /// The exact ground-state energy (at unlimited bond dimension), if known.
    #[serde(skip)]
    pub exact: Option<f64>,
    #[serde(skip)]
    hamiltonian: Arc<Mpo>,
    #[serde(skip)]
    charge: Charge,
    /// The state that every run is to find.
    #[serde(skip_serializing_if = "is_any")]
    pub target: Target,
    /// What a reader of the result must know about the model, such as the reference determinant.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// The order of the Fiedler vector of the exchange integrals, without the penalty of the spin.
    #[serde(skip)]
    fiedler: Vec<usize>,
    /// A neighbouring point of a potential curve, in corresponding orbitals.
    #[serde(skip)]
    neighbour: Option<Arc<Self>>,
}

fn is_any(target: &Target) -> bool {
    *target == Target::default()
}

/// The particles of a chain.
#[derive(Clone, Debug, Serialize)]
pub enum System {
    /// Electrons in orbitals, in the order of the sites.
    Electrons {
        /// Their Hamiltonian.
        integrals: Integrals,
        /// The determinant for a start from a single one: Hartree-Fock or Néel.
        reference: Determinant,
    },
    /// Spins 1/2 with the smallest magnetisation.
    Spins {
        /// Name of the model.
        name: String,
        /// Number of spins.
        spins: usize,
    },
}

/// Default of the most half-sweeps of a run.
const HALF_SWEEPS: usize = 60;

impl Model {
    /// Creates a model of electrons in orbitals, one per site, with a reference determinant.
    ///
    /// Errors: a Hamiltonian that cannot be written as an operator of the chain.
    pub fn electrons(integrals: Integrals, reference: Determinant, bond_dimension: usize) -> Result<Self, Error> {
        Self::electrons_in(Target::default(), integrals, reference, bond_dimension)
    }

    /// Creates a model of electrons whose runs are to find one state. Every other spin and irreducible representation is
    /// raised by [`PENALTY`], and representations by more where determinants lie far apart. The CIs of the starts take
    /// determinants of the representation only.
    ///
    /// Errors: a spin that is not that of 2 Sz = 2 S in the reference, a representation without labels of the orbitals, a
    /// reference of another representation, a Hamiltonian that cannot be written as an operator of the chain.
    pub fn electrons_in(
        target: Target,
        mut integrals: Integrals,
        reference: Determinant,
        bond_dimension: usize,
    ) -> Result<Self, Error> {
        // The penalty of the spin changes the exchange integrals.
        let fiedler = order::fiedler(order::exchange_matrix(&integrals).view())?;
        if let Some(twice_spin) = target.twice_spin {
            let twice_sz = i64::from(reference.alpha.count_ones()) - i64::from(reference.beta.count_ones());
            if twice_sz != twice_spin.cast_signed() as i64 {
                return Err(Error::Spin { twice_spin, twice_sz });
            }
            integrals = integrals.with_spin_penalty(twice_spin, PENALTY)?;
        }
        Ok(Self { fiedler, ..Self::raised(target, integrals, reference, bond_dimension)? })
    }

    /// As [`Self::electrons_in`], with integrals that contain the penalty of the spin.
    fn raised(
        target: Target,
        integrals: Integrals,
        reference: Determinant,
        bond_dimension: usize,
    ) -> Result<Self, Error> {
        let order: Vec<usize> = (0..integrals.orbitals()).collect();
        let mut sum = OperatorSum::of_integrals(&integrals, &order)?;
        if let Some(irrep) = target.irrep {
            // Determinants lie about as far apart as states; half as much again makes up for the difference.
            let lowest = ci::diagonal_element(&integrals, ci::reference(&integrals, None)?.determinant);
            let apart = ci::diagonal_element(&integrals, reference) - lowest;
            sum.add_irrep_penalty(integrals.symmetry(), irrep, PENALTY.max(1.5 * apart + 1.0))?;
            if ci::irrep_of(&integrals, reference) != Some(irrep) {
                return Err(Error::ReferenceOf { irrep });
            }
        }
        let hamiltonian = Arc::new(Mpo::new(&sum)?);
        let (alpha, beta) = (reference.alpha.count_ones().cast_signed(), reference.beta.count_ones().cast_signed());
        Ok(Self {
            hamiltonian,
            charge: Charge::new(alpha + beta, alpha - beta),
            system: System::Electrons { integrals, reference },
            bond_dimension,
            half_sweeps: HALF_SWEEPS,
            exact: None,
            target,
            notes: Vec::new(),
            fiedler: Vec::new(),
            neighbour: None,
        })
    }

    /// Creates a model of spins, as many up as down (one more up if odd).
    pub fn spins(name: &str, sum: &OperatorSum, bond_dimension: usize) -> Result<Self, Error> {
        let spins = sum.sites().len();
        Ok(Self {
            hamiltonian: Arc::new(Mpo::new(sum)?),
            charge: Charge::new(0, i32::from(spins % 2 == 1)),
            system: System::Spins { name: name.to_owned(), spins },
            bond_dimension,
            half_sweeps: HALF_SWEEPS,
            exact: None,
            target: Target::default(),
            notes: Vec::new(),
            fiedler: Vec::new(),
            neighbour: None,
        })
    }

    /// Sets the exact ground-state energy.
    #[must_use]
    pub fn with_exact(self, energy: f64) -> Self {
        Self { exact: Some(energy), ..self }
    }

    /// Sets a neighbouring point of a potential curve.
    #[must_use]
    pub fn with_neighbour(self, neighbour: Self) -> Self {
        Self { neighbour: Some(Arc::new(neighbour)), ..self }
    }

    /// Returns the model with the orbitals in another order along the chain: site p takes orbital `order[p]`.
    ///
    /// Errors: spins, an order that is not a permutation of the orbitals.
    pub fn in_order(&self, order: &[usize]) -> Result<Self, Error> {
        let System::Electrons { integrals, reference } = &self.system else {
            return Err(Error::NotElectrons);
        };
        let moved =
            Self::raised(self.target, integrals.permuted(order)?, reference.permuted(order), self.bond_dimension)?;
        Ok(Self { half_sweeps: self.half_sweeps, exact: self.exact, notes: self.notes.clone(), ..moved })
    }

    /// Returns the order of the orbitals by the Fiedler vector of the exchange integrals; empty for spins.
    pub fn fiedler_order(&self) -> &[usize] {
        &self.fiedler
    }

    /// Returns the neighbouring point of a potential curve, if there is one.
    pub fn neighbour(&self) -> Option<&Self> {
        self.neighbour.as_deref()
    }

    /// Returns the Hamiltonian.
    pub fn hamiltonian(&self) -> &Mpo {
        &self.hamiltonian
    }

    /// Returns the sites of the chain.
    pub fn sites(&self) -> &[Site] {
        self.hamiltonian.sites()
    }

    /// Returns the charge of the ground state to find.
    pub fn charge(&self) -> Charge {
        self.charge
    }
}
