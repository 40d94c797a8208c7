//! Speed-up of the best start, selected on one half of the replicates and measured on the held-out half.

use super::interval;
use super::pairs::{self, Cell, Rules};
use super::{ALPHA, Study};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_rows::Status;
use headstart_stats as stats;

/// Speed-up over problems, on held-out replicates, of the starts that were selected on the others; with its 95%
/// interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected {
    /// Median over problems, as a ratio.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Number of these problems.
    pub problems: usize,
}

/// Gains of the candidates of a problem over the baseline, pair by pair, in both halves of the replicates.
pub(super) struct Field {
    /// Gains, indexed by half, replicate and candidate. The baseline, whose gain is 0, is not included.
    halves: [Vec<Vec<Gain>>; 2],
    /// Whether some solvers stopped by themselves. If so, the expected costs of a success are compared, as in
    /// headlines.
    by_cost: bool,
}

/// A pair of a candidate and the baseline.
#[derive(Clone, Copy)]
struct Gain {
    /// Log ratio of work.
    log: f64,
    /// Work of both trials as attempts among restarts.
    attempts: (stats::Spent, stats::Spent),
}

impl Field {
    /// Returns `None` if the problem does not rank starts by work, or if no candidate can be compared by work.
    pub(super) fn new(info: &DomainInfo, study: &Study, ends_worse: &dyn Fn(&str) -> bool) -> Option<Self> {
        let Estimand::Work { charged } = study.problem.headline else { return None };
        let baseline = study.cells.get(info.baseline())?;
        let scope = study.scope(info, Rules::Shown);
        let cells: Vec<&Cell> = study
            .cells
            .iter()
            .filter(|(name, _)| info.is_candidate(name) && name.as_str() != info.baseline() && !ends_worse(name))
            .map(|(_, cell)| cell)
            .filter(|cell| pairs::tell_work(cell, baseline))
            .collect();
        let mut halves = [Vec::new(), Vec::new()];
        for (replicate, rival) in &baseline.rows {
            let gain = |cell: &&Cell| {
                let row = cell.rows.get(replicate).filter(|row| pairs::same_instance(row, rival))?;
                Some(Gain {
                    log: scope.work_difference(row, rival, charged),
                    attempts: (pairs::attempt_spent(row, charged), pairs::attempt_spent(rival, charged)),
                })
            };
            let gains: Option<Vec<Gain>> = cells.iter().map(gain).collect();
            if let Some(gains) = gains.filter(|gains| !gains.is_empty()) {
                halves[usize::from(replicate % 2 == 1)].push(gains);
            }
        }
        let stopped = |cell: &&Cell| cell.rows.values().any(|row| row.status == Status::Converged);
        let by_cost = cells.iter().chain([&baseline]).any(stopped);
        halves.iter().all(|half| !half.is_empty()).then_some(Self { halves, by_cost })
    }

    /// Selects the best start on each half, measures it on the other half, and returns the mean of both log ratios; 0
    /// if the baseline is best.
    pub(super) fn speedup(&self) -> f64 {
        let all = |half: &Vec<Vec<Gain>>| vec![1; half.len()];
        self.with([&all(&self.halves[0]), &all(&self.halves[1])])
    }

    fn with(&self, times: [&[u32]; 2]) -> f64 {
        let effects = [0, 1].map(|half| self.effects(half, times[half]));
        let way = |from: usize, to: usize| {
            let picked = (0..effects[from].len()).max_by(|a, b| effects[from][*a].total_cmp(&effects[from][*b]));
            picked.filter(|at| effects[from][*at] > 0.0).map_or(0.0, |at| effects[to][at])
        };
        way(0, 1).midpoint(way(1, 0))
    }

    /// Gain of each candidate in one half; `times` gives how often each replicate counts.
    fn effects(&self, half: usize, times: &[u32]) -> Vec<f64> {
        let pairs = &self.halves[half];
        let candidates = pairs.first().map_or(0, Vec::len);
        let drawn = || pairs.iter().zip(times).flat_map(|(gains, count)| std::iter::repeat_n(gains, *count as usize));
        let effect = |at: usize| {
            if self.by_cost {
                return cost_ratio(drawn().map(|gains| gains[at].attempts));
            }
            stats::median(&drawn().map(|gains| gains[at].log).collect::<Vec<_>>()).unwrap_or(0.0)
        };
        (0..candidates).map(effect).collect()
    }
}

/// Returns the log ratio of the expected costs of a success. For a start that never succeeded in n trials the success
/// rate is set to its upper confidence bound, 3.7 / n (97.5%), so that the ratio is a bound. 0 if neither start
/// succeeded.
fn cost_ratio(attempts: impl Iterator<Item = (stats::Spent, stats::Spent)>) -> f64 {
    let (mut work, mut successes) = ((0.0, 0.0), (0.0, 0.0));
    for (start, rival) in attempts {
        work.0 += start.work;
        work.1 += rival.work;
        successes.0 += f64::from(u8::from(start.reached));
        successes.1 += f64::from(u8::from(rival.reached));
    }
    let never = -(ALPHA / 2.0).ln();
    let cost = |work: f64, successes: f64| work / if successes > 0.0 { successes } else { never };
    if successes == (0.0, 0.0) { 0.0 } else { (cost(work.1, successes.1) / cost(work.0, successes.0)).ln() }
}

/// Returns the median over problems with its interval. Each resample draws replicates within both halves of each
/// problem and selects again. The interval refers to these problems, not to others.
pub(super) fn over_problems(fields: &[Field]) -> Option<Selected> {
    let median = |logs: Vec<f64>| stats::median(&logs).map(f64::exp);
    let estimate = median(fields.iter().map(Field::speedup).collect())?;
    let sizes: Vec<usize> = fields.iter().flat_map(|field| field.halves.iter().map(Vec::len)).collect();
    // Each half holds every second replicate.
    if sizes.iter().all(|size| 2 * size < interval::FEWEST) {
        return None;
    }
    let median_of = |times: &[Vec<u32>]| {
        let of = |(field, times): (&Field, &[Vec<u32>])| field.with([&times[0], &times[1]]);
        median(fields.iter().zip(times.chunks_exact(2)).map(of).collect()).into_iter().collect()
    };
    let (low, high) = interval::of_all(&sizes, median_of)?.pop()?;
    Some(Selected { estimate, low, high, problems: fields.len() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::catalogue::StartInfo;
    use headstart_domain::toy;
    use headstart_rows::sample::row;

    /// `SplitMix64` (Steele, Lea and Flood 2014), between 0 and 1.
    fn uniform(index: u64) -> f64 {
        let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    /// Twelve starts with one distribution of work. The best of them looks faster on the rows on which it was picked,
    /// and not on the others.
    #[test]
    fn what_is_picked_by_chance_gains_nothing() {
        let names: Vec<String> = (0..12).map(|index| format!("s{index}")).collect();
        let starts = names.iter().map(|name| StartInfo { name: name.clone().into(), ..StartInfo::default() });
        let info = DomainInfo { starts: starts.collect(), ..toy::info() };
        let fields: Vec<Field> = (0..15)
            .map(|problem: u64| {
                let rows = names.iter().zip(0_u64..).flat_map(|(name, start)| {
                    (0..20).map(move |replicate| {
                        let noise = uniform(replicate + 100 * start + 10_000 * problem);
                        row(name, replicate, Some(10.0 * (noise - 0.5).exp()))
                    })
                });
                Field::new(&info, &Study::new(info.problems[0].clone(), rows.collect()), &|_| false).unwrap()
            })
            .collect();
        let on_the_same_rows = |field: &Field| {
            let best = |half: usize| field.effects(half, &[1; 10]).into_iter().fold(0.0, f64::max);
            best(0).midpoint(best(1))
        };
        let same: Vec<f64> = fields.iter().map(on_the_same_rows).collect();
        assert!(stats::median(&same).unwrap() > 0.1, "{same:?}");
        let selected = over_problems(&fields).unwrap();
        assert_eq!(selected.problems, 15);
        assert!(selected.low < 1.0 && selected.high > 1.0 && (selected.estimate - 1.0).abs() < 0.1, "{selected:?}");
    }

    #[test]
    fn a_start_that_is_twice_as_fast_is_picked() {
        let info = toy::info();
        let rows = ["far", "pilot"].into_iter().flat_map(|name| {
            (0..20).map(move |replicate| {
                let work = if name == "far" { 20.0 } else { 10.0 };
                row(name, replicate, Some(work + replicate as f64 / 100.0 * work))
            })
        });
        let field = Field::new(&info, &Study::new(info.problems[0].clone(), rows.collect()), &|_| false).unwrap();
        assert!((field.speedup() - 2.0_f64.ln()).abs() < 1e-9);
        let selected = over_problems(&[field]).unwrap();
        assert!((selected.low - 2.0).abs() < 1e-9 && (selected.high - 2.0).abs() < 1e-9, "{selected:?}");
    }
}
