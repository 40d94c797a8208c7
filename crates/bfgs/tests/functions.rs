//! Gradients and Hessians against finite differences, and the properties of the generated instances.

use std::ops::ControlFlow;

use headstart_bfgs::problem::{
    Function, Instance, ProblemError, broyden_tridiagonal, correlated_classes, gaussian_process, least_squares,
    lennard_jones, logistic, network, pendulum, powell_singular, quadratic, quadratic_outliers, rastrigin, rosenbrock,
    sequence,
};
use headstart_bfgs::{Error, InitialInverseHessian, Objective, Options, minimize, start};
use ndarray::{Array1, Array2, array};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn one_of_each(rng: &mut ChaCha8Rng) -> Vec<Instance> {
    let features = Array2::from_shape_simple_fn((30, 4), || rng.random_range(-2.0..2.0));
    let targets = Array1::from_shape_simple_fn(30, || rng.random_range(-2.0..2.0));
    let labels = targets.mapv(f64::signum);
    vec![
        quadratic(9, 1e3, 10.0, rng).unwrap(),
        quadratic_outliers(12, 3, rng).unwrap(),
        rosenbrock(8, rng).unwrap(),
        broyden_tridiagonal(7, rng).unwrap(),
        logistic(features.clone(), labels, 1e-2, rng).unwrap(),
        least_squares(features.clone(), targets.clone(), 0.3, rng).unwrap(),
        network(features.clone(), targets.clone(), 3, 0.02, rng).unwrap(),
        gaussian_process(features, targets, rng).unwrap(),
        powell_singular(8, rng).unwrap(),
        lennard_jones(6, rng).unwrap(),
        rastrigin(6, 100.0, rng).unwrap(),
        correlated_classes(rng).unwrap(),
        pendulum(9, rng).unwrap(),
        // In a trap, and with the torques of a later time step first.
        sequence::opening_trap(4, 3, rng).unwrap().pop().unwrap(),
        sequence::receding_horizon(7, 4, rng)
            .map(|mut all| Instance { x0: vec![0.3; 7], ..all.pop().unwrap() })
            .unwrap(),
    ]
}

fn gradient(objective: &impl Objective, x: &[f64]) -> Vec<f64> {
    let mut gradient = vec![f64::NAN; x.len()];
    objective.value_gradient(x, &mut gradient);
    gradient
}

/// Fourth-order finite difference along unknown j.
fn difference(x: &[f64], j: usize, f: impl Fn(&[f64]) -> f64) -> f64 {
    let h = 1e-4 * x[j].abs().max(1.0);
    let at = |steps: f64| {
        let mut moved = x.to_vec();
        moved[j] += steps * h;
        f(&moved)
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
}

#[test]
fn derivatives_agree_with_finite_differences() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    for instance in one_of_each(&mut rng) {
        let x = &instance.x0;
        assert_eq!(x.len(), instance.dim());
        let exact = gradient(&instance, x);
        let hessian = instance.hessian(x).unwrap();
        let scale = exact.iter().fold(1.0, |most: f64, g| most.max(g.abs()));
        let hessian_scale = hessian.iter().fold(1.0, |most: f64, h| most.max(h.abs()));
        for j in 0..x.len() {
            let slope = difference(x, j, |x| instance.value_gradient(x, &mut vec![0.0; x.len()]));
            assert!((slope - exact[j]).abs() < 1e-7 * scale, "{:?}: {slope}, {}", instance.function, exact[j]);
            for i in 0..x.len() {
                let second = difference(x, j, |x| gradient(&instance, x)[i]);
                let gap = (second - hessian[[i, j]]).abs();
                assert!(gap < 1e-6 * hessian_scale, "{:?}: ({i}, {j}) {second}", instance.function);
                assert!((hessian[[i, j]] - hessian[[j, i]]).abs() <= 1e-14 * hessian_scale);
            }
        }
    }
}

#[test]
fn starting_points_share_a_distribution_and_differ() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for instance in one_of_each(&mut rng) {
        let another = instance.sample_x0(&mut rng);
        assert_eq!(another.len(), instance.x0.len());
        assert_ne!(another, instance.x0);
        let value = instance.value_gradient(&another, &mut vec![0.0; another.len()]);
        assert!(value.is_finite() && value.abs() < 1e6, "{:?}: {value}", instance.function);
    }
}

#[test]
fn the_same_stream_makes_the_same_instance() {
    let draw = || one_of_each(&mut ChaCha8Rng::seed_from_u64(13));
    assert_eq!(draw(), draw());
}

#[test]
fn quadratics_have_the_requested_spectrum() {
    let mut rng = ChaCha8Rng::seed_from_u64(14);
    let values = |instance: &Instance| {
        let hessian = instance.hessian(&instance.x0).unwrap();
        headstart_linalg::eigh(hessian.view()).unwrap().values.to_vec()
    };
    let spectrum = values(&quadratic(5, 1e4, 3.0, &mut rng).unwrap());
    assert!(spectrum.iter().zip([3.0, 30.0, 300.0, 3e3, 3e4]).all(|(a, b)| (a / b - 1.0).abs() < 1e-10));
    let spectrum = values(&quadratic_outliers(40, 5, &mut rng).unwrap());
    assert!(spectrum[..35].iter().all(|value| (0.999..2.001).contains(value)));
    assert!((spectrum[35] / 1e3 - 1.0).abs() < 1e-10 && (spectrum[39] / 1e4 - 1.0).abs() < 1e-10);
}

#[test]
fn logistic_loss_neither_overflows_nor_loses_digits() {
    let mut rng = ChaCha8Rng::seed_from_u64(15);
    let instance = logistic(array![[1.0], [1.0]], array![1.0, 1.0], 0.0, &mut rng).unwrap();
    let at = |w: f64| {
        let mut gradient = [0.0; 2];
        (instance.value_gradient(&[w, 0.0], &mut gradient), gradient)
    };
    assert_eq!(at(-1e4), (1e4, [-1.0, -1.0]));
    let (value, gradient) = at(40.0);
    assert!((value / (-40f64).exp() - 1.0).abs() < 1e-12 && (gradient[0] / -(-40f64).exp() - 1.0).abs() < 1e-12);
    assert_eq!(at(1e4).0, 0.0);
}

/// A network of one unit on one row, computed by its formula.
#[test]
fn a_network_agrees_with_its_formula() {
    let mut rng = ChaCha8Rng::seed_from_u64(20);
    let instance = network(array![[2.0]], array![0.7], 1, 0.1, &mut rng).unwrap();
    let (w, b, v, c) = (0.3, -0.2, 1.5, 0.4);
    let prediction: f64 = c + v * (b + w * 2.0f64).tanh();
    let expected = 0.5 * (prediction - 0.7).powi(2) + 0.05 * (w * w + v * v);
    assert!((instance.value_gradient(&[w, b, v, c], &mut [0.0; 4]) - expected).abs() < 1e-15);
    // In x0 the biases are zero and the weights are within Glorot's bound.
    let x0 = network(Array2::zeros((1, 10)), array![0.0], 5, 0.0, &mut rng).unwrap().x0;
    let (inner, outer) = (x0[..55].chunks(11), &x0[55..]);
    assert_eq!((x0.len(), outer[5]), (61, 0.0));
    assert!(inner.clone().all(|unit| unit[10] == 0.0 && unit[..10].iter().all(|w| *w != 0.0 && w.abs() < 0.64)));
    assert!(outer[..5].iter().all(|v| *v != 0.0 && v.abs() <= 1.0));
}

/// With very short length scales the rows are uncorrelated, and the targets are independent normal numbers. With one
/// feature, two rows are a bivariate normal, whose density is computed by its formula.
#[test]
fn a_gaussian_process_is_the_density_of_its_targets() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let half_log_tau = 0.5 * std::f64::consts::TAU.ln();
    let (t, features) = (array![0.5, -1.0, 2.0], array![[0.0, 0.0], [1.0, 3.0], [2.0, -1.0]]);
    let apart = gaussian_process(features, t.clone(), &mut rng).unwrap();
    let (f, n): (f64, f64) = (0.3, -0.4);
    let variance = (2.0 * f).exp() + (2.0 * n).exp();
    let expected = 0.5 * t.dot(&t) / variance + 3.0 * (0.5 * variance.ln() + half_log_tau);
    assert!((apart.value_gradient(&[-9.0, -9.0, f, n], &mut [0.0; 4]) - expected).abs() < 1e-12);

    let pair = gaussian_process(array![[0.0], [1.0]], array![0.5, -1.0], &mut rng).unwrap();
    let together = (2.0 * f).exp() * (-0.5 * (-2.0 * 0.7f64).exp()).exp();
    let (plus, minus) = (variance + together, variance - together);
    let expected = 0.25 * (0.25 / plus + 2.25 / minus) + 0.5 * (plus * minus).ln() + 2.0 * half_log_tau;
    assert!((pair.value_gradient(&[0.7, f, n], &mut [0.0; 3]) - expected).abs() < 1e-12);
}

/// Kernels that overflow or are singular up to rounding give an infinite value. A run shortens its step there, and a
/// run that would start there is refused.
#[test]
fn a_kernel_without_a_factorisation_gives_infinity() {
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let features = Array2::from_shape_simple_fn((12, 2), || rng.random_range(-1.0..1.0));
    let targets = features.column(0).to_owned();
    let instance = gaussian_process(features, targets, &mut rng).unwrap();
    for x in [[0.0, 0.0, 400.0, 0.0], [9.0, 9.0, 0.0, -20.0], [-800.0, 0.0, 0.0, 0.0]] {
        let mut gradient = [0.0; 4];
        assert_eq!(instance.value_gradient(&x, &mut gradient), f64::INFINITY, "{x:?}");
        let error =
            minimize(&instance, &x, &start::identity().0, &Options::default(), &mut |_| ControlFlow::Continue(()));
        assert!(matches!(error, Err(Error::NonFiniteStart { .. })), "{x:?}");
    }
    // A first step of length about 1e3 leaves the region where f is finite.
    let bold = InitialInverseHessian::Scaled(1e3).into();
    let end =
        minimize(&instance, &instance.x0, &bold, &Options::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(end.value.is_finite() && end.value < instance.value_gradient(&instance.x0, &mut [0.0; 4]));
}

#[test]
fn known_optima() {
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let cluster = lennard_jones(13, &mut rng).unwrap();
    assert!((cluster.optimum().unwrap() + 44.326_801).abs() < 1e-6);
    assert!((lennard_jones(38, &mut rng).unwrap().optimum().unwrap() + 173.928_427).abs() < 1e-6);
    assert_eq!(lennard_jones(14, &mut rng).unwrap().optimum(), None);
    assert_eq!(rosenbrock(10, &mut rng).unwrap().optimum(), Some(0.0));
    let flat = powell_singular(8, &mut rng).unwrap();
    assert_eq!((flat.optimum(), flat.value_gradient(&[0.0; 8], &mut [0.0; 8])), (Some(0.0), 0.0));
    let valley = rosenbrock(10, &mut rng).unwrap();
    assert_eq!(valley.value_gradient(&[1.0; 10], &mut [0.0; 10]), 0.0);
    // Two atoms at the bottom of the pair potential.
    let pair = lennard_jones(2, &mut rng).unwrap();
    let distance = 2f64.powf(1.0 / 6.0);
    assert!((pair.value_gradient(&[0.0, 0.0, 0.0, distance, 0.0, 0.0], &mut [0.0; 6]) + 1.0).abs() < 1e-14);
}

#[test]
fn impossible_sizes_are_refused() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let refused = |made: Result<_, ProblemError>| match made {
        Err(ProblemError::OutOfRange(error)) => error.value,
        _ => panic!("the size must be refused"),
    };
    assert_eq!(refused(rosenbrock(7, &mut rng)), 7.0);
    assert_eq!(refused(powell_singular(6, &mut rng)), 6.0);
    assert!(network(array![[1.0]], array![1.0], 0, 0.0, &mut rng).is_err());
    assert!(network(array![[1.0]], array![1.0], 1, f64::NAN, &mut rng).is_err());
    assert!(gaussian_process(array![[1.0], [2.0]], array![1.0], &mut rng).is_err());
    assert_eq!(refused(quadratic(3, 0.5, 1.0, &mut rng)), 0.5);
    assert!(quadratic(3, 10.0, 0.0, &mut rng).is_err() && quadratic(0, 10.0, 1.0, &mut rng).is_err());
    assert!(quadratic_outliers(3, 4, &mut rng).is_err());
    assert!(lennard_jones(1, &mut rng).is_err() && broyden_tridiagonal(0, &mut rng).is_err());
    assert!(rastrigin(2, f64::NAN, &mut rng).is_err());
    let label = logistic(array![[1.0], [2.0]], array![1.0, 0.0], 0.0, &mut rng);
    assert!(matches!(label, Err(ProblemError::Label { row: 1, .. })));
    assert!(least_squares(array![[f64::NAN]], array![1.0], 0.0, &mut rng).is_err());
    assert!(least_squares(array![[1.0], [2.0]], array![1.0], 0.0, &mut rng).is_err());
    assert!(least_squares(array![[1.0]], array![1.0], -1.0, &mut rng).is_err());
}

#[test]
fn a_function_is_serialised_without_its_starting_point() {
    let mut rng = ChaCha8Rng::seed_from_u64(18);
    let mut instance = rosenbrock(4, &mut rng).unwrap();
    let before = serde_json::to_string(&instance).unwrap();
    instance.x0[0] += 1.0;
    assert_eq!(before, serde_json::to_string(&instance).unwrap());
    assert!(matches!(instance.function, Function::Rosenbrock(_)) && before.contains("weights"));
}
