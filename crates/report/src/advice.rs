//! What a user of `try` wants to know, as sentences. The multiplicity rule of the tables holds for each of them: nothing is
//! recommended, or called worse, that the simultaneous intervals do not show.

use std::fmt::Write;

use super::number::{effect, number};
use super::table::headline;
use crate::compare::{By, Comparison, Effect, ProblemResults, StartResults};
use headstart_domain::info::DomainInfo;

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
    let Some((baseline, others)) = problem.starts.split_first() else { return "no rows".into() };
    let view = View { info, problem, baseline };
    let candidates: Vec<&StartResults> = others.iter().filter(|start| info.is_candidate(&start.name)).collect();
    let shown = |favours: bool| {
        candidates.iter().filter_map(move |&start| {
            let effect = start.headline.filter(|effect| effect.favours == Some(favours))?;
            Some((start, effect))
        })
    };
    let better = shown(true).filter(|(start, _)| !start.ends_worse());
    // An effect on the end is on another scale than one on work, and says less.
    let rank = |(start, effect): &(&StartResults, Effect)| (start.by != By::End, effect.estimate);
    let best = better.clone().max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal));
    let Some((start, gain)) = best else {
        let names = |starts: Vec<&StartResults>| {
            starts.into_iter().map(|start| format!("`{}`", start.name)).collect::<Vec<_>>()
        };
        let worse = names(shown(false).map(|(start, _)| start).collect());
        let traded = names(shown(true).map(|(start, _)| start).collect());
        return view.undecided(&candidates, &worse, &traded) + &view.reuse(&candidates, "");
    };
    let also: Vec<String> =
        better.filter(|(other, _)| other.name != start.name).map(|(other, _)| format!("`{}`", other.name)).collect();
    let also = if also.is_empty() {
        String::new()
    } else {
        format!(" Also better than `{}`, and not compared with each other: {}.", baseline.name, also.join(", "))
    };
    format!("take `{}`: {}{also}{}", start.name, view.why(start, gain), view.reuse(&candidates, &start.name))
}

struct View<'a> {
    info: &'a DomainInfo,
    problem: &'a ProblemResults,
    baseline: &'a StartResults,
}

impl View<'_> {
    /// What is gained, with success rates; costs of a success do not change with the budget where solvers stop by
    /// themselves.
    fn why(&self, start: &StartResults, gain: Effect) -> String {
        let (name, baseline, unit) = (&start.name, &self.baseline.name, &self.info.work_unit);
        let gained = effect(Some(gain));
        if start.by == By::End {
            let judged = self.problem.info.judged_label();
            return format!("gain in {judged} over `{baseline}`: {gained}. {}", self.unreached(start));
        }
        if let Some(what) = headline(&self.problem.info) {
            let what = what.replace(" (headline)", "");
            return format!("{what} over `{baseline}`: {gained}.{}", besides(start));
        }
        let charged = match start.charge.0 {
            charge if charge > 0.0 => {
                format!(", the {} {unit}s of making `{name}` included", number(charge))
            }
            _ => String::new(),
        };
        let solved = |of: &StartResults| format!("`{}` reached the target in {} of {} runs", of.name, of.reached, of.n);
        let rates = format!("{}, {}.", solved(start), solved(self.baseline));
        if start.by == By::Cost {
            return format!(
                "{rates} With fresh runs after failures, a success costs `{baseline}` {gained} times as many {unit}s{charged}."
            );
        }
        let is_cut = start.reached < start.n || self.baseline.reached < self.baseline.n;
        let cut = if is_cut {
            format!(" A run that was cut at the budget counts as {} {unit}s.", number(self.problem.budget))
        } else {
            String::new()
        };
        format!("`{baseline}` needs {gained} times as many {unit}s{charged}. {rates}{cut}")
    }

    fn unreached(&self, start: &StartResults) -> String {
        format!(
            "Most runs miss the target (`{}`: {} of {} reach it, `{}`: {} of {}), so the end is compared.",
            start.name, start.reached, start.n, self.baseline.name, self.baseline.reached, self.baseline.n
        )
    }

    /// Why no start is recommended, which are worse, and how many replicates would tell.
    fn undecided(&self, candidates: &[&StartResults], worse: &[String], traded: &[String]) -> String {
        let (baseline, n) = (&self.baseline.name, self.baseline.n);
        let by_end = candidates.iter().any(|start| start.by == By::End);
        let all_by_end = candidates.iter().all(|start| start.by != By::Itself && start.by != By::Cost);
        let by = match headline(&self.problem.info) {
            Some(what) => what.replace(" (headline)", ""),
            None if all_by_end => format!("{} (most runs miss the target)", self.problem.info.judged_label()),
            None if by_end => {
                let judged = self.problem.info.judged_label();
                format!("charged {}s, or by {judged} where most runs miss the target", self.info.work_unit)
            }
            None => format!("charged {}s", self.info.work_unit),
        };
        let effects = || candidates.iter().filter_map(|start| start.headline);
        let mut text = if effects().count() == 0 {
            format!("no start can be compared with `{baseline}` by {by}: too few runs reach the target.")
        } else if effects().all(|effect| effect.low == 0.0 && effect.high.is_infinite() || !effect.low.is_finite()) {
            format!("{n} replicates are too few to tell {} starts apart by {by}.", candidates.len() + 1)
        } else {
            format!("no start is shown to be better than `{baseline}` by {by}.")
        };
        if !traded.is_empty() {
            text =
                format!("with {}, runs are better than with `{baseline}` by {by}, but end worse.", traded.join(", "));
        }
        if !worse.is_empty() {
            let _ = write!(text, " Shown to be worse: {}.", worse.join(", "));
        }
        let none = |start: &StartResults| if start.by == By::End { 0.0 } else { self.problem.info.headline.show(0.0) };
        let is_open = |start: &&&StartResults| {
            start.headline.is_some_and(|effect| !effect.is_clear() && effect.estimate > none(start))
        };
        let needed = |start: &&StartResults| Some((start.replicates_needed?, start.name.clone()));
        let nearest = candidates.iter().filter(is_open).filter_map(needed).min();
        if let Some((needed, name)) = nearest.filter(|(needed, _)| *needed > n) {
            let _ = write!(
                text,
                " If the true gain of `{name}` is as large as it looks here, {needed} replicates would show it with \
                 probability 80%. Run the same command with `--replicates {needed}` to continue from these.",
            );
        }
        text
    }

    /// Which start saves most in each use where it is made once: only what is shown at the level of the table.
    fn reuse(&self, candidates: &[&StartResults], taken: &str) -> String {
        let shown = candidates
            .iter()
            .filter(|start| !start.ends_worse())
            .filter_map(|start| Some((start, start.reuse.filter(|effect| effect.favours == Some(true))?)))
            .max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate))
            // It has been named already.
            .filter(|(start, _)| start.name != taken);
        shown.map_or_else(String::new, |(start, saved)| {
            format!(
                " If `{}` is made once and used many times, {} then costs `{}` {} times as many {}s.",
                start.name,
                if start.by == By::Cost { "a success" } else { "a run" },
                self.baseline.name,
                effect(Some(saved)),
                self.info.work_unit
            )
        })
    }
}

/// What else is better and worse than with the baseline.
fn besides(start: &StartResults) -> String {
    let of = |favours: bool| {
        let clear = start.metrics.iter().filter(|metric| metric.gained.is_some_and(|by| by.favours == Some(favours)));
        clear.map(|metric| metric.name.clone()).collect::<Vec<_>>()
    };
    let part = |names: Vec<String>, word: &str| {
        (!names.is_empty()).then(|| format!(" Also {word} than the baseline in: {}.", names.join(", ")))
    };
    let parts = [part(of(true), "better"), part(of(false), "worse")];
    parts.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use headstart_domain::toy;
    use headstart_rows::sample::row;
    use headstart_rows::{Row, Rows, Status};

    /// Thirteen of 20 runs of the baseline reach the target, the others stop by themselves at a poor optimum; all 20 of
    /// the start do.
    fn advise(budget: f64) -> String {
        let trial = |start: &'static str, replicate: u64| {
            let reached = start == "pilot" || replicate < 13;
            let work = if start == "pilot" { 20.0 } else { 34.32 };
            let times = |row: Row| Row { domain: "toy".into(), problem: "bowl".into(), budget, work, ..row };
            let mut row = times(row(start, replicate, reached.then_some(work)));
            row.experiment = "one".into();
            if !reached {
                row.status = Status::Converged;
            }
            row
        };
        let rows = ["far", "pilot"].into_iter().flat_map(|start| (0..20).map(move |replicate| trial(start, replicate)));
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        advice(&compare(Rows { headers, rows: rows.collect(), damaged: Vec::new() }))
    }

    #[test]
    fn advice_does_not_move_with_the_budget() {
        let text = advise(2e4);
        assert!(text.contains("take `pilot`: `pilot` reached the target in 20 of 20 runs"), "{text}");
        assert!(text.contains("`far` reached the target in 13 of 20 runs"), "{text}");
        assert!(text.contains("a success costs `far` 2.64 ["), "{text}");
        for budget in [2e5, 1e7, 1e8] {
            assert_eq!(advise(budget), text);
        }
    }
}
