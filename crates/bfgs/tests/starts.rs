//! The curvature that each start keeps, and its charge.

use std::ops::ControlFlow;

use headstart_bfgs::problem::{Instance, lennard_jones, quadratic, rosenbrock};
use headstart_bfgs::start::{
    Pilot, capped, identity, nocedal_wright, oracle, pilot_diagonal, pilot_full, pilot_last_10,
    pilot_last_10_two_scales, pilot_scalar, pilot_scalar_geomean, pilot_spread_10,
};
use headstart_bfgs::{Error, InitialInverseHessian, Options, Solution, Start, Status, minimize};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn run(instance: &Instance, start: &Start) -> Solution {
    minimize(instance, &instance.x0, start, &Options::default(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn pilot_on(instance: &Instance) -> Pilot {
    Pilot::run(instance, &instance.sample_x0(&mut ChaCha8Rng::seed_from_u64(99)), 1e-6, 5000).unwrap()
}

#[test]
fn an_oracle_needs_two_steps_on_a_quadratic() {
    for condition in [1e2, 1e6, 1e8] {
        let instance = quadratic(50, condition, 1.0, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let (start, charge) = oracle(instance.hessian(&instance.x0).unwrap().view()).unwrap();
        assert_eq!(charge, 50);
        let end = run(&instance, &start);
        assert!(end.evaluations <= 4 && end.status == Status::GradientTolerance, "{}", end.evaluations);
    }
}

#[test]
fn an_oracle_is_positive_definite_where_the_hessian_is_not() {
    let instance = lennard_jones(8, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    let (start, _) = oracle(instance.hessian(&instance.x0).unwrap().view()).unwrap();
    let InitialInverseHessian::Dense(h0) = &start.h0 else { panic!("the oracle is a full matrix") };
    let values = headstart_linalg::eigh(h0.to_dense().view()).unwrap().values;
    assert!(values[0] > 0.0, "{values}");
    assert_eq!(run(&instance, &start).status, Status::GradientTolerance);
}

#[test]
fn a_recycled_matrix_pays_on_a_quadratic() {
    let instance = quadratic(60, 1e4, 1.0, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
    let pilot = pilot_on(&instance);
    let (full, charge) = pilot_full(&pilot).unwrap();
    assert_eq!(charge, pilot.evaluations);
    let (alone, recycled) = (run(&instance, &identity().0), run(&instance, &full));
    assert!(2 * recycled.evaluations < alone.evaluations, "{} {}", recycled.evaluations, alone.evaluations);
}

#[test]
fn pilot_starts_keep_the_curvature_in_their_name() {
    let instance = rosenbrock(20, &mut ChaCha8Rng::seed_from_u64(4)).unwrap();
    let pilot = pilot_on(&instance);
    let last = pilot.pairs.last().unwrap();
    let (scalar, _) = pilot_scalar(&pilot).unwrap();
    assert_eq!(scalar.h0, InitialInverseHessian::Scaled(last.gamma()));

    let kept = |start: Start| match start.h0 {
        InitialInverseHessian::LowRank(low_rank) => {
            assert_eq!(low_rank.gamma, last.gamma());
            low_rank.pairs
        }
        other => panic!("{other:?}"),
    };
    let count = pilot.pairs.len();
    assert_eq!(kept(pilot_last_10(&pilot).unwrap().0), pilot.pairs[count - 10..]);
    let spread = kept(pilot_spread_10(&pilot).unwrap().0);
    assert_eq!((spread.len(), &spread[0], &spread[9]), (10, &pilot.pairs[0], last));

    let (geomean, _) = pilot_scalar_geomean(&pilot).unwrap();
    let InitialInverseHessian::Scaled(gamma) = geomean.h0 else { panic!("a scalar") };
    let all = pilot.pairs.iter().map(headstart_bfgs::Pair::mean_gamma);
    assert!(gamma > all.clone().fold(f64::INFINITY, f64::min) && gamma < all.fold(0.0, f64::max));

    let short = Pilot { pairs: pilot.pairs[..3].to_vec(), ..pilot.clone() };
    assert_eq!(kept_len(&pilot_spread_10(&short).unwrap().0), 3);
    assert_eq!(kept_len(&pilot_last_10(&short).unwrap_or_else(|_| identity()).0), 3);
}

fn kept_len(start: &Start) -> usize {
    match &start.h0 {
        InitialInverseHessian::LowRank(low_rank) => low_rank.pairs.len(),
        _ => 0,
    }
}

#[test]
fn caps_bound_the_first_trial_step() {
    let instance = lennard_jones(13, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    let pilot = pilot_on(&instance);
    let first_step = |start: &Start| {
        let mut points: Vec<Vec<f64>> = Vec::new();
        minimize(&instance, &instance.x0, start, &Options::default(), &mut |progress| {
            points.push(progress.x.to_vec());
            if points.len() < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .unwrap();
        points[0].iter().zip(&points[1]).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    };
    let (free, _) = pilot_full(&pilot).unwrap();
    let bound = capped(free.clone(), &pilot);
    assert!(first_step(&free) > pilot.longest_step, "this test needs a start with a long first step");
    assert!((first_step(&bound) - pilot.longest_step).abs() < 1e-9);
    assert!((first_step(&identity().0) - 1.0).abs() < 1e-9);
    assert_eq!(capped(identity().0, &Pilot { longest_step: 3.0, ..pilot.clone() }).first_step_at_most, Some(1.0));
    assert_eq!(capped(free, &Pilot { longest_step: 0.0, ..pilot }).first_step_at_most, None);
}

#[test]
fn free_starts_cost_nothing_and_differ() {
    assert_eq!((identity().1, nocedal_wright().1), (0, 0));
    assert_ne!(identity().0, nocedal_wright().0);
}

#[test]
fn a_pilot_without_a_step_is_refused() {
    let instance = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(6)).unwrap();
    let pilot = Pilot::run(&instance, &instance.sample_x0(&mut ChaCha8Rng::seed_from_u64(7)), 1e-6, 1).unwrap();
    for make in
        [pilot_scalar, pilot_scalar_geomean, pilot_last_10, pilot_diagonal, pilot_last_10_two_scales, pilot_full]
    {
        let refused = make(&pilot);
        assert_eq!(refused, Err(Error::NoPairs { evaluations: 1 }));
    }
}

#[test]
fn a_pilot_survives_being_stored() {
    let instance = rosenbrock(6, &mut ChaCha8Rng::seed_from_u64(8)).unwrap();
    let pilot = pilot_on(&instance);
    let text = serde_json::to_string(&pilot).unwrap();
    assert_eq!(serde_json::from_str::<Pilot>(&text).unwrap(), pilot);
    assert!(serde_json::to_string(&pilot_last_10(&pilot).unwrap().0).unwrap().contains("LowRank"));
}
