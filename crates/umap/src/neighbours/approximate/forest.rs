//! Random projection trees, and the comparison of all pairs within their leaves.

use headstart_simd::gemm::{self, Matrix, Onto, Packing};
use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use super::lists::{LANES, List, Lists, Points};
use crate::counter::{below, key, word};

/// The points of a tree, leaf by leaf.
pub(super) struct Leaves {
    pub(super) members: Vec<u32>,
    /// Where each leaf ends.
    pub(super) ends: Vec<usize>,
}

/// Size of a node above which its work is shared among threads.
const SHARED: usize = 4096;
/// Attempts to draw two different points.
const TRIES: u64 = 8;

/// Splits the points until no part has more than `leaf`: at the median of the projections on the line through two
/// random points. Coinciding points are split by index.
pub(super) fn leaves(points: &Points, leaf: usize, seed: u64) -> Leaves {
    let mut members: Vec<u32> = (0..points.len() as u32).collect();
    split(points, &mut members, leaf, seed);
    let mut ends = Vec::new();
    cut(0, members.len(), leaf, &mut ends);
    Leaves { members, ends }
}

/// The ends of the leaves, which depend only on the number of points.
fn cut(from: usize, to: usize, leaf: usize, ends: &mut Vec<usize>) {
    if to - from <= leaf {
        ends.push(to);
        return;
    }
    let middle = from + (to - from) / 2;
    cut(from, middle, leaf, ends);
    cut(middle, to, leaf, ends);
}

fn split(points: &Points, members: &mut [u32], leaf: usize, seed: u64) {
    if members.len() <= leaf {
        return;
    }
    let drawn = |count| members[below(members.len() as u32, word(seed, count)) as usize];
    let differ = |&(a, b): &(u32, u32)| points.row(a) != points.row(b);
    let (a, b) = (0..TRIES).map(|t| (drawn(2 * t), drawn(2 * t + 1))).find(differ).unwrap_or_default();
    let direction: Vec<f32> = points.row(a).iter().zip(points.row(b)).map(|(x, y)| x - y).collect();
    let mut projected = vec![(0.0f32, 0u32); members.len()];
    projected.par_chunks_mut(SHARED).zip(members.par_chunks(SHARED)).for_each(|(to, members)| {
        let mut products = vec![0.0; members.len()];
        points.products(&direction, members, &mut products);
        for ((to, product), &member) in to.iter_mut().zip(products).zip(members) {
            *to = (product, member);
        }
    });
    let middle = members.len() / 2;
    projected.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    members.iter_mut().zip(projected).for_each(|(to, (_, member))| *to = member);
    let (left, right) = members.split_at_mut(middle);
    let (below, above) = (key(&[seed, 0]), key(&[seed, 1]));
    rayon::join(|| split(points, left, leaf, below), || split(points, right, leaf, above));
}

/// Offers every point all other points of its leaf.
pub(super) fn join(points: &Points, leaves: &Leaves, lists: &mut Lists) {
    let mut rows: Vec<Option<List<'_>>> = lists.each_mut().map(Some).collect();
    let mut sorted: Vec<List<'_>> = leaves.members.iter().filter_map(|&point| rows[point as usize].take()).collect();
    let mut parts = Vec::with_capacity(leaves.ends.len());
    let (mut rest, mut from) = (&mut sorted[..], 0);
    for &end in &leaves.ends {
        let (part, after) = rest.split_at_mut(end - from);
        parts.push((&leaves.members[from..end], part));
        (rest, from) = (after, end);
    }
    parts.into_par_iter().for_each(|(members, lists)| join_leaf(points, members, lists));
}

/// Rows of products computed at a time.
const QUERIES: usize = 64;
/// Products compared at a time.
const GROUP: usize = 32;

fn join_leaf(points: &Points, members: &[u32], lists: &mut [List<'_>]) {
    let mut own = Array2::zeros((members.len(), points.width));
    for (mut to, &member) in own.rows_mut().into_iter().zip(members) {
        to.iter_mut().zip(points.row(member)).for_each(|(to, x)| *to = *x);
    }
    // Centred on the leaf's mean, the products keep the digits of the distances.
    let mean = own.mean_axis(Axis(0)).unwrap_or_default();
    own -= &mean;
    let norms: Array1<f32> = own.rows().into_iter().map(|row| row.dot(&row)).collect();
    let norms = norms.to_vec();
    let own = own.into_raw_vec_and_offset().0;
    let mut products = vec![0.0; QUERIES * members.len()];
    let mut packing = Packing::default();
    let mut near = Vec::new();
    let mut squares = Vec::new();
    for (block, lists) in lists.chunks_mut(QUERIES).enumerate() {
        let first = block * QUERIES;
        let shape = [lists.len(), members.len(), points.width];
        let left = Matrix::rows(&own[first * points.width..], points.width);
        let right = Matrix::transpose(&own, points.width);
        gemm::product((&mut products, members.len()), shape, left, right, Onto::Zero, &mut packing);
        for (i, list) in lists.iter_mut().enumerate() {
            near.clear();
            let products = &products[i * members.len()..][..members.len()];
            select(products, &norms, first + i, list.limit(), &mut near);
            // In the first tree the list is empty and all points would qualify: only the nearest by the products are
            // kept.
            let most = list.len() + LANES;
            if near.len() > most {
                near.select_nth_unstable_by(most, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                near.truncate(most);
            }
            let near: Vec<u32> = near.iter().map(|&(_, other)| members[other as usize]).collect();
            points.squares(members[first + i], &near, &mut squares);
            for (&square, other) in squares.iter().zip(near) {
                list.take(square, other);
            }
        }
    }
}

headstart_simd::wide! {
    /// Lists the points nearer than the limit by the products, with a margin for rounding.
    fn select(products: &[f32], norms: &[f32], own: usize, limit: f32, near: &mut Vec<(f32, u32)>) {
        let norm = norms[own];
        let limit = limit + 1e-5 * (norm + limit.min(norm));
        for (group, (products, norms)) in products.chunks(GROUP).zip(norms.chunks(GROUP)).enumerate() {
            let mut squares = [f32::INFINITY; GROUP];
            for ((square, product), other) in squares.iter_mut().zip(products).zip(norms) {
                *square = norm + other - 2.0 * product;
            }
            // Most groups have no near point. Counting compares a whole group at once; a search that may stop early
            // does not vectorise.
            if squares.iter().filter(|&&square| square < limit).count() > 0 {
                for (lane, &square) in squares.iter().enumerate() {
                    if square < limit && group * GROUP + lane != own {
                        near.push((square, (group * GROUP + lane) as u32));
                    }
                }
            }
        }
    }
}
