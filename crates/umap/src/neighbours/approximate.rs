//! Neighbours of many points: random projection trees, then descent from neighbours to their neighbours.
//!
//! W. Dong, C. Moses & K. Li, "Efficient k-nearest neighbor graph construction for generic similarity measures", WWW
//! 2011, initialised as in pynndescent by random projection trees (S. Dasgupta & Y. Freund, STOC 2008). Unlike these,
//! the result is independent of threads: in the leaves of a tree and in a round of the descent, every point changes
//! only its own list and reads the lists of others as they were before.
//!
//! - Leaves are large, and all pairs of a leaf are compared: by matrix product they cost a tenth of single pairs.
//! - The points are stored in the order of the first tree's leaves, so that points compared together are close in
//!   memory.
//! - Lists are longer than the neighbours asked for, since neighbours are found through them. The excess is dropped at
//!   the end, when distances are computed from differences in double precision.

mod forest;
mod lists;
mod rounds;

use ndarray::Array2;
use rayon::prelude::*;

use self::lists::{Lists, Points};
use super::exact::{Found, Side, distance};
use crate::counter::key;

/// Extra entries of a list.
const EXCESS: usize = 8;
/// Largest leaf, unless the lists are long.
const LEAF: usize = 1024;
const TREES: u64 = 12;
/// The descent ends when a round replaces less than this fraction of all entries, or after `ROUNDS` rounds.
const FEW: f64 = 3e-3;
const ROUNDS: usize = 12;

/// Approximately the `k` nearest other points of each point.
pub(super) fn nearest(side: Side<'_>, k: usize, seed: u64) -> Found {
    let n = side.moved.nrows();
    let length = (k + EXCESS).min(n - 1);
    let leaf = LEAF.max(4 * (length + 1));
    let raw = Points::new(side.moved, (0..n as u32).collect());
    let first = forest::leaves(&raw, leaf, key(&[seed, 0]));
    drop(raw);
    let order = first.members;
    let points = Points::new(side.moved, order.clone());
    let mut lists = Lists::new(n, length);
    // In the new order, the leaves of the first tree are ranges.
    let first = forest::Leaves { members: (0..n as u32).collect(), ends: first.ends };
    forest::join(&points, &first, &mut lists);
    for tree in 1..TREES {
        forest::join(&points, &forest::leaves(&points, leaf, key(&[seed, tree])), &mut lists);
    }
    for _ in 0..ROUNDS {
        let replaced = rounds::round(&points, &mut lists);
        if (replaced as f64) < FEW * (n * length) as f64 {
            break;
        }
    }
    drop(points);
    finished(side, k, &lists, &order)
}

/// The k best of each list by exact distance and then by index, in the order of the data.
fn finished(side: Side<'_>, k: usize, lists: &Lists, order: &[u32]) -> Found {
    let n = order.len();
    let mut place = vec![0; n];
    for (new, &old) in order.iter().enumerate() {
        place[old as usize] = new;
    }
    let mut found = Found { indices: Array2::zeros((n, k)), squares: Array2::zeros((n, k)) };
    let rows = found.indices.outer_iter_mut().into_par_iter().zip(found.squares.outer_iter_mut());
    rows.enumerate().for_each(|(point, (mut indices, mut squares))| {
        let own = side.exact.row(point);
        let listed = lists.indices(place[point]).iter().map(|&other| order[other as usize]);
        let mut exact: Vec<(f64, u32)> =
            listed.map(|other| (distance(own, side.exact.row(other as usize)), other)).collect();
        exact.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (j, (square, other)) in exact.into_iter().take(k).enumerate() {
            indices[j] = other;
            squares[j] = square;
        }
    });
    found
}
