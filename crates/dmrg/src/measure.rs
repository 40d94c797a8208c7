//! What can be read off a state: entropies, mutual information, the variance of the energy.

mod entropies;
mod pairs;
mod variance;
