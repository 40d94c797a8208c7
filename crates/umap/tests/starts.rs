//! Starts compared with known spectra and layouts.

use std::f64::consts::PI;

use headstart_umap::start::{self, Eigensolver, Fallback, Input, modes};
use headstart_umap::{Error, Graph, Metric, Neighbours};
use ndarray::{Array1, Array2, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn path(n: u32) -> Vec<(u32, u32, f32)> {
    (1..n).map(|i| (i - 1, i, 1.0)).collect()
}

/// One size for the dense solver, one for Lanczos with gaps below 1e-5.
const SIZES: [u32; 2] = [60, 1800];

#[test]
fn a_ring_has_the_exact_spectrum() {
    for n in SIZES {
        let mut edges = path(n);
        edges.push((n - 1, 0, 1.0));
        let found = modes(&Graph::from_edges(n as usize, &edges).unwrap(), 4, &mut rng(1)).unwrap();
        assert_eq!(matches!(found.eigensolver, Eigensolver::Dense), n == 60);
        for (k, value) in [1.0, 1.0, 2.0, 2.0].into_iter().zip(&found.values) {
            let exact = 1.0 - (2.0 * PI * k / f64::from(n)).cos();
            assert!((value - exact).abs() < 1e-11, "n = {n}: {value:e} {exact:e}");
        }
        // The first plane is a circle: all points are at the same distance from the origin.
        let radii =
            found.vectors.slice(s![.., ..2]).rows().into_iter().map(|row| row.dot(&row)).collect::<Array1<f64>>();
        assert!(radii.iter().all(|radius| (radius * f64::from(n) / 2.0 - 1.0).abs() < 1e-3), "n = {n}");
    }
}

#[test]
fn a_path_has_the_exact_spectrum_and_vectors() {
    for n in SIZES {
        let found = modes(&Graph::from_edges(n as usize, &path(n)).unwrap(), 4, &mut rng(2)).unwrap();
        for k in 0..4 {
            let angle = PI * (k + 1) as f64 / f64::from(n - 1);
            assert!((found.values[k] - (1.0 - angle.cos())).abs() < 1e-11, "n = {n}, {k}");
            // sqrt(degree) cos(k pi i / (n - 1)).
            let exact: Array1<f64> = (0..n)
                .map(|i| (if i == 0 || i == n - 1 { 1.0f64 } else { 2.0 }).sqrt() * (angle * f64::from(i)).cos())
                .collect();
            let cosine = exact.dot(&found.vectors.column(k)) / exact.dot(&exact).sqrt();
            assert!((1.0 - cosine.abs()) < 1e-6, "n = {n}, {k}: {cosine}");
        }
    }
}

fn normal(n: usize, p: usize, rng: &mut ChaCha8Rng) -> Array2<f32> {
    Array2::from_shape_simple_fn((n, p), || rng.sample::<f32, _>(StandardNormal))
}

fn graph_of(data: &Array2<f32>) -> Graph {
    let neighbours = Neighbours::exact(data.view(), 10, Metric::Euclidean).unwrap();
    Graph::fuzzy(&neighbours, 1.0, 1.0).unwrap().pruned(500)
}

fn largest(layout: &Array2<f32>) -> f32 {
    layout.iter().fold(0.0, |most, x| most.max(x.abs()))
}

#[test]
fn the_spectral_start_reports_its_health() {
    let data = normal(300, 3, &mut rng(3));
    let graph = graph_of(&data);
    let input = Input { data: Some(data.view()), graph: &graph, dim: 2 };
    let start = start::spectral(&input, &mut rng(4)).unwrap();
    let health = start.health.unwrap();
    assert_eq!(health.component_sizes, [300]);
    assert_eq!((health.eigensolver, health.fallback), (Some(Eigensolver::Dense), None));
    assert_eq!(health.eigenvalues.len(), 4);
    let values = &health.eigenvalues;
    assert!(values[0] > 0.0 && values.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!((health.relative_gap - (values[2] - values[1]) / values[2]).abs() < 1e-15);
    assert!((health.residual_over_gap - health.residual / (values[2] - values[1])).abs() < 1e-15);
    assert!(health.residual < 1e-12);
    assert!((largest(&start.layout) - 10.0).abs() < 1e-2);
    assert_eq!(start.multiply_adds, 9 * 300 * 300 * 300);
    // The columns are the eigenvectors times one factor.
    let found = modes(&graph, 4, &mut rng(5)).unwrap();
    let factor = f64::from(start.layout[[0, 0]]) / found.vectors[[0, 0]];
    for (x, v) in start.layout.iter().zip(found.vectors.slice(s![.., ..2])) {
        assert!((f64::from(*x) - factor * v).abs() < 0.02, "{x} {v}");
    }
}

/// 3 x 3 well separated clusters.
fn clusters(rng: &mut ChaCha8Rng) -> Array2<f32> {
    let mut data = normal(360, 5, rng);
    for (i, mut row) in data.rows_mut().into_iter().enumerate() {
        row[0] += 30.0 * (i % 3) as f32;
        row[1] += 40.0 * (i / 3 % 3) as f32;
    }
    data
}

#[test]
fn components_are_placed_like_their_means() {
    let data = clusters(&mut rng(6));
    let graph = graph_of(&data);
    let input = Input { data: Some(data.view()), graph: &graph, dim: 2 };
    let start = start::spectral_components(&input, &mut rng(7)).unwrap();
    assert_eq!(start.health.unwrap().component_sizes, [40; 9]);
    let mean = |table: &Array2<f32>, c: usize| {
        let rows: Vec<usize> = (0..360).filter(|i| i % 9 == c).collect();
        table.select(ndarray::Axis(0), &rows).mean_axis(ndarray::Axis(0)).unwrap()
    };
    let distance = |table: &Array2<f32>, c, d| (mean(table, c) - mean(table, d)).mapv(|x| x * x).sum().sqrt();
    // The plane preserves the distances of the means, up to one factor and the part outside the plane.
    let factor = distance(&start.layout, 0, 8) / distance(&data, 0, 8);
    for c in 0..9 {
        for d in 0..c {
            let (given, found) = (factor * distance(&data, c, d), distance(&start.layout, c, d));
            assert!((found / given - 1.0).abs() < 0.02, "{c} {d}: {found} for {given}");
        }
    }
    // Points of a component are nearer to its position than to any other.
    for i in 0..360 {
        let to = |c| (&start.layout.row(i) - &mean(&start.layout, c)).mapv(|x| x * x).sum();
        assert!((0..9).filter(|&c| c != i % 9).all(|c| to(i % 9) < to(c)), "point {i}");
    }
}

#[test]
fn the_baseline_places_few_components_on_the_axes_and_many_by_affinity() {
    let data = clusters(&mut rng(8));
    let two = data.slice(s![..;1, ..]).select(ndarray::Axis(0), &(0..360).filter(|i| i % 9 < 2).collect::<Vec<_>>());
    let graph = graph_of(&two);
    let input = Input { data: Some(two.view()), graph: &graph, dim: 2 };
    let start = start::spectral(&input, &mut rng(9)).unwrap();
    assert_eq!(start.health.unwrap().component_sizes, [40, 40]);
    let sign = start.layout[[0, 0]].signum();
    assert!((0..80).all(|i| start.layout[[i, 0]].signum() == if i % 2 == 0 { sign } else { -sign }));
    // Nine distant clusters have zero affinity: their positions are meaningless and differ between seeds.
    let graph = graph_of(&data);
    let input = Input { data: Some(data.view()), graph: &graph, dim: 2 };
    let layouts = [10, 11].map(|seed| start::spectral(&input, &mut rng(seed)).unwrap().layout);
    assert!(layouts.iter().all(|layout| layout.iter().all(|x| x.is_finite())));
    let apart = headstart_umap::quality::procrustes(layouts[0].view(), layouts[1].view()).unwrap();
    assert!(apart > 0.1, "{apart}");
    // Without data the positions are random.
    let bare = Input { data: None, graph: &graph, dim: 2 };
    assert!(start::spectral(&bare, &mut rng(12)).unwrap().layout.iter().all(|x| x.is_finite()));
}

#[test]
fn components_too_small_for_vectors_are_placed_at_random() {
    let edges = [(0, 1, 1.0), (1, 2, 1.0), (3, 4, 1.0)];
    let graph = Graph::from_edges(5, &edges).unwrap();
    let start = start::spectral(&Input { data: None, graph: &graph, dim: 2 }, &mut rng(13)).unwrap();
    assert_eq!(start.health.unwrap().fallback, Some(Fallback::TooSmall));
    assert!(start.layout.iter().all(|x| x.is_finite()));
}

#[test]
fn principal_components_are_found_and_keep_their_ratio() {
    // Standard deviations 9, 3, 1 along three axes, rotated by fixed angles in the planes (0, 1) and (1, 2).
    let mut data = normal(2000, 3, &mut rng(14));
    let scores = &data * &ndarray::array![9.0f32, 3.0, 1.0];
    for (mut row, score) in data.rows_mut().into_iter().zip(scores.rows()) {
        let (x, y) = (0.8 * score[0] - 0.6 * score[1], 0.6 * score[0] + 0.8 * score[1]);
        row.assign(&ndarray::array![x + 5.0, 0.8 * y - 0.6 * score[2], 0.6 * y + 0.8 * score[2]]);
    }
    let graph = Graph::from_edges(2000, &path(2000)).unwrap();
    let input = Input { data: Some(data.view()), graph: &graph, dim: 2 };
    let start = start::pca(&input, &mut rng(15)).unwrap();
    assert!((largest(&start.layout) - 10.0).abs() < 1e-2);
    for axis in 0..2 {
        let (a, b) = (start.layout.column(axis), scores.column(axis));
        let (a, b) = (&a - a.mean().unwrap(), &b - b.mean().unwrap());
        let correlation = a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt();
        assert!(correlation.abs() > 0.998, "{axis}: {correlation}");
    }
    let deviation = |axis| start.layout.column(axis).std(0.0);
    let exact = scores.column(0).std(0.0) / scores.column(1).std(0.0);
    assert!((deviation(0) / deviation(1) / exact - 1.0).abs() < 0.01);
    let small = start::pca_small(&input, &mut rng(15)).unwrap().layout;
    assert!((small.column(0).std(0.0) / 1e-4 - 1.0).abs() < 1e-4);
    // Shuffled columns keep their variances but not the first axis.
    let shuffled = start::pca_of_shuffled_features(&input, &mut rng(16)).unwrap().layout;
    let (a, b) = (shuffled.column(0), scores.column(0));
    assert!((a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()).abs() < 0.9);
}

#[test]
fn more_features_than_points_give_the_same_components() {
    // The same points with additional columns of zeros: this uses the Gram matrix instead of the covariance.
    let data = normal(40, 6, &mut rng(17));
    let mut wide = Array2::zeros((40, 90));
    wide.slice_mut(s![.., ..6]).assign(&data);
    let graph = Graph::from_edges(40, &path(40)).unwrap();
    let layout = |data: &Array2<f32>| {
        start::pca_small(&Input { data: Some(data.view()), graph: &graph, dim: 2 }, &mut rng(18)).unwrap().layout
    };
    let (narrow, wide) = (layout(&data), layout(&wide));
    for axis in 0..2 {
        let sign = (narrow[[0, axis]] * wide[[0, axis]]).signum();
        for (a, b) in narrow.column(axis).iter().zip(wide.column(axis)) {
            assert!((a - sign * b).abs() < 1e-9, "{a} {b}");
        }
    }
    // More columns than features: the others are 0.
    let one = data.slice(s![.., ..1]).to_owned();
    assert!(layout(&one).column(1).iter().all(|&x| x == 0.0));
    // Constant data have no components: all points are noise around the origin.
    let input = Array2::ones((40, 3));
    let start = start::pca(&Input { data: Some(input.view()), graph: &graph, dim: 2 }, &mut rng(19)).unwrap();
    assert!(largest(&start.layout) < 1e-3 && largest(&start.layout) > 0.0);
}

#[test]
fn random_starts_have_their_ranges() {
    let graph = Graph::from_edges(5000, &path(5000)).unwrap();
    let input = Input { data: None, graph: &graph, dim: 3 };
    let wide = start::random(&input, &mut rng(20)).unwrap().layout;
    assert_eq!(wide.dim(), (5000, 3));
    assert!(largest(&wide) <= 10.0 && largest(&wide) > 9.9);
    assert!((wide.std(0.0) / (10.0 / 3f32.sqrt()) - 1.0).abs() < 0.02 && wide.mean().unwrap().abs() < 0.2);
    let small = start::random_small(&input, &mut rng(21)).unwrap().layout;
    assert!((small.std(0.0) / 1e-4 - 1.0).abs() < 0.03);
}

#[test]
fn a_diffusion_map_of_a_path_is_in_order() {
    let graph = Graph::from_edges(200, &path(200)).unwrap();
    let start = start::diffusion_map(&Input { data: None, graph: &graph, dim: 2 }, &mut rng(22)).unwrap();
    let first = start.layout.column(0);
    let rising = first.iter().zip(first.iter().skip(1)).filter(|(a, b)| a < b).count();
    assert!(rising == 0 || rising == 199, "{rising}");
    // The second coordinate is a parabola of the first: a path is bent, not folded.
    assert!(start.health.unwrap().eigensolver.is_some());
}

#[test]
fn noise_joins_components() {
    let data = clusters(&mut rng(23));
    let graph = graph_of(&data);
    let input = Input { data: Some(data.view()), graph: &graph, dim: 2 };
    let start = start::laplacian_noise(&input, &mut rng(24)).unwrap();
    assert_eq!(start.health.unwrap().component_sizes, [360]);
}

#[test]
fn starts_report_missing_or_bad_input() {
    let graph = Graph::from_edges(20, &path(20)).unwrap();
    let bare = Input { data: None, graph: &graph, dim: 2 };
    assert!(matches!(start::pca(&bare, &mut rng(1)), Err(Error::NeedsData { .. })));
    let given = |rows, value| start::given(Array2::from_elem((rows, 2), value))(&bare, &mut rng(1));
    assert_eq!(given(20, 1.0).unwrap().layout, Array2::from_elem((20, 2), 1.0));
    assert!(matches!(given(19, 1.0), Err(Error::Shape { given: (19, 2), expected: (20, 2), .. })));
    assert!(matches!(given(20, f32::NAN), Err(Error::NonFinite { row: 0, col: 0, .. })));
    let edge = |edges: &[(u32, u32, f32)]| Graph::from_edges(3, edges).unwrap_err().to_string();
    assert!(edge(&[(0, 3, 1.0)]).contains("edge 0"));
    assert!(edge(&[(0, 1, 1.0), (2, 2, 1.0)]).contains("itself"));
    assert!(edge(&[(0, 1, 0.0)]).contains("positive"));
    assert!(edge(&[(0, 1, 1.0), (1, 0, 1.0)]).contains("twice"));
}

#[test]
fn eigenvectors_agree_with_a_dense_solver_up_to_sign() {
    let edges: Vec<(u32, u32, f32)> = include_str!("data/graph_union.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let parts: Vec<&str> = line.split(',').collect();
            (parts[0].parse().unwrap(), parts[1].parse().unwrap(), parts[2].parse().unwrap())
        })
        .collect();
    let found = modes(&Graph::from_edges(200, &edges).unwrap(), 4, &mut rng(25)).unwrap();
    let rows: Vec<Vec<f64>> = include_str!("data/spectral.csv")
        .lines()
        .map(|line| line.split(',').map(|x| x.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 200);
    for axis in 0..3 {
        let column = found.vectors.column(axis);
        let sign = column.iter().zip(&rows).map(|(x, row)| x * row[axis]).sum::<f64>().signum();
        for (x, row) in column.iter().zip(&rows) {
            assert!((sign * x - row[axis]).abs() < 1e-5, "{x} {}", row[axis]);
        }
    }
}
