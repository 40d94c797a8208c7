//! DMRG: a product with the effective Hamiltonian in the middle of a chain, and a complete sweep.
//!
//! `cargo bench -p headstart-kernels --bench dmrg`; one thread. The throughput of the products is in multiply-adds. The
//! peers are not Rust crates: `benchmarks/peers/dmrg` times `TeNPy` and block2 on the same problems.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use headstart_dmrg::molecule::{Basis, Hydrogens, Orbitals};
use headstart_dmrg::{Charge, Dmrg, EffectiveHamiltonian, Mpo, Mps, Options, lattice};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

/// Name, Hamiltonian, charge, bond dimensions.
fn problems() -> Vec<(&'static str, Mpo, Charge, [usize; 2])> {
    let molecule = |orbitals| {
        let chain = Hydrogens::chain(10, 1.8, Basis::Sto6g).expect("a chain");
        let order: Vec<usize> = (0..10).collect();
        Mpo::from_integrals(&chain.hamiltonian(orbitals).expect("orbitals"), &order).expect("an operator")
    };
    let heisenberg = Mpo::new(&lattice::heisenberg(64).expect("a chain")).expect("an operator");
    let order: Vec<usize> = (0..16).collect();
    let hubbard = Mpo::new(&lattice::hubbard(&order, 8.0).expect("a chain")).expect("an operator");
    vec![
        ("heisenberg-64", heisenberg, Charge::default(), [128, 512]),
        ("hubbard-16", hubbard, Charge::new(16, 0), [128, 512]),
        ("h10-lowdin", molecule(Orbitals::Lowdin), Charge::new(10, 0), [100, 200]),
        ("h10-canonical", molecule(Orbitals::Canonical), Charge::new(10, 0), [100, 200]),
    ]
}

fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dmrg-product");
    group.measurement_time(Duration::from_secs(3)).sample_size(20);
    for (name, hamiltonian, charge, widths) in problems() {
        for width in widths {
            let state = Mps::random(hamiltonian.sites(), charge, width, &mut rng()).expect("a state");
            let middle = hamiltonian.len() / 2 - 1;
            let mut effective = EffectiveHamiltonian::new(&hamiltonian, &state, middle).expect("two sites");
            let x = effective.vector().to_vec();
            group.throughput(Throughput::Elements(effective.work() as u64));
            group.bench_function(BenchmarkId::new(name, width), |bencher| {
                bencher.iter(|| effective.apply(black_box(&x)));
            });
        }
    }
    group.finish();
}

/// Starts from a converged state and sweeps in both directions, at the first bond dimension.
fn sweeps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dmrg-sweep");
    group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(5)).sample_size(10);
    for (name, hamiltonian, charge, [width, _]) in problems() {
        let start = Mps::random(hamiltonian.sites(), charge, width, &mut rng()).expect("a state");
        let run = |start: Mps, half_sweeps: usize| {
            let options = Options::new(half_sweeps, width);
            let dmrg = Dmrg::new(&hamiltonian, &options).expect("options");
            dmrg.run(start, &mut rng(), |_| ControlFlow::Continue(())).expect("a run").state
        };
        let settled = run(start, 6);
        group.bench_function(BenchmarkId::new(name, width), |bencher| {
            bencher.iter(|| run(settled.clone(), 2));
        });
    }
    group.finish();
}

criterion_group!(benches, products, sweeps);
criterion_main!(benches);
