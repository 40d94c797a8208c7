//! Whole fits: reproducibility on any number of threads, batch against serial mode, early stopping, new points.

use std::ops::ControlFlow;

use headstart_umap::quality::{Reference, neighbour_recall, spearman, trustworthiness};
use headstart_umap::{Error, Metric, Mode, Neighbours, Umap, problem, start};
use ndarray::{Array2, Axis, concatenate, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use rayon::prelude::*;

/// Data like a small set of handwritten digits: ten clusters that are flat in 64 dimensions (8 directions each, with
/// decreasing deviations), with centres about as far apart as the clusters are wide.
fn digits_like(n: usize, seed: u64) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut normal = |rows, columns| -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, columns), || rng.sample::<f32, _>(StandardNormal))
    };
    let centres = normal(10, 64) * 2.0;
    let directions: Vec<Array2<f32>> = (0..10).map(|_| normal(8, 64)).collect();
    let mut data = normal(n, 64) * 0.5;
    let deviations = ndarray::Array1::from_iter((0..8).map(|k| 1.5 / (1.0 + 0.3 * k as f32)));
    let inside = normal(n, 8) * &deviations;
    for (i, mut row) in data.rows_mut().into_iter().enumerate() {
        row += &centres.row(i % 10);
        row += &inside.row(i).dot(&directions[i % 10]);
    }
    data
}

#[test]
fn the_layout_is_the_same_on_any_number_of_threads() {
    let data = digits_like(700, 1);
    for mode in [Mode::Batch, Mode::Serial] {
        let umap = Umap { epochs: Some(60), losses: 3, mode, ..Umap::default() };
        let with = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| umap.fit(data.view(), start::spectral, 5).unwrap())
        };
        let (one, two, four) = (with(1), with(2), with(4));
        assert_eq!(one.layout, two.layout);
        assert_eq!(one.layout, four.layout);
        assert_eq!(one.losses, four.losses);
        assert_eq!(one.edge_samples, two.edge_samples);
        let other = umap.fit(data.view(), start::spectral, 6).unwrap();
        assert!(other.layout != one.layout, "the seed must matter");
    }
}

/// Random drift of points degrades the global order, which neighbourhoods do not show.
#[test]
fn batches_keep_the_global_order() {
    let order = |mode| {
        let of = |seed: u64| {
            let shape = problem::circle(600, &mut ChaCha8Rng::seed_from_u64(seed));
            let layout =
                Umap { mode, ..Umap::default() }.fit(shape.points.view(), start::spectral, seed).unwrap().layout;
            spearman(Reference::Distances(shape.intrinsic.unwrap().view()), layout.view()).unwrap()
        };
        (1..=8).into_par_iter().map(of).sum::<f64>() / 8.0
    };
    let (batch, serial) = (order(Mode::Batch), order(Mode::Serial));
    // The standard deviation between circles is .02.
    assert!(batch > serial - 0.03, "{batch} {serial}");
    assert!(serial > 0.85, "{serial}");
}

#[test]
fn batches_are_as_good_as_one_edge_at_a_time() {
    let data = digits_like(1000, 2);
    let score = |mode, start: fn(&start::Input<'_>, &mut headstart_umap::Stream) -> Result<start::Start, Error>| {
        // The standard deviation of recall between seeds is .0025, so means of eight differ by .001 by chance.
        let scores: Vec<(f64, f64)> = (1..=8)
            .into_par_iter()
            .map(|seed| {
                let layout = Umap { mode, ..Umap::default() }.fit(data.view(), start, seed).unwrap().layout;
                let trust = trustworthiness(data.view(), layout.view(), 15).unwrap();
                (trust, neighbour_recall(data.view(), layout.view(), 15).unwrap())
            })
            .collect();
        scores.iter().fold((0.0, 0.0), |sum, (trust, recall)| (sum.0 + trust / 8.0, sum.1 + recall / 8.0))
    };
    for start in [start::spectral, start::pca] {
        let (batch, serial) = (score(Mode::Batch, start), score(Mode::Serial, start));
        assert!((batch.0 - serial.0).abs() < 0.003, "trustworthiness {} {}", batch.0, serial.0);
        assert!((batch.1 - serial.1).abs() < 0.003, "recall {} {}", batch.1, serial.1);
        assert!(batch.0 > 0.9, "{batch:?}");
    }
}

#[test]
fn the_loss_falls_and_is_traced_at_the_requested_epochs() {
    let data = digits_like(400, 3);
    for mode in [Mode::Batch, Mode::Serial] {
        let fitted = Umap { losses: 5, mode, ..Umap::default() }.fit(data.view(), start::random, 1).unwrap();
        assert_eq!(fitted.losses.iter().map(|loss| loss.0).collect::<Vec<_>>(), [0, 125, 250, 375, 500]);
        assert!(fitted.losses.windows(2).all(|pair| pair[1].1 < pair[0].1), "{:?}", fitted.losses);
        assert_eq!(fitted.epochs, 500);
        assert!(fitted.health.is_none());
        assert!(fitted.seconds.neighbours > 0.0 && fitted.seconds.descent > 0.0);
    }
}

#[test]
fn the_observer_sees_every_epoch_and_stops_the_descent() {
    let data = digits_like(200, 4);
    for mode in [Mode::Batch, Mode::Serial] {
        let mut seen = Vec::new();
        let fitted = Umap { mode, ..Umap::default() }
            .fit_observed(data.view(), start::pca, 1, &mut |progress| {
                seen.push((progress.epochs, progress.edge_samples));
                if progress.epochs == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        assert_eq!(fitted.epochs, 7);
        assert_eq!(seen.iter().map(|at| at.0).collect::<Vec<_>>(), (0..=7).collect::<Vec<_>>());
        assert_eq!(seen[1].1, 0, "no edge is due in epoch 0");
        assert!(seen.windows(2).skip(1).all(|pair| pair[0].1 < pair[1].1));
        assert_eq!(fitted.edge_samples, seen[7].1);
        let none = Umap { mode, epochs: Some(0), ..Umap::default() };
        let start = none.fit(data.view(), start::random, 1).unwrap();
        assert_eq!((start.epochs, start.edge_samples), (0, 0));
        assert!(start.layout.iter().all(|x| x.abs() <= 10.0));
    }
}

#[test]
fn edges_are_drawn_in_proportion_to_their_weight() {
    // Over N epochs an edge of relative weight w is drawn (N - 1) w times, rounded down.
    let data = digits_like(300, 5);
    let umap = Umap { epochs: Some(100), ..Umap::default() };
    let batch = umap.fit(data.view(), start::pca, 1).unwrap();
    let pruned = batch.graph.pruned(100);
    let largest = pruned.largest();
    let expected: u64 = (0..300)
        .flat_map(|row| pruned.row(row).map(|edge| (99.0 * f64::from(edge.1 / largest)) as u64).collect::<Vec<_>>())
        .sum();
    assert_eq!(batch.edge_samples, expected);
    let serial = Umap { mode: Mode::Serial, ..umap }.fit(data.view(), start::pca, 1).unwrap();
    assert_eq!(serial.edge_samples, expected);
}

#[test]
fn a_given_graph_gives_the_same_layout_as_its_data() {
    let data = digits_like(300, 6);
    let umap = Umap { epochs: Some(50), ..Umap::default() };
    let neighbours = Neighbours::exact(data.view(), 15, Metric::Euclidean).unwrap();
    let from_data = umap.fit(data.view(), start::random, 3).unwrap();
    let from_graph = umap.fit_neighbours(&neighbours, start::random, 3).unwrap();
    assert_eq!(from_data.layout, from_graph.layout);
    assert!(matches!(umap.fit_neighbours(&neighbours, start::pca, 3), Err(Error::NeedsData { .. })));
    let layout = from_data.layout;
    let own = Umap { epochs: Some(0), ..umap }.fit(data.view(), start::given(layout.clone()), 1).unwrap();
    assert_eq!(own.layout, layout);
}

#[test]
fn new_points_land_in_their_cluster() {
    let data = digits_like(900, 7);
    let (known, new) = data.view().split_at(Axis(0), 800);
    let umap = Umap::default();
    let fitted = umap.fit(known, start::spectral, 1).unwrap();
    let placed = umap.transform(&fitted, known, new, 1).unwrap();
    assert_eq!(placed.dim(), (100, 2));
    assert_eq!(placed, umap.transform(&fitted, known, new, 1).unwrap());
    let both = concatenate![Axis(0), fitted.layout, placed];
    let right = (800..900)
        .filter(|&i| {
            let to = |j: usize| (&both.row(i) - &both.row(j)).mapv(|d| d * d).sum();
            let nearest = (0..800).min_by(|&a, &b| to(a).total_cmp(&to(b))).unwrap();
            nearest % 10 == i % 10
        })
        .count();
    assert!(right >= 95, "{right} of 100 new points are next to a point of their cluster");
    // A point of the data starts at its own position; without epochs it stays there.
    let still = Umap { epochs: Some(2), ..umap.clone() };
    let again = still.transform(&fitted, known, known.slice(s![..20, ..]), 1).unwrap();
    assert_eq!(again, fitted.layout.slice(s![..20, ..]));
    assert!(matches!(umap.transform(&fitted, known, new.slice(s![.., ..9]), 1), Err(Error::Shape { .. })));
    assert!(matches!(umap.transform(&fitted, new, known, 1), Err(Error::Shape { .. })));
}

#[test]
fn one_and_three_columns_and_cosines_work() {
    let data = digits_like(200, 8);
    for dim in [1, 3, 5] {
        for mode in [Mode::Batch, Mode::Serial] {
            let umap = Umap { dim, mode, metric: Metric::Cosine, epochs: Some(100), ..Umap::default() };
            let layout = umap.fit(data.view(), start::spectral_components, 1).unwrap().layout;
            assert_eq!(layout.dim(), (200, dim));
            assert!(layout.iter().all(|x| x.is_finite()));
        }
    }
}

#[test]
fn constant_and_duplicated_data_have_a_finite_layout() {
    let copies = Array2::from_shape_fn((120, 3), |(i, j)| ((i % 4) * (j + 1)) as f32);
    for data in [Array2::ones((60, 3)), copies] {
        for mode in [Mode::Batch, Mode::Serial] {
            for start in [start::spectral, start::pca, start::spectral_components, start::diffusion_map] {
                let fitted = Umap { mode, epochs: Some(50), ..Umap::default() }.fit(data.view(), start, 1).unwrap();
                assert!(fitted.layout.iter().all(|x| x.is_finite()));
            }
        }
    }
}

#[test]
fn options_out_of_range_are_named() {
    let data = digits_like(50, 9);
    let refused = |umap: Umap| match umap.fit(data.view(), start::random, 1) {
        Err(Error::OutOfRange(error)) => error.name,
        other => panic!("{other:?}"),
    };
    let usual = Umap::default;
    assert_eq!(refused(Umap { dim: 0, ..usual() }), "dim");
    assert_eq!(refused(Umap { negatives: 0, ..usual() }), "negatives");
    assert_eq!(refused(Umap { min_dist: -1.0, ..usual() }), "min_dist");
    assert_eq!(refused(Umap { spread: 0.0, ..usual() }), "spread");
    assert_eq!(refused(Umap { learning_rate: f32::NAN, ..usual() }), "learning_rate");
    assert_eq!(refused(Umap { local_connectivity: 20.0, ..usual() }), "local_connectivity");
    assert_eq!(refused(Umap { set_operation_mix: 2.0, ..usual() }), "set_operation_mix");
    let few = Umap::default().fit(data.slice(s![..15, ..]), start::random, 1);
    assert!(matches!(few, Err(Error::Neighbours { k: 15, n: 15 })));
}
