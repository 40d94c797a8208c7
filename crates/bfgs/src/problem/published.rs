//! Published test functions with their standard starting points and known minima.

mod cutest;
mod dual;
mod more_garbow_hillstrom;

use headstart_check::check;
use ndarray::Array2;
use rand::Rng;
use serde::Serialize;

use super::random::normal_around;
use super::{Function, Instance, ProblemError};
use crate::differences::hessian_by_differences;
use crate::objective::Objective;
use dual::{Dual, unknown};

/// A published function with its standard starting point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Published {
    name: &'static str,
    x0: fn() -> Vec<f64>,
    /// The values of its minima to six digits, the lowest first.
    minima: &'static [f64],
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    /// The sum of the squares of these.
    Squares(fn(&[Dual]) -> Vec<Dual>),
    /// A sum of terms of a few unknowns each.
    Terms(fn(&mut Sum<'_>)),
}

/// A sum of terms with its gradient.
struct Sum<'a> {
    x: &'a [f64],
    value: f64,
    gradient: &'a mut [f64],
}

impl Sum<'_> {
    /// Adds a term of the unknowns with these indices.
    fn add<const K: usize>(&mut self, at: [usize; K], term: impl Fn([Dual; K]) -> Dual) {
        let term = term(std::array::from_fn(|k| unknown(k, self.x[at[k]])));
        self.value += term.value;
        at.iter().zip(term.slopes).for_each(|(i, slope)| self.gradient[*i] += slope);
    }
}

/// A published test function of 2 to 100 unknowns: one of the 24 of Moré, Garbow & Hillstrom (ACM TOMS 7 (1981) 17), or one of
/// 12 of the collection `CUTEst`.
///
/// Two of them are equal if they are the same member of the list.
#[derive(Clone, Debug, Serialize)]
pub struct PublishedFunction {
    name: &'static str,
    #[serde(skip)]
    function: Published,
    n: usize,
}

impl PartialEq for PublishedFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Number of published functions.
pub const PUBLISHED: usize = more_garbow_hillstrom::MEMBERS.len() + cutest::MEMBERS.len();

/// Makes a published function; `member` counts from 0 to [`PUBLISHED`] - 1. x0 is the published starting point. Further
/// starting points ([`Instance::sample_x0`]) are that point plus normal numbers of standard deviation 0.1.
///
/// Errors: a member out of range.
pub fn published(member: usize) -> Result<Instance, ProblemError> {
    let mut all = more_garbow_hillstrom::MEMBERS.iter().chain(&cutest::MEMBERS);
    let found = all.nth(member);
    check(found.is_some(), "the number of the function", member as f64, "0 to 35")?;
    let function = found.copied().unwrap_or(cutest::MEMBERS[0]);
    let x0 = (function.x0)();
    let n = x0.len();
    Ok(Instance { function: Function::Published(PublishedFunction { name: function.name, function, n }), x0 })
}

impl PublishedFunction {
    /// Returns the name: that of the paper with its number of unknowns where the paper leaves it open, or that in `CUTEst`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the values of the known minima to six digits, the lowest first.
    pub fn minima(&self) -> &'static [f64] {
        self.function.minima
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        normal_around(&(self.function.x0)(), 0.1, rng)
    }

    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let found = hessian_by_differences(self, x);
        found.map_or_else(|_| Array2::from_elem((self.n, self.n), f64::NAN), |(hessian, _)| hessian)
    }
}

impl Objective for PublishedFunction {
    fn dim(&self) -> usize {
        self.n
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        match self.function.form {
            Form::Squares(residuals) => {
                let unknowns: Vec<Dual> = x.iter().enumerate().map(|(i, x)| unknown(i, *x)).collect();
                let add = |sum: f64, r: Dual| {
                    gradient.iter_mut().zip(r.slopes).for_each(|(g, slope)| *g += 2.0 * r.value * slope);
                    sum + r.value * r.value
                };
                residuals(&unknowns).into_iter().fold(0.0, add)
            }
            Form::Terms(terms) => {
                let mut sum = Sum { x, value: 0.0, gradient };
                terms(&mut sum);
                sum.value
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_gradient;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn gradients_are_those_of_the_values() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for member in 0..PUBLISHED {
            let instance = published(member).unwrap();
            let Function::Published(function) = &instance.function else { panic!("another function") };
            let checked = check_gradient(&instance, &instance.sample_x0(&mut rng)).unwrap();
            assert!(checked.agrees, "{}: {checked:?}", function.name());
        }
        assert!(published(PUBLISHED).is_err());
    }
}
