//! Quality of a layout: local quality, global order, and the losses.

mod global;
mod local;
mod loss;

pub use global::{Reference, procrustes, spearman, triplet_accuracy};
pub use local::{continuity, neighbour_recall, trustworthiness};
pub use loss::{cross_entropy, effective_loss};
