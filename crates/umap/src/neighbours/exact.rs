//! Exact nearest neighbours: squared distances by matrix product, the best of each row kept as the blocks go by.
//!
//! A product in single precision does not know the order of near ties, and which order it gives depends on how a block is
//! cut. So every entry carries a bound on its rounding: what may be among the nearest stays a candidate, and the
//! candidates are ordered by distances computed from differences in double precision, and by index where those agree.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};
use rayon::prelude::*;

/// Queries of one task, and points of one product: the block of products stays in the second-level cache.
const QUERIES: usize = 64;
const POINTS: usize = 1024;
/// Products looked at together.
const LANES: usize = 16;

pub(super) struct Found {
    /// Shape (queries, k).
    pub(super) indices: Array2<u32>,
    /// Squared distances, shape (queries, k).
    pub(super) squares: Array2<f64>,
}

/// Points twice: moved to where products keep the digits of distances, and as they are given.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// Shape (n, q).
    pub(super) moved: ArrayView2<'a, f32>,
    /// Shape (n, p).
    pub(super) exact: ArrayView2<'a, f32>,
}

/// The `k` nearest of `points` for each query, which with `same` is point number i itself and left out.
pub(super) fn nearest(queries: Side<'_>, points: Side<'_>, k: usize, same: bool) -> Found {
    let n = queries.moved.nrows();
    let point_norms = norms(points.moved);
    let query_norms = norms(queries.moved);
    // |fl(x'y) - x'y| <= p eps |x||y| in any order of summation, at most half of p eps (|x|² + |y|²); the move, the norms
    // and the sums add a few eps of their own.
    let rounding = (points.moved.ncols() as f32 + 16.0) * f32::EPSILON;
    let mut found = Found { indices: Array2::zeros((n, k)), squares: Array2::zeros((n, k)) };
    let rows = found.indices.axis_chunks_iter_mut(Axis(0), QUERIES).into_par_iter();
    let rows = rows.zip(found.squares.axis_chunks_iter_mut(Axis(0), QUERIES)).enumerate();
    rows.for_each_init(
        || Array2::<f32>::zeros((QUERIES, POINTS)),
        |products, (task, (mut indices, mut squares))| {
            let first = task * QUERIES;
            let count = indices.nrows();
            let block = queries.moved.slice(s![first..first + count, ..]);
            let mut nearest: Vec<Candidates> = (0..count).map(|_| Candidates::new(k)).collect();
            for from in (0..points.moved.nrows()).step_by(POINTS) {
                let to = points.moved.nrows().min(from + POINTS);
                let mut products = products.slice_mut(s![..count, ..to - from]);
                general_mat_mul(1.0, &block, &points.moved.slice(s![from..to, ..]).t(), 0.0, &mut products);
                let norms = point_norms.slice(s![from..to]);
                for (i, kept) in nearest.iter_mut().enumerate() {
                    let own = if same { first + i } else { usize::MAX };
                    kept.scan(products.row(i), norms, query_norms[first + i], rounding, from, own);
                }
            }
            for (i, kept) in nearest.iter().enumerate() {
                let ordered = kept.ordered(queries.exact.row(first + i), points.exact);
                for (j, (square, index)) in ordered.into_iter().enumerate() {
                    indices[[i, j]] = index;
                    squares[[i, j]] = square;
                }
            }
        },
    );
    found
}

fn norms(points: ArrayView2<'_, f32>) -> Array1<f32> {
    points.rows().into_iter().map(|row| row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() as f32).collect()
}

/// What may still be among the k nearest of one query.
struct Candidates {
    k: usize,
    /// The k smallest upper bounds so far, ascending.
    upper: Vec<f32>,
    /// Lower bound and index of every point that may be among the nearest.
    open: Vec<(f32, u32)>,
}

impl Candidates {
    fn new(k: usize) -> Self {
        Self { k, upper: Vec::with_capacity(k + 1), open: Vec::with_capacity(4 * k) }
    }

    /// The squared distance that no candidate's lower bound may exceed.
    fn limit(&self) -> f32 {
        if self.upper.len() < self.k { f32::INFINITY } else { self.upper[self.k - 1] }
    }

    fn scan(
        &mut self,
        products: ArrayView1<'_, f32>,
        norms: ArrayView1<'_, f32>,
        norm: f32,
        rounding: f32,
        from: usize,
        own: usize,
    ) {
        let (Some(products), Some(norms)) = (products.as_slice(), norms.as_slice()) else { return };
        let mut limit = self.limit();
        for (chunk, (products, norms)) in products.chunks(LANES).zip(norms.chunks(LANES)).enumerate() {
            let mut lower = [f32::INFINITY; LANES];
            for ((lower, product), square) in lower.iter_mut().zip(products).zip(norms) {
                *lower = (norm + square) * (1.0 - rounding) - 2.0 * product;
            }
            if lower.iter().any(|&lower| lower <= limit) {
                for (lane, &lower) in lower.iter().enumerate().take(products.len()) {
                    let index = from + chunk * LANES + lane;
                    if lower <= limit && index != own {
                        self.take(lower, lower + 2.0 * rounding * (norm + norms[lane]), index as u32);
                        limit = self.limit();
                    }
                }
            }
        }
    }

    fn take(&mut self, lower: f32, upper: f32, index: u32) {
        if upper < self.limit() {
            let place = self.upper.partition_point(|&other| other <= upper);
            self.upper.insert(place, upper);
            self.upper.truncate(self.k);
        }
        if self.open.len() == self.open.capacity() {
            let limit = self.limit();
            self.open.retain(|&(lower, _)| lower <= limit);
            // Where ties are many, looking through them again for every few would be quadratic.
            self.open.reserve(self.open.len().max(self.k));
        }
        self.open.push((lower, index));
    }

    /// The k nearest with their squared distances, by distance and then by index.
    fn ordered(&self, query: ArrayView1<'_, f32>, points: ArrayView2<'_, f32>) -> Vec<(f64, u32)> {
        let limit = self.limit();
        let mut exact: Vec<(f64, u32)> = self
            .open
            .iter()
            .filter(|(lower, _)| *lower <= limit)
            .map(|&(_, index)| (squared_distance(query, points.row(index as usize)), index))
            .collect();
        exact.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        exact.truncate(self.k);
        exact
    }
}

pub(super) fn squared_distance(x: ArrayView1<'_, f32>, y: ArrayView1<'_, f32>) -> f64 {
    x.iter().zip(y).map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2)).sum()
}
