//! States of a cheap configuration interaction.

use rand::Rng;

use super::Start;
use crate::ci::{self, CiVector, Determinant};
use crate::{Charge, Error, Integrals, Mps, Site, Truncation};

/// Determinants that a state is made of.
const LARGEST: usize = 200;
/// Orbitals of the small complete active space.
const ACTIVE: usize = 6;
/// Part of the random state that enriches, as an amplitude, and its bond dimension relative to the run's.
const ENRICHMENT: f64 = 0.03;
const ENRICHMENT_BOND: usize = 4;

/// Singles and doubles over a reference with the entropies of the orbitals: what several starts stand on.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// The ground state among them.
    pub vector: CiVector,
    /// Single-orbital entropies, in nats, shape (n).
    pub entropies: Vec<f64>,
}

impl Interaction {
    /// Diagonalises.
    pub fn new(integrals: &Integrals, reference: Determinant) -> Result<Self, Error> {
        let vector = ci::diagonalise(integrals, &ci::cisd(integrals.orbitals(), reference))?;
        let entropies = ci::single_orbital_entropies(&vector);
        Ok(Self { vector, entropies })
    }

    /// Multiply-adds / 1e6.
    pub fn work(&self) -> f64 {
        self.vector.work / 1e6
    }
}

/// The 200 largest determinants of a complete active space of six orbitals.
pub fn cas(integrals: &Integrals, reference: Determinant, bond_dimension: usize) -> Result<Start, Error> {
    let vector = ci::diagonalise(integrals, &ci::cas(integrals, reference, ACTIVE))?;
    from_vector(&vector.largest(LARGEST), bond_dimension, vector.work / 1e6)
}

/// The 200 largest determinants of singles and doubles.
pub fn cisd(interaction: &Interaction, bond_dimension: usize) -> Result<Start, Error> {
    from_vector(&interaction.vector.largest(LARGEST), bond_dimension, interaction.work())
}

/// [`cisd`] with a little of a random state, which opens what the determinants leave shut.
pub fn cisd_with_random(
    interaction: &Interaction,
    charge: Charge,
    bond_dimension: usize,
    rng: &mut impl Rng,
) -> Result<Start, Error> {
    let start = cisd(interaction, bond_dimension)?;
    let random = Mps::random(start.state.sites(), charge, (bond_dimension / ENRICHMENT_BOND).max(1), rng)?;
    let mut state = start.state.add(1.0, &random, ENRICHMENT)?;
    state.compress(Truncation { bond_dimension, weight: 1e-14 })?;
    Ok(Start { state, ..start })
}

/// CI-DEAS: orbitals are set free by their entropies until there are 200 determinants, in which H is diagonalised (Legeza &
/// Sólyom 2003, Barcza et al. 2011).
pub fn deas(
    integrals: &Integrals,
    reference: Determinant,
    interaction: &Interaction,
    bond_dimension: usize,
) -> Result<Start, Error> {
    let vector = deas_vector(integrals, reference, interaction)?;
    from_vector(&vector, bond_dimension, interaction.work() + vector.work / 1e6)
}

fn deas_vector(integrals: &Integrals, reference: Determinant, interaction: &Interaction) -> Result<CiVector, Error> {
    ci::diagonalise(integrals, &ci::deas(integrals, reference, &interaction.entropies, LARGEST)?)
}

/// CI-DEAS as `QCMaquis` has it: orbitals are set free one at a time until a bond is full, and every entry is 1; nothing is
/// diagonalised in the set (Keller & Reiher 2014). The entropies are those of singles and doubles, which are charged.
pub fn deas_unit(
    integrals: &Integrals,
    reference: Determinant,
    interaction: &Interaction,
    bond_dimension: usize,
) -> Result<Start, Error> {
    let all = ci::deas_to_bond(integrals, reference, &interaction.entropies, bond_dimension)?;
    let states: Vec<(Vec<u8>, f64)> = all.iter().map(|d| (d.sites(integrals.orbitals()), 1.0)).collect();
    from_states(&states, integrals.orbitals(), bond_dimension, interaction.work())
}

/// The control of [`deas`]: its weights, but on determinants drawn from all of the same excitation levels.
pub fn shuffled(
    integrals: &Integrals,
    reference: Determinant,
    interaction: &Interaction,
    bond_dimension: usize,
    rng: &mut impl Rng,
) -> Result<Start, Error> {
    let vector = deas_vector(integrals, reference, interaction)?;
    let n = integrals.orbitals();
    let mut taken = std::collections::HashSet::new();
    let mut drawn = CiVector { determinants: Vec::new(), coefficients: Vec::new(), ..vector.clone() };
    for (d, coefficient) in vector.determinants.iter().zip(&vector.coefficients) {
        // A level may hold hardly more determinants than are wanted: what cannot be drawn anew is left out.
        let new =
            (0..50).find_map(|_| ci::of_level(n, reference, d.level(reference), rng).filter(|new| taken.insert(*new)));
        if let Some(new) = new {
            drawn.determinants.push(new);
            drawn.coefficients.push(*coefficient);
        }
    }
    from_vector(&drawn, bond_dimension, interaction.work() + vector.work / 1e6)
}

fn from_vector(vector: &CiVector, bond_dimension: usize, work: f64) -> Result<Start, Error> {
    from_states(&vector.product_states(), vector.orbitals, bond_dimension, work)
}

/// The sum of product states, exactly, then cut to what the run may keep.
fn from_states(states: &[(Vec<u8>, f64)], n: usize, bond_dimension: usize, work: f64) -> Result<Start, Error> {
    let mut state = Mps::from_product_states(&vec![Site::Fermion; n], states)?;
    state.compress(Truncation { bond_dimension, weight: 1e-14 })?;
    Ok(Start { state, noise: Vec::new(), work })
}
