//! Expectation values of terms and reduced density matrices, against exact sums over determinants.

use headstart_dmrg::ci::{CiVector, Determinant, full_ci};
use headstart_dmrg::{Fcidump, Integrals, Mps, Op, OperatorSum, Site, lattice};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::HashMap;
use std::path::Path;

fn ring() -> Integrals {
    Fcidump::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ring-isym7.fcidump")).unwrap().integrals
}

/// Applies c (or c†) of a spin orbital, in alpha-then-beta order.
fn apply(d: Determinant, n: usize, orbital: usize, down: bool, create: bool) -> Option<(Determinant, f64)> {
    let place = if down { n + orbital } else { orbital };
    let word = u128::from(d.alpha) | u128::from(d.beta) << n;
    if (word >> place & 1 == 1) == create {
        return None;
    }
    let sign = if (word & ((1 << place) - 1)).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
    let word = word ^ 1 << place;
    let mask = (1_u128 << n) - 1;
    Some((Determinant { alpha: (word & mask) as u64, beta: (word >> n) as u64 }, sign))
}

/// <vector| product of operators |vector>; operators are (orbital, down, create), the last acts first.
fn exact(vector: &CiVector, operators: &[(usize, bool, bool)]) -> f64 {
    let known: HashMap<Determinant, f64> =
        vector.determinants.iter().copied().zip(vector.coefficients.iter().copied()).collect();
    let mut sum = 0.0;
    'all: for (d, c) in vector.determinants.iter().zip(&vector.coefficients) {
        let (mut d, mut value) = (*d, *c);
        for &(orbital, down, create) in operators.iter().rev() {
            let Some((next, sign)) = apply(d, vector.orbitals, orbital, down, create) else { continue 'all };
            (d, value) = (next, value * sign);
        }
        sum += value * known.get(&d).copied().unwrap_or(0.0);
    }
    sum
}

#[test]
fn density_matrices_are_those_of_full_ci() {
    for electrons in [(3, 3), (4, 2)] {
        let integrals = ring().with_electrons(electrons.0, electrons.1).unwrap();
        let vector = full_ci(&integrals).unwrap();
        let n = vector.orbitals;
        let state = Mps::from_product_states(&vec![Site::Fermion; n], &vector.product_states()).unwrap();
        let found = state.density_matrices().unwrap();
        let mut energy = integrals.core;
        for p in 0..n {
            for q in 0..n {
                let one: f64 =
                    [false, true].map(|spin| exact(&vector, &[(p, spin, true), (q, spin, false)])).iter().sum();
                assert!((found.one[[p, q]] - one).abs() < 1e-9, "{p} {q}");
                energy += integrals.one(p, q) * found.one[[p, q]];
                for r in 0..n {
                    for s in 0..n {
                        let mut two = 0.0;
                        for a in [false, true] {
                            for b in [false, true] {
                                two += exact(&vector, &[(p, a, true), (r, b, true), (s, b, false), (q, a, false)]);
                            }
                        }
                        assert!((found.two[[p, q, r, s]] - two).abs() < 1e-9, "{p} {q} {r} {s}");
                        energy += 0.5 * integrals.two(p, q, r, s) * found.two[[p, q, r, s]];
                    }
                }
            }
        }
        assert!((energy - vector.energy).abs() < 1e-9, "{energy} {}", vector.energy);
        assert!((found.one.diag().sum() - 6.0).abs() < 1e-9);
    }
}

/// The values of terms, weighted, are the expectation value of the sum, on states of any form.
#[test]
fn terms_add_up_to_the_expectation_value_of_their_sum() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let sites = vec![Site::Fermion; 5];
    let state = Mps::random(&sites, headstart_dmrg::Charge::new(5, 1), 12, &mut rng).unwrap();
    let mut sum = OperatorSum::new(sites);
    sum.add(0.7, &[(0, Op::CreateUp), (3, Op::AnnihilateUp)]).unwrap();
    sum.add(-1.3, &[(4, Op::CreateDown), (1, Op::AnnihilateDown)]).unwrap();
    sum.add(0.4, &[(2, Op::NumberUp)]).unwrap();
    sum.add(0.2, &[(2, Op::NumberUp), (2, Op::NumberDown)]).unwrap();
    sum.add(2.0, &[(1, Op::CreateUp), (1, Op::CreateUp), (0, Op::AnnihilateUp), (2, Op::AnnihilateUp)]).unwrap();
    sum.add(1.1, &[(4, Op::CreateUp), (0, Op::CreateDown), (3, Op::AnnihilateDown), (2, Op::AnnihilateUp)]).unwrap();
    sum.add(0.9, &[(0, Op::Parity), (4, Op::Parity)]).unwrap();
    sum.add(0.5, &[(3, Op::AnnihilateUp), (0, Op::CreateUp)]).unwrap();
    let values = state.expectations(&sum).unwrap();
    assert_eq!(values[4], 0.0, "an orbital is not filled twice");
    assert!((values[7] + values[0]).abs() < 1e-12, "operators of different orbitals anticommute");
    let total: f64 = sum.terms().iter().zip(&values).map(|((coefficient, _), value)| coefficient * value).sum();
    let whole = state.expectation(&headstart_dmrg::Mpo::new(&sum).unwrap()).unwrap();
    assert!((total - whole).abs() < 1e-12, "{total} {whole}");
    let other = lattice::heisenberg(5).unwrap();
    assert!(
        state.expectations(&other).is_err() && state.expectations(&OperatorSum::new(vec![Site::Fermion; 5])).is_err()
    );
    assert!(Mps::product(&[Site::Spin; 3], &[0, 1, 0]).unwrap().density_matrices().is_err());
}
