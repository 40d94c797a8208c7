//! Excited states by deflation, and a run that goes on from a saved state at a larger bond dimension.

mod exact;

use std::ops::ControlFlow;

use exact::{assert_same_matrix, basis, ground, matrix, near};
use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Options, lattice};
use headstart_linalg::eigh;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

#[test]
fn known_states_are_left_out() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (sum, charge) in [
        (lattice::hubbard(&[0, 1, 2, 3], 3.0).unwrap(), Charge::new(4, 0)),
        (lattice::heisenberg(8).unwrap(), Charge::new(0, 0)),
    ] {
        let dense = matrix(&sum, &basis(sum.sites(), charge));
        let exact = eigh(dense.view()).unwrap().values;
        near(exact[0] + sum.constant, ground(&sum, charge), 1e-12);
        let hamiltonian = Mpo::new(&sum).unwrap();
        assert_same_matrix(&hamiltonian, &dense, sum.sites(), &basis(sum.sites(), charge));
        let options = Options { energy_tolerance: 1e-12, ..Options::new(40, 64) };
        let mut known: Vec<Mps> = Vec::new();
        for at in 0..4 {
            let run = Dmrg::new(&hamiltonian, &options).unwrap();
            let run = if at == 0 { run } else { run.orthogonal_to(&known, 10.0).unwrap() };
            let start = Mps::random(hamiltonian.sites(), charge, 64, &mut rng).unwrap();
            let found = run.run(start, &mut rng, |_| ControlFlow::Continue(())).unwrap();
            near(found.energy, exact[at] + sum.constant, 1e-8);
            for state in &known {
                assert!(state.overlap(&found.state).unwrap().abs() < 1e-5);
            }
            known.push(found.state);
        }
    }
}

#[test]
fn impossible_weights_and_states_are_refused() {
    let hamiltonian = Mpo::new(&lattice::heisenberg(4).unwrap()).unwrap();
    let options = Options::new(2, 8);
    let run = || Dmrg::new(&hamiltonian, &options).unwrap();
    let other = [Mps::product(&[headstart_dmrg::Site::Spin; 3], &[0, 1, 0]).unwrap()];
    assert!(run().orthogonal_to(&other, 1.0).is_err());
    for weight in [0.0, -1.0, f64::NAN] {
        assert!(run().orthogonal_to(&[], weight).unwrap_err().to_string().contains("positive"));
    }
    let polarised = [Mps::product(hamiltonian.sites(), &[0, 0, 0, 0]).unwrap()];
    let start = Mps::product(hamiltonian.sites(), &[0, 1, 0, 1]).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let run = run().orthogonal_to(&polarised, 1.0).unwrap();
    assert!(run.run(start, &mut rng, |_| ControlFlow::Continue(())).is_err(), "another charge");
}

#[test]
fn a_saved_state_goes_on_at_a_larger_bond_dimension() {
    let hamiltonian = Mpo::new(&lattice::heisenberg(12).unwrap()).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let start = Mps::random(hamiltonian.sites(), Charge::new(0, 0), 6, &mut rng).unwrap();
    let run = |start: Mps, bond_dimension: usize, rng: &mut ChaCha8Rng| {
        let options = Options::new(8, bond_dimension);
        Dmrg::new(&hamiltonian, &options).unwrap().run(start, rng, |_| ControlFlow::Continue(())).unwrap()
    };
    let small = run(start, 6, &mut rng);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    small.state.save(&path).unwrap();
    let loaded = Mps::load(&path).unwrap();
    let large = run(loaded, 64, &mut rng);
    near(large.energy, -5.142_090_632_840_539, 1e-9);
    assert!(small.energy > large.energy + 1e-5 && large.half_sweeps.last().unwrap().bond_dimension > 6);
}
