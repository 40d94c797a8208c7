//! The loss that the descent is said to minimise, and the one that it does minimise.

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::{Curve, Error, Graph, error};

/// 1 - phi is taken as at least this, so that points that coincide have a finite loss.
const LEAST: f64 = 1e-12;

/// The exact cross-entropy of all pairs i < j, -mu ln phi - (1 - mu) ln(1 - phi), with phi = 1 / (1 + a d^2b) (`McInnes` et
/// al. 2018, definition 10, without the part that the layout does not change).
///
/// The descent does not minimise it: see [`effective_loss`]. Costs n² / 2 pairs.
///
/// Errors: a layout of another length or not finite.
pub fn cross_entropy(graph: &Graph, layout: ArrayView2<'_, f32>, curve: Curve) -> Result<f64, Error> {
    over_pairs(graph, layout, curve, |mu, _, _| 1.0 - mu)
}

/// The loss that draws of edges and of `m` points each do minimise, over all pairs i < j,
/// `-mu ln phi - m (d_i + d_j) / (2n) ln(1 - phi)`, with the degrees `d_i` (S. Damrich & F. A. Hamprecht, "On UMAP's true
/// loss function", `NeurIPS` 2021, theorem 4.1).
///
/// Costs n² / 2 pairs.
///
/// Errors: a layout of another length or not finite.
pub fn effective_loss(graph: &Graph, layout: ArrayView2<'_, f32>, curve: Curve, m: u32) -> Result<f64, Error> {
    let factor = f64::from(m) / (2.0 * graph.len() as f64);
    over_pairs(graph, layout, curve, |_, d_i, d_j| factor * (d_i + d_j))
}

/// `-mu ln phi - w(mu, d_i, d_j) ln(1 - phi)` over all pairs.
fn over_pairs(
    graph: &Graph,
    layout: ArrayView2<'_, f32>,
    curve: Curve,
    repulsion: impl Fn(f64, f64, f64) -> f64 + Sync,
) -> Result<f64, Error> {
    error::shape("the layout", layout.dim(), (graph.len(), layout.ncols()))?;
    error::table("the layout", &layout)?;
    let degrees = graph.degrees();
    let rows: Vec<f64> = (0..graph.len())
        .into_par_iter()
        .map(|i| {
            let own = layout.row(i);
            let mut edges = graph.row(i).skip_while(|edge| edge.0 as usize <= i).peekable();
            let mut sum = 0.0;
            for j in i + 1..graph.len() {
                let mu = edges.next_if(|edge| edge.0 as usize == j).map_or(0.0, |edge| f64::from(edge.1));
                let squared: f32 = own.iter().zip(layout.row(j)).map(|(x, y)| (x - y) * (x - y)).sum();
                let raised = curve.a * f64::from(squared).powf(curve.b);
                // -ln phi = ln(1 + r) and 1 - phi = r / (1 + r).
                sum -= repulsion(mu, degrees[i], degrees[j]) * (raised / (1.0 + raised)).max(LEAST).ln();
                if mu > 0.0 {
                    sum += mu * raised.ln_1p();
                }
            }
            sum
        })
        .collect();
    // Collected first, so that the order of the sum does not depend on the threads.
    Ok(rows.iter().sum())
}
