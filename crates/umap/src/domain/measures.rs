//! Metrics of the final layout, computed off the clock.

use headstart_domain::{Metric, Result, Run};
use ndarray::{Array2, Axis};

use super::starts::InitialLayout;
use super::{Cloud, cloud};
use crate::quality::{self, Reference};
use crate::start::Fallback;

/// Neighbourhood size of the local metrics.
const K: usize = 15;
/// Number of triplets.
const TRIPLETS: usize = 100_000;
/// Below this relative gap, the choice of eigenvectors is ambiguous.
const SMALL_GAP: f64 = 0.05;
/// Above this ratio of residual to gap, the plane of the eigenvectors may be rotated.
const LARGE_RESIDUAL: f64 = 0.01;

pub(super) const METRICS: &[Metric] = &[
    Metric::higher(
        "spearman",
        "global order: rank correlation of all pairwise distances with those along the shape, or in the data if no \
         shape is known",
    )
    .decimals(3)
    .result(),
    Metric::higher(
        "triplets",
        "global order: fraction of random triplets (i, j, k) for which the layout agrees on which of j and k is nearer \
         to i",
    )
    .decimals(3),
    Metric::higher(
        "trustworthiness",
        "local quality, k = 15: how rarely points are neighbours in the layout but not in the data (Venna and Kaski \
         2001)",
    )
    .decimals(3)
    .result(),
    Metric::higher("continuity", "local quality, k = 15: how rarely neighbours in the data are separated").decimals(3),
    Metric::higher(
        "recall",
        "local quality, k = 15: fraction of the nearest neighbours in the data that are kept in the layout",
    )
    .decimals(3)
    .result(),
    Metric::lower(
        "procrustes",
        "stability: Procrustes disparity between this layout and that of nine tenths of the points with other random \
         numbers (0: identical, 1: unrelated)",
    ),
    Metric::lower("cross-entropy", "exact cross-entropy of all pairs (McInnes et al. 2018), per point"),
    Metric::lower("fit_seconds", "seconds for neighbours, graph, start and descent"),
    Metric::lower("edge-samples", "number of edges drawn"),
    Metric::lower("components", "health of a spectral start: number of connected components of its graph"),
    Metric::higher(
        "relative-gap",
        "health of a spectral start: gap to the next eigenvalue, relative to that eigenvalue",
    ),
    Metric::lower(
        "residual-over-gap",
        "health of a spectral start: residual over gap, about the angle by which the plane of its vectors may be off",
    ),
];

/// Records the health of a spectral start as metrics and remarks.
pub(super) fn health(begin: &InitialLayout, run: &mut Run) {
    let Some(health) = &begin.health else { return };
    run.metric("components", health.component_sizes.len() as f64);
    if health.component_sizes.len() > 1 {
        run.remark(
            "the graph has several connected components; its eigenvectors do not determine their relative positions",
        );
    }
    match health.fallback {
        None => {}
        Some(Fallback::Loose { .. }) => run.remark("the eigenvectors were found only to a loose tolerance"),
        Some(Fallback::Random) => run.remark("the eigensolver did not converge; the points were placed at random"),
        Some(Fallback::TooSmall) => run.remark("too few points for eigenvectors; they were placed at random"),
    }
    if health.eigenvalues.is_empty() {
        return;
    }
    run.metric("relative-gap", health.relative_gap);
    if health.relative_gap < SMALL_GAP {
        run.remark("the next eigenvalue is within 5%; other eigenvectors would serve as well");
    }
    // Without a gap the plane is undefined.
    if health.residual_over_gap.is_finite() {
        run.metric("residual-over-gap", health.residual_over_gap);
        if health.residual_over_gap > LARGE_RESIDUAL {
            run.remark("the eigenvectors are not accurate enough for the gap to the next eigenvalue");
        }
    }
}

/// Records the metrics of the final layout.
pub(super) fn layout(
    cloud: &Cloud,
    begin: &InitialLayout,
    layout: &Array2<f32>,
    epochs: usize,
    again: u64,
    run: &mut Run,
) -> Result<()> {
    let found = run.off_the_clock(|| measured(cloud, layout))?;
    for (name, value) in found {
        run.metric(name, value);
    }
    if cloud.judged.is_some() {
        run.remark("many points: global order and neighbourhoods were computed on a sample of 3000");
    }
    // The second sample uses the solver's random numbers, which are the same for every start.
    let mut stream = run.stream().clone();
    let disparity = run.off_the_clock(|| -> Result<f64> {
        let (kept, twin) = &cloud.twin;
        let start = (begin.make)(&twin.input(), &mut stream)?;
        let other = cloud
            .descent(epochs)
            .run(&twin.pruned, start.layout, again, &mut |_| std::ops::ControlFlow::Continue(()))?;
        Ok(quality::procrustes(layout.select(Axis(0), kept).view(), other.layout.view())?)
    })?;
    run.metric("procrustes", disparity);
    Ok(())
}

fn measured(cloud: &Cloud, layout: &Array2<f32>) -> Result<Vec<(&'static str, f64)>> {
    let points = &cloud.whole.points;
    let n = points.nrows() as f64;
    let cross_entropy = quality::cross_entropy(&cloud.whole.graph, layout.view(), cloud.curve)? / n;
    let (points, layout) = match &cloud.judged {
        Some(rows) => (points.select(Axis(0), rows), layout.select(Axis(0), rows)),
        None => (points.clone(), layout.clone()),
    };
    let points = if cloud.settings.cosine { cloud::on_sphere(points) } else { points };
    let (points, layout) = (points.view(), layout.view());
    let reference = match &cloud.intrinsic {
        Some(distances) => Reference::Distances(distances.view()),
        None => Reference::Points(points),
    };
    let k = K.min((points.nrows() - 1) / 2);
    Ok(vec![
        ("spearman", quality::spearman(reference, layout)?),
        ("triplets", quality::triplet_accuracy(reference, layout, TRIPLETS, 1)?),
        ("trustworthiness", quality::trustworthiness(points, layout, k)?),
        ("continuity", quality::continuity(points, layout, k)?),
        ("recall", quality::neighbour_recall(points, layout, k)?),
        ("cross-entropy", cross_entropy),
    ])
}
