//! Configuration interaction: cheap wave functions that a matrix product state may begin from, and exact ones to judge it.
//!
//! A determinant is alpha operators, orbitals ascending, then beta operators, on the vacuum.

mod davidson;
mod determinant;
mod entropy;
mod full;
mod selected;
mod slater_condon;
mod spaces;
mod strings;
mod vector;

pub use determinant::Determinant;
pub use entropy::{CiEntropies, entropies, single_orbital_entropies};
pub use full::full_ci;
pub use selected::diagonalise;
pub use slater_condon::{diagonal_element, element, orbital_energies};
pub use spaces::{cas, cisd, deas, deas_to_bond, of_level};
pub use vector::CiVector;
