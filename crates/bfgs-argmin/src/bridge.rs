//! Adapts an argmin problem to [`Objective`].

use std::cell::RefCell;
use std::ops::ControlFlow;

use argmin::core::{CostFunction, Error, Gradient, Problem};
use headstart_bfgs::{Objective, Progress};

use crate::error::invalid;
use crate::parameters::Parameters;

/// Counts evaluations through argmin's [`Problem`], and stores an error of the user's functions, since an [`Objective`]
/// cannot return one.
pub(crate) struct Bridge<'a, O> {
    problem: RefCell<&'a mut Problem<O>>,
    n: usize,
    failure: RefCell<Option<Error>>,
}

impl<'a, O> Bridge<'a, O> {
    /// Wraps a problem with n unknowns.
    pub(crate) fn new(problem: &'a mut Problem<O>, n: usize) -> Self {
        Self { problem: RefCell::new(problem), n, failure: RefCell::new(None) }
    }

    /// The observer: ends the run at the first error.
    pub(crate) fn observe(&self, _: &Progress<'_>) -> ControlFlow<()> {
        if self.failure.borrow().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Returns the result of the run, or the error of the user's functions if one failed.
    pub(crate) fn outcome<T>(self, answer: Result<T, headstart_bfgs::Error>) -> Result<T, Error> {
        match self.failure.into_inner() {
            Some(failure) => Err(failure),
            None => answer.map_err(crate::error::of_run),
        }
    }
}

impl<O, P> Bridge<'_, O>
where
    O: CostFunction<Param = P, Output = f64> + Gradient<Param = P, Gradient = P>,
    P: Parameters,
{
    fn evaluate(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
        let mut problem = self.problem.borrow_mut();
        let param = P::from_entries(x);
        let cost = problem.cost(&param)?;
        if !cost.is_finite() {
            gradient.fill(f64::NAN);
            return Ok(cost);
        }
        let found = problem.gradient(&param)?;
        let entries = found.entries();
        if entries.len() != self.n {
            let (given, n) = (entries.len(), self.n);
            return Err(invalid(&format!(
                "the gradient has {given} entries, but there are {n} parameters; return {n}"
            )));
        }
        gradient.copy_from_slice(&entries);
        Ok(cost)
    }
}

impl<O, P> Objective for Bridge<'_, O>
where
    O: CostFunction<Param = P, Output = f64> + Gradient<Param = P, Gradient = P>,
    P: Parameters,
{
    fn dim(&self) -> usize {
        self.n
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        self.evaluate(x, gradient).unwrap_or_else(|failure| {
            self.failure.replace(Some(failure));
            gradient.fill(f64::NAN);
            f64::NAN
        })
    }
}
