//! An instance and the quantity that is observed during a run.

use std::ops::ControlFlow;

use serde::Serialize;

use super::fitted;
use crate::problem::{Instance, OwnTable, ProblemError};
use crate::{Error, InitialInverseHessian, Options, Progress, Solution, Start, lbfgs, minimize};

/// An instance and the quantity that is observed during a run.
#[derive(Serialize)]
pub struct Task {
    pub(super) instance: Instance,
    #[serde(skip)]
    observed: Observed,
    pub(super) restarts: Option<Restarts>,
    /// Number of pairs that L-BFGS stores; `None` for BFGS with the full matrix.
    #[serde(skip)]
    pub(super) memory: Option<usize>,
    /// The unit of f: targets and tolerances are multiples of it.
    #[serde(skip)]
    pub(super) unit: f64,
    /// Whether minima are identified by their value of f. That requires the same function in all replicates.
    #[serde(skip)]
    pub(super) names_minima: bool,
    /// The user's table.
    #[serde(skip)]
    pub(super) table: Option<OwnTable>,
    /// Notes on how the user's table was read, and on the model.
    #[serde(skip)]
    pub(super) notes: Vec<String>,
}

/// The observed quantity: the gap f - f*, where f* is known and is the only goal; the gradient norm, where a run may
/// end in any of several minima; the value, where f* is unknown.
enum Observed {
    Gap { lowest: f64 },
    Gradient,
    Value,
}

/// Restarts from new points until the best known minimum is found.
#[derive(Serialize)]
pub(super) struct Restarts {
    /// Gradient tolerance of a local run: just small enough to distinguish the minima.
    pub(super) gradient_tolerance: f64,
}

type Made = Result<Instance, ProblemError>;

impl Task {
    /// Observes f - f*.
    pub(super) fn gap(made: Made) -> headstart_domain::Result<Self> {
        let instance = made?;
        let lowest = instance.optimum().ok_or("the lowest value of this function is not known")?;
        Ok(Self::new(instance, Observed::Gap { lowest }))
    }

    /// Observes the gradient norm.
    pub(super) fn gradient(made: Made) -> headstart_domain::Result<Self> {
        Ok(Self::new(made?, Observed::Gradient))
    }

    /// Observes the value.
    pub(super) fn value_of(made: Made) -> headstart_domain::Result<Self> {
        Ok(Self::new(made?, Observed::Value))
    }

    /// A task from the user's own table; observes the value.
    pub(super) fn own(table: OwnTable) -> Self {
        let instance = table.instance.clone();
        Self { notes: fitted::notes(&table), table: Some(table), ..Self::new(instance, Observed::Value) }
    }

    pub(super) fn with_restarts(self, gradient_tolerance: f64) -> Self {
        Self { restarts: Some(Restarts { gradient_tolerance }), ..self }
    }

    /// Solves the task by L-BFGS with this many pairs.
    pub(super) fn with_memory(self, pairs: usize) -> Self {
        Self { memory: Some(pairs), ..self }
    }

    /// Records in which minimum each run ends.
    pub(super) fn with_named_minima(self) -> Self {
        Self { names_minima: true, ..self }
    }

    /// Sets the unit of f. The same points count as solved in every unit.
    pub(super) fn in_units(self, unit: f64) -> Self {
        Self { unit, ..self }
    }

    fn new(instance: Instance, observed: Observed) -> Self {
        Self {
            instance,
            observed,
            restarts: None,
            memory: None,
            unit: 1.0,
            names_minima: false,
            table: None,
            notes: Vec::new(),
        }
    }

    /// Runs BFGS, or L-BFGS if a memory is set.
    pub(super) fn minimize<F>(
        &self,
        x0: &[f64],
        start: &Start,
        options: &Options,
        observer: &mut F,
    ) -> Result<Solution<InitialInverseHessian>, Error>
    where
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        match self.memory {
            None => Ok(minimize(&self.instance, x0, start, options, observer)?.map(InitialInverseHessian::Dense)),
            Some(pairs) => lbfgs::minimize(&self.instance, x0, start, pairs, options, observer),
        }
    }

    /// The observed quantity at a point with this f and gradient norm.
    pub(super) fn value(&self, f: f64, gradient_norm: f64) -> f64 {
        match self.observed {
            Observed::Gap { lowest } => f - lowest,
            Observed::Gradient => gradient_norm,
            Observed::Value => f,
        }
    }
}
