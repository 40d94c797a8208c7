//! Full configuration interaction: exact within the orbitals. A product with H applies all single excitations,
//! multiplies by a matrix over pairs of orbitals and applies the excitations again (Knowles & Handy 1984, with the
//! unitary-group form of H).

use headstart_linalg::product;
use ndarray::{Array2, ArrayView1};

use super::davidson::davidson;
use super::determinant::Determinant;
use super::reference::irrep_of;
use super::selected;
use super::slater_condon::diagonal_element;
use super::strings::{Move, moves, strings};
use super::vector::CiVector;
use crate::{Error, Integrals};

/// Most determinants. A vector of them takes 16 MB, the intermediates about a hundred times that.
const MOST: usize = 2_000_000;
/// Determinants in the space that the guess is computed in.
const MODEL_SPACE: usize = 100;
/// Norm of the residual at convergence, in Hartree; the energy is converged to about its square.
const WITHIN: f64 = 1e-6;

/// Computes the ground state among all determinants with the integrals' numbers of electrons. The energy is converged
/// to about 1e-11 Hartree.
///
/// Errors: more than two million determinants, no convergence.
pub fn full_ci(integrals: &Integrals) -> Result<CiVector, Error> {
    full_ci_of(integrals, None)
}

/// As [`full_ci`], for the lowest state of an irreducible representation, 1 to 8.
///
/// Errors: those of [`full_ci`]; no determinant of the representation.
pub fn full_ci_of(integrals: &Integrals, irrep: Option<u32>) -> Result<CiVector, Error> {
    let n = integrals.orbitals();
    let count = |electrons: usize| (0..electrons).fold(1.0, |ways, i| ways * (n - i) as f64 / (i + 1) as f64);
    let size = count(integrals.alpha()) * count(integrals.beta());
    if size > MOST as f64 {
        return Err(Error::TooManyDeterminants { found: size, most: MOST });
    }
    let sigma = Sigma::new(integrals);
    let determinants: Vec<Determinant> = super::strings::determinants(n, (integrals.alpha(), integrals.beta()));
    let diagonal: Vec<f64> = determinants.iter().map(|d| diagonal_element(integrals, *d)).collect();
    let outside: Vec<bool> =
        determinants.iter().map(|d| irrep.is_some_and(|irrep| irrep_of(integrals, *d) != Some(irrep))).collect();
    if let Some(irrep) = irrep.filter(|_| outside.iter().all(|outside| *outside)) {
        return Err(Error::NoDeterminantOf { irrep, alpha: integrals.alpha(), beta: integrals.beta() });
    }
    // H does not leave a representation; rounding does.
    let clear = |x: &mut [f64]| x.iter_mut().zip(&outside).filter(|(_, outside)| **outside).for_each(|(x, _)| *x = 0.0);
    let of_model: Vec<f64> =
        diagonal.iter().zip(&outside).map(|(d, outside)| if *outside { f64::INFINITY } else { *d }).collect();
    let mut guess = selected::model_guess(integrals, &determinants, &of_model, MODEL_SPACE)?;
    clear(&mut guess);
    let found = davidson(&diagonal, guess, WITHIN, |x, y| {
        sigma.apply(x, y);
        clear(y);
    })?;
    let work = sigma.multiply_adds() * found.applied as f64;
    Ok(CiVector::new(n, determinants, found.vector, found.value, work))
}

/// H as a linear map; vectors have alpha strings as rows and beta strings as columns.
struct Sigma {
    core: f64,
    alpha: Vec<Vec<Move>>,
    beta: Vec<Vec<Move>>,
    /// `(p|h|q) - 1/2 sum_r (pr|rq)`, by pair.
    one: Vec<f64>,
    /// (pq|rs)/2, by pairs.
    two: Array2<f64>,
    rows: usize,
    columns: usize,
}

impl Sigma {
    fn new(integrals: &Integrals) -> Self {
        let n = integrals.orbitals();
        // For real orbitals (pq| and (qp| are the same.
        let packed = integrals.is_eightfold();
        let pair = |p: usize, q: usize| if packed { p.max(q) * (p.max(q) + 1) / 2 + p.min(q) } else { p * n + q };
        let pairs = if packed { n * (n + 1) / 2 } else { n * n };
        let (mut one, mut two) = (vec![0.0; pairs], Array2::zeros((pairs, pairs)));
        for (p, q) in (0..n).flat_map(|p| (0..n).map(move |q| (p, q))) {
            let exchange: f64 = (0..n).map(|r| integrals.two(p, r, r, q)).sum();
            one[pair(p, q)] = integrals.one(p, q) - 0.5 * exchange;
            for (r, s) in (0..n).flat_map(|r| (0..n).map(move |s| (r, s))) {
                two[[pair(p, q), pair(r, s)]] = 0.5 * integrals.two(p, q, r, s);
            }
        }
        let (up, down) = (strings(n, integrals.alpha()), strings(n, integrals.beta()));
        Self {
            core: integrals.core,
            alpha: moves(&up, n, pairs, pair),
            beta: moves(&down, n, pairs, pair),
            one,
            two,
            rows: up.len(),
            columns: down.len(),
        }
    }

    /// Multiply-adds of one product.
    fn multiply_adds(&self) -> f64 {
        let count = |moves: &[Vec<Move>]| moves.iter().map(Vec::len).sum::<usize>() as f64;
        let (rows, columns, pairs) = (self.rows as f64, self.columns as f64, self.one.len() as f64);
        2.0 * (count(&self.alpha) * columns + count(&self.beta) * rows) + (pairs + 1.0) * pairs * rows * columns
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        let size = self.rows * self.columns;
        let mut excited = Array2::zeros((self.one.len(), size));
        for (pair, mut row) in excited.rows_mut().into_iter().enumerate() {
            if let Some(row) = row.as_slice_mut() {
                self.excite(pair, x, row);
            }
        }
        let mut coupled = product(&self.two, &excited);
        drop(excited);
        for (mut row, one) in coupled.rows_mut().into_iter().zip(&self.one) {
            row.scaled_add(*one, &ArrayView1::from(x));
        }
        y.iter_mut().zip(x).for_each(|(y, x)| *y = self.core * x);
        for (pair, row) in coupled.rows().into_iter().enumerate() {
            if let Some(row) = row.as_slice() {
                self.excite(pair, row, y);
            }
        }
    }

    /// Adds `E_pq` x, both spins, to y.
    fn excite(&self, pair: usize, x: &[f64], y: &mut [f64]) {
        let columns = self.columns;
        for &Move { to, from, sign } in &self.alpha[pair] {
            let (to, from) = (to as usize * columns, from as usize * columns);
            let target = &mut y[to..to + columns];
            target.iter_mut().zip(&x[from..from + columns]).for_each(|(y, x)| *y += sign * x);
        }
        for (target, source) in y.chunks_exact_mut(columns).zip(x.chunks_exact(columns)) {
            for &Move { to, from, sign } in &self.beta[pair] {
                target[to as usize] += sign * source[from as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::element;
    use crate::molecule::{Basis, Hydrogens, Orbitals};
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn products_agree_with_the_slater_condon_rules() {
        for (electrons, seed) in [((2, 2), 1), ((3, 1), 2), ((0, 2), 3), ((4, 4), 4)] {
            let real = random_integrals(4, electrons, &mut ChaCha8Rng::seed_from_u64(seed));
            for integrals in [real.clone(), crate::testing::fourfold(&real)] {
                let all = crate::ci::strings::determinants(4, electrons);
                let sigma = Sigma::new(&integrals);
                for (column, &ket) in all.iter().enumerate() {
                    let mut x = vec![0.0; all.len()];
                    x[column] = 1.0;
                    let mut y = vec![0.0; all.len()];
                    sigma.apply(&x, &mut y);
                    for (found, &bra) in y.iter().zip(&all) {
                        assert!((found - element(&integrals, bra, ket)).abs() < 1e-12, "{bra:?} {ket:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_energy_does_not_depend_on_the_orbitals() {
        let atoms = Hydrogens::chain(6, 1.8, Basis::Sto3g).unwrap();
        for orbitals in [Orbitals::Canonical, Orbitals::Lowdin] {
            let found = full_ci(&atoms.hamiltonian(orbitals).unwrap()).unwrap();
            assert!((found.energy - -3.244_517_333_838_774_5).abs() < 1e-9, "{orbitals:?}: {}", found.energy);
        }
    }
}
