//! Evidence on claims about two starts: superior by a margin, or equivalent within a bound.

mod one_sided;

use super::combine::{combine, opposite};
use super::{Evidence, Fact, Inference, OnProblem, Verdict};
use crate::compare::effect::effect;
use crate::compare::pairs::{self, Cell, Rules, Sample, Saturation, Scope};
use crate::compare::{ALPHA, Effect, Study};
use headstart_domain::claim::Claim;
use headstart_domain::claim::{Estimand, Pair, Rule};
use headstart_domain::info::DomainInfo;
use headstart_stats as stats;
use one_sided::{Strata, all_tests, on_one, on_problems, strata, tests};

/// Unit of independent observations.
pub(super) const UNIT: &str = "independent pairs";

/// A claim about two starts with its data and unadjusted p-values.
pub(super) struct Paired<'a> {
    claim: &'a Claim,
    /// The claim's rule. By the corrected rules, a pooled equivalence must hold on each problem, since opposite
    /// differences cancel when they are pooled.
    rule: Rule,
    rules: Rules,
    inference: Inference,
    pair: Pair<'a>,
    on: Vec<Part<'a>>,
    p: (f64, f64),
}

/// A claim's pairs on one problem.
struct Part<'a> {
    scope: Scope<'a>,
    start: &'a Cell,
    rival: &'a Cell,
    control: Option<&'a Cell>,
    sample: Sample,
    /// The sample for tests: repetitions of one value are one pair.
    independent: Sample,
    /// Reason why these pairs provide no evidence.
    silence: Option<Silence>,
    /// Whether nothing is random, so that all replicates are identical.
    is_one_value: bool,
}

/// Reason why the pairs of a problem provide no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    /// Most pairs were solved by neither start. Two trials that were both cut differ by exactly 0, which shows neither
    /// that the starts are equal nor that they differ.
    Unsolved,
    /// Both success rates are so low or so high that they can hardly differ.
    Saturated(Saturation),
}

impl<'a> Part<'a> {
    fn new(
        info: &'a DomainInfo,
        pair: &Pair,
        control: Option<&str>,
        (inference, rules): (Inference, Rules),
        study: &'a Study,
    ) -> Option<Self> {
        let (start, rival) = (study.cells.get(pair.start)?, study.cells.get(pair.rival)?);
        let control = match control {
            Some(control) => Some(study.cells.get(control)?),
            None => None,
        };
        let scope = study.scope(info, rules);
        let (sample, independent) = inference.samples(start, rival, pair.estimand, scope);
        let silence = silence(inference, rules, pair.estimand, start, rival);
        let is_one_value = pairs::is_one_value(start, rival, pair.estimand);
        Some(Self { scope, start, rival, control, sample, independent, silence, is_one_value })
    }

    fn name(&self) -> &'a str {
        &self.scope.problem.name
    }

    /// Whether more pairs add information; they do not if all pairs repeat one value.
    fn may_say_more(&self) -> bool {
        self.independent.n() == self.sample.n()
    }
}

impl Inference {
    /// Returns the pairs, and the pairs for tests, in which repetitions of one value count as one pair.
    fn samples(self, start: &Cell, rival: &Cell, estimand: &Estimand, scope: Scope) -> (Sample, Sample) {
        let sample = match self {
            Self::FixedSize => pairs::sample(start, rival, estimand, scope),
            Self::Anytime => pairs::steps(start, rival, estimand, scope),
        };
        let mut independent = sample.clone();
        if pairs::is_one_value(start, rival, estimand) {
            independent.truncate_to_one();
        }
        (sample, independent)
    }
}

/// Returns why the pairs of two starts provide no evidence about work or success, if so; pairs of final results always
/// do. (Steps record this for each pair.)
fn silence(inference: Inference, rules: Rules, estimand: &Estimand, start: &Cell, rival: &Cell) -> Option<Silence> {
    match estimand {
        Estimand::Work { .. } if inference == Inference::FixedSize && !pairs::tell_work(start, rival) => {
            Some(Silence::Unsolved)
        }
        Estimand::Success | Estimand::Rate(_) if rules == Rules::Corrected => {
            pairs::saturated(start, rival, estimand).map(Silence::Saturated)
        }
        _ => None,
    }
}

impl<'a> Paired<'a> {
    pub(super) fn new(
        info: &'a DomainInfo,
        claim: &'a Claim,
        studies: &'a [Study],
        (inference, rules): (Inference, Rules),
    ) -> Result<Self, String> {
        let pair = claim.kind.pair().ok_or("the claim does not compare two starts")?;
        let mut on = Vec::new();
        let mut missing = Vec::new();
        for name in &claim.problems {
            let study = studies.iter().find(|study| !study.own && study.problem.name == *name);
            match study.and_then(|study| Part::new(info, &pair, claim.control.as_deref(), (inference, rules), study)) {
                Some(part) => on.push(part),
                None => missing.push(name.as_str()),
            }
        }
        if !missing.is_empty() || on.is_empty() {
            let (start, rival) = (pair.start, pair.rival);
            let control = claim.control.as_deref().map_or(String::new(), |control| format!(" (and {control})"));
            return Err(format!("rows of {start} and {rival}{control} are missing on {}", missing.join(", ")));
        }
        let pools_equivalence = pair.equivalent && claim.rule == Rule::Pooled;
        let rule = if rules == Rules::Corrected && pools_equivalence { Rule::Each } else { claim.rule };
        let p = p_values(rule, &pair, &on);
        Ok(Self { claim, rule, rules, inference, pair, on, p })
    }

    /// Error rates of the lower and the upper bound on one problem: the full level for a bound that must hold on every
    /// problem, its share of the level (Bonferroni) for one that may hold on any.
    fn levels(&self, level: f64) -> (f64, f64) {
        let share = level / self.on.len().max(1) as f64;
        match self.rule {
            Rule::Each => (level, share),
            Rule::Any => (share, level),
            Rule::Pooled => (level, level),
        }
    }

    fn pooled_effect(&self, estimand: &Estimand, level: f64) -> Option<OnProblem> {
        let effect = match strata(&speaking(&self.on)) {
            Strata::One(sample) => effect(&sample, estimand, level, level, false)?,
            Strata::Differences(strata) => {
                let ends = stats::stratified_interval(&strata, level, level)?;
                let p = stats::stratified_signed_rank(&strata, 0.0)?.p_two_sided;
                Effect::new(estimand, stats::stratified_estimate(&strata)?, ends, Some(p))
            }
        };
        Some(OnProblem { problem: "pooled".into(), effect })
    }

    /// Tells where a start that saves work ends significantly worse.
    fn worse_end(&self) -> Option<String> {
        if !matches!(self.pair.estimand, Estimand::Work { .. }) {
            return None;
        }
        let judged: Vec<&Part> = self.on.iter().filter(|part| !part.scope.problem.stop_at_target).collect();
        judged.iter().find_map(|part| {
            let metric = &part.scope.problem.judged_by;
            let end = Estimand::Final(metric.clone());
            let (_, sample) = self.inference.samples(part.start, part.rival, &end, part.scope);
            let p = tests(&sample, 0.0).1;
            (p <= ALPHA / judged.len() as f64)
                .then(|| format!("the final {metric} is significantly worse on {} (p = {p:.2e})", part.name()))
        })
    }

    /// Pairs of start and control on each problem; `None` without a control or without evidence on some problem.
    fn against_control(&self) -> Option<Vec<Sample>> {
        let estimand = self.pair.estimand;
        let on = self.on.iter().map(|part| {
            let control = part.control?;
            let silence = silence(self.inference, self.rules, estimand, part.start, control);
            silence.is_none().then(|| self.inference.samples(part.start, control, estimand, part.scope).1)
        });
        on.collect()
    }

    /// p-values of "the control falls short of the start by less than the margin" and of the opposite, on each problem
    /// or pooled. For an equivalence the statement is "differs by less than the margin, in either direction".
    fn control(&self) -> Option<(f64, f64)> {
        let rule = self.rule;
        let margin = self.pair.estimand.scale(self.pair.bound).abs();
        if margin == 0.0 {
            return None;
        }
        let samples = self.against_control()?;
        let samples: Vec<&Sample> = samples.iter().collect();
        let (mut far, mut short) = all_tests(rule, &samples, margin);
        if self.pair.equivalent {
            let (beyond, below) = all_tests(rule, &samples, -margin);
            short.iter_mut().zip(beyond).for_each(|(short, beyond)| *short = short.max(beyond));
            far.iter_mut().zip(below).for_each(|(far, below)| *far = (2.0 * far.min(below)).min(1.0));
        }
        Some((combine(rule, &short), combine(opposite(rule), &far)))
    }

    /// Tells whether the control achieves the effect too (significant at 0.05), so that the claimed cause is not
    /// specific.
    fn control_does_it_too(&self) -> Option<String> {
        let name = self.claim.control.as_deref()?;
        let (p, _) = self.control()?;
        (p <= ALPHA).then(|| format!("the control {name} achieves it too, within the margin (p = {p:.2e})"))
    }
}

impl Evidence for Paired<'_> {
    fn n(&self) -> usize {
        self.on.iter().map(|part| part.sample.n()).min().unwrap_or(0)
    }

    /// Number of pairs: the minimum over problems for "each", the maximum for "any", the sum for "pooled".
    fn independent(&self) -> (usize, &'static str) {
        let counts = self.on.iter().map(|part| part.independent.n());
        let count = match self.rule {
            Rule::Each => counts.min().unwrap_or(0),
            Rule::Any => counts.max().unwrap_or(0),
            Rule::Pooled => counts.sum(),
        };
        (count, UNIT)
    }

    /// 0 where pairs are added until the claim is decided, unless all pairs of some problem repeat one value.
    fn least_p(&self) -> f64 {
        if self.inference == Inference::Anytime && self.on.iter().all(Part::may_say_more) {
            return 0.0;
        }
        let share = if self.rule == Rule::Any { self.on.len() as f64 } else { 1.0 };
        share * 0.5_f64.powi(i32::try_from(self.independent().0).unwrap_or(i32::MAX))
    }

    fn p(&self) -> (f64, f64) {
        self.p
    }

    /// Effects with intervals that are simultaneous over the family (Bonferroni).
    fn effects(&self, level: f64) -> Vec<OnProblem> {
        let estimand = self.pair.estimand;
        // Facts are not pooled, since they do not estimate anything.
        if self.rule == Rule::Pooled && self.fact().is_none() {
            return self.pooled_effect(estimand, level).into_iter().collect();
        }
        let (low, high) = self.levels(level);
        let effects = self.on.iter().filter_map(|part| {
            let effect = effect(&part.sample, estimand, low, high, part.is_one_value)?;
            Some(OnProblem { problem: part.name().to_owned(), effect })
        });
        effects.collect()
    }

    /// Names the problems that provide no evidence.
    fn note(&self) -> String {
        let on = |silence: Silence| {
            let names = self.on.iter().filter(|part| part.silence == Some(silence)).map(Part::name);
            let names: Vec<&str> = names.collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let unsolved = on(Silence::Unsolved)
            .map(|names| format!("most pairs are solved by neither start on {names}: no evidence either way there"));
        let saturated = |which, words: &str| {
            on(Silence::Saturated(which))
                .map(|names| format!("both success rates are {words} on {names}: no evidence either way there"))
        };
        let parts = [unsolved, saturated(Saturation::Floor, "below 10%"), saturated(Saturation::Ceiling, "above 90%")];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn fact(&self) -> Option<Fact> {
        let says_one_thing = |part: &Part| part.is_one_value && part.silence.is_none();
        let is_fact = self.rules == Rules::Corrected && self.on.iter().all(says_one_thing);
        let bound = self.pair.estimand.scale(self.pair.bound);
        let holds = |part: &&Part| {
            let effect = effect(&part.sample, self.pair.estimand, ALPHA, ALPHA, true);
            let value = effect.map_or(f64::NAN, |effect| {
                if self.pair.estimand.is_ratio() { effect.estimate.ln() } else { effect.estimate }
            });
            if self.pair.equivalent { value.abs() < bound.abs() } else { value > bound }
        };
        is_fact.then(|| Fact {
            holds: self.on.iter().filter(holds).count(),
            of: self.on.len(),
            suffices: if self.rule == Rule::Any { 1 } else { self.on.len() },
        })
    }

    fn saturation(&self) -> Option<Verdict> {
        let all = |which| self.on.iter().all(|part| part.silence == Some(Silence::Saturated(which)));
        let which = [(Saturation::Floor, Verdict::Floor), (Saturation::Ceiling, Verdict::Ceiling)];
        which.into_iter().find(|(which, _)| all(*which)).map(|(_, verdict)| verdict)
    }

    /// The control's effect against the rival as a share of the start's effect, if the latter is positive.
    fn control_reaches(&self) -> Option<String> {
        let name = self.claim.control.as_deref().filter(|_| !self.pair.equivalent)?;
        let estimate = |start: &Cell, part: &Part| {
            let sample = self.inference.samples(start, part.rival, self.pair.estimand, part.scope).0;
            let estimate = effect(&sample, self.pair.estimand, ALPHA, ALPHA, true)?.estimate;
            Some(if self.pair.estimand.is_ratio() { estimate.ln() } else { estimate })
        };
        let share = |part: &Part| {
            let (control, start) = (estimate(part.control?, part)?, estimate(part.start, part)?);
            (start > 0.0 && start.is_finite() && control.is_finite()).then(|| 100.0 * control / start)
        };
        let shares: Vec<f64> = self.on.iter().map(share).collect::<Option<_>>()?;
        let (low, high) = (
            shares.iter().copied().fold(f64::INFINITY, f64::min),
            shares.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        );
        let range = if (high - low).abs() < 0.5 { format!("{low:.0}%") } else { format!("{low:.0}% to {high:.0}%") };
        Some(format!("the control {name} reaches {range} of the effect"))
    }

    fn spread(&self) -> Option<(f64, f64)> {
        if self.rule != Rule::Pooled || self.on.len() < 2 {
            return None;
        }
        let estimates = self.on.iter().filter(|part| part.silence.is_none()).filter_map(|part| {
            Some(effect(&part.sample, self.pair.estimand, ALPHA, ALPHA, part.is_one_value)?.estimate)
        });
        let ends = estimates.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        (ends.0 <= ends.1).then_some(ends)
    }

    fn wanting(&self, verdict: Verdict, level: f64) -> Vec<&str> {
        let wanted: Vec<&Part> = match verdict {
            Verdict::Inconclusive => {
                let (low, high) = self.levels(level);
                let shown = |part: &Part| {
                    let (supports, refutes) = on_one(&self.pair, &part.independent);
                    self.rule != Rule::Pooled && (supports <= low || refutes <= high)
                };
                self.on.iter().filter(|part| !shown(part)).collect()
            }
            Verdict::Supported if self.control().is_some_and(|(too, not)| too.min(not) > ALPHA) => {
                self.on.iter().collect()
            }
            _ => Vec::new(),
        };
        wanted.iter().filter(|part| part.may_say_more()).map(|part| part.name()).collect()
    }

    fn objection(&self) -> Option<(Verdict, String)> {
        let worse = self.worse_end().map(|why| (Verdict::Invalid, why));
        worse.or_else(|| self.control_does_it_too().map(|why| (Verdict::Unspecific, why)))
    }
}

/// Samples of the problems that provide evidence.
fn speaking<'a>(on: &'a [Part]) -> Vec<&'a Sample> {
    on.iter().filter(|part| part.silence.is_none()).map(|part| &part.independent).collect()
}

/// Unadjusted p-values of "supported" and of "refuted". A problem without evidence can neither support nor refute.
fn p_values(rule: Rule, pair: &Pair, on: &[Part]) -> (f64, f64) {
    let samples = speaking(on);
    let silent = on.len() - samples.len();
    let decide = |rule: Rule, mut p: Vec<f64>| {
        if rule != Rule::Pooled {
            p.extend(std::iter::repeat_n(1.0, silent));
        }
        combine(rule, &p)
    };
    let (supports, refutes) = on_problems(rule, pair, &samples);
    (decide(rule, supports), decide(opposite(rule), refutes))
}
