//! Metrics and figures of a trial.

use headstart_domain::{Curve, Figure, HeatMap, Lines, Metric, Run};
use headstart_simd::Portable;

use super::problems::Instance;
use crate::{Agent, visits};

pub(super) const METRICS: &[Metric] = &[
    Metric::lower("rho", "mean off-diagonal over mean diagonal of the tangent kernel before training"),
    Metric::lower("rho_features", "rho without the output bias, which all states share"),
    Metric::higher("bias", "mean output bias before training, in units of V_max"),
    Metric::higher(
        "q_unvisited",
        "mean value of unvisited state-action pairs after 50 episodes, or the last one if all were visited earlier, in \
         units of V_max",
    ),
    Metric::higher("coverage_50", "share of reachable state-action pairs taken in the first 50 episodes"),
    Metric::higher("coverage", "share of reachable state-action pairs taken by the end"),
    Metric::higher("hit", "whether any episode got the prize").share(),
    Metric::lower("first_hit", "the first episode with the prize; number of episodes + 1 if no episode had it"),
    Metric::higher("sustained", "whether the share of prizes in the last 50 episodes reaches the target").share(),
    Metric::lower("regret", "mean over episodes of the largest expected return minus the return"),
    Metric::higher("last_return", "mean return of the last 50 episodes"),
];

/// Episodes after which the remaining optimism is measured.
pub(super) const EARLY: u64 = 50;
/// Larger values are clipped to this in figures.
const CUT: f64 = 1.5;
/// Episodes between points of a curve after the first [`EARLY`] ones.
const EVERY: u64 = 8;

/// Quantities measured between episodes.
#[derive(Default)]
pub(super) struct Watch {
    /// The last mean value of unvisited pairs.
    unvisited: Option<f64>,
    early_coverage: f64,
    /// Episodes of `values`; they end once all pairs were visited.
    episodes: Vec<f32>,
    values: Vec<f32>,
    /// Episodes of the other two curves.
    all: Vec<f32>,
    coverages: Vec<f32>,
    prizes: Vec<f32>,
}

impl Watch {
    /// Measures after an episode; episode 0 is the untrained agent.
    pub(super) fn look(
        &mut self,
        agent: &mut Agent,
        instance: &Instance,
        episode: u64,
        prizes: f64,
        keeps: bool,
    ) -> crate::Result<()> {
        let is_early = episode <= EARLY;
        if !(is_early || keeps && episode.is_multiple_of(EVERY)) {
            return Ok(());
        }
        let value = visits::unvisited_value(agent, &instance.states)?.map(|value| value / instance.v_max);
        let coverage = visits::coverage(agent, &instance.states);
        if is_early {
            self.unvisited = value.or(self.unvisited);
            self.early_coverage = coverage;
        }
        if let Some(value) = value.filter(|value| keeps && value.is_finite()) {
            self.episodes.push(episode as f32);
            // With the bound from rewards alone, values begin a hundred times higher, and all panels share their axes.
            self.values.push(value.clamp(-1.0, CUT) as f32);
        }
        if keeps {
            self.all.push(episode as f32);
            self.coverages.push(coverage as f32);
            self.prizes.push(prizes as f32);
        }
        Ok(())
    }

    /// Records the metrics and figures of the trial.
    pub(super) fn record(self, agent: &Agent, instance: &Instance, run: &mut Run) {
        note(run, "q_unvisited", self.unvisited.unwrap_or(f64::NAN));
        note(run, "coverage_50", self.early_coverage);
        note(run, "coverage", visits::coverage(agent, &instance.states));
        if !run.keeps_files() {
            return;
        }
        let curve = |name: &str, x: &[f32], y: Vec<f32>| Curve { name: name.to_owned(), x: x.to_vec(), y };
        run.figure(Figure::Lines(Lines {
            curves: vec![
                curve("value of unvisited pairs / V_max, clipped at 1.5", &self.episodes, self.values),
                curve("coverage", &self.all, self.coverages),
                curve("share of the last 50 episodes with the prize", &self.all, self.prizes),
            ],
            x_label: "episode".to_owned(),
            y_label: "share".to_owned(),
        }));
        run.figure(map(agent, instance));
    }
}

/// Visits of every state if states form a grid, otherwise of every action (rows) in every state (columns).
fn map(agent: &Agent, instance: &Instance) -> Figure {
    let actions = agent.actions();
    let shade = |visits: u32| (f64::from(visits) + 1.0).portable_log10() as f32;
    let counts = agent.counts();
    let cells = if instance.columns > 0 {
        let visits: Vec<f32> = counts.chunks_exact(actions).map(|row| shade(row.iter().sum())).collect();
        visits.chunks_exact(instance.columns).map(<[f32]>::to_vec).collect()
    } else {
        let of = |action: usize| counts.iter().skip(action).step_by(actions).map(|n| shade(*n)).collect();
        (0..actions).map(of).collect()
    };
    let label = "log10 (visits + 1)".to_owned();
    Figure::HeatMap(HeatMap { cells, bars: Vec::new(), label, bars_label: String::new() })
}

/// Records a metric if it is finite.
pub(super) fn note(run: &mut Run, name: &str, value: f64) {
    if value.is_finite() {
        run.metric(name, value);
    }
}
