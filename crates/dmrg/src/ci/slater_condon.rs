//! Matrix elements of the Hamiltonian between determinants (Slater 1929, Condon 1930).

use super::determinant::{Determinant, bits, excitation_sign};
use crate::Integrals;

/// Returns <D|H|D> in Hartree, including the core energy.
pub fn diagonal_element(integrals: &Integrals, d: Determinant) -> f64 {
    let mut sum = integrals.core;
    for (own, other) in [(d.alpha, d.beta), (d.beta, d.alpha)] {
        for i in bits(own) {
            sum += integrals.one(i, i);
            for j in bits(own & !(u64::MAX << i)) {
                sum += integrals.two(i, i, j, j) - integrals.two(i, j, j, i);
            }
            sum += 0.5 * bits(other).map(|j| integrals.two(i, i, j, j)).sum::<f64>();
        }
    }
    sum
}

/// Returns <bra|H|ket> in Hartree. It is zero if the two have different numbers of electrons of a spin.
pub fn element(integrals: &Integrals, bra: Determinant, ket: Determinant) -> f64 {
    let moved = |bra: u64, ket: u64| (ket & !bra, bra & !ket);
    let ((alpha_from, alpha_to), (beta_from, beta_to)) = (moved(bra.alpha, ket.alpha), moved(bra.beta, ket.beta));
    if alpha_from.count_ones() != alpha_to.count_ones() || beta_from.count_ones() != beta_to.count_ones() {
        return 0.0;
    }
    match (alpha_from.count_ones(), beta_from.count_ones()) {
        (0, 0) => diagonal_element(integrals, ket),
        (1, 0) => single(integrals, ket.alpha, ket.beta, (first(alpha_from), first(alpha_to))),
        (0, 1) => single(integrals, ket.beta, ket.alpha, (first(beta_from), first(beta_to))),
        (2, 0) => same_spin(integrals, ket.alpha, alpha_from, alpha_to),
        (0, 2) => same_spin(integrals, ket.beta, beta_from, beta_to),
        (1, 1) => {
            let (i, a) = (first(alpha_from), first(alpha_to));
            let (j, b) = (first(beta_from), first(beta_to));
            let sign = excitation_sign(ket.alpha, i, a) * excitation_sign(ket.beta, j, b);
            sign * integrals.two(a, i, b, j)
        }
        _ => 0.0,
    }
}

fn first(word: u64) -> usize {
    word.trailing_zeros() as usize
}

/// Single excitation from `i` to `a` in the field of the other electrons.
fn single(integrals: &Integrals, own: u64, other: u64, (i, a): (usize, usize)) -> f64 {
    let mut sum = integrals.one(a, i);
    for k in bits(own & !(1 << i)) {
        sum += integrals.two(a, i, k, k) - integrals.two(a, k, k, i);
    }
    sum += bits(other).map(|k| integrals.two(a, i, k, k)).sum::<f64>();
    sum * excitation_sign(own, i, a)
}

/// Double excitation of two electrons of the same spin.
fn same_spin(integrals: &Integrals, string: u64, from: u64, to: u64) -> f64 {
    let (i, a) = (first(from), first(to));
    let (j, b) = (first(from & (from - 1)), first(to & (to - 1)));
    let between = string & !(1 << i) | 1 << a;
    let sign = excitation_sign(string, i, a) * excitation_sign(between, j, b);
    sign * (integrals.two(a, i, b, j) - integrals.two(a, j, b, i))
}

/// Computes orbital energies in the mean field of a determinant, averaged over the two spins, in Hartree, shape (n).
pub fn orbital_energies(integrals: &Integrals, reference: Determinant) -> Vec<f64> {
    let of = |p: usize| {
        let mut sum = integrals.one(p, p);
        for k in bits(reference.alpha).chain(bits(reference.beta)) {
            sum += integrals.two(p, p, k, k) - 0.5 * integrals.two(p, k, k, p);
        }
        sum
    };
    (0..integrals.orbitals()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fock, random_integrals};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// Compares with the Hamiltonian applied operator by operator in the Fock space of spin orbitals, alpha before
    /// beta.
    #[test]
    fn elements_agree_with_the_operators() {
        let n = 4;
        for (electrons, seed) in [((2, 2), 1), ((3, 1), 2), ((1, 2), 3)] {
            let integrals = random_integrals(n, electrons, &mut ChaCha8Rng::seed_from_u64(seed));
            let fock = Fock::alpha_then_beta(n);
            let basis = crate::ci::strings::determinants(n, electrons);
            for &ket in &basis {
                let image = fock.hamiltonian(&integrals, ket);
                for &bra in &basis {
                    let expected = image.get(&fock.word(bra)).copied().unwrap_or(0.0);
                    let found = element(&integrals, bra, ket);
                    assert!((found - expected).abs() < 1e-12, "{bra:?} {ket:?}: {found} and {expected}");
                }
            }
        }
    }

    /// In site order the elements change by the two signs; operators in that order must give the same.
    #[test]
    fn signs_to_site_order_agree_with_the_operators() {
        let (n, electrons) = (4, (2, 2));
        let integrals = random_integrals(n, electrons, &mut ChaCha8Rng::seed_from_u64(4));
        let fock = Fock::by_sites(n);
        let mut turned = 0;
        for &ket in &crate::ci::strings::determinants(n, electrons) {
            let image = fock.hamiltonian(&integrals, ket);
            for &bra in &crate::ci::strings::determinants(n, electrons) {
                let expected = image.get(&fock.word(bra)).copied().unwrap_or(0.0);
                let sign = bra.site_sign() * ket.site_sign();
                assert!((sign * element(&integrals, bra, ket) - expected).abs() < 1e-12, "{bra:?} {ket:?}");
                turned += usize::from(sign < 0.0 && expected.abs() > 1e-3);
            }
        }
        assert!(turned > 100, "only {turned} elements could reveal a wrong sign");
    }
}
