//! Metrics of the start before the run and of the state after it.

use std::fmt::Write;

use headstart_domain::{Figure, HeatMap, Metric, Result, Run};

use ndarray::Array2;

use crate::problem::Model;
use crate::{Mps, Outcome};

pub(super) const METRICS: &[Metric] = &[
    Metric::lower("energy", "lowest energy of the last half-sweep (Hartree, J or t)").like_end().decimals(6),
    Metric::lower("error", "final energy above the exact one, where that is known (Hartree, J or t)").like_end(),
    Metric::lower("half-sweeps", "half-sweeps until the energy was within 1e-6 of the final energy"),
    Metric::lower("start-energy", "energy of the start (Hartree, J or t)").decimals(6),
    Metric::higher("sectors", "charge sectors of the start, summed over the bonds"),
    Metric::higher("rank", "bond dimension of the start, summed over the bonds"),
    Metric::higher("sectors-end", "charge sectors of the final state, summed over the bonds"),
    Metric::lower("discarded", "largest weight discarded in the last half-sweep"),
    Metric::higher("entropy", "largest bond entropy of the final state (nats)"),
    Metric::higher("site-entropies", "sum of the single-site entropies of the final state (nats)"),
];

/// An energy this close to the final one counts as reached.
const AS_GOOD: f64 = 1e-6;

/// Measures of the initial state.
pub(super) struct InitialMeasures {
    pub(super) energy: f64,
    sectors: usize,
    rank: usize,
}

impl InitialMeasures {
    pub(super) fn of(model: &Model, state: &Mps) -> Result<Self> {
        let sum = |counts: Vec<usize>| counts.into_iter().sum();
        let energy = state.expectation(model.hamiltonian())?;
        Ok(Self { energy, sectors: sum(state.sectors()), rank: sum(state.bond_dimensions()) })
    }

    pub(super) fn record(&self, run: &mut Run) {
        run.metric("start-energy", self.energy);
        run.metric("sectors", self.sectors as f64);
        run.metric("rank", self.rank as f64);
    }
}

/// Records the metrics of a finished run; `path` holds the energy of every half-sweep.
pub(super) fn record(model: &Model, path: &[f64], outcome: &Outcome, run: &mut Run) -> Result<()> {
    let (Some(&energy), Some(last)) = (path.last(), outcome.half_sweeps.last()) else { return Ok(()) };
    run.metric("energy", energy);
    if let Some(exact) = model.exact {
        run.metric("error", energy - exact);
    }
    let reached = path.iter().position(|value| value - energy <= AS_GOOD);
    run.metric("half-sweeps", reached.map_or(path.len(), |at| at + 1) as f64);
    run.metric("sectors-end", outcome.state.sectors().into_iter().sum::<usize>() as f64);
    run.metric("discarded", last.discarded);
    run.metric("entropy", last.entropies.iter().copied().fold(0.0, f64::max));
    if run.keeps_files() {
        let mut table = "half_sweep,energy,largest_discarded_weight\n".to_owned();
        for (at, (energy, half_sweep)) in path.iter().zip(&outcome.half_sweeps).enumerate() {
            writeln!(table, "{},{energy:.12},{:e}", at + 1, half_sweep.discarded)?;
        }
        run.file("energies.csv", table.into_bytes());
    }
    run.off_the_clock(|| correlations(&outcome.state)).and_then(|found| found.record(run))
}

/// Entropies of the sites and their mutual information, in nats.
struct Correlations {
    single: Vec<f64>,
    mutual: Array2<f64>,
}

fn correlations(state: &Mps) -> Result<Correlations> {
    Ok(Correlations { single: state.site_entropies()?, mutual: state.mutual_information()? })
}

impl Correlations {
    fn record(self, run: &mut Run) -> Result<()> {
        run.metric("site-entropies", self.single.iter().sum());
        if !run.keeps_files() {
            return Ok(());
        }
        let mut table = "site,entropy_nats\n".to_owned();
        for (site, entropy) in self.single.iter().enumerate() {
            writeln!(table, "{site},{entropy:.9}")?;
        }
        run.file("entropies.csv", table.into_bytes());
        // Rounding may leave slightly negative values.
        let shown = |value: &f64| value.max(0.0) as f32;
        run.figure(Figure::HeatMap(HeatMap {
            cells: self.mutual.rows().into_iter().map(|row| row.iter().map(shown).collect()).collect(),
            bars: self.single.iter().map(shown).collect(),
            label: "mutual information of two sites (nats)".to_owned(),
            bars_label: "bars: entropy of each site (nats)".to_owned(),
        }));
        Ok(())
    }
}
