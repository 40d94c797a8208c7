//! Runs under argmin's executor against runs of the solver without argmin.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use argmin::core::checkpointing::{Checkpoint, CheckpointingFrequency};
use argmin::core::observers::{Observe, ObserverMode};
use argmin::core::{
    ArgminError, CostFunction, Error, Executor, Gradient, IterState, KV, OptimizationResult, State, TerminationReason,
    TerminationStatus,
};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::BFGS;
use headstart_bfgs::problem::{Instance, lennard_jones, rosenbrock};
use headstart_bfgs::{InitialInverseHessian, Objective, Options, OutOfRange, Status, lbfgs, minimize, start};
use headstart_bfgs_argmin::{Bfgs, reason};
use ndarray::{Array1, Array2, array};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

type Vector = Array1<f64>;
type Iterate = IterState<Vector, Vector, (), Array2<f64>, (), f64>;
type Answer = OptimizationResult<Told, Bfgs, Iterate>;

/// An instance as an argmin problem. It fails after `left` evaluations of the cost.
struct Told {
    instance: Instance,
    left: Cell<u64>,
}

impl Told {
    fn new(instance: &Instance) -> Self {
        Self { instance: instance.clone(), left: Cell::new(u64::MAX) }
    }

    fn evaluate(&self, x: &Vector) -> (f64, Vector) {
        let mut gradient = vec![0.0; x.len()];
        (self.instance.value_gradient(&x.to_vec(), &mut gradient), gradient.into())
    }
}

#[derive(Debug, PartialEq)]
struct PowerCut;

impl std::fmt::Display for PowerCut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("power cut")
    }
}

impl std::error::Error for PowerCut {}

impl CostFunction for Told {
    type Param = Vector;
    type Output = f64;

    fn cost(&self, x: &Vector) -> Result<f64, Error> {
        let left = self.left.get().checked_sub(1).ok_or(PowerCut)?;
        self.left.set(left);
        Ok(self.evaluate(x).0)
    }
}

impl Gradient for Told {
    type Param = Vector;
    type Gradient = Vector;

    fn gradient(&self, x: &Vector) -> Result<Vector, Error> {
        Ok(self.evaluate(x).1)
    }
}

/// A point and the cost there.
type Iterated = (Vec<f64>, f64);

/// Keeps all iterates, x0 first.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Iterated>>>);

impl Observe<Iterate> for Seen {
    fn observe_init(&mut self, name: &str, state: &Iterate, kv: &KV) -> Result<(), Error> {
        assert_eq!(name, "BFGS (headstart)");
        self.observe_iter(state, kv)
    }

    fn observe_iter(&mut self, state: &Iterate, kv: &KV) -> Result<(), Error> {
        assert!(kv.get("evaluations").is_some() && kv.get("gradient_norm").is_some());
        self.0.lock().unwrap().push((state.get_param().unwrap().to_vec(), state.get_cost()));
        Ok(())
    }
}

fn valley(n: usize) -> Instance {
    rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(1)).unwrap()
}

fn run(problem: Told, solver: Bfgs) -> Result<Answer, Error> {
    let x0 = problem.instance.x0.clone().into();
    Executor::new(problem, solver).configure(|state: Iterate| state.param(x0).counting(true)).ctrlc(false).run()
}

fn ended(answer: &Answer) -> TerminationReason {
    match answer.state().get_termination_status() {
        TerminationStatus::Terminated(reason) => reason.clone(),
        TerminationStatus::NotTerminated => panic!("not terminated"),
    }
}

fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

#[test]
fn iterates_and_counts_are_those_of_the_solver_alone() {
    for instance in [valley(20), lennard_jones(7, &mut ChaCha8Rng::seed_from_u64(2)).unwrap()] {
        let (start, _) = start::nocedal_wright();
        let mut expected = Vec::new();
        let alone = minimize(&instance, &instance.x0, &start, &Options::default(), &mut |progress| {
            if progress.accepted {
                expected.push((progress.x.to_vec(), progress.value));
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        let seen = Seen::default();
        let x0: Vector = instance.x0.clone().into();
        let answer = Executor::new(Told::new(&instance), Bfgs::new())
            .configure(|state: Iterate| state.param(x0).counting(true))
            .add_observer(seen.clone(), ObserverMode::Always)
            .ctrlc(false)
            .run()
            .unwrap();
        assert_eq!(*seen.0.lock().unwrap(), expected, "to the last bit");
        assert_eq!(ended(&answer), TerminationReason::SolverConverged);
        let state = answer.state();
        assert_eq!((state.get_iter(), state.get_best_cost()), (alone.iterations, alone.value));
        assert_eq!(state.get_gradient().unwrap().to_vec(), alone.gradient);
        for count in ["cost_count", "gradient_count"] {
            assert_eq!(state.get_func_counts()[count], alone.evaluations, "{count}");
        }
        assert_eq!(answer.solver.into_solution().unwrap(), alone.map(InitialInverseHessian::Dense));
    }
}

/// The state's `inv_hessian` is H0, as for argmin's own BFGS.
#[test]
fn it_replaces_argmins_own_solver() {
    let instance = valley(6);
    let configure =
        |state: Iterate| state.param(instance.x0.clone().into()).inv_hessian(Array2::eye(6) * 1e-3).max_iters(200);
    let line_search = MoreThuenteLineSearch::new().with_c(1e-4, 0.9).unwrap();
    let theirs = Executor::new(Told::new(&instance), BFGS::new(line_search)).configure(configure).ctrlc(false).run();
    let ours = Executor::new(Told::new(&instance), Bfgs::new()).configure(configure).ctrlc(false).run().unwrap();
    let (theirs, x) = (theirs.unwrap(), ours.state().get_best_param().unwrap().clone());
    assert!((&x - 1.0).iter().all(|gap| gap.abs() < 1e-5), "{x}");
    assert!((x - theirs.state().get_best_param().unwrap()).iter().all(|gap| gap.abs() < 1e-4));

    let h0 = InitialInverseHessian::from_dense((Array2::eye(6) * 1e-3).view()).unwrap();
    let given = run(Told::new(&instance), Bfgs::starting_from(h0)).unwrap();
    assert_eq!(given.solver.into_solution().unwrap(), ours.solver.into_solution().unwrap());
}

#[test]
fn a_recycled_matrix_pays() {
    struct Stiff;
    impl CostFunction for Stiff {
        type Param = Vec<f64>;
        type Output = f64;
        fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
            Ok(x.iter().zip(1..).map(|(x, i)| 0.5 * f64::from(i).powi(4) * x * x + 0.25 * x.powi(4)).sum())
        }
    }
    impl Gradient for Stiff {
        type Param = Vec<f64>;
        type Gradient = Vec<f64>;
        fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
            Ok(x.iter().zip(1..).map(|(x, i)| f64::from(i).powi(4) * x + x.powi(3)).collect())
        }
    }
    let solve = |solver: Bfgs, shift: f64| {
        let x0 = (0..20).map(|i| (f64::from(i) + shift).sin()).collect();
        Executor::new(Stiff, solver).configure(|state| state.param(x0)).ctrlc(false).run().unwrap().solver
    };
    let evaluations = |solver: &Bfgs| solver.evaluations().unwrap();
    let h0 = solve(Bfgs::new(), 0.0).inverse_hessian().unwrap();
    let (fresh, recycled) = (solve(Bfgs::new(), 1.0), solve(Bfgs::starting_from(h0), 1.0));
    assert!(2 * evaluations(&recycled) < evaluations(&fresh), "{} {}", evaluations(&recycled), evaluations(&fresh));
}

/// A checkpoint in memory, in a binary form.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Option<Vec<u8>>>>);

impl Checkpoint<Bfgs, Iterate> for Kept {
    fn save(&self, solver: &Bfgs, state: &Iterate) -> Result<(), Error> {
        *self.0.borrow_mut() = Some(postcard::to_stdvec(&(solver, state))?);
        Ok(())
    }

    fn load(&self) -> Result<Option<(Bfgs, Iterate)>, Error> {
        Ok(self.0.borrow().as_deref().map(postcard::from_bytes).transpose()?)
    }

    fn frequency(&self) -> CheckpointingFrequency {
        CheckpointingFrequency::Every(3)
    }
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one() {
    let instance = valley(12);
    let whole = run(Told::new(&instance), Bfgs::new()).unwrap();
    let kept = Kept::default();
    let attempt = |left: u64| {
        let problem = Told { left: Cell::new(left), ..Told::new(&instance) };
        let x0: Vector = instance.x0.clone().into();
        Executor::new(problem, Bfgs::new())
            .configure(|state: Iterate| state.param(x0))
            .checkpointing(kept.clone())
            .ctrlc(false)
            .run()
    };
    let cut = attempt(20).err().unwrap();
    assert_eq!(cut.downcast_ref(), Some(&PowerCut), "an error of the user's functions is returned unchanged");
    assert!(kept.0.borrow().is_some());
    let resumed = attempt(u64::MAX).unwrap();
    assert_eq!(resumed.state().get_iter(), whole.state().get_iter());
    assert_eq!(resumed.solver.into_solution().unwrap(), whole.solver.into_solution().unwrap());
}

#[test]
fn every_status_has_a_termination_reason() {
    let instance = valley(12);
    let with = |change: fn(&mut Options)| {
        let answer = run(Told::new(&instance), Bfgs::new().options(options(change))).unwrap();
        (ended(&answer), answer.solver.status().unwrap())
    };
    for (change, status) in [
        ((|_| {}) as fn(&mut Options), Status::GradientTolerance),
        (|o| o.target = Some(1.0), Status::TargetReached),
        (|o| o.max_evaluations = 9, Status::MaxEvaluations),
        (|o| o.gradient_tolerance = 0.0, Status::Stalled),
    ] {
        assert_eq!(with(change), (reason(status), status));
    }
    assert_eq!(with(|o| o.target = Some(1.0)).0, TerminationReason::TargetCostReached);

    // argmin's own rules.
    let ruled = |rule: fn(Iterate) -> Iterate| {
        let x0: Vector = instance.x0.clone().into();
        Executor::new(Told::new(&instance), Bfgs::new())
            .configure(|state: Iterate| rule(state.param(x0)))
            .ctrlc(false)
            .run()
            .unwrap()
    };
    let few = ruled(|state| state.max_iters(5));
    assert_eq!((ended(&few), few.state().get_iter()), (TerminationReason::MaxItersReached, 5));
    let of_state = few.state().get_inv_hessian().unwrap();
    assert_eq!(InitialInverseHessian::from_dense(of_state.view()).unwrap(), few.solver.inverse_hessian().unwrap());
    let target = ruled(|state| state.target_cost(1.0));
    assert_eq!(ended(&target), TerminationReason::TargetCostReached);
    assert!(target.state().get_best_cost() <= 1.0);

    // A run that starts at the minimum: one evaluation and no iteration.
    let there = run(Told::new(&Instance { x0: vec![1.0; 12], ..instance.clone() }), Bfgs::new()).unwrap();
    assert_eq!((ended(&there), there.state().get_iter()), (TerminationReason::SolverConverged, 0));
    assert_eq!(there.state().get_func_counts()["cost_count"], 1);
}

#[test]
fn a_solver_that_is_used_again_keeps_its_h0() {
    let instance = valley(12);
    let h0 = InitialInverseHessian::Scaled(1e-3);
    let first = run(Told::new(&instance), Bfgs::starting_from(h0)).unwrap();
    let count = first.solver.evaluations();
    let of_state = first.state().get_inv_hessian().cloned().expect("the state has H at the end");
    let again = run(Told::new(&instance), first.solver).unwrap();
    assert_eq!(again.solver.evaluations(), count);
    assert_ne!(run(Told::new(&instance), Bfgs::new()).unwrap().solver.evaluations(), count);
    // H of the state can be the H0 of the next run.
    let x0: Vector = instance.x0.clone().into();
    let configure = |state: Iterate| state.param(x0).inv_hessian(of_state);
    let next = Executor::new(Told::new(&instance), Bfgs::new()).configure(configure).ctrlc(false).run().unwrap();
    assert_eq!(ended(&next), TerminationReason::SolverConverged);
}

#[test]
fn limited_memory_has_the_iterates_of_the_solver_alone() {
    let instance = valley(30);
    let (start, _) = start::nocedal_wright();
    let silent = &mut |_: &headstart_bfgs::Progress<'_>| ControlFlow::Continue(());
    let alone = lbfgs::minimize(&instance, &instance.x0, &start, 5, &Options::default(), silent).unwrap();
    let answer = run(Told::new(&instance), Bfgs::new().limited_memory(5)).unwrap();
    assert_eq!(answer.solver.into_solution().unwrap(), alone);
    assert!(run(Told::new(&instance), Bfgs::new().limited_memory(0)).is_err());
}

#[test]
fn errors_can_be_downcast_to_both_types() {
    let instance = valley(4);
    let refused = |solver: Bfgs, state: fn(Iterate) -> Iterate, x0: [f64; 4]| {
        let configure = |fresh: Iterate| state(fresh.param(x0.to_vec().into()));
        Executor::new(Told::new(&instance), solver).configure(configure).ctrlc(false).run().err().unwrap()
    };
    let plain = |state: Iterate| state;
    let kind = |error: &Error| format!("{:?}", error.downcast_ref::<ArgminError>().expect("argmin's own type"));
    let cause = |error: &Error| error.downcast_ref::<headstart_bfgs::Error>().cloned();

    let error = refused(Bfgs::new(), |state| state.inv_hessian(array![[1.0, 0.0], [0.0, -1.0]]), [0.0; 4]);
    assert!(kind(&error).contains("InvalidParameter") && error.to_string().contains("pivot 1"), "{error}");
    assert_eq!(cause(&error), Some(headstart_bfgs::Error::H0NotPositiveDefinite { pivot: 1 }));
    let error = refused(Bfgs::new(), |state| state.inv_hessian(Array2::eye(3)), [0.0; 4]);
    assert!(matches!(cause(&error), Some(headstart_bfgs::Error::Dimension { given: 3, expected: 4, .. })), "{error}");
    let error = refused(Bfgs::new(), plain, [f64::NAN; 4]);
    assert!(kind(&error).contains("ConditionViolated"), "{error}");
    assert!(matches!(cause(&error), Some(headstart_bfgs::Error::NonFiniteStart { .. })));
    let error = refused(Bfgs::new().options(options(|o| o.max_evaluations = 0)), plain, [0.0; 4]);
    assert!(matches!(
        cause(&error),
        Some(headstart_bfgs::Error::OutOfRange(OutOfRange { name: "max_evaluations", .. }))
    ));
    let twice = refused(Bfgs::starting_from(start::identity().0), |state| state.inv_hessian(Array2::eye(4)), [0.0; 4]);
    assert!(kind(&twice).contains("InvalidParameter") && twice.to_string().contains("once"), "{twice}");

    let nowhere = Executor::new(Told::new(&instance), Bfgs::new()).configure(plain).ctrlc(false).run();
    let error = nowhere.err().unwrap();
    assert!(kind(&error).contains("NotInitialized") && error.to_string().contains("param(x0)"), "{error}");
}

/// Where the cost is infinite the gradient is not evaluated, and the line search shortens its step.
#[test]
fn the_step_is_shortened_at_undefined_points() {
    struct Barrier(Cell<u64>);
    impl CostFunction for Barrier {
        type Param = Vector;
        type Output = f64;
        fn cost(&self, x: &Vector) -> Result<f64, Error> {
            let inside = x[0] > 0.0 && x[0] < 1.0;
            self.0.set(self.0.get() + u64::from(!inside));
            Ok(if inside { -x[0].ln() - (1.0 - x[0]).ln() } else { f64::INFINITY })
        }
    }
    impl Gradient for Barrier {
        type Param = Vector;
        type Gradient = Vector;
        fn gradient(&self, x: &Vector) -> Result<Vector, Error> {
            assert!(x[0] > 0.0 && x[0] < 1.0, "asked outside");
            Ok(array![-1.0 / x[0] + 1.0 / (1.0 - x[0])])
        }
    }
    let answer = Executor::new(Barrier(Cell::new(0)), Bfgs::starting_from(InitialInverseHessian::Scaled(1e3)))
        .configure(|state: Iterate| state.param(array![1e-3]).counting(true))
        .ctrlc(false)
        .run()
        .unwrap();
    let outside = answer.problem.problem.as_ref().unwrap().0.get();
    let counts = answer.state().get_func_counts();
    assert!(outside > 0);
    assert_eq!(counts["cost_count"], counts["gradient_count"] + outside);
    assert!((answer.state().get_best_param().unwrap()[0] - 0.5).abs() < 1e-6);
}
