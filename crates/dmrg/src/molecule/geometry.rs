//! Geometries of hydrogen atoms.

use headstart_simd::Portable;
use ndarray::Array2;
use rand::{Rng, RngExt};

use super::gaussian::{Basis, distance2, kinetic, nuclear, overlap, pairs, repulsion};
use crate::Error;

/// Hydrogen atoms at given positions with one s function each.
#[derive(Clone, Debug, PartialEq)]
pub struct Hydrogens {
    positions: Vec<[f64; 3]>,
    basis: Basis,
}

/// Integrals over the atoms' functions, which overlap.
pub(super) struct Atomic {
    /// Shape (n, n).
    pub(super) overlap: Array2<f64>,
    /// Kinetic energy and attraction by all nuclei, shape (n, n).
    pub(super) one: Array2<f64>,
    /// (ij|kl), shape (n n, n n).
    pub(super) two: Array2<f64>,
    /// Repulsion of the nuclei.
    pub(super) core: f64,
}

/// Smallest distance of two nuclei, in bohr; below it the functions are nearly linearly dependent.
const CLOSEST: f64 = 0.1;

impl Hydrogens {
    /// Creates atoms at these positions, in bohr. Errors: no atoms or more than 64, two closer than 0.1 bohr.
    pub fn new(positions: Vec<[f64; 3]>, basis: Basis) -> Result<Self, Error> {
        let most = crate::integrals::MOST_ORBITALS;
        if positions.is_empty() || positions.len() > most {
            return Err(Error::Orbitals { found: positions.len(), most });
        }
        for (i, a) in positions.iter().enumerate() {
            for b in &positions[..i] {
                let distance = distance2(*a, *b).sqrt();
                if !(distance >= CLOSEST) {
                    return Err(Error::Distance { found: distance, least: CLOSEST });
                }
            }
        }
        Ok(Self { positions, basis })
    }

    /// Creates a chain whose neighbours are `spacing` bohr apart.
    pub fn chain(atoms: usize, spacing: f64, basis: Basis) -> Result<Self, Error> {
        Self::with_bonds(&vec![spacing; atoms.saturating_sub(1)], basis)
    }

    /// Creates a chain with alternating bonds, short ones first, in bohr.
    pub fn alternating(atoms: usize, short: f64, long: f64, basis: Basis) -> Result<Self, Error> {
        let bonds: Vec<f64> = (1..atoms).map(|bond| if bond % 2 == 1 { short } else { long }).collect();
        Self::with_bonds(&bonds, basis)
    }

    /// Creates a chain whose bonds are drawn uniformly within a fraction `share` (0.02 for 2%) of the spacing.
    pub fn jittered(atoms: usize, spacing: f64, share: f64, basis: Basis, rng: &mut impl Rng) -> Result<Self, Error> {
        let bonds: Vec<f64> = (1..atoms).map(|_| spacing * (1.0 + share * rng.random_range(-1.0..=1.0))).collect();
        Self::with_bonds(&bonds, basis)
    }

    /// Creates a chain with these bond lengths, in bohr: one atom more than bonds.
    pub fn with_bonds(bonds: &[f64], basis: Basis) -> Result<Self, Error> {
        let mut at = 0.0;
        let mut positions = vec![[0.0; 3]];
        for bond in bonds {
            at += bond;
            positions.push([0.0, 0.0, at]);
        }
        Self::new(positions, basis)
    }

    /// Creates a regular polygon whose neighbours are `spacing` bohr apart.
    pub fn ring(atoms: usize, spacing: f64, basis: Basis) -> Result<Self, Error> {
        let turn = std::f64::consts::TAU / atoms as f64;
        let radius = spacing / (2.0 * (turn / 2.0).portable_sin());
        let place = |atom: usize| {
            let (sin, cos) = (turn * atom as f64).portable_sin_cos();
            [radius * cos, radius * sin, 0.0]
        };
        Self::new((0..atoms).map(place).collect(), basis)
    }

    /// Returns the positions of the atoms, in bohr.
    pub fn positions(&self) -> &[[f64; 3]] {
        &self.positions
    }

    pub(super) fn integrals(&self) -> Atomic {
        let at = &self.positions;
        let n = at.len();
        let products = |i: usize, j: usize| pairs(self.basis, at[i], at[j]);
        let all: Vec<_> =
            (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| (i, j, products(i, j))).collect();
        let (mut s, mut one) = (Array2::zeros((n, n)), Array2::zeros((n, n)));
        let mut two = Array2::zeros((n * n, n * n));
        for (index, (i, j, bra)) in all.iter().enumerate() {
            let value = kinetic(bra) + nuclear(bra, at);
            for (i, j) in [(*i, *j), (*j, *i)] {
                s[[i, j]] = overlap(bra);
                one[[i, j]] = value;
            }
            for (k, l, ket) in &all[..=index] {
                let value = repulsion(bra, ket);
                for (bra, ket) in [(i * n + j, k * n + l), (j * n + i, k * n + l)] {
                    for (bra, ket) in [(bra, ket), (bra, l * n + k)] {
                        two[[bra, ket]] = value;
                        two[[ket, bra]] = value;
                    }
                }
            }
        }
        let repel = |i: usize| (0..i).map(|j| 1.0 / distance2(at[i], at[j]).sqrt()).sum::<f64>();
        Atomic { overlap: s, one, two, core: (0..n).map(repel).sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn neighbours_are_as_far_apart_as_was_asked() {
        let near = |atoms: &Hydrogens, i: usize, j: usize| distance2(atoms.positions[i], atoms.positions[j]).sqrt();
        let ring = Hydrogens::ring(8, 1.8, Basis::Sto3g).unwrap();
        assert!((0..8).all(|i| (near(&ring, i, (i + 1) % 8) - 1.8).abs() < 1e-12));
        let chain = Hydrogens::alternating(6, 1.4, 2.5, Basis::Sto3g).unwrap();
        assert!((near(&chain, 0, 1) - 1.4).abs() < 1e-12 && (near(&chain, 1, 2) - 2.5).abs() < 1e-12);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let jittered = Hydrogens::jittered(6, 2.0, 0.02, Basis::Sto3g, &mut rng).unwrap();
        let bonds: Vec<f64> = (0..5).map(|i| near(&jittered, i, i + 1)).collect();
        assert!(bonds.iter().all(|bond| (1.96..=2.04).contains(bond)) && bonds[0] != bonds[1]);
    }

    #[test]
    fn atoms_on_top_of_each_other_are_refused() {
        assert!(Hydrogens::chain(3, 0.0, Basis::Sto3g).unwrap_err().to_string().contains("0.1"));
        assert!(Hydrogens::chain(3, f64::NAN, Basis::Sto3g).is_err());
        assert!(Hydrogens::ring(0, 1.0, Basis::Sto3g).is_err());
    }
}
