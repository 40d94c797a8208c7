//! Products of matrices, C = C0 + A B, for the small shapes of networks in experiments.
//!
//! A tile of C, eight rows by two registers, is summed in registers. B is packed once per call into panels as wide as a
//! tile (at 64 x 128 x 128 this takes 2% of the time); A is read in place, by rows or by columns. A call does not
//! allocate, unlike one of `matrixmultiply`, and is twice as fast at these shapes. A single row, which an agent needs
//! at every step, would use each number of B once: it is summed without packing, with the same bits.

mod line;
mod tile;

use pulp::{Simd, WithSimd};

use crate::Lanes;

/// Steps of the inner sum per block, so that a panel of B stays in the first-level cache.
const DEPTH: usize = 256;
/// Columns of B per block, so that they stay in the second-level cache.
const BREADTH: usize = 512;
/// Rows of C per block, so that their part of A stays in the second-level cache.
const HEIGHT: usize = 128;

/// A matrix in memory.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    data: &'a [T],
    /// Distance from one line to the next.
    stride: usize,
    /// Whether lines are columns of the matrix, not rows.
    transposed: bool,
}

impl<'a, T> Matrix<'a, T> {
    /// A row-major matrix, with rows `stride` numbers apart.
    pub fn rows(data: &'a [T], stride: usize) -> Self {
        Self { data, stride, transposed: false }
    }

    /// The transpose of a row-major matrix with rows `stride` numbers apart.
    pub fn transpose(data: &'a [T], stride: usize) -> Self {
        Self { data, stride, transposed: true }
    }
}

/// The initial value of C, to which the product is added.
#[derive(Clone, Copy)]
pub enum Onto<'a, T> {
    /// Zero.
    Zero,
    /// The same row for every row of C.
    Row(&'a [T]),
    /// The current value of C.
    Itself,
}

/// Memory for packed panels, to be reused between calls.
#[derive(Default)]
pub struct Packing<T> {
    panels: Vec<T>,
}

/// Sets C, with m rows that are `stride` apart and n columns, to `onto` + A B; k is the inner dimension.
pub fn product<T: Lanes>(
    (c, stride): (&mut [T], usize),
    [m, n, k]: [usize; 3],
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    onto: Onto<'_, T>,
    packing: &mut Packing<T>,
) {
    if m == 0 || n == 0 {
        return;
    }
    crate::arch().dispatch(Product { c, stride, m, n, k, a, b, onto, packing });
}

struct Product<'a, T> {
    c: &'a mut [T],
    stride: usize,
    m: usize,
    n: usize,
    k: usize,
    a: Matrix<'a, T>,
    b: Matrix<'a, T>,
    onto: Onto<'a, T>,
    packing: &'a mut Packing<T>,
}

// Code that is not inlined into the function with `pulp`'s instructions would be compiled without them.
#[allow(clippy::inline_always)]
impl<T: Lanes> WithSimd for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { c, stride, m, n, k, a, b, onto, packing } = self;
        if m == 1 && !b.transposed {
            let step = if a.transposed { a.stride } else { 1 };
            return line::product(simd, &mut c[..n], (a.data, step, k), b, onto);
        }
        let lanes = T::count::<S>();
        // C is also set if k is 0.
        for depth_from in (0..k.max(1)).step_by(DEPTH) {
            let depth = DEPTH.min(k - depth_from);
            let onto = if depth_from == 0 { onto } else { Onto::Itself };
            for from in (0..n).step_by(BREADTH) {
                let breadth = BREADTH.min(n - from);
                let size = breadth.next_multiple_of(2 * lanes) * depth;
                if packing.panels.len() < size {
                    packing.panels.resize(size, T::default());
                }
                if depth > 0 {
                    pack(b, [depth_from, depth], [from, breadth], lanes, &mut packing.panels);
                }
                for top in (0..m).step_by(HEIGHT) {
                    let height = HEIGHT.min(m - top);
                    let mut panels = &packing.panels[..];
                    for left in (0..breadth).step_by(2 * lanes) {
                        let columns = (2 * lanes).min(breadth - left);
                        let wide = columns > lanes;
                        let (panel, rest) = panels.split_at(depth * lanes * (1 + usize::from(wide)));
                        panels = rest;
                        let onto = match onto {
                            Onto::Row(row) => Onto::Row(&row[from + left..][..columns]),
                            other => other,
                        };
                        let c = &mut c[top * stride + from + left..];
                        let part = tile::Part { a, top, depth_from, height, columns, onto };
                        if wide {
                            tile::column::<T, S, 2>(simd, &part, panel, c, stride);
                        } else {
                            tile::column::<T, S, 1>(simd, &part, panel, c, stride);
                        }
                    }
                }
            }
        }
    }
}

/// Packs rows `[from, depth]` and columns `[from, breadth]` of B into panels of two registers (or one, if that
/// suffices), padded with zeros.
#[allow(clippy::inline_always)]
#[inline(always)]
fn pack<T: Lanes>(b: Matrix<'_, T>, [top, depth]: [usize; 2], [left, breadth]: [usize; 2], lanes: usize, to: &mut [T]) {
    let mut to = to;
    for column in (0..breadth).step_by(2 * lanes) {
        let columns = (2 * lanes).min(breadth - column);
        let width = if columns > lanes { 2 * lanes } else { lanes };
        let (panel, rest) = std::mem::take(&mut to).split_at_mut(depth * width);
        to = rest;
        let from = left + column;
        if b.transposed {
            if columns < width {
                panel.fill(T::default());
            }
            for j in 0..columns {
                let line = &b.data[(from + j) * b.stride + top..][..depth];
                for (to, &value) in panel[j..].iter_mut().step_by(width).zip(line) {
                    *to = value;
                }
            }
        } else {
            for (p, to) in panel.chunks_exact_mut(width).enumerate() {
                let line = &b.data[(top + p) * b.stride + from..][..columns];
                to[..columns].copy_from_slice(line);
                to[columns..].fill(T::default());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(count: usize, seed: usize) -> Vec<f64> {
        (0..count).map(|i| (((i * 7919 + seed * 104_729) % 2003) as f64) / 1001.0 - 1.0).collect()
    }

    proptest! {
        #[test]
        fn agrees_with_the_sum(
            m in 0_usize..40, n in 0_usize..70, k in 0_usize..300, flags in 0_usize..12, extra in 0_usize..5,
        ) {
            let (a_turned, b_turned) = (flags & 1 == 1, flags & 2 == 2);
            let (a_stride, b_stride) = (if a_turned { m } else { k } + extra, if b_turned { k } else { n } + extra);
            let a = numbers(a_stride * if a_turned { k } else { m }, 1);
            let b = numbers(b_stride * if b_turned { n } else { k }, 2);
            let (bias, before) = (numbers(n, 3), numbers(m * (n + extra), 4));
            let mut expected = before.clone();
            // Running error analysis (Higham, Accuracy and Stability, 2nd ed., section 3.3): each step rounds its
            // partial sum, its product, and, in single precision, both factors. The bound is therefore small also for
            // terms that cancel.
            let mut size: Vec<f64> = before.iter().map(|x: &f64| x.abs()).collect();
            for i in 0..m {
                for j in 0..n {
                    let (c, size) = (&mut expected[i * (n + extra) + j], &mut size[i * (n + extra) + j]);
                    *c = match flags / 4 { 0 => 0.0, 1 => bias[j], _ => *c };
                    *size = c.abs();
                    for p in 0..k {
                        let left = if a_turned { a[p * a_stride + i] } else { a[i * a_stride + p] };
                        let term = left * if b_turned { b[j * b_stride + p] } else { b[p * b_stride + j] };
                        *c += term;
                        *size += c.abs() + 2.0 * term.abs();
                    }
                }
            }
            let narrow = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<_>>();
            let mut found = before.clone();
            multiply(&mut found, [m, n, k, extra], (&a, a_turned), (&b, b_turned), &bias, flags / 4);
            let mut single = narrow(&before);
            let (a, b, bias) = (narrow(&a), narrow(&b), narrow(&bias));
            multiply(&mut single, [m, n, k, extra], (&a, a_turned), (&b, b_turned), &bias, flags / 4);
            // The reference has the rounding errors of double precision; the last factor covers second-order terms.
            let (double, narrow) = (f64::EPSILON * 1.001, f64::from(f32::EPSILON) / 2.0 * 1.001);
            for i in 0..expected.len() {
                let (expected, single, size) = (expected[i], f64::from(single[i]), size[i]);
                prop_assert!((expected - found[i]).abs() <= double * size, "double at {i}: {} for {expected}", found[i]);
                prop_assert!((expected - single).abs() <= narrow * size, "single at {i}: {single} for {expected}");
            }
        }
    }

    proptest! {
        /// A single row has the same bits as the same row in a larger matrix.
        #[test]
        fn a_single_row_has_the_same_bits_as_in_a_larger_matrix(
            n in 1_usize..150, k in 0_usize..300, flags in 0_usize..6, extra in 0_usize..5,
        ) {
            let a_turned = flags & 1 == 1;
            let narrow = |x: Vec<f64>| x.iter().map(|&x| x as f32).collect::<Vec<_>>();
            let (row, b) = (narrow(numbers(k, 1)), narrow(numbers((n + extra) * k, 2)));
            let (bias, before) = (narrow(numbers(n, 3)), narrow(numbers(n + extra, 4)));
            let stride = if a_turned { 2 } else { k } + extra;
            let mut two = vec![0.0; stride * if a_turned { k } else { 2 }];
            for (p, &x) in row.iter().enumerate() {
                for i in 0..2 {
                    two[if a_turned { p * stride + i } else { i * stride + p }] = x;
                }
            }
            let onto = [Onto::Zero, Onto::Row(&bias), Onto::Itself][flags / 2];
            let a = Matrix { data: &two, stride, transposed: a_turned };
            let product_of = |rows: usize| {
                let mut c = before.repeat(rows);
                let b = Matrix::rows(&b, n + extra);
                product((&mut c, n + extra), [rows, n, k], a, b, onto, &mut Packing::default());
                c.truncate(n + extra);
                c.iter().map(|x| x.to_bits()).collect::<Vec<_>>()
            };
            prop_assert_eq!(product_of(1), product_of(2));
        }
    }

    fn multiply<T: Lanes>(
        c: &mut [T],
        [m, n, k, extra]: [usize; 4],
        (a, a_turned): (&[T], bool),
        (b, b_turned): (&[T], bool),
        bias: &[T],
        onto: usize,
    ) {
        let a_stride = if a_turned { m } else { k } + extra;
        let b_stride = if b_turned { k } else { n } + extra;
        let onto = [Onto::Zero, Onto::Row(bias), Onto::Itself][onto];
        let (a, b) = (
            Matrix { data: a, stride: a_stride, transposed: a_turned },
            Matrix { data: b, stride: b_stride, transposed: b_turned },
        );
        product((c, n + extra), [m, n, k], a, b, onto, &mut Packing::default());
    }
}
