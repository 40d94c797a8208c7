//! One quasi-Newton iteration of `headstart-bfgs`, basin and argmin, on the same function from the same point; the same for
//! L-BFGS beside argmin and liblbfgs (a port of libLBFGS to Rust).
//!
//! `cargo bench -p headstart-kernels --bench bfgs`; the time that criterion prints is that of one iteration. The
//! function is the extended Rosenbrock function, whose gradient costs only n operations, so that the solver dominates. All
//! solvers are timed over the same iterations of runs from the same x0, on one thread. basin supports several vector types:
//! its default and the fastest of them are timed.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use argmin::core::{IterState, Solver as _, State as _};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::{BFGS, LBFGS};
use basin::Solver as _;
use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use headstart_bfgs::problem::{Instance, rosenbrock};
use headstart_bfgs::{Objective, Options, Progress, lbfgs, minimize, start};
use ndarray::{Array1, Array2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Iterations before timing starts: after them H is not a multiple of the unit matrix.
const WARM_UP: u64 = 2;
/// The same for L-BFGS: the memory of six pairs, which liblbfgs fixes, is full.
const WARM_UP_LIMITED: u64 = 8;
const PAIRS: usize = 6;
/// Largest number of iterations that are timed in one run: no solver is near the minimum by then.
const RUN: u64 = 20;

/// The function, with the interface of each solver.
struct Valley(Instance);

impl Valley {
    fn new(n: usize) -> Self {
        Self(rosenbrock(n, &mut ChaCha8Rng::seed_from_u64(1)).expect("n is even"))
    }

    fn evaluate(&self, x: &[f64]) -> (f64, Vec<f64>) {
        let mut gradient = vec![0.0; x.len()];
        (self.0.value_gradient(x, &mut gradient), gradient)
    }
}

/// The function on one of basin's vector types.
struct ForBasin<V>(Valley, PhantomData<V>);

/// The operations needed from basin's vector types.
trait Backend: Sized {
    fn from_entries(entries: Vec<f64>) -> Self;
    fn entries(&self) -> &[f64];
}

impl Backend for Vec<f64> {
    fn from_entries(entries: Vec<f64>) -> Self {
        entries
    }

    fn entries(&self) -> &[f64] {
        self
    }
}

impl Backend for faer::Col<f64> {
    fn from_entries(entries: Vec<f64>) -> Self {
        Self::from_fn(entries.len(), |i| entries[i])
    }

    fn entries(&self) -> &[f64] {
        self.try_as_col_major().expect("contiguous").as_slice()
    }
}

impl<V: Backend> basin::CostFunction for ForBasin<V> {
    type Param = V;
    type Output = f64;
    type Error = Infallible;

    fn cost(&self, x: &V) -> Result<f64, Infallible> {
        Ok(self.0.evaluate(x.entries()).0)
    }
}

impl<V: Backend> basin::Gradient for ForBasin<V> {
    type Gradient = V;

    fn gradient(&self, x: &V) -> Result<V, Infallible> {
        Ok(self.cost_and_gradient(x)?.1)
    }

    fn cost_and_gradient(&self, x: &V) -> Result<(f64, V), Infallible> {
        let (value, gradient) = self.0.evaluate(x.entries());
        Ok((value, V::from_entries(gradient)))
    }
}

impl argmin::core::CostFunction for Valley {
    type Param = Array1<f64>;
    type Output = f64;

    fn cost(&self, x: &Array1<f64>) -> Result<f64, argmin::core::Error> {
        Ok(self.evaluate(x.as_slice().expect("contiguous")).0)
    }
}

impl argmin::core::Gradient for Valley {
    type Param = Array1<f64>;
    type Gradient = Array1<f64>;

    fn gradient(&self, x: &Array1<f64>) -> Result<Array1<f64>, argmin::core::Error> {
        Ok(self.evaluate(x.as_slice().expect("contiguous")).1.into())
    }
}

/// Times `count` iterations of a run after the warm-up, and returns the value at its end.
type Run = fn(&Instance, u64) -> (Duration, f64);

fn ours(valley: &Instance, count: u64) -> (Duration, f64) {
    let mut watch = Watch::new(WARM_UP, count);
    let start = start::nocedal_wright().0;
    let end = minimize(valley, &valley.x0, &start, &Options::default(), &mut |progress| watch.see(progress));
    (watch.taken.expect("the run is long enough"), end.expect("the function is smooth").value)
}

fn ours_limited(valley: &Instance, count: u64) -> (Duration, f64) {
    let mut watch = Watch::new(WARM_UP_LIMITED, count);
    let start = start::nocedal_wright().0;
    let options = Options::default();
    let end = lbfgs::minimize(valley, &valley.x0, &start, PAIRS, &options, &mut |progress| watch.see(progress));
    (watch.taken.expect("the run is long enough"), end.expect("the function is smooth").value)
}

/// Times the iterations after a warm-up.
struct Watch {
    iterates: u64,
    warm_up: u64,
    count: u64,
    began: Instant,
    taken: Option<Duration>,
}

impl Watch {
    fn new(warm_up: u64, count: u64) -> Self {
        Self { iterates: 0, warm_up, count, began: Instant::now(), taken: None }
    }

    fn see(&mut self, progress: &Progress<'_>) -> ControlFlow<()> {
        // The first accepted point is x0.
        self.iterates += u64::from(progress.accepted);
        if self.iterates == 1 + self.warm_up && progress.accepted {
            self.began = Instant::now();
        }
        if self.iterates > self.warm_up + self.count {
            self.taken = Some(self.began.elapsed());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

macro_rules! basin_on {
    ($name:ident, $vector:ty) => {
        fn $name(valley: &Instance, count: u64) -> (Duration, f64) {
            let mut problem = basin::Problem::new(ForBasin::<$vector>(Valley(valley.clone()), PhantomData));
            let mut solver = basin::Bfgs::<$vector>::new();
            let x0 = <$vector>::from_entries(valley.x0.clone());
            let Ok(mut state) = solver.init(&mut problem, basin::FirstOrderState::new(x0));
            let mut began = Instant::now();
            for iteration in 0..WARM_UP + count {
                if iteration == WARM_UP {
                    began = Instant::now();
                }
                let Ok(step) = solver.next_iter(&mut problem, state);
                assert!(step.termination.is_none(), "basin stopped early");
                state = step.state;
            }
            (began.elapsed(), basin::State::cost(&state))
        }
    };
}

basin_on!(basin_on_vec, Vec<f64>);
basin_on!(basin_on_faer, faer::Col<f64>);

fn argmin(valley: &Instance, count: u64) -> (Duration, f64) {
    let mut problem = argmin::core::Problem::new(Valley(valley.clone()));
    let mut solver = BFGS::new(MoreThuenteLineSearch::new().with_c(1e-4, 0.9).expect("valid constants"));
    let state = IterState::new().param(valley.x0.clone().into()).inv_hessian(Array2::eye(valley.x0.len()));
    let (mut state, _) = solver.init(&mut problem, state).expect("x0 and H0 are given");
    let mut began = Instant::now();
    for iteration in 0..WARM_UP + count {
        if iteration == WARM_UP {
            began = Instant::now();
        }
        state = solver.next_iter(&mut problem, state).expect("the function is smooth").0;
        state.update();
    }
    (began.elapsed(), state.get_cost())
}

fn argmin_limited(valley: &Instance, count: u64) -> (Duration, f64) {
    let mut problem = argmin::core::Problem::new(Valley(valley.clone()));
    let line_search = MoreThuenteLineSearch::new().with_c(1e-4, 0.9).expect("valid constants");
    let mut solver = LBFGS::new(line_search, PAIRS);
    let state = IterState::new().param(Array1::from(valley.x0.clone()));
    let (mut state, _) = solver.init(&mut problem, state).expect("x0 is given");
    let mut began = Instant::now();
    for iteration in 0..WARM_UP_LIMITED + count {
        if iteration == WARM_UP_LIMITED {
            began = Instant::now();
        }
        state = solver.next_iter(&mut problem, state).expect("the function is smooth").0;
        state.update();
    }
    (began.elapsed(), state.get_cost())
}

fn liblbfgs(valley: &Instance, count: u64) -> (Duration, f64) {
    let (mut x, mut iterates) = (valley.x0.clone(), 0);
    let (mut began, mut taken, mut value) = (Instant::now(), None, f64::NAN);
    let evaluate = |x: &[f64], gradient: &mut [f64]| Ok(valley.value_gradient(x, gradient));
    let watch = |progress: &liblbfgs::Progress<'_>| {
        iterates += 1;
        if iterates == WARM_UP_LIMITED {
            began = Instant::now();
        }
        if iterates == WARM_UP_LIMITED + count {
            taken = Some(began.elapsed());
            value = progress.fx;
        }
        taken.is_some()
    };
    // A run that the caller ends is an error to some versions.
    let _ = liblbfgs::lbfgs().minimize(&mut x, evaluate, watch);
    (taken.expect("the run is long enough"), value)
}

fn iterations(criterion: &mut Criterion) {
    let full =
        [("headstart", ours as Run), ("basin", basin_on_vec), ("basin, faer", basin_on_faer), ("argmin", argmin)];
    let limited = [("headstart", ours_limited as Run), ("argmin", argmin_limited), ("liblbfgs", liblbfgs)];
    compare(criterion, "one iteration", [100, 500, 1000], &full);
    compare(criterion, "one iteration of L-BFGS", [1000, 10_000, 100_000], &limited);
}

fn compare(criterion: &mut Criterion, what: &str, sizes: [usize; 3], sides: &[(&str, Run)]) {
    for n in sizes {
        let Valley(valley) = Valley::new(n);
        let mut group = criterion.benchmark_group(format!("{what}, n = {n}"));
        group.sampling_mode(SamplingMode::Flat).sample_size(10);
        for (name, run) in sides.iter().copied() {
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter_custom(|count| {
                    let mut taken = Duration::ZERO;
                    let mut left = count;
                    while left > 0 {
                        let (time, value) = run(&valley, left.min(RUN));
                        assert!(value < 30.0 * n as f64, "{name} went astray");
                        taken += time;
                        left -= left.min(RUN);
                    }
                    taken
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, iterations);
criterion_main!(benches);
