//! Two-site DMRG (White 1992): sweeps of local problems, each solved by Davidson's method and truncated by its density
//! matrix.

mod davidson;
mod deflation;
mod effective;
mod local;
mod noise;
mod options;
mod plan;
mod split;
mod sweep;

pub use local::EffectiveHamiltonian;
pub use options::{Options, Stage};
pub(crate) use plan::{Last, Plan, Workspace};
pub use sweep::{Dmrg, Ending, HalfSweep, Outcome, Step};
