//! An operator that is counted, checked, turned so that the wanted end is the lower one, and brought near unit size.

use ndarray::{Array1, ArrayView1};

use crate::{Error, SymmetricOperator, scale};

pub(super) struct Metered<'a, T: ?Sized> {
    operator: &'a T,
    /// 1 or -1.
    sign: f64,
    /// A power of two near the first product's largest entry: norms are sums of squares, which leave the range of
    /// doubles for an operator near 1e-200. Unknown until a product is not zero.
    unit: Option<f64>,
    applications: usize,
    /// The largest Ritz value seen, in units of `unit`.
    norm: f64,
}

impl<'a, T: SymmetricOperator + ?Sized> Metered<'a, T> {
    pub(super) fn new(operator: &'a T, sign: f64) -> Self {
        Self { operator, sign, unit: None, applications: 0, norm: 0.0 }
    }

    pub(super) fn dim(&self) -> usize {
        self.operator.dim()
    }

    /// The product with a contiguous vector of unit length, in units of `unit`.
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

    /// What a value of the scaled and turned operator is multiplied with.
    pub(super) fn signed_unit(&self) -> f64 {
        self.sign * self.unit()
    }

    pub(super) fn applications(&self) -> usize {
        self.applications
    }

    /// A lower bound of the norm, in units of `unit`, close once some vectors have converged.
    pub(super) fn norm(&self) -> f64 {
        self.norm
    }

    pub(super) fn has_seen(&mut self, value: f64) {
        self.norm = self.norm.max(value.abs());
    }
}
