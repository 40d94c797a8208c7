//! Metrics of the start before the run and of the state after it.

use std::fmt::Write;

use headstart_domain::{Figure, HeatMap, Metric, Result, Run};

use ndarray::Array2;

use super::user_data::is_labelled;
use crate::problem::{Model, System};
use crate::state::{multiplicity, twice_spin};
use crate::{Ending, Mps, Outcome};

pub(super) const METRICS: &[Metric] = &[
    Metric::lower("energy", "lowest energy of the last half-sweep (Hartree, J or t)").like_end().decimals(6),
    Metric::lower("error", "final energy above the exact one, where that is known (Hartree, J or t)").like_end(),
    Metric::lower("spin-squared", "<S^2> of the final state").decimals(3).result(),
    Metric::lower("irrep", "irreducible representation of the final state, 1 to 8 as in ORBSYM").decimals(0).result(),
    Metric::lower(
        "variance",
        "<H^2> - <H>^2 of a final state from which no weight was discarded (Hartree^2, J^2 or t^2)",
    )
    .result(),
    Metric::lower("half-sweeps", "half-sweeps until the energy was within 1e-6 of the final energy"),
    Metric::lower("start-energy", "energy of the start (Hartree, J or t)").decimals(6),
    Metric::higher("sectors", "charge sectors of the start, summed over the bonds"),
    Metric::higher("rank", "bond dimension of the start, summed over the bonds"),
    Metric::higher("sectors-end", "charge sectors of the final state, summed over the bonds"),
    Metric::lower("discarded", "largest weight discarded in the last half-sweep").result(),
    Metric::higher("entropy", "largest bond entropy of the final state (nats)"),
    Metric::higher("site-entropies", "sum of the single-site entropies of the final state (nats)"),
];

/// Most multiply-adds of a variance: about a second.
const AFFORDABLE: f64 = 5e9;
/// Largest weight that counts as nothing discarded.
const NOTHING: f64 = 1e-14;
/// Largest variance of an eigenstate. Converged runs leave less than 5e-7; a run that is stuck has 1e-3 or more.
const EIGENSTATE: f64 = 1e-6;
/// Smallest discarded weight that the user is told about.
const DISCARDED: f64 = 1e-6;
const TRUNCATED: &str = "The last half-sweep discarded weight (see `discarded`). The energy is that before the truncation, so the \
                         stored state lies higher, and differences between starts as small as the truncation say little. A \
                         larger --bond-dim decides.";
const ANOTHER_IRREP: &str = "The run ended in another irreducible representation than the one that was asked for. Its energy \
                             contains the penalty.";
const MIXED_IRREPS: &str = "The run ended in a mixture of irreducible representations. Its energy contains a part of the penalty \
                            for those that were not asked for.";
const ANOTHER_SPIN: &str = "The run ended in another spin than the one that was asked for, or in a mixture (see `spin-squared`). \
                            Its energy contains the penalty.";
const NOT_AN_EIGENSTATE: &str = "The run converged, but its end is not an eigenstate (see `variance`), although no weight \
                                 was discarded: the sweeps cannot reach states that the bonds lack. Another start can have \
                                 them, and noise or a larger --bond-dim adds them.";
const NOT_CHECKED: &str = "Whether the end is an eigenstate was not checked: the variance of so large a state costs too much. \
                           Compare it with the other starts.";

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
    // A truncated state is not an eigenstate either, but near one.
    let is_whole = last.discarded <= NOTHING;
    let state = run.off_the_clock(|| State::of(model, &outcome.state, is_whole))?;
    state.penalties(model, run);
    state.record(run);
    if is_whole && state.variance.is_none() && outcome.ending == Ending::Converged {
        run.remark(NOT_CHECKED);
    }
    let is_stuck = state.variance.is_some_and(|variance| variance > EIGENSTATE);
    if let (false, Some(name)) = (is_stuck, state.name()) {
        run.basin(&name);
    }
    // Built-in problems have a bond dimension of their own.
    if last.discarded > DISCARDED && !model.notes.is_empty() {
        run.remark(TRUNCATED);
    }
    if is_stuck && outcome.ending == Ending::Converged {
        run.remark(NOT_AN_EIGENSTATE);
    }
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

/// Which state a run has found.
struct State {
    spin_squared: f64,
    twice_sz: i32,
    /// `None` for a mixture, and without labels of the orbitals.
    irrep: Option<u32>,
    is_labelled: bool,
    variance: Option<f64>,
}

impl State {
    fn of(model: &Model, state: &Mps, is_whole: bool) -> Result<Self> {
        let labels = match &model.system {
            System::Electrons { integrals, .. } if is_labelled(integrals) => Some(integrals.symmetry()),
            _ => None,
        };
        let is_affordable = || state.variance_work(model.hamiltonian()) <= AFFORDABLE;
        Ok(Self {
            spin_squared: state.spin_squared()?.max(0.0),
            twice_sz: state.charge().twice_sz,
            irrep: labels.map_or(Ok(None), |labels| state.irrep(labels))?,
            is_labelled: labels.is_some(),
            variance: if is_whole && is_affordable() { Some(state.variance(model.hamiltonian())?) } else { None },
        })
    }

    /// Says where the energy contains a penalty.
    fn penalties(&self, model: &Model, run: &mut Run) {
        match (model.target.irrep, self.irrep) {
            (Some(wanted), Some(found)) if wanted != found => run.remark(ANOTHER_IRREP),
            (Some(_), None) if self.is_labelled => run.remark(MIXED_IRREPS),
            _ => {}
        }
        if model.target.twice_spin.is_some_and(|wanted| twice_spin(self.spin_squared) != Some(wanted)) {
            run.remark(ANOTHER_SPIN);
        }
    }

    fn record(&self, run: &mut Run) {
        run.metric("spin-squared", self.spin_squared);
        if let Some(irrep) = self.irrep {
            run.metric("irrep", f64::from(irrep));
        }
        if let Some(variance) = self.variance {
            run.metric("variance", variance);
        }
    }

    /// Such as "triplet, irrep 4"; `None` for a mixture of spins.
    fn name(&self) -> Option<String> {
        let possible = |twice: &usize| {
            let sz = self.twice_sz.unsigned_abs() as usize;
            *twice >= sz && (*twice - sz).is_multiple_of(2)
        };
        let spin = multiplicity(twice_spin(self.spin_squared).filter(possible)?);
        Some(match (self.is_labelled, self.irrep) {
            (false, _) => spin,
            (true, Some(irrep)) => format!("{spin}, irrep {irrep}"),
            (true, None) => format!("{spin}, mixed irreps"),
        })
    }
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
