//! Over the problems of a domain: ranks, typical speed-ups, profiles and runtime distributions of its starts.

mod block;
mod ranking;
mod runtime;
mod speed;

use rayon::prelude::*;

use super::Study;
use crate::claim::Estimand;
use crate::info::DomainInfo;
use crate::stats;

pub use ranking::Ranking;
pub use runtime::Runtimes;

/// Points of a step curve, log-spaced.
const POINTS: i32 = 160;

/// How the starts of a domain do over its problems. Work units are never pooled: all here are ratios, ranks and shares.
#[derive(Clone, Debug)]
pub struct Overall {
    /// The starts that are compared on all of `problems`, in the domain's order, the baseline first.
    pub starts: Vec<String>,
    /// The problems that take all of `starts`.
    pub problems: Vec<String>,
    /// Problems with rows that do not take all of `starts`, or starts that not all of `problems` take.
    pub left_out: Vec<String>,
    /// Interquartile mean over (problem, replicate) of the charged speed-up against the baseline with its 95% interval,
    /// one a start; empty where no problem is about work.
    pub speedups: Vec<(f64, f64, f64)>,
    /// Area under the performance profile among all `starts`, one each, over ratios from 1 to [`RATIO`].
    pub profile_areas: Vec<f64>,
    /// Ranks over problems; none under six problems.
    pub ranking: Option<Ranking>,
    /// Each other start against the baseline, on the problems that they share.
    pub against: Vec<Against>,
}

/// Where the ratio axis of a profile ends.
pub const RATIO: f64 = 10.0;

/// A start and the baseline on the problems that they share, by charged work.
#[derive(Clone, Debug)]
pub struct Against {
    /// The start.
    pub start: String,
    /// Problems that they share.
    pub problems: usize,
    /// Pairwise performance profiles over (problem, replicate): of the start and of the baseline.
    pub profile: (Steps, Steps),
    /// Runtime distributions over (problem, replicate, target), in shares of the budget.
    pub runtime: Option<Runtimes>,
}

/// A step curve that rises from 0 to at most 1, sampled at log-spaced places.
#[derive(Clone, Debug)]
pub struct Steps {
    /// (x, share of runs done by x).
    pub points: Vec<(f64, f64)>,
    /// Area under it over its axis, between 0 and 1.
    pub area: f64,
}

impl Steps {
    /// From `from` to `to`, both above 0; the area as it was computed.
    fn new(curve: &stats::Ecdf, from: f64, to: f64, area: f64) -> Self {
        let place = |index: i32| from * (to / from).powf(f64::from(index) / f64::from(POINTS));
        // The last place is `to` itself, whatever powers round to.
        let places = (0..POINTS).map(place).chain(std::iter::once(to));
        Self { points: places.map(|x| (x, curve.at(x))).collect(), area }
    }
}

/// `None` where there are not at least two starts on a problem.
pub(super) fn overall(info: &DomainInfo, studies: &[Study]) -> Option<Overall> {
    let listed: Vec<&Study> = studies.iter().filter(|study| study.cells.contains_key(info.baseline())).collect();
    let block = block::largest(info, &listed)?;
    let about_work = |study: &&Study| matches!(study.problem.headline, Estimand::Work { .. });
    let timed: Vec<&Study> = block.studies.iter().copied().filter(about_work).collect();
    let all_timed: Vec<&Study> = listed.iter().copied().filter(about_work).collect();
    let others = info.starts.iter().skip(1).filter(|start| info.original(&start.name) == start.name);
    let others: Vec<&str> = others.map(|start| start.name.as_str()).collect();
    let against = others.into_par_iter().filter_map(|start| speed::against(info, &all_timed, start)).collect();
    Some(Overall {
        speedups: speed::speedups(&timed, &block.starts).unwrap_or_default(),
        profile_areas: speed::profile_areas(&timed, &block.starts).unwrap_or_default(),
        ranking: ranking::ranking(info, &block),
        against,
        problems: block.studies.iter().map(|study| study.problem.name.clone()).collect(),
        starts: block.starts.iter().map(|&start| start.to_owned()).collect(),
        left_out: block.left_out,
    })
}
