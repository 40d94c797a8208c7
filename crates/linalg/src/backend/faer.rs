//! The one file that names faer.

use ::faer::linalg::solvers::LltError;
use ::faer::{Mat, MatRef, Side};
use ndarray::{Array1, Array2, ArrayView2};

use super::library::Backend;
use crate::factors::{Eigh, Qr, Svd};

/// faer: pure Rust, no system library, on one thread.
#[derive(Clone, Copy, Debug)]
pub struct Faer;

impl Backend for Faer {
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
        let found = to_faer(a).self_adjoint_eigen(Side::Lower).ok()?;
        let values = found.S().column_vector();
        Some(Eigh { values: Array1::from_shape_fn(values.nrows(), |i| values[i]), vectors: from_faer(found.U()) })
    }

    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd> {
        let found = to_faer(a).thin_svd().ok()?;
        let values = found.S().column_vector();
        let values = Array1::from_shape_fn(values.nrows(), |i| values[i]);
        Some(Svd { u: from_faer(found.U()), values, vt: from_faer(found.V().transpose()) })
    }

    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr> {
        let found = to_faer(a).qr();
        Some(Qr { q: from_faer(found.compute_thin_Q().as_ref()), r: from_faer(found.thin_R()) })
    }

    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
        match to_faer(a).llt(Side::Lower) {
            Ok(found) => Ok(from_faer(found.L())),
            Err(LltError::NonPositivePivot { index }) => Err(index),
        }
    }

    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
        let l = to_faer(l);
        let mut x = to_faer(b);
        l.solve_lower_triangular_in_place(&mut x);
        l.transpose().solve_upper_triangular_in_place(&mut x);
        Some(from_faer(x.as_ref()))
    }
}

fn to_faer(a: &ArrayView2<'_, f64>) -> Mat<f64> {
    Mat::from_fn(a.nrows(), a.ncols(), |row, col| a[[row, col]])
}

fn from_faer(a: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(row, col)| a[(row, col)])
}
