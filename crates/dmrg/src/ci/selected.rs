//! Configuration interaction in a given list of determinants.

use ndarray::Array2;

use super::davidson::davidson;
use super::determinant::Determinant;
use super::slater_condon::{diagonal_element, element};
use super::vector::CiVector;
use crate::{Error, Integrals};

/// Norm of the residual at convergence, in Hartree.
const WITHIN: f64 = 1e-6;
/// Determinants in the space that the guess is computed in.
const MODEL_SPACE: usize = 40;

/// Computes the ground state of H in the space of these determinants. The work counted is the multiply-adds of the
/// products of H with vectors.
///
/// Errors: no determinant, a determinant listed twice, no convergence.
pub fn diagonalise(integrals: &Integrals, determinants: &[Determinant]) -> Result<CiVector, Error> {
    if determinants.is_empty() {
        return Err(Error::NoDeterminants);
    }
    let mut sorted = determinants.to_vec();
    sorted.sort_unstable();
    if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::TwiceDeterminant { sites: twice[0].sites(integrals.orbitals()) });
    }
    let diagonal: Vec<f64> = determinants.iter().map(|d| diagonal_element(integrals, *d)).collect();
    let lower = LowerTriangle::new(integrals, determinants);
    let guess = model_guess(integrals, determinants, &diagonal, MODEL_SPACE)?;
    let found = davidson(&diagonal, guess, WITHIN, |x, y| {
        y.iter_mut().zip(x).zip(&diagonal).for_each(|((y, x), d)| *y = d * x);
        lower.add_product(x, y);
    })?;
    let work = (determinants.len() + 2 * lower.values.len()) as f64 * found.applied as f64;
    Ok(CiVector::new(integrals.orbitals(), determinants.to_vec(), found.vector, found.value, work))
}

/// The entries below the diagonal, row by row.
struct LowerTriangle {
    rows: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl LowerTriangle {
    fn new(integrals: &Integrals, determinants: &[Determinant]) -> Self {
        let (mut rows, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        for (i, bra) in determinants.iter().enumerate() {
            for (j, ket) in (0..).zip(&determinants[..i]) {
                let value = if bra.level(*ket) <= 2 { element(integrals, *bra, *ket) } else { 0.0 };
                if value != 0.0 {
                    columns.push(j);
                    values.push(value);
                }
            }
            rows.push(columns.len());
        }
        Self { rows, columns, values }
    }

    fn add_product(&self, x: &[f64], y: &mut [f64]) {
        for (i, row) in self.rows.windows(2).enumerate() {
            let mut sum = 0.0;
            for (&j, value) in self.columns[row[0]..row[1]].iter().zip(&self.values[row[0]..row[1]]) {
                sum += value * x[j as usize];
                y[j as usize] += value * x[i];
            }
            y[i] += sum;
        }
    }
}

/// A guess: the ground state among the determinants with the lowest diagonal elements, plus a small part of all others.
/// Those with an infinite diagonal element are left out of the former.
/// A guess that lacks a symmetry of the ground state would never find it.
pub(super) fn model_guess(
    integrals: &Integrals,
    determinants: &[Determinant],
    diagonal: &[f64],
    most: usize,
) -> Result<Vec<f64>, Error> {
    let mut lowest: Vec<usize> = (0..diagonal.len()).filter(|i| diagonal[*i].is_finite()).collect();
    lowest.sort_by(|a, b| diagonal[*a].total_cmp(&diagonal[*b]).then(a.cmp(b)));
    lowest.truncate(most);
    let m = lowest.len();
    let model = Array2::from_shape_fn((m, m), |(i, j)| {
        if i < j { 0.0 } else { element(integrals, determinants[lowest[i]], determinants[lowest[j]]) }
    });
    let eigh = headstart_linalg::eigh(model.view())?;
    // Multiples of the golden ratio, folded into -1..1, have no symmetry.
    let golden = |i: usize| 2.0 * ((i + 1) as f64 * 0.618_033_988_749_894_9).fract() - 1.0;
    let size = 1e-2 / (diagonal.len() as f64).sqrt();
    let mut guess: Vec<f64> = (0..diagonal.len()).map(|i| size * golden(i)).collect();
    lowest.iter().zip(eigh.vectors.column(0)).for_each(|(&i, weight)| guess[i] += weight);
    Ok(guess)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::full_ci;
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn selected_and_full_ci_agree_with_dense_diagonalisation() {
        for (electrons, seed) in [((2, 2), 1), ((1, 3), 2), ((2, 0), 3)] {
            let integrals = random_integrals(5, electrons, &mut ChaCha8Rng::seed_from_u64(seed));
            let all = crate::ci::strings::determinants(5, electrons);
            let dense = Array2::from_shape_fn((all.len(), all.len()), |(i, j)| element(&integrals, all[i], all[j]));
            let exact = headstart_linalg::eigh(dense.view()).unwrap().values[0];
            let (listed, full) = (diagonalise(&integrals, &all).unwrap(), full_ci(&integrals).unwrap());
            assert!((listed.energy - exact).abs() < 1e-9 && (full.energy - exact).abs() < 1e-9);
            assert!(listed.work > 0.0 && full.work > 0.0);
        }
    }

    #[test]
    fn empty_lists_and_duplicates_are_refused() {
        let integrals = random_integrals(3, (1, 1), &mut ChaCha8Rng::seed_from_u64(1));
        assert!(diagonalise(&integrals, &[]).is_err());
        let twice = [Determinant::lowest(1, 1); 2];
        assert!(diagonalise(&integrals, &twice).unwrap_err().to_string().contains("[3, 0, 0]"));
    }
}
