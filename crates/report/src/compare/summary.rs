//! Over the problems of a domain: how much do starts matter here?

use super::overall::Overall;
use super::problem::{By, ProblemResults, StartResults};
use super::selection::{self, Field, Selected};
use super::{Effect, Study};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;

/// A domain in one line. Only starts that a user could take count: no controls, oracles or other algorithms. Work units
/// are never pooled across domains; these shares can stand beside each other.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Problems with rows.
    pub problems: usize,
    /// Problems where some start's simultaneous interval of the headline excludes no effect.
    pub matters: Count,
    /// Problems where some start is shown to be better than the baseline, and not into a worse end.
    pub baseline_beaten: Count,
    /// Median over problems of the speed-up of the start that was best on the other half of the replicates, where starts
    /// are ranked by work.
    pub best_speedup: Option<Selected>,
    /// The start that is best on most problems, and on how many.
    pub most_often_best: Option<(String, usize)>,
    /// The start with the best mean rank and those that are not shown to be worse; `None` where ranks cannot tell.
    pub not_shown_worse: Option<Vec<String>>,
    /// The best start of every problem.
    pub best: Vec<Best>,
}

/// Problems on which something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// With intervals that are simultaneous over the starts of each problem.
    pub shown: usize,
    /// With intervals that are simultaneous over the starts of all problems: at least so many, with a confidence of 95%.
    pub at_least: usize,
}

/// The start with the largest headline effect on a problem, of those that do not end worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The problem.
    pub problem: String,
    /// Its best start.
    pub start: String,
    /// The speed-up of the start that was best on the other half of the replicates, where starts are ranked by work.
    pub speedup: Option<f64>,
}

pub(super) fn summarise(
    info: &DomainInfo,
    problems: &[ProblemResults],
    studies: &[Study],
    overall: Option<&Overall>,
) -> Summary {
    let count = |is_such: &dyn Fn(&ProblemResults, &StartResults) -> bool| {
        let on = |problem: &&ProblemResults| {
            problem.starts.iter().any(|start| info.is_candidate(&start.name) && is_such(problem, start))
        };
        problems.iter().filter(on).count()
    };
    let both = |is_such: &dyn Fn(&StartResults, bool) -> bool| {
        let shown = |start: &StartResults| start.headline.and_then(|effect| effect.favours);
        let is_shown = |of: &dyn Fn(&StartResults) -> Option<bool>, start: &StartResults| {
            of(start).is_some_and(|favours| is_such(start, favours))
        };
        Count {
            shown: count(&|_, start| is_shown(&shown, start)),
            at_least: count(&|_, start| is_shown(&|start| start.favours_over_all, start)),
        }
    };
    let fields: Vec<Option<Field>> = studies.iter().map(|study| Field::new(info, study)).collect();
    let best: Vec<Best> =
        problems.iter().zip(&fields).map(|(problem, field)| best(info, problem, field.as_ref())).collect();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for Best { start, .. } in &best {
        match counts.iter_mut().find(|(known, _)| known == start) {
            Some((_, count)) => *count += 1,
            None => counts.push((start.clone(), 1)),
        }
    }
    let ranking = overall.and_then(|overall| Some((overall, overall.ranking.as_ref()?.not_shown_worse()?)));
    Summary {
        problems: problems.len(),
        matters: both(&|_, _| true),
        baseline_beaten: both(&|start, favours| favours && !start.ends_worse()),
        best_speedup: selection::over_problems(&fields.into_iter().flatten().collect::<Vec<_>>()),
        most_often_best: counts.into_iter().max_by_key(|(_, count)| *count),
        not_shown_worse: ranking.map(|(overall, places)| places.iter().map(|at| overall.starts[*at].clone()).collect()),
        best,
    }
}

/// Of effects by work and by cost the largest; where work says nothing of any start, the largest by the end.
fn best(info: &DomainInfo, problem: &ProblemResults, field: Option<&Field>) -> Best {
    let none = problem.info.headline.show(0.0);
    let rivals = || {
        let is_rival = |start: &&StartResults| {
            start.name != info.baseline() && !start.ends_worse() && info.is_candidate(&start.name)
        };
        problem.starts.iter().filter(is_rival).filter_map(|start| Some((start, start.headline?)))
    };
    // Of equals `max_by` takes the last: a tie is the baseline's.
    let largest = |by_end: bool, none: f64| {
        let own = rivals().filter(|(start, _)| (start.by == By::End) == by_end);
        let own = own.map(|(start, Effect { estimate, .. })| (start.name.as_str(), estimate));
        own.chain(std::iter::once((info.baseline(), none))).max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let by_end = rivals().all(|(start, _)| start.by == By::End) && rivals().count() > 0;
    let start = largest(by_end, if by_end { 0.0 } else { none }).map_or(info.baseline(), |(name, _)| name);
    let is_work = matches!(problem.info.headline, Estimand::Work { .. });
    Best {
        problem: problem.info.name.to_string(),
        start: start.to_owned(),
        speedup: field.filter(|_| is_work).map(|field| field.speedup().exp()),
    }
}
