//! Tasks: a network, data, a loss and an optimiser.

mod definition;
mod made;
mod planar;

pub use self::definition::Task;
pub use self::made::{Alignment, branches, correlated, dead, deep, dropout, prelu, recall, smooth_layers};
pub use self::planar::{moons, ring};
