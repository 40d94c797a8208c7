//! What is minimised.

/// A smooth function of `dim` unknowns.
///
/// One call of [`value_gradient`](Objective::value_gradient) is one unit of work, the only one that a run counts.
pub trait Objective {
    /// Number of unknowns.
    fn dim(&self) -> usize;

    /// The value at `x`, and its gradient written to `gradient`; both slices hold [`dim`](Objective::dim) numbers.
    ///
    /// Where the function is not defined, answer NaN or infinity: the line search then backs off.
    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64;
}

impl<T: Objective + ?Sized> Objective for &T {
    fn dim(&self) -> usize {
        (**self).dim()
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        (**self).value_gradient(x, gradient)
    }
}
