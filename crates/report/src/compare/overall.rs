//! Over the problems of a domain: ranks, typical speed-ups, profiles and runtime distributions of its starts.

mod block;
mod ranking;
mod runtime;
mod speed;

use rayon::prelude::*;

use super::Study;
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_stats as stats;

pub(super) use ranking::first_of;

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
    /// Area under the performance profile among all `starts`, one each, over ratios from 1 to [`RATIO`], with its 95%
    /// interval.
    pub profile_areas: Vec<(f64, f64, f64)>,
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
    /// The 95% interval of the area of the start's profile less that of the baseline's.
    pub profile_difference: Option<(f64, f64)>,
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
    let others: Vec<&str> = others.map(|start| start.name.as_ref()).collect();
    let against = others.into_par_iter().filter_map(|start| speed::against(info, &all_timed, start)).collect();
    Some(Overall {
        speedups: speed::speedups(info, &timed, &block.starts).unwrap_or_default(),
        profile_areas: speed::profile_areas(&timed, &block.starts).unwrap_or_default(),
        ranking: ranking::ranking(info, &block),
        against,
        problems: block.studies.iter().map(|study| study.problem.name.to_string()).collect(),
        starts: block.starts.iter().map(|&start| start.to_owned()).collect(),
        left_out: block.left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::catalogue::{ProblemInfo, StartInfo};
    use headstart_domain::toy;
    use headstart_domain::trace::Point;
    use headstart_rows::Row;
    use headstart_rows::sample::row;

    const NAMES: [&str; 3] = ["a", "b", "c"];

    fn info() -> DomainInfo {
        let start =
            |name: &'static str| StartInfo { name: name.into(), about: "a start".into(), ..StartInfo::default() };
        DomainInfo { starts: NAMES.map(start).to_vec(), ..toy::info() }
    }

    /// Starts that need a multiple of the same work, over ten replicates.
    fn study(name: &str, starts: &[(&str, f64)]) -> Study {
        let problem = ProblemInfo { name: name.to_owned().into(), resolution: 1e-3, ..toy::info().problems[0].clone() };
        let rows = starts.iter().flat_map(|(start, factor)| {
            (0..10).map(move |replicate| row(start, replicate, Some(factor * (5.0 + replicate as f64))))
        });
        Study::new(problem, rows.collect())
    }

    fn over(count: usize, starts: &[(&str, f64)]) -> Vec<Study> {
        (0..count).map(|index| study(&format!("p{index}"), starts)).collect()
    }

    #[test]
    fn a_start_that_few_problems_take_is_left_out_not_the_problems() {
        let mut studies = over(6, &[("a", 2.0), ("b", 1.0)]);
        studies.push(study("p6", &[("a", 2.0), ("b", 1.0), ("c", 0.5)]));
        let overall = overall(&info(), &studies).unwrap();
        assert_eq!((overall.starts, overall.problems.len()), (vec!["a".to_owned(), "b".into()], 7));
        assert_eq!(overall.left_out, ["c"]);
        let shared: Vec<(&str, usize)> =
            overall.against.iter().map(|against| (against.start.as_str(), against.problems)).collect();
        assert_eq!(shared, [("b", 7), ("c", 1)]);
    }

    #[test]
    fn a_start_that_is_twice_as_fast_everywhere() {
        let result = overall(&info(), &over(7, &[("a", 2.0), ("b", 1.0)])).unwrap();
        assert_eq!(result.speedups[0], (1.0, 1.0, 1.0));
        let (estimate, low, high) = result.speedups[1];
        assert!([estimate, low, high].iter().all(|speedup| (speedup - 2.0).abs() < 1e-12), "{:?}", result.speedups);
        // a is within the ratio 2 of the best: from there to 10 of the axis from 1 to 10.
        assert!((result.profile_areas[0].0 - 8.0 / 9.0).abs() < 1e-12 && result.profile_areas[1] == (1.0, 1.0, 1.0));
        let against = &result.against[0];
        assert_eq!((against.profile.0.area, against.profile.1.points[0]), (1.0, (1.0, 0.0)));
        let ranking = result.ranking.unwrap();
        assert_eq!(ranking.friedman.mean_ranks, [2.0, 1.0]);
        assert_eq!(ranking.cliques, Some(vec![vec![1], vec![0]]));
        assert!(ranking.can_tell);
        let few = overall(&info(), &over(5, &[("a", 2.0), ("b", 1.0)])).unwrap();
        assert!(few.ranking.is_none(), "hidden under six problems");
    }

    #[test]
    fn targets_lie_between_the_baselines_first_value_and_the_noise() {
        let mut one = study("p", &[("a", 1.0), ("b", 1.0)]);
        let trace = |points: &[(f64, f64)]| {
            points.iter().map(|(work, value)| Point { work: *work, seconds: 0.0, value: *value }).collect()
        };
        for (start, cell) in &mut one.cells {
            for row in cell.rows.values_mut() {
                row.trace = if start == "a" { trace(&[(1.0, 1.0), (10.0, 1e-3)]) } else { trace(&[(1.0, 1e-3)]) };
            }
        }
        // The baseline begins a third of the way down (of a logarithm) in one replicate: seven targets are met there.
        one.cells.get_mut("a").unwrap().rows.get_mut(&3).unwrap().trace[0].value = 0.0999;
        let result = overall(&info(), &[one]).unwrap();
        let runtime = result.against[0].runtime.as_ref().unwrap();
        assert_eq!((runtime.targets, runtime.dropped), (10 * 21 - 7, 7));
        // From 1 / 100 of the budget to all of it, met at once and after a tenth.
        assert!((runtime.start.area - 1.0).abs() < 1e-12 && (runtime.baseline.area - 0.5).abs() < 1e-12, "{runtime:?}");
    }

    #[test]
    fn what_died_met_no_target() {
        let mut one = study("p", &[("a", 1.0), ("b", 1.0)]);
        let dead = |row: &mut Row| row.status = headstart_rows::Status::Crashed;
        one.cells.get_mut("b").unwrap().rows.values_mut().for_each(dead);
        let result = overall(&info(), &[one]).unwrap();
        let against = &result.against[0];
        assert_eq!((against.profile.0.area, against.profile.1.area), (0.0, 1.0));
        assert_eq!(against.runtime.as_ref().map(|runtime| runtime.start.area), Some(0.0));
    }
}
