//! Which start to use, in two or three sentences. The tables' rule of multiplicity holds for each of them: a start is
//! recommended, or called worse, only where its interval, simultaneous over the starts, excludes no effect.

use super::number::{effect, number};
use super::table::headline;
use crate::compare::{ALPHA, By, Effect, ProblemResults, StartResults};
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;

/// The beginning of the advice if starts are equal.
const CHEAPEST: &str = "Use the cheapest start";
/// Energies of states this close, in the unit of the domain (1e-4 Hartree), count as those of one state.
const ONE_STATE: f64 = 1e-4;
/// More replicates than this are not advised.
const MANY: usize = 500;

/// Which start to use on a problem, how much better than the baseline it is, and what it costs to make. Controls, oracles
/// and other algorithms are never recommended.
pub(super) fn of_problem(info: &DomainInfo, problem: &ProblemResults) -> String {
    let Some(view) = View::new(info, problem) else { return "There are no trials.".into() };
    if let Some(why) = view.nothing() {
        return why;
    }
    let better = view.better();
    let Some((start, gain)) = view.best(&better) else { return view.undecided() + &view.elsewhere() };
    let also = names(better.iter().map(|(other, _)| *other).filter(|other| other.name != start.name));
    let also = if also.is_empty() {
        String::new()
    } else {
        format!(" Also better than the baseline, and not compared with `{}`: {also}.", start.name)
    };
    format!("Use `{}`: {}{also}{}", start.name, view.why(start, gain), view.elsewhere())
}

/// Which other start saves most in each use if it is made once; empty if no saving is shown.
pub(super) fn of_reuse(info: &DomainInfo, problem: &ProblemResults) -> String {
    // A state is computed once, so nothing is gained by making its start only once.
    let Some(view) = View::new(info, problem).filter(|_| !info.states) else { return String::new() };
    let better = view.better();
    view.reuse(view.best(&better).map_or("", |(start, _)| &start.name))
}

/// Whether a ratio of work between a start and the baseline depends on the budget: more than a quarter of the runs of
/// one of the two were cut at it.
pub(super) fn is_cut(problem: &ProblemResults, start: &StartResults) -> bool {
    let often = |of: &StartResults| 4 * (of.n - of.reached) > of.n;
    is_work(problem) && start.by == By::Itself && (often(start) || problem.starts.first().is_some_and(often))
}

fn is_work(problem: &ProblemResults) -> bool {
    matches!(problem.info.headline, Estimand::Work { .. })
}

/// The state in which most runs of a start end, and how many they are, if it is another one than that of the best end. States
/// of equal energy are one state: a multiplet has several representations, and a run may be converged a little less.
pub(super) fn other_state<'a>(problem: &ProblemResults, start: &'a StartResults) -> Option<(&'a str, u64)> {
    let found = problem.found.as_ref()?;
    let most = start.basins.as_ref()?.hits.first()?;
    let is_equal = &*most.optimum == found.optimum.as_deref()?
        || start.end.is_some_and(|end| (end - found.end).abs() <= problem.info.resolution.max(ONE_STATE));
    (!is_equal).then_some((&*most.optimum, most.count))
}

struct View<'a> {
    info: &'a DomainInfo,
    problem: &'a ProblemResults,
    baseline: &'a StartResults,
    candidates: Vec<&'a StartResults>,
}

impl<'a> View<'a> {
    /// Why there is nothing to recommend.
    fn nothing(&self) -> Option<String> {
        let starts = &self.problem.starts;
        if starts.iter().all(|start| start.unsound.values().sum::<usize>() == start.n) {
            return Some("No recommendation: every trial failed.".into());
        }
        if starts.iter().all(|start| start.end.is_none()) {
            let (budget, unit) = (number(self.problem.budget), &self.info.work_unit);
            return Some(format!("No recommendation: no run has a result within {budget} {unit}s; raise `--budget`."));
        }
        self.candidates.is_empty().then(|| {
            "No recommendation: only the baseline was run, or starts that are not for use. Add a start with `--start NAME`.".into()
        })
    }

    fn new(info: &'a DomainInfo, problem: &'a ProblemResults) -> Option<Self> {
        let (baseline, others) = problem.starts.split_first()?;
        let candidates = others.iter().filter(|start| info.is_candidate(&start.name)).collect();
        Some(Self { info, problem, baseline, candidates })
    }

    /// The start with the largest gain; among equal gains the one that reaches the target most often, then the cheapest. A
    /// start that solves what the baseline never solves goes first; an effect on the end says least.
    fn best(&self, better: &[(&'a StartResults, Effect)]) -> Option<(&'a StartResults, Effect)> {
        let rank = |(start, effect): &(&StartResults, Effect)| {
            let kind = if self.only_solves(start) { 2 } else { u8::from(start.by != By::End) };
            (kind, effect.estimate, start.reached, -start.charge.0)
        };
        better.iter().copied().max_by(|a, b| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal))
    }

    /// The candidates that are significantly better than the baseline, and whose ends are not significantly worse.
    fn better(&self) -> Vec<(&'a StartResults, Effect)> {
        self.shown(true).into_iter().filter(|(start, _)| !start.ends_worse()).collect()
    }

    /// The starts of which most runs end in another state than the best one, where a domain has states.
    fn elsewhere(&self) -> String {
        if !self.info.states {
            return String::new();
        }
        let all = std::iter::once(self.baseline).chain(self.candidates.iter().copied());
        let others = all.filter_map(|start| {
            let (state, count) = other_state(self.problem, start)?;
            Some(format!("`{}` ({state}, {count} of {} runs)", start.name, start.n))
        });
        let others: Vec<String> = others.collect();
        if others.is_empty() {
            return String::new();
        }
        format!(
            " Most runs end in another state than the best one: {}. Energies of different states say nothing about the starts; to \
             compare them, choose one state.",
            others.join(", ")
        )
    }

    /// The candidates that are significantly better than the baseline, or worse.
    fn shown(&self, favours: bool) -> Vec<(&'a StartResults, Effect)> {
        let effect = |start: &&'a StartResults| {
            let effect = start.headline.filter(|effect| effect.favours == Some(favours));
            Some((*start, effect.or_else(|| start.success_difference.filter(|_| favours && self.only_solves(start)))?))
        };
        self.candidates.iter().filter_map(effect).collect()
    }

    /// Whether the baseline never reaches the target and the start reaches it significantly more often, at the level of the
    /// table. A ratio of work is then unknown.
    fn only_solves(&self, start: &StartResults) -> bool {
        let rivals = self.problem.starts.len().saturating_sub(1).max(1) as f64;
        let is_shown = |effect: &Effect| effect.estimate > 0.0 && effect.p.is_some_and(|p| p <= ALPHA / rivals);
        is_work(self.problem)
            && self.baseline.reached == 0
            && matches!(start.by, By::Itself | By::Cost)
            && start.success_difference.as_ref().is_some_and(is_shown)
    }

    /// How much better than the baseline, and at what cost.
    fn why(&self, start: &StartResults, gain: Effect) -> String {
        let (baseline, unit) = (&self.baseline.name, &self.info.work_unit);
        let gained = gained(gain);
        // The interval comes from the baseline alone if every run of the start is the same.
        let same = if start.is_one_value {
            format!("; every run of `{}` gives the same result", start.name)
        } else {
            String::new()
        };
        let basis = format!("({} paired replicates, simultaneous 95% interval{same})", start.n);
        let rates = format!(
            "reaches the target in {} of {} runs, the baseline `{baseline}` in {} of {}",
            start.reached, start.n, self.baseline.reached, self.baseline.n
        );
        let charge = number(start.charge.0);
        let (included, besides_work) = if start.charge.0 > 0.0 {
            (
                format!(", including the {charge} {unit}s for making `{}`", start.name),
                format!(" Making it costs {charge} {unit}s in each run."),
            )
        } else {
            (String::new(), String::new())
        };
        if start.by == By::End {
            let judged = self.problem.info.judged_label();
            return format!(
                "its end is better than that of the baseline `{baseline}` by {gained} in {judged} {basis}. Ends are \
                 compared because most runs miss the target.{besides_work}"
            );
        }
        if let Some(what) = headline(&self.problem.info) {
            let what = what.replace(" (headline)", "");
            return format!(
                "its {what} over the baseline `{baseline}` is {gained} {basis}.{}{besides_work}",
                besides(start)
            );
        }
        if is_cut(self.problem, start) || self.only_solves(start) {
            return format!("it {rates} (significant at 95%, simultaneous over the starts).{besides_work}");
        }
        if start.by == By::Cost {
            return format!(
                "it {rates}. With restarts after failures, a success costs the baseline {gained} times as many {unit}s \
                 {basis}{included}."
            );
        }
        let all = start.reached == start.n && self.baseline.reached == self.baseline.n;
        let rates = if all { String::new() } else { format!(" `{}` {rates}.", start.name) };
        format!("the baseline `{baseline}` needs {gained} times as many {unit}s {basis}{included}.{rates}")
    }

    /// Why no start is recommended, how many replicates would decide, and what to use until then.
    fn undecided(&self) -> String {
        let n = self.baseline.n;
        let by = self.measure();
        let is_here = |start: &&StartResults| !self.info.states || other_state(self.problem, start).is_none();
        let worse = names(self.shown(false).into_iter().map(|(start, _)| start).filter(is_here));
        let worse =
            if worse.is_empty() { String::new() } else { format!(" Significantly worse than the baseline: {worse}.") };
        let effects = || self.candidates.iter().filter_map(|start| start.headline);
        let is_open = |effect: Effect| effect.low == 0.0 && effect.high.is_infinite() || !effect.low.is_finite();
        let traded = names(self.shown(true).into_iter().map(|(start, _)| start));
        let (first, more) = if effects().count() == 0 {
            (
                format!("Too few runs reach the target to compare the starts by {by}; a larger `--budget` may help."),
                String::new(),
            )
        } else if effects().all(is_open) {
            let starts = self.problem.starts.len();
            // With n pairs the smallest p of the signed-rank test is 2^-n, one-sided.
            let least = (2.0 * (starts - 1).max(1) as f64 / ALPHA).log2().ceil() as usize;
            let least = Some(least).filter(|least| *least > n);
            let least = least.map_or_else(String::new, |least| format!("; {starts} starts need at least {least}"));
            let few = format!("Too few replicates for an interval: {n}{least}.");
            // Until then a start is named only if it reaches the target more often.
            let cheapest = self.cheapest();
            let is_baseline = cheapest.starts_with(CHEAPEST);
            return if is_baseline { few } else { format!("{few} {cheapest}") };
        } else if effects().all(|effect| effect.p.is_none()) {
            let (advice, is_complete) = self.one_value();
            if is_complete {
                return advice;
            }
            (advice, String::new())
        } else if traded.is_empty() {
            (format!("No start is shown to be better in {by} ({n} paired replicates)."), self.more())
        } else {
            (
                format!(
                    "No start is better throughout: {traded} gain in {by}, but their ends are significantly worse."
                ),
                self.more(),
            )
        };
        format!("{first}{more} {}{worse}", self.cheapest())
    }

    /// Which start is best if nothing is random, as a value needs no test, and whether that is all there is to say.
    fn one_value(&self) -> (String, bool) {
        let same = "Every replicate of a start gives the same result, so there is no interval";
        let (baseline, unit) = (&self.baseline.name, &self.info.work_unit);
        let is_fit = |start: &&&StartResults| {
            start.by == By::Itself && start.reached == start.n && start.unsound.is_empty() && !start.ends_worse()
        };
        let best = self
            .candidates
            .iter()
            .filter(is_fit)
            .filter_map(|start| Some((start, start.headline?.estimate)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match best.filter(|_| is_work(self.problem) && self.baseline.reached == self.baseline.n) {
            Some((start, gain)) if gain > 1.0 => {
                let name = &start.name;
                let gain = number(gain);
                (
                    format!(
                        "Use `{name}`: on these data the baseline `{baseline}` takes {gain} times as many {unit}s. {same}."
                    ),
                    true,
                )
            }
            Some(_) => (format!("Use `{baseline}`: on these data no start takes fewer {unit}s. {same}."), true),
            None => (format!("{same}: compare the values."), false),
        }
    }

    /// By what the starts are compared.
    fn measure(&self) -> String {
        let judged = self.problem.info.judged_label();
        let by_end = self.candidates.iter().any(|start| start.by == By::End);
        let by_work = self.candidates.iter().any(|start| matches!(start.by, By::Itself | By::Cost));
        match headline(&self.problem.info) {
            Some(what) => what.replace(" (headline)", ""),
            None if by_end && by_work => {
                format!("{}s, or by {judged} where most runs miss the target", self.info.work_unit)
            }
            None if by_end => format!("{judged} (most runs miss the target)"),
            None => format!("{}s", self.info.work_unit),
        }
    }

    /// How many replicates would decide for the start that needs fewest, if it is as good as it looks.
    fn more(&self) -> String {
        let is_open = |start: &&&StartResults| {
            start.headline.is_some_and(|effect| !effect.is_clear() && effect.estimate > self.none(start))
        };
        let needed = |start: &&StartResults| Some((start.replicates_needed?, start.name.clone()));
        let nearest = self.candidates.iter().filter(is_open).filter_map(needed).min();
        nearest.filter(|(needed, _)| *needed > self.baseline.n).map_or_else(String::new, |(needed, name)| {
            if needed > MANY {
                return format!(" To show a gain as small as that of `{name}` here would take more than {MANY} replicates.");
            }
            // These replicates chose the start, so they cannot test it as well.
            format!(
                " About {needed} replicates with a new `--seed` would show a gain as large as that of `{name}` here (power 80%)."
            )
        })
    }

    /// The value of an effect that is no effect.
    fn none(&self, start: &StartResults) -> f64 {
        if start.by == By::End { 0.0 } else { self.problem.info.headline.show(0.0) }
    }

    /// What to use if no difference is shown: of the starts that reach the target most often, and look no worse than the
    /// baseline, the one that costs least to make; the baseline where several do.
    fn cheapest(&self) -> String {
        let looks_fit = |start: &&&StartResults| {
            start.end.is_some()
                && start.unsound.is_empty()
                && !start.ends_worse()
                && start.reached >= self.baseline.reached
                && start.headline.is_none_or(|effect| effect.estimate >= self.none(start))
        };
        let fit: Vec<&StartResults> =
            std::iter::once(self.baseline).chain(self.candidates.iter().filter(looks_fit).copied()).collect();
        let most = fit.iter().map(|start| start.reached).max().unwrap_or(0);
        let least =
            fit.into_iter().filter(|start| start.reached == most).min_by(|a, b| a.charge.0.total_cmp(&b.charge.0));
        let Some(start) = least else { return String::new() };
        if start.name == self.baseline.name || start.reached == self.baseline.reached {
            return format!("{CHEAPEST}, `{}`.", start.name);
        }
        format!(
            "Use `{}`, the cheapest of the starts that reach the target most often ({} of {} runs; the baseline `{}`: {}).",
            start.name, start.reached, start.n, self.baseline.name, self.baseline.reached
        )
    }

    /// Which start saves most in each use where it is made once: only what is shown at the level of the table.
    fn reuse(&self, taken: &str) -> String {
        let shown = self
            .candidates
            .iter()
            .filter(|start| !start.ends_worse() && !is_cut(self.problem, start) && start.name != taken)
            .filter_map(|start| Some((start, start.reuse.filter(|effect| effect.favours == Some(true))?)))
            .max_by(|a, b| a.1.estimate.total_cmp(&b.1.estimate));
        shown.map_or_else(String::new, |(start, saved)| {
            format!(
                " If one `{}` serves many runs, {} costs the baseline {} times as many {}s.",
                start.name,
                if start.by == By::Cost { "a success" } else { "each" },
                gained(saved),
                self.info.work_unit
            )
        })
    }
}

/// A gain with its interval. Of a ratio without an upper bound only the lower bound is known.
fn gained(gain: Effect) -> String {
    if gain.high.is_infinite() { format!("at least {}", number(gain.low)) } else { effect(Some(gain)) }
}

fn names<'a>(starts: impl Iterator<Item = &'a StartResults>) -> String {
    starts.map(|start| format!("`{}`", start.name)).collect::<Vec<_>>().join(", ")
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
        let found = compare(Rows { headers, rows: rows.collect(), damaged: Vec::new() });
        of_problem(&found.domains[0].info, &found.domains[0].problems[0])
    }

    #[test]
    fn advice_does_not_move_with_the_budget() {
        let text = advise(2e4);
        insta::assert_snapshot!(text);
        for budget in [2e5, 1e7, 1e8] {
            assert_eq!(advise(budget), text);
        }
    }

    /// The advice on 20 runs of each start: work to the target or `None`, and how a run without it ended.
    fn of(runs: impl Fn(&str, u64) -> (Option<f64>, Status)) -> String {
        let one = |start: &'static str, replicate: u64| {
            let (work, status) = runs(start, replicate);
            let mut row =
                Row { domain: "toy".into(), problem: "bowl".into(), budget: 100.0, ..row(start, replicate, work) };
            row.experiment = "one".into();
            if work.is_none() {
                row.status = status;
            }
            row
        };
        let rows = ["far", "pilot"].into_iter().flat_map(|start| (0..20).map(move |replicate| (start, replicate)));
        let rows = rows.map(|(start, replicate)| one(start, replicate)).collect();
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        let found = compare(Rows { headers, rows, damaged: Vec::new() });
        of_problem(&found.domains[0].info, &found.domains[0].problems[0])
    }

    #[test]
    fn a_start_that_solves_what_the_baseline_never_solves_is_recommended_by_its_rate() {
        let text = of(|start, replicate| match start {
            "pilot" => (Some(20.0 + replicate as f64), Status::Reached),
            _ => (None, Status::Converged),
        });
        assert!(text.starts_with("Use `pilot`: it reaches the target in 20 of 20 runs"), "{text}");
        assert!(!text.contains("times as many") && !text.contains('∞'), "no ratio is known: {text}");
    }

    #[test]
    fn without_a_sound_trial_there_is_no_recommendation() {
        assert_eq!(of(|_, _| (None, Status::Crashed)), "No recommendation: every trial failed.");
    }

    /// Nothing is random, so the values decide.
    #[test]
    fn one_value_needs_no_test() {
        let of = |pilot: f64| of(|start, _| (Some(if start == "pilot" { pilot } else { 30.0 }), Status::Reached));
        assert!(
            of(10.0).starts_with("Use `pilot`: on these data the baseline `far` takes 3.00 times as many"),
            "{}",
            of(10.0)
        );
        assert!(of(45.0).starts_with("Use `far`: on these data no start takes fewer"), "{}", of(45.0));
    }

    #[test]
    fn equal_starts_give_the_cheapest() {
        let text = of(|_, replicate| (Some(20.0 + (replicate * 7 % 5) as f64), Status::Reached));
        assert!(text.contains("Use the cheapest start, `far`."), "{text}");
    }
}
