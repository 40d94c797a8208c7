//! What a user of `try` wants to know, in words.

use std::fmt::Write;

use super::number::{effect, number};
use super::table::headline;
use crate::compare::{Comparison, Effect, ProblemResults, StartResults};
use headstart_domain::info::DomainInfo;

/// Gains that differ by no more than this part of the largest are taken for equal.
const AS_GOOD: f64 = 0.01;

/// Which start to take for own data, and how sure that is.
pub fn advice(comparison: &Comparison) -> String {
    let mut text = String::new();
    for domain in &comparison.domains {
        for problem in &domain.problems {
            let advice = of_problem(&domain.info, problem);
            let _ = writeln!(text, "\n{}: {advice}", problem.info.name);
        }
    }
    text
}

/// The same for one problem.
pub(super) fn of_problem(info: &DomainInfo, problem: &ProblemResults) -> String {
    let unit = &info.work_unit;
    let Some((baseline, others)) = problem.starts.split_first() else { return "no rows".into() };
    let better: Vec<(&StartResults, Effect)> = others
        .iter()
        .filter(|start| !start.ends_worse() && !info.is_bound(&start.name))
        .filter_map(|start| Some((start, start.headline?)))
        .filter(|(_, effect)| effect.favours == Some(true))
        .collect();
    let most = better.iter().map(|(_, effect)| effect.estimate).fold(f64::NEG_INFINITY, f64::max);
    // Of those that are as good, the one that takes the least work.
    let as_good = better.iter().filter(|(_, effect)| effect.estimate >= most - AS_GOOD * most.abs());
    let work = |start: &StartResults| start.restricted_mean.map_or(f64::INFINITY, |mean| mean.0);
    let Some(&(start, gain)) = as_good.clone().min_by(|a, b| work(a.0).total_cmp(&work(b.0))) else {
        return undecided(problem, baseline, others, unit) + &reuse(others, baseline);
    };
    let (name, baseline_name) = (&start.name, &baseline.name);
    let why = if let Some(what) = headline(&problem.info) {
        format!("{what} over `{baseline_name}`: {}.{}", effect(Some(gain)), besides(start))
    } else {
        let charge = match start.charge.0 {
            charge if charge > 0.0 => {
                format!(", even when the {} {unit}s of making `{name}` are charged", number(charge))
            }
            _ => String::new(),
        };
        format!("`{baseline_name}` needs {} times as many {unit}s{charge}.", effect(Some(gain)))
    };
    let equals: Vec<String> =
        as_good.filter(|(other, _)| other.name != *name).map(|(other, _)| format!("`{}`", other.name)).collect();
    let equals =
        if equals.is_empty() { String::new() } else { format!(" As good, for more {unit}s: {}.", equals.join(", ")) };
    format!("take `{name}`: {why}{equals}{}", reuse(others, baseline))
}

/// Why no start is recommended, and which to keep away from.
fn undecided(problem: &ProblemResults, baseline: &StartResults, others: &[StartResults], unit: &str) -> String {
    let effects = others.iter().filter_map(|start| Some((start, start.headline?)));
    let by = headline(&problem.info).unwrap_or_else(|| format!("charged {unit}s"));
    if effects.clone().count() > 0 && effects.clone().all(|(_, effect)| effect.high.is_infinite()) {
        let n = baseline.n;
        return format!(
            "{n} replicates are too few to tell {} starts apart by {by}: the same command with more --replicates goes on \
             from these.",
            others.len() + 1
        );
    }
    let worse: Vec<String> = effects
        .filter(|(_, effect)| effect.favours == Some(false))
        .map(|(start, _)| format!("`{}`", start.name))
        .collect();
    let warning = if worse.is_empty() { String::new() } else { format!(" Shown to be worse: {}.", worse.join(", ")) };
    format!("no start is shown to be better than `{}` by {by}.{warning}", baseline.name)
}

/// What else is better and worse than with the baseline.
fn besides(start: &StartResults) -> String {
    let of = |favours: bool| {
        let clear = start.metrics.iter().filter(|metric| metric.gained.is_some_and(|by| by.favours == Some(favours)));
        let names: Vec<String> = clear.map(|metric| metric.name.clone()).collect();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    };
    format!(" Against the usual start it is better in {}; worse in {}.", of(true), of(false))
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
