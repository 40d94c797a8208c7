//! A start from a run at a small bond dimension.

use std::ops::ControlFlow;

use rand::Rng;

use super::Start;
use crate::{Charge, Dmrg, Error, Mpo, Mps, Options};

/// Settings of that run: bond dimension, most half-sweeps, and the energy change at which it has converged.
const BOND_DIMENSION: usize = 20;
const HALF_SWEEPS: usize = 20;
const CONVERGED: f64 = 1e-5;

/// Returns the final state of a run at bond dimension 20 from a random state, charged with the work of that run.
pub fn low_bond(hamiltonian: &Mpo, charge: Charge, rng: &mut impl Rng) -> Result<Start, Error> {
    let begin = Mps::random(hamiltonian.sites(), charge, BOND_DIMENSION, rng)?;
    let options = Options { energy_tolerance: CONVERGED, ..Options::new(HALF_SWEEPS, BOND_DIMENSION) };
    let found = Dmrg::new(hamiltonian, &options)?.run(begin, rng, |_| ControlFlow::Continue(()))?;
    Ok(Start { work: found.work, ..Start::free(found.state) })
}
