//! Tiles of C, summed in registers.

// Code that is not inlined into the function with `pulp`'s instructions would be compiled without them.
#![allow(clippy::inline_always)]

use pulp::{Simd, as_arrays};

use super::{Matrix, Onto};
use crate::Lanes;

/// Common data of the tiles in one column of tiles.
pub(super) struct Part<'a, T> {
    pub(super) a: Matrix<'a, T>,
    /// The first row of A.
    pub(super) top: usize,
    /// The first column of A.
    pub(super) depth_from: usize,
    /// Number of rows of A.
    pub(super) height: usize,
    /// Number of columns of C.
    pub(super) columns: usize,
    pub(super) onto: Onto<'a, T>,
}

/// Computes all rows of C for one panel, which is `WIDTH` registers wide.
#[inline(always)]
pub(super) fn column<T: Lanes, S: Simd, const WIDTH: usize>(
    simd: S,
    part: &Part<'_, T>,
    panel: &[T],
    c: &mut [T],
    stride: usize,
) {
    let (panel, _) = as_arrays::<WIDTH, _>(T::split::<S>(panel));
    let mut row = 0;
    // A tile of eight rows does not fit into sixteen registers.
    if S::REGISTER_COUNT > 16 {
        while row + 8 <= part.height {
            rows::<T, S, 8, WIDTH>(simd, part, row, panel, &mut c[row * stride..], stride);
            row += 8;
        }
    }
    while row + 4 <= part.height {
        rows::<T, S, 4, WIDTH>(simd, part, row, panel, &mut c[row * stride..], stride);
        row += 4;
    }
    while row < part.height {
        rows::<T, S, 1, WIDTH>(simd, part, row, panel, &mut c[row * stride..], stride);
        row += 1;
    }
}

#[inline(always)]
fn rows<T: Lanes, S: Simd, const ROWS: usize, const WIDTH: usize>(
    simd: S,
    part: &Part<'_, T>,
    row: usize,
    panel: &[[T::Of<S>; WIDTH]],
    c: &mut [T],
    stride: usize,
) {
    let Matrix { data, stride: a_stride, transposed } = part.a;
    let depth = panel.len();
    let at = |line: usize, from: usize, count: usize| &data[line * a_stride + from..][..count];
    if depth == 0 {
        tile::<T, S, ROWS, WIDTH>(simd, part, panel, |_| [T::default(); ROWS], c, stride);
    } else if transposed {
        let column = |p: usize| {
            let mut column = [T::default(); ROWS];
            column.copy_from_slice(at(part.depth_from + p, part.top + row, ROWS));
            column
        };
        tile::<T, S, ROWS, WIDTH>(simd, part, panel, column, c, stride);
    } else {
        let lines: [&[T]; ROWS] = std::array::from_fn(|i| at(part.top + row + i, part.depth_from, depth));
        let column = |p: usize| std::array::from_fn(|i| lines[i][p]);
        tile::<T, S, ROWS, WIDTH>(simd, part, panel, column, c, stride);
    }
}

#[inline(always)]
fn tile<T: Lanes, S: Simd, const ROWS: usize, const WIDTH: usize>(
    simd: S,
    part: &Part<'_, T>,
    panel: &[[T::Of<S>; WIDTH]],
    column: impl Fn(usize) -> [T; ROWS],
    c: &mut [T],
    stride: usize,
) {
    let lanes = T::count::<S>();
    let full = part.columns == WIDTH * lanes;
    let load = |line: &[T]| -> [T::Of<S>; WIDTH] {
        let line = &line[..part.columns];
        if let Some(line) = T::split::<S>(line).first_chunk::<WIDTH>()
            && full
        {
            return *line;
        }
        let place = |v: usize| (v * lanes).min(part.columns)..((v + 1) * lanes).min(part.columns);
        std::array::from_fn(|v| T::load(simd, &line[place(v)]))
    };
    let mut sums: [[T::Of<S>; WIDTH]; ROWS] = match part.onto {
        Onto::Zero => [[T::splat(simd, T::default()); WIDTH]; ROWS],
        Onto::Row(row) => [load(row); ROWS],
        Onto::Itself => std::array::from_fn(|i| load(&c[i * stride..])),
    };
    for (p, b) in panel.iter().enumerate() {
        let a = column(p);
        for i in 0..ROWS {
            let a = T::splat(simd, a[i]);
            for v in 0..WIDTH {
                sums[i][v] = T::fused(simd, a, b[v], sums[i][v]);
            }
        }
    }
    for i in 0..ROWS {
        let line = &mut c[i * stride..][..part.columns];
        if full {
            for (to, &sum) in T::split_mut::<S>(line).iter_mut().zip(&sums[i]) {
                *to = sum;
            }
        } else {
            for (to, &sum) in line.chunks_mut(lanes).zip(&sums[i]) {
                T::store(simd, to, sum);
            }
        }
    }
}
