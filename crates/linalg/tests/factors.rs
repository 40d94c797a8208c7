//! SVD, QR and Cholesky solves: factors multiply back, conventions hold, and invalid matrices are refused.

use headstart_linalg::{Error, Truncation, cholesky, cholesky_solve, qr, svd, svd_truncated};
use ndarray::{Array1, Array2, Axis, array, s};
use proptest::prelude::*;

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn is_orthonormal(columns: &Array2<f64>) -> bool {
    largest(&(columns.t().dot(columns) - Array2::<f64>::eye(columns.ncols()))) < 1e-12
}

fn assert_svd(a: &Array2<f64>) {
    let (m, n) = a.dim();
    let found = svd(a.view()).unwrap();
    assert_eq!((found.u.dim(), found.values.len(), found.vt.dim()), ((m, m.min(n)), m.min(n), (m.min(n), n)));
    let size = largest(a).max(1e-300);
    // In units of the largest entry, or products of entries near 1e300 would overflow here.
    let back = (&found.u * &(&found.values / size)).dot(&found.vt);
    assert!(largest(&(back - a / size)) < 1e-12 * (m + n) as f64, "U diag V' is not A");
    assert!(is_orthonormal(&found.u) && is_orthonormal(&found.vt.t().to_owned()));
    assert!(found.values.windows(2).into_iter().all(|pair| pair[0] >= pair[1]), "values must descend");
    assert!(found.values.iter().all(|value| *value >= 0.0));
    for column in found.u.columns() {
        // Entries within the margin of a tie count as equal.
        let top = column.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
        assert!(column.iter().any(|entry| *entry >= top * (1.0 - 2e-6)), "{column}");
    }
}

fn assert_qr(a: &Array2<f64>) {
    let (m, n) = a.dim();
    let found = qr(a.view()).unwrap();
    assert_eq!((found.q.dim(), found.r.dim()), ((m, m.min(n)), (m.min(n), n)));
    let size = largest(a).max(1e-300);
    assert!(largest(&(found.q.dot(&(&found.r / size)) - a / size)) < 1e-12 * (m + n) as f64, "Q R is not A");
    assert!(is_orthonormal(&found.q));
    assert!(found.r.indexed_iter().all(|((row, col), value)| row <= col || *value == 0.0), "R is not triangular");
    assert!(found.r.diag().iter().all(|value| *value >= 0.0), "the diagonal of R is negative");
}

fn any_shape() -> impl Strategy<Value = Array2<f64>> {
    (1..40usize, 1..40usize).prop_flat_map(|(m, n)| {
        prop::collection::vec(-1.0..1.0f64, m * n)
            .prop_map(move |entries| Array2::from_shape_vec((m, n), entries).unwrap())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_matrices(a in any_shape()) {
        assert_svd(&a);
        assert_qr(&a);
    }

    #[test]
    fn low_rank(a in any_shape(), rank in 0..4usize) {
        let rank = rank.min(a.nrows()).min(a.ncols());
        let low = a.slice(s![.., ..rank]).dot(&a.slice(s![..rank, ..]));
        assert_svd(&low);
        assert_qr(&low);
        let values = svd(low.view()).unwrap().values;
        prop_assert!(values.iter().skip(rank).all(|value| *value < 1e-13 * 40.0));
    }

    #[test]
    fn truncation_keeps_its_promise(a in any_shape(), rank in 0..50usize, tolerance in 0.0..1.5f64) {
        let full = svd(a.view()).unwrap().values;
        let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let all = norm(full.as_slice().unwrap());
        let (cut, lost) = svd_truncated(a.view(), Truncation { rank, tolerance }).unwrap();
        let kept = cut.values.len();
        prop_assert_eq!((cut.u.dim(), cut.vt.dim()), ((a.nrows(), kept), (kept, a.ncols())));
        prop_assert!(kept <= rank);
        prop_assert!((lost - norm(&full.as_slice().unwrap()[kept..])).abs() < 1e-12 * all);
        prop_assert!(kept == rank || lost <= tolerance * all * (1.0 + 1e-12));
        // With one value fewer the error would be too large.
        prop_assert!(kept == 0 || norm(&full.as_slice().unwrap()[kept - 1..]) > tolerance * all * (1.0 - 1e-12));
        let gap = (&cut.u * &cut.values).dot(&cut.vt) - &a;
        prop_assert!((norm(&gap.iter().copied().collect::<Vec<_>>()) - lost).abs() < 1e-12 * all.max(1.0) * 40.0);
    }

    #[test]
    fn solves(a in any_shape(), columns in 1..4usize) {
        let n = a.nrows();
        let positive = a.dot(&a.t()) + Array2::<f64>::eye(n) * 0.1;
        let x = Array2::from_shape_fn((n, columns), |(i, j)| ((3 * i + j) as f64).sin());
        let l = cholesky(positive.view()).unwrap();
        let found = cholesky_solve(l.view(), positive.dot(&x).view()).unwrap();
        prop_assert!(largest(&(found - &x)) < 1e-9);
        // L may have any layout, and its upper triangle is not read.
        let mut full = l.clone();
        full.indexed_iter_mut().filter(|((row, col), _)| row < col).for_each(|(_, entry)| *entry = 7.0);
        let turned = full.t().as_standard_layout().to_owned();
        let rhs = positive.dot(&x).reversed_axes().as_standard_layout().to_owned();
        prop_assert!(largest(&(cholesky_solve(turned.t(), rhs.t()).unwrap() - &x)) < 1e-9);
    }
}

#[test]
fn degenerate_and_empty() {
    for a in [Array2::eye(30), Array2::zeros((7, 4)), Array2::ones((5, 50)), Array2::ones((50, 5)) * -1.0] {
        assert_svd(&a);
        assert_qr(&a);
    }
    for shape in [(0, 0), (0, 3), (3, 0)] {
        let a = Array2::<f64>::zeros(shape);
        let found = svd(a.view()).unwrap();
        assert_eq!((found.u.dim(), found.values.len(), found.vt.dim()), ((shape.0, 0), 0, (0, shape.1)));
        let found = qr(a.view()).unwrap();
        assert_eq!((found.q.dim(), found.r.dim()), ((shape.0, 0), (0, shape.1)));
        let (cut, lost) = svd_truncated(a.view(), Truncation { rank: 3, tolerance: 0.0 }).unwrap();
        assert_eq!((cut.values.len(), lost), (0, 0.0));
    }
    let l = Array2::<f64>::eye(3);
    assert_eq!(cholesky_solve(l.view(), Array2::zeros((3, 0)).view()).unwrap().dim(), (3, 0));
    assert_eq!(cholesky_solve(Array2::zeros((0, 0)).view(), Array2::zeros((0, 2)).view()).unwrap().dim(), (0, 2));
}

#[test]
fn huge_and_tiny_entries() {
    for size in [1e-300, 1e-200, 1e200, 1e300] {
        for (m, n) in [(3, 2), (20, 31), (150, 120)] {
            let a = Array2::from_shape_fn((m, n), |(i, j)| ((i * j + i + 2 * j) as f64).sin()) * size;
            assert_svd(&a);
            assert_qr(&a);
        }
        let positive = array![[4.0, 1.0], [1.0, 3.0]] * size;
        let l = cholesky(positive.view()).unwrap();
        let x = cholesky_solve(l.view(), array![[4.0 * size], [1.0 * size]].view()).unwrap();
        assert!((x[[0, 0]] - 1.0).abs() < 1e-14 && x[[1, 0]].abs() < 1e-14, "{x}");
    }
}

#[test]
fn columns_of_different_scale_keep_their_digits() {
    let values = svd(Array2::from_diag(&array![1e-3, -1e12, 1.0]).view()).unwrap().values;
    assert_eq!(values.to_vec(), [1e12, 1.0, 1e-3]);
    // A column keeps its digits beside one that is 1e600 times larger.
    let found = qr(array![[3e300, 1e-300], [4e300, 0.0]].view()).unwrap();
    for (entry, expected) in [(0, 0, 5e300), (0, 1, 0.6e-300), (1, 1, 0.8e-300)].map(|(i, j, e)| (found.r[[i, j]], e)) {
        assert!((entry / expected - 1.0).abs() < 1e-14, "{entry} is not {expected}");
    }
    let l = cholesky(Array2::from_diag(&array![4e300, 9e-300]).view()).unwrap();
    assert!((l[[0, 0]] / 2e150 - 1.0).abs() < 1e-14 && (l[[1, 1]] / 3e-150 - 1.0).abs() < 1e-14);
}

#[test]
fn bad_matrices_are_named() {
    let nan = array![[1.0, 2.0], [f64::NAN, 0.0]];
    assert!(matches!(svd(nan.view()), Err(Error::NonFinite { row: 1, col: 0, .. })));
    assert!(matches!(qr(nan.view()), Err(Error::NonFinite { row: 1, col: 0, .. })));
    let l = array![[1.0, 0.0], [1.0, 1.0]];
    assert!(matches!(cholesky_solve(l.view(), nan.view()), Err(Error::NonFinite { row: 1, col: 0, .. })));
    assert!(matches!(cholesky_solve(nan.view(), l.view()), Err(Error::NonFinite { .. })));

    let b = Array1::<f64>::ones(3).insert_axis(Axis(1));
    let shape = Error::Shape { what: "the right-hand side", found: (3, 1), needed: (2, 1) };
    assert_eq!(cholesky_solve(l.view(), b.view()), Err(shape));
    assert_eq!(cholesky_solve(b.view(), b.view()), Err(Error::NotSquare { rows: 3, columns: 1 }));
    let singular = array![[1.0, 0.0], [1.0, 0.0]];
    let error = Err(Error::NotPositiveDefinite { pivot: 1, size: 2 });
    assert_eq!(cholesky_solve(singular.view(), l.view()), error);

    let a = Array2::<f64>::ones((2, 2));
    for tolerance in [-1e-3, f64::INFINITY] {
        let keep = Truncation { rank: 1, tolerance };
        assert_eq!(svd_truncated(a.view(), keep), Err(Error::BadTolerance { value: tolerance }));
    }
}

#[test]
fn answers_beyond_the_range_are_refused() {
    let vast = Array2::from_elem((4, 4), f64::MAX);
    assert_eq!(svd(vast.view()), Err(Error::Overflow));
    assert_eq!(qr(vast.view()), Err(Error::Overflow));
    assert_eq!(headstart_linalg::eigh(vast.view()), Err(Error::Overflow));
    let l = array![[1e-150, 0.0], [0.0, 1.0]];
    assert_eq!(cholesky_solve(l.view(), array![[1e100], [1.0]].view()), Err(Error::Overflow));
    // The smallest numbers are accepted, with low precision.
    assert!(svd(Array2::from_elem((4, 4), 5e-324).view()).unwrap().values[0] > 0.0);
}
