//! The statistics that a report computes for a pair of starts, by the number of replicates: time should grow linearly.
//!
//! `cargo bench -p headstart-kernels --bench stats`; one thread. Differences are log ratios of two amounts of work: whole
//! numbers up to 40 and up to 3, so that most Walsh averages have ties, and lognormal ones, which are all different. With 100
//! replicates the signed-rank distribution is exact; beyond 160 it is the normal approximation. The time per element is that of
//! one replicate.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use headstart_stats::{
    Spent, Step, anytime_median_interval, hodges_lehmann, log_rank, paired_interval, pairwise_profiles, quartiles,
    walsh_interval,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

/// Draws one work.
type Law = fn(&mut ChaCha8Rng) -> f64;

/// Work of one start in each replicate. Coarse values are the hardest case for the averages: a third of the pairs tie.
const LAWS: [(&str, Law); 3] = [
    ("tied", |rng| f64::from(rng.random_range(1..=40_u32))),
    ("coarse", |rng| f64::from(rng.random_range(1..=3_u32))),
    // The sum of twelve is nearly normal.
    ("continuous", |rng| (0..12).map(|_| rng.random_range(-0.5..0.5_f64)).sum::<f64>().exp()),
];

fn works(law: Law, n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| law(&mut rng)).collect()
}

fn log_ratios(law: Law, n: usize) -> Vec<f64> {
    works(law, n, 1).iter().zip(works(law, n, 2)).map(|(a, b)| (b / a).ln()).collect()
}

/// The estimate, its interval and the two tests within.
fn signed_ranks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("signed-rank");
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    for (name, law) in LAWS {
        for n in SIZES {
            let differences = log_ratios(law, n);
            group.throughput(Throughput::Elements(n as u64));
            group.bench_function(BenchmarkId::new(format!("walsh-interval-{name}"), n), |bencher| {
                bencher.iter(|| walsh_interval(black_box(&differences), 0.025, 0.025));
            });
            group.bench_function(BenchmarkId::new(format!("hodges-lehmann-{name}"), n), |bencher| {
                bencher.iter(|| hodges_lehmann(black_box(&differences)));
            });
        }
    }
    group.finish();
}

/// The other statistics that a report computes for every start.
fn others(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replicates");
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let (_, law) = LAWS[2];
    for n in SIZES {
        let (first, second) = (works(law, n, 1), works(law, n, 2));
        let spent = |works: &[f64]| works.iter().map(|work| Spent::new(Some(*work), 3.0)).collect::<Vec<_>>();
        let times = |works: &[f64]| works.iter().map(|work| Some(*work)).collect::<Vec<_>>();
        let (a, b) = (spent(&first), spent(&second));
        let (reached, others) = (times(&first), times(&second));
        let steps: Vec<Step> =
            log_ratios(law, n).into_iter().map(|difference| Step { difference, silent: false }).collect();
        group.throughput(Throughput::Elements(n as u64));
        group.bench_function(BenchmarkId::new("bootstrap-of-a-mean", n), |bencher| {
            let mean = |indices: &[usize]| indices.iter().map(|i| first[*i]).sum::<f64>() / indices.len() as f64;
            bencher.iter(|| alone.install(|| paired_interval(1, 2000, n, 0.05, mean)));
        });
        group.bench_function(BenchmarkId::new("log-rank", n), |bencher| bencher.iter(|| log_rank(&a, &b)));
        group.bench_function(BenchmarkId::new("profiles", n), |bencher| {
            bencher.iter(|| pairwise_profiles(&reached, &others));
        });
        group.bench_function(BenchmarkId::new("quartiles", n), |bencher| {
            bencher.iter_batched_ref(|| first.clone(), |values| quartiles(values), BatchSize::LargeInput);
        });
        group.bench_function(BenchmarkId::new("median-at-any-time", n), |bencher| {
            bencher.iter(|| anytime_median_interval(&steps, 0.025, 0.025));
        });
    }
    group.finish();
}

criterion_group!(benches, signed_ranks, others);
criterion_main!(benches);
