//! Gains and rules against published numbers, and starts against the rules.

use headstart_nn::{
    Activation, Attention, Loss, Method, Network, Optimiser, Role, Sequential, Shape as Sample, Target, Tensor,
    statistics,
};
use headstart_varinit::init::{self, Fan, Scaling, Shape};
use headstart_varinit::{Streams, exact_gain, start, torch_gain, variance};
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn moments(w: &[f64]) -> (f64, f64) {
    let n = w.len() as f64;
    let mean = w.iter().sum::<f64>() / n;
    (mean, w.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
}

/// Checks that the variance of n draws lies within five standard deviations of `expected`: sqrt((kurtosis - 1) / n),
/// relative.
fn has_variance(w: &[f64], expected: f64, kurtosis: f64) {
    let (mean, variance) = moments(w);
    let n = w.len() as f64;
    assert!((variance / expected - 1.0).abs() < 5.0 * ((kurtosis - 1.0) / n).sqrt(), "{variance} for {expected}");
    assert!(mean.abs() < 5.0 * (expected / n).sqrt());
}

#[test]
fn gains() {
    // From the trapezoidal rule on two million points in Python, and closed forms: ReLU sqrt 2, leaky sqrt(2 / (1 +
    // a^2)).
    for (function, gain) in [
        (Activation::Identity, 1.0),
        (Activation::Relu, 2.0_f64.sqrt()),
        (Activation::Tanh, 1.592_537_419_729),
        (Activation::Gelu, 1.533_530_441_202),
        (Activation::Silu, 1.676_532_470_338),
        (Activation::Selu, 1.000),
        (Activation::Elu, 1.245_198_300_706),
        (Activation::Sigmoid, 1.846_228_545_346),
        (Activation::Leaky(0.5), (2.0_f64 / 1.25).sqrt()),
    ] {
        assert!((exact_gain(function) - gain).abs() < 1e-8, "{function:?}: {}", exact_gain(function));
    }
    // torch.nn.init.calculate_gain of PyTorch 2.13.
    for (function, gain) in [
        (Activation::Identity, 1.0),
        (Activation::Sigmoid, 1.0),
        (Activation::Tanh, 1.666_666_666_666_666_7),
        (Activation::Relu, std::f64::consts::SQRT_2),
        (Activation::Leaky(0.01), 1.414_142_856_998_542_7),
        (Activation::Selu, 0.75),
    ] {
        assert!((torch_gain(function).unwrap() - gain).abs() < 1e-9, "{function:?}");
    }
    assert!(torch_gain(Activation::Gelu).unwrap_err().to_string().contains("exact_gain"));
}

#[test]
fn variances_of_draws() {
    let fans = [100, 300];
    let w = &mut vec![0.0; 200_000];
    let rng = &mut rng(1);
    init::xavier_uniform(w, fans, 2.0, rng).unwrap();
    has_variance(w, 4.0 * 2.0 / 400.0, 1.8);
    let bound = 2.0 * (6.0_f64 / 400.0).sqrt();
    assert!(w.iter().all(|x| x.abs() <= bound) && w.iter().any(|x| x.abs() > 0.999 * bound));
    init::xavier_normal(w, fans, 1.0, rng).unwrap();
    has_variance(w, variance::glorot(fans), 3.0);
    for (fan, n) in [(Fan::In, 100.0), (Fan::Out, 300.0), (Fan::Average, 200.0)] {
        init::kaiming_normal(w, fans, fan, 2.0_f64.sqrt(), rng).unwrap();
        has_variance(w, 2.0 / n, 3.0);
        init::kaiming_uniform(w, fans, fan, 1.0, rng).unwrap();
        has_variance(w, 1.0 / n, 1.8);
    }
    init::torch_default(w, 100, rng).unwrap();
    has_variance(w, 1.0 / 300.0, 1.8);
    // With the corrected variance, and as in torch.
    init::lecun_normal(w, fans, rng).unwrap();
    has_variance(w, 0.01, 3.0);
    assert!(w.iter().all(|x| x.abs() <= 2.0 * 0.1 / init::TRUNCATED_DEVIATION));
    init::truncated_normal(w, 0.5, 2.0, rng).unwrap();
    has_variance(w, (0.5 * init::TRUNCATED_DEVIATION).powi(2), 3.0);
    init::with_variance(w, 0.3, Shape::Uniform, rng).unwrap();
    has_variance(w, 0.3, 1.8);
    assert!(init::with_variance(w, 0.0, Shape::Normal, rng).is_err());
    assert!(init::uniform(w, 1.0, 1.0, rng).unwrap_err().to_string().contains("upper bound is 1"));
}

#[test]
fn orthogonal_matrices() {
    for shape in [vec![40, 40], vec![60, 20], vec![20, 60], vec![3, 3, 4, 8]] {
        let (inputs, outputs) = (shape[..shape.len() - 1].iter().product::<usize>(), shape[shape.len() - 1]);
        let tensor = Tensor::new("w", Role::Weight, &shape, [inputs, outputs]);
        let mut w: Vec<f64> = vec![0.0; tensor.numbers()];
        init::orthogonal(&mut w, &tensor, 2.0, &mut rng(2)).unwrap();
        let w = Array2::from_shape_vec((inputs, outputs), w).unwrap();
        let product = if inputs >= outputs { w.t().dot(&w) } else { w.dot(&w.t()) };
        for ((i, j), value) in product.indexed_iter() {
            let expected: f64 = if i == j { 4.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-10);
        }
    }
    let bias = Tensor::new("b", Role::Bias, &[5], [1, 1]);
    assert!(init::orthogonal(&mut [0.0_f64; 5], &bias, 1.0, &mut rng(2)).unwrap_err().to_string().contains("two axes"));
}

#[test]
fn sparse_and_dirac() {
    let tensor = Tensor::new("w", Role::Weight, &[50, 30], [50, 30]);
    let mut w = vec![0.0; 1500];
    init::sparse(&mut w, &tensor, 0.31, 0.1, &mut rng(3)).unwrap();
    for output in 0..30 {
        assert_eq!((0..50).filter(|input| w[input * 30 + output] == 0.0).count(), 16, "0.31 of 50, rounded up");
    }
    let shape = Sample::picture(4, 5, 3);
    let window = headstart_nn::Window::same(3);
    let mut network = Network::new(Sequential::<f64>::new(shape).conv(3, window)).unwrap();
    let tensor = network.tensor("0.weight").unwrap().clone();
    init::dirac(&mut network.parameters_mut()[tensor.range()], &tensor).unwrap();
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    assert_eq!(network.forward(&x, None).unwrap(), x);
}

/// Cov w = (2 / n) S^-1, and E Var(w x) = 2 for all scalings.
#[test]
fn weights_for_correlated_inputs() {
    let n = 6;
    let mix =
        Array2::from_shape_fn((n, n), |(i, j)| ((i * 5 + j * 3) % 7) as f64 / 7.0 + if i == j { 1.5 } else { 0.0 });
    let covariance = mix.dot(&mix.t());
    let outputs = 40_000;
    for scaling in [Scaling::Mahalanobis, Scaling::Diagonal, Scaling::Isotropic] {
        let mut w = vec![0.0; n * outputs];
        assert_eq!(init::mahalanobis(&mut w, covariance.view(), scaling, 2.0, &mut rng(4)).unwrap(), n);
        let w = Array2::from_shape_vec((n, outputs), w).unwrap();
        let found = w.dot(&w.t()) / outputs as f64;
        let variance = (&found * &covariance).sum();
        // The mean of `outputs` quadratic forms with mean 2 and variance at most 2 * 2^2.
        assert!((variance - 2.0).abs() < 5.0 * (8.0 / outputs as f64).sqrt(), "{scaling:?}: {variance}");
        if scaling == Scaling::Mahalanobis {
            // Shape: S^(1/2) Cov w S^(1/2) is a multiple of the identity, checked through Cov w S.
            for ((i, j), value) in found.dot(&covariance).indexed_iter() {
                let expected = if i == j { 2.0 / n as f64 } else { 0.0 };
                assert!((value - expected).abs() < 0.1 * 2.0 / n as f64 * 3.0, "{i} {j}: {value}");
            }
        }
    }
    // A direction without variance gets no weight.
    let mut flat = Array2::eye(3);
    flat[[2, 2]] = 0.0;
    let mut w = vec![0.0; 3];
    assert_eq!(init::mahalanobis(&mut w, flat.view(), Scaling::Mahalanobis, 2.0, &mut rng(5)).unwrap(), 2);
    assert_eq!(w[2], 0.0);
    assert!((init::effective_rank(Array2::<f64>::eye(5).view()).unwrap() - 5.0).abs() < 1e-12);
    let wrong = Array2::from_shape_vec((2, 2), vec![1.0, 2.0, 0.0, 1.0]).unwrap();
    let refused = init::mahalanobis(&mut w[..2], wrong.view(), Scaling::Diagonal, 2.0, &mut rng(5)).unwrap_err();
    assert!(refused.to_string().contains("not symmetric at row 0, column 1"));
}

fn mean_log_ratio(
    depth: usize,
    draws: u64,
    body: impl Fn() -> Sequential<f64>,
    make: impl Fn(&mut Network<f64>, u64),
) -> f64 {
    let mut sum = 0.0;
    for seed in 0..draws {
        let mut network = Network::new(body()).unwrap();
        make(&mut network, seed);
        let mut x = vec![0.0; 64 * network.input().numbers()];
        init::normal(&mut x, 1.0, &mut rng(900 + seed));
        network.forward(&x, Some(&mut rng(800 + seed))).unwrap();
        let all = statistics::statistics(&network);
        let dense: Vec<f64> = all.iter().filter(|s| s.path[0] % depth == 0).map(|s| s.square).collect();
        sum += (dense[dense.len() - 1] / dense[0]).ln();
    }
    sum / draws as f64
}

fn deep(width: usize, layers: usize, after: impl Fn(Sequential<f64>) -> Sequential<f64>) -> Sequential<f64> {
    (0..layers).fold(Sequential::new(Sample::vector(width)), |body, _| after(body.dense(width)))
}

/// The domain brief: over 19 layers, plain He multiplies the variance by 1.25^19 = 69.4 with PReLU a = 0.5, and by 2^19
/// with dropout 0.5.
#[test]
fn rules_keep_the_variance_and_their_rivals_do_not() {
    let he =
        |gain: f64| move |network: &mut Network<f64>, seed: u64| start::forward(network, gain, &mut rng(seed)).unwrap();
    let prelu = || {
        let body = deep(100, 20, |body| body.activation(Activation::Leaky(0.5)));
        body.linear(1)
    };
    let n = 100.0;
    // Var[ln q] is about 5 (L - 1) / n per draw for ReLU (less here), and E[ln q] is lower by half of it.
    let tolerance = |draws: f64| 4.0 * (5.0_f64 * 19.0 / n / draws).sqrt() + 0.5 * 5.0 * 19.0 / n;
    let ratio = mean_log_ratio(2, 12, prelu, he((2.0_f64 / 1.25).sqrt()));
    assert!(ratio.abs() < tolerance(12.0), "{ratio}");
    let ratio = mean_log_ratio(2, 12, prelu, he(2.0_f64.sqrt()));
    assert!((ratio - 19.0 * 1.25_f64.ln()).abs() < tolerance(12.0), "{ratio}");
    let dropped = || deep(100, 20, |body| body.activation(Activation::Relu).dropout(0.5)).linear(1);
    let ratio = mean_log_ratio(3, 12, dropped, he(1.0));
    assert!(ratio.abs() < 2.0 * tolerance(12.0), "{ratio}");
    let ratio = mean_log_ratio(3, 12, dropped, he(2.0_f64.sqrt()));
    assert!((ratio - 19.0 * 2.0_f64.ln()).abs() < 2.0 * tolerance(12.0), "{ratio}");
    assert_eq!(variance::rectifier(50, 0.5), 2.0 / 62.5);
    assert_eq!(variance::dropout(50, 0.5), 0.02);
}

#[test]
fn lsuv_gives_every_layer_unit_variance() {
    let mut network = Network::new(deep(40, 6, |body| body.activation(Activation::Tanh)).dense(3)).unwrap();
    let mut x = vec![0.0; 128 * 40];
    init::normal(&mut x, 3.0, &mut rng(6));
    let passes = start::lsuv(&mut network, &x, 0.05, &mut rng(7)).unwrap();
    assert!((7..=70).contains(&passes));
    network.forward(&x, None).unwrap();
    for layer in statistics::statistics(&network).iter().filter(|s| s.path[0] % 2 == 0) {
        assert!((layer.variance.sqrt() - 1.0).abs() < 0.05, "{layer:?}");
    }
}

#[test]
fn residual_starts() {
    let block = |body: Sequential<f64>| body.dense(8).activation(Activation::Relu).dense(8);
    let body = || Sequential::new(Sample::vector(8)).residual(block).residual(block).residual(block).dense(2);
    let mut network = Network::new(body()).unwrap();
    start::fixup(&mut network, &mut rng(8)).unwrap();
    assert!(network.forward(&[1.0; 8], None).unwrap().iter().all(|y| *y == 0.0));
    let first = network.tensor("0.1.0.weight").unwrap().clone();
    let square = moments(&network.parameters()[first.range()]).1;
    // He's 2 / 8 times L^(-1 / (m - 1)) with L = 3, m = 2; 64 draws.
    assert!((square / (0.25 / 3.0) - 1.0).abs() < 5.0 * (2.0_f64 / 64.0).sqrt(), "{square}");
    let mut network = Network::new(body()).unwrap();
    start::forward(&mut network, 1.4, &mut rng(9)).unwrap();
    assert_eq!(start::zero_residual(&mut network), 3);
    let x: Vec<f64> = (0..8).map(f64::from).collect();
    network.forward(&x, None).unwrap();
    let mut third = Vec::new();
    network.watch(|watched| {
        if watched.path == [2] && watched.what == "output" {
            third = watched.values.to_vec();
        }
    });
    assert_eq!(third, x, "each block is the identity");
}

/// Unit logits by the rule, and mimetic products.
#[test]
fn attention_starts() {
    let (tokens, d, s) = (16, 32, 3.0);
    let shape = Sample::sequence(tokens, d);
    let layer = || Attention::new(shape, 1, d, (d as f64).powf(-0.5), false, false);
    let mut logits = Vec::new();
    for seed in 0..20 {
        let mut network = Network::new(Sequential::<f64>::new(shape).made(layer())).unwrap();
        let unit = variance::attention(d, s * s, 1.0);
        start::normal(&mut network, unit.sqrt(), &mut rng(seed)).unwrap();
        let mut x = vec![0.0; 8 * tokens * d];
        init::normal(&mut x, s, &mut rng(100 + seed));
        network.forward(&x, None).unwrap();
        network.watch(|watched| {
            if watched.what == "logits" {
                logits.extend_from_slice(watched.values);
            }
        });
    }
    let (_, variance) = moments(&logits);
    assert!((variance - 1.0).abs() < 0.1, "{variance}");

    let mut network = Network::new(Sequential::<f64>::new(shape).made(layer())).unwrap();
    assert_eq!(start::mimetic(&mut network, [0.0, 0.7, 0.0, 0.4], &mut rng(1)).unwrap(), 1);
    let part = |name: &str| {
        let tensor = network.tensor(name).unwrap();
        Array2::from_shape_vec((d, d), network.parameters()[tensor.range()].to_vec()).unwrap()
    };
    let products = [part("0.query").dot(&part("0.key").t()), part("0.value").dot(&part("0.out"))];
    for (product, diagonal) in products.iter().zip([0.7, -0.4]) {
        for ((i, j), value) in product.indexed_iter() {
            let expected: f64 = if i == j { diagonal } else { 0.0 };
            assert!((value - expected).abs() < 1e-10);
        }
    }
}

/// The domain brief's .944, .721 and .180 (Lu et al. 2020), and a count over networks of width 2 and depth 10.
#[test]
fn born_dead_networks() {
    for (width, depth, probability) in [(2, 10, 0.944), (4, 20, 0.725), (8, 50, 0.178)] {
        assert!(
            (variance::born_dead(width, depth) - probability).abs() < 3e-3,
            "{}",
            variance::born_dead(width, depth)
        );
    }
    let dead = (0..1000_u64).filter(|&seed| {
        let body = (0..10)
            .fold(Sequential::<f64>::new(Sample::vector(2)), |body, _| body.dense(2).activation(Activation::Relu));
        let mut network = Network::new(body).unwrap();
        start::forward(&mut network, 2.0_f64.sqrt(), &mut rng(seed)).unwrap();
        let mut x = vec![0.0; 2 * 200];
        init::normal(&mut x, 1.0, &mut rng(5000 + seed));
        network.forward(&x, None).unwrap().iter().all(|y| *y == 0.0)
    });
    let share = dead.count() as f64 / 1000.0;
    let expected = variance::born_dead(2, 10);
    // At most the upper bound plus five standard deviations of the count, and at least the rate that inputs of both
    // signs in one first layer allow.
    assert!(share < expected + 5.0 * (expected * (1.0 - expected) / 1000.0_f64).sqrt(), "{share}");
    assert!(share > 0.85, "{share}");
}

/// The domain brief: lr = rho sigma gives a relative first update of 0.0098 to 0.0101 for rho = 0.01.
#[test]
fn first_step_of_adam() {
    for sigma in [0.01, 0.05, 0.2] {
        let body = deep(64, 2, |body| body.activation(Activation::Tanh)).dense(1);
        let mut network = Network::new(body).unwrap();
        start::normal(&mut network, sigma, &mut rng(11)).unwrap();
        let before = network.parameters().to_vec();
        let mut x = vec![0.0; 64 * 64];
        init::normal(&mut x, 1.0, &mut rng(12));
        let y: Vec<f64> = x.iter().step_by(64).copied().collect();
        let mut adam = Optimiser::new(Method::ADAM, before.len()).unwrap();
        let rate = variance::adam_rate(0.01, sigma);
        network.train(&x, Target::Values(&y), Loss::MeanSquared, (&mut adam, rate), &mut rng(13)).unwrap();
        let mut sums = [0.0, 0.0];
        for tensor in network.tensors().iter().filter(|tensor| tensor.role == Role::Weight) {
            for i in tensor.range() {
                sums[0] += (network.parameters()[i] - before[i]).powi(2);
                sums[1] += before[i].powi(2);
            }
        }
        let relative = (sums[0] / sums[1]).sqrt();
        assert!((relative / 0.01 - 1.0).abs() < 0.03, "sigma {sigma}: {relative}");
    }
}

#[test]
fn a_tensor_s_numbers_do_not_depend_on_the_others() {
    let make = |width: usize| {
        let mut network = Network::new(Sequential::<f64>::new(Sample::vector(4)).dense(width).dense(5)).unwrap();
        start::xavier(&mut network, &mut rng(14)).unwrap();
        network
    };
    let second = |network: &Network<f64>| {
        let tensor = network.tensor("1.weight").unwrap();
        network.parameters()[tensor.range()][..5]
            .iter()
            .map(|w| w * ((tensor.fan_in + 5) as f64 / 2.0).sqrt())
            .collect::<Vec<_>>()
    };
    let (a, b) = (second(&make(6)), second(&make(9)));
    assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12), "{a:?} {b:?}");
    let streams = Streams::new(&mut rng(15));
    let mut draws = [0.0; 2];
    init::normal(&mut draws, 1.0, &mut streams.of(0, 0));
    assert!(draws[0] != draws[1]);
}
