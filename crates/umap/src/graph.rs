//! The fuzzy graph: memberships of pairs of points, from 0 to 1.
//!
//! L. `McInnes`, J. Healy & J. Melville, "UMAP: Uniform Manifold Approximation and Projection", arXiv:1802.03426 (2018),
//! section 3 and algorithms 2 and 3; details as in umap-learn 0.5.12 (`smooth_knn_dist`, `compute_membership_strengths`,
//! `fuzzy_simplicial_set`).

mod bandwidth;

use headstart_check::check;
use headstart_simd::Portable;
use rayon::prelude::*;

pub(crate) use bandwidth::bandwidths_of;
pub use bandwidth::{Bandwidths, bandwidths};

use crate::{Error, Neighbours};

/// A symmetric sparse matrix of memberships. Both triangles are stored, with ascending columns in each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    starts: Vec<usize>,
    columns: Vec<u32>,
    weights: Vec<f32>,
}

/// One directed edge: target and weight.
type Edge = (u32, f32);

impl Graph {
    /// Builds the fuzzy graph of a neighbour graph: each row's memberships exp(-(d - rho) / sigma), symmetrised as
    /// `mix` (A + A' - A o A') + (1 - `mix`) A o A', with the entrywise product o. `mix` is 1 for the fuzzy union, 0
    /// for the intersection.
    ///
    /// Errors: a `mix` outside [0, 1], a `local_connectivity` out of range for [`bandwidths`].
    pub fn fuzzy(neighbours: &Neighbours, local_connectivity: f64, mix: f64) -> Result<Self, Error> {
        check((0.0..=1.0).contains(&mix), "set_operation_mix", mix, "from 0 to 1")?;
        let found = bandwidths(neighbours, local_connectivity)?;
        let n = neighbours.len();
        let directed: Vec<Vec<Edge>> = (0..n)
            .into_par_iter()
            .map(|row| {
                let mut edges = memberships(neighbours, row, found.rho[row], found.sigma[row], Some(row));
                edges.sort_unstable_by_key(|edge| edge.0);
                edges
            })
            .collect();
        // Rows are visited in order, so each row of the transpose is filled in ascending order.
        let mut transposed: Vec<Vec<Edge>> = vec![Vec::new(); n];
        for (row, edges) in directed.iter().enumerate() {
            for &(column, weight) in edges {
                transposed[column as usize].push((row as u32, weight));
            }
        }
        let rows: Vec<Vec<Edge>> =
            directed.par_iter().zip(&transposed).map(|(out, back)| symmetrised(out, back, mix as f32)).collect();
        Ok(Self::from_sorted_rows(&rows))
    }

    /// Builds a graph of `n` points from its edges (two points and a weight), each listed once in either direction.
    ///
    /// Errors: a point out of range, an edge from a point to itself, a weight that is not positive and finite, an edge
    /// listed twice.
    pub fn from_edges(n: usize, edges: &[(u32, u32, f32)]) -> Result<Self, Error> {
        let mut rows: Vec<Vec<Edge>> = vec![Vec::new(); n];
        for (entry, &(i, j, weight)) in edges.iter().enumerate() {
            let refuse = |what| Err(Error::Edge { edge: entry, what });
            if i as usize >= n || j as usize >= n {
                return refuse("a point is out of range (not below the number of points)");
            }
            if i == j {
                return refuse("it joins a point to itself");
            }
            if !(weight > 0.0 && weight.is_finite()) {
                return refuse("its weight must be positive and finite");
            }
            rows[i as usize].push((j, weight));
            rows[j as usize].push((i, weight));
        }
        for row in &mut rows {
            row.sort_unstable_by_key(|edge| edge.0);
        }
        for (entry, &(i, j, _)) in edges.iter().enumerate() {
            if rows[i as usize].iter().filter(|edge| edge.0 == j).count() > 1 {
                return Err(Error::Edge { edge: entry, what: "it is listed twice" });
            }
        }
        Ok(Self::from_sorted_rows(&rows))
    }

    pub(crate) fn from_sorted_rows(rows: &[Vec<Edge>]) -> Self {
        let total = rows.iter().map(Vec::len).sum();
        let (mut starts, mut columns, mut weights) =
            (vec![0; rows.len() + 1], Vec::with_capacity(total), Vec::with_capacity(total));
        for (row, edges) in rows.iter().enumerate() {
            columns.extend(edges.iter().map(|edge| edge.0));
            weights.extend(edges.iter().map(|edge| edge.1));
            starts[row + 1] = columns.len();
        }
        Self { starts, columns, weights }
    }

    /// Returns the graph without the edges whose weight is below the largest divided by `epochs`: they would never be
    /// drawn.
    #[must_use]
    pub fn pruned(&self, epochs: usize) -> Self {
        let least = self.largest() / epochs.max(1) as f32;
        let rows: Vec<Vec<Edge>> =
            (0..self.len()).map(|row| self.row(row).filter(|edge| edge.1 >= least).collect()).collect();
        Self::from_sorted_rows(&rows)
    }

    /// Returns the number of points.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Returns whether the graph is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of stored entries, twice the number of edges.
    pub fn entries(&self) -> usize {
        self.columns.len()
    }

    /// Returns the neighbours of a point in ascending order, with the weights.
    pub fn row(&self, point: usize) -> impl Iterator<Item = (u32, f32)> + '_ {
        let range = self.starts[point]..self.starts[point + 1];
        self.columns[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// Returns the largest weight, 0 without edges.
    pub fn largest(&self) -> f32 {
        self.weights.iter().copied().fold(0.0, f32::max)
    }

    /// Returns the degree (sum of weights) of each point.
    pub fn degrees(&self) -> Vec<f64> {
        (0..self.len()).map(|row| self.row(row).map(|edge| f64::from(edge.1)).sum()).collect()
    }

    /// Returns the connected component of each point and the sizes of the components. Components are numbered by size,
    /// largest first, ties by their first point.
    pub fn components(&self) -> (Vec<u32>, Vec<usize>) {
        const UNSEEN: u32 = u32::MAX;
        let mut label = vec![UNSEEN; self.len()];
        let mut sizes = Vec::new();
        let mut open = Vec::new();
        for first in 0..self.len() {
            if label[first] != UNSEEN {
                continue;
            }
            let number = sizes.len() as u32;
            label[first] = number;
            open.push(first);
            let mut size = 0;
            while let Some(point) = open.pop() {
                size += 1;
                for (other, _) in self.row(point) {
                    if label[other as usize] == UNSEEN {
                        label[other as usize] = number;
                        open.push(other as usize);
                    }
                }
            }
            sizes.push(size);
        }
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        order.sort_by_key(|&number| std::cmp::Reverse(sizes[number]));
        let mut rank = vec![0; sizes.len()];
        for (place, &number) in order.iter().enumerate() {
            rank[number] = place as u32;
        }
        (label.into_iter().map(|number| rank[number as usize]).collect(), order.iter().map(|&n| sizes[n]).collect())
    }

    /// The subgraph of some points, given in ascending order and renumbered from 0.
    pub(crate) fn among(&self, points: &[u32]) -> Self {
        // A binary search, because a table as long as the graph would be too slow for many small components.
        let inside = |(other, weight): Edge| points.binary_search(&other).ok().map(|place| (place as u32, weight));
        let rows: Vec<Vec<Edge>> =
            points.iter().map(|&point| self.row(point as usize).filter_map(inside).collect()).collect();
        Self::from_sorted_rows(&rows)
    }

    pub(crate) fn starts(&self) -> &[usize] {
        &self.starts
    }

    pub(crate) fn columns(&self) -> &[u32] {
        &self.columns
    }

    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights
    }
}

/// The memberships of a row's neighbours, without those of weight 0 and without `own`.
pub(crate) fn memberships(neighbours: &Neighbours, row: usize, rho: f64, sigma: f64, own: Option<usize>) -> Vec<Edge> {
    let (indices, distances) = (neighbours.indices(), neighbours.distances());
    let weight = |d: f32| {
        let over = f64::from(d) - rho;
        if over <= 0.0 || sigma == 0.0 { 1.0 } else { (-over / sigma).portable_exp() as f32 }
    };
    let edges = (0..neighbours.k()).map(|j| (indices[[row, j]], weight(distances[[row, j]])));
    edges.filter(|&(column, weight)| own != Some(column as usize) && weight > 0.0).collect()
}

/// One row of the symmetric graph from a row of A and a row of A', both in ascending order.
fn symmetrised(out: &[Edge], back: &[Edge], mix: f32) -> Vec<Edge> {
    let mut row = Vec::with_capacity(out.len() + back.len());
    let (mut i, mut j) = (0, 0);
    loop {
        let (column, a, b) = match (out.get(i), back.get(j)) {
            (None, None) => break,
            (Some(x), Some(y)) if x.0 == y.0 => (x.0, x.1, y.1),
            (Some(x), Some(y)) if y.0 < x.0 => (y.0, 0.0, y.1),
            (Some(x), _) => (x.0, x.1, 0.0),
            (None, Some(y)) => (y.0, 0.0, y.1),
        };
        i += usize::from(out.get(i).is_some_and(|edge| edge.0 == column));
        j += usize::from(back.get(j).is_some_and(|edge| edge.0 == column));
        // a + b and a b are the same from both ends, so the matrix is symmetric to the last bit.
        let weight = mix * (a + b - a * b) + (1.0 - mix) * (a * b);
        if weight > 0.0 {
            row.push((column, weight));
        }
    }
    row
}
