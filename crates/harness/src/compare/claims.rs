//! The ledger: every claim of a domain with its verdict. Both directions of all claims form one Holm family.

use std::collections::BTreeMap;
use std::fmt;

use super::pairs::{self, Cell, Sample};
use super::problem::effect;
use super::{ALPHA, Effect};
use crate::claim::{Estimand, Kind, Rule};
use crate::info::{ClaimInfo, DomainInfo, ProblemInfo};
use crate::stats::{self, PairedOutcomes};

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The effect is shown to exceed the margin.
    Supported,
    /// The effect is shown to fall short of the margin.
    Refuted,
    /// Neither is shown.
    Inconclusive,
    /// Supported, but the control is shown to do it too.
    Unspecific,
    /// Supported, but into a significantly worse end.
    Invalid,
    /// The rows cannot decide it: problems are missing, or there are too few pairs.
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
#[derive(Clone, Debug)]
pub struct Judged {
    /// The claim.
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
#[derive(Clone, Debug)]
pub struct OnProblem {
    /// The problem, or `pooled`.
    pub problem: String,
    /// Start against rival; above neutral favours the start.
    pub effect: Effect,
}

type Problems = [(ProblemInfo, BTreeMap<String, Cell>)];

/// Judges all claims of a domain.
pub(super) fn judge(info: &DomainInfo, problems: &Problems) -> Vec<Judged> {
    let cases: Vec<Result<Case, String>> = info.claims.iter().map(|claim| Case::new(info, claim, problems)).collect();
    let sound = cases.iter().flatten().count();
    // A claim that n cannot decide leaves the family, which makes it smaller for the others: decided by n alone.
    let reach = |case: &Case| case.least_p() <= ALPHA / (2 * sound) as f64;
    let family: Vec<&Case> = cases.iter().flatten().filter(|case| reach(case)).collect();
    let raw: Vec<f64> = family.iter().flat_map(|case| [case.p_supported, case.p_refuted]).collect();
    let adjusted = stats::holm(&raw).unwrap_or_default();
    let level = ALPHA / raw.len().max(1) as f64;
    let mut adjusted = adjusted.chunks_exact(2).map(|pair| (pair[0], pair[1]));
    let cases = info.claims.iter().zip(cases);
    cases
        .map(|(claim, case)| match case {
            Err(why) => not_judged(claim, why, Vec::new(), 0),
            Ok(case) if !reach(&case) => {
                let needed = (2.0 * sound as f64 / ALPHA).log2().ceil();
                let why = format!(
                    "{} pairs that are solved by either start and differ cannot reach {ALPHA} / {} = {:.2e}: {needed} are needed",
                    case.independent,
                    2 * sound,
                    ALPHA / (2 * sound) as f64
                );
                not_judged(claim, why, case.effects(level), case.n())
            }
            Ok(case) => case.verdict(adjusted.next().unwrap_or((1.0, 1.0)), level),
        })
        .collect()
}

fn not_judged(claim: &ClaimInfo, note: String, effects: Vec<OnProblem>, n: usize) -> Judged {
    Judged { info: claim.clone(), verdict: Verdict::NotJudged, n, effects, p: None, note }
}

/// A claim with its data and unadjusted p-values.
struct Case<'a> {
    info: &'a DomainInfo,
    claim: &'a ClaimInfo,
    on: Vec<(&'a ProblemInfo, &'a BTreeMap<String, Cell>)>,
    samples: Vec<Sample>,
    p_supported: f64,
    p_refuted: f64,
    /// Pairs that are not repetitions of one another, on the smallest problem (pooled: in all).
    independent: usize,
    missing: usize,
}

impl<'a> Case<'a> {
    fn new(info: &'a DomainInfo, claim: &'a ClaimInfo, problems: &'a Problems) -> Result<Self, String> {
        let (start, rival, estimand, _) = claim.kind.parts();
        let has = |cells: &BTreeMap<String, Cell>| cells.contains_key(start) && cells.contains_key(rival);
        let on: Vec<_> = problems
            .iter()
            .filter(|(problem, cells)| claim.problems.contains(&problem.name) && has(cells))
            .map(|(problem, cells)| (problem, cells))
            .collect();
        let missing: Vec<&str> = claim
            .problems
            .iter()
            .filter(|name| !on.iter().any(|(problem, _)| problem.name == **name))
            .map(String::as_str)
            .collect();
        if on.is_empty() || claim.rule == Rule::Each && !missing.is_empty() {
            return Err(format!("these rows hold no {start} against {rival} on {}", missing.join(", ")));
        }
        let samples: Vec<Sample> = on
            .iter()
            .map(|(problem, cells)| pairs::sample(&cells[start], &cells[rival], estimand, info, problem))
            .collect();
        let independent = on
            .iter()
            .zip(&samples)
            .map(|((_, cells), sample)| informative(&cells[start], &cells[rival], estimand, sample.n()));
        let independent = match claim.rule {
            Rule::Pooled => independent.sum(),
            Rule::Each | Rule::Any => independent.min().unwrap_or(0),
        };
        let (p_supported, p_refuted) = p_values(claim, &samples);
        Ok(Self { info, claim, p_supported, p_refuted, independent, missing: missing.len(), on, samples })
    }

    fn n(&self) -> usize {
        self.samples.iter().map(Sample::n).min().unwrap_or(0)
    }

    /// The least one-sided p-value that this many pairs can give.
    fn least_p(&self) -> f64 {
        0.5_f64.powi(i32::try_from(self.independent).unwrap_or(i32::MAX))
    }

    fn verdict(&self, p: (f64, f64), level: f64) -> Judged {
        let mut note = match self.missing {
            0 => String::new(),
            missing => format!("on {} of its {} problems", self.on.len(), self.on.len() + missing),
        };
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
        let (start, rival, ..) = self.claim.kind.parts();
        let effects = self.on.iter().zip(&self.samples).filter_map(|((problem, cells), sample)| {
            let one_value = pairs::is_one_value(&cells[start], &cells[rival]);
            Some(OnProblem { problem: problem.name.clone(), effect: effect(sample, estimand, low, high, one_value)? })
        });
        effects.collect()
    }

    fn pooled_effect(&self, estimand: &Estimand<String>, level: f64) -> Option<OnProblem> {
        let effect = match strata(&self.samples) {
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
        let (start, rival, estimand, _) = self.claim.kind.parts();
        if !matches!(estimand, Estimand::Work { .. }) {
            return None;
        }
        let judged = self.on.iter().filter(|(problem, _)| !problem.stop_at_target);
        let count = judged.clone().count() as f64;
        for (problem, cells) in judged {
            let metric = problem.judged_by.clone().unwrap_or_else(|| "value".to_owned());
            let end = Estimand::Final(metric.clone());
            let sample = pairs::sample(&cells[start], &cells[rival], &end, self.info, problem);
            let p = tests(&sample, 0.0).1;
            if p <= ALPHA / count {
                return Some(format!("ends with a significantly worse {metric} on {} (p = {p:.2e})", problem.name));
            }
        }
        None
    }

    fn control_does_it_too(&self) -> Option<String> {
        let control = self.claim.control.as_ref()?;
        let (start, _, estimand, margin) = self.claim.kind.parts();
        let within = estimand.scale(margin).abs();
        let samples: Vec<Sample> = self
            .on
            .iter()
            .filter(|(_, cells)| {
                let n = |control: &Cell| informative(&cells[start], control, estimand, cells[start].rows.len());
                cells.get(control).is_some_and(|control| 2 * n(control) >= control.rows.len())
            })
            .map(|(problem, cells)| pairs::sample(&cells[start], &cells[control], estimand, self.info, problem))
            .collect();
        if samples.is_empty() || within == 0.0 {
            return None;
        }
        let p = equivalence(self.claim.rule, &samples, within);
        (p <= ALPHA).then(|| format!("the control {control} does it too: equivalent within the margin (p = {p:.2e})"))
    }
}

/// Pairs that can speak for or against a claim: not repetitions of one value, and for work solved by either start.
fn informative(start: &Cell, rival: &Cell, estimand: &Estimand<String>, n: usize) -> usize {
    match estimand {
        _ if pairs::is_one_value(start, rival) => n.min(1),
        Estimand::Work { .. } => pairs::solved_by_either(start, rival),
        Estimand::Final(_) | Estimand::FinalRatio(_) | Estimand::Success => n,
    }
}

/// Unadjusted p-values of "supported" and of "refuted".
fn p_values(claim: &ClaimInfo, samples: &[Sample]) -> (f64, f64) {
    let estimand = claim.kind.parts().2;
    match &claim.kind {
        Kind::Superior { margin, .. } => {
            let margin = estimand.scale(*margin);
            let (greater, less) = all_tests(claim.rule, samples, margin);
            (combine(claim.rule, &greater), combine(opposite(claim.rule), &less))
        }
        Kind::Equivalent { within, .. } => {
            let within = estimand.scale(*within).abs();
            let (above, _) = all_tests(claim.rule, samples, within);
            let (_, below) = all_tests(claim.rule, samples, -within);
            // Outside on either side: the smaller of two tests, twice.
            let outside: Vec<f64> = above.iter().zip(&below).map(|(a, b)| (2.0 * a.min(*b)).min(1.0)).collect();
            (equivalence(claim.rule, samples, within), combine(opposite(claim.rule), &outside))
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
        Rule::Each | Rule::Pooled => p.iter().copied().fold(0.0, f64::max),
        Rule::Any => (p.iter().copied().fold(1.0, f64::min) * p.len() as f64).min(1.0),
    }
}

/// One-sided p-values at a shift, on each problem or (pooled) the one of all.
fn all_tests(rule: Rule, samples: &[Sample], shift: f64) -> (Vec<f64>, Vec<f64>) {
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

fn equivalence(rule: Rule, samples: &[Sample], within: f64) -> f64 {
    let (above_low, _) = all_tests(rule, samples, -within);
    let (_, below_high) = all_tests(rule, samples, within);
    let inside: Vec<f64> = above_low.iter().zip(&below_high).map(|(a, b)| a.max(*b)).collect();
    combine(rule, &inside)
}

enum Strata<'a> {
    Differences(Vec<&'a [f64]>),
    Outcomes(PairedOutcomes),
}

fn strata(samples: &[Sample]) -> Strata<'_> {
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
