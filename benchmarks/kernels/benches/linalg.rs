//! Headstart's decompositions against faer and LAPACK: `cargo bench -p headstart-kernels --features lapack --bench linalg`.
//!
//! `OPENBLAS_NUM_THREADS=1` gives one thread to each. `OPENBLAS_VERBOSE=2` prints the kernel that `OpenBLAS` picked.
// criterion_group! makes a public function without documentation.
#![allow(missing_docs)]

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use faer::{Mat, MatRef, Side};
use headstart_linalg::backend::{
    Backend, FixedOrder, cholesky_solve_with, cholesky_with, eigh_with, qr_with, svd_with,
};
use headstart_linalg::{Csr, DenseSymmetric, Eigh, Lanczos, Qr, Svd, lowest_eigenpairs};
use ndarray::{Array1, Array2, ArrayView2};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SIZES: [usize; 4] = [16, 50, 200, 500];

/// faer on one thread. It picks its kernels by the processor.
struct Faer;

impl Backend for Faer {
    fn eigh(a: &ArrayView2<'_, f64>) -> Option<Eigh> {
        let found = to_faer(a).self_adjoint_eigen(Side::Lower).ok()?;
        let values = found.S().column_vector();
        Some(Eigh { values: Array1::from_shape_fn(values.nrows(), |i| values[i]), vectors: from_faer(found.U()) })
    }

    fn svd(a: &ArrayView2<'_, f64>) -> Option<Svd> {
        let found = to_faer(a).thin_svd().ok()?;
        let values = found.S().column_vector();
        let values = Array1::from_shape_fn(values.nrows(), |i| values[i]);
        Some(Svd { u: from_faer(found.U()), values, vt: from_faer(found.V().transpose()) })
    }

    fn qr(a: &ArrayView2<'_, f64>) -> Option<Qr> {
        let found = to_faer(a).qr();
        Some(Qr { q: from_faer(found.compute_thin_Q().as_ref()), r: from_faer(found.thin_R()) })
    }

    fn cholesky(a: &ArrayView2<'_, f64>) -> Result<Array2<f64>, usize> {
        to_faer(a).llt(Side::Lower).map(|found| from_faer(found.L())).map_err(|_| 0)
    }

    fn cholesky_solve(l: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> Option<Array2<f64>> {
        let l = to_faer(l);
        let mut x = to_faer(b);
        l.solve_lower_triangular_in_place(&mut x);
        l.transpose().solve_upper_triangular_in_place(&mut x);
        Some(from_faer(x.as_ref()))
    }
}

fn to_faer(a: &ArrayView2<'_, f64>) -> Mat<f64> {
    Mat::from_fn(a.nrows(), a.ncols(), |row, col| a[[row, col]])
}

fn from_faer(a: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), a.ncols()), |(row, col)| a[(row, col)])
}

fn random(n: usize) -> Array2<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(n as u64);
    Array2::from_shape_simple_fn((n, n), || rng.random_range(-1.0..1.0))
}

fn group<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2));
    group
}

fn library<B: Backend>(criterion: &mut Criterion, name: &str) {
    for n in SIZES {
        let a = random(n);
        let symmetric = &a + &a.t();
        let positive = a.dot(&a.t()) + Array2::<f64>::eye(n);
        let l = cholesky_with::<B>(positive.view()).expect("A A' + 1 is positive definite");
        let id = BenchmarkId::new(name, n);
        let mut time = |what: &str, run: &dyn Fn()| {
            group(criterion, what).bench_function(id.clone(), |bencher| bencher.iter(run));
        };
        time("eigh", &|| drop(black_box(eigh_with::<B>(black_box(symmetric.view())))));
        time("svd", &|| drop(black_box(svd_with::<B>(black_box(a.view())))));
        time("qr", &|| drop(black_box(qr_with::<B>(black_box(a.view())))));
        time("cholesky", &|| drop(black_box(cholesky_with::<B>(black_box(positive.view())))));
        time("product", &|| drop(black_box(headstart_linalg::product(black_box(&a), &a))));
        time("ndarray's product", &|| drop(black_box(black_box(&a).dot(&a))));
        time("cholesky_solve", &|| drop(black_box(cholesky_solve_with::<B>(l.view(), black_box(a.view())))));
    }
}

fn both(criterion: &mut Criterion) {
    library::<FixedOrder>(criterion, "ours");
    library::<Faer>(criterion, "faer");
    #[cfg(feature = "lapack")]
    library::<headstart_linalg::backend::Lapack>(criterion, "lapack");
}

/// The five-point Laplacian of a grid.
fn grid(width: usize, height: usize) -> Csr {
    let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let mut push = |x: usize, y: usize, value: f64| {
            if x < width && y < height {
                columns.push((y * width + x) as u32);
                values.push(value);
            }
        };
        push(x, y, 4.0);
        push(x + 1, y, -1.0);
        push(x.wrapping_sub(1), y, -1.0);
        push(x, y + 1, -1.0);
        push(x, y.wrapping_sub(1), -1.0);
        starts.push(columns.len());
    }
    Csr::new(starts, columns, values).expect("a grid is a sparse matrix")
}

fn lanczos(criterion: &mut Criterion) {
    let mut group = group(criterion, "lowest_3");
    let lowest = |operator: &dyn headstart_linalg::SymmetricOperator| {
        lowest_eigenpairs(operator, 3, &Lanczos::default(), &mut ChaCha8Rng::seed_from_u64(1))
    };
    let a = random(500);
    let symmetric = &a + &a.t();
    let dense = DenseSymmetric::new(symmetric.view()).expect("it is square");
    group.bench_function("dense 500", |bencher| bencher.iter(|| lowest(black_box(&dense))));
    let sparse = grid(100, 37);
    group.bench_function("grid 100 x 37", |bencher| bencher.iter(|| lowest(black_box(&sparse))));
}

criterion_group!(benches, both, lanczos);
criterion_main!(benches);
