//! L-BFGS against BFGS and theory, and on thousands of unknowns.

use std::ops::ControlFlow;

use headstart_bfgs::line_search::LineSearchOptions;
use headstart_bfgs::problem::{Instance, quadratic, rosenbrock};
use headstart_bfgs::start::{
    Pilot, capped, identity, nocedal_wright, pilot_full, pilot_last_10, pilot_scalar, pilot_scalar_geomean,
    pilot_spread_10,
};
use headstart_bfgs::{
    Error, InitialInverseHessian, LowRank, Objective, Options, OutOfRange, Pair, Progress, Solution, Start, Status,
    lbfgs, minimize,
};
use ndarray::{Array1, Array2};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

type Limited = Solution<InitialInverseHessian>;

fn silent(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

fn limited(instance: &Instance, start: &Start, memory: usize) -> Limited {
    lbfgs::minimize(instance, &instance.x0, start, memory, &Options::default(), &mut silent).unwrap()
}

/// The accepted points of a run, at most `count`, starting with x0.
fn iterates<E>(count: usize, run: impl FnOnce(&mut dyn FnMut(&Progress<'_>) -> ControlFlow<()>) -> E) -> Vec<Vec<f64>> {
    let mut seen = Vec::new();
    run(&mut |progress| {
        if progress.accepted {
            seen.push(progress.x.to_vec());
        }
        if seen.len() < count { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    seen
}

fn gap(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
}

/// H of any kind times v.
fn product(h: &InitialInverseHessian, v: &[f64]) -> Vec<f64> {
    match h {
        InitialInverseHessian::Scaled(gamma) => v.iter().map(|v| gamma * v).collect(),
        InitialInverseHessian::LowRank(low_rank) => low_rank.multiply(v).unwrap(),
        InitialInverseHessian::Dense(packed) => packed.multiply(v).unwrap(),
    }
}

/// The columns of H.
fn columns(h: &InitialInverseHessian, n: usize) -> Array2<f64> {
    let mut dense = Array2::zeros((n, n));
    for j in 0..n {
        let unit: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i == j))).collect();
        dense.column_mut(j).assign(&Array1::from(product(h, &unit)));
    }
    dense
}

/// One H0 of each kind for n unknowns: a scalar, an archive of pairs, and the full matrix of that archive.
fn one_of_each(n: usize) -> [InitialInverseHessian; 3] {
    let instance = rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(50)).unwrap();
    let pilot = Pilot::run(&instance, &instance.sample_x0(&mut ChaCha8Rng::seed_from_u64(51)), 1e-6, 400).unwrap();
    let archive = pilot_spread_10(&pilot).unwrap().0.h0;
    let full = InitialInverseHessian::from_dense(columns(&archive, n).view()).unwrap();
    [InitialInverseHessian::Scaled(0.003), archive, full]
}

#[test]
fn iterates_equal_those_of_bfgs_until_a_pair_is_dropped() {
    let n = 10;
    let instance = rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    for h0 in one_of_each(n) {
        let start = Start { first_step_at_most: Some(0.5), ..h0.into() };
        let whole = iterates(12, |observer| {
            minimize(&instance, &instance.x0, &start, &Options::default(), &mut |p| observer(p))
        });
        let few = |memory| {
            iterates(12, |observer| {
                lbfgs::minimize(&instance, &instance.x0, &start, memory, &Options::default(), &mut |p| observer(p))
            })
        };
        assert_eq!((whole.len(), few(20).len()), (12, 12));
        assert!(whole.iter().zip(few(20)).all(|(a, b)| gap(a, &b) < 1e-7), "{start:?}");
        // With a memory of four, the sixth step is the first without a pair of BFGS.
        let forgetful = few(4);
        assert!(whole[..6].iter().zip(&forgetful).all(|(a, b)| gap(a, b) < 1e-7));
        assert!(gap(&whole[6], &forgetful[6]) > 1e-6, "a dropped pair must change the iterate");
    }
}

/// With an archive as H0 the first step of a run is -H0 g, where H0 is the matrix of the pairs.
#[test]
fn an_archive_gives_the_direction_of_its_matrix() {
    let n = 30;
    let instance = rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(9)).unwrap();
    let pilot =
        Pilot::run_limited(&instance, &instance.sample_x0(&mut ChaCha8Rng::seed_from_u64(10)), 10, 1e-6, 5000).unwrap();
    let (start, _) = pilot_last_10(&pilot).unwrap();
    let mut points: Vec<Vec<f64>> = Vec::new();
    lbfgs::minimize(&instance, &instance.x0, &start, 3, &Options::default(), &mut |progress| {
        points.push(progress.x.to_vec());
        if points.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
    .unwrap();
    let mut g = vec![0.0; n];
    instance.value_gradient(&instance.x0, &mut g);
    let newton = Array1::from(instance.x0.clone()) - columns(&start.h0, n).dot(&Array1::from(g));
    let size = newton.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    assert!(gap(&points[1], &newton.to_vec()) < 1e-11 * size, "{:e}", gap(&points[1], &newton.to_vec()));
}

/// While no pair is dropped, the final H equals that of BFGS, for every kind of H0 and also after H0 was rescaled.
#[test]
fn the_final_matrix_equals_that_of_bfgs() {
    let n = 10;
    let instance = rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    let cut = options(|o| o.max_evaluations = 9);
    let [scaled, archive, full] = one_of_each(n);
    let end = |h0: &InitialInverseHessian, rescale_after_first_step, memory| -> Limited {
        let start = Start { h0: h0.clone(), rescale_after_first_step, first_step_at_most: Some(1.0) };
        lbfgs::minimize(&instance, &instance.x0, &start, memory, &cut, &mut silent).unwrap()
    };
    for h0 in [&scaled, &archive, &full] {
        let start = Start { first_step_at_most: Some(1.0), ..h0.clone().into() };
        let whole = minimize(&instance, &instance.x0, &start, &cut, &mut silent).unwrap();
        let found = columns(&end(h0, false, 20).inverse_hessian, n);
        let size = found.iter().fold(0.0, |most: f64, h| most.max(h.abs()));
        let apart = (&found - &whole.inverse_hessian.to_dense()).iter().fold(0.0, |most: f64, h| most.max(h.abs()));
        assert!(apart < 1e-9 * size, "{apart:e} of {size:e}");
    }
    for memory in [1, 3] {
        let (few, dense) = (end(&archive, true, memory), end(&full, true, memory));
        assert!(gap(&few.x, &dense.x) < 1e-7, "an archive and its matrix give the same run");
        // The archive that is returned does not grow, so its oldest pairs are missing.
        let kept = |h: &InitialInverseHessian| match h {
            InitialInverseHessian::LowRank(low_rank) => low_rank.pairs.clone(),
            _ => panic!("an archive stays an archive"),
        };
        let (before, after) = (kept(&archive), kept(&few.inverse_hessian));
        assert_eq!(after.len(), before.len().max(memory));
        let own = memory.min(after.len());
        assert!(before[own..].iter().zip(&after).all(|(old, new)| old.s == new.s));
    }
}

/// With an exact line search and a fixed H0 = I, L-BFGS is the conjugate gradient method on a quadratic, for every
/// memory (Nocedal & Wright, section 7.2).
#[test]
fn on_a_quadratic_it_is_conjugate_gradients() {
    let n = 8;
    let f = quadratic(n, 50.0, 1.0, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
    let exact = options(|o| {
        let mut exact = LineSearchOptions::default();
        (exact.c1, exact.c2) = (1e-10, 1e-9);
        o.line_search = exact;
    });
    let a = f.hessian(&f.x0).unwrap();
    let mut g = vec![0.0; n];
    f.value_gradient(&f.x0, &mut g);
    let (mut x, mut r) = (Array1::from(f.x0.clone()), -Array1::from(g));
    let mut p = r.clone();
    let mut expected = vec![x.to_vec()];
    for _ in 0..n {
        let (ap, rr) = (a.dot(&p), r.dot(&r));
        let alpha = rr / p.dot(&ap);
        x.scaled_add(alpha, &p);
        r.scaled_add(-alpha, &ap);
        p = &r + &(p * (r.dot(&r) / rr));
        expected.push(x.to_vec());
    }
    assert!(f.value_gradient(&expected[n], &mut vec![0.0; n]) < 1e-15, "n steps solve it");
    let start = InitialInverseHessian::Scaled(1.0).into();
    for memory in [1, 2, 5] {
        let found =
            iterates(n + 1, |observer| lbfgs::minimize(&f, &f.x0, &start, memory, &exact, &mut |p| observer(p)));
        assert_eq!(found.len(), n + 1);
        assert!(found.iter().zip(&expected).all(|(a, b)| gap(a, b) < 1e-6), "memory {memory}");
    }
}

#[test]
fn a_new_pair_replaces_the_oldest() {
    let f = rosenbrock(12, &mut ChaCha8Rng::seed_from_u64(4)).unwrap();
    let keep = options(|o| o.keep_pairs = true);
    for (memory, start) in [(3, identity().0), (7, nocedal_wright().0)] {
        let end = lbfgs::minimize(&f, &f.x0, &start, memory, &keep, &mut silent).unwrap();
        assert_eq!((end.status, end.resets), (Status::GradientTolerance, 0));
        let InitialInverseHessian::LowRank(LowRank { gamma, pairs }) = end.inverse_hessian else {
            panic!("with a scalar H0 the result must be low-rank")
        };
        assert_eq!(pairs, end.pairs[end.pairs.len() - memory..]);
        let newest = pairs.last().unwrap();
        let expected = if start.rescale_after_first_step { newest.gamma() } else { 1.0 };
        assert!((gamma / expected - 1.0).abs() < 1e-12, "{gamma}");
        // The secant equation: H y = s for the last pair.
        let back = LowRank { gamma, pairs: pairs.clone() }.multiply(&newest.y).unwrap();
        assert!(gap(&back, &newest.s) < 1e-9 * newest.s.iter().fold(0.0, |most: f64, s| most.max(s.abs())));
    }
}

#[test]
fn thousands_of_unknowns_are_solved() {
    let instance = rosenbrock(5000, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    let end = limited(&instance, &nocedal_wright().0, lbfgs::MEMORY);
    assert_eq!(end.status, Status::GradientTolerance);
    assert!(end.value < 1e-10 && end.evaluations < 500, "{} after {}", end.value, end.evaluations);
}

/// A packed matrix of this size would take 40 GB.
#[test]
fn memory_does_not_grow_with_the_square_of_n() {
    let n = 100_000;
    let instance = rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(11)).unwrap();
    let at_x0 = instance.value_gradient(&instance.x0, &mut vec![0.0; n]);
    let cut = options(|o| o.max_evaluations = 30);
    let run = |start: &Start| lbfgs::minimize(&instance, &instance.x0, start, 5, &cut, &mut silent).unwrap();
    let first = run(&nocedal_wright().0);
    let recycled = Start { first_step_at_most: Some(first.longest_step), ..first.inverse_hessian.into() };
    let second = run(&recycled);
    for (value, evaluations) in [(first.value, first.evaluations), (second.value, second.evaluations)] {
        assert!(evaluations == 30 && value < 0.2 * at_x0, "{value} of {at_x0} after {evaluations}");
    }
}

/// Every start without a full matrix can be made from a pilot with limited memory.
#[test]
fn pilots_with_limited_memory_make_starts() {
    let instance = rosenbrock(200, &mut ChaCha8Rng::seed_from_u64(6)).unwrap();
    let pilot = Pilot::run_limited(&instance, &instance.sample_x0(&mut ChaCha8Rng::seed_from_u64(7)), 10, 1e-6, 20_000)
        .unwrap();
    assert!(pilot.gradient_norm <= 1e-6);
    let made = [pilot_scalar, pilot_scalar_geomean, pilot_last_10, pilot_spread_10, pilot_full].map(|make| {
        let (start, charge) = make(&pilot).unwrap();
        assert_eq!(charge, pilot.evaluations);
        start
    });
    for start in made.iter().chain([&capped(made[2].clone(), &pilot)]) {
        let end = limited(&instance, start, 10);
        assert_eq!(end.status, Status::GradientTolerance);
    }
}

#[test]
fn invalid_starts_are_refused() {
    let f = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(8)).unwrap();
    let refused = |start: Start, memory| {
        lbfgs::minimize(&f, &f.x0, &start, memory, &Options::default(), &mut silent).unwrap_err()
    };
    assert!(matches!(refused(identity().0, 0), Error::OutOfRange(OutOfRange { name: "the memory", .. })));
    let short = LowRank { gamma: 1.0, pairs: vec![Pair { s: vec![1.0; 3], y: vec![1.0; 4] }] };
    assert!(matches!(
        refused(InitialInverseHessian::LowRank(short).into(), 5),
        Error::Dimension { given: 3, expected: 4, .. }
    ));
    assert!(matches!(refused(InitialInverseHessian::Scaled(-1.0).into(), 5), Error::OutOfRange(_)));
}

#[test]
fn a_run_is_reproducible_and_continues_after_resets() {
    /// A slightly smoothed |x|: near the kink the pairs are inconsistent.
    struct Kink;
    impl Objective for Kink {
        fn dim(&self) -> usize {
            3
        }
        fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
            let terms = [1.0, 30.0, 1000.0];
            (0..3)
                .map(|i| {
                    let root = (x[i] * x[i] + 1e-12).sqrt();
                    gradient[i] = terms[i] * x[i] / root;
                    terms[i] * root
                })
                .sum()
        }
    }
    let run = || lbfgs::minimize(&Kink, &[3.0, -2.0, 1.0], &identity().0, 3, &Options::default(), &mut silent).unwrap();
    assert_eq!(run(), run());
    assert!(run().value < 1e-2, "{}", run().value);
}
