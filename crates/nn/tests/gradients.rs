//! All gradients against central differences, in double precision and over random shapes.

use headstart_nn::{
    Activation, Affine, Attention, BatchNorm, Conv, Dense, LayerNorm, Local, Network, PRelu, Pool, PoolKind,
    Sequential, Shape, Sparse, Window,
};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::distr::{Distribution, Uniform};
use rand_chacha::ChaCha8Rng;

type Body = Sequential<f64>;

fn numbers(count: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    Uniform::new(-1.0, 1.0).unwrap().sample_iter(rng).take(count).collect()
}

/// Checks the gradients of sum c y - mean log-determinant for random c, parameters and inputs.
fn check(body: Body, batch: usize, seed: u64) -> Result<(), TestCaseError> {
    check_on(body, batch, seed, None)
}

fn check_on(body: Body, batch: usize, seed: u64, x: Option<Vec<f64>>) -> Result<(), TestCaseError> {
    let mut network = Network::new(body).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let parameters = numbers(network.parameters().len(), &mut rng);
    network.parameters_mut().copy_from_slice(&parameters);
    let varied = x.is_none();
    let mut x = x.unwrap_or_else(|| numbers(batch * network.input().numbers(), &mut rng));
    let c = numbers(batch * network.output_shape().numbers(), &mut rng);
    // Every evaluation uses the same random numbers, so that dropout drops the same entries.
    let evaluate = |network: &mut Network<f64>, x: &[f64]| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 1);
        let y = network.forward(x, Some(&mut rng)).unwrap();
        y.iter().zip(&c).map(|(y, c)| y * c).sum::<f64>() - network.log_det().0
    };
    let middle = evaluate(&mut network, &x);
    let mut by_input = vec![0.0; x.len()];
    network.backward(&x, &c, Some(&mut by_input)).unwrap();
    let by_parameters = network.gradients().to_vec();
    let step = 1e-5;
    let close = |found: f64, up: f64, down: f64, what: &str, at: usize| {
        let expected = (up - down) / (2.0 * step);
        // If the derivative jumps between the two points (a ReLU near 0), either one-sided derivative differs from the
        // central difference by at most this. For smooth functions it is far below the threshold.
        let kink = (up - 2.0 * middle + down).abs() / (2.0 * step);
        let kink = if kink > 1e-3 * (1.0 + expected.abs()) { 1.001 * kink } else { 0.0 };
        let allowed = 1e-6 * (1.0 + expected.abs()) + kink;
        prop_assert!((found - expected).abs() < allowed, "{what} {at}: {found} for {expected}");
        Ok(())
    };
    for at in 0..parameters.len() {
        let mut moved = |by: f64| {
            network.parameters_mut()[at] = parameters[at] + by;
            evaluate(&mut network, &x)
        };
        let (up, down) = (moved(step), moved(-step));
        moved(0.0);
        close(by_parameters[at], up, down, "parameter", at)?;
    }
    for at in 0..x.len() {
        if !varied {
            prop_assert_eq!(by_input[at], 0.0);
            continue;
        }
        let before = x[at];
        x[at] = before + step;
        let up = evaluate(&mut network, &x);
        x[at] = before - step;
        let down = evaluate(&mut network, &x);
        x[at] = before;
        close(by_input[at], up, down, "input", at)?;
    }
    // Without the input gradient, the parameter gradients are the same.
    evaluate(&mut network, &x);
    network.backward(&x, &c, None).unwrap();
    prop_assert_eq!(network.gradients(), &by_parameters[..]);
    Ok(())
}

const ACTIVATIONS: [Activation; 9] = [
    Activation::Identity,
    Activation::Relu,
    Activation::Leaky(0.2),
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Gelu,
    Activation::Silu,
    Activation::Selu,
    Activation::Elu,
];

fn picture() -> impl Strategy<Value = Shape> {
    (1_usize..6, 1_usize..6, 1_usize..4).prop_map(|(height, width, channels)| Shape { height, width, channels })
}

fn window() -> impl Strategy<Value = Window> {
    (1_usize..4, 1_usize..4, 1_usize..3, 0_usize..2)
        .prop_map(|(height, width, stride, padding)| Window { height, width, stride, padding })
        .prop_filter("padding as wide as the window", |window| window.padding < window.height.min(window.width))
}

/// A window that fits into the image.
fn windowed() -> impl Strategy<Value = (Shape, Window)> {
    (picture(), window()).prop_filter("no place for the window", |(picture, window)| {
        window.height <= picture.height + 2 * window.padding && window.width <= picture.width + 2 * window.padding
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn dense(inputs in 1_usize..9, outputs in 1_usize..40, bias: bool, batch in 1_usize..6, seed: u64) {
        let input = Shape::vector(3);
        check(Body::new(Shape::vector(inputs)).dense(outputs), batch, seed)?;
        check(Body::new(input).made(Dense::new(input, outputs, bias)), batch, seed)?;
        let tokens = Shape::sequence(3, 2);
        check(Body::new(tokens).made(Dense::pointwise(tokens, outputs.min(9), bias)), batch, seed)?;
    }

    #[test]
    fn activations(inputs in 1_usize..9, which in 0_usize..9, batch in 1_usize..6, seed: u64) {
        check(Body::new(Shape::vector(inputs)).dense(4).activation(ACTIVATIONS[which]).dense(2), batch, seed)?;
    }

    #[test]
    fn slopes_affine_and_dropout(shape in picture(), per_channel: bool, parts: [bool; 2], batch in 1_usize..4, seed: u64) {
        check(Body::new(shape).made(PRelu::new(shape, per_channel)), batch, seed)?;
        check(Body::new(shape).made(Affine::new(shape, per_channel, parts)), batch, seed)?;
        check(Body::new(shape).dense(5).dropout(0.4).dense(2), batch, seed)?;
    }

    #[test]
    fn convolution((shape, window) in windowed(), channels in 1_usize..4, bias: bool, batch in 1_usize..4, seed: u64) {
        check(Body::new(shape).made(Conv::new(shape, channels, window, bias)), batch, seed)?;
    }

    #[test]
    fn without_sharing((shape, window) in windowed(), channels in 1_usize..4, bias: bool, batch in 1_usize..4, seed: u64) {
        check(Body::new(shape).made(Local::new(shape, channels, window, bias)), batch, seed)?;
    }

    #[test]
    fn pooling((shape, window) in windowed(), max: bool, batch in 1_usize..4, seed: u64) {
        let kind = if max { PoolKind::Max } else { PoolKind::Average };
        check(Body::new(shape).made(Pool::new(shape, window, kind)).dense(2), batch, seed)?;
        check(Body::new(shape).global_mean().dense(2), batch, seed)?;
    }

    #[test]
    fn attention(
        tokens in 1_usize..5, channels in 1_usize..5, heads in 1_usize..3, width in 1_usize..4, causal: bool, bias: bool,
        batch in 1_usize..4, seed: u64,
    ) {
        let shape = Shape::sequence(tokens, channels);
        check(Body::new(shape).made(Attention::new(shape, heads, width, 0.7, causal, bias)), batch, seed)?;
    }

    #[test]
    fn norms(shape in picture(), batch in 2_usize..5, seed: u64) {
        check(Body::new(shape).made(BatchNorm::new(shape, 0.1, 0.1)).dense(2), batch, seed)?;
        check(Body::new(shape).made(LayerNorm::new(shape, 0.1)).dense(2), batch, seed)?;
    }

    #[test]
    fn couplings(inputs in 2_usize..7, turned: bool, bounded: bool, batch in 1_usize..4, seed: u64) {
        let bound = bounded.then_some(1.5);
        let network = |body: Body, outputs| body.dense(4).activation(Activation::Tanh).dense(outputs);
        let flow = Body::new(Shape::vector(inputs)).coupling(turned, bound, network).coupling(!turned, bound, network);
        check(flow, batch, seed)?;
    }

    #[test]
    fn sums_and_selections(inputs in 2_usize..7, batch in 1_usize..4, seed: u64) {
        let body = Body::new(Shape::vector(inputs));
        let block = body.residual(|block| block.dense(3).activation(Activation::Tanh).dense(inputs));
        let first = |branch: Body| branch.select(0..1).dense(4);
        let rest = |branch: Body| branch.select(1..inputs).activation(Activation::Tanh).dense(4);
        check(block.sum([&first, &rest, &|branch| branch.dense(4)]).dense(2), batch, seed)?;
    }

    #[test]
    fn look_ups(rows in 1_usize..6, outputs in 1_usize..5, batch in 1_usize..6, seed: u64) {
        // Includes invalid indices.
        let x = (0..batch).map(|i| ((i * 7 + seed as usize % 5) % (rows + 1)) as f64).collect();
        check_on(Body::new(Shape::vector(1)).lookup(rows, outputs).activation(Activation::Tanh), batch, seed, Some(x))?;
    }

    #[test]
    fn sparse(inputs in 1_usize..7, outputs in 1_usize..7, cut in 0_usize..5, batch in 1_usize..40, seed: u64) {
        let mut mask: Vec<bool> = (0..inputs * outputs).map(|i| (i * 31 + cut) % 5 < cut).collect();
        mask[0] = true;
        check(Body::new(Shape::vector(inputs)).made(Sparse::new(inputs, outputs, &mask, cut % 2 == 0)), batch, seed)?;
    }
}
