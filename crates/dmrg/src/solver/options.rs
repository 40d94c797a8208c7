//! Options of a run.

use headstart_check::check;
use serde::{Deserialize, Serialize};

use crate::{Error, Truncation};

/// Settings of consecutive half-sweeps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Number of half-sweeps.
    pub half_sweeps: usize,
    /// Truncation of the bonds.
    pub truncation: Truncation,
    /// Weight of the density-matrix perturbation (White 2005), relative to that of the state; 0 for no noise.
    pub noise: f64,
    /// The local problem counts as solved when the norm of its residual is at most this, in units of the Hamiltonian.
    /// The error of its energy is about the square.
    pub residual: f64,
    /// Most products with the effective Hamiltonian per bond.
    pub products: usize,
}

impl Stage {
    /// Creates a stage without noise that discards weights below 1e-14, converges residuals to 1e-6 and spends at most
    /// 30 products per bond.
    pub fn new(half_sweeps: usize, bond_dimension: usize) -> Self {
        let truncation = Truncation { bond_dimension, weight: 1e-14 };
        Self { half_sweeps, truncation, noise: 0.0, residual: 1e-6, products: 30 }
    }

    /// Sets the noise.
    #[must_use]
    pub fn with_noise(self, noise: f64) -> Self {
        Self { noise, ..self }
    }

    /// Sets the tolerance of the residual.
    #[must_use]
    pub fn with_residual(self, residual: f64) -> Self {
        Self { residual, ..self }
    }
}

/// The schedule of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The stages, one after the other.
    pub schedule: Vec<Stage>,
    /// The run ends when, within the last stage, the energy at the end of a half-sweep has changed by at most this over
    /// two half-sweeps. 0 runs the whole schedule.
    pub energy_tolerance: f64,
}

impl Options {
    /// Creates a schedule of one stage, [`Stage::new`].
    pub fn new(half_sweeps: usize, bond_dimension: usize) -> Self {
        Self { schedule: vec![Stage::new(half_sweeps, bond_dimension)], energy_tolerance: 0.0 }
    }

    /// Returns the stage of a half-sweep, and whether it is the last stage.
    pub(crate) fn stage(&self, half_sweep: usize) -> Option<(&Stage, bool)> {
        let mut end = 0;
        for (at, stage) in self.schedule.iter().enumerate() {
            end += stage.half_sweeps;
            if half_sweep < end {
                return Some((stage, at + 1 == self.schedule.len()));
            }
        }
        None
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let at_least_0 =
            |name, value: f64| check(value >= 0.0 && value.is_finite(), name, value, "at least 0 and finite");
        if self.schedule.iter().all(|stage| stage.half_sweeps == 0) {
            return Err(Error::NoHalfSweeps);
        }
        for stage in &self.schedule {
            stage.truncation.check()?;
            at_least_0("the noise", stage.noise)?;
            at_least_0("the residual", stage.residual)?;
            check(stage.products > 0, "the number of products", 0.0, "at least 1")?;
        }
        at_least_0("the energy tolerance", self.energy_tolerance)?;
        Ok(())
    }
}
