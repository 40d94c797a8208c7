//! Starts for spin chains.

use std::ops::ControlFlow;

use rand::Rng;
use rand::seq::SliceRandom;

use super::Start;
use crate::{Dmrg, Error, Mpo, Mps, Options, Site, lattice};

const UP: u8 = 0;
const DOWN: u8 = 1;

/// Returns the Néel state: up, down, up, ..
pub fn neel(spins: usize) -> Result<Start, Error> {
    product((0..spins).map(|i| if i % 2 == 0 { UP } else { DOWN }).collect())
}

/// Returns the state with the first half up and the rest down.
pub fn domain_wall(spins: usize) -> Result<Start, Error> {
    product((0..spins).map(|i| if 2 * i < spins { UP } else { DOWN }).collect())
}

/// Returns a random product state with as many spins up as down (one more up if odd).
pub fn random_product(spins: usize, rng: &mut impl Rng) -> Result<Start, Error> {
    let mut states: Vec<u8> = (0..spins).map(|i| if i % 2 == 0 { UP } else { DOWN }).collect();
    states.shuffle(rng);
    product(states)
}

fn product(states: Vec<u8>) -> Result<Start, Error> {
    Ok(Start::free(Mps::from_product_states(&vec![Site::Spin; states.len()], &[(states, 1.0)])?))
}

/// Returns singlets on sites (0, 1), (2, 3), .. This is the ground state of every other bond. One half-sweep from the
/// Néel state finds it exactly, and the start is charged for that.
pub fn dimers(spins: usize, rng: &mut impl Rng) -> Result<Start, Error> {
    let pairs: Vec<(usize, usize, f64)> = (1..spins).step_by(2).map(|right| (right - 1, right, 1.0)).collect();
    let every_other = Mpo::new(&lattice::heisenberg_on(spins, &pairs)?)?;
    let options = Options::new(1, 2);
    let run = Dmrg::new(&every_other, &options)?;
    let found = run.run(neel(spins)?.state, rng, |_| ControlFlow::Continue(()))?;
    Ok(Start { work: found.work, ..Start::free(found.state) })
}
