//! Work to target if some trials never reach it.

/// The work of one trial towards its target: T if the target was reached at T within the budget tau, otherwise tau.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spent {
    /// min(T, tau) plus the charge added by [`charged`](Spent::charged); in work units or in seconds.
    pub work: f64,
    /// Whether the target was reached within the budget.
    pub reached: bool,
}

impl Spent {
    /// Creates the work of a trial that first reached its target at `time`, or never (`None`). A crash or a timeout is
    /// `None` too: it counts as the full budget, never as the time of its death.
    pub fn new(time: Option<f64>, tau: f64) -> Self {
        match time {
            Some(time) if time <= tau => Self { work: time, reached: true },
            _ => Self { work: tau, reached: false },
        }
    }

    /// Adds the charge for making the start, which does not count against the budget.
    #[must_use]
    pub fn charged(self, charge: f64) -> Self {
        Self { work: self.work + charge, ..self }
    }
}

/// Expected running time to the first success, with a restart after each failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ert {
    /// Total work over all trials / number of successes.
    Finite(f64),
    /// No trial succeeded: the estimate is infinite; this is the total work, a lower bound.
    AtLeast(f64),
}

/// Returns the ERT of Hansen et al. 2009 (COCO): total work of all trials, including failed ones, divided by the number
/// of successes.
///
/// The result is in the unit of the work. `None` for no trials, or if a work is NaN or negative.
pub fn ert(trials: &[Spent]) -> Option<Ert> {
    let total = total(trials)?;
    let successes = trials.iter().filter(|trial| trial.reached).count();
    Some(if successes == 0 { Ert::AtLeast(total) } else { Ert::Finite(total / successes as f64) })
}

/// Returns the restricted mean, which is the mean of min(T, tau), in the unit of the work (Royston and Parmar 2013).
///
/// All trials share one tau, so no trial is censored before it and the plain mean is unbiased. `None` as for [`ert`].
pub fn restricted_mean(trials: &[Spent]) -> Option<f64> {
    Some(total(trials)? / trials.len() as f64)
}

fn total(trials: &[Spent]) -> Option<f64> {
    (!trials.is_empty() && trials.iter().all(|trial| trial.work >= 0.0))
        .then(|| trials.iter().map(|trial| trial.work).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(times: &[Option<f64>]) -> Vec<Spent> {
        times.iter().map(|time| Spent::new(*time, 100.0)).collect()
    }

    /// STATISTICS.md: (10 + 20 + 30 + 100 + 100) / 3.
    #[test]
    fn reference_value() {
        let trials = trials(&[Some(10.0), Some(20.0), Some(30.0), None, None]);
        let Some(Ert::Finite(value)) = ert(&trials) else { panic!("{trials:?}") };
        assert!((value - 260.0 / 3.0).abs() < 1e-12);
        assert_eq!(restricted_mean(&trials), Some(52.0));
    }

    #[test]
    fn without_success_ert_is_a_lower_bound() {
        assert_eq!(ert(&trials(&[None, None])), Some(Ert::AtLeast(200.0)));
    }

    #[test]
    fn the_budget_cuts_and_the_charge_does_not() {
        assert_eq!(Spent::new(Some(100.0), 100.0), Spent { work: 100.0, reached: true });
        assert_eq!(Spent::new(Some(101.0), 100.0), Spent { work: 100.0, reached: false });
        assert_eq!(Spent::new(None, 100.0).charged(7.0), Spent { work: 107.0, reached: false });
        assert_eq!(Spent::new(Some(99.0), 100.0).charged(7.0), Spent { work: 106.0, reached: true });
        assert!(!Spent::new(Some(f64::NAN), 100.0).reached);
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert_eq!(ert(&[]), None);
        assert_eq!(restricted_mean(&[]), None);
        assert_eq!(restricted_mean(&[Spent { work: f64::NAN, reached: true }]), None);
        assert_eq!(ert(&[Spent { work: -1.0, reached: true }]), None);
    }
}
