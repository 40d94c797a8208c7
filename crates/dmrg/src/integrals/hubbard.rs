//! Integrals of Hubbard models, in units of the hopping.

use headstart_simd::Portable;
use ndarray::Array2;

use super::{Integrals, check_permutation};
use crate::Error;

impl Integrals {
    /// Returns the open Hubbard chain with hopping 1 and repulsion `u`; position i of the chain is orbital `order[i]`.
    ///
    /// Errors: `order` is not a permutation, more electrons of a spin than orbitals.
    pub fn hubbard(order: &[usize], u: f64, electrons: (usize, usize)) -> Result<Self, Error> {
        let n = order.len();
        check_permutation(order, n)?;
        let (mut one, mut two) = (Array2::zeros((n, n)), Array2::zeros((n * n, n * n)));
        for pair in order.windows(2) {
            one[[pair[0], pair[1]]] = -1.0;
            one[[pair[1], pair[0]]] = -1.0;
        }
        (0..n).for_each(|i| two[[i * n + i, i * n + i]] = u);
        Self::new(one.view(), two.view(), 0.0, electrons)
    }

    /// Returns the Hubbard ring in momentum space, with orbital energies -2 cos(2 pi k / n). (pq|rs) is u/n if p + r
    /// and q + s differ by a multiple of n, and 0 otherwise. Momentum k is orbital `order[k]`. Plane waves are not
    /// real, so (pq|rs) differs from (qp|rs).
    ///
    /// Errors: as for [`hubbard`](Self::hubbard).
    pub fn hubbard_momentum(order: &[usize], u: f64, electrons: (usize, usize)) -> Result<Self, Error> {
        let n = order.len();
        check_permutation(order, n)?;
        let (mut one, mut two) = (Array2::zeros((n, n)), Array2::zeros((n * n, n * n)));
        for k in 0..n {
            one[[order[k], order[k]]] = -2.0 * (std::f64::consts::TAU * k as f64 / n as f64).portable_cos();
            for (q, r) in (0..n).flat_map(|q| (0..n).map(move |r| (q, r))) {
                let s = (k + n - q + r) % n;
                two[[order[k] * n + order[q], order[r] * n + order[s]]] = u / n as f64;
            }
        }
        Self::new(one.view(), two.view(), 0.0, electrons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::full_ci;

    #[test]
    fn chains_have_the_energies_of_exact_diagonalisation() {
        for (n, u, energy) in [(2, 4.0, -0.828_427_124_746_190_5), (6, 8.0, -1.768_098_755_261_273_7)] {
            let order: Vec<usize> = (0..n).collect();
            let found = full_ci(&Integrals::hubbard(&order, u, (n / 2, n / 2)).unwrap()).unwrap().energy;
            assert!((found - energy).abs() < 1e-9, "{n} {u}: {found}");
        }
        let shuffled = Integrals::hubbard(&[3, 0, 2, 5, 1, 4], 8.0, (3, 3)).unwrap();
        assert!((full_ci(&shuffled).unwrap().energy - -1.768_098_755_261_273_7).abs() < 1e-9);
    }

    #[test]
    fn momentum_space_has_the_energy_of_the_ring() {
        let n = 6;
        let mut one = Array2::zeros((n, n));
        let mut two = Array2::zeros((n * n, n * n));
        for i in 0..n {
            let next = (i + 1) % n;
            one[[i, next]] = -1.0;
            one[[next, i]] = -1.0;
            two[[i * n + i, i * n + i]] = 4.0;
        }
        let ring = full_ci(&Integrals::new(one.view(), two.view(), 0.0, (3, 3)).unwrap()).unwrap().energy;
        let order = [2, 0, 1, 5, 4, 3];
        let waves = Integrals::hubbard_momentum(&order, 4.0, (3, 3)).unwrap();
        assert!(!waves.is_eightfold());
        assert!((full_ci(&waves).unwrap().energy - ring).abs() < 1e-9);
    }
}
