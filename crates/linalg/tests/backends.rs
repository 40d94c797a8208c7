//! The crate's own decompositions and, with the feature `lapack`, LAPACK must agree.
//!
//! The tests compare values, reconstructions and projectors, which are unique; vectors of equal values are not.
#![cfg(feature = "lapack")]

use headstart_linalg::backend::{FixedOrder, Lapack, cholesky_solve_with, cholesky_with, eigh_with, qr_with, svd_with};
use headstart_linalg::{Error, eigh};
use ndarray::{Array1, Array2, ArrayView2, array, s};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const TOLERANCE: f64 = 1e-10;

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn assert_close(a: &Array2<f64>, b: &Array2<f64>, size: f64, what: &str) {
    assert_eq!(a.dim(), b.dim(), "{what}");
    let gap = a.iter().zip(b).fold(0.0, |most: f64, (a, b)| most.max((a / size - b / size).abs()));
    assert!(gap < TOLERANCE, "{what} differ by {gap:.1e}");
}

fn column(a: &Array1<f64>) -> Array2<f64> {
    a.clone().insert_axis(ndarray::Axis(1))
}

fn projector(columns: ArrayView2<'_, f64>) -> Array2<f64> {
    columns.dot(&columns.t())
}

/// Positions in a list of values at which the gap is large enough to define the spaces on either side to 1e-10.
fn cuts(values: &Array1<f64>) -> Vec<usize> {
    let size = values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
    (1..values.len()).filter(|i| (values[*i] - values[i - 1]).abs() > 1e-4 * size).collect()
}

fn random(seed: u64, shape: (usize, usize)) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_simple_fn(shape, || rng.random_range(-1.0..1.0))
}

/// Random, degenerate, rank-deficient and badly scaled.
fn matrices(shape: (usize, usize)) -> Vec<(&'static str, Array2<f64>)> {
    let a = random(shape.0 as u64 * 1000 + shape.1 as u64, shape);
    let low = random(1, (shape.0, 2)).dot(&random(2, (2, shape.1)));
    let eye = Array2::from_shape_fn(shape, |(i, j)| f64::from(u8::from(i == j)));
    let rows = Array1::from_shape_fn(shape.0, |i| 10f64.powf((i * 7 % 15) as f64 - 7.0));
    let scaled = &a * &rows.insert_axis(ndarray::Axis(1));
    let mut holes = a.clone();
    holes.slice_mut(s![.., ..;3]).fill(0.0);
    vec![
        ("tiny", &a * 1e-300),
        ("huge", &a * 1e300),
        ("random", a),
        ("low rank", low),
        ("unit", eye),
        ("zero", Array2::zeros(shape)),
        ("equal", Array2::ones(shape)),
        ("scaled", scaled),
        ("zero columns", holes),
    ]
}

const SHAPES: [(usize, usize); 7] = [(1, 1), (2, 2), (7, 7), (60, 60), (90, 35), (35, 90), (5, 1)];

#[test]
fn singular_values_and_spaces() {
    for (name, a) in SHAPES.into_iter().flat_map(matrices) {
        let what = format!("{name} {:?}", a.dim());
        let (ours, theirs) = (svd_with::<FixedOrder>(a.view()).unwrap(), svd_with::<Lapack>(a.view()).unwrap());
        let size = largest(&a).max(1e-305);
        assert_close(&column(&ours.values), &column(&theirs.values), size, &what);
        for found in [&ours, &theirs] {
            assert_close(&(&found.u * &(&found.values / size)).dot(&found.vt), &(&a / size), 1.0, &what);
        }
        for cut in cuts(&ours.values) {
            let (left, right) = (
                |u: &Array2<f64>| projector(u.slice(s![.., ..cut])),
                |vt: &Array2<f64>| projector(vt.slice(s![..cut, ..]).t()),
            );
            assert_close(&left(&ours.u), &left(&theirs.u), 1.0, &what);
            assert_close(&right(&ours.vt), &right(&theirs.vt), 1.0, &what);
        }
        // If all values are distinct, the sign convention makes the vectors unique.
        if cuts(&ours.values).len() + 1 == ours.values.len() && ours.values.iter().all(|value| *value > 1e-4 * size) {
            assert_close(&ours.u, &theirs.u, 1.0, &what);
        }
    }
}

#[test]
fn triangles() {
    for (name, a) in SHAPES.into_iter().flat_map(matrices) {
        let what = format!("{name} {:?}", a.dim());
        let (ours, theirs) = (qr_with::<FixedOrder>(a.view()).unwrap(), qr_with::<Lapack>(a.view()).unwrap());
        let size = largest(&a).max(1e-305);
        for found in [&ours, &theirs] {
            assert_close(&found.q.dot(&(&found.r / size)), &(&a / size), 1.0, &what);
            assert_close(&found.q.t().dot(&found.q), &Array2::eye(found.q.ncols()), 1.0, &what);
            assert!(found.r.diag().iter().all(|value| *value >= 0.0), "{what}");
        }
        // R is unique if the leading columns are clearly independent (those of "scaled" are not); otherwise only R'R
        // is.
        if ["random", "tiny", "huge", "unit"].contains(&name) {
            assert_close(&ours.q, &theirs.q, 1.0, &what);
            assert_close(&ours.r, &theirs.r, size, &what);
        } else {
            let gram = |r: &Array2<f64>| (r / size).t().dot(&(r / size));
            assert_close(&gram(&ours.r), &gram(&theirs.r), a.nrows() as f64, &what);
        }
    }
}

#[test]
fn eigenvalues_and_spaces() {
    for (name, a) in [(1, 1), (2, 2), (9, 9), (80, 80)].into_iter().flat_map(matrices) {
        let what = format!("{name} {:?}", a.dim());
        let a = &a / 2.0 + &a.t() / 2.0;
        let (ours, theirs) = (eigh_with::<FixedOrder>(a.view()).unwrap(), eigh_with::<Lapack>(a.view()).unwrap());
        let size = largest(&a).max(1e-305);
        assert_close(&column(&ours.values), &column(&theirs.values), size, &what);
        for found in [&ours, &theirs] {
            let v = &found.vectors;
            assert_close(&(v * &(&found.values / size)).dot(&v.t()), &(&a / size), 1.0, &what);
            assert_close(&v.t().dot(v), &Array2::eye(a.nrows()), 1.0, &what);
        }
        for cut in cuts(&ours.values) {
            let below = |v: &Array2<f64>| projector(v.slice(s![.., ..cut]));
            assert_close(&below(&ours.vectors), &below(&theirs.vectors), 1.0, &what);
        }
    }
}

#[test]
fn factors_and_solutions() {
    for n in [1, 2, 9, 80, 200] {
        let a = random(n as u64, (n, n));
        let scale = Array1::from_shape_fn(n, |i| 10f64.powf((i * 7 % 15) as f64 - 7.0));
        let positive = a.dot(&a.t()) + Array2::<f64>::eye(n);
        let scaled = (&positive * &scale) * scale.clone().insert_axis(ndarray::Axis(1));
        let b = random(3, (n, 3));
        for (a, is_scaled) in [(positive.clone(), false), (&positive * 1e-300, false), (scaled, true)] {
            let l = cholesky_with::<FixedOrder>(a.view()).unwrap();
            let theirs = cholesky_with::<Lapack>(a.view()).unwrap();
            let gaps = (&l - &theirs) / &a.diag().mapv(f64::sqrt).insert_axis(ndarray::Axis(1));
            assert!(largest(&gaps) < TOLERANCE, "{n}");
            assert!(theirs.indexed_iter().all(|((row, col), value)| col <= row || *value == 0.0));
            // Views in row-major order, in column-major order, and in neither.
            let rhs = a.dot(&b);
            for l in [l.view(), theirs.t().as_standard_layout().t()] {
                let x = cholesky_solve_with::<FixedOrder>(l, rhs.view()).unwrap();
                let y = cholesky_solve_with::<Lapack>(l, rhs.slice(s![.., ..;-1])).unwrap();
                let y = y.slice(s![.., ..;-1]).to_owned();
                let weights = if is_scaled { &scale * 1e-7 } else { Array1::ones(n) };
                assert!(largest(&((&x - &y) * &weights.insert_axis(ndarray::Axis(1)))) < TOLERANCE, "{n}");
            }
        }
    }
    let mut indefinite = Array2::<f64>::eye(90);
    indefinite[[70, 70]] = -1.0;
    let error = Err(Error::NotPositiveDefinite { pivot: 70, size: 90 });
    assert_eq!(cholesky_with::<Lapack>(indefinite.view()), error);
    assert_eq!(cholesky_with::<FixedOrder>(indefinite.view()), error);
}

#[test]
fn views_in_any_layout() {
    let a = random(5, (12, 12));
    let a = &a + &a.t();
    for view in [a.view(), a.t(), a.slice(s![..;-1, ..;-1]), a.slice(s![..;2, ..;2])] {
        let (ours, theirs) = (eigh_with::<FixedOrder>(view).unwrap(), eigh_with::<Lapack>(view).unwrap());
        assert_close(&column(&ours.values), &column(&theirs.values), 1.0, "eigenvalues");
        let wide = view.slice_move(s![..;2, ..]);
        let (ours, theirs) = (svd_with::<FixedOrder>(wide).unwrap(), svd_with::<Lapack>(wide).unwrap());
        assert_close(&ours.vt, &theirs.vt, 1.0, "right vectors");
        let (ours, theirs) = (qr_with::<FixedOrder>(wide).unwrap(), qr_with::<Lapack>(wide).unwrap());
        assert_close(&ours.q, &theirs.q, 1.0, "Q");
    }
    // Only the lower triangle.
    assert!((eigh_with::<Lapack>(array![[2.0, 99.0], [1.0, 2.0]].view()).unwrap().values[1] - 3.0).abs() < 1e-14);
    assert!(
        (cholesky_with::<Lapack>(array![[2.0, 99.0], [1.0, 2.0]].view()).unwrap()[[1, 0]] - 0.5f64.sqrt()).abs()
            < 1e-14
    );
}

#[test]
fn the_feature_chooses_lapack() {
    let a = random(6, (40, 40));
    assert_eq!(eigh(a.view()), eigh_with::<Lapack>(a.view()));
    assert_ne!(eigh(a.view()), eigh_with::<FixedOrder>(a.view()), "the two libraries should differ by rounding errors");
}
