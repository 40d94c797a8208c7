//! The crate's own decompositions as a [`Backend`].

use ndarray::{Array2, ArrayView2};

use super::library::Backend;
use crate::factors::{Eigh, Qr, Svd};
use crate::fixed;

/// Decompositions whose sums have a fixed order, so that every processor gives the same bits. Pure Rust, on one thread.
#[derive(Clone, Copy, Debug)]
pub struct FixedOrder;

impl Backend for FixedOrder {
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
        fixed::eigh(a)
    }

    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd> {
        fixed::svd(a)
    }

    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr> {
        Some(fixed::qr(a))
    }

    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
        fixed::cholesky(a)
    }

    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
        Some(fixed::cholesky_solve(l, b))
    }
}
