//! Entanglement of the orbitals of a CI wave function (Legeza & Sólyom 2003; Rissler, Noack & White 2006).

use headstart_simd::Portable;
use std::collections::HashMap;

use ndarray::Array2;

use super::determinant::Determinant;
use super::vector::CiVector;
use crate::Error;

/// Entropies of orbitals, in nats.
#[derive(Clone, Debug, PartialEq)]
pub struct CiEntropies {
    /// Single-orbital entropies `s_i`, 0 to ln 4, shape (n).
    pub single: Vec<f64>,
    /// Mutual information `I_ij = s_i + s_j - s_ij`, zero on the diagonal, shape (n, n).
    pub mutual: Array2<f64>,
}

/// Computes single-orbital entropies and mutual information of a CI vector.
pub fn entropies(vector: &CiVector) -> Result<CiEntropies, Error> {
    let n = vector.orbitals;
    let single = single_orbital_entropies(vector);
    let mut mutual = Array2::zeros((n, n));
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let pair = headstart_linalg::eigh(two_orbitals(vector, i, j).view())?;
        let value = (single[i] + single[j] - entropy(&pair.values.to_vec())).max(0.0);
        (mutual[[i, j]], mutual[[j, i]]) = (value, value);
    }
    Ok(CiEntropies { single, mutual })
}

/// Computes the single-orbital entropies, in nats, shape (n).
pub fn single_orbital_entropies(vector: &CiVector) -> Vec<f64> {
    (0..vector.orbitals).map(|i| entropy(&occupations(vector, i))).collect()
}

/// -sum p ln p.
fn entropy(probabilities: &[f64]) -> f64 {
    probabilities.iter().filter(|p| **p > 1e-15).map(|p| -p * p.portable_ln()).sum()
}

/// Probabilities of empty, up, down and both in an orbital. They are its density matrix, since electron numbers are
/// conserved.
fn occupations(vector: &CiVector, orbital: usize) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for (d, c) in vector.determinants.iter().zip(&vector.coefficients) {
        sums[local(*d, orbital)] += c * c;
    }
    sums
}

fn local(d: Determinant, orbital: usize) -> usize {
    (d.alpha >> orbital & 1) as usize | ((d.beta >> orbital & 1) as usize) << 1
}

/// Density matrix of two orbitals, shape (16, 16). The operators of the two orbitals are moved to the front, with the
/// sign of that move. All other operators keep their order, so determinants that differ only in the two orbitals agree
/// in the rest.
fn two_orbitals(vector: &CiVector, i: usize, j: usize) -> Array2<f64> {
    let inside = 1_u64 << i | 1 << j;
    let mut outside: HashMap<(u64, u64), [f64; 16]> = HashMap::new();
    let mut order = Vec::new();
    for (d, c) in vector.determinants.iter().zip(&vector.coefficients) {
        let key = (d.alpha & !inside, d.beta & !inside);
        let amplitudes = outside.entry(key).or_insert_with(|| {
            order.push(key);
            [0.0; 16]
        });
        amplitudes[local(*d, i) * 4 + local(*d, j)] += c * sign_to_front(*d, i, j);
    }
    let mut density = Array2::zeros((16, 16));
    // Sum in the order of the determinants, so that the result does not depend on the hash map.
    for amplitudes in order.iter().filter_map(|key| outside.get(key)) {
        for (a, x) in amplitudes.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            for (b, y) in amplitudes.iter().enumerate() {
                density[[a, b]] += x * y;
            }
        }
    }
    density
}

/// The sign of moving the occupied ones of i up, i down, j up, j down to the front. They are moved last to first, each
/// past all operators before it.
fn sign_to_front(d: Determinant, i: usize, j: usize) -> f64 {
    let below = |word: u64, at: usize| (word & ((1 << at) - 1)).count_ones();
    let Determinant { mut alpha, mut beta } = d;
    let (mut front, mut passed) = (0, 0);
    for orbital in [j, i] {
        if beta >> orbital & 1 == 1 {
            passed += front + alpha.count_ones() + below(beta, orbital);
            beta &= !(1 << orbital);
            front += 1;
        }
        if alpha >> orbital & 1 == 1 {
            passed += front + below(alpha, orbital);
            alpha &= !(1 << orbital);
            front += 1;
        }
    }
    if passed % 2 == 0 { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::full_ci;
    use crate::molecule::{Basis, Hydrogens, Orbitals};

    fn chain(atoms: usize, spacing: f64, orbitals: Orbitals) -> CiEntropies {
        let integrals = Hydrogens::chain(atoms, spacing, Basis::Sto3g).unwrap().hamiltonian(orbitals).unwrap();
        entropies(&full_ci(&integrals).unwrap()).unwrap()
    }

    #[test]
    fn two_orbitals_in_a_pure_state_share_all_their_entropy() {
        let found = chain(2, 1.4, Orbitals::Canonical);
        // |c0 (up down) 0> + c1 |0 (up down)>: each orbital has the entropy of the weights, the pair has entropy 0.
        let weight: f64 = 0.987_295_204_907_621_9;
        let exact = -weight * weight.ln() - (1.0 - weight) * (1.0 - weight).ln();
        assert!((found.single[0] - exact).abs() < 1e-9 && (found.single[1] - exact).abs() < 1e-9);
        assert!((found.mutual[[0, 1]] - 2.0 * exact).abs() < 1e-9);
    }

    #[test]
    fn electrons_far_apart_are_a_singlet_of_spins() {
        // Each atom is up or down with probability 1/2, so its entropy is ln 2, and the pair is pure. A wrong sign
        // would give a triplet, which also passes here, but the test of bonds below would then fail.
        let found = chain(2, 12.0, Orbitals::Lowdin);
        assert!((found.single[0] - 2.0_f64.ln()).abs() < 1e-3);
        // Four atoms as two bonds: the atoms of a bond share 2 ln 2, other neighbours nothing.
        let atoms = Hydrogens::alternating(4, 4.0, 12.0, Basis::Sto3g).unwrap();
        let found = entropies(&full_ci(&atoms.hamiltonian(Orbitals::Lowdin).unwrap()).unwrap()).unwrap();
        assert!((found.mutual[[0, 1]] - 2.0 * found.single[0]).abs() < 1e-3, "{:?}", found.mutual);
        assert!(found.mutual[[1, 2]] < 1e-3);
    }

    #[test]
    fn entropies_follow_the_order_of_the_orbitals() {
        let integrals = Hydrogens::chain(6, 2.4, Basis::Sto3g).unwrap().hamiltonian(Orbitals::Canonical).unwrap();
        let order = [3, 0, 5, 1, 4, 2];
        let plain = entropies(&full_ci(&integrals).unwrap()).unwrap();
        let moved = entropies(&full_ci(&integrals.permuted(&order).unwrap()).unwrap()).unwrap();
        for (new_i, &i) in order.iter().enumerate() {
            assert!((moved.single[new_i] - plain.single[i]).abs() < 1e-6);
            for (new_j, &j) in order.iter().enumerate() {
                assert!((moved.mutual[[new_i, new_j]] - plain.mutual[[i, j]]).abs() < 1e-5, "{i} {j}");
            }
        }
    }
}
