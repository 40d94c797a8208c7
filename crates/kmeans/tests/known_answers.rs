//! The solver against a direct check of Lloyd's fixed points, planted clusters and known values.

use std::ops::ControlFlow;

use headstart_kmeans::{Error, Task, lloyd, mixture, start};
use ndarray::{Array2, Axis, array};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Whether every centre is the mean of the points nearest to it.
fn is_fixed(points: &Array2<f64>, centres: &Array2<f64>) -> bool {
    let squared = |i: usize, c: usize| (&points.row(i) - &centres.row(c)).mapv(|x| x * x).sum();
    let nearest = |i: &usize| (0..centres.nrows()).min_by(|a, b| squared(*i, *a).total_cmp(&squared(*i, *b))).unwrap();
    let owners: Vec<usize> = (0..points.nrows()).map(|i| nearest(&i)).collect();
    (0..centres.nrows()).all(|c| {
        let own: Vec<usize> = (0..points.nrows()).filter(|i| owners[*i] == c).collect();
        let mean = points.select(Axis(0), &own).mean_axis(Axis(0));
        mean.is_none_or(|mean| (&mean - &centres.row(c)).mapv(f64::abs).sum() < 1e-6)
    })
}

#[test]
fn final_centres_are_fixed_points_of_lloyds_iteration() {
    let task = mixture(5, 30, 3, 6.0, &mut rng(1)).unwrap();
    let points = mixture_points(1);
    let begin = start::random(&task, &mut rng(2)).unwrap();
    let mut seen = Vec::new();
    let centres = lloyd(&task, begin.centres, |work, inertia| {
        seen.push((work, inertia));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert!(is_fixed(&points, &centres));
    assert!(seen.windows(2).all(|pair| pair[1].1 <= pair[0].1 + 1e-12), "the inertia never rises");
    assert_eq!(seen[0].0, 150.0 * 5.0, "points times clusters");
}

/// The points of the task above, drawn again.
fn mixture_points(seed: u64) -> Array2<f64> {
    use rand::RngExt;
    let mut rng = rng(seed);
    let mut points = Array2::zeros((150, 3));
    for mut cloud in points.exact_chunks_mut((30, 3)) {
        let centre: Vec<f64> = (0..3).map(|_| rng.random_range(0.0..6.0)).collect();
        cloud
            .indexed_iter_mut()
            .for_each(|((_, j), x)| *x = centre[j] + rng.sample::<f64, _>(rand_distr::StandardNormal));
    }
    points
}

#[test]
fn clusters_far_apart_are_found_from_furthest_points() {
    let points = array![[0.0, 0.0], [0.2, 0.0], [50.0, 0.0], [50.2, 0.0], [0.0, 50.0], [0.2, 50.0]];
    let task = Task::new(points, 3).unwrap();
    for seed in 0..5 {
        let begin = start::furthest_first(&task, &mut rng(seed)).unwrap();
        // Two rounds of furthest points, and one iteration.
        assert_eq!(begin.distances, 6.0 * 2.0 + 6.0 * 3.0);
        let centres = lloyd(&task, begin.centres, |_, _| ControlFlow::Continue(())).unwrap();
        assert!((task.inertia(&centres) - 0.01).abs() < 1e-9);
    }
}

#[test]
fn starts_draw_from_the_generator_that_they_are_given() {
    let task = mixture(8, 20, 2, 30.0, &mut rng(3)).unwrap();
    for start in [start::random, start::plus_plus, start::parallel] {
        let mut own = rng(4);
        let first = start(&task, &mut own).unwrap();
        assert_eq!(first, start(&task, &mut rng(4)).unwrap(), "the same seed gives the same centres");
        assert_ne!(first.centres, start(&task, &mut own).unwrap().centres, "a second draw gives other centres");
    }
}

#[test]
fn bad_input_gives_an_error_message() {
    let message = |task: Result<Task, Error>| task.unwrap_err().to_string();
    assert!(message(Task::new(array![[1.0], [2.0]], 3)).contains("3 clusters of 2 points"));
    assert!(message(Task::new(array![[1.0], [2.0]], 0)).contains("0 clusters"));
    assert!(message(Task::new(array![[1.0], [f64::NAN]], 1)).contains("point 1 has the coordinate NaN in column 0"));
    let task = Task::new(array![[1.0], [2.0]], 1).unwrap();
    let refused = lloyd(&task, array![[1.0, 2.0]], |_, _| ControlFlow::Continue(())).unwrap_err();
    assert!(refused.to_string().contains("must have shape (1, 1)"));
}

/// The unit and the origin of the points change neither the iterations nor the clusters.
#[test]
fn iterations_do_not_depend_on_the_unit() {
    let points = mixture_points(1);
    let run = |points: Array2<f64>| {
        let task = Task::new(points, 5).unwrap();
        let begin = start::random(&task, &mut rng(2)).unwrap();
        let mut iterations = 0;
        let centres = lloyd(&task, begin.centres, |_, _| {
            iterations += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
        (iterations, task.inertia(&centres), centres)
    };
    let (iterations, inertia, centres) = run(points.clone());
    // Powers of two change no rounding.
    for unit in [2.0_f64.powi(-27), 2.0_f64.powi(40)] {
        let (scaled, scaled_inertia, scaled_centres) = run(&points * unit);
        assert_eq!((scaled, scaled_inertia / unit / unit), (iterations, inertia), "{unit}");
        assert_eq!(scaled_centres / unit, centres);
    }
    let (_, shifted_inertia, shifted) = run(&points + 1e6);
    assert!((shifted_inertia / inertia - 1.0).abs() < 1e-6);
    assert!((shifted - 1e6 - &centres).iter().all(|gap| gap.abs() < 1e-6));
}
