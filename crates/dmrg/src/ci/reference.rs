//! The reference determinant: the single determinant from which a calculation without further knowledge begins.

use super::determinant::{Determinant, bits};
use super::slater_condon::{diagonal_element, orbital_energies};
use super::spaces::cisd;
use crate::state::{are_irreps, product};
use crate::{Error, Integrals};

/// A determinant and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The determinant.
    pub determinant: Determinant,
    /// How it was found, such as "the first orbitals of the file".
    pub origin: &'static str,
}

/// Rounds of filling the orbitals of lowest energy in the mean field of the last determinant.
const ROUNDS: usize = 20;
/// An energy must fall by more than this for another determinant, in Hartree.
const LOWER: f64 = 1e-9;
const REPLACED: &str = "found by replacing occupied orbitals until the energy no longer fell";
/// Most replacements of orbitals.
const MOST_STEPS: usize = 100;

/// Returns the determinant of lowest energy among a few: the first orbitals, the orbitals of lowest energy in the mean
/// field, one electron per orbital with alternating spins, and what replacing one or two occupied orbitals at a time makes of
/// the lowest of these, with no more singly occupied orbitals. With an `irrep` (1 to 8) only determinants of that
/// representation count.
///
/// Errors: no determinant of the representation among the single and double excitations of these.
pub fn reference(integrals: &Integrals, irrep: Option<u32>) -> Result<Reference, Error> {
    let (n, electrons) = (integrals.orbitals(), (integrals.alpha(), integrals.beta()));
    let first = Determinant::lowest(electrons.0, electrons.1);
    let candidates = [
        (first, "the first orbitals of the file"),
        (mean_field(integrals, first), "the orbitals of lowest energy in the mean field"),
        (Determinant::alternating(n, electrons.0, electrons.1), "one electron per orbital, spins alternating"),
    ];
    let fits = |d: Determinant| irrep.is_none_or(|irrep| irrep_of(integrals, d) == Some(irrep));
    let energy = |d: Determinant| diagonal_element(integrals, d);
    // The first of determinants of equal energy counts.
    let best = |all: &mut dyn Iterator<Item = (Determinant, &'static str)>| {
        all.filter(|(d, _)| fits(*d)).fold(None, |best: Option<(f64, Reference)>, (determinant, origin)| {
            let energy = energy(determinant);
            let is_lower = best.is_none_or(|(lowest, _)| energy < lowest - LOWER);
            if is_lower { Some((energy, Reference { determinant, origin })) } else { best }
        })
    };
    let neighbours = || candidates.iter().flat_map(|(d, _)| cisd(n, *d)).map(|d| (d, REPLACED));
    let Some((mut lowest, mut found)) = best(&mut candidates.into_iter()).or_else(|| best(&mut neighbours())) else {
        return Err(Error::NoDeterminantOf { irrep: irrep.unwrap_or(1), alpha: electrons.0, beta: electrons.1 });
    };
    let open = |d: Determinant| (d.alpha ^ d.beta).count_ones();
    let occupied = |d: Determinant| (d.alpha & d.beta, d.alpha | d.beta);
    for _ in 0..MOST_STEPS {
        let most = open(found.determinant);
        // Among the same orbitals spins stay as they are: parallel neighbours would lower the energy of a determinant, and
        // antiparallel ones that of the state.
        let moves = |d: Determinant| occupied(d) != occupied(found.determinant);
        let near = cisd(n, found.determinant).into_iter().filter(|d| open(*d) <= most && moves(*d) && fits(*d));
        let next = near.map(|d| (energy(d), d));
        let Some((energy, next)) = next.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        if energy >= lowest - LOWER {
            break;
        }
        (lowest, found) = (energy, Reference { determinant: next, origin: REPLACED });
    }
    Ok(found)
}

/// The orbitals of lowest energy in the mean field of the determinant that they fill.
fn mean_field(integrals: &Integrals, first: Determinant) -> Determinant {
    let mut now = first;
    for _ in 0..ROUNDS {
        let energies = orbital_energies(integrals, now);
        let mut order: Vec<usize> = (0..integrals.orbitals()).collect();
        order.sort_by(|a, b| energies[*a].total_cmp(&energies[*b]).then(a.cmp(b)));
        let fill = |count: usize| order.iter().take(count).fold(0, |word, i| word | 1_u64 << i);
        let next = Determinant { alpha: fill(integrals.alpha()), beta: fill(integrals.beta()) };
        if next == now {
            break;
        }
        now = next;
    }
    now
}

/// Returns the irreducible representation of a determinant, 1 to 8; `None` if the orbitals have no labels of D2h or a
/// subgroup.
pub fn irrep_of(integrals: &Integrals, determinant: Determinant) -> Option<u32> {
    let labels = integrals.symmetry();
    let occupied = bits(determinant.alpha).chain(bits(determinant.beta));
    are_irreps(labels).then(|| occupied.fold(1, |irrep, orbital| product(irrep, labels[orbital])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Orbitals in an order that is not that of their energies, as in a file that is blocked by representation.
    #[test]
    fn the_reference_does_not_depend_on_the_order_of_the_orbitals() {
        use crate::molecule::{Basis, Hydrogens, Orbitals};
        let atoms = Hydrogens::chain(8, 1.8, Basis::Sto6g).unwrap();
        let integrals = atoms.hamiltonian(Orbitals::Canonical).unwrap();
        let hartree_fock = diagonal_element(&integrals, Determinant::lowest(4, 4));
        for order in [[0, 1, 2, 3, 4, 5, 6, 7], [5, 3, 7, 1, 0, 2, 4, 6], [7, 6, 5, 4, 3, 2, 1, 0]] {
            let permuted = integrals.permuted(&order).unwrap();
            let found = reference(&permuted, None).unwrap().determinant;
            assert!((diagonal_element(&permuted, found) - hartree_fock).abs() < 1e-10, "{order:?}");
        }
        // Far apart, each atom has its electron, and neighbours have opposite spins.
        let apart = Hydrogens::chain(8, 4.0, Basis::Sto6g).unwrap();
        let found = reference(&apart.hamiltonian(Orbitals::Lowdin).unwrap(), None).unwrap().determinant;
        assert!(found.alpha | found.beta == 0xff && [0x55, 0xaa].contains(&found.alpha), "{found:?}");
    }

    #[test]
    fn the_reference_has_the_representation() {
        let plain = random_integrals(6, (3, 3), &mut ChaCha8Rng::seed_from_u64(5));
        let integrals = plain.with_symmetry(vec![1, 7, 8, 1, 2, 8]).unwrap();
        for irrep in [1, 2, 7, 8] {
            let found = reference(&integrals, Some(irrep)).unwrap().determinant;
            assert_eq!(irrep_of(&integrals, found), Some(irrep));
        }
        let error = reference(&integrals, Some(3)).unwrap_err().to_string();
        assert!(error.contains("representation 3"), "{error}");
    }
}
