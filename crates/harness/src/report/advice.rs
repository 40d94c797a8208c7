//! What a user of `try` wants to know, in words.

use std::fmt::Write;

use super::number::{effect, number};
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
    let mut best: Option<(&StartResults, f64)> = None;
    for start in others.iter().filter(|start| !start.ends_worse()) {
        let speedup = start.speedup.map_or(0.0, |effect| effect.estimate);
        let clear = start.speedup_simultaneous.is_some_and(|effect| effect.favours == Some(true));
        if clear && best.is_none_or(|(_, known)| speedup > known) {
            best = Some((start, speedup));
        }
    }
    let charged = match best {
        Some((start, _)) => format!(
            "take `{}`: `{}` needs {} times as many {unit}s, even when the making of `{0}` ({} {unit}s) is charged.",
            start.name,
            baseline.name,
            effect(start.speedup_simultaneous),
            number(start.charge.0)
        ),
        None => format!("no start is shown to need fewer {unit}s than `{}` when its making is charged.", baseline.name),
    };
    let reuse = others
        .iter()
        .filter(|start| start.charge.0 > 0.0 && !start.ends_worse())
        .filter_map(|start| Some((start, start.speedup_uncharged?)))
        .filter(|(_, effect)| effect.favours == Some(true))
        .max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate));
    let reuse = reuse.map_or(String::new(), |(start, speedup)| {
        format!(
            " Where one making serves many runs, take `{}`: `{}` needs {} times as many then.",
            start.name,
            baseline.name,
            effect(Some(speedup))
        )
    });
    charged + &reuse
}
