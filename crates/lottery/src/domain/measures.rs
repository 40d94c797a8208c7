//! Metrics and figures of a trial.

use headstart_domain::{Figure, HeatMap, Metric, Result, Run};

use super::instance::{Experiment, Instance};
use super::starts::InitialNetwork;
use crate::{Mask, Prunable};

pub(super) const METRICS: &[Metric] = &[
    Metric::higher("accuracy", "share of the test samples that are classified correctly").share(),
    Metric::lower("log10_error", "log10 of the final error (linear networks)"),
    Metric::lower("kept", "share of the weights that are kept").share(),
    Metric::lower("kept_first", "share of the first layer's weights that are kept").share(),
    Metric::lower("kept_last", "share of the last layer's weights that are kept").share(),
    Metric::lower("kept_least", "smallest share of kept weights over the layers").share(),
    Metric::higher("jaccard", "Jaccard overlap of the mask with the own ticket's: kept by both over kept by either"),
    Metric::higher(
        "jaccard_chance",
        "Jaccard overlap expected by chance; rho / (2 - rho) if all layers keep the share rho",
    ),
    Metric::higher("jaccard_excess", "Jaccard overlap minus that expected by chance"),
    Metric::higher("steps_per_second", "training steps per second"),
];

/// Records the mask's properties before training.
pub(super) fn record(instance: &Instance, begin: &InitialNetwork, layers: &[Prunable], run: &mut Run) -> Result<()> {
    let full = Mask::full(layers);
    let mask = begin.mask.as_ref().unwrap_or(&full);
    let shares: Vec<f64> =
        mask.layers.iter().map(|layer| layer.count() as f64 / layer.kept.len().max(1) as f64).collect();
    run.metric("kept", mask.density());
    if let ([first, ..], [.., last]) = (&shares[..], &shares[..]) {
        run.metric("kept_first", *first);
        run.metric("kept_last", *last);
        run.metric("kept_least", shares.iter().copied().fold(1.0, f64::min));
    }
    let mut stream = run.stream().clone();
    if begin.mask.is_some()
        && !begin.is_reference
        && let Some(own) = run.off_the_clock(|| instance.reference(&mut stream))?
    {
        let (overlap, chance) = (mask.jaccard(own)?, mask.chance(own)?);
        run.metric("jaccard", overlap);
        run.metric("jaccard_chance", chance);
        run.metric("jaccard_excess", overlap - chance);
    }
    if run.keeps_files() {
        run.file("mask.json", mask.to_json().into_bytes());
        if let Experiment::Linear(_) = instance.target {
            run.figure(Figure::HeatMap(connections(mask, layers)));
        }
    }
    Ok(())
}

/// Number of kept weights between every two positions of the grid, over all layers.
fn connections(mask: &Mask, layers: &[Prunable]) -> HeatMap {
    let places = crate::linear::UNITS / crate::linear::CHANNELS;
    let mut cells = vec![vec![0.0; places]; places];
    for (own, layer) in mask.layers.iter().zip(layers) {
        for (&[input, output], _) in layer.edges.iter().zip(&own.kept).filter(|(_, kept)| **kept) {
            cells[(output / layer.channels) as usize][(input / layer.channels) as usize] += 1.0;
        }
    }
    let bars = (0..places).map(|input| cells.iter().map(|row| row[input]).sum()).collect();
    HeatMap {
        cells,
        bars,
        label: "kept weights from a position (column) to a position (row)".to_owned(),
        bars_label: "kept weights out of a position".to_owned(),
    }
}
