//! BFGS against theory and best known minima, and on inputs that once broke a solver.

use std::cell::Cell;
use std::ops::ControlFlow;

use headstart_bfgs::line_search::LineSearchOptions;
use headstart_bfgs::problem::{lennard_jones, quadratic, rosenbrock};
use headstart_bfgs::{
    Error, InitialInverseHessian, Objective, Options, OutOfRange, Progress, Solution, Start, Status, minimize, start,
};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn silent(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn run(objective: &impl Objective, x0: &[f64], start: &Start, options: &Options) -> Solution {
    minimize(objective, x0, start, options, &mut silent).unwrap()
}

fn scaled(gamma: f64) -> Start {
    InitialInverseHessian::Scaled(gamma).into()
}

fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

/// f after a linear change of unknowns (x = L z), with its values multiplied by `units`.
struct Transformed<F> {
    f: F,
    l: Array2<f64>,
    units: f64,
}

impl<F: Objective> Objective for Transformed<F> {
    fn dim(&self) -> usize {
        self.f.dim()
    }
    fn value_gradient(&self, z: &[f64], gradient: &mut [f64]) -> f64 {
        let x = self.l.dot(&Array1::from(z.to_vec()));
        let mut by_x = vec![0.0; z.len()];
        let value = self.f.value_gradient(&x.to_vec(), &mut by_x);
        let by_z = self.l.t().dot(&Array1::from(by_x)) * self.units;
        gradient.copy_from_slice(&by_z.to_vec());
        self.units * value
    }
}

/// The first `count` iterates of a run.
fn iterates(objective: &impl Objective, x0: &[f64], start: &Start, count: usize) -> Vec<Vec<f64>> {
    let mut seen = Vec::new();
    minimize(objective, x0, start, &Options::default(), &mut |progress: &Progress<'_>| {
        if progress.accepted {
            seen.push(progress.x.to_vec());
        }
        if seen.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .unwrap();
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// A run on f(x) with H0 = LL' equals the run on f(Lz) with H0 = I, mapped by x = Lz.
    #[test]
    fn h0_is_a_change_of_unknowns(
        entries in prop::collection::vec(-0.3..0.3f64, 36),
        diagonal in prop::collection::vec(0.02..0.3f64, 6),
        seed in 0..1000u64,
    ) {
        let f = rosenbrock(6, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        let l = Array2::from_shape_fn((6, 6), |(i, j)| match i.cmp(&j) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => diagonal[i],
            std::cmp::Ordering::Greater => entries[6 * i + j] * diagonal[j],
        });
        // z0 by forward substitution.
        let mut z0 = f.x0.clone();
        for i in 0..6 {
            let known: f64 = (0..i).map(|j| l[[i, j]] * z0[j]).sum();
            z0[i] = (z0[i] - known) / l[[i, i]];
        }
        let h0 = InitialInverseHessian::from_dense(l.dot(&l.t()).view()).unwrap();
        let in_x = iterates(&f, &f.x0, &h0.into(), 8);
        let in_z = iterates(&Transformed { f: &f, l: l.clone(), units: 1.0 }, &z0, &scaled(1.0), 8);
        prop_assert_eq!(in_x.len(), in_z.len());
        for (x, z) in in_x.iter().zip(&in_z) {
            let mapped = l.dot(&Array1::from(z.clone()));
            prop_assert!(x.iter().zip(&mapped).all(|(a, b)| (a - b).abs() < 1e-6 * (1.0 + a.abs())), "{x:?} {mapped}");
        }
    }

    /// With nocedal-wright, which measures its own scale, multiplying f by a power of two does not change the iterates:
    /// bitwise, also where |y| is about 1e12. (With factors below 1 the first step would not be cut to length 1.)
    #[test]
    fn units_of_f_do_not_matter(power in 0..=40i32, seed in 0..1000u64) {
        let f = rosenbrock(10, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        let units = f64::from(power).exp2();
        let other = Transformed { f: &f, l: Array2::eye(10), units };
        let (start, _) = start::nocedal_wright();
        let plain = run(&f, &f.x0, &start, &options(|o| o.gradient_tolerance = 1e-7));
        let moved = run(&other, &f.x0, &start, &options(|o| o.gradient_tolerance = 1e-7 * units));
        prop_assert_eq!(&plain.x, &moved.x);
        prop_assert_eq!(plain.evaluations, moved.evaluations);
        prop_assert_eq!(plain.value * units, moved.value);
    }
}

/// With an exact line search BFGS is the conjugate gradient method on a quadratic: after n steps it has converged, and
/// H is the inverse Hessian (Nocedal & Wright, theorem 6.4).
#[test]
fn n_steps_solve_a_quadratic() {
    for (n, condition) in [(2, 10.0), (5, 100.0), (12, 50.0)] {
        let f = quadratic(n, condition, 1.0, &mut ChaCha8Rng::seed_from_u64(n as u64)).unwrap();
        let exact = options(|o| {
            o.line_search = LineSearchOptions { c1: 1e-10, c2: 1e-9, ..LineSearchOptions::default() };
            o.gradient_tolerance = 1e-7;
        });
        let end = run(&f, &f.x0, &scaled(1.0), &exact);
        assert_eq!((end.iterations, end.status), (n as u64, Status::GradientTolerance), "n = {n}");
        let product = end.inverse_hessian.to_dense().dot(&f.hessian(&f.x0).unwrap());
        let gap = (product - Array2::<f64>::eye(n)).iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        assert!(gap < 1e-5, "n = {n}: H A - I is {gap:e}");
    }
}

#[test]
fn the_best_known_cluster_of_13_atoms_is_found() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let cluster = lennard_jones(13, &mut rng).unwrap();
    let (start, _) = start::nocedal_wright();
    let best = (0..120)
        .map(|_| run(&cluster, &cluster.sample_x0(&mut rng), &start, &Options::default()).value)
        .fold(f64::INFINITY, f64::min);
    assert!((best + 44.326_801).abs() < 1e-6, "{best}");
}

#[test]
fn the_best_known_cluster_of_38_atoms_is_a_minimum() {
    // The 38 sites of a face-centred lattice nearest to one of its octahedral holes.
    let range = -3..=3i32;
    let mut sites: Vec<[i32; 3]> = range
        .clone()
        .flat_map(|i| range.clone().flat_map(move |j| (-3..=3).map(move |k| [i, j, k])))
        .filter(|site| site.iter().sum::<i32>().rem_euclid(2) == 1 && site.iter().map(|c| c * c).sum::<i32>() <= 5)
        .collect();
    sites.sort_unstable();
    assert_eq!(sites.len(), 38);
    let x0: Vec<f64> = sites.concat().into_iter().map(|c| 0.78 * f64::from(c)).collect();
    let cluster = lennard_jones(38, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let end = run(&cluster, &x0, &start::nocedal_wright().0, &Options::default());
    assert_eq!(end.status, Status::GradientTolerance);
    assert!((end.value - cluster.optimum().unwrap()).abs() < 1e-9, "{}", end.value);
}

/// A first step so long that y has length 1e12: the new H must still satisfy H y = s. (An update that computes Hy from
/// numbers of that size and rescales them afterwards does not.)
#[test]
fn a_huge_change_of_gradient_keeps_the_secant_equation() {
    for units in [1.0, 1e6, 1e12] {
        let f = quadratic(30, 1e3, units, &mut ChaCha8Rng::seed_from_u64(30)).unwrap();
        for steps in 1..6 {
            let mut accepted = 0;
            let keep = options(|o| {
                o.keep_pairs = true;
                o.gradient_tolerance = 0.0;
            });
            let end = minimize(&f, &f.x0, &start::nocedal_wright().0, &keep, &mut |p: &Progress<'_>| {
                accepted += u32::from(p.accepted);
                if accepted > steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
            let pair = end.pairs.last().unwrap();
            let size = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
            if steps == 1 && units == 1e12 {
                assert!(size(&pair.y) > 1e11, "{:e}", size(&pair.y));
            }
            let back = end.inverse_hessian.multiply(&pair.y).unwrap();
            let gap: Vec<f64> = back.iter().zip(&pair.s).map(|(a, b)| a - b).collect();
            assert!(size(&gap) < 1e-11 * size(&pair.s), "units {units:e}, step {steps}: {:e}", size(&gap));
        }
    }
}

/// The gradient jumps by twelve orders of magnitude in the first step, and the run still converges.
#[test]
fn a_steep_wall_after_a_flat_region_does_not_stop_a_run() {
    struct Wall;
    impl Objective for Wall {
        fn dim(&self) -> usize {
            2
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            let e = (40.0 * x[1]).exp();
            gradient.copy_from_slice(&[x[0] - 1.0, 40.0 * (e - (-40.0 * x[1]).exp())]);
            0.5 * (x[0] - 1.0).powi(2) + e + (-40.0 * x[1]).exp()
        }
    }
    for start in [scaled(1.0), scaled(1e6), start::identity().0, start::nocedal_wright().0] {
        for x0 in [[30.0, 0.6], [-1e6, 0.7], [0.0, 1e-9]] {
            let end = run(&Wall, &x0, &start, &Options::default());
            assert_eq!(end.status, Status::GradientTolerance, "{start:?} from {x0:?}: {end:?}");
            assert!((end.value - 2.0).abs() < 1e-9);
        }
    }
}

#[test]
fn an_invalid_h0_is_refused_with_the_reason() {
    let refused = |a: Array2<f64>| InitialInverseHessian::from_dense(a.view()).unwrap_err();
    assert_eq!(refused(Array2::zeros((2, 3))), Error::H0NotSquare { rows: 2, columns: 3 });
    assert!(matches!(refused(array![[1.0, 0.0], [f64::NAN, 1.0]]), Error::H0NonFinite { row: 1, col: 0, .. }));
    let skew = refused(array![[1.0, 0.5, 0.0], [0.5, 1.0, 0.1 + 1e-7], [0.0, 0.1, 1.0]]);
    assert_eq!(skew, Error::H0Asymmetric { row: 2, col: 1, lower: 0.1, upper: 0.1 + 1e-7 });
    assert_eq!(refused(array![[1.0, 0.0], [0.0, -1e-3]]), Error::H0NotPositiveDefinite { pivot: 1 });
    assert_eq!(refused(array![[1.0, 2.0], [2.0, 1.0]]), Error::H0NotPositiveDefinite { pivot: 1 });
    // Asymmetry is relative to the diagonal: 1e-12 is large next to entries of 1e-10.
    assert!(matches!(refused(array![[1e-10, 1e-12], [0.0, 1e-10]]), Error::H0Asymmetric { .. }));
    let message = skew.to_string();
    assert!(
        message.contains("(2, 1)") && message.contains("1e-8") && message.contains("pass (H0 + H0')/2"),
        "{message}"
    );
}

#[test]
fn rounding_asymmetry_is_removed() {
    let a = array![[2.0, 1.0 + 1e-15], [1.0, 2.0]];
    let InitialInverseHessian::Dense(packed) = InitialInverseHessian::from_dense(a.view()).unwrap() else {
        panic!("the result must be a dense matrix")
    };
    assert!((packed.get(0, 1).unwrap() - (1.0 + 5e-16)).abs() < 3e-16);
}

#[test]
fn starts_that_do_not_fit_are_refused() {
    let f = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let refused =
        |x0: &[f64], start: Start, options: Options| minimize(&f, x0, &start, &options, &mut silent).unwrap_err();
    let plain = Options::default;
    let short = refused(&[0.0; 3], scaled(1.0), plain());
    assert_eq!(short, Error::Dimension { what: "x0", given: 3, expected: 4 });
    for gamma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(refused(&f.x0, scaled(gamma), plain()), Error::OutOfRange(_)));
    }
    let small = InitialInverseHessian::from_dense(Array2::eye(3).view()).unwrap();
    assert!(matches!(refused(&f.x0, small.into(), plain()), Error::Dimension { given: 3, expected: 4, .. }));
    let cap = Start { first_step_at_most: Some(0.0), ..scaled(1.0) };
    assert!(matches!(refused(&f.x0, cap, plain()), Error::OutOfRange(OutOfRange { name: "first_step_at_most", .. })));
    assert!(matches!(refused(&f.x0, scaled(1.0), options(|o| o.max_evaluations = 0)), Error::OutOfRange(_)));
    assert!(matches!(refused(&f.x0, scaled(1.0), options(|o| o.gradient_tolerance = f64::NAN)), Error::OutOfRange(_)));
    // An unchecked matrix that is not positive definite is refused at the first step.
    let upside_down = headstart_bfgs::PackedSymmetric::scaled_unit(4, -1.0);
    let unchecked = InitialInverseHessian::Dense(upside_down).into();
    assert!(matches!(refused(&f.x0, unchecked, plain()), Error::NotDescent { .. }));
}

/// -log x - log(1 - x) in each unknown, defined in the open unit cube only.
struct Barrier;

impl Objective for Barrier {
    fn dim(&self) -> usize {
        3
    }
    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.iter_mut().zip(x).for_each(|(g, x)| *g = -1.0 / x + 1.0 / (1.0 - x));
        x.iter().map(|x| -x.ln() - (1.0 - x).ln()).sum()
    }
}

#[test]
fn the_step_is_shortened_at_undefined_points() {
    for gamma in [1e-3, 1.0, 1e9] {
        let end = run(&Barrier, &[1e-3, 0.2, 0.9], &scaled(gamma), &Options::default());
        assert_eq!(end.status, Status::GradientTolerance, "gamma {gamma}");
        assert!(end.x.iter().all(|x| (x - 0.5).abs() < 1e-6));
    }
}

#[test]
fn a_point_without_finite_neighbours_is_named() {
    struct Island;
    impl Objective for Island {
        fn dim(&self) -> usize {
            1
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            gradient[0] = 1.0;
            if x[0] == 1.0 { 5.0 } else { f64::INFINITY }
        }
    }
    let end = minimize(&Island, &[1.0], &scaled(1.0), &Options::default(), &mut silent).unwrap();
    assert_eq!((end.status, &end.x[..], end.value), (Status::NonFinite, &[1.0][..], 5.0));
    let error = minimize(&Island, &[2.0], &scaled(1.0), &Options::default(), &mut silent).unwrap_err();
    assert!(matches!(error, Error::NonFiniteStart { .. }) && error.to_string().contains("x = [2]"), "{error}");
}

#[test]
fn every_evaluation_is_counted_and_seen() {
    struct Counted<F>(F, Cell<u64>);
    impl<F: Objective> Objective for Counted<F> {
        fn dim(&self) -> usize {
            self.0.dim()
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            self.1.set(self.1.get() + 1);
            self.0.value_gradient(x, gradient)
        }
    }
    let f = rosenbrock(20, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    let counted = Counted(&f, Cell::new(0));
    let (mut seen, mut accepted) = (0, 0);
    let end = minimize(&counted, &f.x0, &start::identity().0, &Options::default(), &mut |p: &Progress<'_>| {
        seen += 1;
        accepted += u64::from(p.accepted);
        assert_eq!(p.evaluations, seen);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((end.evaluations, counted.1.get()), (seen, seen));
    assert_eq!(accepted, end.iterations + 1, "x0 and each iterate");
}

#[test]
fn stopping_rules_end_a_run() {
    let f = rosenbrock(20, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
    let (start, _) = start::identity();
    let full = run(&f, &f.x0, &start, &Options::default());
    assert_eq!(full.status, Status::GradientTolerance);
    assert!(full.gradient_norm <= 1e-6);

    let cut = run(&f, &f.x0, &start, &options(|o| o.max_evaluations = 17));
    assert_eq!((cut.status, cut.evaluations), (Status::MaxEvaluations, 17));
    let target = run(&f, &f.x0, &start, &options(|o| o.target = Some(1.0)));
    assert_eq!(target.status, Status::TargetReached);
    assert!(target.value <= 1.0 && target.evaluations < full.evaluations);
    let (mut lowest, mut left) = (f64::INFINITY, 9);
    let stopped = minimize(&f, &f.x0, &start, &Options::default(), &mut |p: &Progress<'_>| {
        lowest = lowest.min(p.value);
        left -= 1;
        if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .unwrap();
    assert_eq!((stopped.status, stopped.evaluations, stopped.value), (Status::Interrupted, 9, lowest));
    // With a tolerance below rounding the run stalls and ends.
    let never = run(&f, &f.x0, &start, &options(|o| o.gradient_tolerance = 0.0));
    assert!(matches!(never.status, Status::Stalled | Status::GradientTolerance), "{:?} {}", never.status, never.value);
    assert!(never.evaluations < 3000, "{} {} {}", never.evaluations, never.gradient_norm, never.resets);
    // A run that starts at the minimum takes one evaluation.
    assert_eq!(run(&f, &[1.0; 20], &start, &Options::default()).evaluations, 1);
}

#[test]
fn a_run_is_the_same_twice() {
    let f = lennard_jones(13, &mut ChaCha8Rng::seed_from_u64(4)).unwrap();
    let (start, _) = start::identity();
    assert_eq!(run(&f, &f.x0, &start, &Options::default()), run(&f, &f.x0, &start, &Options::default()));
}

/// Where the squares of gradients overflow or underflow, a run converges or returns an error.
#[test]
fn huge_and_tiny_units_do_not_panic() {
    let f = rosenbrock(6, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    for units in [1e-250, 1e-150, 1e150, 1e250, 1e300] {
        let other = Transformed { f: &f, l: Array2::eye(6), units };
        for start in [start::identity().0, start::nocedal_wright().0, scaled(1e-300), scaled(1e300)] {
            let tolerance = options(|o| {
                o.gradient_tolerance = 1e-6 * units;
                o.max_evaluations = 2000;
            });
            match minimize(&other, &f.x0, &start, &tolerance, &mut silent) {
                Ok(end) => assert!(end.value <= units * 1e6, "{units:e}: {end:?}"),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
        }
    }
}
