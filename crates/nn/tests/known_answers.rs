//! Layers, losses and optimisers against PyTorch 2.13 in double precision. The values are in `known_answers.in`, which
//! `known_answers.py` writes.

use std::collections::HashMap;

use headstart_nn::{
    Activation, Attention, Loss, Method, Network, Optimiser, Pool, PoolKind, Sequential, Shape, Target, Window,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn wave(count: usize, phase: f64, scale: f64) -> Vec<f64> {
    (0..count).map(|i| scale * (phase + 0.7 * i as f64).sin()).collect()
}

fn expected() -> HashMap<&'static str, Vec<f64>> {
    let lines = include_str!("known_answers.in").lines();
    let parse = |line: &'static str| {
        let mut words = line.split(' ');
        let name = words.next().unwrap();
        (name, words.map(|word| word.parse().unwrap()).collect())
    };
    lines.map(parse).collect()
}

fn close(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{name} {i}: {found} for {expected}");
    }
}

/// Checks the output and the gradient with respect to the input, for an output gradient of the given phase.
fn check(name: &str, body: Sequential<f64>, parameters: &[f64], x: &[f64], phase: f64) -> Network<f64> {
    let expected = expected();
    let mut network = Network::new(body).unwrap();
    network.parameters_mut().copy_from_slice(parameters);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let y = network.forward(x, Some(&mut rng)).unwrap().to_vec();
    close(name, &y, &expected[name]);
    let mut dx = vec![0.0; x.len()];
    network.backward(x, &wave(y.len(), phase, 1.0), Some(&mut dx)).unwrap();
    close(&format!("{name}-dx"), &dx, &expected[&*format!("{name}-dx")]);
    network
}

#[test]
fn activations() {
    for (name, function) in [
        ("relu", Activation::Relu),
        ("leaky", Activation::Leaky(0.2)),
        ("tanh", Activation::Tanh),
        ("sigmoid", Activation::Sigmoid),
        ("gelu", Activation::Gelu),
        ("silu", Activation::Silu),
        ("selu", Activation::Selu),
        ("elu", Activation::Elu),
    ] {
        check(name, Sequential::new(Shape::vector(12)).activation(function), &[], &wave(12, 0.3, 2.0), 1.0);
    }
}

#[test]
fn pictures() {
    let shape = Shape::picture(5, 4, 3);
    let start = || Sequential::new(shape);
    let x = wave(2 * shape.numbers(), 0.1, 1.0);
    let together = |parts: &[Vec<f64>]| parts.concat();
    let window = Window { height: 3, width: 2, stride: 2, padding: 1 };
    check("conv", start().conv(4, window), &together(&[wave(72, 0.5, 1.0), wave(4, 0.2, 1.0)]), &x, 2.0);
    let window = Window { height: 2, width: 2, stride: 1, padding: 0 };
    check("max", start().pool(window, PoolKind::Max), &[], &x, 2.0);
    let window = Window { height: 3, width: 3, stride: 2, padding: 1 };
    check("average", start().made(Pool::new(shape, window, PoolKind::Average)), &[], &x, 2.0);
    let parameters = together(&[wave(3, 0.4, 1.0), wave(3, 0.9, 1.0)]);
    let mut network = check("batch-norm", start().batch_norm(), &parameters, &x, 2.0);
    close("batch-norm-running", network.forward(&x, None).unwrap(), &expected()["batch-norm-running"]);
    check("layer-norm", start().layer_norm(), &parameters, &x, 2.0);
}

#[test]
fn attention() {
    let shape = Shape::sequence(3, 4);
    let x = wave(24, 0.1, 1.0);
    let part = |phase: f64| [wave(16, phase, 1.0), wave(4, phase + 0.1, 1.0)].concat();
    let parameters = [0.3, 0.6, 0.9, 1.2].map(part).concat();
    for (name, causal) in [("attention", false), ("causal", true)] {
        let layer = Attention::new(shape, 2, 2, 0.5_f64.sqrt(), causal, true);
        check(name, Sequential::new(shape).made(layer), &parameters, &x, 2.0);
    }
}

#[test]
fn losses() {
    let (y, values) = (wave(12, 0.1, 3.0), wave(12, 1.1, 1.0));
    for (name, loss, target) in [
        ("mse", Loss::MeanSquared, Target::Values(&values[..])),
        ("huber", Loss::Huber(0.7), Target::Values(&values)),
        ("cross-entropy", Loss::CrossEntropy, Target::Classes(&[0, 2, 1, 1])),
    ] {
        let mut found = vec![0.0; 13];
        found[0] = loss.of(&y, target, 4, &mut found[1..]).unwrap();
        close(name, &found, &expected()[name]);
    }
}

#[test]
fn optimisers() {
    for (name, method, rate, decay) in [
        ("sgd", Method::SGD, 0.1, 0.0),
        ("momentum", Method::Sgd { momentum: 0.9 }, 0.1, 0.0),
        ("adam", Method::ADAM, 0.05, 0.0),
        ("rmsprop", Method::RMS_PROP, 0.05, 0.0),
        ("adamw", Method::ADAM, 0.05, 0.1),
    ] {
        let mut w = wave(5, 0.5, 1.0);
        let mut optimiser = Optimiser::new(method, 5).unwrap().with_decay(decay).unwrap();
        for step in 0..7 {
            let pull = wave(5, f64::from(step), 1.0);
            let gradient: Vec<f64> = w.iter().zip(pull).enumerate().map(|(i, (w, p))| w * (i + 1) as f64 + p).collect();
            optimiser.step(rate, &mut w, &gradient).unwrap();
        }
        close(name, &w, &expected()[name]);
    }
}

/// A flow of one coupling with constant s and t is a change of scale, so its likelihood is known.
#[test]
fn likelihood_of_a_known_flow() {
    let body = Sequential::<f64>::new(Shape::vector(2)).coupling(false, None, Sequential::dense);
    let mut network = Network::new(body).unwrap();
    let (s, t): (f64, f64) = (0.4, -0.3);
    network.parameters_mut().copy_from_slice(&[0.0, 0.0, s, t]);
    let x = [0.5, -1.0, 0.2, 2.0];
    let loss = network.loss(&x, Target::Nothing, Loss::NormalFlow).unwrap();
    let likelihood = |x: &[f64]| {
        let z = [x[0], x[1] * s.exp() + t];
        0.5 * (z[0] * z[0] + z[1] * z[1]) + (2.0 * std::f64::consts::PI).ln() - s
    };
    assert!((loss - f64::midpoint(likelihood(&x[..2]), likelihood(&x[2..]))).abs() < 1e-14);
    assert_eq!(network.log_det(), (s, 0.0));
}
