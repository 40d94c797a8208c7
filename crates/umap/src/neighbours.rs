//! Nearest neighbours of every point, found here or given.

mod approximate;
mod exact;
mod metric;

use ndarray::{Array2, ArrayView2, Axis, concatenate};
use rand::Rng;

use self::exact::{Found, Side};
pub use self::metric::Metric;
use crate::{Error, error};

/// Method of the neighbour search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Search {
    /// Exact for up to 85,000 points of at most 50 columns or 25,000 of any number of columns, approximate beyond.
    #[default]
    Automatic,
    /// All pairs: [`Neighbours::exact`].
    Exact,
    /// Random projection trees and neighbour descent: [`Neighbours::approximate`].
    Approximate,
}

/// Number of points at which both methods take about the same time, by the number of columns; measured at 50 and 784
/// columns.
fn exact_up_to(columns: usize) -> usize {
    25_000 + (3_000_000 / columns.max(1)).min(60_000)
}

/// The k nearest neighbours of n points. The first neighbour of a point is the point itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    indices: Array2<u32>,
    distances: Array2<f32>,
}

impl Neighbours {
    /// Finds the `k` nearest rows of each row, including the row itself (first), ordered by distance and then by index.
    ///
    /// The result is exact: candidates come from single-precision products with a bound on their rounding error, and
    /// their distances are then computed from differences. Time grows with n² p, memory with n p. Coinciding points are
    /// neighbours at distance 0; in constant data the first points are the neighbours of every point.
    ///
    /// Errors: an empty table, entries that are not finite or too large, and k < 2 or k >= n.
    pub fn exact(data: ArrayView2<'_, f32>, k: usize, metric: Metric) -> Result<Self, Error> {
        Self::among(data, k, metric, |points| exact::among(points, k - 1))
    }

    /// As [`exact`](Self::exact), but some neighbours may be missed and replaced by farther points (about 1 in 150 for
    /// 50,000 points in 50 dimensions). Time grows little faster than n p.
    ///
    /// Neighbour descent (W. Dong, C. Moses & K. Li, WWW 2011) from random projection trees. The same state of the
    /// generator gives the same bits on any number of threads. Among points at the same distance, the choice is
    /// unspecified. Products only select candidates, but they may be rounded differently on another processor.
    pub fn approximate(data: ArrayView2<'_, f32>, k: usize, metric: Metric, rng: &mut impl Rng) -> Result<Self, Error> {
        let seed = rng.next_u64();
        Self::among(data, k, metric, |points| approximate::nearest(points, k - 1, seed))
    }

    /// Finds neighbours by [`exact`](Self::exact) or [`approximate`](Self::approximate), as `search` specifies.
    pub fn search(
        data: ArrayView2<'_, f32>,
        k: usize,
        metric: Metric,
        search: Search,
        rng: &mut impl Rng,
    ) -> Result<Self, Error> {
        match search {
            Search::Automatic if data.nrows() > exact_up_to(data.ncols()) => Self::approximate(data, k, metric, rng),
            Search::Approximate => Self::approximate(data, k, metric, rng),
            Search::Automatic | Search::Exact => Self::exact(data, k, metric),
        }
    }

    fn among(
        data: ArrayView2<'_, f32>,
        k: usize,
        metric: Metric,
        nearest: impl FnOnce(Side<'_>) -> Found,
    ) -> Result<Self, Error> {
        error::table("the data", &data)?;
        if k < 2 || k >= data.nrows() {
            return Err(Error::Neighbours { k, n: data.nrows() });
        }
        let moved = metric.prepared(data);
        let found = nearest(Side { moved: moved.view(), exact: metric.exact(data.reborrow(), &moved) });
        let own = Array2::from_shape_fn((data.nrows(), 1), |(row, _)| row as u32);
        let nearest = metric.distances(&found.squares);
        // The shapes agree by construction.
        let indices = concatenate(Axis(1), &[own.view(), found.indices.view()]).unwrap_or(own);
        let distances =
            Array2::from_shape_fn((data.nrows(), k), |(row, j)| if j == 0 { 0.0 } else { nearest[[row, j - 1]] });
        Ok(Self { indices, distances })
    }

    /// Finds the `k` nearest rows of `data` for each row of `queries`, which are other points.
    ///
    /// Errors: as for [`exact`](Self::exact), and a different number of columns.
    pub fn of_queries(
        queries: ArrayView2<'_, f32>,
        data: ArrayView2<'_, f32>,
        k: usize,
        metric: Metric,
    ) -> Result<Self, Error> {
        error::table("the data", &data)?;
        error::table("the new points", &queries)?;
        error::shape("the new points", queries.dim(), (queries.nrows(), data.ncols()))?;
        if k < 2 || k >= data.nrows() {
            return Err(Error::Neighbours { k, n: data.nrows() });
        }
        // Both tables are centred by the same mean.
        let both = concatenate![Axis(0), data, queries];
        let moved = metric.prepared(both.view());
        let (points, queries) = moved.view().split_at(Axis(0), data.nrows());
        let (exact_points, exact_queries) = metric.exact(both.view(), &moved).split_at(Axis(0), data.nrows());
        let points = Side { moved: points, exact: exact_points };
        let found = exact::of_queries(Side { moved: queries, exact: exact_queries }, points, k);
        Ok(Self { indices: found.indices, distances: metric.distances(&found.squares) })
    }

    /// Accepts a neighbour graph made elsewhere. Row i of both arrays, shape (n, k), lists the neighbours of point i
    /// and their distances: the point itself first at distance 0, then in ascending order of distance.
    ///
    /// Errors: arrays of different shape, k < 2 or k >= n, a first entry that is not the point itself, an index out of
    /// range, a neighbour listed twice, a distance that is negative, not finite or less than the one before.
    pub fn given(indices: Array2<u32>, distances: Array2<f32>) -> Result<Self, Error> {
        let (n, k) = indices.dim();
        error::shape("the array of distances", distances.dim(), (n, k))?;
        if k < 2 || k >= n {
            return Err(Error::Neighbours { k, n });
        }
        let mut seen_by = vec![usize::MAX; n];
        for row in 0..n {
            for entry in 0..k {
                let refuse = |what| Err(Error::Graph { row, entry, what });
                let (index, distance) = (indices[[row, entry]] as usize, distances[[row, entry]]);
                if index >= n {
                    return refuse("the index is out of range (not below the number of points)");
                }
                if (index == row) != (entry == 0) {
                    return refuse("the point itself must be its first neighbour, and must not occur again");
                }
                if seen_by[index] == row {
                    return refuse("the neighbour is listed twice");
                }
                seen_by[index] = row;
                if !(distance >= 0.0 && distance.is_finite()) {
                    return refuse("the distance must be finite and not negative");
                }
                if entry == 0 && distance != 0.0 {
                    return refuse("a point must be at distance 0 from itself");
                }
                if entry > 0 && distance < distances[[row, entry - 1]] {
                    return refuse("distances must ascend along a row");
                }
            }
        }
        Ok(Self { indices, distances })
    }

    /// Returns the number of points.
    pub fn len(&self) -> usize {
        self.indices.nrows()
    }

    /// Returns whether there are no points; always false for results of the constructors.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of neighbours of each point.
    pub fn k(&self) -> usize {
        self.indices.ncols()
    }

    /// Returns the indices of the neighbours, shape (n, k).
    pub fn indices(&self) -> ArrayView2<'_, u32> {
        self.indices.view()
    }

    /// Returns the distances to the neighbours, shape (n, k), ascending in each row.
    pub fn distances(&self) -> ArrayView2<'_, f32> {
        self.distances.view()
    }
}
