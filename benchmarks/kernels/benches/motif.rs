//! Motif discovery: one pass of EM, a scan for starts, and a complete search.
//!
//! `cargo bench -p headstart-kernels --bench motif`; one thread. Sizes are sequences x letters, and the motif has width 15. A
//! pass is timed from a random start, where every window has weight, from the planted matrix, where few windows have weight,
//! and for the likelihood alone. MEME 5.4.1 took 0.61 ms a pass on 20 x 600 and 39 ms on 1000 x 200, and 0.30 s and 22.6 s
//! for a complete run (measured elsewhere, because of its licence).

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use headstart_motif::problem::{self, Planted, Size};
use headstart_motif::{Background, Discovery, Em, Progress, Pwm, Strands, Windows, start};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const WIDTH: usize = 15;
const SIZES: [(usize, usize); 3] = [(20, 600), (1000, 200), (10_000, 500)];

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn set(sequences: usize, length: usize) -> Planted {
    problem::pwm(Size { sequences, length }, WIDTH, 16.0, &mut rng()).expect("a set that can be")
}

fn windows(set: &Planted, strands: Strands) -> Windows {
    let background = Background::fit(&set.sequences, 0, strands).expect("an order that can be");
    Windows::new(&set.sequences, &background, WIDTH, strands).expect("windows")
}

fn passes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("motif-pass");
    group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(3)).sample_size(20);
    let one = Em { iterations: 1, shift: 0, ..Em::default() };
    let silent = |_: &Progress| ControlFlow::Continue(());
    for (sequences, length) in SIZES {
        let set = set(sequences, length);
        let size = format!("{sequences}x{length}");
        for (strand, strands) in [("", Strands::Given), ("-both-strands", Strands::Both)] {
            let windows = windows(&set, strands);
            let random = start::random_pwm(&windows, &mut rng()).expect("a start").seeds;
            group.throughput(Throughput::Elements(windows.len()));
            let mut pass = |name: &str, seeds: &[Pwm]| {
                group.bench_function(BenchmarkId::new(format!("{name}{strand}"), &size), |bencher| {
                    bencher.iter(|| one.fit(&windows, black_box(seeds), &mut silent.clone()));
                });
            };
            pass("random", &random);
            pass("planted", std::slice::from_ref(&set.pwm));
            group.bench_function(BenchmarkId::new(format!("likelihood{strand}"), &size), |bencher| {
                bencher.iter(|| one.llr(&windows, black_box(&random[0]), 1.0));
            });
        }
    }
    group.finish();
}

fn scans(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("motif-scan");
    group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(3)).sample_size(10);
    // All of the 11,720 subsequences, and samples. A seed costs about one pass, however many there are.
    for ((sequences, length), most) in SIZES.into_iter().zip([usize::MAX, 1000, 10]) {
        let windows = windows(&set(sequences, length), Strands::Given);
        let seeds = most.min(windows.len() as usize);
        group.throughput(Throughput::Elements(seeds as u64 * windows.len()));
        group.bench_function(BenchmarkId::new(format!("{seeds}-seeds"), format!("{sequences}x{length}")), |bencher| {
            bencher.iter(|| start::scan(&windows, 1, most, &mut rng()));
        });
    }
    group.finish();
}

fn searches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("motif-search");
    group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(5)).sample_size(10);
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let search = Discovery { widths: vec![WIDTH], ..Discovery::default() };
    for (sequences, length) in SIZES {
        let set = set(sequences, length);
        group.bench_function(BenchmarkId::new("enriched-20", format!("{sequences}x{length}")), |bencher| {
            let begin = |windows: &Windows, rng: &mut ChaCha8Rng| start::enriched_kmers(windows, 20, rng);
            bencher.iter(|| alone.install(|| search.run(&set.sequences, begin, &mut rng())));
        });
    }
    group.finish();
}

criterion_group!(benches, passes, scans, searches);
criterion_main!(benches);
