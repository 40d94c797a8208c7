//! Comparison with published and independently computed energies.

mod exact;

use std::ops::ControlFlow;

use exact::{assert_same_matrix, near};
use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Op, OperatorSum, Options, Outcome, Site, Stage, Truncation, lattice};
use ndarray::Array2;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn run(hamiltonian: &Mpo, start: Mps, options: &Options) -> Outcome {
    Dmrg::new(hamiltonian, options).unwrap().run(start, &mut rng(9), |_| ControlFlow::Continue(())).unwrap()
}

/// From a random state, without noise.
fn ground(sum: &OperatorSum, charge: Charge, half_sweeps: usize, bond_dimension: usize) -> f64 {
    let hamiltonian = Mpo::new(sum).unwrap();
    let start = Mps::random(hamiltonian.sites(), charge, bond_dimension, &mut rng(1)).unwrap();
    run(&hamiltonian, start, &Options::new(half_sweeps, bond_dimension)).energy
}

#[test]
fn random_sums_of_spin_operators_have_the_exact_matrix() {
    let mut rng = rng(5);
    let mut sum = OperatorSum::new(vec![Site::Spin; 6]);
    for _ in 0..40 {
        let (i, j, k) = (rng.random_range(0..6), rng.random_range(0..6), rng.random_range(0..6));
        let value = rng.random_range(-1.0..1.0);
        sum.add(value, &[(i, Op::Raise), (j, Op::Lower), (k, Op::Sz)]).unwrap();
        sum.add(value, &[(k, Op::Sz), (j, Op::Raise), (i, Op::Lower)]).unwrap();
    }
    let basis = exact::basis(sum.sites(), Charge::new(0, 2));
    assert_same_matrix(&Mpo::new(&sum).unwrap(), &exact::matrix(&sum, &basis), sum.sites(), &basis);
}

#[test]
fn operators_have_minimal_bond_dimensions() {
    let heisenberg = Mpo::new(&lattice::heisenberg(8).unwrap()).unwrap();
    assert_eq!(heisenberg.bond_dimensions(), [1, 4, 5, 5, 5, 5, 5, 4, 1]);
    let hubbard = Mpo::new(&lattice::hubbard(&[0, 1, 2, 3, 4, 5], 4.0).unwrap()).unwrap();
    assert_eq!(hubbard.bond_dimensions()[3], 6);
}

#[test]
fn heisenberg_chains() {
    let zero = Charge::default();
    near(ground(&lattice::heisenberg(2).unwrap(), zero, 2, 4), -0.75, 1e-12);
    near(ground(&lattice::heisenberg(8).unwrap(), zero, 4, 16), -3.374_932_598_687_891_5, 1e-10);
    near(ground(&lattice::heisenberg(20).unwrap(), zero, 8, 100), -8.682_473_334_398_967, 1e-9);
    near(ground(&lattice::heisenberg(32).unwrap(), zero, 8, 100), -13.997_315_618_224_327, 1e-8);
    near(ground(&lattice::heisenberg_ring(16).unwrap(), zero, 8, 120), -7.142_296_360_616_781, 1e-8);
    // The lowest state with Sz = 1 is compared with an independent diagonalisation.
    let sum = lattice::heisenberg(8).unwrap();
    near(ground(&sum, Charge::new(0, 2), 6, 16), exact::ground(&sum, Charge::new(0, 2)), 1e-9);
}

#[test]
fn a_chain_of_64() {
    near(ground(&lattice::heisenberg(64).unwrap(), Charge::default(), 8, 128), -28.175_424_859_743_188, 2e-9);
}

#[test]
fn products_of_singlets() {
    for (sites, energy) in [(8, -3.0), (12, -4.5), (16, -6.0)] {
        near(ground(&lattice::j1_j2(sites, 0.5).unwrap(), Charge::default(), 8, 32), energy, 1e-9);
    }
}

#[test]
fn hubbard_chains_in_any_order() {
    let order: Vec<usize> = (0..6).collect();
    let half = Charge::new(6, 0);
    near(ground(&lattice::hubbard(&order, 4.0).unwrap(), half, 8, 80), -3.092_565_319_505_394, 1e-9);
    near(ground(&lattice::hubbard(&[4, 1, 5, 0, 2, 3], 4.0).unwrap(), half, 10, 80), -3.092_565_319_505_394, 1e-9);
    near(
        ground(&lattice::hubbard(&(0..8).collect::<Vec<_>>(), 8.0).unwrap(), Charge::new(8, 0), 8, 150),
        -2.420_831_400_037_504_6,
        1e-8,
    );
}

#[test]
fn momentum_space_has_the_energy_of_the_ring() {
    let ring = |u: f64| {
        let mut sum = lattice::hubbard(&[0, 1, 2, 3, 4, 5], u).unwrap();
        for (a, b) in [(0, 5), (5, 0)] {
            sum.add(-1.0, &[(a, Op::CreateUp), (b, Op::AnnihilateUp)]).unwrap();
            sum.add(-1.0, &[(a, Op::CreateDown), (b, Op::AnnihilateDown)]).unwrap();
        }
        sum
    };
    let charge = Charge::new(6, 0);
    let expected = exact::ground(&ring(4.0), charge);
    near(ground(&ring(4.0), charge, 8, 100), expected, 1e-9);
    near(ground(&lattice::hubbard_momentum(&[0, 1, 5, 2, 4, 3], 4.0).unwrap(), charge, 10, 100), expected, 1e-8);
}

#[test]
fn never_below_the_exact_energy() {
    let sum = lattice::heisenberg(16).unwrap();
    let hamiltonian = Mpo::new(&sum).unwrap();
    for bond_dimension in [1, 2, 4, 8, 16] {
        let start = Mps::random(hamiltonian.sites(), Charge::default(), bond_dimension, &mut rng(3)).unwrap();
        let options = Options::new(4, bond_dimension);
        let mut lowest = f64::INFINITY;
        let outcome = Dmrg::new(&hamiltonian, &options)
            .unwrap()
            .run(start, &mut rng(4), |step| {
                lowest = lowest.min(step.energy);
                ControlFlow::Continue(())
            })
            .unwrap();
        assert!(lowest >= -6.911_737_145_575_103 - 1e-10, "{lowest}");
        assert!(outcome.state.expectation(&hamiltonian).unwrap() >= -6.911_737_145_575_103 - 1e-10);
        assert!(outcome.state.largest_bond() <= bond_dimension);
    }
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let hamiltonian = Mpo::new(&lattice::hubbard(&[0, 1, 2, 3, 4, 5], 2.0).unwrap()).unwrap();
    let options =
        Options { schedule: vec![Stage::new(3, 20).with_noise(1e-4), Stage::new(2, 20)], energy_tolerance: 0.0 };
    let once = || {
        let start = Mps::random(hamiltonian.sites(), Charge::new(6, 0), 10, &mut rng(7)).unwrap();
        run(&hamiltonian, start, &options)
    };
    let (a, b) = (once(), once());
    assert_eq!(a.state, b.state);
    assert_eq!(a.half_sweeps, b.half_sweeps);
    assert_eq!(a.work.to_bits(), b.work.to_bits());
}

#[test]
fn a_saved_state_resumes_with_the_same_bits() {
    let hamiltonian = Mpo::new(&lattice::heisenberg(12).unwrap()).unwrap();
    let start = Mps::random(hamiltonian.sites(), Charge::default(), 8, &mut rng(7)).unwrap();
    let whole = run(&hamiltonian, start.clone(), &Options::new(5, 16));
    let part = run(&hamiltonian, start, &Options::new(3, 16));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    part.state.save(&path).unwrap();
    let resumed = run(&hamiltonian, Mps::load(&path).unwrap(), &Options::new(2, 16));
    assert_eq!(resumed.energy.to_bits(), whole.energy.to_bits());
    assert_eq!(resumed.state, whole.state);
    std::fs::write(&path, b"no state").unwrap();
    assert!(Mps::load(&path).is_err());
}

#[test]
fn the_observer_stops_after_any_step() {
    let hamiltonian = Mpo::new(&lattice::heisenberg(8).unwrap()).unwrap();
    for stop in 1..14 {
        let start = Mps::random(hamiltonian.sites(), Charge::default(), 4, &mut rng(7)).unwrap();
        let options = Options::new(4, 8);
        let (mut steps, mut last) = (0, 0.0);
        let outcome = Dmrg::new(&hamiltonian, &options)
            .unwrap()
            .run(start, &mut rng(1), |step| {
                assert!(step.work > last);
                last = step.work;
                steps += 1;
                if steps == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        assert_eq!(steps, stop);
        // The returned state has norm 1 and canonical form.
        let mut state = outcome.state;
        near(state.overlap(&state).unwrap(), 1.0, 1e-12);
        let same = state.clone();
        state.move_center(0).unwrap();
        near(state.overlap(&same).unwrap(), 1.0, 1e-12);
    }
}

#[test]
fn sums_of_product_states_are_exact_and_compress() {
    let mut rng = rng(31);
    let sites = vec![Site::Fermion; 6];
    let basis = exact::basis(&sites, Charge::new(5, 1));
    let mut states: Vec<(Vec<u8>, f64)> =
        basis.iter().map(|state| (state.clone(), rng.random_range(-1.0..1.0))).collect();
    let norm = states.iter().map(|(_, x)| x * x).sum::<f64>().sqrt();
    for (_, x) in &mut states {
        *x /= norm;
    }
    let mut whole = Mps::from_product_states(&sites, &states).unwrap();
    for (state, coefficient) in &states {
        let product = Mps::product(&sites, state).unwrap();
        near(product.overlap(&whole).unwrap(), *coefficient, 1e-12);
    }
    let before = whole.clone();
    assert!(whole.compress(Truncation { bond_dimension: 1000, weight: 1e-20 }).unwrap() < 1e-15);
    near(whole.overlap(&before).unwrap(), 1.0, 1e-12);
    let lost = whole.compress(Truncation::to(12)).unwrap();
    assert!(lost > 1e-3 && whole.largest_bond() == 12);
    // Each cut loses its weight; together they lose no more than the sum.
    assert!(whole.overlap(&before).unwrap().powi(2) >= 1.0 - lost - 1e-12);
}

#[test]
fn sums_of_states() {
    let sites = vec![Site::Spin; 6];
    let a = Mps::random(&sites, Charge::default(), 5, &mut rng(1)).unwrap();
    let b = Mps::random(&sites, Charge::default(), 3, &mut rng(2)).unwrap();
    let sum = a.add(0.6, &b, -1.3).unwrap();
    let ab = a.overlap(&b).unwrap();
    let norm = (0.36 + 1.69 - 2.0 * 0.78 * ab).sqrt();
    near(sum.overlap(&a).unwrap(), (0.6 - 1.3 * ab) / norm, 1e-12);
    near(sum.overlap(&b).unwrap(), (0.6 * ab - 1.3) / norm, 1e-12);
    assert!(a.add(1.0, &a, -1.0).is_err());
}

#[test]
fn random_states_fill_their_bonds() {
    for (bond_dimension, expected) in [(1, 1), (4, 4), (40, 40)] {
        let state = Mps::random(&[Site::Fermion; 8], Charge::new(6, 2), bond_dimension, &mut rng(1)).unwrap();
        assert_eq!(state.largest_bond(), expected);
        assert_eq!(state.charge(), Charge::new(6, 2));
        near(state.overlap(&state).unwrap(), 1.0, 1e-12);
    }
}

#[test]
fn bad_input_is_refused() {
    let sites = [Site::Fermion; 3];
    assert!(Mps::random(&sites, Charge::new(7, 1), 4, &mut rng(1)).is_err());
    assert!(Mps::random(&sites, Charge::new(2, 1), 4, &mut rng(1)).is_err());
    assert!(Mps::random(&sites, Charge::new(2, 0), 0, &mut rng(1)).is_err());
    assert!(Mps::product(&sites, &[0, 4, 0]).is_err());
    assert!(Mps::product(&sites, &[0, 0]).is_err());
    assert!(Mps::from_product_states(&sites, &[]).is_err());
    assert!(Mps::from_product_states(&sites, &[(vec![0, 0, 1], 1.0), (vec![0, 0, 2], 1.0)]).is_err());
    assert!(Mps::from_product_states(&sites, &[(vec![0, 0, 1], 1.0), (vec![0, 0, 1], -1.0)]).is_err());
    let mut sum = OperatorSum::new(sites.to_vec());
    assert!(Mpo::new(&sum).is_err());
    assert!(sum.add(1.0, &[(3, Op::NumberUp)]).is_err());
    assert!(sum.add(1.0, &[(0, Op::Sz)]).is_err());
    assert!(sum.add(1.0, &[(0, Op::CreateUp)]).is_err());
    assert!(sum.add(f64::NAN, &[(0, Op::NumberUp)]).is_err());
    sum.add(1.0, &[(0, Op::NumberUp)]).unwrap();
    let hamiltonian = Mpo::new(&sum).unwrap();
    let options = Options::new(2, 0);
    assert!(Dmrg::new(&hamiltonian, &options).is_err());
    let options = Options::new(2, 4);
    let other = Mps::product(&[Site::Spin; 3], &[0, 1, 0]).unwrap();
    let ends = Dmrg::new(&hamiltonian, &options).unwrap().run(other, &mut rng(1), |_| ControlFlow::Continue(()));
    assert!(ends.is_err());
}

/// The entropy of two orbitals from their density matrix, a sum over all others; an implementation on bit strings.
fn pair_entropy(basis: &[Vec<u8>], vector: &[f64], i: usize, j: usize) -> f64 {
    // Orbitals i and j are moved to the front; the sign counts the electrons that they pass.
    let moved = |state: &[u8]| {
        let electrons = |states: &[u8]| states.iter().map(|s| s.count_ones()).sum::<u32>();
        let passes_i = electrons(&state[..i]) * state[i].count_ones();
        let passes_j = (electrons(&state[..j]) - state[i].count_ones()) * state[j].count_ones();
        let rest: Vec<u8> = state.iter().enumerate().filter(|(at, _)| *at != i && *at != j).map(|(_, s)| *s).collect();
        (
            usize::from(state[i]) * 4 + usize::from(state[j]),
            rest,
            if (passes_i + passes_j).is_multiple_of(2) { 1.0 } else { -1.0 },
        )
    };
    let mut density = Array2::<f64>::zeros((16, 16));
    for (a, x) in basis.iter().zip(vector) {
        let (row, rest, sign) = moved(a);
        for (b, y) in basis.iter().zip(vector) {
            let (column, other, turn) = moved(b);
            if rest == other {
                density[[row, column]] += sign * turn * x * y;
            }
        }
    }
    let values = headstart_linalg::eigh(density.view()).unwrap().values;
    -values.iter().filter(|p| **p > 1e-14).map(|p| p * p.ln()).sum::<f64>()
}

#[test]
fn entropies_and_mutual_information_include_fermion_signs() {
    let sites = vec![Site::Fermion; 4];
    let basis = exact::basis(&sites, Charge::new(4, 0));
    let mut draw = rng(51);
    let mut vector: Vec<f64> = basis.iter().map(|_| draw.random_range(-1.0..1.0)).collect();
    let norm = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    for x in &mut vector {
        *x /= norm;
    }
    let states: Vec<(Vec<u8>, f64)> = basis.iter().cloned().zip(vector.iter().copied()).collect();
    let state = Mps::from_product_states(&sites, &states).unwrap();
    let single: Vec<f64> = (0..4)
        .map(|site| {
            let mut weights = [0.0; 4];
            basis.iter().zip(&vector).for_each(|(state, x)| weights[usize::from(state[site])] += x * x);
            -weights.iter().map(|p| p * p.ln()).sum::<f64>()
        })
        .collect();
    let found = state.site_entropies().unwrap();
    (0..4).for_each(|site| near(found[site], single[site], 1e-12));
    let information = state.mutual_information().unwrap();
    for i in 0..4 {
        for j in i + 1..4 {
            let expected = single[i] + single[j] - pair_entropy(&basis, &vector, i, j);
            near(information[[i, j]], expected, 1e-10);
            near(information[[j, i]], expected, 1e-10);
        }
    }
    // The first bond separates the first site from the rest.
    near(state.bond_entropies().unwrap()[0], single[0], 1e-12);
    near(state.bond_entropies().unwrap()[2], single[3], 1e-12);
}

#[test]
fn entropies_of_singlets() {
    let state = Mps::from_product_states(&[Site::Spin; 2], &[(vec![0, 1], 1.0), (vec![1, 0], -1.0)]).unwrap();
    near(state.bond_entropies().unwrap()[0], 2.0_f64.ln(), 1e-12);
    near(state.mutual_information().unwrap()[[0, 1]], 2.0 * 2.0_f64.ln(), 1e-12);
}
