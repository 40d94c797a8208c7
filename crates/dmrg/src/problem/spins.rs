//! Spin chains.

use super::Model;
use crate::{Error, lattice};

/// The open Heisenberg chain.
pub fn heisenberg(spins: usize, bond_dimension: usize) -> Result<Model, Error> {
    Model::spins("heisenberg", &lattice::heisenberg(spins)?, bond_dimension)
}

/// The open chain of an even number of spins with couplings 1 and 1/2 of neighbours and next neighbours: its ground state
/// is a product of singlets, of energy -3/8 a spin (Majumdar & Ghosh 1969).
pub fn majumdar_ghosh(spins: usize, bond_dimension: usize) -> Result<Model, Error> {
    let model = Model::spins("majumdar-ghosh", &lattice::j1_j2(spins, 0.5)?, bond_dimension)?;
    Ok(if spins.is_multiple_of(2) { model.with_exact(-0.375 * spins as f64) } else { model })
}
