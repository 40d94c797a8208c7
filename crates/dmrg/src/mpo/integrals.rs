//! The second-quantised Hamiltonian of a molecule as a sum of terms.

use crate::{Error, Integrals, Op, OperatorSum, Site};

/// Integrals below this fraction of the largest are rounding errors.
const ROUNDING: f64 = 1e-15;

/// Builds the sum over sites i with orbitals `order[i]`. A pair of creators (or annihilators) of the same spin is taken
/// once, in ascending order, with (ij|kl) - (il|kj).
pub(crate) fn sum(integrals: &Integrals, order: &[usize]) -> Result<OperatorSum, Error> {
    let n = integrals.orbitals();
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..n) {
        return Err(Error::Permutation { orbitals: n, order: order.to_vec() });
    }
    let one = |i: usize, j: usize| integrals.one(order[i], order[j]);
    let two = |i: usize, j: usize, k: usize, l: usize| integrals.two(order[i], order[j], order[k], order[l]);
    let mut largest = 0.0_f64;
    for i in 0..n {
        for j in 0..n {
            largest = largest.max(one(i, j).abs());
            for k in 0..n {
                (0..n).for_each(|l| largest = largest.max(two(i, j, k, l).abs()));
            }
        }
    }
    let cut = largest * ROUNDING;
    let mut sum = OperatorSum::new(vec![Site::Fermion; n]);
    sum.constant = integrals.core;
    let mut add =
        |value: f64, factors: &[(usize, Op)]| if value.abs() > cut { sum.add(value, factors) } else { Ok(()) };
    let spins = [(Op::CreateUp, Op::AnnihilateUp), (Op::CreateDown, Op::AnnihilateDown)];
    for i in 0..n {
        for j in 0..n {
            for (create, annihilate) in spins {
                add(one(i, j), &[(i, create), (j, annihilate)])?;
            }
            for k in 0..n {
                for l in 0..n {
                    let (up, down) = (spins[0], spins[1]);
                    add(two(i, j, k, l), &[(i, up.0), (k, down.0), (l, down.1), (j, up.1)])?;
                    if i < k && j < l {
                        let value = two(i, j, k, l) - two(i, l, k, j);
                        for (create, annihilate) in spins {
                            add(value, &[(i, create), (k, create), (l, annihilate), (j, annihilate)])?;
                        }
                    }
                }
            }
        }
    }
    Ok(sum)
}
