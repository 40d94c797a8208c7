//! Exact counts, gradients against finite differences, masks that hold, and known results on the transfer of masks.

use std::sync::Arc;

use headstart_lottery::linear::{Architecture, Bias, Teacher, UNITS};
use headstart_lottery::prune::{self, Scope};
use headstart_lottery::{
    ClassTask, Classifier, Linear, LinearTask, Mapping, Mask, Model, Net, Plan, Prunable, chance_jaccard, controls,
    imp, one_shot, saliency, samples, train,
};
use headstart_nn::Method;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

const CHAIN: Architecture = Architecture::Chain { layers: 4 };
const RESIDUAL: Architecture = Architecture::Residual { layers: 4 };

fn task(architecture: Architecture, seed: u64) -> LinearTask {
    LinearTask::new(architecture, Teacher::tridiagonal(Bias::Horizontal, 4, &mut rng(seed)))
}

fn mlp() -> ClassTask {
    let samples = Arc::new(samples::digits(800, &mut rng(5)).unwrap());
    ClassTask::new(Net::Mlp { inputs: 64, hidden: vec![100, 50], classes: 10 }, samples, 100)
}

/// The domain brief's numbers: 2704 weights, and how many 5, 8, 11 and 14 rounds of a fifth leave.
#[test]
fn exact_counts() {
    let linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let weights: usize = linear.layers().iter().map(Prunable::weights).sum();
    assert_eq!(weights, 2704);
    // By hand: 676, 541, 433, 346, 277, 222, ...: each round removes round(0.2 n).
    assert_eq!(prune::counts(linear.layers(), 0.2, 5).unwrap(), [222; 4]);
    for (rounds, share) in [(5, 0.33), (8, 0.169), (11, 0.086), (14, 0.044)] {
        let kept: usize = prune::counts(linear.layers(), 0.2, rounds).unwrap().into_iter().sum();
        assert!((kept as f64 / 2704.0 - share).abs() < 0.003, "{rounds} rounds: {kept}");
    }
    // 64-100-50-10 with the output layer at half the rate: the brief's 22, 5.2, 2.4 and 1.34%.
    let classifier = Classifier::new(&mlp()).unwrap();
    for (rounds, share) in [(7, 0.22), (14, 0.052), (18, 0.024), (21, 0.0134)] {
        let kept: usize = prune::counts(classifier.layers(), 0.2, rounds).unwrap().into_iter().sum();
        assert!((kept as f64 / 11_900.0 - share).abs() < 0.0015, "{rounds} rounds: {kept}");
    }
    assert!(prune::counts(classifier.layers(), 1.0, 2).unwrap_err().to_string().contains("pruning rate is 1"));
}

#[test]
fn the_exact_gradient_is_that_of_finite_differences() {
    for (architecture, masked) in [(CHAIN, false), (RESIDUAL, false), (RESIDUAL, true), (CHAIN, true)] {
        let mut linear = Linear::<f64>::new(&task(architecture, 2)).unwrap();
        let like = Linear::<f32>::new(&task(architecture, 2)).unwrap();
        let mut start: Vec<f64> = like.draw(&mut rng(3)).into_iter().map(f64::from).collect();
        // Stem and head away from the identity.
        let moved = &mut rng(7);
        for w in &mut start {
            *w += moved.random_range(-0.2..0.2);
        }
        let mask = masked.then(|| controls::random(like.layers(), &[300; 4], &mut rng(4)).unwrap());
        let (error, gradient) = linear.error_and_gradient(&start, mask.as_ref()).unwrap();
        let kept = mask.as_ref().map(|mask| mask.over(like.layers(), start.len()).unwrap());
        let count = start.len();
        for at in (0..count).step_by(37).chain([0, 1, 99, 100, count - 1, count - 100]) {
            let mut at_step = |step: f64| {
                let mut moved = start.clone();
                moved[at] += step;
                linear.error_and_gradient(&moved, mask.as_ref()).unwrap().0
            };
            let slope = (at_step(1e-5) - at_step(-1e-5)) / 2e-5;
            assert!(
                (slope - gradient[at]).abs() < 1e-7 * (1.0 + error),
                "{architecture:?} {at}: {slope} {}",
                gradient[at]
            );
            if kept.as_ref().is_some_and(|kept| !kept[at]) {
                assert_eq!(gradient[at], 0.0);
            }
        }
    }
}

/// F of a chain by plain matrix products.
#[test]
fn the_map_is_the_product_of_its_layers() {
    let like = Linear::<f32>::new(&task(CHAIN, 2)).unwrap();
    let start = like.draw(&mut rng(8));
    let mut map = vec![0.0_f32; UNITS * UNITS];
    (0..UNITS).for_each(|i| map[i * UNITS + i] = 1.0);
    for layer in like.layers() {
        let mut next = vec![0.0; UNITS * UNITS];
        for (&[i, j], w) in layer.edges.iter().zip(&start[layer.range.clone()]) {
            for k in 0..UNITS {
                next[j as usize * UNITS + k] += w * map[i as usize * UNITS + k];
            }
        }
        map = next;
    }
    let mut linear = like;
    linear.begin(&start, None, 0).unwrap();
    let found = linear.map();
    assert!(found.iter().zip(&map).all(|(a, b)| (a - b).abs() < 1e-5));
    let norm: f64 = task(CHAIN, 2).teacher.matrix.iter().map(|t| t * t).sum();
    assert!((norm - 9.0 * UNITS as f64).abs() < 1e-9);
}

/// A public notebook's ticket was 98% dense after Adam. Here cut weights are exactly zero after every step of every
/// optimiser.
#[test]
fn what_is_cut_stays_exactly_zero() {
    let methods = [Method::ADAM, Method::SGD, Method::Sgd { momentum: 0.9 }, Method::RMS_PROP];
    for (method, compressed) in methods.into_iter().flat_map(|method| [(method, false), (method, true)]) {
        let task = ClassTask { method, rate: 0.01, ..mlp() };
        let model = Classifier::new(&task).unwrap();
        let mut model = if compressed { model } else { model.compressed_up_to(0.0) };
        let start = model.draw(&mut rng(1));
        let keep = prune::counts(model.layers(), 0.2, 12).unwrap();
        let mask = controls::random(model.layers(), &keep, &mut rng(2)).unwrap();
        let kept = mask.over(model.layers(), model.parameters()).unwrap();
        model.begin(&start, Some(&mask), 0).unwrap();
        assert_eq!(model.is_compressed(), compressed);
        for _ in 0..20 {
            model.step(1.0, &mut rng(3)).unwrap();
            let ends = model.ends();
            assert!(ends.iter().zip(&kept).all(|(w, kept)| *kept || *w == 0.0), "{method:?}");
        }
        let moved = model.ends().iter().zip(&start).zip(&kept).filter(|((w, old), kept)| **kept && w != old).count();
        assert!(moved > 300, "{moved} of the kept weights have moved");
    }
    let mut linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let start = linear.draw(&mut rng(1));
    let mask = controls::random(linear.layers(), &[50; 4], &mut rng(2)).unwrap();
    train(&mut linear, &start, Some(&mask), &mut rng(3)).unwrap();
    let kept = mask.over(linear.layers(), linear.parameters()).unwrap();
    assert!(linear.ends().iter().zip(kept).all(|(w, kept)| kept || *w == 0.0));
}

/// Storing only kept weights and masking all weights give the same training up to rounding.
#[test]
fn compressed_and_masked_networks_train_equally() {
    let task = ClassTask { method: Method::SGD, rate: 0.05, ..mlp() };
    let mut one = Classifier::new(&task).unwrap();
    let start = one.draw(&mut rng(1));
    let keep = prune::counts(one.layers(), 0.2, 10).unwrap();
    let mask = controls::random(one.layers(), &keep, &mut rng(2)).unwrap();
    let mut all = Classifier::new(&task).unwrap().compressed_up_to(0.0);
    for model in [&mut one, &mut all] {
        train(model, &start, Some(&mask), &mut rng(3)).unwrap();
    }
    assert!(one.is_compressed() && !all.is_compressed());
    let (a, b) = (one.ends(), all.ends());
    let furthest = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(furthest < 1e-4, "{furthest}");
    assert!((one.value().unwrap() - all.value().unwrap()).abs() < 0.02);
    assert!(a.iter().zip(&start).any(|(a, b)| (a - b).abs() > 0.01));
}

#[test]
fn overlap_and_its_chance_level() {
    let linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let layers = linear.layers();
    let keep = [58; 4];
    let mut sum = 0.0;
    let first = controls::random(layers, &keep, &mut rng(1)).unwrap();
    for seed in 0..200 {
        sum += first.jaccard(&controls::random(layers, &keep, &mut rng(100 + seed)).unwrap()).unwrap();
    }
    let rho = 232.0 / 2704.0;
    let expected = chance_jaccard(rho);
    assert!((first.chance(&first).unwrap() - expected).abs() < 1e-12);
    // The brief's .045 at 8.6%.
    assert!((expected - 0.045).abs() < 5e-4);
    assert!((sum / 200.0 - expected).abs() < 0.003, "{}", sum / 200.0);
    assert_eq!(first.jaccard(&first).unwrap(), 1.0);
    let other = Classifier::new(&mlp()).unwrap();
    let refused = first.jaccard(&Mask::full(other.layers())).unwrap_err().to_string();
    assert!(refused.contains("676") && refused.contains("64, 100"), "{refused}");
}

#[test]
fn masks_on_disk() {
    let linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let mask = controls::random(linear.layers(), &[0, 676, 1, 300], &mut rng(1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mask.json");
    mask.save(&path).unwrap();
    assert_eq!(Mask::load(&path).unwrap(), mask);
    let example = r#"{"format": "headstart-mask", "version": 1,
        "layers": [{"name": "0.weight", "shape": [2, 3], "runs": [1, 2, 3]}]}"#;
    assert_eq!(Mask::from_json(example).unwrap().layers[0].kept, [false, true, true, false, false, false]);
    for (text, reason) in [
        (example.replace("[2, 3],", "[2, 4],"), "do not add up to its shape [2, 4]"),
        (example.replace("\"version\": 1", "\"version\": 2"), "version 2"),
        (example.replace("[1, 2, 3]", "[1, -2, 3]"), "-2"),
        (example.replace("[2, 3],", "[18446744073709551615, 3],"), "do not add up"),
        (example.replace("\"runs\"", "\"rums\""), "rums"),
    ] {
        let refused = Mask::from_json(&text).unwrap_err().to_string();
        assert!(refused.contains(reason) && refused.contains("Mask::save"), "{refused}");
    }
    assert!(Mask::load(&folder.path().join("none")).unwrap_err().to_string().contains("none cannot be used"));
}

#[test]
fn mappings_and_their_errors() {
    let deep = Linear::<f32>::new(&task(Architecture::Residual { layers: 8 }, 1)).unwrap();
    let source = vec![vec![676]; 4];
    let of = |mapping: Mapping| mapping.sources(&source, deep.layers());
    assert_eq!(of(Mapping::Cyclic).unwrap(), [0, 1, 2, 3, 0, 1, 2, 3]);
    assert_eq!(of(Mapping::DepthRatio).unwrap(), [0, 0, 1, 1, 2, 2, 3, 3]);
    assert_eq!(of(Mapping::ByStage).unwrap(), [0, 1, 2, 3, 0, 1, 2, 3]);
    let blocks = |text: &str| of(Mapping::blocks(text).unwrap());
    assert_eq!(blocks("0 1 | 0 1, 2 3 2 3").unwrap(), [0, 1, 0, 1, 2, 3, 2, 3]);
    let refused = |found: headstart_lottery::Result<Vec<usize>>| found.unwrap_err().to_string();
    let text = refused(of(Mapping::SameIndex));
    assert!(text.contains("layer 4 of the target (4.weight)") && text.contains("out of range (0..4)"), "{text}");
    assert!(refused(blocks("0 1 2")).contains("only 3 sources are given"));
    assert!(refused(blocks("0 1 2 3 4 5 6 7")).contains("source layer 4 is out of range"));
    assert!(refused(blocks("0 0 0 0 0 0 0 0 0")).contains("more entries than the 8 layers"));
    assert!(Mapping::blocks("0 x").unwrap_err().to_string().contains("\"x\", which is not a layer number"));
    assert!(Mapping::blocks(" | ").unwrap_err().to_string().contains("is empty"));

    let conv = |shortcuts| Net::Conv { side: 16, channels: 8, classes: 8, shortcuts };
    let [chain, residual] = [false, true].map(|shortcuts| conv(shortcuts).build().unwrap().1);
    let shapes: Vec<_> = chain.iter().map(|layer| layer.shape.clone()).collect();
    assert_eq!(Mapping::SameIndex.sources(&shapes, &residual).unwrap(), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(Mapping::ByStage.sources(&shapes, &residual).unwrap(), [0, 1, 2, 3, 4, 5, 6]);
    assert!(refused(Mapping::Blocks(vec![1; 7]).sources(&shapes, &residual)).contains("does not fit [3, 3, 1, 8]"));
}

#[test]
fn controls_keep_their_properties() {
    let mut linear = Linear::<f32>::new(&task(CHAIN, 1)).unwrap();
    let start = linear.draw(&mut rng(2));
    let mask = imp(&mut linear, &start, &Plan::rounds(8), &mut rng(3)).unwrap().mask;
    let layers = linear.layers();
    let degrees = |mask: &Mask| {
        let one = |(own, layer): (&headstart_lottery::LayerMask, &Prunable)| {
            let mut degrees = [vec![0; UNITS], vec![0; UNITS]];
            for (edge, _) in layer.edges.iter().zip(&own.kept).filter(|(_, kept)| **kept) {
                edge.iter().zip(&mut degrees).for_each(|(unit, degrees)| degrees[*unit as usize] += 1);
            }
            degrees
        };
        mask.layers.iter().zip(layers).map(one).collect::<Vec<_>>()
    };
    // By pairs of places.
    let joined = |mask: &Mask| {
        let mut joined = vec![0; 4 * 625];
        for (place, (own, layer)) in mask.layers.iter().zip(layers).enumerate() {
            for (&[i, j], _) in layer.edges.iter().zip(&own.kept).filter(|(_, kept)| **kept) {
                joined[place * 625 + (i / 2 * 25 + j / 2) as usize] += 1;
            }
        }
        joined
    };
    let shuffled = controls::shuffled(&mask, layers, &mut rng(4));
    assert_eq!(degrees(&shuffled), degrees(&mask));
    assert!(shuffled.jaccard(&mask).unwrap() < 0.4, "{}", shuffled.jaccard(&mask).unwrap());
    for renamed in [controls::relabelled(&mask, layers, &mut rng(5)), controls::renamed(&mask, layers, &mut rng(6))] {
        assert_eq!(joined(&renamed), joined(&mask));
        assert!(renamed != mask);
        assert_eq!(renamed.counts(), mask.counts());
    }
    assert_ne!(joined(&shuffled), joined(&mask));
    let turned = controls::reversed(&mask);
    assert_eq!(turned.layers[0].kept, mask.layers[3].kept);
    assert_eq!(turned.layers[0].name, mask.layers[0].name);
    assert_eq!(controls::reversed(&turned), mask);
    let constant = controls::constant_sizes(&start, layers);
    let layer = &constant[layers[1].range.clone()];
    assert!(layer.iter().all(|w| w.abs() == layer[0].abs()));
    assert!(constant.iter().zip(&start).all(|(a, b)| a.signum() == b.signum()));
}

#[test]
fn masks_at_initialisation_and_after() {
    let mut linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let start = linear.draw(&mut rng(2));
    let keep = prune::counts(linear.layers(), 0.2, 8).unwrap();
    let total = keep.iter().sum();
    let (snip, cost) = saliency::snip(&mut linear, &start, total, &mut rng(3)).unwrap();
    assert_eq!((snip.count(), cost), (total, 1.0));
    let (synflow, cost) = saliency::synflow(&mut linear, &start, total).unwrap();
    assert_eq!((synflow.count(), cost), (total, 100.0));
    let least = synflow.counts().into_iter().min().unwrap();
    assert!(least > 0, "SynFlow never loses a layer (Tanaka et al. 2020, theorem 3)");
    let largest = saliency::magnitude(&linear, &start, &keep).unwrap();
    assert_eq!(largest.counts(), keep);
    let layer = &linear.layers()[0];
    let sizes = |wanted: bool| {
        let weights = start[layer.range.clone()].iter().zip(&largest.layers[0].kept);
        weights.filter(|(_, kept)| **kept == wanted).map(|(w, _)| w.abs()).collect::<Vec<_>>()
    };
    let least = sizes(true).into_iter().fold(f32::INFINITY, f32::min);
    assert!(sizes(false).into_iter().all(|w| w <= least));
    let (once, steps) = one_shot(&mut linear, &start, &Plan::rounds(8), &mut rng(3)).unwrap();
    assert_eq!((once.counts(), steps), (keep, 300));
    let plan = Plan { scope: Scope::Global, ..Plan::rounds(8) };
    let global = imp(&mut linear, &start, &plan, &mut rng(3)).unwrap();
    assert_eq!((global.mask.count(), global.steps, global.levels.len()), (total, 2400, 8));
    assert!(saliency::synflow(&mut linear, &start, 0).is_err());
}

#[test]
fn rewinding() {
    let mut linear = Linear::<f32>::new(&task(RESIDUAL, 1)).unwrap();
    let start = linear.draw(&mut rng(2));
    let plan = Plan { rewind: 20, ..Plan::rounds(2) };
    let ticket = imp(&mut linear, &start, &plan, &mut rng(3)).unwrap();
    linear.begin(&start, None, 0).unwrap();
    for _ in 0..20 {
        linear.step(1.0, &mut rng(3)).unwrap();
    }
    assert_eq!(ticket.weights, linear.ends());
    assert_eq!(ticket.steps, 300 + 280);
    let early = imp(&mut linear, &start, &Plan::rounds(2), &mut rng(3)).unwrap();
    assert_eq!(early.weights, start);
    let refused = imp(&mut linear, &start, &Plan { rewind: 300, ..plan }, &mut rng(3)).unwrap_err();
    assert!(refused.to_string().contains("rewind to is 300"));
}

/// The domain brief at 16.8% kept: a mask from a chain leaves a residual network far less error than a random mask; the
/// mask of the wrong direction does not.
#[test]
fn masks_transfer() {
    let mut errors = [0.0; 4];
    let seeds = 6;
    for seed in 0..seeds {
        let rng = &mut rng(1000 + seed);
        let teacher = Teacher::tridiagonal(Bias::Horizontal, 4, rng);
        let upright = Teacher::tridiagonal(Bias::Vertical, 4, rng);
        let mut target = Linear::<f32>::new(&LinearTask::new(RESIDUAL, teacher.clone())).unwrap();
        let weights = target.draw(rng);
        let layers = target.layers().to_vec();
        let keep = prune::counts(&layers, 0.2, 8).unwrap();
        let mut of_chain = |teacher| {
            let mut chain = Linear::<f32>::new(&LinearTask::new(CHAIN, teacher)).unwrap();
            let start = chain.draw(rng);
            let ticket = imp(&mut chain, &start, &Plan::rounds(8), rng).unwrap();
            Mapping::SameIndex.transfer(&ticket.mask, &layers).unwrap()
        };
        let (carried, wrong) = (of_chain(teacher), of_chain(upright));
        let own = imp(&mut target, &weights, &Plan::rounds(8), rng).unwrap().mask;
        let random = controls::random(&layers, &keep, rng).unwrap();
        for (sum, mask) in errors.iter_mut().zip([own, carried, random, wrong]) {
            *sum += train(&mut target, &weights, Some(&mask), rng).unwrap().ln() / seeds as f64;
        }
    }
    let [own, carried, random, wrong] = errors;
    assert!(own < carried && carried + 2.0_f64.ln() < random && random < wrong, "{errors:?}");
}

proptest! {
    #[test]
    fn any_mask_survives_its_file(kept in proptest::collection::vec(any::<bool>(), 1..300)) {
        let layer = headstart_lottery::LayerMask { name: "a \"b\"".to_owned(), shape: vec![kept.len()], kept };
        let mask = Mask { layers: vec![layer] };
        prop_assert_eq!(Mask::from_json(&mask.to_json()).unwrap(), mask);
    }

    #[test]
    fn random_masks_keep_as_many_as_asked(counts in proptest::collection::vec(0_usize..=676, 4), seed in 0_u64..1000) {
        let linear = Linear::<f32>::new(&task(CHAIN, 1)).unwrap();
        prop_assert_eq!(controls::random(linear.layers(), &counts, &mut rng(seed)).unwrap().counts(), counts);
    }
}
