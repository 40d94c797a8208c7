//! The unconstrained problems of Moré, Garbow & Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981)
//! 17, with the minima of that paper and of Algorithm 566. Only the residuals are coded; dual numbers give their derivatives.

use std::f64::consts::TAU;

use headstart_simd::Portable;

use super::Published;
use super::dual::{Dual, constant};

/// In the order of the paper.
pub(super) const MEMBERS: [Published; 24] = [
    classic("helical-valley", || vec![-1.0, 0.0, 0.0], &[0.0], helical_valley),
    classic("biggs-exp6", || vec![1.0, 2.0, 1.0, 1.0, 1.0, 1.0], &[0.0, 5.65565e-3], biggs_exp6),
    classic("gaussian", || vec![0.4, 1.0, 0.0], &[1.12793e-8], gaussian),
    classic("powell-badly-scaled", || vec![0.0, 1.0], &[0.0], powell_badly_scaled),
    classic("box-three-dimensional", || vec![0.0, 10.0, 20.0], &[0.0], box_three_dimensional),
    classic("variably-dimensioned-10", || count(10).map(|j| 1.0 - j / 10.0).collect(), &[0.0], variably_dimensioned),
    classic("watson-6", || vec![0.0; 6], &[2.28767e-3], watson),
    classic("watson-9", || vec![0.0; 9], &[1.39976e-6], watson),
    classic("penalty-one-4", || count(4).collect(), &[2.24997e-5], penalty_one),
    classic("penalty-one-10", || count(10).collect(), &[7.08765e-5], penalty_one),
    classic("penalty-two-4", || vec![0.5; 4], &[9.37629e-6], penalty_two),
    classic("penalty-two-10", || vec![0.5; 10], &[2.93660e-4], penalty_two),
    classic("brown-badly-scaled", || vec![1.0, 1.0], &[0.0], brown_badly_scaled),
    classic("brown-and-dennis", || vec![25.0, 5.0, -5.0, -1.0], &[85822.2], brown_and_dennis),
    classic("gulf", || vec![5.0, 2.5, 0.15], &[0.0], gulf_research_and_development),
    classic("trigonometric-10", || vec![0.1; 10], &[0.0, 2.79506e-5], trigonometric),
    classic("rosenbrock", || vec![-1.2, 1.0], &[0.0], rosenbrock),
    classic("powell-singular-8", || vec![3.0, -1.0, 0.0, 1.0, 3.0, -1.0, 0.0, 1.0], &[0.0], extended_powell_singular),
    classic("beale", || vec![1.0, 1.0], &[0.0], beale),
    classic("wood", || vec![-3.0, -1.0, -3.0, -1.0], &[0.0], wood),
    classic("chebyquad-7", || chebyshev_nodes(7), &[0.0], chebyquad),
    classic("chebyquad-8", || chebyshev_nodes(8), &[3.51687e-3], chebyquad),
    classic("chebyquad-9", || chebyshev_nodes(9), &[0.0], chebyquad),
    classic("chebyquad-10", || chebyshev_nodes(10), &[4.77271e-3, 6.50395e-3], chebyquad),
];

const fn classic(
    name: &'static str,
    x0: fn() -> Vec<f64>,
    minima: &'static [f64],
    residuals: fn(&[Dual]) -> Vec<Dual>,
) -> Published {
    Published { name, x0, minima, form: super::Form::Squares(residuals) }
}

fn count(n: usize) -> impl Iterator<Item = f64> {
    (1..=n).map(|j| j as f64)
}

fn chebyshev_nodes(n: usize) -> Vec<f64> {
    count(n).map(|j| j / (n + 1) as f64).collect()
}

fn helical_valley(x: &[Dual]) -> Vec<Dual> {
    let turn = (x[1] * x[0].recip()).portable_atan() * (1.0 / TAU) + if x[0].value < 0.0 { 0.5 } else { 0.0 };
    vec![(x[2] - turn * 10.0) * 10.0, ((x[0].square() + x[1].square()).sqrt() - 1.0) * 10.0, x[2]]
}

fn biggs_exp6(x: &[Dual]) -> Vec<Dual> {
    (1..=13)
        .map(|i| {
            let t = 0.1 * f64::from(i);
            let y = (-t).portable_exp() - 5.0 * (-10.0 * t).portable_exp() + 3.0 * (-4.0 * t).portable_exp();
            x[2] * (x[0] * -t).portable_exp() - x[3] * (x[1] * -t).portable_exp() + x[5] * (x[4] * -t).portable_exp()
                - y
        })
        .collect()
}

fn gaussian(x: &[Dual]) -> Vec<Dual> {
    let y = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989];
    (0..15)
        .map(|i| {
            let t = (7.0 - i as f64) / 2.0;
            x[0] * (x[1] * -0.5 * (-x[2] + t).square()).portable_exp() - y[i.min(14 - i)]
        })
        .collect()
}

fn powell_badly_scaled(x: &[Dual]) -> Vec<Dual> {
    vec![x[0] * x[1] * 1e4 - 1.0, (-x[0]).portable_exp() + (-x[1]).portable_exp() - 1.0001]
}

fn box_three_dimensional(x: &[Dual]) -> Vec<Dual> {
    (1..=10)
        .map(|i| {
            let t = 0.1 * f64::from(i);
            (x[0] * -t).portable_exp()
                - (x[1] * -t).portable_exp()
                - x[2] * ((-t).portable_exp() - (-10.0 * t).portable_exp())
        })
        .collect()
}

fn brown_badly_scaled(x: &[Dual]) -> Vec<Dual> {
    vec![x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0]
}

fn brown_and_dennis(x: &[Dual]) -> Vec<Dual> {
    (1..=20)
        .map(|i| {
            let t = f64::from(i) / 5.0;
            (x[0] + x[1] * t - t.portable_exp()).square() + (x[2] + x[3] * t.portable_sin() - t.portable_cos()).square()
        })
        .collect()
}

fn gulf_research_and_development(x: &[Dual]) -> Vec<Dual> {
    (1..=10)
        .map(|i| {
            let t = f64::from(i) / 100.0;
            let y = 25.0 + (-50.0 * t.portable_ln()).portable_powf(2.0 / 3.0);
            let power = ((-x[1] + y).abs().portable_ln() * x[2]).portable_exp();
            (-(power * x[0].recip())).portable_exp() - t
        })
        .collect()
}

fn trigonometric(x: &[Dual]) -> Vec<Dual> {
    let n = x.len() as f64;
    let cosines = x.iter().fold(constant(0.0), |sum, x| sum + x.portable_cos());
    x.iter().zip(1..).map(|(x, i)| -cosines + n + (-x.portable_cos() + 1.0) * f64::from(i) - x.portable_sin()).collect()
}

fn rosenbrock(x: &[Dual]) -> Vec<Dual> {
    vec![(x[1] - x[0].square()) * 10.0, -x[0] + 1.0]
}

fn extended_powell_singular(x: &[Dual]) -> Vec<Dual> {
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
}

fn beale(x: &[Dual]) -> Vec<Dual> {
    let y2 = x[1].square();
    vec![-(x[0] * (-x[1] + 1.0)) + 1.5, -(x[0] * (-y2 + 1.0)) + 2.25, -(x[0] * (-(y2 * x[1]) + 1.0)) + 2.625]
}

fn wood(x: &[Dual]) -> Vec<Dual> {
    vec![
        (x[1] - x[0].square()) * 10.0,
        -x[0] + 1.0,
        (x[3] - x[2].square()) * 90f64.sqrt(),
        -x[2] + 1.0,
        (x[1] + x[3] - 2.0) * 10f64.sqrt(),
        (x[1] - x[3]) * 10f64.sqrt().recip(),
    ]
}

fn variably_dimensioned(x: &[Dual]) -> Vec<Dual> {
    let sum = x.iter().zip(1..).fold(constant(0.0), |sum, (x, j)| sum + (*x - 1.0) * f64::from(j));
    x.iter().map(|x| *x - 1.0).chain([sum, sum.square()]).collect()
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

fn penalty_one(x: &[Dual]) -> Vec<Dual> {
    let sum = x.iter().fold(constant(-0.25), |sum, x| sum + x.square());
    x.iter().map(|x| (*x - 1.0) * 1e-5f64.sqrt()).chain([sum]).collect()
}

fn penalty_two(x: &[Dual]) -> Vec<Dual> {
    let (n, a) = (x.len(), 1e-5f64.sqrt());
    let mut residuals = vec![x[0] - 0.2];
    for i in 1..n {
        let y = ((i + 1) as f64 / 10.0).portable_exp() + (i as f64 / 10.0).portable_exp();
        residuals.push(((x[i] * 0.1).portable_exp() + (x[i - 1] * 0.1).portable_exp() - y) * a);
    }
    residuals.extend((1..n).map(|i| ((x[i] * 0.1).portable_exp() - (-0.1f64).portable_exp()) * a));
    residuals.push(x.iter().enumerate().fold(constant(-1.0), |sum, (j, x)| sum + x.square() * (n - j) as f64));
    residuals
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
