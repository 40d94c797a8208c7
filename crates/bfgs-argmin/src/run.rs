//! A run of either method.

use std::ops::ControlFlow;

use headstart_bfgs::{
    Error, InitialInverseHessian, Minimizer, Objective, Options, Progress, Solution, Start, Status, lbfgs,
};
use serde::{Deserialize, Serialize};

/// A run of BFGS or L-BFGS between two steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Run {
    Full(Minimizer),
    Limited(lbfgs::Minimizer),
}

/// Calls a method that both kinds of run have.
macro_rules! each {
    ($run:expr, $method:ident($($argument:expr),*)) => {
        match $run {
            Run::Full(run) => run.$method($($argument),*),
            Run::Limited(run) => run.$method($($argument),*),
        }
    };
}

impl Run {
    /// Begins BFGS, or L-BFGS with a memory.
    pub(crate) fn begin<F: FnMut(&Progress<'_>) -> ControlFlow<()>>(
        objective: &impl Objective,
        x0: &[f64],
        start: Start,
        memory: Option<usize>,
        options: Options,
        observer: &mut F,
    ) -> Result<Self, Error> {
        Ok(match memory {
            None => Self::Full(Minimizer::begin(objective, x0, start, options, observer)?),
            Some(pairs) => {
                Self::Limited(lbfgs::Minimizer::begin_limited(objective, x0, start, pairs, options, observer)?)
            }
        })
    }

    pub(crate) fn step<F: FnMut(&Progress<'_>) -> ControlFlow<()>>(
        &mut self,
        objective: &impl Objective,
        observer: &mut F,
    ) -> Result<Option<Status>, Error> {
        each!(self, step(objective, observer))
    }

    pub(crate) fn status(&self) -> Option<Status> {
        each!(self, status())
    }

    pub(crate) fn x(&self) -> &[f64] {
        each!(self, x())
    }

    pub(crate) fn value(&self) -> f64 {
        each!(self, value())
    }

    pub(crate) fn gradient(&self) -> &[f64] {
        each!(self, gradient())
    }

    pub(crate) fn gradient_norm(&self) -> f64 {
        each!(self, gradient_norm())
    }

    pub(crate) fn evaluations(&self) -> u64 {
        each!(self, evaluations())
    }

    pub(crate) fn finish(self) -> Solution<InitialInverseHessian> {
        match self {
            Self::Full(run) => run.finish().map(InitialInverseHessian::Dense),
            Self::Limited(run) => run.finish(),
        }
    }
}
