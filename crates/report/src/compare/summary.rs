//! Summary of a domain over its problems: how much do starts matter?

use super::Study;
use super::overall::{Overall, first_of};
use super::problem::{ProblemResults, StartResults};
use super::selection::{self, Field, Selected};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;

/// A domain in one line. Controls, oracles and other algorithms are not counted. Work is never pooled across domains;
/// these shares can be compared.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Number of problems with rows.
    pub problems: usize,
    /// Problems on which at least one start differs significantly from the baseline (simultaneous 95% interval).
    pub matters: Count,
    /// Problems on which at least one start is significantly better than the baseline and does not end significantly
    /// worse.
    pub baseline_beaten: Count,
    /// Median over problems of the best start's speed-up on held-out replicates; `None` if starts are not ranked by
    /// work.
    pub best_speedup: Option<Selected>,
    /// Starts that are the single best on the largest number of problems, and that number.
    pub most_often_best: Option<(Vec<String>, usize)>,
    /// The start with the best mean rank and those that are not significantly worse; `None` if ranks cannot be
    /// compared.
    pub not_shown_worse: Option<Vec<String>>,
    /// Best starts of each problem.
    pub best: Vec<Best>,
}

/// Number of problems with a significant result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// With intervals that are simultaneous over the starts of each problem.
    pub shown: usize,
    /// With intervals that are simultaneous over the starts of all problems: a lower bound with 95% confidence.
    pub at_least: usize,
}

/// Best start of a problem, among those that do not end significantly worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Name of the problem.
    pub problem: String,
    /// Best start, or all that tie.
    pub starts: Vec<String>,
    /// Speed-up on held-out replicates of the best start on the others; `None` if starts are not ranked by work.
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
    let field = |(problem, study): (&ProblemResults, &Study)| {
        let ends_worse = |name: &str| problem.starts.iter().any(|start| start.name == name && start.ends_worse());
        Field::new(info, study, &ends_worse)
    };
    // Both lists hold the same problems in the same order.
    let both_views = || problems.iter().zip(studies);
    let fields: Vec<Option<Field>> = both_views().map(field).collect();
    let best: Vec<Best> =
        both_views().zip(&fields).map(|((problem, study), field)| best(info, problem, study, field.as_ref())).collect();
    // Starts that tie do not count as best.
    let alone = || best.iter().filter(|best| best.starts.len() == 1).map(|best| best.starts[0].as_str());
    let count_of = |name: &str| alone().filter(|known| *known == name).count();
    let most = alone().map(count_of).max();
    let names: std::collections::BTreeSet<&str> = alone().filter(|name| Some(count_of(name)) == most).collect();
    let most_often_best = most.map(|most| (names.into_iter().map(str::to_owned).collect(), most));
    let ranking = overall.and_then(|overall| Some((overall, overall.ranking.as_ref()?.not_shown_worse()?)));
    Summary {
        problems: problems.len(),
        matters: both(&|_, _| true),
        baseline_beaten: both(&|start, favours| favours && !start.ends_worse()),
        best_speedup: selection::over_problems(&fields.into_iter().flatten().collect::<Vec<_>>()),
        most_often_best,
        not_shown_worse: ranking.map(|(overall, places)| places.iter().map(|at| overall.starts[*at].clone()).collect()),
        best,
    }
}

/// Returns the best start by the problem's headline, among those that do not end significantly worse.
fn best(info: &DomainInfo, problem: &ProblemResults, study: &Study, field: Option<&Field>) -> Best {
    let candidates = problem.starts.iter().filter(|start| info.is_candidate(&start.name) && !start.ends_worse());
    let names: Vec<&str> = candidates.map(|start| start.name.as_str()).collect();
    let is_work = matches!(problem.info.headline, Estimand::Work { .. });
    Best {
        problem: problem.info.name.to_string(),
        starts: first_of(info, study, &names).into_iter().map(str::to_owned).collect(),
        speedup: field.filter(|_| is_work).map(|field| field.speedup().exp()),
    }
}
