//! What is measured of a layout when the descent has ended, off the clock.

use headstart_domain::{Metric, Result, Run};
use ndarray::{Array2, Axis};

use super::starts::Begin;
use super::{Cloud, cloud};
use crate::quality::{self, Reference};
use crate::start::Fallback;

/// Neighbourhoods of local measures.
const K: usize = 15;
/// Triplets that are asked for their order.
const TRIPLETS: usize = 100_000;
/// A gap below this leaves open which eigenvectors the layout is made of.
const SMALL_GAP: f64 = 0.05;
/// A residual beyond this part of the gap may have turned the layout's plane.
const LARGE_RESIDUAL: f64 = 0.01;

pub(super) const METRICS: &[Metric] = &[
    Metric::higher(
        "spearman",
        "global order: rank correlation of all pairwise distances with those along the shape, or in the data where no \
         shape is known",
    ),
    Metric::higher(
        "triplets",
        "global order: share of random triplets (i; j, k) in which the nearer of j and k is right",
    ),
    Metric::higher(
        "trustworthiness",
        "local quality, k = 15: how rarely strangers become neighbours (Venna and Kaski 2001)",
    ),
    Metric::higher("continuity", "local quality, k = 15: how rarely neighbours are torn apart"),
    Metric::higher(
        "recall",
        "local quality, k = 15: share of the nearest neighbours in the data that are so in the layout",
    ),
    Metric::lower(
        "procrustes",
        "stability: Procrustes disparity between two replicates, this layout and that of nine tenths of the points with \
         random numbers of its own (0: the same, 1: nothing in common)",
    ),
    Metric::lower("cross-entropy", "exact cross-entropy of all pairs (McInnes et al. 2018), per point"),
    Metric::lower("fit_seconds", "neighbours, graph, start and descent"),
    Metric::lower("edge-samples", "edges drawn"),
    Metric::lower("components", "health of a spectral start: connected components of its graph"),
    Metric::higher("relative-gap", "health of a spectral start: gap after its eigenvalues, relative to the next one"),
    Metric::lower("residual-over-gap", "health of a spectral start: how far the plane of its vectors may be turned"),
];

/// What is known of a start made of eigenvectors, in numbers and in words.
pub(super) fn health(begin: &Begin, run: &mut Run) {
    let Some(health) = &begin.health else { return };
    run.metric("components", health.component_sizes.len() as f64);
    if health.component_sizes.len() > 1 {
        run.remark("the graph falls into parts: its eigenvectors say nothing of how these lie to each other");
    }
    match health.fallback {
        None => {}
        Some(Fallback::Loose { .. }) => run.remark("the eigenvectors were found to a loose tolerance only"),
        Some(Fallback::Random) => run.remark("no eigenvectors could be found: the points were placed at random"),
        Some(Fallback::TooSmall) => run.remark("too few points for eigenvectors: they were placed at random"),
    }
    if health.eigenvalues.is_empty() {
        return;
    }
    run.metric("relative-gap", health.relative_gap);
    if health.relative_gap < SMALL_GAP {
        run.remark("the next eigenvalue is as low within 5%: other vectors would have done as well");
    }
    // Without a gap there is no plane that could be off.
    if health.residual_over_gap.is_finite() {
        run.metric("residual-over-gap", health.residual_over_gap);
        if health.residual_over_gap > LARGE_RESIDUAL {
            run.remark("the eigenvectors are not accurate enough for the gap after their eigenvalues");
        }
    }
}

/// Everything that is measured of the layout at the end.
pub(super) fn layout(
    cloud: &Cloud,
    begin: &Begin,
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
        run.remark("there are many points: order and neighbourhoods were judged among 3000 of them");
    }
    // The twin's random numbers are the solver's, the same for every start.
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
