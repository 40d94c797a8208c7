//! Spin chains.

use super::Model;
use crate::{Error, lattice};

/// Creates the open Heisenberg chain.
pub fn heisenberg(spins: usize, bond_dimension: usize) -> Result<Model, Error> {
    Model::spins("heisenberg", &lattice::heisenberg(spins)?, bond_dimension)
}

/// Creates the open chain with couplings 1 and 1/2 of nearest and next-nearest neighbours. For an even number of spins
/// the ground state is a product of singlets with energy -3/8 per spin (Majumdar & Ghosh 1969).
pub fn majumdar_ghosh(spins: usize, bond_dimension: usize) -> Result<Model, Error> {
    let model = Model::spins("majumdar-ghosh", &lattice::j1_j2(spins, 0.5)?, bond_dimension)?;
    Ok(if spins.is_multiple_of(2) { model.with_exact(-0.375 * spins as f64) } else { model })
}
