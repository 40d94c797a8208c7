//! Points in processing order, and the nearest points found so far.

use ndarray::ArrayView2;
use rayon::prelude::*;

/// Coordinates are padded with zeros to a multiple of this.
pub(super) const LANES: usize = 8;

/// Points in some order, with padded coordinates.
pub(super) struct Points {
    pub(super) width: usize,
    coordinates: Vec<f32>,
}

impl Points {
    pub(super) fn new(from: ArrayView2<'_, f32>, order: Vec<u32>) -> Self {
        let width = from.ncols().next_multiple_of(LANES);
        let mut coordinates = vec![0.0; order.len() * width];
        coordinates.par_chunks_mut(width).zip(order).for_each(|(to, point)| {
            to.iter_mut().zip(from.row(point as usize)).for_each(|(to, x)| *to = *x);
        });
        Self { width, coordinates }
    }

    pub(super) fn len(&self) -> usize {
        self.coordinates.len() / self.width
    }

    pub(super) fn row(&self, point: u32) -> &[f32] {
        &self.coordinates[point as usize * self.width..(point as usize + 1) * self.width]
    }

    /// Squared distances from a point to others.
    pub(super) fn squares(&self, point: u32, others: &[u32], to: &mut Vec<f32>) {
        to.resize(others.len(), 0.0);
        squares(self.row(point), &self.coordinates, others, to);
    }

    /// Products of a direction with points.
    pub(super) fn products(&self, direction: &[f32], of: &[u32], to: &mut [f32]) {
        products(direction, &self.coordinates, of, to);
    }
}

headstart_simd::wide! {
    fn squares(own: &[f32], coordinates: &[f32], others: &[u32], to: &mut [f32]) {
        let own = own.as_chunks::<LANES>().0;
        let coordinates = coordinates.as_chunks::<LANES>().0;
        for (to, &other) in to.iter_mut().zip(others) {
            let from = other as usize * own.len();
            let mut lanes = [0.0; LANES];
            for (x, y) in own.iter().zip(&coordinates[from..from + own.len()]) {
                for lane in 0..LANES {
                    lanes[lane] += (x[lane] - y[lane]) * (x[lane] - y[lane]);
                }
            }
            *to = sum(lanes);
        }
    }
}

headstart_simd::wide! {
    fn products(own: &[f32], coordinates: &[f32], others: &[u32], to: &mut [f32]) {
        let own = own.as_chunks::<LANES>().0;
        let coordinates = coordinates.as_chunks::<LANES>().0;
        for (to, &other) in to.iter_mut().zip(others) {
            let from = other as usize * own.len();
            let mut lanes = [0.0; LANES];
            for (x, y) in own.iter().zip(&coordinates[from..from + own.len()]) {
                for lane in 0..LANES {
                    lanes[lane] += x[lane] * y[lane];
                }
            }
            *to = sum(lanes);
        }
    }
}

// A call would lose the target features of the enclosing loop.
#[allow(clippy::inline_always)]
#[inline(always)]
fn sum([a, b, c, d, e, f, g, h]: [f32; LANES]) -> f32 {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// For each point, the nearest others found so far, in ascending order.
pub(super) struct Lists {
    length: usize,
    indices: Vec<u32>,
    squares: Vec<f32>,
    /// Whether an entry has not been used in a round yet.
    fresh: Vec<bool>,
}

/// The list of one point.
pub(super) struct List<'a> {
    indices: &'a mut [u32],
    squares: &'a mut [f32],
    pub(super) fresh: &'a mut [bool],
}

impl Lists {
    /// Creates empty lists: placeholders at infinite distance.
    pub(super) fn new(n: usize, length: usize) -> Self {
        let entries = n * length;
        Self {
            length,
            indices: vec![u32::MAX; entries],
            squares: vec![f32::INFINITY; entries],
            fresh: vec![true; entries],
        }
    }

    pub(super) fn points(&self) -> usize {
        self.indices.len() / self.length
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn indices(&self, point: usize) -> &[u32] {
        &self.indices[point * self.length..(point + 1) * self.length]
    }

    pub(super) fn fresh(&self, point: usize) -> &[bool] {
        &self.fresh[point * self.length..(point + 1) * self.length]
    }

    pub(super) fn each_mut(&mut self) -> impl IndexedParallelIterator<Item = List<'_>> {
        let length = self.length;
        let rows = self.indices.par_chunks_mut(length).zip(self.squares.par_chunks_mut(length));
        rows.zip(self.fresh.par_chunks_mut(length)).map(|((indices, squares), fresh)| List { indices, squares, fresh })
    }
}

impl List<'_> {
    pub(super) fn len(&self) -> usize {
        self.indices.len()
    }

    /// The squared distance below which an entry is accepted.
    pub(super) fn limit(&self) -> f32 {
        self.squares[self.squares.len() - 1]
    }

    /// Inserts an entry if it is nearer than the last one and not yet listed. Returns whether it did.
    pub(super) fn take(&mut self, square: f32, index: u32) -> bool {
        if !(square < self.limit()) || self.indices.contains(&index) {
            return false;
        }
        let mut at = self.squares.len() - 1;
        while at > 0 && self.squares[at - 1] > square {
            self.squares[at] = self.squares[at - 1];
            self.indices[at] = self.indices[at - 1];
            self.fresh[at] = self.fresh[at - 1];
            at -= 1;
        }
        (self.squares[at], self.indices[at], self.fresh[at]) = (square, index, true);
        true
    }
}
