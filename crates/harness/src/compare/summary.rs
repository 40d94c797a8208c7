//! Over the problems of a domain: how much do starts matter here?

use super::problem::ProblemResults;
use crate::info::DomainInfo;
use crate::stats;

/// A domain in one line. Work units are never pooled across domains; these shares can stand beside each other.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Problems with rows.
    pub problems: usize,
    /// Problems where some start's simultaneous interval of the charged speed-up excludes 1.
    pub matters: usize,
    /// Problems where the baseline is not the start with the least charged work.
    pub baseline_beaten: usize,
    /// Median over problems of the best start's charged speed-up.
    pub best_speedup: Option<f64>,
    /// The start that is best on most problems, and on how many.
    pub most_often_best: Option<(String, usize)>,
}

pub(super) fn summarise(info: &DomainInfo, problems: &[ProblemResults]) -> Summary {
    let clear = |problem: &&ProblemResults| {
        problem.starts.iter().any(|start| start.speedup_simultaneous.is_some_and(|effect| effect.is_clear()))
    };
    let best: Vec<(&str, f64)> = problems.iter().filter_map(|problem| best(info, problem)).collect();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for (name, _) in &best {
        match counts.iter_mut().find(|(known, _)| known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push(((*name).to_owned(), 1)),
        }
    }
    Summary {
        problems: problems.len(),
        matters: problems.iter().filter(clear).count(),
        baseline_beaten: best.iter().filter(|(name, _)| *name != info.baseline()).count(),
        best_speedup: stats::median(&best.iter().map(|(_, speedup)| *speedup).collect::<Vec<_>>()),
        most_often_best: counts.into_iter().max_by_key(|(_, count)| *count),
    }
}

/// The start with the largest charged speed-up; the baseline has 1.
fn best<'a>(info: &'a DomainInfo, problem: &'a ProblemResults) -> Option<(&'a str, f64)> {
    let others = problem.starts.iter().filter_map(|start| Some((start.name.as_str(), start.speedup?.estimate)));
    // Of equals `max_by` takes the last: a tie is the baseline's.
    others.chain(std::iter::once((info.baseline(), 1.0))).max_by(|a, b| a.1.total_cmp(&b.1))
}
