//! Hamiltonians for tests.

use std::collections::HashMap;

use ndarray::Array2;
use rand::{Rng, RngExt};

use crate::Integrals;
use crate::ci::Determinant;

/// Random integrals with the eightfold symmetry.
pub(crate) fn random_integrals(n: usize, electrons: (usize, usize), rng: &mut impl Rng) -> Integrals {
    let mut one = Array2::zeros((n, n));
    let mut two = Array2::zeros((n * n, n * n));
    for (i, j) in (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        let value = rng.random_range(-1.0..1.0);
        (one[[i, j]], one[[j, i]]) = (value, value);
        for (k, l) in (0..n).flat_map(|k| (0..=k).map(move |l| (k, l))).filter(|(k, l)| k * n + l <= i * n + j) {
            let value = rng.random_range(-0.5..0.5);
            for bra in [i * n + j, j * n + i] {
                for ket in [k * n + l, l * n + k] {
                    (two[[bra, ket]], two[[ket, bra]]) = (value, value);
                }
            }
        }
    }
    Integrals::new(one.view(), two.view(), 0.25, electrons).unwrap()
}

/// Creation and annihilation operators on words of spin orbitals: an independent reference for tests.
pub(crate) struct Fock {
    n: usize,
    /// Position of a spin orbital in the word: place(n, orbital, spin). Operators are in the order of their positions.
    place: fn(usize, usize, usize) -> usize,
}

impl Fock {
    pub(crate) fn alpha_then_beta(n: usize) -> Self {
        Self { n, place: |n, i, spin| spin * n + i }
    }

    pub(crate) fn by_sites(n: usize) -> Self {
        Self { n, place: |_, i, spin| 2 * i + spin }
    }

    /// The word of a determinant.
    pub(crate) fn word(&self, d: Determinant) -> u64 {
        let spin = |word: u64, spin: usize| {
            (0..self.n).fold(0_u64, |new, i| new | (word >> i & 1) << (self.place)(self.n, i, spin))
        };
        spin(d.alpha, 0) | spin(d.beta, 1)
    }

    fn annihilate(state: Option<(u64, f64)>, at: usize) -> Option<(u64, f64)> {
        let (word, sign) = state?;
        let passed = (word & ((1 << at) - 1)).count_ones();
        (word >> at & 1 == 1).then(|| (word ^ 1 << at, if passed % 2 == 1 { -sign } else { sign }))
    }

    fn create(state: Option<(u64, f64)>, at: usize) -> Option<(u64, f64)> {
        let (word, sign) = state?;
        let passed = (word & ((1 << at) - 1)).count_ones();
        (word >> at & 1 == 0).then(|| (word ^ 1 << at, if passed % 2 == 1 { -sign } else { sign }))
    }

    /// H applied to a determinant, term by term.
    pub(crate) fn hamiltonian(&self, integrals: &Integrals, d: Determinant) -> HashMap<u64, f64> {
        let at = |i, spin| (self.place)(self.n, i, spin);
        let start = Some((self.word(d), 1.0));
        let mut image = HashMap::from([(self.word(d), integrals.core)]);
        let mut add = |state: Option<(u64, f64)>, factor: f64| {
            if let Some((word, sign)) = state {
                *image.entry(word).or_insert(0.0) += sign * factor;
            }
        };
        for s in 0..2 {
            for i in 0..self.n {
                for j in 0..self.n {
                    add(Self::create(Self::annihilate(start, at(j, s)), at(i, s)), integrals.one(i, j));
                    for t in 0..2 {
                        for k in 0..self.n {
                            for l in 0..self.n {
                                // c†_is c†_kt c_lt c_js
                                let removed = Self::annihilate(Self::annihilate(start, at(j, s)), at(l, t));
                                let moved = Self::create(Self::create(removed, at(k, t)), at(i, s));
                                add(moved, 0.5 * integrals.two(i, j, k, l));
                            }
                        }
                    }
                }
            }
        }
        image
    }
}

/// Breaks (ij|kl) = (ji|kl), which plane waves lack, by adding a part that is odd under both swaps.
pub(crate) fn fourfold(real: &Integrals) -> Integrals {
    let n = real.orbitals();
    let odd = |i: usize, j: usize| (i as f64 - j as f64) * 0.1 / (1.0 + (i + j) as f64);
    let two = Array2::from_shape_fn((n * n, n * n), |(ij, kl)| {
        let (i, j, k, l) = (ij / n, ij % n, kl / n, kl % n);
        real.two(i, j, k, l) + odd(i, j) * odd(k, l)
    });
    let new = Integrals::new(real.one_matrix(), two.view(), real.core, (real.alpha(), real.beta())).unwrap();
    assert!(!new.is_eightfold());
    new
}
