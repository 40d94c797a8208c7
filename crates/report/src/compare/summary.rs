//! Over the problems of a domain: how much do starts matter here?

use super::problem::{ProblemResults, StartResults};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;
use headstart_stats as stats;

/// A domain in one line; bounds are no starts here. Work units are never pooled across domains; these shares can stand beside each other.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Problems with rows.
    pub problems: usize,
    /// Problems where some start's simultaneous interval of the headline excludes no effect.
    pub matters: usize,
    /// Problems where some start is shown to be better than the baseline, and not into a worse end.
    pub baseline_beaten: usize,
    /// Median over problems of the best start's speed-up, where starts are ranked by work.
    pub best_speedup: Option<f64>,
    /// The start that is best on most problems, and on how many.
    pub most_often_best: Option<(String, usize)>,
    /// The best start of every problem.
    pub best: Vec<Best>,
}

/// The start with the largest headline effect on a problem, of those that do not end worse and are no bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The problem.
    pub problem: String,
    /// Its best start.
    pub start: String,
    /// Its speed-up, where starts are ranked by work.
    pub speedup: Option<f64>,
}

pub(super) fn summarise(info: &DomainInfo, problems: &[ProblemResults]) -> Summary {
    let any = |of: fn(&StartResults) -> bool| {
        let is_such = |start: &StartResults| !info.is_bound(&start.name) && of(start);
        problems.iter().filter(|problem| problem.starts.iter().any(is_such)).count()
    };
    let best: Vec<Best> = problems.iter().map(|problem| best(info, problem)).collect();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for Best { start, .. } in &best {
        match counts.iter_mut().find(|(known, _)| known == start) {
            Some((_, count)) => *count += 1,
            None => counts.push((start.clone(), 1)),
        }
    }
    Summary {
        problems: problems.len(),
        matters: any(|start| start.headline.is_some_and(|effect| effect.is_clear())),
        baseline_beaten: any(|start| {
            !start.ends_worse() && start.headline.is_some_and(|effect| effect.favours == Some(true))
        }),
        best_speedup: stats::median(&best.iter().filter_map(|best| best.speedup).collect::<Vec<_>>()),
        most_often_best: counts.into_iter().max_by_key(|(_, count)| *count),
        best,
    }
}

fn best(info: &DomainInfo, problem: &ProblemResults) -> Best {
    let is_work = matches!(problem.info.headline, Estimand::Work { .. });
    let none = problem.info.headline.show(0.0);
    let rivals = problem.starts.iter().filter(|start| !start.ends_worse() && !info.is_bound(&start.name));
    let rivals = rivals.filter_map(|start| Some((start.name.as_ref(), start.headline?.estimate)));
    // Of equals `max_by` takes the last: a tie is the baseline's.
    let best = rivals.chain(std::iter::once((info.baseline(), none))).max_by(|a, b| a.1.total_cmp(&b.1));
    let (start, speedup) = best.map_or((info.baseline(), None), |(name, effect)| (name, is_work.then_some(effect)));
    Best { problem: problem.info.name.to_string(), start: start.to_owned(), speedup }
}
