//! Two-site DMRG for molecules and lattices that takes the starting state as an argument: a random state, a
//! determinant, a sum of determinants from a configuration interaction, or your own matrix product state.
//!
//! The method is that of S. R. White, Phys. Rev. Lett. 69 (1992) 2863, in matrix product form (U. Schollwöck, Ann.
//! Phys. 326 (2011) 96). Tensors are block-sparse with the charges N and 2 Sz. A Hamiltonian is a sum of any terms, or
//! a molecule's integrals with complementary operators (S. R. White & R. L. Martin, J. Chem. Phys. 110 (1999) 4127).
//!
//! ```
//! use std::ops::ControlFlow;
//! use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Options, lattice};
//! # use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//! # let mut rng = ChaCha8Rng::seed_from_u64(1);
//!
//! let hamiltonian = Mpo::new(&lattice::heisenberg(16)?)?;
//! let start = Mps::random(hamiltonian.sites(), Charge::new(0, 0), 32, &mut rng)?;
//! let options = Options::new(6, 60);
//! let outcome = Dmrg::new(&hamiltonian, &options)?.run(start, &mut rng, |step| {
//!     if step.work > 1e4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
//! })?;
//! assert!((outcome.energy - -6.911737145575).abs() < 1e-8);
//! assert!(outcome.state.variance(&hamiltonian)? < 1e-6);
//! # Ok::<(), headstart_dmrg::Error>(())
//! ```
//!
//! | notation in papers | item |
//! |---|---|
//! | MPS, MPO | [`Mps`], [`Mpo`] |
//! | A[l, s, r], sectors | [`Tensor`], [`Block`], [`Bond`], [`Charge`] |
//! | c†, S+, Jordan-Wigner signs | [`Op`], [`OperatorSum`], [`Site`] |
//! | (i\|h\|j), (ij\|kl), FCIDUMP | [`Integrals`], [`read_fcidump`] |
//! | m, discarded weight | [`Truncation`] |
//! | sweeps, Davidson, noise | [`Dmrg`], [`Stage`] |
//! | excited states | [`Dmrg::orthogonal_to`] |
//! | S^2, irreps | [`Mps::spin_squared`], [`Mps::irrep`], [`state`] |
//! | 1-RDM, 2-RDM, expectation values | [`Mps::density_matrices`], [`Mps::expectations`] |
//! | `H_eff` | [`EffectiveHamiltonian`] |
//! | s(1), I(i, j), <H^2> - E^2 | [`Mps::site_entropies`], [`Mps::mutual_information`], [`Mps::variance`] |

mod charge;
pub mod ci;
mod davidson;
#[cfg(feature = "harness")]
mod domain;
mod environment;
mod error;
mod kernel;
pub mod lattice;
mod measure;
mod mpo;
mod mps;
mod site;
mod solver;
pub mod state;
mod tensor;
mod terms;
mod truncation;

mod fcidump;
mod integrals;
pub mod molecule;
pub mod order;
pub mod problem;
pub mod start;
#[cfg(test)]
mod testing;

pub use charge::{Bond, Charge};
#[cfg(feature = "harness")]
pub use domain::DmrgDomain;
pub use error::Error;
pub use fcidump::{Fcidump, fcidump_text, parse_fcidump, read_fcidump, write_fcidump};
pub use headstart_check::OutOfRange;
pub use integrals::Integrals;
pub use measure::DensityMatrices;
pub use mpo::Mpo;
pub use mps::Mps;
pub use site::{Op, Site};
pub use solver::{Dmrg, EffectiveHamiltonian, Ending, HalfSweep, Options, Outcome, Stage, Step};
pub use tensor::{Block, Tensor};
pub use terms::OperatorSum;
pub use truncation::Truncation;
