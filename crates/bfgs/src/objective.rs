//! The function to minimise.

/// A smooth function of `dim` unknowns.
///
/// One call of [`value_gradient`](Objective::value_gradient) is one evaluation, the unit in which a run counts its
/// work.
pub trait Objective {
    /// Returns the number of unknowns.
    fn dim(&self) -> usize;

    /// Returns the value at `x` and writes the gradient to `gradient`. Both slices hold [`dim`](Objective::dim)
    /// numbers.
    ///
    /// Return NaN or infinity where the function is not defined: the line search then shortens its step.
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
