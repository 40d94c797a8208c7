//! The cross-entropy, which UMAP is commonly said to minimise, and the effective loss that the descent does minimise.

use headstart_simd::Portable;
use std::f32::consts::LN_2;

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::optimise::power;
use crate::{Curve, Error, Graph, error};

/// -ln(1 - phi) is capped at its value for 1 - phi = 1e-12, so that coinciding points have a finite loss.
const MOST: f32 = 27.631_02;
/// Number of parallel partial sums.
const CHUNK: usize = 32;

/// Returns the exact cross-entropy of all pairs i < j, -mu ln phi - (1 - mu) ln(1 - phi), with phi = 1 / (1 + a d^2b)
/// (`McInnes` et al. 2018, definition 10, without the part that does not depend on the layout).
///
/// The descent does not minimise it; see [`effective_loss`]. Costs n² / 2 pairs, each in single precision.
///
/// Errors: a layout of another length or not finite.
pub fn cross_entropy(graph: &Graph, layout: ArrayView2<'_, f32>, curve: Curve) -> Result<f64, Error> {
    over_pairs(graph, layout, curve, &vec![0.5; graph.len()], 1.0)
}

/// Returns the loss that sampling of edges, with `m` negative samples each, actually minimises: over all pairs i < j,
/// `-mu ln phi - m (d_i + d_j) / (2n) ln(1 - phi)`, with the degrees `d_i` (S. Damrich & F. A. Hamprecht, "On UMAP's
/// true loss function", `NeurIPS` 2021, theorem 4.1).
///
/// Costs n² / 2 pairs, each in single precision.
///
/// Errors: a layout of another length or not finite.
pub fn effective_loss(graph: &Graph, layout: ArrayView2<'_, f32>, curve: Curve, m: u32) -> Result<f64, Error> {
    let factor = f64::from(m) / (2.0 * graph.len() as f64);
    let shares: Vec<f32> = graph.degrees().iter().map(|degree| (factor * degree) as f32).collect();
    over_pairs(graph, layout, curve, &shares, 0.0)
}

/// `-mu ln phi - (w_i + w_j - less mu) ln(1 - phi)` over all pairs.
fn over_pairs(
    graph: &Graph,
    layout: ArrayView2<'_, f32>,
    curve: Curve,
    shares: &[f32],
    less: f64,
) -> Result<f64, Error> {
    error::shape("the layout", layout.dim(), (graph.len(), layout.ncols()))?;
    error::table("the layout", &layout)?;
    let columns: Vec<Vec<f32>> = layout.columns().into_iter().map(|column| column.to_vec()).collect();
    let (a, b) = (curve.a as f32, curve.b as f32);
    let rows: Vec<f64> = (0..graph.len())
        .into_par_iter()
        .map_init(Vec::new, |losses, i| {
            losses.clear();
            losses.resize(graph.len() - i - 1, 0.0);
            for column in &columns {
                add_squares(losses, &column[i + 1..], column[i]);
            }
            repulsions(losses, a, b);
            let mut sum = weighted(losses, &shares[i + 1..], shares[i]);
            for (j, mu) in graph.row(i).skip_while(|edge| edge.0 as usize <= i) {
                let (j, mu) = (j as usize, f64::from(mu));
                let squared: f64 =
                    columns.iter().map(|column| f64::from(column[i] - column[j])).map(|gap| gap * gap).sum();
                // -ln phi = ln(1 + r).
                sum += mu * (curve.a * squared.portable_powf(curve.b)).portable_ln_1p()
                    - less * mu * f64::from(losses[j - i - 1]);
            }
            sum
        })
        .collect();
    // Collected first, so that the order of the sum does not depend on the threads.
    Ok(rows.iter().sum())
}

headstart_simd::wide! {
    fn add_squares(to: &mut [f32], column: &[f32], own: f32) {
        for (to, x) in to.iter_mut().zip(column) {
            *to += (x - own) * (x - own);
        }
    }
}

headstart_simd::wide! {
    /// Replaces squared distances by -ln(1 - phi) = ln(1 + 1/r), r = a d^2b.
    fn repulsions(squared: &mut [f32], a: f32, b: f32) {
        for x in squared {
            *x = ln_1p(1.0 / (a * power(x.max(1e-30), b))).min(MOST);
        }
    }
}

headstart_simd::wide! {
    fn weighted(losses: &[f32], shares: &[f32], own: f32) -> f64 {
        let mut sums = [0.0; CHUNK];
        let (chunks, shared) = (losses.chunks_exact(CHUNK), shares.chunks_exact(CHUNK));
        let rest = chunks.remainder().iter().zip(shared.remainder()).map(|(loss, share)| f64::from(loss * (own + share)));
        let rest: f64 = rest.sum();
        for (losses, shares) in chunks.zip(shared) {
            for ((sum, loss), share) in sums.iter_mut().zip(losses).zip(shares) {
                *sum += f64::from(loss * (own + share));
            }
        }
        sums.iter().sum::<f64>() + rest
    }
}

/// Returns ln(1 + u) for u from 0 to 1e30 with a relative error below 1e-6, also for small u. As in [`power`], it uses
/// the exponent and a series in s = (m - 1) / (m + 1) of the fraction m; m - 1 is u itself while the exponent is 0.
// A call would lose the target features of the enclosing loop.
#[allow(clippy::inline_always)]
#[inline(always)]
fn ln_1p(u: f32) -> f32 {
    const HALF_ROOT: u32 = 0x3f35_04f3;
    let bits = (1.0 + u).to_bits().wrapping_sub(HALF_ROOT);
    let exponent = bits.cast_signed() >> 23;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(HALF_ROOT));
    let s = if exponent == 0 { u / (2.0 + u) } else { (m - 1.0) / (m + 1.0) };
    let s2 = s * s;
    let series = s * (1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0)))));
    exponent as f32 * LN_2 + 2.0 * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_have_the_stated_error() {
        let (mut u, mut worst) = (1e-12f32, 0.0f64);
        while u < 1e30 {
            worst = worst.max((f64::from(ln_1p(u)) / f64::from(u).ln_1p() - 1.0).abs());
            u *= 1.000_37;
        }
        assert!(worst < 1e-6, "{worst:e}");
        assert_eq!(ln_1p(0.0), 0.0);
    }

    /// Compares with a sum pair by pair in double precision, over a layout with coinciding points and points far apart.
    #[test]
    fn vectorised_sums_agree_with_sums_over_pairs() {
        let edges = [(0, 1, 0.9), (1, 2, 0.2), (0, 3, 0.5), (2, 80, 0.1)];
        let graph = Graph::from_edges(101, &edges).unwrap();
        let layout = ndarray::Array2::from_shape_fn((101, 2), |(i, axis)| match i {
            0 | 1 => 1.0,
            _ => ((i * (axis + 3)) % 17) as f32 * 0.37 * (i / 20) as f32,
        });
        let curve = Curve { a: 1.577, b: 0.895 };
        let degrees = graph.degrees();
        let (mut plain, mut effective) = (0.0, 0.0);
        for i in 0..101 {
            for j in i + 1..101 {
                let mu = edges.iter().find(|edge| (edge.0 as usize, edge.1 as usize) == (i, j));
                let mu = mu.map_or(0.0, |edge| f64::from(edge.2));
                let squared: f64 = (0..2).map(|axis| f64::from(layout[[i, axis]] - layout[[j, axis]]).powi(2)).sum();
                let r = curve.a * squared.powf(curve.b);
                let push = -(r / (1.0 + r)).max(1e-12).ln();
                plain += mu * r.ln_1p() + (1.0 - mu) * push;
                effective += mu * r.ln_1p() + 5.0 * (degrees[i] + degrees[j]) / 202.0 * push;
            }
        }
        let found = cross_entropy(&graph, layout.view(), curve).unwrap();
        assert!((found / plain - 1.0).abs() < 2e-6, "{found} {plain}");
        let found = effective_loss(&graph, layout.view(), curve, 5).unwrap();
        assert!((found / effective - 1.0).abs() < 2e-6, "{found} {effective}");
    }
}
