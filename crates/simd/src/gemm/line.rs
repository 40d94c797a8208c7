//! One row of C from a row-major B, without packing.

// Code that is not inlined into the function with `pulp`'s instructions would be compiled without them.
#![allow(clippy::inline_always)]

use pulp::Simd;

use super::{Matrix, Onto};
use crate::Lanes;

/// Sets c to `onto` + a B, where a is `(numbers, stride, count)`.
#[inline(always)]
pub(super) fn product<T: Lanes, S: Simd>(
    simd: S,
    c: &mut [T],
    a: (&[T], usize, usize),
    b: Matrix<'_, T>,
    onto: Onto<'_, T>,
) {
    let lanes = T::count::<S>();
    let mut from = 0;
    while from < c.len() {
        let left = c.len() - from;
        // Independent sums keep the units busy, so as many registers are used as the columns allow.
        from += match left / lanes {
            0 => part::<T, S>(simd, from, c, a, b, onto),
            1 => registers::<T, S, 1>(simd, from, c, a, b, onto),
            2..4 => registers::<T, S, 2>(simd, from, c, a, b, onto),
            4..8 => registers::<T, S, 4>(simd, from, c, a, b, onto),
            _ => registers::<T, S, 8>(simd, from, c, a, b, onto),
        };
    }
}

/// Computes as many columns as fit into `WIDTH` registers; returns their number.
#[inline(always)]
fn registers<T: Lanes, S: Simd, const WIDTH: usize>(
    simd: S,
    from: usize,
    c: &mut [T],
    a: (&[T], usize, usize),
    b: Matrix<'_, T>,
    onto: Onto<'_, T>,
) -> usize {
    let columns = WIDTH * T::count::<S>();
    let load = |line: &[T]| -> [T::Of<S>; WIDTH] {
        let line = T::split::<S>(&line[from..][..columns]);
        std::array::from_fn(|v| line[v])
    };
    let sums = sums(simd, c, a, b, onto, load);
    T::split_mut::<S>(&mut c[from..][..columns]).copy_from_slice(&sums);
    columns
}

/// Computes the last columns, which do not fill a register; returns their number.
#[inline(always)]
fn part<T: Lanes, S: Simd>(
    simd: S,
    from: usize,
    c: &mut [T],
    a: (&[T], usize, usize),
    b: Matrix<'_, T>,
    onto: Onto<'_, T>,
) -> usize {
    let columns = c.len() - from;
    let [sum] = sums(simd, c, a, b, onto, |line| [T::load(simd, &line[from..][..columns])]);
    T::store(simd, &mut c[from..], sum);
    columns
}

/// Returns the sums of the columns that `load` selects from a line.
#[inline(always)]
fn sums<T: Lanes, S: Simd, const WIDTH: usize>(
    simd: S,
    c: &[T],
    (a, step, depth): (&[T], usize, usize),
    b: Matrix<'_, T>,
    onto: Onto<'_, T>,
    load: impl Fn(&[T]) -> [T::Of<S>; WIDTH],
) -> [T::Of<S>; WIDTH] {
    let mut sums = match onto {
        Onto::Zero => [T::splat(simd, T::default()); WIDTH],
        Onto::Row(row) => load(row),
        Onto::Itself => load(c),
    };
    for p in 0..depth {
        let (factor, line) = (T::splat(simd, a[p * step]), load(&b.data[p * b.stride..]));
        for v in 0..WIDTH {
            sums[v] = T::fused(simd, factor, line[v], sums[v]);
        }
    }
    sums
}
