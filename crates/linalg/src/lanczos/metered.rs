//! An operator whose applications are counted and checked. Its sign is such that the wanted end of the spectrum is the
//! lower one, and it is scaled to about unit size.

use ndarray::{Array1, ArrayView1};

use crate::{Error, SymmetricOperator, scale};

pub(super) struct Metered<'a, T: ?Sized> {
    operator: &'a T,
    /// 1 or -1.
    sign: f64,
    /// A power of two near the largest entry of the first product. Norms are sums of squares, which would underflow for
    /// an operator near 1e-200. Unknown until a product is not zero.
    unit: Option<f64>,
    applications: usize,
    /// The largest Ritz value so far, in units of `unit`.
    norm: f64,
}

impl<'a, T: SymmetricOperator + ?Sized> Metered<'a, T> {
    pub(super) fn new(operator: &'a T, sign: f64) -> Self {
        Self { operator, sign, unit: None, applications: 0, norm: 0.0 }
    }

    pub(super) fn dim(&self) -> usize {
        self.operator.dim()
    }

    /// Returns the product with a vector of unit length, in units of `unit`.
    pub(super) fn apply(&mut self, x: ArrayView1<'_, f64>) -> Result<Array1<f64>, Error> {
        let mut y = vec![0.0; x.len()];
        match x.as_slice() {
            Some(x) => self.operator.apply(x, &mut y),
            None => self.operator.apply(&x.to_vec(), &mut y),
        }
        self.applications += 1;
        if let Some((index, &value)) = y.iter().enumerate().find(|(_, value)| !value.is_finite()) {
            return Err(Error::NonFiniteProduct { index, value });
        }
        let mut y = Array1::from(y);
        if self.unit.is_none() {
            let largest = scale::largest(&y);
            self.unit = (largest > 0.0).then(|| scale::unit(largest));
        }
        y *= self.sign / self.unit();
        Ok(y)
    }

    pub(super) fn unit(&self) -> f64 {
        self.unit.unwrap_or(1.0)
    }

    /// Returns the factor that converts values of this operator to those of the original one.
    pub(super) fn signed_unit(&self) -> f64 {
        self.sign * self.unit()
    }

    pub(super) fn applications(&self) -> usize {
        self.applications
    }

    /// Returns a lower bound of the norm in units of `unit`, which is tight when some vectors have converged.
    pub(super) fn norm(&self) -> f64 {
        self.norm
    }

    pub(super) fn has_seen(&mut self, value: f64) {
        self.norm = self.norm.max(value.abs());
    }
}
