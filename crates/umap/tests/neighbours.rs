//! Nearest neighbours compared with a sort of all distances, and refused input.

use headstart_umap::{Error, Metric, Neighbours, from_rows};
use ndarray::{Array2, array};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Squared distances of all pairs, in double precision, sorted by distance and then by index.
fn by_sorting(data: &Array2<f32>, metric: Metric, k: usize) -> (Array2<u32>, Array2<f64>) {
    let n = data.nrows();
    let distance = |i: usize, j: usize| -> f64 {
        let (x, y) = (data.row(i).mapv(f64::from), data.row(j).mapv(f64::from));
        match metric {
            Metric::Cosine => match (x.dot(&x).sqrt(), y.dot(&y).sqrt()) {
                (0.0, 0.0) => 0.0,
                (0.0, _) | (_, 0.0) => 1.0,
                (a, b) => 1.0 - x.dot(&y) / (a * b),
            },
            _ => (&x - &y).mapv(|d| d * d).sum().sqrt(),
        }
    };
    let mut indices = Array2::zeros((n, k));
    let mut distances = Array2::zeros((n, k));
    for i in 0..n {
        let mut all: Vec<(f64, usize)> = (0..n).filter(|&j| j != i).map(|j| (distance(i, j), j)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        indices[[i, 0]] = i as u32;
        for j in 1..k {
            indices[[i, j]] = all[j - 1].1 as u32;
            distances[[i, j]] = all[j - 1].0;
        }
    }
    (indices, distances)
}

fn normal(n: usize, p: usize, seed: u64) -> Array2<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_fn((n, p), |_| rng.sample::<f32, _>(rand_distr::StandardNormal))
}

#[test]
fn euclidean_neighbours_agree_with_a_sort() {
    // More points than one block of products, in a number that does not fill a block.
    for (n, p, k) in [(1300, 7, 15), (130, 1, 5), (65, 64, 64)] {
        let data = normal(n, p, 1);
        let found = Neighbours::exact(data.view(), k, Metric::Euclidean).unwrap();
        let (indices, distances) = by_sorting(&data, Metric::Euclidean, k);
        assert_eq!(found.indices(), indices);
        for (a, b) in found.distances().iter().zip(&distances) {
            assert!((f64::from(*a) - b).abs() <= 1e-6 * b, "{a} {b}");
        }
    }
}

#[test]
fn cosine_neighbours_agree_with_a_sort() {
    let mut data = normal(300, 6, 2);
    data.row_mut(17).fill(0.0);
    data.row_mut(200).fill(0.0);
    let found = Neighbours::exact(data.view(), 10, Metric::Cosine).unwrap();
    let (indices, distances) = by_sorting(&data, Metric::Cosine, 10);
    for (a, b) in found.distances().iter().zip(&distances) {
        assert!((f64::from(*a) - b).abs() < 1e-6, "{a} {b}");
    }
    // All other points are at distance 1 from a row of zeros, up to rounding.
    for row in (0..300).filter(|row| ![17, 200].contains(row)) {
        assert_eq!(found.indices().row(row), indices.row(row), "row {row}");
    }
    assert_eq!(found.indices()[[17, 1]], 200);
    assert_eq!(found.distances()[[17, 1]], 0.0);
}

#[test]
fn the_order_is_right_far_from_the_origin() {
    // Without centring and the bound on rounding, an offset of 1e4 in every column leaves no digit of the distances.
    let data = normal(500, 5, 3).mapv(|x| x + 1e4);
    let found = Neighbours::exact(data.view(), 12, Metric::Euclidean).unwrap();
    let (indices, _) = by_sorting(&data, Metric::Euclidean, 12);
    let same = found.indices().iter().zip(&indices).filter(|(a, b)| a == b).count();
    assert_eq!(same, 500 * 12);
    // An equally large outlier makes the bound as loose as without centring; the order must still be right.
    let mut data = normal(500, 5, 3);
    data[[250, 2]] = 3e4;
    let found = Neighbours::exact(data.view(), 12, Metric::Euclidean).unwrap();
    let (indices, _) = by_sorting(&data, Metric::Euclidean, 12);
    let same = found.indices().iter().zip(&indices).filter(|(a, b)| a == b).count();
    assert_eq!(same, 500 * 12);
}

#[test]
fn duplicates_are_ordered_by_index() {
    // 5 copies each of 40 points: the four other copies come first, in ascending order, at distance 0.
    let base = normal(40, 3, 4);
    let data = Array2::from_shape_fn((200, 3), |(i, j)| base[[i % 40, j]]);
    let found = Neighbours::exact(data.view(), 6, Metric::Euclidean).unwrap();
    for i in 0..200 {
        let others: Vec<u32> = (0..5).map(|c| (i % 40 + 40 * c) as u32).filter(|&j| j != i as u32).collect();
        assert_eq!(found.indices()[[i, 0]], i as u32);
        assert_eq!(found.indices().row(i).to_vec()[1..5], others);
        assert!(found.distances().row(i).iter().take(5).all(|&d| d == 0.0));
        assert!(found.distances()[[i, 5]] > 0.0);
    }
}

#[test]
fn many_copies_in_many_blocks_are_ordered_by_index() {
    // Copies of one point throughout the table, more than the candidates kept, and points so close to it that products
    // cannot separate them.
    let mut data = normal(2100, 6, 8);
    for row in (0..2100).step_by(3) {
        data.row_mut(row).fill(0.5);
    }
    for row in (1..2100).step_by(6) {
        data.row_mut(row).fill(0.5);
        data[[row, row % 5]] += 1e-6 * row as f32;
    }
    let found = Neighbours::exact(data.view(), 12, Metric::Euclidean).unwrap();
    let (indices, distances) = by_sorting(&data, Metric::Euclidean, 12);
    assert_eq!(found.indices(), indices);
    assert!(found.distances().iter().zip(&distances).all(|(a, b)| (f64::from(*a) - b).abs() <= 1e-6 * b));
}

#[test]
fn constant_data_have_the_first_points_as_neighbours() {
    let found = Neighbours::exact(Array2::from_elem((50, 4), 2.5).view(), 4, Metric::Euclidean).unwrap();
    assert_eq!(found.indices().row(0).to_vec(), [0, 1, 2, 3]);
    assert_eq!(found.indices().row(9).to_vec(), [9, 0, 1, 2]);
    assert!(found.distances().iter().all(|&d| d == 0.0));
}

#[test]
fn results_do_not_depend_on_threads() {
    let data = normal(700, 10, 5);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Neighbours::exact(data.view(), 15, Metric::Euclidean).unwrap())
    };
    assert_eq!(with(1), with(2));
    assert_eq!(with(1), with(4));
}

#[test]
fn new_points_find_the_nearest_rows_of_the_data() {
    let data = normal(300, 5, 6);
    let found = Neighbours::of_queries(data.view(), data.view(), 5, Metric::Euclidean).unwrap();
    assert_eq!(found, Neighbours::exact(data.view(), 5, Metric::Euclidean).unwrap());
    let wrong = Neighbours::of_queries(normal(3, 4, 1).view(), data.view(), 5, Metric::Euclidean);
    assert_eq!(wrong, Err(Error::Shape { what: "the new points", given: (3, 4), expected: (3, 5) }));
}

#[test]
fn bad_tables_are_refused_with_the_position() {
    let mut data = normal(20, 3, 7);
    let with = |data: &Array2<f32>, k| Neighbours::exact(data.view(), k, Metric::Euclidean).unwrap_err();
    assert_eq!(with(&data, 20), Error::Neighbours { k: 20, n: 20 });
    assert_eq!(with(&data, 1), Error::Neighbours { k: 1, n: 20 });
    assert!(with(&data, 20).to_string().contains("choose from 2 to 19"));
    assert_eq!(with(&Array2::zeros((0, 3)), 5), Error::Empty { what: "the data", rows: 0, columns: 3 });
    data[[4, 1]] = f32::NAN;
    assert!(matches!(with(&data, 5), Error::NonFinite { row: 4, col: 1, value, .. } if value.is_nan()));
    data[[4, 1]] = f32::NEG_INFINITY;
    assert!(matches!(with(&data, 5), Error::NonFinite { row: 4, col: 1, .. }));
    data[[4, 1]] = 1e20;
    assert!(matches!(with(&data, 5), Error::TooLarge { row: 4, col: 1, .. }));
    let ragged = from_rows(&[vec![1.0, 2.0], vec![3.0]]);
    assert_eq!(ragged, Err(Error::Ragged { row: 1, given: 1, expected: 2 }));
    assert_eq!(from_rows::<Vec<f32>>(&[]), Err(Error::Empty { what: "the data", rows: 0, columns: 0 }));
    assert_eq!(from_rows(&[[1.0, 2.0], [3.0, 4.0]]).unwrap(), array![[1.0, 2.0], [3.0, 4.0]]);
}

#[test]
fn a_given_graph_is_checked() {
    let indices = array![[0, 1], [1, 2], [2, 1]];
    let distances = array![[0.0, 1.0], [0.0, 0.5], [0.0, 0.5]];
    let given = |indices: &Array2<u32>, distances: &Array2<f32>| Neighbours::given(indices.clone(), distances.clone());
    assert_eq!(given(&indices, &distances).unwrap().indices(), indices);
    let refused = |row, col, index: u32, distance: f32| {
        let (mut indices, mut distances) = (indices.clone(), distances.clone());
        indices[[row, col]] = index;
        distances[[row, col]] = distance;
        let error = given(&indices, &distances).unwrap_err();
        assert!(matches!(error, Error::Graph { row: r, entry, .. } if r == row && entry == col), "{error}");
        error.to_string()
    };
    assert!(refused(1, 1, 3, 0.5).contains("not below the number of points"));
    assert!(refused(1, 0, 0, 0.0).contains("itself"));
    assert!(refused(1, 1, 1, 0.5).contains("itself"));
    assert!(refused(1, 1, 0, -0.5).contains("negative"));
    assert!(refused(1, 1, 0, f32::NAN).contains("finite"));
    assert!(refused(0, 0, 0, 0.1).contains("distance 0"));
    let twice = given(&array![[0, 1, 1], [1, 0, 2], [2, 0, 1], [3, 0, 1]], &Array2::zeros((4, 3))).unwrap_err();
    assert!(twice.to_string().contains("twice"));
    let unsorted = array![[0.0, 2.0, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
    let unsorted = given(&array![[0, 1, 2], [1, 0, 2], [2, 0, 1], [3, 0, 1]], &unsorted).unwrap_err();
    assert!(unsorted.to_string().contains("ascend"));
    assert!(matches!(given(&indices, &array![[0.0]]), Err(Error::Shape { .. })));
}

proptest! {
    /// Few different values, so that ties and duplicates are frequent.
    #[test]
    fn ties_are_ordered_by_index(values in prop::collection::vec(0u8..3, 60..200), k in 2usize..12) {
        let n = values.len() / 2;
        let data = Array2::from_shape_fn((n, 2), |(i, j)| f32::from(values[2 * i + j]));
        let found = Neighbours::exact(data.view(), k, Metric::Euclidean).unwrap();
        let distance = |i: usize, j: usize| (&data.row(i) - &data.row(j)).mapv(|d| d * d).sum();
        for i in 0..n {
            let mut all: Vec<usize> = (0..n).filter(|&j| j != i).collect();
            all.sort_by(|&a, &b| distance(i, a).total_cmp(&distance(i, b)).then(a.cmp(&b)));
            let row: Vec<usize> = found.indices().row(i).iter().skip(1).map(|&j| j as usize).collect();
            prop_assert_eq!(&row[..], &all[..k - 1]);
        }
    }
}
