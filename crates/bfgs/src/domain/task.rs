//! An instance with what is observed on it.

use std::ops::ControlFlow;

use headstart_table::quoted;
use serde::Serialize;

use crate::problem::{Instance, OwnTable, ProblemError};
use crate::{Error, InitialInverseHessian, Options, Progress, Solution, Start, lbfgs, minimize};

/// An instance with what is observed on it.
#[derive(Serialize)]
pub struct Task {
    pub(super) instance: Instance,
    #[serde(skip)]
    observed: Observed,
    pub(super) restarts: Option<Restarts>,
    /// Pairs that L-BFGS remembers; `None` keeps the whole matrix (BFGS).
    #[serde(skip)]
    pub(super) memory: Option<usize>,
    /// The unit that f is measured in: what is absolute elsewhere (targets, tolerances) is in multiples of it.
    #[serde(skip)]
    pub(super) unit: f64,
    /// Whether minima are told apart by f: all replicates see one function.
    #[serde(skip)]
    pub(super) names_minima: bool,
    /// Names of the coefficients, for own data.
    #[serde(skip)]
    columns: Option<Vec<String>>,
    /// How own data was understood.
    #[serde(skip)]
    pub(super) notes: Vec<String>,
}

/// What is observed: the gap where the lowest value is known and the only one that matters, the gradient where a run
/// may rightly end in one of several minima, the value where nobody knows the lowest.
enum Observed {
    Gap { lowest: f64 },
    Gradient,
    Value,
}

/// Runs from new points follow each other until the best known minimum is found.
#[derive(Serialize)]
pub(super) struct Restarts {
    /// Where a local run ends: just precise enough to tell one minimum from another.
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

    /// A user's own table.
    pub(super) fn own(table: OwnTable) -> Self {
        let columns = table.features.into_iter().chain(["intercept".to_owned()]).collect();
        Self { columns: Some(columns), notes: table.notes, ..Self::new(table.instance, Observed::Value) }
    }

    pub(super) fn with_restarts(self, gradient_tolerance: f64) -> Self {
        Self { restarts: Some(Restarts { gradient_tolerance }), ..self }
    }

    /// Solved with L-BFGS.
    pub(super) fn with_memory(self, pairs: usize) -> Self {
        Self { memory: Some(pairs), ..self }
    }

    /// Says in which of the minima of one function each run ends.
    pub(super) fn with_named_minima(self) -> Self {
        Self { names_minima: true, ..self }
    }

    /// With f in other units, in which the same points count as solved.
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
            columns: None,
            notes: Vec::new(),
        }
    }

    /// A run by the method of this problem.
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

    /// The observed value at a point with this f and gradient norm.
    pub(super) fn value(&self, f: f64, gradient_norm: f64) -> f64 {
        match self.observed {
            Observed::Gap { lowest } => f - lowest,
            Observed::Gradient => gradient_norm,
            Observed::Value => f,
        }
    }

    /// The fitted coefficients as CSV, for own data: those of the standardised columns.
    pub(super) fn coefficients(&self, x: &[f64]) -> Option<String> {
        let columns = self.columns.as_ref()?;
        let lines = columns.iter().zip(x).map(|(name, value)| format!("{},{value}\n", quoted(name)));
        Some(std::iter::once("column,coefficient\n".to_owned()).chain(lines).collect())
    }
}
