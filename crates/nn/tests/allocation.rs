//! Training allocates nothing after the first step with a batch size.

use headstart_nn::{Activation, Loss, Method, Network, Optimiser, PoolKind, Sequential, Shape, Target, Window};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

type Body = Sequential<f32>;

fn steps(name: &str, loss: Loss) {
    for method in [Method::SGD, Method::Sgd { momentum: 0.9 }, Method::ADAM, Method::RMS_PROP] {
        let mut network = Network::new(body(name)).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        network.parameters_mut().iter_mut().enumerate().for_each(|(i, w)| *w = ((i * 37 % 19) as f32 - 9.0) / 60.0);
        let mut optimiser = Optimiser::new(method, network.parameters().len()).unwrap();
        let batch = 6;
        let x: Vec<f32> = (0..batch * network.input().numbers()).map(|i| ((i * 13 % 11) as f32 - 5.0) / 5.0).collect();
        let (values, classes) = (vec![0.5; batch * network.output_shape().numbers()], [0, 1, 0, 1, 1, 0]);
        let target = match loss {
            Loss::CrossEntropy => Target::Classes(&classes),
            Loss::NormalFlow => Target::Nothing,
            _ => Target::Values(&values),
        };
        let mut train = || network.train(&x, target, loss, (&mut optimiser, 1e-3), &mut rng).unwrap();
        let first = train();
        let mut last = first;
        let used = allocation_counter::measure(|| {
            for _ in 0..5 {
                last = train();
            }
        });
        assert_eq!(used.count_total, 0, "{name} with {method:?}");
        assert!(last.is_finite() && last != first, "{name} with {method:?}: {first} {last}");
    }
}

fn body(name: &str) -> Body {
    let start = Body::new(match name {
        "mlp" | "flow" | "branches" => Shape::vector(12),
        "sequence" => Shape::sequence(5, 8),
        _ => Shape::picture(6, 6, 2),
    });
    match name {
        "mlp" => start
            .dense(300)
            .activation(Activation::Gelu)
            .dropout(0.5)
            .prelu()
            .dense(40)
            .activation(Activation::Tanh)
            .dense(2),
        "flow" => {
            let network = |body: Body, outputs| body.dense(9).activation(Activation::Relu).dense(outputs);
            start.coupling(false, Some(2.0), network).coupling(true, None, network)
        }
        "branches" => {
            let half = |branch: Body| branch.select(0..6).dense(12);
            start.sum([&|identity| identity, &half]).residual(|block| block.affine().dense(12)).dense(2)
        }
        "sequence" => start.residual(|block| block.layer_norm().attention(2)).pointwise(3).dense(2),
        _ => {
            let first = start.conv(4, Window::same(3)).batch_norm().activation(Activation::Relu);
            first.pool(Window::tiles(2), PoolKind::Max).local(3, Window::same(3)).global_mean().dense(2)
        }
    }
}

#[test]
fn a_step_allocates_nothing() {
    for name in ["mlp", "branches", "sequence", "picture"] {
        for loss in [Loss::CrossEntropy, Loss::MeanSquared, Loss::Huber(1.0)] {
            steps(name, loss);
        }
    }
    steps("flow", Loss::NormalFlow);
}
