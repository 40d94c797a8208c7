//! Factors multiply back to the original matrix, and invalid matrices are refused.

use headstart_linalg::{Error, cholesky, eigh};
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn assert_eigh(a: &Array2<f64>) {
    let n = a.nrows();
    let found = eigh(a.view()).unwrap();
    let v = &found.vectors;
    let back = (v * &found.values).dot(&v.t());
    assert!(largest(&(back - a)) <= 1e-10 * largest(a).max(1e-300), "V diag V' is not A");
    assert!(largest(&(v.t().dot(v) - Array2::<f64>::eye(n))) < 1e-10, "V is not orthogonal");
    assert!(found.values.windows(2).into_iter().all(|pair| pair[0] <= pair[1]), "values must ascend");
}

fn symmetric(n: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(-1.0..1.0f64, n * n).prop_map(move |entries| {
        let a = Array2::from_shape_vec((n, n), entries).unwrap();
        &a + &a.t()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn eigh_reconstructs(a in (1..40usize).prop_flat_map(symmetric)) {
        assert_eigh(&a);
    }

    #[test]
    fn cholesky_reconstructs(a in (1..40usize).prop_flat_map(symmetric)) {
        let positive = a.dot(&a) + Array2::<f64>::eye(a.nrows()) * 1e-3;
        let l = cholesky(positive.view()).unwrap();
        prop_assert!(largest(&(l.dot(&l.t()) - &positive)) < 1e-10 * largest(&positive));
        prop_assert!(l.indexed_iter().all(|((row, col), value)| col <= row || *value == 0.0));
    }

    #[test]
    fn eigh_reconstructs_badly_scaled(a in symmetric(12), exponents in prop::collection::vec(-8..8i32, 12)) {
        let scale = Array1::from_iter(exponents.into_iter().map(|e| 10f64.powi(e)));
        let scaled = Array2::from_shape_fn((12, 12), |(i, j)| a[[i, j]] * scale[i] * scale[j]);
        assert_eigh(&scaled);
    }
}

#[test]
fn eigh_of_degenerate_matrices() {
    assert_eigh(&Array2::eye(30));
    assert_eigh(&Array2::zeros((7, 7)));
    assert_eigh(&Array2::ones((50, 50)));
    assert!(eigh(Array2::zeros((0, 0)).view()).unwrap().values.is_empty());
    assert!(cholesky(Array2::zeros((0, 0)).view()).unwrap().is_empty());
}

#[test]
fn eigh_of_huge_and_tiny_entries() {
    for size in [1e-300, 1e-200, 1e200, 1e300] {
        for n in [3, 20, 150] {
            assert_eigh(&(Array2::from_shape_fn((n, n), |(i, j)| ((i * j + i + j) as f64).sin()) * size));
        }
    }
}

#[test]
fn eigh_keeps_small_and_large_values_apart() {
    let found = eigh(Array2::from_diag(&array![1e12, -1e-3, 1.0]).view()).unwrap();
    assert_eq!(found.values.to_vec(), [-1e-3, 1.0, 1e12]);
}

#[test]
fn only_the_lower_triangle_is_read() {
    let a = array![[2.0, 99.0], [1.0, 2.0]];
    assert!((eigh(a.view()).unwrap().values[1] - 3.0).abs() < 1e-14);
    assert!((cholesky(a.view()).unwrap()[[1, 0]] - 0.5f64.sqrt()).abs() < 1e-14);
    // The upper triangle does not affect the scale either.
    let a = array![[2.0, 1e300], [1.0, 2.0]];
    assert!((eigh(a.view()).unwrap().values[1] - 3.0).abs() < 1e-14);
}

#[test]
fn views_in_any_layout() {
    let a = array![[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]];
    let backwards = a.slice(ndarray::s![..;-1, ..;-1]);
    assert_eigh(&backwards.to_owned());
    let gaps = eigh(backwards).unwrap().values - eigh(a.t()).unwrap().values;
    assert!(gaps.iter().all(|gap| gap.abs() < 1e-14));
}

#[test]
fn bad_matrices_are_named() {
    let wide = Array2::<f64>::zeros((2, 3));
    assert_eq!(eigh(wide.view()), Err(Error::NotSquare { rows: 2, columns: 3 }));
    assert_eq!(cholesky(wide.view()), Err(Error::NotSquare { rows: 2, columns: 3 }));

    let infinite = array![[1.0, 0.0], [f64::INFINITY, 1.0]];
    assert_eq!(eigh(infinite.view()), Err(Error::NonFinite { row: 1, col: 0, value: f64::INFINITY }));
    let nan = array![[1.0, f64::NAN], [0.0, 1.0]];
    assert!(matches!(cholesky(nan.view()), Err(Error::NonFinite { row: 0, col: 1, .. })));

    let mut indefinite = Array2::<f64>::eye(90);
    indefinite[[70, 70]] = -1.0;
    assert_eq!(cholesky(indefinite.view()), Err(Error::NotPositiveDefinite { pivot: 70, size: 90 }));
    assert_eq!(cholesky(Array2::zeros((3, 3)).view()), Err(Error::NotPositiveDefinite { pivot: 0, size: 3 }));
}

/// A symmetric tridiagonal matrix with these diagonal and off-diagonal entries.
fn tridiagonal(diagonal: &[f64], beside: &[f64]) -> Array2<f64> {
    Array2::from_shape_fn((diagonal.len(), diagonal.len()), |(i, j)| match i.abs_diff(j) {
        0 => diagonal[i],
        1 => beside[i.min(j)],
        _ => 0.0,
    })
}

#[test]
fn eigh_converges_if_large_entries_are_below_small_ones() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    for (n, decades) in [(80, 16.0), (150, 16.0), (150, 24.0)] {
        let random = Array2::from_shape_simple_fn((n, n), || rng.random_range(-1.0..1.0));
        let q = headstart_linalg::qr(random.view()).unwrap().q;
        let spectrum = Array1::from_shape_fn(n, |i| 10f64.powf(-decades * i as f64 / n as f64));
        for order in [spectrum.clone(), spectrum.iter().rev().copied().collect()] {
            assert_eigh(&(&q * &order).dot(&q.t()));
        }
        // The same without mixing, in both directions.
        let graded =
            Array2::from_shape_fn((n, n), |(i, j)| random[[i.max(j), i.min(j)]] * 10f64.powf(-((i + j) as f64)));
        assert_eigh(&graded);
        assert_eigh(&Array2::from_shape_fn((n, n), |(i, j)| graded[[n - 1 - i, n - 1 - j]]));
    }
}

#[test]
fn eigh_keeps_vectors_orthogonal_with_negligible_entries() {
    let zeros = [0.0; 4];
    assert_eigh(&tridiagonal(&zeros, &[1.0, 1e-200, 1e-150]));
    assert_eigh(&tridiagonal(&zeros, &[1e-200, 1e-150, 2.2e-16]));
    // All tridiagonal matrices of four rows with entries of these sizes.
    let sizes = [0.0, 1.0, 1e-8, 1e-140, 1e-160, 1e-300, 1e-308];
    for code in 0..sizes.len().pow(7) {
        if code % 11 == 0 {
            let entry = |place: usize| sizes[code / sizes.len().pow(place as u32) % sizes.len()];
            assert_eigh(&tridiagonal(&[entry(0), entry(1), entry(2), entry(3)], &[entry(4), entry(5), entry(6)]));
        }
    }
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for n in [9, 40] {
        let mut a = Array2::from_shape_fn((n, n), |_| rng.random_range(-1.0..1.0) * 1e-160);
        a = &a + &a.t();
        (a[[n - 1, 0]], a[[0, n - 1]]) = (1.0, 1.0);
        assert_eigh(&a);
    }
}
