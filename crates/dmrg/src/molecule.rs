//! Hydrogen chains and rings from first principles: integrals over contracted s functions, Hartree-Fock and orbitals.

mod gaussian;
mod geometry;
mod hartree_fock;

pub use gaussian::{Basis, boys_f0};
pub use geometry::Hydrogens;
pub use hartree_fock::{HartreeFock, Orbitals};
