//! The settings of DQN.

use headstart_check::check;
use headstart_nn::Method;
use serde::{Deserialize, Serialize};

use crate::error::Result;

/// How the target network is updated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum TargetUpdate {
    /// Copies the online network after a fixed number of updates (Mnih et al. 2015).
    Hard {
        /// Updates between two copies.
        every: u64,
    },
    /// Moves the target after every update: w' += tau (w - w') (Lillicrap et al. 2016).
    Soft {
        /// tau: the weight of the online network.
        tau: f64,
    },
}

/// Loss as a function of the temporal-difference error e, averaged over the batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum TdLoss {
    /// e^2
    Squared,
    /// e^2 / 2 for |e| up to the bound d, and d (|e| - d / 2) beyond.
    Huber(f64),
}

impl TdLoss {
    /// Returns the loss at an error.
    pub fn of(self, error: f32) -> f32 {
        match self {
            Self::Squared => error * error,
            Self::Huber(bound) => {
                let (size, bound) = (error.abs(), bound as f32);
                if size <= bound { 0.5 * error * error } else { bound * (size - 0.5 * bound) }
            }
        }
    }

    /// Returns the derivative at an error.
    pub fn slope(self, error: f32) -> f32 {
        match self {
            Self::Squared => 2.0 * error,
            Self::Huber(bound) => error.clamp(-bound as f32, bound as f32),
        }
    }
}

/// Exploration schedule: the probability of a random action changes linearly from `from` to `to` over `steps` steps,
/// then stays.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epsilon {
    /// Probability at the first step.
    pub from: f64,
    /// Probability after `steps` steps.
    pub to: f64,
    /// Length of the schedule in environment steps.
    pub steps: u64,
}

impl Epsilon {
    /// Returns a constant schedule.
    pub const fn constant(epsilon: f64) -> Self {
        Self { from: epsilon, to: epsilon, steps: 0 }
    }

    /// Returns the probability at a step, counted from 0.
    pub fn at(self, step: u64) -> f64 {
        if step >= self.steps { self.to } else { self.from + (self.to - self.from) * (step as f64 / self.steps as f64) }
    }
}

/// The hyperparameters of DQN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Discount factor per step.
    pub gamma: f64,
    /// Batch size in transitions.
    pub batch: usize,
    /// Capacity of the replay buffer in transitions.
    pub capacity: usize,
    /// Environment steps before the first update.
    pub warm_up: u64,
    /// Environment steps between updates.
    pub every: u64,
    /// How the target network is updated.
    pub target: TargetUpdate,
    /// The optimiser.
    pub method: Method,
    /// Learning rate of the optimiser.
    pub rate: f64,
    /// The loss.
    pub loss: TdLoss,
    /// Double DQN: the online network picks the next action, the target network gives its value (van Hasselt et al.
    /// 2016).
    pub double: bool,
    /// Number of rewards summed before bootstrapping (n-step returns).
    pub n_step: usize,
    /// Exploration schedule.
    pub epsilon: Epsilon,
}

impl Settings {
    /// The settings of bsuite's DQN (Osband et al. 2019).
    pub const BSUITE: Self = Self {
        gamma: 0.99,
        batch: 32,
        capacity: 10_000,
        warm_up: 100,
        every: 1,
        target: TargetUpdate::Hard { every: 4 },
        method: Method::ADAM,
        rate: 1e-3,
        loss: TdLoss::Squared,
        double: false,
        n_step: 1,
        epsilon: Epsilon::constant(0.05),
    };

    /// The settings of `CleanRL`'s `dqn.py` (Huang et al. 2022) for 500,000 steps.
    pub const CLEAN_RL: Self = Self {
        gamma: 0.99,
        batch: 128,
        capacity: 10_000,
        warm_up: 10_000,
        every: 10,
        // 50 updates are 500 environment steps.
        target: TargetUpdate::Hard { every: 50 },
        method: Method::ADAM,
        rate: 2.5e-4,
        loss: TdLoss::Squared,
        double: false,
        n_step: 1,
        epsilon: Epsilon { from: 1.0, to: 0.05, steps: 250_000 },
    };

    /// Checks all ranges.
    pub(crate) fn check(&self) -> Result<()> {
        check((0.0..=1.0).contains(&self.gamma), "gamma", self.gamma, "between 0 and 1")?;
        let counts = [
            ("the batch", self.batch as u64),
            ("the capacity of the replay buffer", self.capacity as u64),
            ("the steps between updates", self.every),
            ("the steps of a return", self.n_step as u64),
            ("the updates between copies", if let TargetUpdate::Hard { every } = self.target { every } else { 1 }),
        ];
        for (name, count) in counts {
            check((1..=1 << 32).contains(&count), name, count as f64, "at least 1 and at most 2^32")?;
        }
        if let TargetUpdate::Soft { tau } = self.target {
            check(tau > 0.0 && tau <= 1.0, "tau", tau, "above 0 and at most 1")?;
        }
        if let TdLoss::Huber(bound) = self.loss {
            check(bound > 0.0 && bound.is_finite(), "the bound of the Huber loss", bound, "positive")?;
        }
        check(self.rate > 0.0 && self.rate.is_finite(), "the learning rate", self.rate, "positive")?;
        for epsilon in [self.epsilon.from, self.epsilon.to] {
            check((0.0..=1.0).contains(&epsilon), "epsilon", epsilon, "between 0 and 1")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epsilon_falls_on_a_line() {
        let epsilon = Epsilon { from: 1.0, to: 0.05, steps: 100 };
        let at: Vec<f64> = [0, 50, 99, 100, 1000].map(|step| epsilon.at(step)).to_vec();
        assert!((at[1] - 0.525).abs() < 1e-12 && (at[2] - 0.0595).abs() < 1e-12);
        assert_eq!((at[0], at[3], at[4]), (1.0, 0.05, 0.05));
        assert_eq!(Epsilon::constant(0.1).at(0), 0.1);
    }

    #[test]
    fn slopes_of_losses() {
        assert_eq!(TdLoss::Squared.slope(-3.0), -6.0);
        assert_eq!([-3.0, -0.5, 0.25, 2.0].map(|e| TdLoss::Huber(1.0).slope(e)), [-1.0, -0.5, 0.25, 1.0]);
        assert_eq!(
            (TdLoss::Squared.of(-3.0), TdLoss::Huber(1.0).of(-3.0), TdLoss::Huber(1.0).of(0.5)),
            (9.0, 2.5, 0.125)
        );
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let good = Settings::BSUITE;
        assert!(good.check().is_ok() && Settings::CLEAN_RL.check().is_ok());
        for (bad, name) in [
            (Settings { gamma: 1.5, ..good }, "gamma is 1.5"),
            (Settings { batch: 0, ..good }, "the batch is 0"),
            (Settings { capacity: 0, ..good }, "the capacity"),
            (Settings { every: 0, ..good }, "between updates"),
            (Settings { n_step: 0, ..good }, "steps of a return"),
            (Settings { target: TargetUpdate::Hard { every: 0 }, ..good }, "between copies"),
            (Settings { target: TargetUpdate::Soft { tau: 0.0 }, ..good }, "tau is 0"),
            (Settings { loss: TdLoss::Huber(f64::NAN), ..good }, "Huber"),
            (Settings { rate: -1.0, ..good }, "learning rate is -1"),
            (Settings { epsilon: Epsilon::constant(2.0), ..good }, "epsilon is 2"),
        ] {
            let found = bad.check().unwrap_err().to_string();
            assert!(found.contains(name), "{name} is not in {found}");
        }
    }
}
