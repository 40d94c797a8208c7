//! Difference quotients: a check of the gradient, and a Hessian for a start.

use headstart_check::check;
use ndarray::Array2;

use crate::vector::all_finite;
use crate::{Error, Objective};

/// The comparison of a gradient with central difference quotients of the values.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientCheck {
    /// The entry with the largest difference, relative to what rounding and curvature explain.
    pub worst: usize,
    /// The gradient's entry there.
    pub given: f64,
    /// The difference quotient there, and its estimated error.
    pub quotient: (f64, f64),
    /// Whether all entries agree within ten times the estimated errors.
    pub agrees: bool,
    /// Evaluations spent: four per unknown, and one.
    pub evaluations: u64,
}

/// Step of a central difference quotient, for unknowns of size 1: the cube root of the rounding unit balances both errors.
pub(crate) const STEP: f64 = 6.055_454_452_393_343e-6;
/// Two entries agree if they differ by at most this many estimated errors.
const TOLERANCE: f64 = 10.0;
/// Smallest error of a quotient, relative to the entry: the quotient of a smooth function has about ten correct digits.
const RELATIVE: f64 = 1e-7;

/// Compares the gradient at `x` with central difference quotients of two step lengths; the second estimates their error.
///
/// Errors: `x` of another length, a value or gradient at `x` that is not finite.
pub fn check_gradient(objective: &impl Objective, x: &[f64]) -> Result<GradientCheck, Error> {
    let n = objective.dim();
    let mut gradient = vec![0.0; n];
    let value = evaluate(objective, x, &mut gradient)?;
    let mut unused = vec![0.0; n];
    let mut found = GradientCheck { worst: 0, given: 0.0, quotient: (0.0, 0.0), agrees: true, evaluations: 1 };
    let mut most = -1.0;
    for i in 0..n {
        let step = STEP * x[i].abs().max(1.0);
        let mut quotient = |step: f64| {
            let mut at = |sign: f64| {
                let mut moved = x.to_vec();
                moved[i] += sign * step;
                objective.value_gradient(&moved, &mut unused)
            };
            (at(1.0) - at(-1.0)) / (2.0 * step)
        };
        let (fine, coarse) = (quotient(step), quotient(2.0 * step));
        found.evaluations += 4;
        let rounding = f64::EPSILON * value.abs() / step;
        let error = (fine - coarse).abs() + rounding + RELATIVE * fine.abs().max(gradient[i].abs());
        let ratio = (fine - gradient[i]).abs() / error;
        // A quotient that is not finite lies at the edge of the domain and says nothing.
        if ratio > most {
            most = ratio;
            found = GradientCheck { worst: i, given: gradient[i], quotient: (fine, error), ..found };
        }
    }
    // Without a finite quotient nothing was compared.
    found.agrees = (0.0..=TOLERANCE).contains(&most);
    Ok(found)
}

/// Returns the Hessian at `x` by forward differences of gradients, symmetrised, shape (n, n), and the evaluations spent,
/// n + 1.
///
/// Errors: `x` of another length, a value or gradient that is not finite.
pub fn hessian_by_differences(objective: &impl Objective, x: &[f64]) -> Result<(Array2<f64>, u64), Error> {
    let n = objective.dim();
    let (mut gradient, mut moved_gradient) = (vec![0.0; n], vec![0.0; n]);
    evaluate(objective, x, &mut gradient)?;
    let mut hessian = Array2::zeros((n, n));
    for i in 0..n {
        let step = f64::EPSILON.sqrt() * x[i].abs().max(1.0);
        let mut moved = x.to_vec();
        moved[i] += step;
        check(moved[i].is_finite(), "the step of the differences", step, "finite: scale the unknowns")?;
        evaluate(objective, &moved, &mut moved_gradient)?;
        for j in 0..n {
            let half = 0.5 * (moved_gradient[j] - gradient[j]) / (moved[i] - x[i]);
            hessian[[i, j]] += half;
            hessian[[j, i]] += half;
        }
    }
    Ok((hessian, n as u64 + 1))
}

fn evaluate(objective: &impl Objective, x: &[f64], gradient: &mut [f64]) -> Result<f64, Error> {
    if x.len() != objective.dim() {
        return Err(Error::Dimension { what: "the point", given: x.len(), expected: objective.dim() });
    }
    let value = objective.value_gradient(x, gradient);
    if value.is_finite() && all_finite(gradient) {
        return Ok(value);
    }
    Err(Error::NonFiniteStart { value, at: crate::Point(x.to_vec()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::rosenbrock;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    struct Wrong<O>(O, usize, f64);

    impl<O: Objective> Objective for Wrong<O> {
        fn dim(&self) -> usize {
            self.0.dim()
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            let value = self.0.value_gradient(x, gradient);
            gradient[self.1] *= self.2;
            value
        }
    }

    #[test]
    fn a_wrong_entry_is_found() {
        let valley = rosenbrock(6, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let x: Vec<f64> = (0..6).map(|i| 0.3 + 0.1 * f64::from(i)).collect();
        let right = check_gradient(&valley, &x).unwrap();
        assert!(right.agrees && right.evaluations == 25, "{right:?}");
        for (entry, factor) in [(0, -1.0), (3, 1.001), (5, 0.0)] {
            let found = check_gradient(&Wrong(&valley, entry, factor), &x).unwrap();
            assert!(!found.agrees && found.worst == entry, "{found:?}");
        }
        assert!(check_gradient(&valley, &[1.0]).is_err());
        assert!(check_gradient(&valley, &[f64::NAN; 6]).is_err());
    }

    #[test]
    fn the_hessian_is_that_of_the_function() {
        let valley = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
        let (found, evaluations) = hessian_by_differences(&valley, &valley.x0).unwrap();
        let exact = valley.hessian(&valley.x0).unwrap();
        let size = exact.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        assert!((found - exact).iter().all(|x| x.abs() < 1e-5 * size));
        assert_eq!(evaluations, 5);
    }
}
