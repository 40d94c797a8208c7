//! LAPACK as a [`Backend`]; the only file that uses ndarray-linalg.

use lax::error::Error as Code;
use ndarray::{Array2, ArrayView2};
use ndarray_linalg::error::LinalgError;
use ndarray_linalg::{Cholesky, Diag, Eigh as _, JobSvd, QR, SVDDC, SolveTriangular, UPLO};

use super::library::Backend;
use crate::factors::{Eigh, Qr, Svd};

// Links the library whose symbols ndarray-linalg declares.
use openblas_src as _;

// `as_standard_layout`, because ndarray-linalg refuses strides other than those of contiguous rows or columns.

/// LAPACK from the system's `OpenBLAS`, on as many threads as `OPENBLAS_NUM_THREADS` sets.
#[derive(Clone, Copy, Debug)]
pub struct Lapack;

impl Backend for Lapack {
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
        let (values, vectors) = a.as_standard_layout().eigh(UPLO::Lower).ok()?;
        Some(Eigh { values, vectors })
    }

    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd> {
        let (u, values, vt) = a.as_standard_layout().svddc(JobSvd::Some).ok()?;
        Some(Svd { u: u?, values, vt: vt? })
    }

    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr> {
        let (q, r) = a.as_standard_layout().qr().ok()?;
        Some(Qr { q, r })
    }

    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
        a.as_standard_layout().cholesky(UPLO::Lower).map_err(|error| match error {
            // dpotrf counts the failing minor from 1.
            LinalgError::Lapack(Code::LapackComputationalFailure { return_code }) => {
                usize::try_from(return_code - 1).unwrap_or(0)
            }
            _ => 0,
        })
    }

    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
        let l = l.as_standard_layout();
        let b = b.as_standard_layout().into_owned();
        let half = l.solve_triangular(UPLO::Lower, Diag::NonUnit, &b).ok()?;
        l.t().solve_triangular(UPLO::Upper, Diag::NonUnit, &half).ok()
    }
}
