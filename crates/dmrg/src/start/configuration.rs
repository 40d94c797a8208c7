//! States from a cheap configuration interaction.

use std::collections::BTreeMap;

use rand::Rng;

use super::Start;
use crate::ci::{self, CiVector, Determinant};
use crate::{Charge, Error, Integrals, Mps, Site, Truncation};

/// Number of determinants in a state.
const LARGEST: usize = 200;
/// Number of orbitals in the small complete active space.
const ACTIVE: usize = 6;
/// Least energy of an excitation in an amplitude of perturbation theory, in Hartree. Degenerate determinants have none.
const LEAST_GAP: f64 = 0.1;
/// Amplitude of the random state that is added; its bond dimension is the run's divided by `ENRICHMENT_BOND`.
const ENRICHMENT: f64 = 0.03;
const ENRICHMENT_BOND: usize = 4;

/// A CI with singles and doubles and its orbital entropies, shared by several starts.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// The ground state of the CI.
    pub vector: CiVector,
    /// Single-orbital entropies, in nats, shape (n).
    pub entropies: Vec<f64>,
    /// The reference of further CIs. It has the irreducible representation of the ground state, so it is another
    /// determinant than the reference of this CI if that one has another representation.
    pub reference: Determinant,
}

impl Interaction {
    /// Diagonalises the CI of singles and doubles over a reference, among the determinants of an irreducible
    /// representation (1 to 8) or among all.
    ///
    /// Errors: no determinant of the representation, a CI that does not converge.
    pub fn new(integrals: &Integrals, reference: Determinant, irrep: Option<u32>) -> Result<Self, Error> {
        let mut determinants = ci::cisd(integrals.orbitals(), reference);
        determinants.retain(|d| irrep.is_none_or(|irrep| ci::irrep_of(integrals, *d) == Some(irrep)));
        let vector = ci::diagonalise(integrals, &determinants)?;
        let entropies = ci::single_orbital_entropies(&vector);
        let reference = reference_in(integrals, &vector, reference);
        Ok(Self { vector, entropies, reference })
    }

    /// Returns the cost, in multiply-adds / 1e6.
    pub fn work(&self) -> f64 {
        self.vector.work / 1e6
    }
}

/// The reference if it has the representation that the vector has mostly, otherwise the vector's largest determinant of
/// that representation.
fn reference_in(integrals: &Integrals, vector: &CiVector, reference: Determinant) -> Determinant {
    let all = || vector.determinants.iter().zip(&vector.coefficients);
    let mut weights: BTreeMap<Option<u32>, f64> = BTreeMap::new();
    for (d, c) in all() {
        *weights.entry(ci::irrep_of(integrals, *d)).or_insert(0.0) += c * c;
    }
    let Some((&irrep, _)) = weights.iter().max_by(|a, b| a.1.total_cmp(b.1)) else { return reference };
    if irrep == ci::irrep_of(integrals, reference) {
        return reference;
    }
    let own = all().filter(|(d, _)| ci::irrep_of(integrals, **d) == irrep);
    own.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()).then(b.0.cmp(a.0))).map_or(reference, |(d, _)| *d)
}

/// Returns the 200 largest determinants of a CI in a complete active space of six orbitals, of an irreducible
/// representation (1 to 8) or of all.
///
/// Errors: no determinant of the representation, a CI that does not converge.
pub fn cas(
    integrals: &Integrals,
    reference: Determinant,
    irrep: Option<u32>,
    bond_dimension: usize,
) -> Result<Start, Error> {
    let mut determinants = ci::cas(integrals, reference, ACTIVE);
    determinants.retain(|d| irrep.is_none_or(|irrep| ci::irrep_of(integrals, *d) == Some(irrep)));
    let vector = ci::diagonalise(integrals, &determinants)?;
    from_vector(&vector.largest(LARGEST), bond_dimension, vector.work / 1e6)
}

/// Returns the 200 largest determinants of the CI with singles and doubles.
pub fn cisd(interaction: &Interaction, bond_dimension: usize) -> Result<Start, Error> {
    from_vector(&interaction.vector.largest(LARGEST), bond_dimension, interaction.work())
}

/// Returns [`cisd`] plus a small random state, which opens sectors that the determinants lack.
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

/// Returns the 200 largest determinants of the first-order wave function: the reference, and its single and double
/// excitations with the amplitudes `<D|H|0> / (E_0 - E_D)` of Epstein and Nesbet's perturbation theory (Nesbet 1955), of an
/// irreducible representation (1 to 8) or of all. Nothing is diagonalised: the charge is one multiply-add for each pair of
/// orbitals of each matrix element.
pub fn first_order(
    integrals: &Integrals,
    reference: Determinant,
    irrep: Option<u32>,
    bond_dimension: usize,
) -> Result<Start, Error> {
    let n = integrals.orbitals();
    let zero = ci::diagonal_element(integrals, reference);
    let mut vector =
        CiVector { orbitals: n, determinants: vec![reference], coefficients: vec![1.0], energy: zero, work: 0.0 };
    let electrons = (integrals.alpha() + integrals.beta()) as f64;
    for d in ci::cisd(n, reference).into_iter().skip(1) {
        if irrep.is_some_and(|irrep| ci::irrep_of(integrals, d) != Some(irrep)) {
            continue;
        }
        let coupling = ci::element(integrals, d, reference);
        vector.work += 1.0;
        if coupling != 0.0 {
            let gap = ci::diagonal_element(integrals, d) - zero;
            vector.work += electrons * electrons;
            vector.determinants.push(d);
            vector.coefficients.push(-coupling / gap.max(LEAST_GAP));
        }
    }
    from_vector(&vector.largest(LARGEST), bond_dimension, vector.work / 1e6)
}

/// Returns a CI-DEAS state: orbitals are freed in the order of their entropies until there are 200 determinants, and H
/// is diagonalised in these (Legeza & Sólyom 2003, Barcza et al. 2011).
pub fn deas(integrals: &Integrals, interaction: &Interaction, bond_dimension: usize) -> Result<Start, Error> {
    let vector = deas_vector(integrals, interaction)?;
    from_vector(&vector, bond_dimension, interaction.work() + vector.work / 1e6)
}

/// Returns [`deas`] with the orbitals in another order along the chain, which is part of the start: `order` is that of
/// [`crate::order`], and `reference` and `integrals` are in the problem's order. The charge is that of the CIs, which are
/// made again; finding the order is not counted.
pub fn deas_in_order(
    integrals: &Integrals,
    reference: Determinant,
    irrep: Option<u32>,
    order: Vec<usize>,
    bond_dimension: usize,
) -> Result<Start, Error> {
    let moved = integrals.permuted(&order)?;
    let interaction = Interaction::new(&moved, reference.permuted(&order), irrep)?;
    Ok(Start { order, ..deas(&moved, &interaction, bond_dimension)? })
}

fn deas_vector(integrals: &Integrals, interaction: &Interaction) -> Result<CiVector, Error> {
    ci::diagonalise(integrals, &ci::deas(integrals, interaction.reference, &interaction.entropies, LARGEST)?)
}

/// Returns a CI-DEAS state as in `QCMaquis`: orbitals are freed one at a time until a bond is full. Every weight is 1;
/// H is not diagonalised in the set (Keller & Reiher 2014). The entropies come from the CI with singles and doubles,
/// which is charged.
pub fn deas_unit(integrals: &Integrals, interaction: &Interaction, bond_dimension: usize) -> Result<Start, Error> {
    let all = ci::deas_to_bond(integrals, interaction.reference, &interaction.entropies, bond_dimension)?;
    let states: Vec<(Vec<u8>, f64)> = all.iter().map(|d| (d.sites(integrals.orbitals()), 1.0)).collect();
    from_states(&states, integrals.orbitals(), bond_dimension, interaction.work())
}

/// Returns the control of [`deas`]: its weights on random determinants of the same excitation levels, of an irreducible
/// representation (1 to 8) or of all.
pub fn shuffled(
    integrals: &Integrals,
    interaction: &Interaction,
    irrep: Option<u32>,
    bond_dimension: usize,
    rng: &mut impl Rng,
) -> Result<Start, Error> {
    let fits = |d: Determinant| irrep.is_none_or(|irrep| ci::irrep_of(integrals, d) == Some(irrep));
    let vector = deas_vector(integrals, interaction)?;
    let reference = interaction.reference;
    let n = integrals.orbitals();
    let mut taken = std::collections::HashSet::new();
    let mut drawn = CiVector { determinants: Vec::new(), coefficients: Vec::new(), ..vector.clone() };
    for (d, coefficient) in vector.determinants.iter().zip(&vector.coefficients) {
        // A level may have hardly more determinants than needed; those that cannot be drawn are left out.
        let new = (0..50).find_map(|_| {
            ci::of_level(n, reference, d.level(reference), rng).filter(|new| fits(*new) && taken.insert(*new))
        });
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

/// The exact sum of product states, truncated to the run's bond dimension.
fn from_states(states: &[(Vec<u8>, f64)], n: usize, bond_dimension: usize, work: f64) -> Result<Start, Error> {
    let mut state = Mps::from_product_states(&vec![Site::Fermion; n], states)?;
    state.compress(Truncation { bond_dimension, weight: 1e-14 })?;
    Ok(Start { work, ..Start::free(state) })
}
