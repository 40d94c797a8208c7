//! Sequences of related argmin problems.

use argmin::core::{CostFunction, Error, Gradient, Problem};
use headstart_bfgs::recycle::Recycler;
pub use headstart_bfgs::recycle::{Keep, Position, RecycleOptions, Recycled};

use crate::bridge::Bridge;
use crate::error::{invalid, of_run};
use crate::parameters::Parameters;

/// Minimises a sequence of related problems: the steps of a regularisation path, the folds of a cross-validation, the time steps
/// of a controller. The first run begins at `x0`; each later one begins at the end of the last, with its curvature
/// ([`RecycleOptions`]).
///
/// Errors: no problem, options out of range, an x0 where a cost is not finite, an error of the problem.
///
/// ```
/// use argmin::core::{CostFunction, Error, Gradient};
/// use headstart_bfgs_argmin::{RecycleOptions, recycle};
///
/// struct Ridge(f64); // |x - 1|^2 / 2 + strength sum i^2 x_i^2
/// impl CostFunction for Ridge {
///     type Param = Vec<f64>;
///     type Output = f64;
///     fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
///         Ok(x.iter().enumerate().map(|(i, x)| 0.5 * (x - 1.0).powi(2) + self.0 * (i * i) as f64 * x * x).sum())
///     }
/// }
/// impl Gradient for Ridge {
///     type Param = Vec<f64>;
///     type Gradient = Vec<f64>;
///     fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
///         Ok(x.iter().enumerate().map(|(i, x)| x - 1.0 + 2.0 * self.0 * (i * i) as f64 * x).collect())
///     }
/// }
///
/// let path = (0..10).map(|k| Ridge(0.7_f64.powi(k)));
/// let found = recycle(path, &vec![0.0; 20], &RecycleOptions::default())?;
/// assert!(found.saved() > 0 && found.solutions.iter().all(|end| end.gradient_norm <= 1e-6));
/// # Ok::<(), Error>(())
/// ```
pub fn recycle<O, P>(problems: impl IntoIterator<Item = O>, x0: &P, options: &RecycleOptions) -> Result<Recycled, Error>
where
    O: CostFunction<Param = P, Output = f64> + Gradient<Param = P, Gradient = P>,
    P: Parameters,
{
    let x0 = x0.entries();
    let mut recycler = Recycler::new(options.clone()).map_err(of_run)?;
    let mut solutions = Vec::new();
    for problem in problems {
        let mut problem = Problem::new(problem);
        let bridge = Bridge::new(&mut problem, x0.len());
        let end = recycler.minimize(&bridge, &x0, &mut |progress| bridge.observe(progress)).cloned();
        solutions.push(bridge.outcome(end)?);
    }
    if solutions.is_empty() {
        return Err(invalid("the sequence holds no problem; give at least one"));
    }
    Ok(recycler.finish(solutions))
}
