//! Measures of a state: entropies, mutual information and the variance of the energy.

mod entropies;
mod pairs;
mod terms;
mod variance;

pub use terms::DensityMatrices;
