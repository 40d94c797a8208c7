//! Whole trainings: exact resume, masks, equivalent forms of a layer, errors.

use headstart_nn::{
    Activation, Dense, Error, Layer, Loss, Mask, Method, Network, Optimiser, Role, Sequential, Shape, Sparse, Target,
    Window, checkpoint,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn filled(body: Sequential<f32>, seed: u64) -> Network<f32> {
    let mut network = Network::new(body).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    for tensor in network.tensors().to_vec() {
        if tensor.role == Role::Weight {
            let bound = (3.0 / tensor.fan_in as f32).sqrt();
            network.parameters_mut()[tensor.range()].fill_with(|| rng.random_range(-bound..bound));
        }
    }
    network
}

fn picture_net() -> Sequential<f32> {
    let body =
        Sequential::new(Shape::picture(5, 5, 2)).conv(4, Window::same(3)).batch_norm().activation(Activation::Relu);
    body.dense(20).activation(Activation::Tanh).dropout(0.3).dense(3)
}

fn data(seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let x = (0..8 * 50).map(|_| rng.random_range(-1.0..1.0)).collect();
    (x, (0..8).map(|_| rng.random_range(0..3)).collect())
}

#[test]
fn a_resumed_training_keeps_its_bits() {
    let (x, classes) = data(1);
    for method in [Method::ADAM, Method::Sgd { momentum: 0.9 }, Method::RMS_PROP] {
        let mut network = filled(picture_net(), 2);
        let mut mask = vec![true; network.parameters().len()];
        mask[3..40].fill(false);
        network.set_mask(Some(Mask::new(mask))).unwrap();
        let mut optimiser = Optimiser::new(method, network.parameters().len()).unwrap().with_decay(0.01).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let train = |network: &mut Network<f32>, optimiser: &mut Optimiser<f32>, rng: &mut ChaCha8Rng| {
            for _ in 0..5 {
                let target = Target::Classes(&classes);
                network.train(&x, target, Loss::CrossEntropy, (&mut *optimiser, 0.01), rng).unwrap();
            }
        };
        train(&mut network, &mut optimiser, &mut rng);
        let stored = checkpoint::save(&mut network, &optimiser).unwrap();
        let mut other = Network::new(picture_net()).unwrap();
        let mut resumed = checkpoint::load(&mut other, &stored).unwrap();
        let mut other_rng = rng.clone();
        train(&mut network, &mut optimiser, &mut rng);
        train(&mut other, &mut resumed, &mut other_rng);
        assert_eq!(network.parameters(), other.parameters());
        assert_eq!(optimiser, resumed);
        assert_eq!(network.forward(&x, None).unwrap(), other.forward(&x, None).unwrap());
        assert!(network.mask().unwrap().holds(network.parameters()));
    }
}

#[test]
fn checkpoints_that_do_not_fit_are_refused() {
    let mut network = filled(picture_net(), 2);
    let optimiser = Optimiser::new(Method::ADAM, network.parameters().len()).unwrap();
    let stored = checkpoint::save(&mut network, &optimiser).unwrap();
    let mut other = Network::new(Sequential::<f32>::new(Shape::vector(2)).dense(3)).unwrap();
    let refused = |result: Result<Optimiser<f32>, Error>| result.unwrap_err().to_string();
    assert!(refused(checkpoint::load(&mut other, &stored)).contains("other parameters"));
    assert!(refused(checkpoint::load(&mut network, b"hello")).contains("does not start"));
    assert!(refused(checkpoint::load(&mut network, &stored[..8])).contains("ends after"));
    assert!(matches!(checkpoint::load(&mut network, &stored[..100]), Err(Error::Checkpoint { .. })));
    let mut wide = Network::new(Sequential::<f64>::new(Shape::vector(2)).dense(3)).unwrap();
    assert!(checkpoint::load(&mut wide, &stored).unwrap_err().to_string().contains("4 bytes"));
}

#[test]
fn masked_parameters_stay_zero_with_momentum() {
    let (x, classes) = data(4);
    let mut network = filled(picture_net(), 5);
    let kept: Vec<bool> = (0..network.parameters().len()).map(|i| i % 3 > 0).collect();
    network.set_mask(Some(Mask::new(kept.clone()))).unwrap();
    let mut adam = Optimiser::new(Method::ADAM, kept.len()).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for _ in 0..10 {
        network.train(&x, Target::Classes(&classes), Loss::CrossEntropy, (&mut adam, 0.01), &mut rng).unwrap();
        for (numbers, what) in [(network.parameters(), "parameter"), (network.gradients(), "gradient")] {
            for (i, (number, kept)) in numbers.iter().zip(&kept).enumerate() {
                assert!(*kept || *number == 0.0, "{what} {i} is {number}");
            }
        }
    }
}

/// A masked dense layer and a sparse layer have the same outputs and gradients.
#[test]
fn a_sparse_layer_is_a_masked_dense_one() {
    let (inputs, outputs) = (30, 20);
    let mask: Vec<bool> = (0..inputs * outputs).map(|i| i * 17 % 10 == 0).collect();
    let mut dense = filled(Sequential::new(Shape::vector(inputs)).dense(outputs), 7);
    let all: Vec<bool> = mask.iter().copied().chain(std::iter::repeat_n(true, outputs)).collect();
    dense.set_mask(Some(Mask::new(all))).unwrap();
    let layer = Sparse::<f32>::new(inputs, outputs, &mask, true).unwrap();
    let kept: Vec<f32> =
        layer.kept().iter().map(|&[i, j]| dense.parameters()[i as usize * outputs + j as usize]).collect();
    let mut sparse = Network::new(Sequential::new(Shape::vector(inputs)).layer(layer)).unwrap();
    sparse.parameters_mut()[..kept.len()].copy_from_slice(&kept);
    let x: Vec<f32> = (0..9 * inputs).map(|i| (i as f32 * 0.37).sin()).collect();
    let dy: Vec<f32> = (0..9 * outputs).map(|i| (i as f32 * 0.53).cos()).collect();
    let close = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5) && a.len() == b.len();
    let expected = dense.forward(&x, None).unwrap().to_vec();
    assert!(close(sparse.forward(&x, None).unwrap(), &expected));
    let (mut dx, mut dx_sparse) = (vec![0.0; x.len()], vec![0.0; x.len()]);
    dense.backward(&x, &dy, Some(&mut dx)).unwrap();
    sparse.backward(&x, &dy, Some(&mut dx_sparse)).unwrap();
    assert!(close(&dx, &dx_sparse));
    let from_dense: Vec<f32> = (0..mask.len()).filter(|&i| mask[i]).map(|i| dense.gradients()[i]).collect();
    assert!(close(&from_dense, &sparse.gradients()[..kept.len()]));
}

#[test]
fn a_look_up_is_a_dense_layer_on_one_hot_samples() {
    let mut dense = filled(Sequential::new(Shape::vector(4)).dense(3), 8);
    let mut lookup = filled(Sequential::new(Shape::vector(1)).lookup(4, 3), 8);
    assert_eq!(dense.parameters(), lookup.parameters());
    let one_hot = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let expected = dense.forward(&one_hot, None).unwrap().to_vec();
    assert_eq!(lookup.forward(&[2.0, 0.0, -1.0], None).unwrap(), expected);
}

#[test]
fn dropout_keeps_the_mean_and_drops_its_share() {
    let body = Sequential::<f32>::new(Shape::vector(1000)).dropout(0.3);
    let mut network = Network::new(body).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let x = vec![1.0; 100_000];
    let y = network.forward(&x, Some(&mut rng)).unwrap();
    let dropped = y.iter().filter(|y| **y == 0.0).count() as f64 / 1e5;
    // Five standard deviations of the share.
    assert!((dropped - 0.3).abs() < 5.0 * (0.3_f64 * 0.7 / 1e5).sqrt());
    assert!(y.iter().all(|&y| y == 0.0 || (y - 1.0 / 0.7).abs() < 1e-6));
    assert_eq!(network.forward(&x, None).unwrap(), x);
}

#[test]
fn errors_name_the_value_and_the_cure() {
    let body = Sequential::<f32>::new(Shape::vector(3));
    assert!(body.dropout(1.0).dense(2).check().err().unwrap().to_string().contains("dropout is 1"));
    let wrong = Sequential::<f32>::new(Shape::vector(3)).made(Dense::new(Shape::vector(4), 2, true)).check();
    assert!(matches!(wrong.err().unwrap(), Error::Shape { layer: "a dense layer", .. }));
    let mut network = filled(Sequential::new(Shape::vector(3)).dense(2), 1);
    assert_eq!(network.forward(&[], None).unwrap_err(), Error::EmptyBatch);
    assert!(matches!(network.forward(&[1.0; 4], None).unwrap_err(), Error::Length { expected: 3, given: 4, .. }));
    assert!(matches!(network.backward(&[1.0; 3], &[1.0; 2], None).unwrap_err(), Error::Order { given: 1, last: 0 }));
    let class = network.loss(&[1.0; 3], Target::Classes(&[2]), Loss::CrossEntropy).unwrap_err();
    assert_eq!(class, Error::Class { sample: 0, class: 2, classes: 2 });
    let kind = network.loss(&[1.0; 3], Target::Classes(&[1]), Loss::MeanSquared).unwrap_err();
    assert!(matches!(kind, Error::Target { .. }));
    assert!(network.tensor("1.weight").unwrap_err().to_string().contains("0.weight, 0.bias"));
    assert!(Optimiser::<f32>::new(Method::Sgd { momentum: 1.0 }, 3).is_err());
    assert_eq!(Layer::<f32>::name(&Dense::new(Shape::vector(3), 1, true).unwrap()), "a dense layer");
}
