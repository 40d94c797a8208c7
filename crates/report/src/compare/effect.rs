//! Effect of one start against another, with its interval.

use serde::Serialize;

use super::pairs::{Centre, Sample};
use headstart_domain::claim::Estimand;
use headstart_stats as stats;

/// An effect with its interval, on the printed scale: a ratio (no effect at 1) or a difference (no effect at 0). Larger
/// values favour the start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Effect {
    /// Pseudo-median of the pairs (their median if replicates were added until claims were decided), a difference of
    /// rates, a ratio of expected costs, or Kendall's tau.
    pub estimate: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Two-sided p-value of no effect; `None` if nothing is random and all pairs repeat one value.
    pub p: Option<f64>,
    /// Whether the effect favours the start, if it is significant (the interval excludes no effect). Determined before
    /// the ends are transformed to the printed scale, so that it agrees with the test at the interval's level.
    pub favours: Option<bool>,
}

impl Effect {
    /// Takes estimate and ends on the computed scale, where 0 means no effect.
    pub(super) fn new(estimand: &Estimand, estimate: f64, ends: (f64, f64), p: Option<f64>) -> Self {
        Self {
            estimate: estimand.show(estimate),
            low: estimand.show(ends.0),
            high: estimand.show(ends.1),
            p,
            favours: match p {
                Some(_) if ends.0 > 0.0 => Some(true),
                Some(_) if ends.1 < 0.0 => Some(false),
                _ => None,
            },
        }
    }

    /// Returns whether the effect is significant: the interval excludes no effect.
    pub fn is_clear(&self) -> bool {
        self.favours.is_some()
    }
}

/// Returns estimate, interval with separate error rates for its ends, and two-sided p-value of no effect.
pub(super) fn effect(
    sample: &Sample,
    estimand: &Estimand,
    alpha_low: f64,
    alpha_high: f64,
    is_one_value: bool,
) -> Option<Effect> {
    let p = |p: f64| (!is_one_value).then_some(p);
    match sample {
        Sample::Differences(differences) => {
            let estimate = stats::hodges_lehmann(differences)?;
            let ends = if is_one_value {
                (estimate, estimate)
            } else {
                stats::walsh_interval(differences, alpha_low, alpha_high)?
            };
            Some(Effect::new(estimand, estimate, ends, p(stats::signed_rank(differences, 0.0)?.p_two_sided)))
        }
        Sample::Outcomes(outcomes) => {
            let ends = stats::newcombe_interval(outcomes, alpha_low, alpha_high)?;
            let test = stats::mcnemar(outcomes.only_first, outcomes.only_second);
            Some(Effect::new(estimand, outcomes.difference()?, ends, p(test.p_two_sided)))
        }
        Sample::Steps { steps, of } => {
            let steps: Vec<stats::Step> = steps.iter().map(|(_, step)| *step).collect();
            let (interval, test) = match of {
                Centre::Median => (
                    stats::anytime_median_interval(&steps, alpha_low, alpha_high),
                    stats::anytime_median_test(&steps, 0.0),
                ),
                Centre::Mean => {
                    (stats::anytime_mean_interval(&steps, alpha_low, alpha_high), stats::anytime_mean_test(&steps, 0.0))
                }
            };
            let (estimate, ends) = interval?;
            let ends = if is_one_value { (estimate, estimate) } else { ends };
            Some(Effect::new(estimand, estimate, ends, p(test?.p_two_sided)))
        }
    }
}
