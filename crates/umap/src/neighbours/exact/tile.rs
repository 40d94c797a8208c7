//! Points in panels of 32, stored column by column, and the search for near pairs of two panels.

use ndarray::ArrayView2;
use pulp::{Simd, WithSimd};
use rayon::prelude::*;

/// Points per panel.
pub(super) const LANES: usize = 32;
/// Rows of a tile. With two vectors of columns, their sums keep the processor busy and fit the registers.
const ROWS: usize = 8;

/// Size of a block in numbers, so that two blocks fit the second-level cache; and its largest number of panels.
const NUMBERS: usize = 1 << 15;
const PANELS: usize = 16;

/// One column of a panel, or one number per point: whole cache lines.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Lanes([f32; LANES]);

/// Points in panels. The last panel is padded with points that are never near.
pub(super) struct Panels {
    width: usize,
    /// By panel, column and point.
    coordinates: Vec<Lanes>,
    /// Squared lengths.
    norms: Vec<Lanes>,
    rounding: f32,
}

/// One panel.
#[derive(Clone, Copy)]
pub(super) struct Panel<'a> {
    coordinates: &'a [Lanes],
    norms: &'a [f32; LANES],
    rounding: f32,
}

/// Two points that may be near.
pub(super) struct Hit {
    /// Row in the first panel.
    pub(super) row: u8,
    /// Column in the second panel.
    pub(super) column: u8,
    /// Bounds on their squared distance.
    pub(super) lower: f32,
    pub(super) upper: f32,
}

impl Panels {
    /// Points of shape (n, p).
    pub(super) fn new(points: ArrayView2<'_, f32>) -> Self {
        let (n, width) = points.dim();
        let count = n.div_ceil(LANES);
        let mut coordinates = vec![Lanes([0.0; LANES]); count * width];
        let mut norms = vec![Lanes([f32::INFINITY; LANES]); count];
        let panels = coordinates.par_chunks_mut(width.max(1)).zip(&mut norms).enumerate();
        panels.for_each(|(panel, (columns, norms))| {
            let first = panel * LANES;
            for (lane, norm) in (0..LANES.min(n - first)).zip(&mut norms.0) {
                let row = points.row(first + lane);
                columns.iter_mut().zip(row).for_each(|(column, x)| column.0[lane] = *x);
                *norm = row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() as f32;
            }
        });
        // |fl(x'y) - x'y| <= p eps |x||y| in any order of summation, which is at most half of p eps (|x|² + |y|²). The
        // shift, the norms and the sums add a few eps.
        Self { width, coordinates, norms, rounding: (width as f32 + 16.0) * f32::EPSILON }
    }

    pub(super) fn len(&self) -> usize {
        self.norms.len()
    }

    /// Panels of a block.
    pub(super) fn block(&self) -> usize {
        (NUMBERS / (LANES * self.width).max(1)).clamp(1, PANELS)
    }

    pub(super) fn panel(&self, number: usize) -> Panel<'_> {
        let coordinates = &self.coordinates[number * self.width..(number + 1) * self.width];
        Panel { coordinates, norms: &self.norms[number].0, rounding: self.rounding }
    }
}

/// Lists the pairs of two panels whose squared distance may be at most the limit of either.
pub(super) fn hits(a: Panel<'_>, b: Panel<'_>, a_limits: &[f32; LANES], b_limits: &[f32; LANES], to: &mut Vec<Hit>) {
    headstart_simd::arch().dispatch(Tiles { a, b, a_limits, b_limits, to });
}

struct Tiles<'a> {
    a: Panel<'a>,
    b: Panel<'a>,
    a_limits: &'a [f32; LANES],
    b_limits: &'a [f32; LANES],
    to: &'a mut Vec<Hit>,
}

impl WithSimd for Tiles<'_> {
    type Output = ();

    // A call would lose the target features of the enclosing loop.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for rows in 0..LANES / ROWS {
            for pair in 0..LANES / (2 * S::F32_LANES) {
                // One name per row, since arrays indexed by a variable do not stay in registers.
                let [mut p, mut q, mut r, mut s, mut t, mut u, mut v, mut w] = [[simd.splat_f32s(0.0); 2]; ROWS];
                for (x, y) in self.a.coordinates.iter().zip(self.b.coordinates) {
                    let x = &x.0.as_chunks::<ROWS>().0[rows];
                    let y = &S::as_simd_f32s(&y.0).0[2 * pair..2 * pair + 2];
                    for (x, sums) in x.iter().zip([&mut p, &mut q, &mut r, &mut s, &mut t, &mut u, &mut v, &mut w]) {
                        let x = simd.splat_f32s(*x);
                        *sums = [simd.mul_add_f32s(x, y[0], sums[0]), simd.mul_add_f32s(x, y[1], sums[1])];
                    }
                }
                for (row, sums) in (rows * ROWS..).zip([p, q, r, s, t, u, v, w]) {
                    for (vector, products) in (2 * pair..).zip(sums) {
                        self.look(simd, row, vector, products);
                    }
                }
            }
        }
    }
}

impl Tiles<'_> {
    /// Lists the points near one row, by the products of one vector of columns.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn look<S: Simd>(&mut self, simd: S, row: usize, vector: usize, products: S::f32s) {
        let rounding = self.a.rounding;
        let (norm, limit) = (self.a.norms[row], self.a_limits[row]);
        let (norms, limits) = (S::as_simd_f32s(self.b.norms).0[vector], S::as_simd_f32s(self.b_limits).0[vector]);
        let both = simd.add_f32s(simd.splat_f32s(norm), norms);
        let lower = simd.mul_f32s(both, simd.splat_f32s(1.0 - rounding));
        let lower = simd.mul_add_f32s(products, simd.splat_f32s(-2.0), lower);
        let limits = simd.max_f32s(limits, simd.splat_f32s(limit));
        if simd.first_true_m32s(simd.less_than_or_equal_f32s(lower, limits)) < S::F32_LANES {
            let mut lowers = [0.0; LANES];
            simd.partial_store_f32s(&mut lowers[..S::F32_LANES], lower);
            for (column, lower) in (vector * S::F32_LANES..).zip(&lowers[..S::F32_LANES]) {
                if *lower <= limit.max(self.b_limits[column]) {
                    let upper = lower + 2.0 * rounding * (norm + self.b.norms[column]);
                    self.to.push(Hit { row: row as u8, column: column as u8, lower: *lower, upper });
                }
            }
        }
    }
}
