//! Forward differentiation by dual numbers.

use std::ops::{Add, Mul, Neg, Sub};

use headstart_simd::Portable;

/// Largest number of unknowns of one term.
const MOST: usize = 12;

/// A number with its derivatives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dual {
    pub(super) value: f64,
    pub(super) slopes: [f64; MOST],
}

impl Dual {
    pub(super) fn chain(self, value: f64, slope: f64) -> Self {
        Self { value, slopes: self.slopes.map(|d| slope * d) }
    }
    pub(super) fn portable_exp(self) -> Self {
        self.chain(self.value.portable_exp(), self.value.portable_exp())
    }
    pub(super) fn portable_sin(self) -> Self {
        self.chain(self.value.portable_sin(), self.value.portable_cos())
    }
    pub(super) fn portable_cos(self) -> Self {
        self.chain(self.value.portable_cos(), -self.value.portable_sin())
    }
    pub(super) fn portable_atan(self) -> Self {
        self.chain(self.value.portable_atan(), 1.0 / (1.0 + self.value * self.value))
    }
    pub(super) fn portable_ln(self) -> Self {
        self.chain(self.value.portable_ln(), 1.0 / self.value)
    }
    pub(super) fn abs(self) -> Self {
        self.chain(self.value.abs(), self.value.signum())
    }
    pub(super) fn sqrt(self) -> Self {
        self.chain(self.value.sqrt(), 0.5 / self.value.sqrt())
    }
    pub(super) fn recip(self) -> Self {
        self.chain(1.0 / self.value, -1.0 / (self.value * self.value))
    }
    pub(super) fn square(self) -> Self {
        self * self
    }
}

impl From<f64> for Dual {
    fn from(value: f64) -> Self {
        Self { value, slopes: [0.0; MOST] }
    }
}
impl<T: Into<Dual>> Add<T> for Dual {
    type Output = Self;
    fn add(self, other: T) -> Self {
        let other = other.into();
        Self { value: self.value + other.value, slopes: std::array::from_fn(|i| self.slopes[i] + other.slopes[i]) }
    }
}
impl<T: Into<Dual>> Sub<T> for Dual {
    type Output = Self;
    fn sub(self, other: T) -> Self {
        self + -other.into()
    }
}
impl<T: Into<Dual>> Mul<T> for Dual {
    type Output = Self;
    fn mul(self, other: T) -> Self {
        let other = other.into();
        let (left, right) = (self.chain(0.0, other.value), other.chain(0.0, self.value));
        Self { value: self.value * other.value, ..left + right }
    }
}
impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        self.chain(-self.value, -1.0)
    }
}

/// A number that depends on no unknown.
pub(super) fn constant(value: f64) -> Dual {
    value.into()
}

/// The unknown with this index.
pub(super) fn unknown(index: usize, value: f64) -> Dual {
    let mut slopes = [0.0; MOST];
    slopes[index] = 1.0;
    Dual { value, slopes }
}
