//! The ledger: every claim of a domain with its verdict. Both directions of all claims form one Holm family.

use std::fmt;

use rayon::prelude::*;
use serde::Serialize;

use super::pairs::{self, Cell, Sample};
use super::problem::effect;
use super::{ALPHA, Effect, Study};
use crate::claim::{Estimand, Kind, Rule};
use crate::info::{ClaimInfo, DomainInfo, ProblemInfo};
use crate::stats::{self, PairedOutcomes};

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The effect is shown to exceed the margin.
    Supported,
    /// The effect is shown to fall short of the margin.
    Refuted,
    /// Neither is shown.
    Inconclusive,
    /// Supported, but the control is shown to fall short of the start by less than the margin.
    Unspecific,
    /// Supported, but into a significantly worse end.
    Invalid,
    /// The rows cannot decide it: a problem or the control is missing, or there are too few pairs.
    NotJudged,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Self::Supported => "supported",
            Self::Refuted => "refuted",
            Self::Inconclusive => "inconclusive",
            Self::Unspecific => "unspecific",
            Self::Invalid => "invalid",
            Self::NotJudged => "not judged",
        })
    }
}

/// A claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// The claim.
    #[serde(flatten)]
    pub info: ClaimInfo,
    /// Its verdict.
    pub verdict: Verdict,
    /// The pairs of the smallest problem.
    pub n: usize,
    /// The effect on each problem, or the one pooled effect, with simultaneous intervals.
    pub effects: Vec<OnProblem>,
    /// Holm-adjusted p-values of "supported" and of "refuted".
    pub p: Option<(f64, f64)>,
    /// Why the verdict is what it is, where that needs words.
    pub note: String,
}

/// An effect and where it was seen.
#[derive(Clone, Debug, Serialize)]
pub struct OnProblem {
    /// The problem, or `pooled`.
    pub problem: String,
    /// Start against rival; above neutral favours the start.
    pub effect: Effect,
}

/// Judges all claims of a domain.
pub(super) fn judge(info: &DomainInfo, studies: &[Study]) -> Vec<Judged> {
    let cases: Vec<Result<Case, String>> = info.claims.par_iter().map(|claim| Case::new(info, claim, studies)).collect();
    let complete = cases.iter().flatten().count();
    // A claim that so few pairs cannot decide, whatever they say, leaves the family; pairs are counted, not looked at.
    let strictest = ALPHA / (2 * complete).max(1) as f64;
    let family: Vec<&Case> = cases.iter().flatten().filter(|case| case.least_p() <= strictest).collect();
    let raw: Vec<f64> = family.iter().flat_map(|case| [case.p_supported, case.p_refuted]).collect();
    let adjusted = stats::holm(&raw).unwrap_or_default();
    let level = ALPHA / raw.len().max(1) as f64;
    let mut adjusted = adjusted.chunks_exact(2).map(|pair| (pair[0], pair[1]));
    let judged = info.claims.iter().zip(cases).map(|(claim, case)| match case {
        Err(why) => not_judged(claim, why, Vec::new(), 0),
        Ok(case) if case.least_p() > strictest => {
            let (n, needed) = (case.independent(), (1.0 / strictest).log2().ceil());
            let why = format!("{n} independent pairs cannot reach p = {strictest:.2e}: at least {needed} are needed");
            not_judged(claim, why, case.effects(level), case.n())
        }
        Ok(case) => case.verdict(adjusted.next().unwrap_or((1.0, 1.0)), level),
    });
    judged.collect()
}

fn not_judged(claim: &ClaimInfo, note: String, effects: Vec<OnProblem>, n: usize) -> Judged {
    Judged { info: claim.clone(), verdict: Verdict::NotJudged, n, effects, p: None, note }
}

/// A claim with its data and unadjusted p-values.
struct Case<'a> {
    info: &'a DomainInfo,
    claim: &'a ClaimInfo,
    on: Vec<Part<'a>>,
    p_supported: f64,
    p_refuted: f64,
}

/// A claim's pairs on one problem.
struct Part<'a> {
    problem: &'a ProblemInfo,
    start: &'a Cell,
    rival: &'a Cell,
    control: Option<&'a Cell>,
    sample: Sample,
    /// The sample for tests: repetitions of one value are one pair.
    independent: Sample,
    /// Whether at least half of the pairs were solved by either start. Two trials that were both cut differ by exactly
    /// nothing, which says neither that the starts are equal nor that they are not.
    speaks: bool,
}

impl<'a> Part<'a> {
    fn new(info: &'a DomainInfo, claim: &'a ClaimInfo, study: &'a Study) -> Option<Self> {
        let (start, rival, estimand, _) = claim.kind.parts();
        let (start, rival) = (study.cells.get(start)?, study.cells.get(rival)?);
        let control = match &claim.control {
            Some(control) => Some(study.cells.get(control)?),
            None => None,
        };
        let problem = &study.problem;
        let sample = || pairs::sample(start, rival, estimand, info, problem);
        let mut independent = sample();
        if pairs::is_one_value(start, rival) {
            independent.truncate_to_one();
        }
        let speaks = speaks(estimand, start, rival);
        Some(Self { problem, start, rival, control, sample: sample(), independent, speaks })
    }
}

/// Whether the pairs of two starts say anything about work; about ends and success they always do.
fn speaks(estimand: &Estimand<String>, start: &Cell, rival: &Cell) -> bool {
    !matches!(estimand, Estimand::Work { .. })
        || 2 * pairs::solved_by_either(start, rival) >= pairs::pairs(start, rival).count()
}

impl<'a> Case<'a> {
    fn new(info: &'a DomainInfo, claim: &'a ClaimInfo, studies: &'a [Study]) -> Result<Self, String> {
        let mut on = Vec::new();
        let mut missing = Vec::new();
        for name in &claim.problems {
            let study = studies.iter().find(|study| !study.own && study.problem.name == *name);
            match study.and_then(|study| Part::new(info, claim, study)) {
                Some(part) => on.push(part),
                None => missing.push(name.as_str()),
            }
        }
        if !missing.is_empty() || on.is_empty() {
            let (start, rival, ..) = claim.kind.parts();
            let control = claim.control.as_ref().map_or(String::new(), |control| format!(" (and {control})"));
            return Err(format!("these rows hold no {start} against {rival}{control} on {}", missing.join(", ")));
        }
        let (p_supported, p_refuted) = p_values(claim, &on);
        Ok(Self { info, claim, on, p_supported, p_refuted })
    }

    fn n(&self) -> usize {
        self.on.iter().map(|part| part.sample.n()).min().unwrap_or(0)
    }

    /// Pairs on which the rule stands: the fewest for "each", the most for "any", all for "pooled".
    fn independent(&self) -> usize {
        let counts = self.on.iter().map(|part| part.independent.n());
        match self.claim.rule {
            Rule::Each => counts.min().unwrap_or(0),
            Rule::Any => counts.max().unwrap_or(0),
            Rule::Pooled => counts.sum(),
        }
    }

    /// The least one-sided p-value that this many pairs can give.
    fn least_p(&self) -> f64 {
        let share = if self.claim.rule == Rule::Any { self.on.len() as f64 } else { 1.0 };
        share * 0.5_f64.powi(i32::try_from(self.independent()).unwrap_or(i32::MAX))
    }

    fn verdict(&self, p: (f64, f64), level: f64) -> Judged {
        let mut note = self.silent();
        let mut verdict = match (p.0 <= ALPHA, p.1 <= ALPHA) {
            (true, _) => Verdict::Supported,
            (false, true) => Verdict::Refuted,
            (false, false) => Verdict::Inconclusive,
        };
        if verdict == Verdict::Supported {
            if let Some(worse) = self.worse_end() {
                verdict = Verdict::Invalid;
                note = worse;
            } else if let Some(control) = self.control_does_it_too() {
                verdict = Verdict::Unspecific;
                note = control;
            }
        }
        Judged { info: self.claim.clone(), verdict, n: self.n(), effects: self.effects(level), p: Some(p), note }
    }

    /// The problems that say nothing, for a note.
    fn silent(&self) -> String {
        let silent: Vec<&str> =
            self.on.iter().filter(|part| !part.speaks).map(|part| part.problem.name.as_str()).collect();
        if silent.is_empty() {
            return String::new();
        }
        format!("most pairs are solved by neither start on {}, which therefore says nothing", silent.join(", "))
    }

    /// Effects with intervals whose bounds have the levels of the single steps of the family (Bonferroni).
    fn effects(&self, level: f64) -> Vec<OnProblem> {
        let estimand = self.claim.kind.parts().2;
        let count = self.on.len().max(1) as f64;
        // A bound that must hold on every problem is tested at the full level, one that may hold on any at its share.
        let (low, high) = match self.claim.rule {
            Rule::Each => (level, level / count),
            Rule::Any => (level / count, level),
            Rule::Pooled => return self.pooled_effect(estimand, level).into_iter().collect(),
        };
        let effects = self.on.iter().filter_map(|part| {
            let one_value = pairs::is_one_value(part.start, part.rival);
            let effect = effect(&part.sample, estimand, low, high, one_value)?;
            Some(OnProblem { problem: part.problem.name.clone(), effect })
        });
        effects.collect()
    }

    fn pooled_effect(&self, estimand: &Estimand<String>, level: f64) -> Option<OnProblem> {
        let effect = match strata(&speaking(&self.on)) {
            Strata::Outcomes(outcomes) => effect(&Sample::Outcomes(outcomes), estimand, level, level, false)?,
            Strata::Differences(strata) => {
                let ends = stats::stratified_interval(&strata, level, level)?;
                let p = stats::stratified_signed_rank(&strata, 0.0)?.p_two_sided;
                Effect::new(estimand, stats::stratified_estimate(&strata)?, ends, Some(p))
            }
        };
        Some(OnProblem { problem: "pooled".into(), effect })
    }

    /// Less work into a significantly worse end is no win.
    fn worse_end(&self) -> Option<String> {
        let estimand = self.claim.kind.parts().2;
        if !matches!(estimand, Estimand::Work { .. }) {
            return None;
        }
        let judged: Vec<&Part> = self.on.iter().filter(|part| !part.problem.stop_at_target).collect();
        judged.iter().find_map(|part| {
            let metric = &part.problem.judged_by;
            let end = Estimand::Final(metric.clone());
            let mut sample = pairs::sample(part.start, part.rival, &end, self.info, part.problem);
            if pairs::is_one_value(part.start, part.rival) {
                sample.truncate_to_one();
            }
            let p = tests(&sample, 0.0).1;
            (p <= ALPHA / judged.len() as f64)
                .then(|| format!("ends with a significantly worse {metric} on {} (p = {p:.2e})", part.problem.name))
        })
    }

    /// The claimed cause is not the cause where the control falls short of the start by less than the margin: shown on
    /// each problem (pooled: over all), at 0.05.
    fn control_does_it_too(&self) -> Option<String> {
        let name = self.claim.control.as_ref()?;
        let (_, _, estimand, margin) = self.claim.kind.parts();
        let margin = estimand.scale(margin).abs();
        if margin == 0.0 {
            return None;
        }
        let mut samples = Vec::new();
        for part in &self.on {
            let control = part.control?;
            if !speaks(estimand, part.start, control) {
                return None;
            }
            let mut sample = pairs::sample(part.start, control, estimand, self.info, part.problem);
            if pairs::is_one_value(part.start, control) {
                sample.truncate_to_one();
            }
            samples.push(sample);
        }
        let samples: Vec<&Sample> = samples.iter().collect();
        let (_, less) = all_tests(self.claim.rule, &samples, margin);
        let p = combine(self.claim.rule, &less);
        (p <= ALPHA).then(|| format!("the control {name} does it too, within the margin (p = {p:.2e})"))
    }
}

/// The samples of the problems that say something.
fn speaking<'a>(on: &'a [Part]) -> Vec<&'a Sample> {
    on.iter().filter(|part| part.speaks).map(|part| &part.independent).collect()
}

/// Unadjusted p-values of "supported" and of "refuted". A problem that says nothing can neither support nor refute.
fn p_values(claim: &ClaimInfo, on: &[Part]) -> (f64, f64) {
    let estimand = claim.kind.parts().2;
    let samples = speaking(on);
    let silent = on.len() - samples.len();
    let with_silent = |mut p: Vec<f64>| {
        if claim.rule != Rule::Pooled {
            p.extend(std::iter::repeat_n(1.0, silent));
        }
        p
    };
    let decide = |rule: Rule, p: Vec<f64>| combine(rule, &with_silent(p));
    match &claim.kind {
        Kind::Superior { margin, .. } => {
            let (greater, less) = all_tests(claim.rule, &samples, estimand.scale(*margin));
            (decide(claim.rule, greater), decide(opposite(claim.rule), less))
        }
        Kind::Equivalent { within, .. } => {
            let within = estimand.scale(*within).abs();
            let (over, under) = all_tests(claim.rule, &samples, within);
            let (over_low, under_low) = all_tests(claim.rule, &samples, -within);
            // Inside: both of two one-sided tests. Outside on either side: the smaller of two, twice.
            let inside = over_low.iter().zip(&under).map(|(a, b)| a.max(*b)).collect();
            let outside = over.iter().zip(&under_low).map(|(a, b)| (2.0 * a.min(*b)).min(1.0)).collect();
            (decide(claim.rule, inside), decide(opposite(claim.rule), outside))
        }
    }
}

/// "Not on each" is "on any", the other way round.
fn opposite(rule: Rule) -> Rule {
    match rule {
        Rule::Each => Rule::Any,
        Rule::Any => Rule::Each,
        Rule::Pooled => Rule::Pooled,
    }
}

/// One p-value from those of the problems: the largest (intersection-union), or the smallest times their number.
fn combine(rule: Rule, p: &[f64]) -> f64 {
    match rule {
        // Nothing shown on no problem.
        _ if p.is_empty() => 1.0,
        Rule::Each | Rule::Pooled => p.iter().copied().fold(0.0, f64::max),
        Rule::Any => (p.iter().copied().fold(1.0, f64::min) * p.len() as f64).min(1.0),
    }
}

/// One-sided p-values at a shift, on each problem or (pooled) the one of all.
fn all_tests(rule: Rule, samples: &[&Sample], shift: f64) -> (Vec<f64>, Vec<f64>) {
    if rule != Rule::Pooled {
        return samples.iter().map(|sample| tests(sample, shift)).unzip();
    }
    let (greater, less) = match strata(samples) {
        Strata::Outcomes(outcomes) => tests(&Sample::Outcomes(outcomes), shift),
        Strata::Differences(strata) => {
            stats::stratified_signed_rank(&strata, shift).map_or((1.0, 1.0), |test| (test.p_greater, test.p_less))
        }
    };
    (vec![greater], vec![less])
}

/// p of "the effect is at most the shift" and of "the effect is at least the shift".
fn tests(sample: &Sample, shift: f64) -> (f64, f64) {
    match sample {
        Sample::Differences(differences) => {
            stats::signed_rank(differences, shift).map_or((1.0, 1.0), |test| (test.p_greater, test.p_less))
        }
        Sample::Outcomes(outcomes) => {
            stats::difference_test(outcomes, shift).map_or((1.0, 1.0), |test| (test.p_greater, test.p_less))
        }
    }
}

enum Strata<'a> {
    Differences(Vec<&'a [f64]>),
    Outcomes(PairedOutcomes),
}

fn strata<'a>(samples: &[&'a Sample]) -> Strata<'a> {
    let mut differences = Vec::new();
    let mut all = PairedOutcomes::default();
    for sample in samples {
        match sample {
            Sample::Differences(values) => differences.push(values.as_slice()),
            Sample::Outcomes(outcomes) => {
                all.both += outcomes.both;
                all.only_first += outcomes.only_first;
                all.only_second += outcomes.only_second;
                all.neither += outcomes.neither;
            }
        }
    }
    if differences.is_empty() { Strata::Outcomes(all) } else { Strata::Differences(differences) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;
    use crate::record::tests::row;
    use crate::toy;

    const N: u64 = 20;

    /// Work to target (none: cut) and final value of the replicates of one start.
    type Trials<'a> = &'a dyn Fn(u64) -> (Option<f64>, f64);

    /// Rows of some starts on a problem like the toy domain's.
    fn study(name: &str, starts: &[(&str, Trials)]) -> Study {
        let problem = ProblemInfo { name: name.into(), ..toy::info().problems[0].clone() };
        let rows = starts.iter().flat_map(|(start, trials)| {
            (0..N).map(move |replicate| {
                let (work, value) = trials(replicate);
                let mut row = row(start, replicate, work);
                row.value = Some(value);
                row.instance = format!("{name}-{replicate}").as_str().into();
                row
            })
        });
        Study::new(problem, rows.collect())
    }

    fn noise(replicate: u64) -> f64 {
        (replicate as f64 * 0.7).sin() * 0.1
    }

    /// A start that needs about this much work and ends at zero.
    fn about(work: f64) -> impl Fn(u64) -> (Option<f64>, f64) {
        move |replicate| (Some(work * noise(replicate).exp()), 0.0)
    }

    fn cut(replicate: u64) -> (Option<f64>, f64) {
        (None, noise(replicate))
    }

    fn claim(kind: Kind, rule: Rule, problems: &[&str], control: Option<&str>) -> ClaimInfo {
        let mut claim = toy::info().claims[0].clone();
        claim.kind = kind.to_owned();
        claim.rule = rule;
        claim.problems = problems.iter().map(|&name| name.to_owned()).collect();
        claim.control = control.map(str::to_owned);
        claim
    }

    fn superior(margin: f64) -> Kind {
        Kind::Superior { start: "a", rival: "b", estimand: Estimand::Work { charged: true }, margin }
    }

    fn equivalent(within: f64) -> Kind {
        Kind::Equivalent { start: "a", rival: "b", estimand: Estimand::Work { charged: true }, within }
    }

    fn verdict(claim: ClaimInfo, studies: &[Study]) -> (Verdict, String) {
        let info = DomainInfo { claims: vec![claim], ..toy::info() };
        let judged = judge(&info, studies).remove(0);
        (judged.verdict, judged.note)
    }

    #[test]
    fn a_margin_is_exceeded_missed_or_undecided() {
        let faster = [study("p", &[("a", &about(10.0)), ("b", &about(20.0))])];
        let on = |kind, studies: &[Study]| verdict(claim(kind, Rule::Each, &["p"], None), studies).0;
        assert_eq!(on(superior(1.5), &faster), Verdict::Supported);
        assert_eq!(on(superior(3.0), &faster), Verdict::Refuted);
        let spread = |replicate: u64| (Some(if replicate.is_multiple_of(2) { 10.0 } else { 30.0 }), 0.0);
        let unsure = [study("p", &[("a", &spread), ("b", &about(20.0))])];
        assert_eq!(on(superior(1.2), &unsure), Verdict::Inconclusive);
        assert_eq!(on(equivalent(1.2), &faster), Verdict::Refuted);
        let alike = |replicate: u64| (Some(20.0 * (noise(replicate) + 0.3 * noise(replicate + 5)).exp()), 0.0);
        let same = [study("p", &[("a", &alike), ("b", &about(20.0))])];
        assert_eq!(on(equivalent(1.2), &same), Verdict::Supported);
    }

    #[test]
    fn problems_combine_by_the_rule() {
        let studies = [
            study("fast", &[("a", &about(10.0)), ("b", &about(20.0))]),
            study("slow", &[("a", &about(20.0)), ("b", &about(10.0))]),
        ];
        let by = |rule| verdict(claim(superior(1.2), rule, &["fast", "slow"], None), &studies).0;
        assert_eq!(by(Rule::Each), Verdict::Refuted);
        assert_eq!(by(Rule::Any), Verdict::Supported);
        assert_ne!(by(Rule::Pooled), Verdict::Supported);
        let both = [
            study("fast", &[("a", &about(10.0)), ("b", &about(20.0))]),
            study("slow", &[("a", &about(30.0)), ("b", &about(45.0))]),
        ];
        for rule in [Rule::Each, Rule::Any, Rule::Pooled] {
            assert_eq!(verdict(claim(superior(1.2), rule, &["fast", "slow"], None), &both).0, Verdict::Supported);
        }
    }

    #[test]
    fn a_worse_end_is_no_win() {
        let worse = |replicate: u64| (Some(10.0 * noise(replicate).exp()), 1.0);
        let mut studies = [study("p", &[("a", &worse), ("b", &about(20.0))])];
        let claim = || claim(superior(1.2), Rule::Each, &["p"], None);
        let (found, note) = verdict(claim(), &studies);
        assert_eq!(found, Verdict::Invalid);
        assert!(note.contains("worse value on p"), "{note}");
        studies[0].problem.resolution = 2.0;
        assert_eq!(verdict(claim(), &studies).0, Verdict::Supported, "a difference within the noise is none");
        studies[0].problem.resolution = 0.0;
        studies[0].problem.stop_at_target = true;
        assert_eq!(
            verdict(claim(), &studies).0,
            Verdict::Supported,
            "ends say nothing where trials stop at the target"
        );
    }

    #[test]
    fn a_control_that_does_as_well_makes_it_unspecific() {
        let claim = || claim(superior(1.3), Rule::Each, &["p"], Some("c"));
        for (control, expected) in [(10.5, Verdict::Unspecific), (5.0, Verdict::Unspecific), (19.0, Verdict::Supported)]
        {
            let trials = [("a", &about(10.0) as Trials), ("b", &about(20.0)), ("c", &about(control))];
            assert_eq!(verdict(claim(), &[study("p", &trials)]).0, expected, "control at {control}");
        }
        let (found, note) = verdict(claim(), &[study("p", &[("a", &about(10.0)), ("b", &about(20.0))])]);
        assert_eq!(found, Verdict::NotJudged, "a control that was not run cannot clear the claim");
        assert!(note.contains("(and c)"), "{note}");
    }

    #[test]
    fn missing_problems_and_repetitions_are_not_judged() {
        let fast = || study("p", &[("a", &about(10.0)), ("b", &about(20.0))]);
        for rule in [Rule::Each, Rule::Any, Rule::Pooled] {
            let (found, note) = verdict(claim(superior(1.2), rule, &["p", "q"], None), &[fast()]);
            assert_eq!(found, Verdict::NotJudged);
            assert!(note.contains("on q"), "{note}");
        }
        let mut repeated = study("p", &[("a", &|_| (Some(10.0), 0.0)), ("b", &|_| (Some(20.0), 0.0))]);
        for row in repeated.cells.values_mut().flat_map(|cell| cell.rows.values_mut()) {
            row.instance = "the same".into();
        }
        let (found, note) = verdict(claim(superior(1.2), Rule::Each, &["p"], None), &[repeated]);
        assert_eq!(found, Verdict::NotJudged, "twenty copies of one value are one value");
        assert!(note.starts_with("1 independent pairs"), "{note}");
    }

    #[test]
    fn pairs_that_nobody_solved_decide_nothing() {
        let nobody = || [study("p", &[("a", &cut), ("b", &cut)])];
        for kind in [superior(1.2), equivalent(1.2)] {
            let (found, note) = verdict(claim(kind, Rule::Each, &["p"], None), &nobody());
            assert_eq!(found, Verdict::Inconclusive);
            assert!(note.contains("solved by neither start on p"), "{note}");
        }
        let mixed = [study("p", &[("a", &cut), ("b", &cut)]), study("q", &[("a", &about(20.0)), ("b", &about(10.0))])];
        let on_both = |rule| verdict(claim(superior(1.2), rule, &["p", "q"], None), &mixed).0;
        assert_eq!(on_both(Rule::Each), Verdict::Refuted, "one problem speaks clearly");
        assert_eq!(on_both(Rule::Any), Verdict::Inconclusive, "the silent problem might be the one");
    }

    #[test]
    fn success_and_ends_are_judged_too() {
        let sometimes = |replicate: u64| (if replicate < 4 { Some(10.0) } else { None }, 1.0 + noise(replicate));
        let studies = [study("p", &[("a", &about(10.0)), ("b", &sometimes)])];
        let kind = |estimand, margin| Kind::Superior { start: "a", rival: "b", estimand, margin };
        let on = |kind| verdict(claim(kind, Rule::Each, &["p"], None), &studies).0;
        assert_eq!(on(kind(Estimand::Success, 0.3)), Verdict::Supported);
        assert_eq!(on(kind(Estimand::Success, 0.95)), Verdict::Refuted);
        assert_eq!(on(kind(Estimand::Final("value"), 0.5)), Verdict::Supported);
        assert_eq!(on(kind(Estimand::Final("value"), 2.0)), Verdict::Refuted);
    }

    #[test]
    fn rows_of_another_experiment_are_never_paired() {
        let mut rows: Vec<_> = (0..N).map(|replicate| row("a", replicate, Some(10.0))).collect();
        rows.extend(
            (0..N).map(|replicate| crate::record::Row { experiment: "two".into(), ..row("b", replicate, Some(20.0)) }),
        );
        let study = Study::new(toy::info().problems[0].clone(), rows);
        assert_eq!((study.cells.len(), study.left_out), (1, N as usize));
        assert!(study.cells["b"].rows.values().all(|row| row.status == Status::Reached));
    }
}
