//! A run driven step by step equals an uninterrupted run, also when it is stored between steps.

use std::ops::ControlFlow;

use headstart_bfgs::problem::{lennard_jones, rosenbrock};
use headstart_bfgs::start::{Pilot, nocedal_wright, pilot_last_10};
use headstart_bfgs::{Error, Minimizer, Options, Progress, Status, minimize};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn silent(_: &Progress<'_>) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn steps_are_the_iterations_of_a_run() {
    let f = lennard_jones(7, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let (start, _) = nocedal_wright();
    let whole = minimize(&f, &f.x0, &start, &Options::default(), &mut silent).unwrap();
    let mut run = Minimizer::begin(&f, &f.x0, start, Options::default(), &mut silent).unwrap();
    assert_eq!((run.evaluations(), run.status(), run.x()), (1, None, f.x0.as_slice()));
    let mut steps = 0;
    let mut value = run.value();
    while run.step(&f, &mut silent).unwrap().is_none() {
        steps += 1;
        assert!(run.value() < value);
        value = run.value();
    }
    assert_eq!(run.status(), Some(Status::GradientTolerance));
    assert_eq!(steps + 1, whole.iterations);
    // A run does not change after its end.
    let evaluations = run.evaluations();
    assert_eq!(run.step(&f, &mut silent), Ok(Some(Status::GradientTolerance)));
    assert_eq!(run.evaluations(), evaluations);
    assert_eq!(run.finish(), whole);
}

#[test]
fn a_stored_run_resumes_with_the_same_bits() {
    let f = rosenbrock(12, &mut ChaCha8Rng::seed_from_u64(2)).unwrap();
    let pilot = Pilot::run(&f, &f.sample_x0(&mut ChaCha8Rng::seed_from_u64(3)), 1e-6, 5000).unwrap();
    for start in [nocedal_wright().0, pilot_last_10(&pilot).unwrap().0] {
        let options = Options { keep_pairs: true, ..Options::default() };
        let whole = minimize(&f, &f.x0, &start, &options, &mut silent).unwrap();
        let mut run = Minimizer::begin(&f, &f.x0, start, options, &mut silent).unwrap();
        loop {
            let stored = serde_json::to_string(&run).unwrap();
            run = serde_json::from_str(&stored).unwrap();
            if run.step(&f, &mut silent).unwrap().is_some() {
                break;
            }
        }
        assert_eq!(run.finish(), whole);
    }
}

#[test]
fn a_damaged_stored_run_is_refused() {
    let f = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(4)).unwrap();
    let mut run = Minimizer::begin(&f, &f.x0, nocedal_wright().0, Options::default(), &mut silent).unwrap();
    run.step(&f, &mut silent).unwrap();
    let stored = serde_json::to_value(&run).unwrap();

    let other = rosenbrock(6, &mut ChaCha8Rng::seed_from_u64(5)).unwrap();
    assert!(matches!(run.step(&other, &mut silent), Err(Error::Dimension { given: 4, expected: 6, .. })));

    let mut short = stored.clone();
    short["descent"]["model"]["u"].as_array_mut().unwrap().pop();
    let message = serde_json::from_value::<Minimizer>(short).unwrap_err().to_string();
    assert!(message.contains("3 entries"), "{message}");
    let mut short = stored.clone();
    short["descent"]["current"]["gradient"].as_array_mut().unwrap().pop();
    let message = serde_json::from_value::<Minimizer>(short).unwrap_err().to_string();
    assert!(message.contains("3 entries"), "{message}");
    // The start, to which a reset returns.
    let mut negative = stored;
    negative["start"]["h0"] = serde_json::json!({ "Scaled": -1.0 });
    let message = serde_json::from_value::<Minimizer>(negative).unwrap_err().to_string();
    assert!(message.contains("must be positive"), "{message}");
}

#[test]
fn an_unfinished_run_is_interrupted() {
    let f = rosenbrock(4, &mut ChaCha8Rng::seed_from_u64(6)).unwrap();
    let mut run = Minimizer::begin(&f, &f.x0, nocedal_wright().0, Options::default(), &mut silent).unwrap();
    run.step(&f, &mut silent).unwrap();
    let end = run.finish();
    assert_eq!((end.status, end.iterations), (Status::Interrupted, 1));
}
