//! The 18 unconstrained problems of Moré, Garbow & Hillstrom, "Testing unconstrained optimization software", ACM TOMS
//! 7 (1981) 17, with the minima of that paper and of Algorithm 566.
//!
//! Only the residuals are coded; dual numbers give their derivatives.

use std::f64::consts::TAU;
use std::ops::{Add, ControlFlow, Mul, Neg, Sub};

use headstart_bfgs::{Objective, Options, Solution, minimize, start};

/// Maximum number of unknowns of these problems.
const MOST: usize = 12;

/// A number with its derivatives.
#[derive(Clone, Copy)]
struct Dual {
    value: f64,
    slopes: [f64; MOST],
}

impl Dual {
    fn chain(self, value: f64, slope: f64) -> Self {
        Self { value, slopes: self.slopes.map(|d| slope * d) }
    }
    fn exp(self) -> Self {
        self.chain(self.value.exp(), self.value.exp())
    }
    fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }
    fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }
    fn atan(self) -> Self {
        self.chain(self.value.atan(), 1.0 / (1.0 + self.value * self.value))
    }
    fn ln(self) -> Self {
        self.chain(self.value.ln(), 1.0 / self.value)
    }
    fn abs(self) -> Self {
        self.chain(self.value.abs(), self.value.signum())
    }
    fn sqrt(self) -> Self {
        self.chain(self.value.sqrt(), 0.5 / self.value.sqrt())
    }
    fn recip(self) -> Self {
        self.chain(1.0 / self.value, -1.0 / (self.value * self.value))
    }
    fn square(self) -> Self {
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

/// A sum of squares.
struct SumOfSquares {
    n: usize,
    residuals: fn(&[Dual]) -> Vec<Dual>,
}

impl Objective for SumOfSquares {
    fn dim(&self) -> usize {
        self.n
    }
    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let unknowns: Vec<Dual> = x
            .iter()
            .enumerate()
            .map(|(i, value)| Dual { value: *value, slopes: std::array::from_fn(|j| f64::from(i == j)) })
            .collect();
        gradient.fill(0.0);
        let mut sum = 0.0;
        for r in (self.residuals)(&unknowns) {
            sum += r.value * r.value;
            gradient.iter_mut().zip(r.slopes).for_each(|(g, d)| *g += 2.0 * r.value * d);
        }
        sum
    }
}

fn solve(x0: &[f64], residuals: fn(&[Dual]) -> Vec<Dual>) -> Solution {
    let objective = SumOfSquares { n: x0.len(), residuals };
    let options = Options { gradient_tolerance: 1e-9, max_evaluations: 5000, ..Options::default() };
    minimize(&objective, x0, &start::nocedal_wright().0, &options, &mut |_| ControlFlow::Continue(())).unwrap()
}

/// Checks that the final value is one of the published minima: to five digits, or below 1e-9 if the minimum is zero.
#[track_caller]
fn reaches(x0: &[f64], minima: &[f64], residuals: fn(&[Dual]) -> Vec<Dual>) {
    let end = solve(x0, residuals);
    let near = |minimum: f64| (end.value - minimum).abs() <= 1e-5 * minimum + 1e-9 * f64::from(minimum == 0.0);
    assert!(
        minima.iter().any(|minimum| near(*minimum)),
        "{:e} after {} ({:?})",
        end.value,
        end.evaluations,
        end.status
    );
}

fn constant(value: f64) -> Dual {
    value.into()
}

#[test]
fn helical_valley() {
    reaches(&[-1.0, 0.0, 0.0], &[0.0], |x| {
        let turn = (x[1] * x[0].recip()).atan() * (1.0 / TAU) + if x[0].value < 0.0 { 0.5 } else { 0.0 };
        vec![(x[2] - turn * 10.0) * 10.0, ((x[0].square() + x[1].square()).sqrt() - 1.0) * 10.0, x[2]]
    });
}

#[test]
fn biggs_exp6() {
    reaches(&[1.0, 2.0, 1.0, 1.0, 1.0, 1.0], &[5.65565e-3, 0.0], |x| {
        (1..=13)
            .map(|i| {
                let t = 0.1 * f64::from(i);
                let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
                x[2] * (x[0] * -t).exp() - x[3] * (x[1] * -t).exp() + x[5] * (x[4] * -t).exp() - y
            })
            .collect()
    });
}

#[test]
fn gaussian() {
    reaches(&[0.4, 1.0, 0.0], &[1.12793e-8], |x| {
        let y = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989];
        (0..15)
            .map(|i| {
                let t = (7.0 - i as f64) / 2.0;
                x[0] * (x[1] * -0.5 * (-x[2] + t).square()).exp() - y[i.min(14 - i)]
            })
            .collect()
    });
}

#[test]
fn powell_badly_scaled() {
    reaches(&[0.0, 1.0], &[0.0], |x| vec![x[0] * x[1] * 1e4 - 1.0, (-x[0]).exp() + (-x[1]).exp() - 1.0001]);
}

#[test]
fn box_three_dimensional() {
    reaches(&[0.0, 10.0, 20.0], &[0.0], |x| {
        (1..=10)
            .map(|i| {
                let t = 0.1 * f64::from(i);
                (x[0] * -t).exp() - (x[1] * -t).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp())
            })
            .collect()
    });
}

#[test]
fn variably_dimensioned() {
    let x0: Vec<f64> = (1..=10).map(|j| 1.0 - f64::from(j) / 10.0).collect();
    reaches(&x0, &[0.0], |x| {
        let sum = x.iter().zip(1..).fold(constant(0.0), |sum, (x, j)| sum + (*x - 1.0) * f64::from(j));
        x.iter().map(|x| *x - 1.0).chain([sum, sum.square()]).collect()
    });
}

fn watson(x: &[Dual]) -> Vec<Dual> {
    let mut residuals: Vec<Dual> = (1..=29)
        .map(|i| {
            let t = f64::from(i) / 29.0;
            let (mut slope, mut value) = (constant(0.0), constant(0.0));
            for (j, x) in (0i32..).zip(x) {
                value = value + *x * t.powi(j);
                if j > 0 {
                    slope = slope + *x * (f64::from(j) * t.powi(j - 1));
                }
            }
            slope - value.square() - 1.0
        })
        .collect();
    residuals.extend([x[0], x[1] - x[0].square() - 1.0]);
    residuals
}

#[test]
fn watson_of_6_and_9() {
    reaches(&[0.0; 6], &[2.28767e-3], watson);
    reaches(&[0.0; 9], &[1.39976e-6], watson);
}

fn penalty_one(x: &[Dual]) -> Vec<Dual> {
    let sum = x.iter().fold(constant(-0.25), |sum, x| sum + x.square());
    x.iter().map(|x| (*x - 1.0) * 1e-5f64.sqrt()).chain([sum]).collect()
}

#[test]
fn penalty_one_of_4_and_10() {
    let x0: Vec<f64> = (1..=10).map(f64::from).collect();
    reaches(&x0[..4], &[2.24997e-5], penalty_one);
    reaches(&x0, &[7.08765e-5], penalty_one);
}

fn penalty_two(x: &[Dual]) -> Vec<Dual> {
    let (n, a) = (x.len(), 1e-5f64.sqrt());
    let mut residuals = vec![x[0] - 0.2];
    for i in 1..n {
        let y = ((i + 1) as f64 / 10.0).exp() + (i as f64 / 10.0).exp();
        residuals.push(((x[i] * 0.1).exp() + (x[i - 1] * 0.1).exp() - y) * a);
    }
    residuals.extend((1..n).map(|i| ((x[i] * 0.1).exp() - (-0.1f64).exp()) * a));
    residuals.push(x.iter().enumerate().fold(constant(-1.0), |sum, (j, x)| sum + x.square() * (n - j) as f64));
    residuals
}

#[test]
fn penalty_two_of_4_and_10() {
    reaches(&[0.5; 4], &[9.37629e-6], penalty_two);
    reaches(&[0.5; 10], &[2.93660e-4], penalty_two);
}

#[test]
fn brown_badly_scaled() {
    reaches(&[1.0, 1.0], &[0.0], |x| vec![x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0]);
}

#[test]
fn brown_and_dennis() {
    reaches(&[25.0, 5.0, -5.0, -1.0], &[85822.2], |x| {
        (1..=20)
            .map(|i| {
                let t = f64::from(i) / 5.0;
                (x[0] + x[1] * t - t.exp()).square() + (x[2] + x[3] * t.sin() - t.cos()).square()
            })
            .collect()
    });
}

#[test]
fn gulf_research_and_development() {
    reaches(&[5.0, 2.5, 0.15], &[0.0], |x| {
        (1..=10)
            .map(|i| {
                let t = f64::from(i) / 100.0;
                let y = 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0);
                let power = ((-x[1] + y).abs().ln() * x[2]).exp();
                (-(power * x[0].recip())).exp() - t
            })
            .collect()
    });
}

#[test]
fn trigonometric() {
    reaches(&[0.1; 10], &[0.0, 2.79506e-5], |x| {
        let n = x.len() as f64;
        let cosines = x.iter().fold(constant(0.0), |sum, x| sum + x.cos());
        x.iter().zip(1..).map(|(x, i)| -cosines + n + (-x.cos() + 1.0) * f64::from(i) - x.sin()).collect()
    });
}

#[test]
fn rosenbrock() {
    reaches(&[-1.2, 1.0], &[0.0], |x| vec![(x[1] - x[0].square()) * 10.0, -x[0] + 1.0]);
}

#[test]
fn extended_powell_singular() {
    reaches(&[3.0, -1.0, 0.0, 1.0, 3.0, -1.0, 0.0, 1.0], &[0.0], |x| {
        x.chunks(4)
            .flat_map(|x| {
                [
                    x[0] + x[1] * 10.0,
                    (x[2] - x[3]) * 5f64.sqrt(),
                    (x[1] - x[2] * 2.0).square(),
                    (x[0] - x[3]).square() * 10f64.sqrt(),
                ]
            })
            .collect()
    });
}

#[test]
fn beale() {
    reaches(&[1.0, 1.0], &[0.0], |x| {
        let y2 = x[1].square();
        vec![-(x[0] * (-x[1] + 1.0)) + 1.5, -(x[0] * (-y2 + 1.0)) + 2.25, -(x[0] * (-(y2 * x[1]) + 1.0)) + 2.625]
    });
}

#[test]
fn wood() {
    reaches(&[-3.0, -1.0, -3.0, -1.0], &[0.0], |x| {
        vec![
            (x[1] - x[0].square()) * 10.0,
            -x[0] + 1.0,
            (x[3] - x[2].square()) * 90f64.sqrt(),
            -x[2] + 1.0,
            (x[1] + x[3] - 2.0) * 10f64.sqrt(),
            (x[1] - x[3]) * 10f64.sqrt().recip(),
        ]
    });
}

fn chebyquad(x: &[Dual]) -> Vec<Dual> {
    let n = x.len();
    let mut sums = vec![constant(0.0); n];
    for x in x {
        // Chebyshev polynomials shifted to [0, 1].
        let t = *x * 2.0 - 1.0;
        let (mut before, mut now) = (constant(1.0), t);
        for sum in &mut sums {
            *sum = *sum + now;
            (before, now) = (now, t * 2.0 * now - before);
        }
    }
    let integral = |i: usize| if i.is_multiple_of(2) { -1.0 / ((i * i) as f64 - 1.0) } else { 0.0 };
    sums.into_iter().zip(1..).map(|(sum, i)| sum * (1.0 / n as f64) - integral(i)).collect()
}

#[test]
fn chebyquad_of_7_to_10() {
    for (n, minimum) in [(7usize, 0.0), (8, 3.51687e-3), (9, 0.0), (10, 6.50395e-3)] {
        let x0: Vec<f64> = (1..=n).map(|j| j as f64 / (n + 1) as f64).collect();
        // For n = 10 this is the local minimum that the paper gives for this x0.
        reaches(&x0, &[minimum], chebyquad);
    }
}
