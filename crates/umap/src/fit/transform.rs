//! Placing new points in an existing layout.

use std::ops::ControlFlow;

use ndarray::{Array2, ArrayView2};

use super::{DESCENT, Fitted, Umap};
use crate::graph::{bandwidths_of, memberships};
use crate::{Descent, Error, Graph, Neighbours, Stream, error};

/// Stream number of a transform, after those of a fit.
const TRANSFORM: u64 = DESCENT + 1;

impl Umap {
    /// Lays out new points, shape (m, p), among the points of a fit to `data` with these options. The fitted points do
    /// not move.
    ///
    /// A new point starts at the mean of its neighbours, weighted by membership, or at a point that it coincides with.
    /// Then a third of the fit's default epochs move it, at a quarter of the learning rate (`UMAP.transform`).
    ///
    /// Errors: tables that are not finite or differ in their columns, a fit to other data.
    pub fn transform(
        &self,
        fitted: &Fitted,
        data: ArrayView2<'_, f32>,
        queries: ArrayView2<'_, f32>,
        seed: u64,
    ) -> Result<Array2<f32>, Error> {
        error::shape("the fitted layout", fitted.layout.dim(), (data.nrows(), self.dim))?;
        let neighbours = Neighbours::of_queries(queries, data, self.neighbours, self.metric)?;
        // No neighbour has membership 1 for certain: a new point need not be connected to any of them.
        let scales = bandwidths_of(&neighbours, (self.local_connectivity - 1.0).max(0.0));
        let rows: Vec<Vec<(u32, f32)>> = (0..queries.nrows())
            .map(|row| {
                let mut edges = memberships(&neighbours, row, scales.rho[row], scales.sigma[row], None);
                edges.sort_unstable_by_key(|edge| edge.0);
                edges
            })
            .collect();
        let graph = Graph::from_sorted_rows(&rows);
        let mut layout = Array2::zeros((queries.nrows(), self.dim));
        for (row, mut to) in layout.rows_mut().into_iter().enumerate() {
            let nearest = neighbours.indices()[[row, 0]];
            if neighbours.distances()[[row, 0]] == 0.0 {
                to.assign(&fitted.layout.row(nearest as usize));
                continue;
            }
            let total: f32 = graph.row(row).map(|edge| edge.1).sum();
            for (column, weight) in graph.row(row) {
                to.scaled_add(weight / total, &fitted.layout.row(column as usize));
            }
        }
        let epochs = self.epochs.map_or(if queries.nrows() <= 10_000 { 100 } else { 30 }, |epochs| epochs / 3);
        let descent = Descent {
            curve: fitted.curve,
            epochs,
            learning_rate: self.learning_rate / 4.0,
            negatives: self.negatives,
            mode: self.mode,
        };
        let key = Stream::new(seed, TRANSFORM).key();
        let pruned = graph.pruned(epochs);
        let observer = &mut |_: &crate::Progress<'_>| ControlFlow::Continue(());
        Ok(descent.run_with_fixed(&pruned, layout, Some(&fitted.layout), key, observer)?.layout)
    }
}
