//! Finds the ground state of an open Heisenberg chain from a random state.

use std::ops::ControlFlow;

use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Options, lattice};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let hamiltonian = Mpo::new(&lattice::heisenberg(64)?)?;
    let start = Mps::random(hamiltonian.sites(), Charge::new(0, 0), 16, &mut rng)?;
    let options = Options::new(12, 128);
    let outcome = Dmrg::new(&hamiltonian, &options)?.run(start, &mut rng, |_| ControlFlow::Continue(()))?;
    for half in &outcome.half_sweeps {
        println!(
            "{:.10} m {} discarded {:.1e} work {:.0}",
            half.energy, half.bond_dimension, half.discarded, half.work
        );
    }
    Ok(())
}
