//! Products of two matrices.

use std::borrow::Cow;

use headstart_simd::gemm::{self, Matrix, Onto, Packing};
use ndarray::{Array2, ArrayBase, Data, Ix2};

/// Returns A B, shape (m, n), for A of shape (m, k) and B of shape (k, n).
///
/// Every entry is one chain of fused multiply-adds in the order of k, so every processor gives the same bits. In
/// contrast, ndarray's `dot` of two matrices picks its kernel by the processor.
///
/// # Panics
///
/// If the inner dimensions differ, as ndarray's `dot`.
pub fn product<A, B>(a: &ArrayBase<A, Ix2>, b: &ArrayBase<B, Ix2>) -> Array2<f64>
where
    A: Data<Elem = f64>,
    B: Data<Elem = f64>,
{
    let ((m, depth), (inner, n)) = (a.dim(), b.dim());
    assert_eq!(depth, inner, "cannot multiply a matrix with {depth} columns by one with {inner} rows");
    let mut c = Array2::zeros((m, n));
    if let Some(c) = c.as_slice_mut().filter(|_| depth > 0) {
        let (a, b) = (Lines::of(a), Lines::of(b));
        gemm::product((c, n), [m, n, depth], a.matrix(), b.matrix(), Onto::Zero, &mut Packing::default());
    }
    c
}

/// A matrix by rows or by columns.
struct Lines<'a> {
    data: Cow<'a, [f64]>,
    stride: usize,
    transposed: bool,
}

impl<'a> Lines<'a> {
    /// Borrows a matrix with contiguous rows or columns, and copies any other.
    fn of(a: &'a ArrayBase<impl Data<Elem = f64>, Ix2>) -> Self {
        let (rows, columns) = a.dim();
        if let Some(data) = a.as_slice() {
            return Self { data: data.into(), stride: columns, transposed: false };
        }
        if let Some(data) = a.t().to_slice() {
            return Self { data: data.into(), stride: rows, transposed: true };
        }
        Self { data: a.iter().copied().collect(), stride: columns, transposed: false }
    }

    fn matrix(&self) -> Matrix<'_, f64> {
        if self.transposed { Matrix::transpose(&self.data, self.stride) } else { Matrix::rows(&self.data, self.stride) }
    }
}
