//! faer and LAPACK side by side: `cargo bench -p headstart-kernels --features lapack --bench linalg`.
//!
//! `OPENBLAS_NUM_THREADS=1` for one thread each. `OPENBLAS_VERBOSE=2` says which kernel `OpenBLAS` picked.
// criterion_group! leaves a public function without a word.
#![allow(missing_docs)]

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use headstart_linalg::backend::{Backend, Faer, cholesky_solve_with, cholesky_with, eigh_with, qr_with, svd_with};
use headstart_linalg::{Csr, DenseSymmetric, Lanczos, lowest_eigenpairs};
use ndarray::Array2;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SIZES: [usize; 3] = [50, 200, 500];

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
        time("cholesky_solve", &|| drop(black_box(cholesky_solve_with::<B>(l.view(), black_box(a.view())))));
    }
}

fn both(criterion: &mut Criterion) {
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
