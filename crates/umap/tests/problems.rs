//! Properties of the shapes, and problems where the start strongly affects the final layout.

use headstart_umap::problem::{self, Shape};
use headstart_umap::quality::{Reference, spearman};
use headstart_umap::{Stream, Umap, start};
use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn ambient(points: &Array2<f32>, i: usize, j: usize) -> f32 {
    (&points.row(i) - &points.row(j)).mapv(|d| d * d).sum().sqrt()
}

/// Checks that distances along a shape are a metric and at least the straight distances minus `slack`.
fn check(shape: &Shape, slack: f32) {
    let intrinsic = shape.intrinsic.as_ref().unwrap();
    let n = shape.points.nrows();
    for i in 0..n {
        assert_eq!(intrinsic[[i, i]], 0.0);
        for j in 0..n {
            assert_eq!(intrinsic[[i, j]], intrinsic[[j, i]]);
            assert!(intrinsic[[i, j]] + slack >= ambient(&shape.points, i, j), "{i} {j}");
            let k = (i * 31 + j * 17) % n;
            assert!(intrinsic[[i, j]] <= intrinsic[[i, k]] + intrinsic[[k, j]] + 1e-4);
        }
    }
}

#[test]
fn intrinsic_distances_are_lengths_along_the_shape() {
    check(&problem::circle(200, &mut rng(1)), 0.1);
    check(&problem::line(200, &mut rng(2)), 0.02);
    check(&problem::swiss_roll(200, 3.0, 6.0, &mut rng(3)), 1e-4);
    // Noise of standard deviation 0.01 in 50 coordinates of both points: 0.1 on average.
    check(&problem::tree(200, &mut rng(4)), 0.2);
}

#[test]
fn distances_along_the_shape_are_locally_straight() {
    // Locally, the straight distance is the distance along the strip.
    let roll = problem::swiss_roll(3000, 3.0, 6.0, &mut rng(5));
    let intrinsic = roll.intrinsic.unwrap();
    let mut pairs = 0;
    for i in 0..3000 {
        for j in 0..i {
            if intrinsic[[i, j]] < 0.5 {
                pairs += 1;
                assert!((ambient(&roll.points, i, j) / intrinsic[[i, j]] - 1.0).abs() < 0.01);
            }
        }
    }
    assert!(pairs > 1000, "{pairs}");
}

#[test]
fn a_tree_has_paths_through_its_forks() {
    let tree = problem::tree(1500, &mut rng(6));
    let (intrinsic, labels) = (tree.intrinsic.unwrap(), tree.labels.unwrap());
    // Branches 7 and 14 are leaves whose paths to the root meet at the end of branch 0.
    let on = |branch: u32| labels.iter().position(|&label| label == branch).unwrap();
    let (a, b, root) = (on(7), on(14), on(0));
    let around = intrinsic[[a, root]] + intrinsic[[root, b]] - intrinsic[[a, b]];
    assert!(around > 0.0, "the path via a point of the trunk is longer by twice the distance to the fork");
    assert!(intrinsic[[a, b]] >= 4.0 && intrinsic[[a, b]] <= 6.0);
    // Siblings: both paths go to the end of their parent and no further.
    let (left, right) = (on(1), on(2));
    assert!(intrinsic[[left, right]] <= 2.0);
    let same: Vec<usize> = (0..1500).filter(|&i| labels[i] == 3).collect();
    assert!(same.iter().all(|&i| intrinsic[[i, same[0]]] <= 1.0));
}

#[test]
fn clusters_have_the_stated_distances() {
    let centre = |shape: &Shape, label: u32| {
        let labels = shape.labels.as_ref().unwrap();
        let rows: Vec<usize> = (0..labels.len()).filter(|&i| labels[i] == label).collect();
        shape.points.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap()
    };
    let apart = |shape: &Shape, a, b| (centre(shape, a) - centre(shape, b)).mapv(|d| d * d).sum().sqrt();
    let grid = problem::grid25(5000, &mut rng(7));
    assert!((apart(&grid, 0, 1) - 30.0).abs() < 1.0 && (apart(&grid, 0, 24) - 30.0 * 32f32.sqrt()).abs() < 1.0);
    let simplex = problem::simplex10(5000, &mut rng(8));
    for (a, b) in [(0, 1), (3, 9), (2, 7)] {
        assert!((apart(&simplex, a, b) - 30.0).abs() < 1.0);
    }
    let levels = problem::hierarchy(5000, &mut rng(9));
    // Expected distances: standard deviation times sqrt(2 * 50), with the levels above shared.
    assert!((apart(&levels, 0, 1) / 25.0 - 1.0).abs() < 0.4);
    assert!((apart(&levels, 0, 6) / 74.0 - 1.0).abs() < 0.4);
    assert!((apart(&levels, 0, 26) / 213.0 - 1.0).abs() < 0.4);
    let rings = problem::linked_rings(1000, &mut rng(10));
    let middle = centre(&rings, 1) - centre(&rings, 0);
    assert!((middle[0] - 1.0).abs() < 0.15 && middle[1].abs() < 0.15 && middle[2].abs() < 0.15);
}

#[test]
fn a_loop_is_closed() {
    let shape = problem::loop50(400, &mut rng(11));
    let intrinsic = shape.intrinsic.unwrap();
    assert!(intrinsic.iter().all(|&d| d <= std::f32::consts::PI + 1e-6));
    // Every point is nearer to its neighbour in the parameter than to the farthest point, across the closure too.
    let near = (0..400).all(|i| {
        let mut row: Vec<(f32, usize)> = (0..400).filter(|&j| j != i).map(|j| (intrinsic[[i, j]], j)).collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        ambient(&shape.points, i, row[0].1) < ambient(&shape.points, i, row[398].1)
    });
    assert!(near);
}

type Maker = fn(&start::Input<'_>, &mut Stream) -> Result<start::Start, headstart_umap::Error>;

#[test]
fn starts_affect_the_final_order() {
    // The circle of Kobak & Linderman (2021), and the effect of weak connections on the spectral start.
    let order = |shape: &Shape, start: Maker| {
        let layout = Umap::default().fit(shape.points.view(), start, 1).unwrap().layout;
        let reference =
            shape.intrinsic.as_ref().map_or(Reference::Points(shape.points.view()), |d| Reference::Distances(d.view()));
        spearman(reference, layout.view()).unwrap()
    };
    let circle = problem::circle(600, &mut rng(12));
    let (spectral, random) = (order(&circle, start::spectral), order(&circle, start::random));
    assert!(spectral > random + 0.1, "circle: {spectral} {random}");
    let grid = problem::grid25(600, &mut rng(13));
    let (spectral, pca) = (order(&grid, start::spectral), order(&grid, start::pca));
    let mended = order(&grid, start::spectral_components);
    assert!(pca > spectral + 0.2, "grid: {pca} {spectral}");
    assert!(mended > spectral + 0.2, "grid: {mended} {spectral}");
}
