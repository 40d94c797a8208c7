//! Exact nearest neighbours. Every pair is compared once: squared distances come from products in tiles that stay in
//! registers, and the best of each row are kept.
//!
//! Products in single precision cannot order near ties, and their order depends on how they are summed. So every entry
//! carries a bound on its rounding error, and every point that may be among the nearest stays a candidate. Candidates
//! are ordered by distances computed from differences in double precision, then by index. Neither the order of the
//! tiles nor the processor can change the result.

mod candidates;
mod tile;

use std::sync::{Mutex, MutexGuard, PoisonError};

use ndarray::{Array2, ArrayView1, ArrayView2};
use rayon::prelude::*;

use self::candidates::Candidates;
use self::tile::{Hit, LANES, Panels, hits};

pub(super) struct Found {
    /// Shape (queries, k).
    pub(super) indices: Array2<u32>,
    /// Squared distances, shape (queries, k).
    pub(super) squares: Array2<f64>,
}

/// Points in two forms: moved so that products keep the digits of distances, and as given.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    /// Shape (n, q).
    pub(super) moved: ArrayView2<'a, f32>,
    /// Shape (n, p).
    pub(super) exact: ArrayView2<'a, f32>,
}

/// The `k` nearest other points of each point.
pub(super) fn among(points: Side<'_>, k: usize) -> Found {
    let panels = Panels::new(points.moved);
    let join = Join { queries: points, points, from: &panels, to: &panels, k, same: true, block: panels.block() };
    let blocks = join.blocks();
    blocks.par_iter().enumerate().for_each(|(block, own)| join.rows(&mut lock(own), block, block));
    // A round-robin tournament (circle method): in each round every block meets one other, so no two tasks need the
    // same list.
    let seats = blocks.len() + blocks.len() % 2;
    for round in 1..seats {
        (0..seats / 2).into_par_iter().for_each(|seat| {
            let at = |place: usize| if place == 0 { 0 } else { 1 + (place + round - 2) % (seats - 1) };
            let (a, b) = (at(seat), at(seats - 1 - seat));
            let (a, b) = (a.min(b), a.max(b));
            if b < blocks.len() {
                join.both(&mut lock(&blocks[a]), &mut lock(&blocks[b]), a, b);
            }
        });
    }
    join.finish(blocks)
}

/// The `k` nearest of `points` for each query; queries are other points.
pub(super) fn of_queries<'s>(queries: Side<'s>, points: Side<'s>, k: usize) -> Found {
    let (from, to) = (Panels::new(queries.moved), Panels::new(points.moved));
    let join = Join { queries, points, from: &from, to: &to, k, same: false, block: to.block() };
    let blocks = join.blocks();
    blocks.par_iter().enumerate().for_each(|(block, own)| {
        let mut own = lock(own);
        (0..to.len().div_ceil(join.block)).for_each(|other| join.rows(&mut own, block, other));
    });
    join.finish(blocks)
}

/// The candidates of the points of one block.
struct Block {
    candidates: Vec<Candidates>,
    /// The limit of each point, padded to whole panels with -infinity, which accepts nothing.
    limits: Vec<[f32; LANES]>,
}

/// A panic in a task already ends the computation, and lists of candidates are never left half updated.
fn lock(block: &Mutex<Block>) -> MutexGuard<'_, Block> {
    block.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Join<'s, 'p> {
    queries: Side<'s>,
    points: Side<'s>,
    from: &'p Panels,
    to: &'p Panels,
    k: usize,
    /// Whether queries and points are the same.
    same: bool,
    /// Panels per block.
    block: usize,
}

impl Join<'_, '_> {
    fn blocks(&self) -> Vec<Mutex<Block>> {
        let (n, size) = (self.queries.moved.nrows(), self.block * LANES);
        let block = |block: usize| {
            let count = (n - block * size).min(size);
            let mut limits = vec![[f32::NEG_INFINITY; LANES]; count.div_ceil(LANES)];
            limits.as_flattened_mut()[..count].fill(f32::MAX);
            Mutex::new(Block { candidates: (0..count).map(|_| Candidates::new(self.k)).collect(), limits })
        };
        (0..self.from.len().div_ceil(self.block)).map(block).collect()
    }

    /// Offers the points of block `other` to the queries of block `block`.
    fn rows(&self, own: &mut Block, block: usize, other: usize) {
        let mut near = Vec::new();
        for b in self.panels(self.to, other) {
            for a in self.panels(self.from, block) {
                let limits = own.limits[a - block * self.block];
                hits(self.from.panel(a), self.to.panel(b), &limits, &[f32::NEG_INFINITY; LANES], &mut near);
                for hit in near.drain(..) {
                    let (query, point) = (a * LANES + hit.row as usize, b * LANES + hit.column as usize);
                    if !(self.same && query == point) {
                        self.offer(own, block, query, point, &hit);
                    }
                }
            }
        }
    }

    /// Offers the points of two blocks to each other.
    fn both(&self, first: &mut Block, second: &mut Block, a_block: usize, b_block: usize) {
        let mut near = Vec::new();
        for b in self.panels(self.to, b_block) {
            for a in self.panels(self.from, a_block) {
                let (a_limits, b_limits) =
                    (first.limits[a - a_block * self.block], second.limits[b - b_block * self.block]);
                hits(self.from.panel(a), self.to.panel(b), &a_limits, &b_limits, &mut near);
                for hit in near.drain(..) {
                    let (row, column) = (a * LANES + hit.row as usize, b * LANES + hit.column as usize);
                    self.offer(first, a_block, row, column, &hit);
                    self.offer(second, b_block, column, row, &hit);
                }
            }
        }
    }

    /// The indices of a block's panels.
    fn panels(&self, of: &Panels, block: usize) -> std::ops::Range<usize> {
        block * self.block..of.len().min((block + 1) * self.block)
    }

    fn offer(&self, own: &mut Block, block: usize, query: usize, point: usize, hit: &Hit) {
        let place = query - block * self.block * LANES;
        let limit = &mut own.limits.as_flattened_mut()[place];
        if hit.lower <= *limit {
            let exact = |index: u32| distance(self.queries.exact.row(query), self.points.exact.row(index as usize));
            *limit = own.candidates[place].take(hit.lower, hit.upper, point as u32, exact);
        }
    }

    fn finish(&self, blocks: Vec<Mutex<Block>>) -> Found {
        let n = self.queries.moved.nrows();
        let mut found = Found { indices: Array2::zeros((n, self.k)), squares: Array2::zeros((n, self.k)) };
        let candidates: Vec<Candidates> = blocks
            .into_iter()
            .flat_map(|block| block.into_inner().unwrap_or_else(PoisonError::into_inner).candidates)
            .collect();
        let rows = found.indices.outer_iter_mut().into_par_iter().zip(found.squares.outer_iter_mut());
        rows.zip(candidates).enumerate().for_each(|(query, ((mut indices, mut squares), candidates))| {
            let exact = |index: u32| distance(self.queries.exact.row(query), self.points.exact.row(index as usize));
            for (j, (square, index)) in candidates.best(exact).into_iter().enumerate() {
                indices[j] = index;
                squares[j] = square;
            }
        });
        found
    }
}

/// Squared distance computed from differences.
pub(super) fn distance(x: ArrayView1<'_, f32>, y: ArrayView1<'_, f32>) -> f64 {
    x.iter().zip(y).map(|(&x, &y)| (f64::from(x) - f64::from(y)).powi(2)).sum()
}
