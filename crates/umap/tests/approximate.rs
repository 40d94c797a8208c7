//! Approximate neighbours compared with the exact ones.

use headstart_umap::{Error, Metric, Neighbours, Search, Stream, Umap, start};
use ndarray::{Array2, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn normal(n: usize, p: usize, seed: u64) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_fn((n, p), |_| rng.sample::<f32, _>(rand_distr::StandardNormal))
}

/// Overlapping clusters that no direction separates.
fn mixture(n: usize, p: usize, seed: u64) -> Array2<f32> {
    let mut data = normal(n, p, seed);
    let centres = normal(12, p, seed + 1);
    for (i, mut row) in data.rows_mut().into_iter().enumerate() {
        row += &centres.row(i % 12);
    }
    data
}

fn approximate(data: &Array2<f32>, k: usize, metric: Metric) -> Neighbours {
    Neighbours::approximate(data.view(), k, metric, &mut Stream::new(1, 0)).unwrap()
}

fn recall(found: &Neighbours, exact: &Neighbours) -> f64 {
    let (ours, theirs) = (found.indices(), exact.indices());
    let pairs = ours.rows().into_iter().zip(theirs.rows());
    let hits: usize = pairs.map(|(a, b)| b.iter().skip(1).filter(|j| a.iter().skip(1).any(|i| i == *j)).count()).sum();
    hits as f64 / (exact.len() * (exact.k() - 1)) as f64
}

#[test]
fn nearly_all_neighbours_are_found() {
    // Eight leaves each. The second data set fills 30 dimensions, the third is a surface.
    let surface = normal(8000, 2, 3).dot(&normal(2, 12, 4)).mapv(f32::sin);
    for (data, k) in [(mixture(8000, 20, 1), 15), (normal(8000, 30, 2), 15), (surface, 15), (mixture(8000, 8, 5), 3)] {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let exact = Neighbours::exact(data.view(), k, metric).unwrap();
            let found = approximate(&data, k, metric);
            let recall = recall(&found, &exact);
            assert!(recall >= 0.99, "{:?} {metric:?}, k = {k}: {recall}", data.dim());
            // Neighbours found by both have the same distance.
            for row in 0..100 {
                for (j, d) in found.indices().row(row).iter().zip(found.distances().row(row)) {
                    let at = exact.indices().row(row).iter().position(|other| other == j);
                    assert!(at.is_none_or(|at| exact.distances()[[row, at]] == *d));
                }
            }
        }
    }
}

#[test]
fn results_depend_on_the_seed_but_not_on_threads() {
    let data = normal(5000, 40, 6);
    let with = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let rng = &mut Stream::new(seed, 0);
        pool.install(|| Neighbours::approximate(data.view(), 12, Metric::Euclidean, rng).unwrap())
    };
    let one = with(1, 7);
    assert_eq!(one, with(2, 7));
    assert_eq!(one, with(4, 7));
    assert_ne!(one, with(2, 8), "in 40 dimensions some neighbours are missed, and not always the same");
}

#[test]
fn points_of_one_leaf_have_all_their_neighbours() {
    for (n, k) in [(900, 15), (900, 2), (400, 300), (3, 2)] {
        let data = normal(n, 5, 9);
        assert_eq!(
            approximate(&data, k, Metric::Euclidean),
            Neighbours::exact(data.view(), k, Metric::Euclidean).unwrap(),
            "n = {n}, k = {k}"
        );
    }
}

#[test]
fn rows_are_valid_where_points_coincide() {
    // 300 positions with 10 points each; 3000 points at one position; all points at one position.
    let places = normal(300, 3, 10);
    let copies = Array2::from_shape_fn((3000, 3), |(i, j)| places[[i % 300, j]]);
    let heap = Array2::from_shape_fn((4000, 3), |(i, j)| if i < 3000 { 1.0 } else { places[[i % 300, j]] + 9.0 });
    for data in [&copies, &heap, &Array2::ones((2500, 3))] {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let found = approximate(data, 8, metric);
            // Passing it as a given graph checks indices, order and repetitions.
            let again = Neighbours::given(found.indices().to_owned(), found.distances().to_owned()).unwrap();
            assert_eq!(again, found);
        }
    }
    let found = approximate(&copies, 8, Metric::Euclidean);
    assert!(found.distances().iter().all(|&d| d == 0.0), "each point has nine others at its position");
    assert!(approximate(&heap, 8, Metric::Euclidean).distances().slice(s![..3000, ..]).iter().all(|&d| d == 0.0));
}

#[test]
fn the_search_method_can_be_chosen() {
    let data = normal(5000, 40, 11);
    let found =
        |search| Neighbours::search(data.view(), 15, Metric::Euclidean, search, &mut Stream::new(3, 0)).unwrap();
    let exact = Neighbours::exact(data.view(), 15, Metric::Euclidean).unwrap();
    assert_eq!(found(Search::Automatic), exact);
    assert_eq!(found(Search::Exact), exact);
    let layout = |search| {
        let umap = Umap { search, epochs: Some(5), ..Umap::default() };
        umap.fit(data.view(), start::random, 1).unwrap().layout
    };
    assert_eq!(layout(Search::Automatic), layout(Search::Exact));
    assert_ne!(layout(Search::Exact), layout(Search::Approximate), "some neighbours are missed");
    // Beyond 85,000 points of few columns the automatic choice is approximate.
    let many = normal(85_001, 3, 12);
    let automatic =
        Neighbours::search(many.view(), 5, Metric::Euclidean, Search::Automatic, &mut Stream::new(3, 0)).unwrap();
    let approximate = Neighbours::approximate(many.view(), 5, Metric::Euclidean, &mut Stream::new(3, 0)).unwrap();
    assert_eq!(automatic, approximate);
}

#[test]
fn bad_tables_are_refused() {
    let with =
        |data: &Array2<f32>, k| Neighbours::approximate(data.view(), k, Metric::Euclidean, &mut Stream::new(1, 0));
    let mut data = normal(20, 3, 13);
    assert_eq!(with(&data, 20), Err(Error::Neighbours { k: 20, n: 20 }));
    assert_eq!(with(&data, 1), Err(Error::Neighbours { k: 1, n: 20 }));
    data[[3, 2]] = f32::NAN;
    assert!(matches!(with(&data, 5), Err(Error::NonFinite { row: 3, col: 2, .. })));
}
