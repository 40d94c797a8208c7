//! Compares the starts over the problems of a domain: ranks, typical speed-ups, performance profiles, runtime
//! distributions.

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

/// Number of points of a step curve, log-spaced.
const POINTS: i32 = 160;

/// Comparison of the starts over the problems of a domain. Work is never pooled: all values are ratios, ranks or
/// shares.
#[derive(Clone, Debug)]
pub struct Overall {
    /// Starts that run on all of `problems`, in the domain's order, the baseline first.
    pub starts: Vec<String>,
    /// Problems on which all of `starts` run.
    pub problems: Vec<String>,
    /// Starts and problems that are left out, since not every start runs on every problem.
    pub left_out: Vec<String>,
    /// Interquartile mean over (problem, replicate) of the charged speed-up against the baseline, with its 95%
    /// interval, for each start. Empty if no problem ranks starts by work.
    pub speedups: Vec<(f64, f64, f64)>,
    /// Area under each start's performance profile among all `starts`, over ratios from 1 to [`RATIO`], with its 95%
    /// interval.
    pub profile_areas: Vec<(f64, f64, f64)>,
    /// Ranks over problems; `None` with fewer than six problems.
    pub ranking: Option<Ranking>,
    /// Each other start against the baseline, on the problems on which both run.
    pub against: Vec<Against>,
}

/// Upper end of the ratio axis of a performance profile.
pub const RATIO: f64 = 10.0;

/// A start against the baseline by charged work, on the problems on which both run.
#[derive(Clone, Debug)]
pub struct Against {
    /// Name of the start.
    pub start: String,
    /// Number of these problems.
    pub problems: usize,
    /// Pairwise performance profiles over (problem, replicate), of the start and of the baseline.
    pub profile: (Steps, Steps),
    /// 95% interval of the area under the start's profile minus that under the baseline's.
    pub profile_difference: Option<(f64, f64)>,
    /// Runtime distributions over (problem, replicate, target), in shares of the budget.
    pub runtime: Option<Runtimes>,
}

/// A step curve that rises from 0 to at most 1, sampled at log-spaced points.
#[derive(Clone, Debug)]
pub struct Steps {
    /// `(x, share of runs solved by x)`.
    pub points: Vec<(f64, f64)>,
    /// Area under the curve, divided by the length of its axis: between 0 and 1.
    pub area: f64,
}

impl Steps {
    /// Samples a curve from `from` to `to`, both positive; `area` is stored as given.
    fn new(curve: &stats::Ecdf, from: f64, to: f64, area: f64) -> Self {
        let place = |index: i32| from * (to / from).powf(f64::from(index) / f64::from(POINTS));
        // The last point is exactly `to`, which rounded powers may miss.
        let places = (0..POINTS).map(place).chain(std::iter::once(to));
        Self { points: places.map(|x| (x, curve.at(x))).collect(), area }
    }
}

/// Returns `None` unless two starts share a problem.
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

    /// Starts that need a fixed multiple of the same work, in ten replicates.
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
        // The profile of `a` is 1 from the ratio 2 on: 8 of the 9 units of the axis from 1 to 10.
        assert!((result.profile_areas[0].0 - 8.0 / 9.0).abs() < 1e-12 && result.profile_areas[1] == (1.0, 1.0, 1.0));
        let against = &result.against[0];
        assert_eq!((against.profile.0.area, against.profile.1.points[0]), (1.0, (1.0, 0.0)));
        let ranking = result.ranking.unwrap();
        assert_eq!(ranking.friedman.mean_ranks, [2.0, 1.0]);
        assert_eq!(ranking.cliques, Some(vec![vec![1], vec![0]]));
        assert!(ranking.can_tell);
        let few = overall(&info(), &over(5, &[("a", 2.0), ("b", 1.0)])).unwrap();
        assert!(few.ranking.is_none(), "no ranks with fewer than six problems");
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
        // In one replicate the baseline begins a third of the way down the logarithmic ladder and meets seven targets
        // at once.
        one.cells.get_mut("a").unwrap().rows.get_mut(&3).unwrap().trace[0].value = 0.0999;
        let result = overall(&info(), &[one]).unwrap();
        let runtime = result.against[0].runtime.as_ref().unwrap();
        assert_eq!((runtime.targets, runtime.dropped), (10 * 21 - 7, 7));
        // The axis runs from 1/100 of the budget to all of it; the targets are met at once, and after a tenth.
        assert!((runtime.start.area - 1.0).abs() < 1e-12 && (runtime.baseline.area - 0.5).abs() < 1e-12, "{runtime:?}");
    }

    #[test]
    fn failed_trials_meet_no_target() {
        let mut one = study("p", &[("a", 1.0), ("b", 1.0)]);
        let dead = |row: &mut Row| row.status = headstart_rows::Status::Crashed;
        one.cells.get_mut("b").unwrap().rows.values_mut().for_each(dead);
        let result = overall(&info(), &[one]).unwrap();
        let against = &result.against[0];
        assert_eq!((against.profile.0.area, against.profile.1.area), (0.0, 1.0));
        assert_eq!(against.runtime.as_ref().map(|runtime| runtime.start.area), Some(0.0));
    }
}
