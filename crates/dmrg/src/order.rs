//! Orders of the orbitals along the chain. Orbitals that share much information should be neighbours.

use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::{Error, Integrals};

/// Returns the exchange integrals |(ij|ji)|, zero on the diagonal, in Hartree, shape (n, n). Needs no calculation.
pub fn exchange_matrix(integrals: &Integrals) -> Array2<f64> {
    let n = integrals.orbitals();
    Array2::from_shape_fn((n, n), |(i, j)| if i == j { 0.0 } else { integrals.two(i, j, j, i).abs() })
}

/// Sorts the orbitals by the Fiedler vector of a matrix of weights (exchange, mutual information), which puts pairs of
/// large weight close together (Barcza et al. 2011). Position p of the chain takes orbital `order[p]`.
///
/// Errors: a matrix that is not square, an entry that is not finite.
pub fn fiedler(weights: ArrayView2<'_, f64>) -> Result<Vec<usize>, Error> {
    let n = weights.nrows();
    if weights.ncols() != n {
        return Err(Error::Length { what: "columns of the weights", found: weights.ncols(), expected: n });
    }
    if weights.iter().any(|weight| !weight.is_finite()) {
        return Err(Error::NotFinite { what: "a weight between two orbitals" });
    }
    let most = weights.iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    // A tiny weight connects separate parts (orbitals of different symmetry, say): without it the graph does not have a unique second
    // eigenvector.
    let thread = most.max(f64::MIN_POSITIVE) * 1e-6;
    let mut laplacian = Array2::zeros((n, n));
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let weight = 0.5 * (weights[[i, j]].abs() + weights[[j, i]].abs()) + thread;
        laplacian[[i, j]] -= weight;
        laplacian[[j, i]] -= weight;
        laplacian[[i, i]] += weight;
        laplacian[[j, j]] += weight;
    }
    let mut order: Vec<usize> = (0..n).collect();
    if n > 2 {
        let eigh = headstart_linalg::eigh(laplacian.view())?;
        let vector = eigh.vectors.column(1);
        order.sort_by(|a, b| vector[*a].total_cmp(&vector[*b]));
    }
    Ok(order)
}

/// Returns the order from the last orbital to the first.
pub fn reversed(orbitals: usize) -> Vec<usize> {
    (0..orbitals).rev().collect()
}

/// Returns a random order.
pub fn random(orbitals: usize, rng: &mut impl Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..orbitals).collect();
    order.shuffle(rng);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::molecule::{Basis, Hydrogens, Orbitals};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn the_fiedler_vector_finds_a_hidden_chain() {
        let integrals = Hydrogens::chain(8, 1.8, Basis::Sto3g).unwrap().hamiltonian(Orbitals::Lowdin).unwrap();
        let hidden = random(8, &mut ChaCha8Rng::seed_from_u64(1));
        let shuffled = integrals.permuted(&hidden).unwrap();
        let order = fiedler(exchange_matrix(&shuffled).view()).unwrap();
        let atoms: Vec<usize> = order.iter().map(|p| hidden[*p]).collect();
        assert!(atoms.is_sorted() || atoms.iter().rev().is_sorted(), "{atoms:?}");
    }

    #[test]
    fn orders_are_permutations_for_any_weights() {
        for n in [1, 2, 3, 6] {
            let mut order = fiedler(Array2::zeros((n, n)).view()).unwrap();
            order.sort_unstable();
            assert!(order.into_iter().eq(0..n));
        }
        assert!(fiedler(Array2::zeros((2, 3)).view()).is_err());
        assert!(fiedler(Array2::from_elem((2, 2), f64::NAN).view()).is_err());
        assert_eq!(reversed(3), [2, 1, 0]);
    }
}
