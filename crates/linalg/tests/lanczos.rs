//! Eigenpairs compared with dense decompositions, and errors for invalid operators.

use headstart_linalg::{
    Csr, DenseSymmetric, Eigenpairs, Error, Lanczos, SymmetricOperator, eigh, highest_eigenpairs, lowest_eigenpairs, qr,
};
use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn random(seed: u64, shape: (usize, usize)) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    Array2::from_shape_simple_fn(shape, || rng.random_range(-1.0..1.0))
}

/// A dense matrix with these eigenvalues and random eigenvectors.
fn with_values(values: &[f64], seed: u64) -> Array2<f64> {
    let q = qr(random(seed, (values.len(), values.len())).view()).unwrap().q;
    let a = (&q * &Array1::from(values.to_vec())).dot(&q.t());
    (&a + &a.t()) / 2.0
}

fn lowest(a: &Array2<f64>, count: usize, options: &Lanczos<'_>) -> Result<Eigenpairs, Error> {
    lowest_eigenpairs(&DenseSymmetric::new(a.view())?, count, options, &mut ChaCha8Rng::seed_from_u64(7))
}

fn highest(a: &Array2<f64>, count: usize, options: &Lanczos<'_>) -> Result<Eigenpairs, Error> {
    highest_eigenpairs(&DenseSymmetric::new(a.view())?, count, options, &mut ChaCha8Rng::seed_from_u64(7))
}

/// Checks values, residuals and orthogonality; tests with known gaps also compare vectors.
fn assert_pairs(a: &Array2<f64>, found: &Eigenpairs, expected: &[f64]) {
    let norm = largest(a).max(expected.iter().fold(0.0, |most: f64, value| most.max(value.abs())));
    assert_eq!(found.values.len(), expected.len());
    for (value, expected) in found.values.iter().zip(expected) {
        assert!((value - expected).abs() <= 1e-10 * norm, "{value} is not {expected}: {:?}", found.values);
    }
    let v = &found.vectors;
    assert!(largest(&(v.t().dot(v) - Array2::<f64>::eye(expected.len()))) < 1e-12, "not orthonormal");
    let gaps = a.dot(v) - v * &found.values;
    for (gap, claimed) in gaps.columns().into_iter().zip(&found.residuals) {
        let residual = (&gap / norm.max(1e-300)).mapv(|entry| entry * entry).sum().sqrt();
        assert!(
            (residual - claimed / norm.max(1e-300)).abs() < 1e-12,
            "the residual is {residual}, but {claimed} was reported"
        );
        assert!(residual <= 1e-10 * (a.nrows() as f64).sqrt());
    }
}

fn assert_both_ends(a: &Array2<f64>, count: usize) {
    let values = eigh(a.view()).unwrap().values.to_vec();
    assert_pairs(a, &lowest(a, count, &Lanczos::default()).unwrap(), &values[..count]);
    let descending: Vec<f64> = values.iter().rev().copied().take(count).collect();
    assert_pairs(a, &highest(a, count, &Lanczos::default()).unwrap(), &descending);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_matrices(seed in 0..10_000u64, n in 1..90usize, part in 0.0..1.0f64) {
        let a = random(seed, (n, n));
        assert_both_ends(&(&a + &a.t()), 1 + (part * (n - 1) as f64) as usize);
    }

    /// Few distinct values, so that almost every one is degenerate.
    #[test]
    fn random_multiplicities(seed in 0..10_000u64, values in prop::collection::vec(-2..3i8, 1..60), part in 0.0..1.0f64) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        assert_both_ends(&with_values(&values, seed), 1 + (part * (values.len() - 1) as f64) as usize);
    }
}

#[test]
fn gaps_of_1e_minus_5() {
    let mut values: Vec<f64> = (0..300).map(|i| f64::from(i) / 300.0).collect();
    for (i, value) in values.iter_mut().enumerate().take(6) {
        *value = 1e-5 * i as f64;
    }
    let a = with_values(&values, 1);
    let found = lowest(&a, 4, &Lanczos::default()).unwrap();
    assert_pairs(&a, &found, &values[..4]);
    // A residual of 1e-10 over a gap of 1e-5.
    let exact = eigh(a.view()).unwrap().vectors;
    let overlaps = exact.slice(s![.., ..4]).t().dot(&found.vectors);
    for (i, overlap) in overlaps.diag().iter().enumerate() {
        assert!(1.0 - overlap.abs() < 1e-8, "vector {i} overlaps by {overlap}");
    }
    eprintln!("{} applications", found.applications);
}

#[test]
fn multiplets_are_found_complete_and_truncated() {
    // A ring: every value except the lowest and the highest is double.
    let n = 120;
    let mut a = Array2::<f64>::eye(n) * 2.0;
    for i in 0..n {
        a[[i, (i + 1) % n]] = -1.0;
        a[[(i + 1) % n, i]] = -1.0;
    }
    for count in [2, 3, 4, 9] {
        assert_both_ends(&a, count);
    }
    // Seven unconnected parts: seven zeros.
    let parts = Array2::from_shape_fn((140, 140), |(i, j)| {
        let (degree, together) = (19.0, i / 20 == j / 20);
        if i == j { degree } else { -f64::from(u8::from(together)) }
    });
    assert_both_ends(&parts, 7);
    assert_both_ends(&parts, 9);
}

#[test]
fn whole_spectra() {
    for a in [Array2::eye(30), Array2::zeros((7, 7)), Array2::ones((25, 25)), with_values(&[3.0, 3.0, -1.0], 3)] {
        assert_both_ends(&a, a.nrows());
        assert_both_ends(&a, 1);
    }
    let a = with_values(&(0..90).map(f64::from).collect::<Vec<_>>(), 5);
    assert_both_ends(&a, 90);
}

#[test]
fn huge_and_tiny_operators() {
    for size in [1e-300, 1e-200, 1e200, 1e300] {
        let values: Vec<f64> = (0..80).map(|i| (f64::from(i) - 30.0) * size * 1e-2).collect();
        let a = with_values(&values.iter().map(|value| value / size).collect::<Vec<_>>(), 9) * size;
        let found = lowest(&a, 3, &Lanczos::default()).unwrap();
        for (value, expected) in found.values.iter().zip(&values) {
            assert!((value / expected - 1.0).abs() < 1e-10, "{value} is not {expected}");
        }
    }
}

#[test]
fn deflated_vectors_are_left_out() {
    let values: Vec<f64> = (0..100).map(|i| f64::from(i * i)).collect();
    let a = with_values(&values, 11);
    let known = eigh(a.view()).unwrap().vectors.slice(s![.., ..2]).to_owned();
    // Vectors that are not orthonormal and not independent, with a zero vector.
    let skewed = concatenate![
        Axis(1),
        known.dot(&ndarray::array![[3.0, 1e-3, 1.0], [1.0, 1e-3, -2.0]]),
        Array2::<f64>::zeros((100, 1))
    ];
    let options = Lanczos { deflate: Some(skewed.view()), ..Lanczos::default() };
    let found = lowest(&a, 3, &options).unwrap();
    assert_pairs(&a, &found, &values[2..5]);
    assert!(largest(&known.t().dot(&found.vectors)) < 1e-12);
    assert_eq!(lowest(&a, 99, &options), Err(Error::TooMany { wanted: 99, available: 98 }));
    assert_pairs(&a, &lowest(&a, 98, &options).unwrap(), &values[2..]);
}

#[test]
fn deflating_a_non_eigenvector_restricts_the_operator() {
    let a = with_values(&(0..50).map(f64::from).collect::<Vec<_>>(), 13);
    let out = random(14, (50, 1));
    let found = lowest(&a, 2, &Lanczos { deflate: Some(out.view()), ..Lanczos::default() }).unwrap();
    let unit = &out / out.mapv(|entry| entry * entry).sum().sqrt();
    let project = Array2::<f64>::eye(50) - unit.dot(&unit.t());
    // The shift moves the deflated direction far above the lowest values.
    let expected = eigh((project.dot(&a).dot(&project) + unit.dot(&unit.t()) * 1e3).view()).unwrap().values;
    for (value, expected) in found.values.iter().zip(&expected) {
        assert!((value - expected).abs() < 1e-9);
    }
}

#[test]
fn a_good_first_vector_saves_applications() {
    let a = with_values(&(0..200).map(|i| f64::from(i).powi(2)).collect::<Vec<_>>(), 15);
    let cold = lowest(&a, 1, &Lanczos::default()).unwrap();
    let guess = cold.vectors.column(0).to_owned() * 1e250;
    let warm = lowest(&a, 1, &Lanczos { start: Some(guess.view()), ..Lanczos::default() }).unwrap();
    assert!(warm.applications < cold.applications / 3, "{} against {}", warm.applications, cold.applications);
    // A first vector that is deflated is replaced.
    let options = Lanczos { start: Some(guess.view()), deflate: Some(cold.vectors.view()), ..Lanczos::default() };
    assert!((lowest(&a, 1, &options).unwrap().values[0] - 1.0).abs() < 1e-5);
}

#[test]
fn a_first_vector_orthogonal_to_a_wanted_one_hides_nothing() {
    let a = Array2::from_diag(&Array1::range(0.0, 60.0, 1.0));
    let mut start = Array1::<f64>::ones(60);
    start[1] = 0.0;
    let found = lowest(&a, 3, &Lanczos { start: Some(start.view()), ..Lanczos::default() }).unwrap();
    assert_pairs(&a, &found, &[0.0, 1.0, 2.0]);
}

#[test]
fn the_same_generator_gives_the_same_bits() {
    let a = with_values(&(0..150).map(f64::from).collect::<Vec<_>>(), 17);
    let first = lowest(&a, 5, &Lanczos::default()).unwrap();
    assert_eq!(first, lowest(&a, 5, &Lanczos::default()).unwrap());
    assert!(first.vectors.columns().into_iter().all(|v| v.iter().fold(0.0, |a: f64, b| if b.abs() > a.abs() {
        *b
    } else {
        a
    }) > 0.0));
}

/// The second difference on a path of n points, with eigenvalues 2 - 2 cos(pi i / (n + 1)).
fn path(n: usize) -> Csr {
    let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for i in 0..n {
        for j in i.saturating_sub(1)..(i + 2).min(n) {
            columns.push(j as u32);
            values.push(if i == j { 2.0 } else { -1.0 });
        }
        starts.push(columns.len());
    }
    Csr::new(starts, columns, values).unwrap()
}

#[test]
fn sparse_path_against_its_formula() {
    let n = 400;
    let exact = |i: usize| 2.0 - 2.0 * (std::f64::consts::PI * i as f64 / (n + 1) as f64).cos();
    let operator = path(n);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let found = lowest_eigenpairs(&operator, 4, &Lanczos::default(), &mut rng).unwrap();
    eprintln!("{} applications", found.applications);
    for i in 0..4 {
        assert!((found.values[i] - exact(i + 1)).abs() < 1e-12, "{} is not {}", found.values[i], exact(i + 1));
    }
    let found = highest_eigenpairs(&&operator, 4, &Lanczos::default(), &mut rng).unwrap();
    for i in 0..4 {
        assert!((found.values[i] - exact(n - i)).abs() < 1e-12);
    }
}

#[test]
fn too_few_applications_are_an_error_with_residuals() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let options = Lanczos { max_applications: 60, ..Lanczos::default() };
    let error = lowest_eigenpairs(&path(400), 3, &options, &mut rng).unwrap_err();
    let Error::Unsettled { wanted: 3, applications: 60, residuals } = &error else { panic!("{error}") };
    assert!(residuals.len() == 3 && residuals.iter().all(|residual| *residual > 1e-10 && *residual < 4.0));
    assert!(error.to_string().contains("60 operator applications"), "{error}");
}

struct Faulty {
    n: usize,
    entry: fn(usize, usize) -> f64,
}

impl SymmetricOperator for Faulty {
    fn dim(&self) -> usize {
        self.n
    }

    fn apply(&self, x: &[f64], y: &mut [f64]) {
        for (i, out) in y.iter_mut().enumerate() {
            *out = (0..self.n).map(|j| (self.entry)(i, j) * x[j]).sum();
        }
    }
}

#[test]
fn faulty_operators_are_named() {
    let run =
        |entry| lowest_eigenpairs(&Faulty { n: 50, entry }, 2, &Lanczos::default(), &mut ChaCha8Rng::seed_from_u64(1));
    assert!(matches!(run(|_, j| j as f64), Err(Error::NotSymmetric { .. })));
    assert!(matches!(run(|i, j| if i < j { 1.0 } else { -1.0 }), Err(Error::NotSymmetric { .. })));
    assert!(matches!(run(|i, _| if i == 3 { f64::NAN } else { 1.0 }), Err(Error::NonFiniteProduct { index: 3, .. })));
    assert!(run(|i, j| (i + j) as f64).is_ok());
}

#[test]
fn bad_arguments_are_named() {
    let a = Array2::<f64>::eye(5);
    let none = lowest(&a, 0, &Lanczos::default()).unwrap();
    assert!(none.values.is_empty() && none.vectors.dim() == (5, 0) && none.applications == 0);
    assert_eq!(lowest(&a, 6, &Lanczos::default()), Err(Error::TooMany { wanted: 6, available: 5 }));
    assert!(lowest(&Array2::zeros((0, 0)), 0, &Lanczos::default()).unwrap().values.is_empty());
    for tolerance in [-1.0, f64::INFINITY] {
        let options = Lanczos { tolerance, ..Lanczos::default() };
        assert_eq!(lowest(&a, 1, &options), Err(Error::BadTolerance { value: tolerance }));
    }
    let nan = Lanczos { tolerance: f64::NAN, ..Lanczos::default() };
    assert!(matches!(lowest(&a, 1, &nan), Err(Error::BadTolerance { .. })));

    let short = Array1::<f64>::ones(4);
    let options = Lanczos { start: Some(short.view()), ..Lanczos::default() };
    assert!(matches!(lowest(&a, 1, &options), Err(Error::Shape { found: (4, 1), needed: (5, 1), .. })));
    let tall = Array2::<f64>::ones((6, 1));
    let options = Lanczos { deflate: Some(tall.view()), ..Lanczos::default() };
    assert!(matches!(lowest(&a, 1, &options), Err(Error::Shape { found: (6, 1), needed: (5, 1), .. })));
    let nan = Array2::from_elem((5, 1), f64::NAN);
    let options = Lanczos { deflate: Some(nan.view()), ..Lanczos::default() };
    assert!(matches!(lowest(&a, 1, &options), Err(Error::NonFinite { row: 0, col: 0, .. })));

    assert!(matches!(DenseSymmetric::new(ArrayView2::from(&[[1.0, 2.0]])), Err(Error::NotSquare { .. })));
    assert!(matches!(DenseSymmetric::new(ArrayView2::from(&[[f64::NAN]])), Err(Error::NonFinite { .. })));
}

#[test]
fn broken_sparse_matrices_are_named() {
    let bad = |starts: &[usize], columns: &[u32], values: &[f64]| {
        Csr::new(starts.to_vec(), columns.to_vec(), values.to_vec()).unwrap_err().to_string()
    };
    assert!(bad(&[], &[], &[]).contains("starts is empty"));
    assert!(bad(&[1, 1], &[0], &[1.0]).contains("runs from 1 to 1"));
    assert!(bad(&[0, 2], &[0], &[1.0]).contains("runs from 0 to 2, with 1 columns"));
    assert!(bad(&[0, 1], &[0, 0], &[1.0]).contains("2 columns and 1 values"));
    assert!(bad(&[0, 2, 1, 2], &[0, 1], &[1.0, 1.0]).contains("row 1 ends"));
    assert!(bad(&[0, 1], &[1], &[1.0]).contains("column 1"));
    assert!(bad(&[0, 1], &[0], &[f64::NAN]).contains("NaN"));
    assert_eq!(Csr::new(vec![0], vec![], vec![]).unwrap().dim(), 0);
}

#[test]
fn only_the_lower_triangle_of_a_dense_operator_is_read() {
    let a = random(19, (20, 20));
    let operator = DenseSymmetric::new(a.view()).unwrap();
    let whole = Array2::from_shape_fn((20, 20), |(i, j)| a[[i.max(j), i.min(j)]]);
    let x = random(20, (20, 1));
    let mut y = vec![f64::NAN; 20];
    operator.apply(x.column(0).to_owned().as_slice().unwrap(), &mut y);
    let gaps = whole.dot(&x.column(0)) - &Array1::from(y.clone());
    assert!(gaps.iter().all(|gap| gap.abs() < 1e-13));
    // The same for a column-major matrix.
    let turned = a.t().as_standard_layout().to_owned();
    let mut again = vec![0.0; 20];
    DenseSymmetric::new(turned.t()).unwrap().apply(x.column(0).to_owned().as_slice().unwrap(), &mut again);
    assert_eq!(y, again);
}
