//! One- and two-electron integrals over orthonormal orbitals, which define the Hamiltonian of a molecule.

mod hubbard;

use headstart_linalg::product;
use ndarray::{Array2, ArrayView2};
use serde::Serialize;

use crate::Error;

/// The Hamiltonian of electrons in `n` orthonormal spatial orbitals,
///
/// `H = core + sum (i|h|j) c†_is c_js + 1/2 sum (ij|kl) c†_is c†_kt c_lt c_js` over all i, j, k, l and spins s, t,
///
/// together with the numbers of electrons. Integrals are real. Two-electron integrals are in chemists' notation,
/// (ij|kl) = ∫ i(1) j(1) 1/r12 k(2) l(2), and always satisfy (ij|kl) = (kl|ij) = (ji|lk). For real orbitals (ij|kl) =
/// (ji|kl) as well ([`is_eightfold`](Self::is_eightfold)); plane waves have only the first two symmetries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Integrals {
    orbitals: usize,
    /// (i|h|j), shape (n, n).
    #[serde(serialize_with = "entries")]
    one: Array2<f64>,
    /// (ij|kl), rows ij and columns kl, shape (n n, n n).
    #[serde(serialize_with = "entries")]
    two: Array2<f64>,
    /// The energy that does not depend on the electrons (nuclear repulsion, frozen shells), in Hartree.
    pub core: f64,
    alpha: usize,
    beta: usize,
    symmetry: Vec<u32>,
    eightfold: bool,
}

/// Most orbitals: a determinant is one 64-bit word per spin, and integrals are stored without packing.
pub(crate) const MOST_ORBITALS: usize = 64;
/// Largest difference between integrals that must be equal.
const EQUAL: f64 = 1e-9;

impl Integrals {
    /// Creates integrals from (i|h|j), shape (n, n), and all (ij|kl), shape (n n, n n) with rows ij and columns kl, for
    /// the given numbers of electrons of spin up (alpha) and down (beta).
    ///
    /// Errors: shapes that do not match, no orbitals or more than 64, numbers that are not finite, integrals without
    /// the symmetries above, more electrons of a spin than orbitals.
    pub fn new(
        one: ArrayView2<'_, f64>,
        two: ArrayView2<'_, f64>,
        core: f64,
        (alpha, beta): (usize, usize),
    ) -> Result<Self, Error> {
        let n = one.nrows();
        if n == 0 || n > MOST_ORBITALS {
            return Err(Error::Orbitals { found: n, most: MOST_ORBITALS });
        }
        if one.dim() != (n, n) || two.dim() != (n * n, n * n) {
            return Err(Error::IntegralShape { one: one.dim(), two: two.dim() });
        }
        if !core.is_finite() || one.iter().any(|x| !x.is_finite()) || two.iter().any(|x| !x.is_finite()) {
            return Err(Error::NotFinite { what: "an integral" });
        }
        if alpha > n || beta > n {
            return Err(Error::Electrons { alpha, beta, orbitals: n });
        }
        let mut integrals = Self {
            orbitals: n,
            one: one.to_owned(),
            two: two.to_owned(),
            core,
            alpha,
            beta,
            symmetry: vec![1; n],
            eightfold: false,
        };
        integrals.check_symmetry()?;
        integrals.eightfold = integrals.is_symmetric(|[i, j, k, l]| [j, i, k, l]).is_ok();
        Ok(integrals)
    }

    fn check_symmetry(&self) -> Result<(), Error> {
        let n = self.orbitals;
        for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
            if (self.one(i, j) - self.one(j, i)).abs() > EQUAL {
                return Err(Error::Symmetry { indices: format!("(i|h|j) of i = {i}, j = {j}") });
            }
        }
        for swap in
            [(|[i, j, k, l]: [usize; 4]| [k, l, i, j]) as fn([usize; 4]) -> [usize; 4], |[i, j, k, l]| [j, i, l, k]]
        {
            self.is_symmetric(swap).map_err(|[i, j, k, l]| Error::Symmetry {
                indices: format!("(ij|kl) of i = {i}, j = {j}, k = {k}, l = {l}"),
            })?;
        }
        Ok(())
    }

    fn is_symmetric(&self, swap: fn([usize; 4]) -> [usize; 4]) -> Result<(), [usize; 4]> {
        let n = self.orbitals;
        for i in 0..n {
            for j in 0..n {
                for k in 0..n {
                    for l in 0..n {
                        let [a, b, c, d] = swap([i, j, k, l]);
                        if (self.two(i, j, k, l) - self.two(a, b, c, d)).abs() > EQUAL {
                            return Err([i, j, k, l]);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// Returns the number of spatial orbitals.
    pub fn orbitals(&self) -> usize {
        self.orbitals
    }

    /// Returns (i|h|j), in Hartree.
    #[inline]
    pub fn one(&self, i: usize, j: usize) -> f64 {
        self.one[[i, j]]
    }

    /// Returns (ij|kl) in chemists' notation, in Hartree.
    #[inline]
    pub fn two(&self, i: usize, j: usize, k: usize, l: usize) -> f64 {
        self.two[[i * self.orbitals + j, k * self.orbitals + l]]
    }

    /// Returns the number of electrons of spin up.
    pub fn alpha(&self) -> usize {
        self.alpha
    }

    /// Returns the number of electrons of spin down.
    pub fn beta(&self) -> usize {
        self.beta
    }

    /// Changes the numbers of electrons. Errors: more electrons of a spin than orbitals.
    pub fn with_electrons(mut self, alpha: usize, beta: usize) -> Result<Self, Error> {
        if alpha > self.orbitals || beta > self.orbitals {
            return Err(Error::Electrons { alpha, beta, orbitals: self.orbitals });
        }
        (self.alpha, self.beta) = (alpha, beta);
        Ok(self)
    }

    /// Adds `weight` (S^2 - S (S + 1)) to the Hamiltonian, in Hartree: zero for spin S = `twice_spin` / 2 and, at 2 Sz = 2 S,
    /// positive for every other spin.
    ///
    /// `S^2 = -1/2 sum over p, q of (E_pq E_qp - E_pp) - N (N - 4) / 4`, so the penalty changes only the integrals (pq|qp)
    /// and the core energy. Afterwards (pq|rs) = (qp|rs) no longer holds.
    ///
    /// Errors: a weight that is not finite.
    pub fn with_spin_penalty(&self, twice_spin: usize, weight: f64) -> Result<Self, Error> {
        let n = self.orbitals;
        let mut two = self.two.clone();
        for (p, q) in (0..n).flat_map(|p| (0..n).map(move |q| (p, q))) {
            two[[p * n + q, q * n + p]] -= weight;
        }
        let (electrons, spin) = ((self.alpha + self.beta) as f64, 0.5 * twice_spin as f64);
        let core = self.core - weight * (0.25 * electrons * (electrons - 4.0) + spin * (spin + 1.0));
        Self::new(self.one.view(), two.view(), core, (self.alpha, self.beta))?.with_symmetry(self.symmetry.clone())
    }

    /// Returns the irreducible representation of every orbital, numbered as in FCIDUMP files; 1 if unknown.
    pub fn symmetry(&self) -> &[u32] {
        &self.symmetry
    }

    /// Sets the irreducible representations. Errors: the number of labels is not the number of orbitals.
    pub fn with_symmetry(mut self, labels: Vec<u32>) -> Result<Self, Error> {
        if labels.len() != self.orbitals {
            return Err(Error::Length { what: "orbital symmetries", found: labels.len(), expected: self.orbitals });
        }
        self.symmetry = labels;
        Ok(self)
    }

    /// Returns whether (ij|kl) = (ji|kl), as for real orbitals.
    pub fn is_eightfold(&self) -> bool {
        self.eightfold
    }

    /// Reorders the orbitals: new orbital p is the old `order[p]`. Errors: not a permutation of 0..n.
    pub fn permuted(&self, order: &[usize]) -> Result<Self, Error> {
        check_permutation(order, self.orbitals)?;
        let n = self.orbitals;
        let mut new = self.clone();
        for p in 0..n {
            new.symmetry[p] = self.symmetry[order[p]];
            for q in 0..n {
                new.one[[p, q]] = self.one(order[p], order[q]);
                for r in 0..n {
                    for s in 0..n {
                        new.two[[p * n + q, r * n + s]] = self.two(order[p], order[q], order[r], order[s]);
                    }
                }
            }
        }
        Ok(new)
    }

    /// Rotates the orbitals: new orbital p is the sum over i of `rotation[i, p]` times old orbital i, for an orthogonal
    /// matrix of shape (n, n). Symmetry labels are reset. Errors: wrong shape, a matrix that is not orthogonal to 1e-8.
    pub fn rotated(&self, rotation: ArrayView2<'_, f64>) -> Result<Self, Error> {
        let n = self.orbitals;
        for (what, found) in [("rows of the rotation", rotation.nrows()), ("columns of the rotation", rotation.ncols())]
        {
            if found != n {
                return Err(Error::Length { what, found, expected: n });
            }
        }
        let gap = (product(&rotation.t(), &rotation) - Array2::<f64>::eye(n))
            .iter()
            .fold(0.0_f64, |most, x| most.max(x.abs()));
        if !(gap <= 1e-8) {
            return Err(Error::NotOrthogonal { gap });
        }
        let (one, two) = transform(self.one_matrix(), self.two_matrix(), rotation);
        Self::new(one.view(), two.view(), self.core, (self.alpha, self.beta))
    }

    /// Returns all (i|h|j), shape (n, n).
    pub fn one_matrix(&self) -> ArrayView2<'_, f64> {
        self.one.view()
    }

    /// Returns all (ij|kl), shape (n n, n n).
    pub fn two_matrix(&self) -> ArrayView2<'_, f64> {
        self.two.view()
    }
}

fn entries<S: serde::Serializer>(matrix: &Array2<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(matrix)
}

/// Checks that `order` is a permutation of 0..n.
pub(crate) fn check_permutation(order: &[usize], n: usize) -> Result<(), Error> {
    let mut seen = vec![false; n];
    for &i in order {
        match seen.get_mut(i) {
            Some(slot) if !*slot => *slot = true,
            _ => return Err(Error::Permutation { orbitals: n, order: order.to_vec() }),
        }
    }
    if order.len() == n { Ok(()) } else { Err(Error::Permutation { orbitals: n, order: order.to_vec() }) }
}

/// Transforms both kinds of integrals to the orbitals in the columns of `c`, shape (n, m).
pub(crate) fn transform(
    one: ArrayView2<'_, f64>,
    two: ArrayView2<'_, f64>,
    c: ArrayView2<'_, f64>,
) -> (Array2<f64>, Array2<f64>) {
    let (n, m) = c.dim();
    let new_one = product(&product(&c.t(), &one), &c);
    // (ij|kl) -> (pq|kl) -> its transpose (kl|pq) -> (rs|pq), which equals (pq|rs) because the particles are identical.
    let half = |two: Array2<f64>, rest: usize| {
        let mut new = Array2::zeros((m * m, rest));
        for column in 0..rest {
            let square = Array2::from_shape_fn((n, n), |(i, j)| two[[i * n + j, column]]);
            for ((p, q), value) in product(&product(&c.t(), &square), &c).indexed_iter() {
                new[[p * m + q, column]] = *value;
            }
        }
        new
    };
    let bra = half(two.to_owned(), n * n);
    let ket = half(bra.reversed_axes(), m * m);
    (new_one, ket.reversed_axes().as_standard_layout().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn bad_integrals_are_refused_with_a_clear_message() {
        let one = Array2::eye(2);
        let two = Array2::zeros((4, 4));
        let refused = |one: &Array2<f64>, two: &Array2<f64>, electrons| {
            Integrals::new(one.view(), two.view(), 0.0, electrons).unwrap_err().to_string()
        };
        assert!(refused(&Array2::zeros((0, 0)), &two, (0, 0)).contains("1 to 64"));
        assert!(refused(&one, &Array2::zeros((2, 2)), (1, 1)).contains("(4, 4)"));
        assert!(refused(&one, &two, (3, 1)).contains("3 of spin up"));
        let mut odd = two.clone();
        odd[[0, 1]] = 0.5;
        assert!(refused(&one, &odd, (1, 1)).contains("i = 0, j = 0, k = 0, l = 1"));
        let skew = ndarray::array![[0.0, 1.0], [0.0, 0.0]];
        assert!(refused(&skew, &two, (1, 1)).contains("i = 1, j = 0"));
        odd[[0, 1]] = f64::NAN;
        assert!(refused(&one, &odd, (1, 1)).contains("not finite"));
        let good = Integrals::new(one.view(), two.view(), 0.0, (1, 1)).unwrap();
        assert!(good.permuted(&[0, 0]).unwrap_err().to_string().contains("[0, 0]"));
        assert!(good.permuted(&[0]).is_err() && good.rotated((one * 2.0).view()).is_err());
    }

    #[test]
    fn rotating_there_and_back_changes_nothing() {
        let integrals = crate::testing::random_integrals(4, (2, 1), &mut ChaCha8Rng::seed_from_u64(3));
        let turned = headstart_linalg::eigh(integrals.one_matrix()).unwrap().vectors;
        let there = integrals.rotated(turned.view()).unwrap();
        assert!(there.one(0, 1).abs() < 1e-12 && (there.two(0, 1, 2, 3) - integrals.two(0, 1, 2, 3)).abs() > 1e-6);
        let back = there.rotated(turned.t()).unwrap();
        let gap = |a: &Array2<f64>, b: &Array2<f64>| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(gap(&back.one, &integrals.one) < 1e-12 && gap(&back.two, &integrals.two) < 1e-12);
        assert!(integrals.is_eightfold() && there.is_eightfold());
    }

    #[test]
    fn a_penalty_of_spin_raises_other_spins_only() {
        use crate::ci::full_ci;
        let integrals = crate::testing::random_integrals(4, (2, 2), &mut ChaCha8Rng::seed_from_u64(6));
        let triplet = full_ci(&integrals.clone().with_electrons(3, 1).unwrap()).unwrap().energy;
        let any = full_ci(&integrals).unwrap().energy;
        let singlet = full_ci(&integrals.with_spin_penalty(0, 10.0).unwrap()).unwrap().energy;
        let lifted = integrals.clone().with_electrons(3, 1).unwrap().with_spin_penalty(2, 10.0).unwrap();
        assert!((full_ci(&lifted).unwrap().energy - triplet).abs() < 1e-9, "the triplet itself is not raised");
        // At Sz = 0 the lowest state is one of the two, or a quintet.
        let quintet = full_ci(&integrals.clone().with_electrons(4, 0).unwrap()).unwrap().energy;
        assert!((any - singlet.min(triplet).min(quintet)).abs() < 1e-9, "{any} {singlet} {triplet}");
        let raised = full_ci(&integrals.with_spin_penalty(0, 0.01).unwrap()).unwrap().energy;
        assert!((raised - singlet.min(triplet + 0.02).min(quintet + 0.06)).abs() < 1e-9, "{raised}");
    }

    #[test]
    fn a_permutation_is_a_rotation_by_its_matrix() {
        let integrals = crate::testing::random_integrals(4, (2, 1), &mut ChaCha8Rng::seed_from_u64(5));
        let order = [2, 0, 3, 1];
        let mut matrix = Array2::zeros((4, 4));
        order.iter().enumerate().for_each(|(new, old)| matrix[[*old, new]] = 1.0);
        let (a, b) = (integrals.permuted(&order).unwrap(), integrals.rotated(matrix.view()).unwrap());
        assert!(a.two.iter().zip(&b.two).all(|(a, b)| (a - b).abs() < 1e-13));
        assert_eq!(a.one(0, 1), integrals.one(2, 0));
    }
}
