//! Learning rate schedules.

use headstart_simd::Portable;
use serde::{Deserialize, Serialize};

/// A factor of the learning rate as a function of the step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Schedule {
    /// 1 at every step.
    Constant,
    /// Linear from 1 to `end` at step `steps`, then constant.
    Linear {
        /// Length of the decay in steps.
        steps: u64,
        /// Final factor.
        end: f64,
    },
    /// Half a cosine from 1 to `end` at step `steps`, then constant (Loshchilov & Hutter 2017, without restarts).
    Cosine {
        /// Length of the decay in steps.
        steps: u64,
        /// Final factor.
        end: f64,
    },
    /// Multiplied by `factor` after every `every` steps.
    Steps {
        /// Steps between multiplications.
        every: u64,
        /// Factor of each multiplication.
        factor: f64,
    },
    /// Linear up to 1 at step `steps`, then constant.
    WarmUp {
        /// Length of the warm-up in steps.
        steps: u64,
    },
}

impl Schedule {
    /// Returns the factor at a step, counted from 0.
    pub fn factor(self, step: u64) -> f64 {
        let part = |steps: u64| if steps == 0 { 1.0 } else { (step as f64 / steps as f64).min(1.0) };
        match self {
            Self::Constant => 1.0,
            Self::Linear { steps, end } => 1.0 + (end - 1.0) * part(steps),
            Self::Cosine { steps, end } => {
                end + (1.0 - end) * 0.5 * (1.0 + (std::f64::consts::PI * part(steps)).portable_cos())
            }
            Self::Steps { every, factor } => factor.portable_powf((step / every.max(1)) as f64),
            Self::WarmUp { steps } => {
                if steps == 0 {
                    1.0
                } else {
                    ((step + 1) as f64 / steps as f64).min(1.0)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors() {
        let at = |schedule: Schedule| [0, 5, 10, 20].map(|step| (schedule.factor(step) * 1e6).round() / 1e6);
        assert_eq!(at(Schedule::Constant), [1.0; 4]);
        assert_eq!(at(Schedule::Linear { steps: 10, end: 0.0 }), [1.0, 0.5, 0.0, 0.0]);
        assert_eq!(at(Schedule::Cosine { steps: 10, end: 0.1 }), [1.0, 0.55, 0.1, 0.1]);
        assert_eq!(at(Schedule::Cosine { steps: 20, end: 0.0 }), [1.0, 0.853_553, 0.5, 0.0]);
        assert_eq!(at(Schedule::Steps { every: 5, factor: 0.5 }), [1.0, 0.5, 0.25, 0.0625]);
        assert_eq!(at(Schedule::WarmUp { steps: 10 }), [0.1, 0.6, 1.0, 1.0]);
    }
}
