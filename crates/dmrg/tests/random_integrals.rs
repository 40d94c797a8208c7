//! Hamiltonians of random integrals, compared with exact diagonalisation of the textbook sum.

mod exact;

use std::ops::ControlFlow;

use exact::{assert_same_matrix, near};
use headstart_dmrg::{
    Charge, Dmrg, EffectiveHamiltonian, Integrals, Mpo, Mps, Op, OperatorSum, Options, Outcome, Site, Stage, lattice,
};
use ndarray::Array2;
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn run(hamiltonian: &Mpo, start: Mps, options: &Options) -> Outcome {
    Dmrg::new(hamiltonian, options).unwrap().run(start, &mut rng(9), |_| ControlFlow::Continue(())).unwrap()
}

fn charge_of((up, down): (usize, usize)) -> Charge {
    let signed = |x: usize| i32::try_from(x).unwrap();
    Charge::new(signed(up + down), signed(up) - signed(down))
}

/// Integrals whose only symmetries are those of real orbitals.
fn random_integrals(n: usize, electrons: (usize, usize), rng: &mut impl Rng) -> Integrals {
    let mut one = Array2::zeros((n, n));
    let mut two = Array2::zeros((n * n, n * n));
    for i in 0..n {
        for j in 0..=i {
            let value = rng.random_range(-1.0..1.0);
            (one[[i, j]], one[[j, i]]) = (value, value);
            for k in 0..n {
                for l in 0..=k {
                    if k * n + l > i * n + j {
                        continue;
                    }
                    let value = rng.random_range(-0.5..0.5);
                    for a in [i * n + j, j * n + i] {
                        for b in [k * n + l, l * n + k] {
                            (two[[a, b]], two[[b, a]]) = (value, value);
                        }
                    }
                }
            }
        }
    }
    Integrals::new(one.view(), two.view(), 0.75, electrons).unwrap()
}

/// The Hamiltonian as in textbooks, summed over all indices.
fn textbook(integrals: &Integrals) -> OperatorSum {
    let n = integrals.orbitals();
    let mut sum = OperatorSum::new(vec![Site::Fermion; n]);
    sum.constant = integrals.core;
    let spins = [(Op::CreateUp, Op::AnnihilateUp), (Op::CreateDown, Op::AnnihilateDown)];
    for i in 0..n {
        for j in 0..n {
            for (create, annihilate) in spins {
                sum.add(integrals.one(i, j), &[(i, create), (j, annihilate)]).unwrap();
            }
            for k in 0..n {
                for l in 0..n {
                    for (create, annihilate) in spins {
                        for (other, back) in spins {
                            let factors = [(i, create), (k, other), (l, back), (j, annihilate)];
                            sum.add(0.5 * integrals.two(i, j, k, l), &factors).unwrap();
                        }
                    }
                }
            }
        }
    }
    sum
}

#[test]
fn the_operator_of_random_integrals_is_the_textbook_one() {
    for (seed, electrons) in [(1, (2, 2)), (2, (3, 1)), (3, (1, 2)), (4, (4, 3))] {
        let integrals = random_integrals(4, electrons, &mut rng(seed));
        let hamiltonian = Mpo::from_integrals(&integrals, &[0, 1, 2, 3]).unwrap();
        let book = textbook(&integrals);
        let charge = charge_of(electrons);
        let basis = exact::basis(book.sites(), charge);
        assert_same_matrix(&hamiltonian, &exact::matrix(&book, &basis), book.sites(), &basis);
        assert_same_matrix(&Mpo::new(&book).unwrap(), &exact::matrix(&book, &basis), book.sites(), &basis);
    }
}

#[test]
fn random_integrals_reach_full_ci() {
    for (seed, electrons) in [(11, (2, 2)), (12, (3, 1)), (13, (2, 3))] {
        let integrals = random_integrals(5, electrons, &mut rng(seed));
        let charge = charge_of(electrons);
        let expected = exact::ground(&textbook(&integrals), charge);
        for order in [[0, 1, 2, 3, 4], [3, 0, 4, 1, 2]] {
            let hamiltonian = Mpo::from_integrals(&integrals, &order).unwrap();
            let start = Mps::random(hamiltonian.sites(), charge, 40, &mut rng(seed)).unwrap();
            let outcome = run(&hamiltonian, start, &Options::new(8, 200));
            near(outcome.energy, expected, 1e-9);
            near(outcome.state.expectation(&hamiltonian).unwrap(), expected, 1e-9);
        }
    }
}

#[test]
fn noise_opens_the_sectors_that_a_product_state_lacks() {
    // A closed-shell determinant, whose bonds have one sector each.
    let integrals = random_integrals(6, (3, 3), &mut rng(21));
    let charge = Charge::new(6, 0);
    let expected = exact::ground(&textbook(&integrals), charge);
    let hamiltonian = Mpo::from_integrals(&integrals, &[0, 1, 2, 3, 4, 5]).unwrap();
    let start = Mps::product(hamiltonian.sites(), &[3, 3, 3, 0, 0, 0]).unwrap();
    let options = Options {
        schedule: vec![Stage::new(4, 200).with_noise(1e-3), Stage::new(2, 200).with_noise(1e-5), Stage::new(4, 200)],
        energy_tolerance: 0.0,
    };
    near(run(&hamiltonian, start, &options).energy, expected, 1e-8);
}

#[test]
fn the_variance_is_exact_and_vanishes_at_an_eigenstate() {
    let integrals = random_integrals(4, (2, 2), &mut rng(41));
    let sum = textbook(&integrals);
    let hamiltonian = Mpo::from_integrals(&integrals, &[0, 1, 2, 3]).unwrap();
    let charge = Charge::new(4, 0);
    let basis = exact::basis(sum.sites(), charge);
    let matrix = exact::matrix(&sum, &basis);
    let start = Mps::random(sum.sites(), charge, 30, &mut rng(1)).unwrap();
    let mut draw = rng(2);
    let vector: ndarray::Array1<f64> = (0..basis.len()).map(|_| draw.random_range(-1.0..1.0)).collect();
    let states: Vec<(Vec<u8>, f64)> = basis.iter().cloned().zip(vector.iter().copied()).collect();
    let unit = &vector / vector.dot(&vector).sqrt();
    let image = matrix.dot(&unit);
    let energy = unit.dot(&image);
    let expected = image.dot(&image) - energy * energy;
    let state = Mps::from_product_states(sum.sites(), &states).unwrap();
    near(state.expectation(&hamiltonian).unwrap(), energy + sum.constant, 1e-12);
    near(state.variance(&hamiltonian).unwrap(), expected, 1e-11);
    let options = Options { schedule: vec![Stage::new(8, 100).with_residual(1e-10)], energy_tolerance: 0.0 };
    let exact_state = run(&hamiltonian, start, &options).state;
    assert!(exact_state.variance(&hamiltonian).unwrap() < 1e-16);
    let chain = Mpo::new(&lattice::heisenberg(10).unwrap()).unwrap();
    let start = Mps::random(chain.sites(), Charge::default(), 32, &mut rng(1)).unwrap();
    assert!(run(&chain, start, &options).state.variance(&chain).unwrap() < 1e-16);
    // Néel state: every bond adds (1/2)^2.
    let neel = Mps::product(chain.sites(), &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1]).unwrap();
    near(neel.variance(&chain).unwrap(), 9.0 / 4.0, 1e-12);
}

#[test]
fn the_effective_hamiltonian_is_symmetric_and_gives_the_energy() {
    let integrals = random_integrals(5, (3, 2), &mut rng(61));
    let hamiltonian = Mpo::from_integrals(&integrals, &[2, 0, 1, 4, 3]).unwrap();
    let state = Mps::random(hamiltonian.sites(), charge_of((3, 2)), 12, &mut rng(1)).unwrap();
    let energy = state.expectation(&hamiltonian).unwrap() - hamiltonian.constant();
    let mut draw = rng(2);
    for site in 0..4 {
        let mut effective = EffectiveHamiltonian::new(&hamiltonian, &state, site).unwrap();
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let x = effective.vector().to_vec();
        let y: Vec<f64> = x.iter().map(|_| draw.random_range(-1.0..1.0)).collect();
        let (hx, hy) = (effective.apply(&x).unwrap(), effective.apply(&y).unwrap());
        near(dot(&x, &hx), energy, 1e-12);
        near(dot(&y, &hx), dot(&x, &hy), 1e-11);
        assert!(effective.apply(&x[1..]).is_err());
    }
    assert!(EffectiveHamiltonian::new(&hamiltonian, &state, 4).is_err());
}
