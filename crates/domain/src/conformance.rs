//! The contract of a domain, checked by one line in its tests.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;

use crate::catalogue::ProblemInfo;
use crate::claim::{Estimand, Quantity};
use crate::digest::Digest;
use crate::domain::Domain;
use crate::entry::{Entry, Outcome};
use crate::info::DomainInfo;
use crate::knob::Knob;
use crate::names::{Name, check_plain};
use crate::options;
use crate::recipe::{Recipe, TRACE_POINTS};
use crate::reference::{Reference, References};
use crate::row::Status;
use crate::trial::{Purpose, Trial};
use crate::workspace::Workspace;

/// Key of the check's own best-known values in the workspace.
const REFERENCES: &str = "references of the conformance check";

/// Seed of the instances used by the check.
const SEED: u64 = 2_026;

/// Checks a domain against its contract and panics with all breaches found.
///
/// The contract:
/// - Names are unique, and everything named has a description.
/// - Hyperparameters have a grid and are read.
/// - Claims name existing starts, problems and metrics.
/// - The same seed gives the same trial, independent of the trials before it.
/// - Work never decreases, and the solver stops at `Break`.
/// - Every recorded metric is declared.
/// - Two starts make different states, unless one is an alias or declares that it may equal the other.
/// - The charge is the same whether the start made a shared result or found it.
/// - Some start reaches the target of every problem that is not declared hard.
///
/// # Panics
/// If the domain breaks the contract: this is an assertion for tests.
pub fn conformance<D: Domain>() {
    let findings = findings(Entry::of::<D>());
    assert!(findings.is_empty(), "{} breaks the contract:\n- {}", D::ABOUT.name, findings.join("\n- "));
}

/// Returns all breaches of the contract, one per string; an empty list is a pass.
pub fn findings(entry: Entry) -> Vec<String> {
    let info = entry.0.info();
    let mut findings = names(&info);
    findings.extend(claims(&info));
    if findings.is_empty() {
        findings.extend(conduct(entry, &info));
    }
    findings
}

/// Runs every problem from all its starts; problems run in parallel.
fn conduct(entry: Entry, info: &DomainInfo) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(problem) = info.problems.get(index) else { return found };
            found.push((index, OnProblem::new(entry, info, problem).findings()));
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(info.problems.len());
    let mut found: Vec<(usize, Vec<String>)> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let join = |worker: ScopedJoinHandle<'_, _>| worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        running.into_iter().flat_map(join).collect()
    });
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().flat_map(|(_, findings)| findings).collect()
}

fn names(info: &DomainInfo) -> Vec<String> {
    let mut findings = Vec::new();
    let problems = info.problems.iter().map(|problem| ("problem", &*problem.name, &*problem.about));
    let starts = info.starts.iter().map(|start| ("start", &*start.name, &*start.about));
    let metrics = info.metrics.iter().map(|metric| ("metric", &*metric.name, &*metric.about));
    let options = info.options.iter().map(|option| ("option", &*option.name, &*option.about));
    let knobs = info.knobs.iter().map(|knob| ("knob", &*knob.name, &*knob.about));
    let domain = std::iter::once(("domain", &*info.name, &*info.about));
    let mut seen = BTreeSet::new();
    for (kind, name, about) in domain.chain(problems).chain(starts).chain(metrics).chain(options).chain(knobs) {
        if !seen.insert((kind, name)) {
            findings.push(format!("two {kind}s are called `{name}`"));
        }
        findings.extend(check_plain(kind, name).err());
        if about.trim().is_empty() {
            findings.push(format!("{kind} `{name}` has no description"));
        }
    }
    if let Some(metric) = info.metrics.iter().find(|metric| metric.name == Quantity::Value.name()) {
        findings.push(format!("metric `{}` has the name of the observed value: rename it", metric.name));
    }
    if info.starts.is_empty() || info.problems.is_empty() {
        findings.push("a domain needs at least one problem and one start".into());
    }
    for option in info.options.iter().filter(|option| options::RESERVED.contains(&&*option.name)) {
        findings
            .push(format!("option `{}`: `headstart try` already has an option of that name; rename it", option.name));
    }
    findings.extend(info.knobs.iter().flat_map(|knob| self::knob(info, knob)));
    for start in &info.starts {
        for (kind, other) in [("is an alias of", &start.alias_of), ("may equal", &start.may_equal)] {
            if let Some(other) = other
                && !info.starts.iter().any(|known| known.name == *other)
            {
                findings.push(format!("start `{}` {kind} `{other}`, which does not exist", start.name));
            }
        }
    }
    for problem in &info.problems {
        if !problem.starts.iter().any(|start| start == info.baseline()) {
            findings.push(format!("problem `{}` does not take the baseline `{}`", problem.name, info.baseline()));
        }
        for quantity in [Some(problem.judged_by.clone()), problem.headline.quantity()].into_iter().flatten() {
            if info.direction_of(&quantity).is_none() {
                findings.push(format!("problem `{}` is judged by the undeclared metric `{quantity}`", problem.name));
            }
        }
        let budget = problem.budget.unwrap_or(info.budget);
        if !(problem.resolution >= 0.0 && budget > 0.0 && budget.is_finite()) {
            findings.push(format!(
                "problem `{}`: the resolution must not be negative, and the budget must be positive and finite",
                problem.name
            ));
        }
    }
    findings
}

fn knob(info: &DomainInfo, knob: &Knob) -> Vec<String> {
    let mut findings = Vec::new();
    let mut find = |text: String| findings.push(format!("knob `{}`: {text}", knob.name));
    let grid = &knob.grid;
    if grid.len() < 2 || grid.iter().any(|value| !value.is_finite()) || grid.windows(2).any(|pair| pair[0] >= pair[1]) {
        find(format!("the grid {grid:?} must have two or more finite values in ascending order"));
    }
    if !grid.contains(&knob.default) {
        find(format!("the default {} must be on the grid {grid:?}", knob.default));
    }
    for name in knob.problems.iter().filter(|name| info.problem(name).is_none()) {
        find(format!("it names the problem `{name}`, which does not exist"));
    }
    findings
}

fn claims(info: &DomainInfo) -> Vec<String> {
    let mut findings = Vec::new();
    let mut ids = BTreeSet::new();
    for claim in &info.claims {
        let mut find = |text: String| findings.push(format!("claim `{}` {text}", claim.id));
        if !ids.insert(&claim.id) || !claim.id.starts_with(&format!("{}-", info.name)) {
            find(format!("needs a unique id that begins with `{}-`", info.name));
        }
        if claim.statement.is_empty() || claim.source.is_empty() || claim.registered.is_empty() {
            find("needs a statement, a source and a registration date".into());
        }
        for metric in claim.kind.estimands().into_iter().filter_map(Estimand::quantity) {
            if info.direction_of(&metric).is_none() {
                find(format!("is about the undeclared metric `{metric}`"));
            }
        }
        for estimand in claim.kind.estimands() {
            if let Estimand::Rate(rate) = estimand
                && !info.metrics.iter().any(|metric| metric.name == *rate && metric.counts_as_success())
            {
                find(format!("counts `{rate}`, which is not a metric declared with `Metric::higher(..).share()`"));
            }
        }
        let pair = claim.kind.pair();
        match &pair {
            Some(pair) => {
                for name in [Some(pair.start), Some(pair.rival), claim.control.as_deref()].into_iter().flatten() {
                    if !info.starts.iter().any(|known| known.name == *name) {
                        find(format!("names the start `{name}`, which does not exist"));
                    }
                }
                let bound = pair.bound;
                if !bound.is_finite() || (pair.estimand.is_ratio() && bound <= 0.0) {
                    find(format!("has the margin {bound}: it must be finite, and positive for a ratio"));
                }
                if pair.equivalent && pair.estimand.scale(bound) == 0.0 {
                    find("claims equivalence with a zero margin".into());
                }
            }
            None => {
                if let Some(control) = claim.control.as_ref().filter(|control| !is_quantity(info, control)) {
                    find(format!("has the control `{control}`, which is not a metric"));
                }
            }
        }
        if claim.problems.is_empty() {
            find("names no problem that takes both starts".into());
        }
        for name in &claim.problems {
            let Some(problem) = info.problem(name) else {
                find(format!("names the problem `{name}`, which does not exist"));
                continue;
            };
            if problem.stop_at_target && claim.kind.estimands().iter().any(|estimand| estimand.quantity().is_some()) {
                find(format!("is about the final result on `{name}`, which stops at its target"));
            }
            let Some(pair) = &pair else { continue };
            for start in [Some(pair.start), Some(pair.rival), claim.control.as_deref()].into_iter().flatten() {
                if !problem.starts.iter().any(|known| known == start) {
                    find(format!("is about the start `{start}`, which `{name}` does not take"));
                }
            }
        }
    }
    findings
}

/// All starts on the first replicate of one problem.
struct OnProblem<'a> {
    entry: Entry,
    info: &'a DomainInfo,
    problem: &'a ProblemInfo,
    trials: Vec<Trial>,
    /// For a target relative to a reference: the reference value, or why it could not be computed.
    known: Option<Result<References, String>>,
}

impl<'a> OnProblem<'a> {
    fn new(entry: Entry, info: &'a DomainInfo, problem: &'a ProblemInfo) -> Self {
        let known = problem.within.map(|_| references(entry, info, problem));
        let mut recipe = recipe(info, problem);
        recipe.references = known.as_ref().map(|_| (REFERENCES.into(), String::new()));
        let trials = problem.starts.iter().filter_map(|start| recipe.trial(SEED, 0, start, None).ok()).collect();
        Self { entry, info, problem, trials, known }
    }

    fn workspace(&self) -> Workspace {
        let mut workspace = Workspace::default();
        if let Some(Ok(known)) = &self.known {
            workspace.insert_references(REFERENCES.into(), known.clone());
        }
        workspace
    }

    fn findings(&self) -> Vec<String> {
        if let Some(Err(why)) = &self.known {
            return vec![format!(
                "`{}`: the check takes the target from a run of the baseline, which found no value: {why}",
                self.problem.name
            )];
        }
        let mut findings = Vec::new();
        let mut warm = self.workspace();
        let outcomes: Vec<Outcome> = self.trials.iter().map(|trial| alone(self.entry, trial, &mut warm)).collect();
        for (trial, outcome) in self.trials.iter().zip(&outcomes) {
            let place = format!("`{}` from `{}`", trial.problem, trial.start);
            findings.extend(self.of_one(trial, outcome, &mut warm).into_iter().map(|text| format!("{place}: {text}")));
        }
        findings.extend(self.of_all(&outcomes));
        findings
    }

    fn of_one(&self, trial: &Trial, outcome: &Outcome, warm: &mut Workspace) -> Vec<String> {
        let row = &outcome.row;
        if row.status == Status::Failed {
            return vec![row.message.clone()];
        }
        let mut findings = Vec::new();
        for (metric, _) in row.metrics.iter() {
            if !is_quantity(self.info, metric) {
                findings.push(format!("records the undeclared metric `{metric}`"));
            }
        }
        if !(row.start_work.is_finite() && row.start_work >= 0.0) {
            findings.push(format!("charges {}: the charge must be finite and not negative", row.start_work));
        }
        let cold = alone(self.entry, trial, &mut self.workspace());
        if cold.row.start_work != row.start_work {
            let (cold, warm) = (cold.row.start_work, row.start_work);
            findings.push(format!("is charged {cold} if it runs alone and {warm} after other starts"));
        } else if cold.row.digest != row.digest {
            findings.push("the same seed gave a different result when it ran alone".into());
        }
        // With half of the budget, the solver must stop early.
        let short = Trial { budget: (row.work / 2.0).max(1.0), ..trial.clone() };
        let stopped = alone(self.entry, &short, warm);
        if outcome.observed_after_break || stopped.observed_after_break {
            findings.push("goes on observing after `Break`".into());
        }
        findings
    }

    fn of_all(&self, outcomes: &[Outcome]) -> Vec<String> {
        let mut findings = Vec::new();
        let name = &self.problem.name;
        let reached = outcomes.iter().any(|outcome| outcome.row.status == Status::Reached);
        if !reached && !self.problem.hard {
            findings.push(format!("`{name}`: no start reaches the target; declare the problem hard if that is known"));
        }
        let mut states: BTreeMap<Digest, &str> = BTreeMap::new();
        for outcome in outcomes.iter().filter(|outcome| !outcome.row.state.is_none()) {
            let start = &*outcome.row.start;
            if let Some(first) = states.insert(outcome.row.state, start)
                && self.info.original(start) != self.info.original(first)
                && !self.info.may_be_equal(start, first)
            {
                findings.push(format!("`{name}`: `{first}` and `{start}` make the same state"));
            }
        }
        for knob in self.info.knobs_of(name) {
            if !outcomes.iter().any(|outcome| outcome.knobs_read.contains(&*knob.name)) {
                findings.push(format!(
                    "`{name}`: the knob `{}` is tuned on this problem, but no start or solver reads it",
                    knob.name
                ));
            }
        }
        let judged = &self.problem.judged_by;
        let unjudged = |outcome: &&Outcome| outcome.row.status.is_sound() && outcome.row.quantity(judged).is_none();
        if let Some(outcome) = outcomes.iter().find(unjudged) {
            let start = &outcome.row.start;
            findings.push(format!(
                "`{name}` from `{start}` does not record `{judged}`, by which its final result is judged"
            ));
        }
        findings
    }
}

/// Whether a name is `value` or that of a declared metric.
fn is_quantity(info: &DomainInfo, name: &str) -> bool {
    info.direction_of(&Quantity::from(Name::Owned(name.to_owned()))).is_some()
}

/// Runs a trial in this process.
fn alone(entry: Entry, trial: &Trial, workspace: &mut Workspace) -> Outcome {
    entry.0.run(trial, workspace, &mut |_| ())
}

/// Computes a reference value by one run of the baseline, on the streams of reference runs. The stored best-known
/// values are not used: the contract is about the conduct of the solver, not about the quality of those values.
fn references(entry: Entry, info: &DomainInfo, problem: &ProblemInfo) -> Result<References, String> {
    let recipe = recipe(info, problem);
    let trial = recipe.trial(SEED, 0, info.baseline(), None).map_err(|error| error.to_string())?;
    let trial = Trial { purpose: Purpose::Reference(0), ..trial };
    let instance = entry.0.identify(&trial).map_err(|error| error.to_string())?;
    let row = alone(entry, &trial, &mut Workspace::default()).row;
    let value = row.best(info.direction).ok_or(row.message)?;
    let found = Reference { problem: problem.name.to_string(), value, runs: 1, budget: recipe.budget };
    let mut known = References::default();
    known.improve(instance, found, info.direction);
    Ok(known)
}

fn recipe(info: &DomainInfo, problem: &ProblemInfo) -> Recipe {
    Recipe {
        domain: info.name.clone(),
        version: info.version,
        problem: problem.name.to_string(),
        starts: problem.starts.clone(),
        budget: problem.budget.unwrap_or(info.budget),
        trace_points: TRACE_POINTS,
        references: None,
        own: None,
        knobs: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy;

    #[test]
    fn the_toy_domain_conforms() {
        assert_eq!(findings(toy::entry()), Vec::<String>::new());
        assert_eq!(findings(Entry::of::<toy::Geared>()), Vec::<String>::new());
    }

    #[test]
    fn every_breach_of_knobs_is_found() {
        let mut info = Entry::of::<toy::Geared>().0.info();
        assert_eq!(names(&info), Vec::<String>::new());
        let rate = info.knobs[0].clone();
        info.knobs.push(Knob { about: "".into(), default: 0.2, problems: vec!["pit".into()], ..rate.clone() });
        let grids = [vec![], vec![0.1], vec![0.1, f64::INFINITY], vec![f64::NAN, 0.1], vec![0.2, 0.1], vec![0.1, 0.1]];
        info.knobs.extend(grids.iter().enumerate().map(|(place, grid)| Knob {
            name: format!("grid-{place}").into(),
            grid: grid.clone().into(),
            ..rate.clone()
        }));
        let text = names(&info).join("\n");
        for expected in [
            "two knobs are called `rate`",
            "knob `rate` has no description",
            "the default 0.2 must be on the grid",
            "`pit`, which does not exist",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        for place in 0..grids.len() {
            assert!(text.contains(&format!("knob `grid-{place}`: the grid")), "{text}");
        }
    }

    #[test]
    fn every_breach_of_names_and_claims_is_found() {
        let mut info = toy::info();
        info.starts[1].name = "far".into();
        info.starts[2].about = " ".into();
        info.starts[2].alias_of = Some("missing".into());
        info.problems[0].judged_by = Quantity::metric("beauty");
        info.problems[0].starts.remove(0);
        let text = names(&info).join("\n");
        for expected in
            ["two starts", "has no description", "alias of `missing`", "metric `beauty`", "take the baseline"]
        {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        let mut info = toy::info();
        info.claims[0].id = "other-1".into();
        info.claims[0].control = Some("missing".into());
        info.claims[1].problems = vec!["pit".into()];
        let text = claims(&info).join("\n");
        for expected in ["begins with `toy-`", "start `missing`", "problem `pit`"] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        let mut info = toy::info();
        let of = |metric: &str| Estimand::Final(Quantity::from(Name::Owned(metric.to_owned())));
        let sign = crate::Sign::Positive;
        info.claims[0].kind = crate::Kind::Association { of: of("distance"), with: of("beauty"), sign };
        info.claims[0].control = Some("far".into());
        let text = claims(&info).join("\n");
        for expected in ["undeclared metric `beauty`", "control `far`, which is not a metric"] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        info.claims[0].kind = crate::Kind::Association { of: of("distance"), with: of("value"), sign };
        info.claims[0].control = Some("value".into());
        assert_eq!(claims(&info), Vec::<String>::new());
    }

    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::About;
    use crate::Direction;
    use crate::Knob;
    use crate::Metric;
    use crate::Problem;
    use crate::Result;
    use crate::Run;
    use crate::Start;
    use crate::Target;

    /// Breaks the contract in one way, chosen by the number.
    struct Broken<const WAY: u8>;

    static CALLS: AtomicU64 = AtomicU64::new(0);
    const RATE: Knob = Knob::new("rate", "step length", &[0.1, 1.0], 1.0);

    impl<const WAY: u8> Domain for Broken<WAY> {
        type Instance = ();
        type State = u64;

        const ABOUT: About = About {
            name: "broken",
            question: "What does conformance find?",
            work_unit: "step",
            value_label: "value",
            direction: Direction::Minimise,
            version: 1,
            budget: 10.0,
            within: 0.1,
            ..About::DEFAULTS
        };
        const PROBLEMS: &'static [Problem<Self>] = if WAY < 10 {
            &[Problem::new("p", "p", |_| Ok(()), Target::Known(|()| 0.2))]
        } else {
            &[Problem::new("p", "p", |_| Ok(()), Target::Reference { within: 0.0 })]
        };
        const METRICS: &'static [Metric] = if WAY == 12 { &[Metric::lower("value", "taken")] } else { &[] };
        const STARTS: &'static [Start<Self>] = &[
            Start::new("one", "one", |(), setup| {
                let extra = if WAY == 5 { CALLS.fetch_add(1, Ordering::Relaxed) as f64 } else { 0.0 };
                setup.charge(extra);
                Ok(1)
            }),
            Start::new("two", "two", |(), _| Ok(if WAY == 2 { 1 } else { 2 })),
        ];

        const KNOBS: &'static [Knob] = if WAY == 9 { &[RATE] } else { &[] };

        fn solve((): &(), state: u64, run: &mut Run) -> Result<()> {
            let calls = CALLS.fetch_add(1, Ordering::Relaxed);
            if WAY == 10 && state == 1 {
                return Err("the baseline gives up".into());
            }
            let noise = if WAY == 0 { calls as f64 } else { 0.0 };
            let lift = if WAY == 3 { 1.0 } else { 0.0 };
            for step in 1..=10 {
                let work = if WAY == 6 && step == 5 { 1.0 } else { f64::from(step) };
                let answer = run.observe(work, || state as f64 / work.powi(2) + noise + lift);
                if answer.is_break() && WAY != 1 {
                    break;
                }
            }
            if WAY == 4 {
                run.metric("secret", 1.0);
            }
            if WAY == 8 {
                run.knob(&RATE);
            }
            Ok(())
        }
    }

    #[test]
    fn every_breach_of_conduct_is_found() {
        for (entry, expected) in [
            (Entry::of::<Broken<0>>(), "a different result when it ran alone"),
            (Entry::of::<Broken<1>>(), "goes on observing after `Break`"),
            (Entry::of::<Broken<2>>(), "`one` and `two` make the same state"),
            (Entry::of::<Broken<3>>(), "no start reaches the target"),
            (Entry::of::<Broken<4>>(), "undeclared metric `secret`"),
            (Entry::of::<Broken<5>>(), "if it runs alone and"),
            (Entry::of::<Broken<6>>(), "work went back from 4 to 1"),
            (Entry::of::<Broken<8>>(), "the knob `rate` was read but is not declared"),
            (
                Entry::of::<Broken<9>>(),
                "`p`: the knob `rate` is tuned on this problem, but no start or solver reads it",
            ),
            (Entry::of::<Broken<10>>(), "a run of the baseline, which found no value: the baseline gives up"),
            (Entry::of::<Broken<12>>(), "metric `value` has the name of the observed value"),
        ] {
            let found = findings(entry).join("\n");
            assert!(found.contains(expected), "{expected} is not in: {found}");
        }
        assert_eq!(findings(Entry::of::<Broken<7>>()), Vec::<String>::new());
    }
}
