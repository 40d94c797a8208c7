//! Configuration interaction (CI): cheap wave functions as starting states, and full CI as an exact reference.
//!
//! A determinant is a product of creation operators on the vacuum: alpha operators first, then beta, orbitals
//! ascending.

mod davidson;
mod determinant;
mod entropy;
mod full;
mod reference;
mod selected;
mod slater_condon;
mod spaces;
mod strings;
mod vector;

pub use determinant::Determinant;
pub use entropy::{CiEntropies, entropies, single_orbital_entropies};
pub use full::{full_ci, full_ci_of};
pub use reference::{Reference, irrep_of, reference};
pub use selected::diagonalise;
pub use slater_condon::{diagonal_element, element, orbital_energies};
pub use spaces::{cas, cisd, deas, deas_to_bond, deas_to_ends, of_level};
pub use vector::CiVector;
