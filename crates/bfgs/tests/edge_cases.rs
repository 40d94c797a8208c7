//! Runs at the edges: walls, unbounded functions, huge steps, wrong gradients. A run that has a finite point always returns it.

use std::ops::ControlFlow;

use headstart_bfgs::line_search::LineSearchOptions;
use headstart_bfgs::{
    Error, InitialInverseHessian, LowRank, Objective, Options, Progress, Solution, Start, Status, lbfgs, minimize,
    start,
};

struct Function<F>(usize, F);

impl<F: Fn(&[f64], &mut [f64]) -> f64> Objective for Function<F> {
    fn dim(&self) -> usize {
        self.0
    }
    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        (self.1)(x, gradient)
    }
}

fn silent(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn scaled(gamma: f64) -> Start {
    InitialInverseHessian::Scaled(gamma).into()
}

/// The runs by both methods from both customary starts.
fn runs(objective: &impl Objective, x0: &[f64], options: &Options) -> Vec<Solution<InitialInverseHessian>> {
    [scaled(1.0), start::identity().0, start::nocedal_wright().0]
        .iter()
        .flat_map(|start| {
            let full = minimize(objective, x0, start, options, &mut silent).unwrap();
            let limited = lbfgs::minimize(objective, x0, start, 10, options, &mut silent).unwrap();
            [full.map(InitialInverseHessian::Dense), limited]
        })
        .collect()
}

fn rosenbrock(x: &[f64], gradient: &mut [f64]) -> f64 {
    let gap = x[1] - x[0] * x[0];
    gradient.copy_from_slice(&[-400.0 * gap * x[0] - 2.0 * (1.0 - x[0]), 200.0 * gap]);
    100.0 * gap * gap + (1.0 - x[0]).powi(2)
}

/// From far away, rounding ends the first descent in the valley; H0 and the gradient lead on.
#[test]
fn a_stalled_run_goes_on_from_h0_and_from_the_gradient() {
    let (valley, x0, start) = (Function(2, rosenbrock), [-1e6, 1e6], start::nocedal_wright().0);
    let full = minimize(&valley, &x0, &start, &Options::default(), &mut silent).unwrap();
    let limited = lbfgs::minimize(&valley, &x0, &start, 10, &Options::default(), &mut silent).unwrap();
    for end in [full.map(InitialInverseHessian::Dense), limited] {
        assert_eq!(end.status, Status::GradientTolerance, "{} after {}", end.value, end.evaluations);
        assert!(end.value < 1e-10, "{}", end.value);
    }
}

/// The minimum of x + y² in the half-plane x >= 1 is (1, 0), on the edge.
#[test]
fn a_wall_keeps_the_best_point() {
    let wall = Function(2, |x: &[f64], gradient: &mut [f64]| {
        gradient.copy_from_slice(&[1.0, 2.0 * x[1]]);
        if x[0] >= 1.0 { x[0] + x[1] * x[1] } else { f64::NAN }
    });
    for end in runs(&wall, &[5.0, 3.0], &Options::default()) {
        assert!(matches!(end.status, Status::NonFinite | Status::Stalled), "{:?}", end.status);
        assert!(end.x[0] >= 1.0 && end.x[0] < 1.0 + 1e-6 && end.value < 6.0, "{:?} {}", end.x, end.value);
    }
}

/// The first step overshoots to the plateau of value 1.
#[test]
fn a_lower_point_is_never_lost() {
    let function = Function(1, |x: &[f64], gradient: &mut [f64]| {
        let e = x[0].exp();
        gradient[0] = 2.0 * (e - 1.0) * e;
        (e - 1.0).powi(2)
    });
    for x0 in [20.0, 50.0, 100.0, 300.0] {
        for end in runs(&function, &[x0], &Options::default()) {
            assert!(end.value <= 1.0, "from {x0}: {} {:?}", end.value, end.status);
        }
    }
}

#[test]
fn the_end_is_the_lowest_point_seen_unless_it_has_converged() {
    for max_evaluations in 1..60 {
        let options = Options { max_evaluations, ..Options::default() };
        for start in [scaled(1.0), scaled(1e-3), start::nocedal_wright().0] {
            let mut least = f64::INFINITY;
            let mut observe = |progress: &Progress<'_>| {
                least = least.min(progress.value);
                ControlFlow::Continue(())
            };
            let end = minimize(&Function(2, rosenbrock), &[-1.2, 1.0], &start, &options, &mut observe).unwrap();
            assert!(end.status.is_converged() || end.value == least, "{} > {least} of {max_evaluations}", end.value);
        }
    }
}

#[test]
fn unbounded_functions_are_named() {
    let linear = Function(2, |x: &[f64], gradient: &mut [f64]| {
        gradient.copy_from_slice(&[-1.0, 2.0]);
        -x[0] + 2.0 * x[1]
    });
    let saddle = Function(2, |x: &[f64], gradient: &mut [f64]| {
        gradient.copy_from_slice(&[-2.0 * x[0], 2.0 * x[1]]);
        x[1] * x[1] - x[0] * x[0]
    });
    let exponential = Function(1, |x: &[f64], gradient: &mut [f64]| {
        gradient[0] = -x[0].exp();
        gradient[0]
    });
    let cubic = Function(1, |x: &[f64], gradient: &mut [f64]| {
        gradient[0] = 3.0 * x[0] * x[0];
        x[0].powi(3)
    });
    for target in [None, Some(-1e9)] {
        let options = Options { target, ..Options::default() };
        let expected = |end: &Solution<InitialInverseHessian>| match target {
            None => end.status == Status::Unbounded,
            // A finite point may reach the target before.
            Some(target) => end.status == Status::Unbounded || end.value <= target && end.value.is_finite(),
        };
        for end in runs(&linear, &[1.0, 1.0], &options)
            .iter()
            .chain(&runs(&saddle, &[1.0, 1.0], &options))
            .chain(&runs(&exponential, &[1.0], &options))
            .chain(&runs(&cubic, &[-1.0], &options))
        {
            assert!(
                expected(end),
                "{target:?}: {:?} at {} {:?} after {}",
                end.status,
                end.value,
                end.x,
                end.evaluations
            );
            assert!(end.value.is_finite() && end.x.iter().all(|x| x.is_finite()));
        }
    }
}

/// The search falls to minus infinity after lower and lower finite values.
#[test]
fn an_unbounded_run_keeps_its_lowest_point() {
    let cliff = Function(1, |x: &[f64], gradient: &mut [f64]| {
        gradient[0] = -1.0;
        if x[0] < 100.0 { -x[0] } else { f64::NEG_INFINITY }
    });
    for end in runs(&cliff, &[0.0], &Options::default()) {
        assert!(end.status == Status::Unbounded && end.value < 0.0 && end.value.is_finite(), "{}", end.value);
    }
}

/// An exact gradient is not called wrong because the unknowns have very different sizes.
#[test]
fn badly_scaled_unknowns_are_no_wrong_gradient() {
    let decay = Function(2, |x: &[f64], gradient: &mut [f64]| {
        gradient.fill(0.0);
        (0..20).map(f64::from).fold(0.0, |value, t| {
            let e = (-x[1] * t).exp();
            let gap = x[0] * e - 1e6 * (-0.7 * t).exp();
            gradient[0] += 2.0 * gap * e;
            gradient[1] -= 2.0 * gap * x[0] * t * e;
            value + gap * gap
        })
    });
    let tiny = Function(1, |x: &[f64], gradient: &mut [f64]| {
        let u = x[0] / 1e-10;
        gradient[0] = (u / (1.0 + u * u).sqrt() - 0.5) / 1e-10;
        (1.0 + u * u).sqrt() - 0.5 * u
    });
    let options = Options { gradient_tolerance: 0.0, max_evaluations: 5000, ..Options::default() };
    for end in runs(&decay, &[9e5, 0.5], &options).iter().chain(&runs(&tiny, &[3e-10], &options)) {
        assert!(!end.gradient_mismatch && end.status != Status::GradientMismatch, "{:?} at {:?}", end.status, end.x);
    }
}

#[test]
fn a_target_must_be_a_number() {
    let options = Options { target: Some(f64::NAN), ..Options::default() };
    let error = minimize(&Function(2, rosenbrock), &[0.0, 0.0], &scaled(1.0), &options, &mut silent).unwrap_err();
    assert!(matches!(error, Error::OutOfRange(_)) && error.to_string().contains("target"), "{error}");
}

#[test]
fn a_wrong_gradient_is_named_and_a_right_one_is_not() {
    for (entry, factor) in [(0, -1.0), (1, -1.0), (0, 0.3)] {
        let wrong = Function(2, |x: &[f64], gradient: &mut [f64]| {
            let value = rosenbrock(x, gradient);
            gradient[entry] *= factor;
            value
        });
        for end in runs(&wrong, &[-1.2, 1.0], &Options::default()) {
            // A part of the right gradient leads downwards for long, and vanishes where the right one does.
            let goes_on = factor > 0.0 && (end.status.is_converged() || end.status == Status::MaxEvaluations);
            assert!(goes_on || end.status == Status::GradientMismatch, "{:?}", end.status);
            assert!(end.gradient_mismatch || end.status.is_converged(), "{:?} {}", end.status, end.value);
        }
    }
    // A tolerance below rounding ends every run as stalled.
    let options = Options { gradient_tolerance: 0.0, ..Options::default() };
    for offset in [0.0, 1.0, 1e6] {
        let shifted = Function(2, |x: &[f64], gradient: &mut [f64]| rosenbrock(x, gradient) + offset);
        for end in runs(&shifted, &[-1.2, 1.0], &options) {
            assert!(matches!(end.status, Status::Stalled | Status::GradientTolerance), "{:?}", end.status);
            assert!(!end.gradient_mismatch);
        }
    }
}

#[test]
fn a_small_change_of_the_value_ends_a_run() {
    let options = Options { gradient_tolerance: 0.0, value_tolerance: 1e-6, ..Options::default() };
    for end in runs(&Function(2, rosenbrock), &[-1.2, 1.0], &options) {
        assert!(end.status == Status::ValueTolerance && end.value < 1e-3, "{:?} {}", end.status, end.value);
    }
    let options = Options { value_tolerance: -1.0, ..Options::default() };
    assert!(minimize(&Function(2, rosenbrock), &[0.0, 0.0], &scaled(1.0), &options, &mut silent).is_err());
}

/// Along a sequence, the archive of L-BFGS keeps the size of its memory.
#[test]
fn an_archive_does_not_grow() {
    let mut h0: Start = start::nocedal_wright().0;
    for problem in 0..40 {
        let curvature = move |i: usize| (1.0 + 0.01 * f64::from(problem)) * (1.0 + i as f64).powi(2);
        let bowl = Function(30, move |x: &[f64], gradient: &mut [f64]| {
            gradient.iter_mut().zip(x).enumerate().for_each(|(i, (g, x))| *g = curvature(i) * (x - 1.0));
            x.iter().enumerate().map(|(i, x)| 0.5 * curvature(i) * (x - 1.0).powi(2)).sum()
        });
        let end = lbfgs::minimize(&bowl, &[0.0; 30], &h0, 10, &Options::default(), &mut silent).unwrap();
        assert_eq!(end.status, Status::GradientTolerance);
        let InitialInverseHessian::LowRank(LowRank { pairs, .. }) = &end.inverse_hessian else { panic!("low rank") };
        assert!(pairs.len() <= 10, "{} pairs after {problem} problems", pairs.len());
        h0 = end.inverse_hessian.into();
    }
}

#[test]
fn options_are_written_with_the_rest_by_default() {
    let line_search = LineSearchOptions { c2: 0.1, ..LineSearchOptions::default() };
    let options = Options { gradient_tolerance: 1e-9, line_search, ..Options::default() };
    let end = minimize(&Function(2, rosenbrock), &[-1.2, 1.0], &scaled(1.0), &options, &mut silent).unwrap();
    assert!(end.gradient_norm <= 1e-9);
}
