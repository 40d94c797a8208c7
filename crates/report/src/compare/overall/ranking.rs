//! Mean ranks over problems, and groups of starts that do not differ significantly.

use super::block::Block;
use super::speed;
use crate::compare::interval;
use crate::compare::pairs;
use crate::compare::{ALPHA, Study};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Row, Status};
use headstart_stats::{self as stats, Ert, Friedman};

/// With fewer problems the asymptotic distributions are poor, and no ranks are returned.
const FEWEST: usize = 6;

/// Ranks of the starts over problems, by the headline of each problem.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Friedman test of equal performance, with the mean ranks.
    pub friedman: Friedman,
    /// 95% intervals of the mean ranks, for other replicates of the same problems.
    pub intervals: Option<Vec<(f64, f64)>>,
    /// Difference from which two mean ranks differ significantly, all pairs at once (Nemenyi at 0.05); for illustration
    /// only.
    pub critical_difference: Option<f64>,
    /// Groups of starts that do not differ significantly (signed-rank over problems, Holm at 0.05), as indices into the
    /// list of starts, best first. `None` if the problems rank starts by different measures.
    pub cliques: Option<Vec<Vec<usize>>>,
    /// Whether a pair of starts can differ significantly at all with so few problems: the smallest two-sided p of N
    /// problems is 2^(1 - N), and Holm multiplies it by the number of pairs.
    pub can_tell: bool,
}

impl Ranking {
    /// Returns the start with the best mean rank, followed by those that are not significantly worse, as indices into
    /// the list of starts. `None` if no pair can differ significantly.
    pub fn not_shown_worse(&self) -> Option<Vec<usize>> {
        let ranks = &self.friedman.mean_ranks;
        let best = (0..ranks.len()).min_by(|a, b| ranks[*a].total_cmp(&ranks[*b]))?;
        let cliques = self.cliques.as_ref().filter(|_| self.can_tell)?;
        let mut beside: Vec<usize> = cliques
            .iter()
            .filter(|clique| clique.contains(&best))
            .flatten()
            .copied()
            .filter(|at| *at != best)
            .collect();
        beside.sort_by(|a, b| ranks[*a].total_cmp(&ranks[*b]));
        beside.dedup();
        Some(std::iter::once(best).chain(beside).collect())
    }
}

pub(super) fn ranking(info: &DomainInfo, block: &Block) -> Option<Ranking> {
    if block.studies.len() < FEWEST {
        return None;
    }
    let ends: Vec<Vec<End>> = block
        .studies
        .iter()
        .map(|study| {
            let of = |start: &&str| typical(info, study, &study.cells.get(*start)?.rows.values().collect::<Vec<_>>());
            block.starts.iter().map(of).collect()
        })
        .collect::<Option<_>>()?;
    let places: Vec<Vec<f64>> =
        block.studies.iter().zip(&ends).map(|(study, ends)| places(ends, study.problem.resolution)).collect();
    let friedman = stats::friedman(&places)?;
    // A start that misses a target costs infinitely more than one that reaches it. Two starts that miss it tie.
    let costs: Vec<Vec<f64>> = ends.iter().map(|ends| ends.iter().map(End::cost).collect()).collect();
    let headlines: Vec<&Estimand> = block.studies.iter().map(|study| &study.problem.headline).collect();
    let p = if headlines.iter().all(|headline| matches!(headline, Estimand::Work { .. })) {
        stats::pairwise_p(&costs, |a, b| (a / b).ln())
    } else if headlines.windows(2).all(|two| two[0] == two[1]) {
        stats::pairwise_p(&costs, |a, b| a - b)
    } else {
        None
    };
    let (k, n) = (block.starts.len(), block.studies.len());
    let (pairs, least) = ((k * (k - 1) / 2) as f64, 2.0 * 0.5_f64.powf(n as f64));
    Some(Ranking {
        can_tell: pairs * least <= ALPHA,
        cliques: p.and_then(|p| stats::cliques(&friedman.mean_ranks, &p, ALPHA)),
        critical_difference: stats::critical_difference(k, n, ALPHA),
        intervals: intervals(info, block),
        friedman,
    })
}

/// Typical result of a start on a problem. Smaller is better, and reaching the target is better than missing it.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum End {
    /// By the headline: a median, a rate, or the expected cost of a success where solvers stop by themselves.
    Ranked(f64),
    /// Most trials missed the target: the median of the quantity by which ends are judged, or 0 if trials end at their
    /// target.
    Missed(f64),
}

impl End {
    fn cost(&self) -> f64 {
        match self {
            Self::Ranked(cost) => *cost,
            Self::Missed(_) => f64::INFINITY,
        }
    }
}

/// Returns those of the given starts that share the first rank on a problem.
pub(in crate::compare) fn first_of<'a>(info: &DomainInfo, study: &Study, starts: &[&'a str]) -> Vec<&'a str> {
    let end = |start: &&str| typical(info, study, &study.cells.get(*start)?.rows.values().collect::<Vec<_>>());
    let ends: Vec<(&str, End)> = starts.iter().filter_map(|start| Some((*start, end(start)?))).collect();
    let places = places(&ends.iter().map(|(_, end)| *end).collect::<Vec<_>>(), study.problem.resolution);
    ends.iter().zip(places).filter(|(_, place)| *place == 0.0).map(|((start, _), _)| *start).collect()
}

/// Bootstrap intervals of the mean ranks; each resample draws the same replicates for all starts.
fn intervals(info: &DomainInfo, block: &Block) -> Option<Vec<(f64, f64)>> {
    // Indexed by problem, replicate and start.
    let rows = block.studies.iter().map(|study| speed::replicates(study, &block.starts));
    let rows: Vec<Vec<Vec<&Row>>> = rows.collect::<Option<_>>()?;
    let sizes: Vec<usize> = rows.iter().map(Vec::len).collect();
    interval::of_all(&sizes, |times| {
        let places = block.studies.iter().zip(&rows).zip(times).map(|((study, rows), times)| {
            let drawn = |start: usize| -> Vec<&Row> {
                rows.iter()
                    .zip(times)
                    .flat_map(|(row, count)| std::iter::repeat_n(row[start], *count as usize))
                    .collect()
            };
            let ends: Option<Vec<End>> =
                (0..block.starts.len()).map(|start| typical(info, study, &drawn(start))).collect();
            Some(places(&ends?, study.problem.resolution))
        });
        let places: Option<Vec<Vec<f64>>> = places.collect();
        let ranks = places.and_then(|places| stats::friedman(&places));
        ranks.map_or_else(Vec::new, |friedman| friedman.mean_ranks)
    })
}

fn typical(info: &DomainInfo, study: &Study, trials: &[&Row]) -> Option<End> {
    let problem = &study.problem;
    let rows = || trials.iter().copied();
    let final_costs = |metric| rows().map(|row| pairs::final_cost(row, metric, info)).collect::<Vec<f64>>();
    Some(match &problem.headline {
        Estimand::Work { charged } => {
            let reached = rows().filter(|row| row.status == Status::Reached).count();
            if 2 * reached < trials.len() {
                let end =
                    if problem.stop_at_target { Some(0.0) } else { stats::median(&final_costs(&problem.judged_by)) };
                return Some(End::Missed(end?));
            }
            let mut all = study.cells.values().flat_map(|cell| cell.rows.values());
            let attempts: Vec<_> = rows().map(|row| pairs::attempt_spent(row, *charged)).collect();
            let works: Vec<f64> = attempts.iter().map(|spent| spent.work).collect();
            End::Ranked(if all.any(|row| row.status == Status::Converged) {
                match stats::ert(&attempts)? {
                    Ert::Finite(cost) => cost,
                    Ert::AtLeast(_) => return None,
                }
            } else {
                stats::median(&works)?
            })
        }
        Estimand::Final(metric) | Estimand::FinalRatio(metric) => End::Ranked(stats::median(&final_costs(metric))?),
        estimand @ (Estimand::Success | Estimand::Rate(_)) => {
            let reached = rows().filter(|row| pairs::succeeded(row, estimand)).count();
            End::Ranked(-(reached as f64) / trials.len() as f64)
        }
    })
}

/// Dense ranks of the results. Equal results share a rank, and so do neighbouring ends of starts that miss the target
/// if they are closer than the resolution.
fn places(ends: &[End], resolution: f64) -> Vec<f64> {
    let is_tie = |a: &End, b: &End| match (a, b) {
        (End::Missed(a), End::Missed(b)) => a == b || (a - b).abs() <= resolution,
        _ => a == b,
    };
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].partial_cmp(&ends[*b]).unwrap_or(std::cmp::Ordering::Equal));
    let mut places = vec![0.0; ends.len()];
    let mut place = 0.0;
    for (index, &start) in order.iter().enumerate() {
        if index > 0 && !is_tie(&ends[order[index - 1]], &ends[start]) {
            place += 1.0;
        }
        places[start] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_that_miss_the_target_rank_last_and_by_their_ends() {
        let ends =
            [End::Missed(-3.0), End::Ranked(900.0), End::Ranked(20.0), End::Missed(-5.0), End::Missed(-5.000_000_1)];
        assert_eq!(places(&ends, 1e-6), [3.0, 1.0, 0.0, 2.0, 2.0]);
        assert_eq!(places(&ends, 0.0), [4.0, 1.0, 0.0, 3.0, 2.0]);
        assert_eq!(places(&[End::Missed(f64::INFINITY), End::Missed(f64::INFINITY)], 1e-6), [0.0, 0.0]);
    }
}
