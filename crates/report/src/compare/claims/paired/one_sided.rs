//! One-sided tests on the pairs of a claim, on each problem or pooled.

use crate::compare::pairs::{Centre, Sample};
use headstart_domain::claim::{Pair, Rule};
use headstart_stats::{self as stats, PairedOutcomes, Step};

/// p-values of "supported" and of "refuted" on one problem alone.
pub(super) fn on_one(pair: &Pair, sample: &Sample) -> (f64, f64) {
    let (supports, refutes) = on_problems(Rule::Each, pair, &[sample]);
    (supports[0], refutes[0])
}

/// p-values of "supported" and of "refuted": one for each problem, or a single one if pooled.
pub(super) fn on_problems(rule: Rule, pair: &Pair, samples: &[&Sample]) -> (Vec<f64>, Vec<f64>) {
    let bound = pair.estimand.scale(pair.bound);
    if !pair.equivalent {
        return all_tests(rule, samples, bound);
    }
    let within = bound.abs();
    let (over, under) = all_tests(rule, samples, within);
    let (over_low, under_low) = all_tests(rule, samples, -within);
    // Inside: the larger p of two one-sided tests. Outside on either side: twice the smaller one.
    let inside = over_low.iter().zip(&under).map(|(a, b)| a.max(*b)).collect();
    let outside = over.iter().zip(&under_low).map(|(a, b)| (2.0 * a.min(*b)).min(1.0)).collect();
    (inside, outside)
}

/// One-sided p-values at a shift: one for each problem, or a single one if pooled.
pub(super) fn all_tests(rule: Rule, samples: &[&Sample], shift: f64) -> (Vec<f64>, Vec<f64>) {
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

/// p-values of the null hypotheses "the effect is at most the shift" and "the effect is at least the shift".
pub(super) fn tests(sample: &Sample, shift: f64) -> (f64, f64) {
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

pub(super) enum Strata<'a> {
    Differences(Vec<&'a [f64]>),
    /// Counts, or steps in the order of the replicates, are joined over all problems.
    One(Sample),
}

pub(super) fn strata<'a>(samples: &[&'a Sample]) -> Strata<'a> {
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
