//! What a user of `try` wants to know, in words.

use std::fmt::Write;

use super::number::{effect, number};
use super::table::headline;
use crate::compare::{Comparison, ProblemResults, StartResults};

/// Which start to take for own data, and how sure that is.
pub(crate) fn advice(comparison: &Comparison) -> String {
    let mut text = String::new();
    for domain in &comparison.domains {
        for problem in &domain.problems {
            let advice = of_problem(problem, &domain.info.work_unit);
            let _ = writeln!(text, "\n{}: {advice}", problem.info.name);
        }
    }
    text
}

fn of_problem(problem: &ProblemResults, unit: &str) -> String {
    let Some((baseline, others)) = problem.starts.split_first() else { return "no rows".into() };
    let best = others
        .iter()
        .filter(|start| !start.ends_worse())
        .filter_map(|start| Some((start, start.headline?)))
        .filter(|(_, effect)| effect.favours == Some(true))
        .max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate));
    let headline = headline(&problem.info);
    let (Some((start, gain)), None) = (best, &headline) else {
        return match best {
            Some((start, gain)) => {
                let what = headline.unwrap_or_default();
                format!("take `{}`: {what} over `{}`: {}.", start.name, baseline.name, effect(Some(gain)))
            }
            None => format!("no start is shown to be better than `{}`.{}", baseline.name, reuse(others, baseline)),
        };
    };
    format!(
        "take `{}`: `{}` needs {} times as many {unit}s, even when the {} {unit}s of making `{0}` are charged.{}",
        start.name,
        baseline.name,
        effect(Some(gain)),
        number(start.charge.0),
        reuse(others, baseline)
    )
}

/// Which start to take where it is made once and used often.
fn reuse(others: &[StartResults], baseline: &StartResults) -> String {
    let best = others
        .iter()
        .filter(|start| start.charge.0 > 0.0 && !start.ends_worse())
        .filter_map(|start| Some((start, start.speedup_uncharged?)))
        .filter(|(_, effect)| effect.favours == Some(true))
        .max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate));
    best.map_or(String::new(), |(start, speedup)| {
        let (name, baseline, times) = (&start.name, &baseline.name, effect(Some(speedup)));
        format!(" Where one making serves many runs, take `{name}`: `{baseline}` needs {times} times as many then.")
    })
}
