//! Choices of determinants for a configuration interaction.

use std::collections::HashSet;

use rand::{Rng, RngExt};

use super::determinant::{Determinant, bits};
use super::reference::irrep_of;
use super::slater_condon::{diagonal_element, orbital_energies};
use super::strings::relaxed;
use crate::{Error, Integrals};

/// Highest excitation level in the DEAS procedure.
const MOST_MOVED: u32 = 4;

/// Returns all determinants of a complete active space of `active` orbitals. Half of them are the highest occupied
/// orbitals, half the lowest empty ones, by energy in the mean field of the reference; if one kind runs short, more of
/// the other are taken.
pub fn cas(integrals: &Integrals, reference: Determinant, active: usize) -> Vec<Determinant> {
    let energies = orbital_energies(integrals, reference);
    let filled = reference.alpha | reference.beta;
    let sorted = |occupied: bool| {
        let mut orbitals: Vec<usize> =
            (0..integrals.orbitals()).filter(|i| (filled >> i & 1 == 1) == occupied).collect();
        orbitals.sort_by(|a, b| energies[*a].total_cmp(&energies[*b]).then(a.cmp(b)));
        orbitals
    };
    let (mut occupied, empty) = (sorted(true), sorted(false));
    occupied.reverse();
    let from_empty = (active / 2).max(active.saturating_sub(occupied.len())).min(empty.len());
    let chosen = empty.iter().take(from_empty).chain(occupied.iter().take(active.saturating_sub(from_empty)));
    let mask = chosen.fold(0, |mask, i| mask | 1 << i);
    both(&relaxed(reference.alpha, mask), &relaxed(reference.beta, mask)).collect()
}

fn both<'a>(alphas: &'a [u64], betas: &'a [u64]) -> impl Iterator<Item = Determinant> + 'a {
    alphas.iter().flat_map(|&alpha| betas.iter().map(move |&beta| Determinant { alpha, beta }))
}

/// Returns the reference with all its single and double excitations, ordered by level.
pub fn cisd(orbitals: usize, reference: Determinant) -> Vec<Determinant> {
    let singles = |string: u64| moved(string, orbitals);
    let doubles = |string: u64| -> Vec<u64> {
        let mut twice: Vec<u64> = singles(string).into_iter().flat_map(|once| moved(once, orbitals)).collect();
        twice.retain(|new| (new ^ string).count_ones() == 4);
        twice.sort_unstable();
        twice.dedup();
        twice
    };
    let Determinant { alpha, beta } = reference;
    let (up, down) = (singles(alpha), singles(beta));
    let mut all = vec![reference];
    all.extend(both(&up, &[beta]).chain(both(&[alpha], &down)));
    all.extend(both(&doubles(alpha), &[beta]).chain(both(&[alpha], &doubles(beta))).chain(both(&up, &down)));
    all
}

/// All single excitations of a string.
fn moved(string: u64, orbitals: usize) -> Vec<u64> {
    let empty = (0..orbitals).filter(move |p| string >> p & 1 == 0);
    empty.flat_map(|p| bits(string).map(move |q| string & !(1 << q) | 1 << p)).collect()
}

/// Returns determinants of the dynamically extended active space (Legeza & Sólyom 2003; Barcza et al. 2011). Orbitals
/// are freed one at a time, the most entangled first. Each adds all new determinants that are at most fourfold
/// excitations and have the representation of the reference, until there are `count`. From the last orbital, the least
/// excited and lowest determinants come first.
///
/// `entropies` are the single-orbital entropies of any cheap calculation, shape (n). Errors: `entropies` of another
/// length.
pub fn deas(
    integrals: &Integrals,
    reference: Determinant,
    entropies: &[f64],
    count: usize,
) -> Result<Vec<Determinant>, Error> {
    let mut chosen = vec![reference];
    grow(integrals, reference, entropies, |new| {
        chosen.extend(new);
        chosen.len() < count
    })?;
    chosen.truncate(count.max(1));
    Ok(chosen)
}

/// As [`deas`], until some bond is full: the determinants differ in `bond_dim` ways to its left. `QCMaquis` fills an
/// initial state by this rule (Keller & Reiher). Determinants of the last orbital beyond that point are left out.
pub fn deas_to_bond(
    integrals: &Integrals,
    reference: Determinant,
    entropies: &[f64],
    bond_dim: usize,
) -> Result<Vec<Determinant>, Error> {
    until_full(integrals, reference, entropies, (bond_dim, &[]), |d, bond| {
        let mask = (1 << bond) - 1;
        Determinant { alpha: d.alpha & mask, beta: d.beta & mask }
    })
}

/// As [`deas_to_bond`], for the other side: the determinants, the reference included, differ in `bond_dim` ways to the right
/// of some bond and in no more to the right of any other, the bond after the first site excepted. They are the states of the
/// environment in a sweep from the left.
pub fn deas_to_ends(
    integrals: &Integrals,
    reference: Determinant,
    entropies: &[f64],
    bond_dim: usize,
) -> Result<Vec<Determinant>, Error> {
    // The first step is on two sites, so the first environment begins after them.
    until_full(integrals, reference, entropies, (bond_dim, &[reference]), |d, bond| {
        let beyond = |string: u64| string.checked_shr(bond as u32 + 2).unwrap_or(0);
        Determinant { alpha: beyond(d.alpha), beta: beyond(d.beta) }
    })
}

/// `part` cuts a determinant at a bond and returns one side. `counted` are determinants whose parts are there from the
/// beginning.
fn until_full(
    integrals: &Integrals,
    reference: Determinant,
    entropies: &[f64],
    (bond_dim, counted): (usize, &[Determinant]),
    part: impl Fn(Determinant, usize) -> Determinant,
) -> Result<Vec<Determinant>, Error> {
    let mut chosen = vec![reference];
    let mut parts: Vec<HashSet<Determinant>> =
        (0..integrals.orbitals()).map(|bond| counted.iter().map(|d| part(*d, bond)).collect()).collect();
    grow(integrals, reference, entropies, |new| {
        for d in new {
            if parts.iter().any(|ways| ways.len() >= bond_dim) {
                return false;
            }
            for (bond, ways) in parts.iter_mut().enumerate() {
                ways.insert(part(d, bond));
            }
            chosen.push(d);
        }
        true
    })?;
    Ok(chosen)
}

/// Passes the new determinants of each further orbital to `take` until it returns false.
fn grow(
    integrals: &Integrals,
    reference: Determinant,
    entropies: &[f64],
    mut take: impl FnMut(Vec<Determinant>) -> bool,
) -> Result<(), Error> {
    let n = integrals.orbitals();
    if entropies.len() != n {
        return Err(Error::Length { what: "orbital entropies", found: entropies.len(), expected: n });
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| entropies[*b].total_cmp(&entropies[*a]).then(a.cmp(b)));
    let irrep = irrep_of(integrals, reference);
    let mut seen = HashSet::from([reference]);
    let mut free = 0;
    for orbital in order {
        free |= 1 << orbital;
        let near = |string: u64| {
            let mut all = relaxed(string, free);
            all.retain(|new| (new ^ string).count_ones() / 2 <= MOST_MOVED);
            all
        };
        let mut new: Vec<(u32, f64, Determinant)> = both(&near(reference.alpha), &near(reference.beta))
            .filter(|d| d.level(reference) <= MOST_MOVED && irrep_of(integrals, *d) == irrep)
            .filter(|d| !seen.contains(d))
            .map(|d| (d.level(reference), diagonal_element(integrals, d), d))
            .collect();
        new.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let new: Vec<Determinant> = new.into_iter().map(|(_, _, d)| d).collect();
        seen.extend(&new);
        if !take(new) {
            return Ok(());
        }
    }
    Ok(())
}

/// Draws a random determinant of the given excitation level. Returns `None` if that level has no determinant, or if a thousand draws
/// find none.
pub fn of_level(orbitals: usize, reference: Determinant, level: u32, rng: &mut impl Rng) -> Option<Determinant> {
    for _ in 0..1000 {
        let mut d = reference;
        for _ in 0..level {
            let up = rng.random_range(0..2) == 0;
            let string = if up { d.alpha } else { d.beta };
            let all = moved(string, orbitals);
            if all.is_empty() {
                continue;
            }
            let new = all[rng.random_range(0..all.len())];
            if up {
                d.alpha = new;
            } else {
                d.beta = new;
            }
        }
        if d.level(reference) == level {
            return Some(d);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn spaces_have_the_sizes_of_their_binomials() {
        let integrals = random_integrals(8, (3, 3), &mut ChaCha8Rng::seed_from_u64(1));
        let reference = Determinant::lowest(3, 3);
        assert_eq!(cas(&integrals, reference, 6).len(), 400);
        assert_eq!(cas(&integrals, reference, 4).len(), 36, "two of three occupied orbitals, two empty ones");
        // 1 + 2 (15) + 2 (3 x 10) + 15²
        let all = cisd(8, reference);
        assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (316, 316));
        assert!(all.iter().all(|d| d.level(reference) <= 2));
    }

    #[test]
    fn deas_frees_the_most_entangled_orbitals_first() {
        let integrals = random_integrals(8, (3, 3), &mut ChaCha8Rng::seed_from_u64(2));
        let reference = Determinant::lowest(3, 3);
        let entropies = [0.0, 0.1, 0.9, 0.8, 0.2, 0.0, 0.0, 0.0];
        // Orbitals 2 and 3 alone: one electron of each spin in two orbitals.
        let first = deas(&integrals, reference, &entropies, 4).unwrap();
        assert!(first.iter().all(|d| (d.alpha | d.beta) & !0b1111 == 0 && d.alpha & 0b11 == 0b11));
        let more = deas(&integrals, reference, &entropies, 200).unwrap();
        assert_eq!((more.len(), more.iter().collect::<HashSet<_>>().len()), (200, 200));
        assert_eq!(&more[..4], &first[..]);
        assert!(more.iter().all(|d| d.level(reference) <= 4));
        assert!(deas(&integrals, reference, &[1.0], 10).is_err());
    }

    #[test]
    fn symmetry_excludes_determinants_that_cannot_mix() {
        let plain = random_integrals(4, (1, 1), &mut ChaCha8Rng::seed_from_u64(3));
        let labelled = plain.with_symmetry(vec![1, 2, 1, 2]).unwrap();
        let all = deas(&labelled, Determinant::lowest(1, 1), &[1.0; 4], 100).unwrap();
        // Both electrons in 0 and 2, or both in 1 and 3.
        assert_eq!(all.len(), 8);
    }

    #[test]
    fn bonds_fill_up_to_the_bond_dimension() {
        let integrals = random_integrals(8, (4, 4), &mut ChaCha8Rng::seed_from_u64(4));
        let entropies = [0.1, 0.2, 0.3, 0.9, 0.8, 0.3, 0.2, 0.1];
        let all = deas_to_bond(&integrals, Determinant::lowest(4, 4), &entropies, 20).unwrap();
        let ways = |bond: usize| all.iter().map(move |d| (d.alpha & ((1 << bond) - 1), d.beta & ((1 << bond) - 1)));
        let most = (1..8).map(|bond| ways(bond).collect::<HashSet<_>>().len()).max().unwrap();
        assert!((20..=21).contains(&most), "{most}");
    }

    #[test]
    fn ends_fill_up_to_the_bond_dimension() {
        let integrals = random_integrals(8, (4, 4), &mut ChaCha8Rng::seed_from_u64(4));
        let entropies = [0.1, 0.2, 0.3, 0.9, 0.8, 0.3, 0.2, 0.1];
        let all = deas_to_ends(&integrals, Determinant::lowest(4, 4), &entropies, 20).unwrap();
        let ends = |bond: usize| all.iter().map(move |d| (d.alpha >> bond, d.beta >> bond));
        let most = (2..8).map(|bond| ends(bond).collect::<HashSet<_>>().len()).max().unwrap();
        assert_eq!(most, 20);
        // The reference alone fills a bond of one state.
        let one = deas_to_ends(&integrals, Determinant::lowest(4, 4), &entropies, 1).unwrap();
        assert_eq!(one, [Determinant::lowest(4, 4)]);
    }

    #[test]
    fn random_determinants_have_the_requested_level() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let reference = Determinant::lowest(2, 2);
        for level in 0..=4 {
            let found = of_level(6, reference, level, &mut rng).unwrap();
            assert_eq!(found.level(reference), level);
        }
        assert_eq!(of_level(2, reference, 1, &mut rng), None);
    }
}
