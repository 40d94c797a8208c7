//! Claims about two starts: superior by a margin, or equivalent within a bound.

use super::combine::{combine, opposite};
use super::{Evidence, Inference, OnProblem, Verdict};
use crate::compare::effect::effect;
use crate::compare::pairs::{self, Cell, Centre, Sample};
use crate::compare::{ALPHA, Effect, Study};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Claim;
use headstart_domain::claim::{Estimand, Pair, Rule};
use headstart_domain::info::DomainInfo;
use headstart_stats::{self as stats, PairedOutcomes, Step};

/// What is counted.
pub(super) const UNIT: &str = "independent pairs";

/// A claim about two starts with its data and unadjusted p-values.
pub(super) struct Paired<'a> {
    info: &'a DomainInfo,
    claim: &'a Claim,
    inference: Inference,
    pair: Pair<'a>,
    on: Vec<Part<'a>>,
    p: (f64, f64),
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
    fn new(
        info: &'a DomainInfo,
        pair: &Pair,
        control: Option<&str>,
        inference: Inference,
        study: &'a Study,
    ) -> Option<Self> {
        let (start, rival) = (study.cells.get(pair.start)?, study.cells.get(pair.rival)?);
        let control = match control {
            Some(control) => Some(study.cells.get(control)?),
            None => None,
        };
        let problem = &study.problem;
        let (sample, independent) = inference.samples(start, rival, pair.estimand, info, problem);
        let speaks = speaks(inference, pair.estimand, start, rival);
        Some(Self { problem, start, rival, control, sample, independent, speaks })
    }

    /// Whether more pairs may show something that these do not: all but copies of one value.
    fn may_say_more(&self) -> bool {
        self.independent.n() == self.sample.n()
    }
}

impl Inference {
    /// The pairs, and for tests the same with repetitions of one value as one pair.
    fn samples(
        self,
        start: &Cell,
        rival: &Cell,
        estimand: &Estimand,
        info: &DomainInfo,
        problem: &ProblemInfo,
    ) -> (Sample, Sample) {
        let sample = match self {
            Self::FixedSize => pairs::sample(start, rival, estimand, info, problem),
            Self::Anytime => pairs::steps(start, rival, estimand, info, problem),
        };
        let mut independent = sample.clone();
        if pairs::is_one_value(start, rival, estimand) {
            independent.truncate_to_one();
        }
        (sample, independent)
    }
}

/// Whether the pairs of two starts say anything about work; about ends and success they always do. (Steps know of each
/// pair whether it does.)
fn speaks(inference: Inference, estimand: &Estimand, start: &Cell, rival: &Cell) -> bool {
    inference == Inference::Anytime
        || !matches!(estimand, Estimand::Work { .. })
        || 2 * pairs::solved_by_either(start, rival) >= pairs::pairs(start, rival).count()
}

impl<'a> Paired<'a> {
    pub(super) fn new(
        info: &'a DomainInfo,
        claim: &'a Claim,
        studies: &'a [Study],
        inference: Inference,
    ) -> Result<Self, String> {
        let pair = claim.kind.pair().ok_or("it is about no two starts")?;
        let mut on = Vec::new();
        let mut missing = Vec::new();
        for name in &claim.problems {
            let study = studies.iter().find(|study| !study.own && study.problem.name == *name);
            match study.and_then(|study| Part::new(info, &pair, claim.control.as_deref(), inference, study)) {
                Some(part) => on.push(part),
                None => missing.push(name.as_str()),
            }
        }
        if !missing.is_empty() || on.is_empty() {
            let (start, rival) = (pair.start, pair.rival);
            let control = claim.control.as_deref().map_or(String::new(), |control| format!(" (and {control})"));
            return Err(format!("these rows hold no {start} against {rival}{control} on {}", missing.join(", ")));
        }
        let p = p_values(claim.rule, &pair, &on);
        Ok(Self { info, claim, inference, pair, on, p })
    }

    /// A bound that must hold on every problem is tested at the full level, one that may hold on any at its share.
    fn levels(&self, level: f64) -> (f64, f64) {
        let share = level / self.on.len().max(1) as f64;
        match self.claim.rule {
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

    /// Less work into a significantly worse end is no win.
    fn worse_end(&self) -> Option<String> {
        if !matches!(self.pair.estimand, Estimand::Work { .. }) {
            return None;
        }
        let judged: Vec<&Part> = self.on.iter().filter(|part| !part.problem.stop_at_target).collect();
        judged.iter().find_map(|part| {
            let metric = &part.problem.judged_by;
            let end = Estimand::Final(metric.clone());
            let (_, sample) = self.inference.samples(part.start, part.rival, &end, self.info, part.problem);
            let p = tests(&sample, 0.0).1;
            (p <= ALPHA / judged.len() as f64)
                .then(|| format!("ends with a significantly worse {metric} on {} (p = {p:.2e})", part.problem.name))
        })
    }

    /// Start against control, on each problem; none where there is no control to tell from, or nothing to tell by.
    fn against_control(&self) -> Option<Vec<Sample>> {
        let estimand = self.pair.estimand;
        let on = self.on.iter().map(|part| {
            let control = part.control?;
            let sample = || self.inference.samples(part.start, control, estimand, self.info, part.problem).1;
            speaks(self.inference, estimand, part.start, control).then(sample)
        });
        on.collect()
    }

    /// p-values of "the control falls short of the start by less than the margin" (of an equivalence: differs from it by
    /// less, either way), on each problem (pooled: over all), and of the contrary.
    fn control(&self) -> Option<(f64, f64)> {
        let rule = self.claim.rule;
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

    /// The claimed cause is not the cause where the control is shown, at 0.05, to do it too.
    fn control_does_it_too(&self) -> Option<String> {
        let name = self.claim.control.as_deref()?;
        let (p, _) = self.control()?;
        (p <= ALPHA).then(|| format!("the control {name} does it too, within the margin (p = {p:.2e})"))
    }
}

impl Evidence for Paired<'_> {
    fn n(&self) -> usize {
        self.on.iter().map(|part| part.sample.n()).min().unwrap_or(0)
    }

    /// The fewest for "each", the most for "any", all for "pooled".
    fn independent(&self) -> (usize, &'static str) {
        let counts = self.on.iter().map(|part| part.independent.n());
        let count = match self.claim.rule {
            Rule::Each => counts.min().unwrap_or(0),
            Rule::Any => counts.max().unwrap_or(0),
            Rule::Pooled => counts.sum(),
        };
        (count, UNIT)
    }

    /// Where pairs are added until something is shown, only copies of one value can show nothing ever.
    fn least_p(&self) -> f64 {
        if self.inference == Inference::Anytime && self.on.iter().all(Part::may_say_more) {
            return 0.0;
        }
        let share = if self.claim.rule == Rule::Any { self.on.len() as f64 } else { 1.0 };
        share * 0.5_f64.powi(i32::try_from(self.independent().0).unwrap_or(i32::MAX))
    }

    fn p(&self) -> (f64, f64) {
        self.p
    }

    /// Effects with intervals whose bounds have the levels of the single steps of the family (Bonferroni).
    fn effects(&self, level: f64) -> Vec<OnProblem> {
        let estimand = self.pair.estimand;
        if self.claim.rule == Rule::Pooled {
            return self.pooled_effect(estimand, level).into_iter().collect();
        }
        let (low, high) = self.levels(level);
        let effects = self.on.iter().filter_map(|part| {
            let one_value = pairs::is_one_value(part.start, part.rival, estimand);
            let effect = effect(&part.sample, estimand, low, high, one_value)?;
            Some(OnProblem { problem: part.problem.name.to_string(), effect })
        });
        effects.collect()
    }

    /// The problems that say nothing.
    fn note(&self) -> String {
        let silent: Vec<&str> =
            self.on.iter().filter(|part| !part.speaks).map(|part| part.problem.name.as_ref()).collect();
        if silent.is_empty() {
            return String::new();
        }
        format!("most pairs are solved by neither start on {}, which therefore says nothing", silent.join(", "))
    }

    fn wanting(&self, verdict: Verdict, level: f64) -> Vec<&str> {
        let wanted: Vec<&Part> = match verdict {
            Verdict::Inconclusive => {
                let (low, high) = self.levels(level);
                let shown = |part: &Part| {
                    let (supports, refutes) = on_one(&self.pair, &part.independent);
                    self.claim.rule != Rule::Pooled && (supports <= low || refutes <= high)
                };
                self.on.iter().filter(|part| !shown(part)).collect()
            }
            Verdict::Supported if self.control().is_some_and(|(too, not)| too.min(not) > ALPHA) => {
                self.on.iter().collect()
            }
            _ => Vec::new(),
        };
        wanted.iter().filter(|part| part.may_say_more()).map(|part| part.problem.name.as_ref()).collect()
    }

    fn objection(&self) -> Option<(Verdict, String)> {
        let worse = self.worse_end().map(|why| (Verdict::Invalid, why));
        worse.or_else(|| self.control_does_it_too().map(|why| (Verdict::Unspecific, why)))
    }
}

/// The samples of the problems that say something.
fn speaking<'a>(on: &'a [Part]) -> Vec<&'a Sample> {
    on.iter().filter(|part| part.speaks).map(|part| &part.independent).collect()
}

/// Unadjusted p-values of "supported" and of "refuted". A problem that says nothing can neither support nor refute.
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

/// p-values of "supported" and of "refuted" on one problem alone.
fn on_one(pair: &Pair, sample: &Sample) -> (f64, f64) {
    let (supports, refutes) = on_problems(Rule::Each, pair, &[sample]);
    (supports[0], refutes[0])
}

/// p-values of "supported" and of "refuted", on each problem or (pooled) the one of all.
fn on_problems(rule: Rule, pair: &Pair, samples: &[&Sample]) -> (Vec<f64>, Vec<f64>) {
    let bound = pair.estimand.scale(pair.bound);
    if !pair.equivalent {
        return all_tests(rule, samples, bound);
    }
    let within = bound.abs();
    let (over, under) = all_tests(rule, samples, within);
    let (over_low, under_low) = all_tests(rule, samples, -within);
    // Inside: both of two one-sided tests. Outside on either side: the smaller of two, twice.
    let inside = over_low.iter().zip(&under).map(|(a, b)| a.max(*b)).collect();
    let outside = over.iter().zip(&under_low).map(|(a, b)| (2.0 * a.min(*b)).min(1.0)).collect();
    (inside, outside)
}

/// One-sided p-values at a shift, on each problem or (pooled) the one of all.
fn all_tests(rule: Rule, samples: &[&Sample], shift: f64) -> (Vec<f64>, Vec<f64>) {
    if rule != Rule::Pooled {
        return samples.iter().map(|sample| tests(sample, shift)).unzip();
    }
    let (greater, less) = match strata(samples) {
        Strata::One(sample) => tests(&sample, shift),
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
        Sample::Steps { steps, of } => {
            let steps: Vec<Step> = steps.iter().map(|(_, step)| *step).collect();
            let test = match of {
                Centre::Median => stats::anytime_median_test(&steps, shift),
                Centre::Mean => stats::anytime_mean_test(&steps, shift),
            };
            test.map_or((1.0, 1.0), |test| (test.p_greater, test.p_less))
        }
    }
}

enum Strata<'a> {
    Differences(Vec<&'a [f64]>),
    /// Of what is counted, or comes one after the other, that of all problems together.
    One(Sample),
}

fn strata<'a>(samples: &[&'a Sample]) -> Strata<'a> {
    let (mut differences, mut all, mut in_order) = (Vec::new(), PairedOutcomes::default(), Vec::<(u64, Step)>::new());
    let mut centre = None;
    for sample in samples {
        match sample {
            Sample::Differences(values) => differences.push(values.as_slice()),
            Sample::Outcomes(outcomes) => {
                all.both += outcomes.both;
                all.only_first += outcomes.only_first;
                all.only_second += outcomes.only_second;
                all.neither += outcomes.neither;
            }
            Sample::Steps { steps, of } => {
                in_order.extend(steps);
                centre = Some(*of);
            }
        }
    }
    if let Some(of) = centre {
        in_order.sort_by_key(|(replicate, _)| *replicate);
        return Strata::One(Sample::Steps { steps: in_order, of });
    }
    if differences.is_empty() { Strata::One(Sample::Outcomes(all)) } else { Strata::Differences(differences) }
}
