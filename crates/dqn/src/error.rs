//! What can be wrong with environments, settings and checkpoints.

use headstart_check::OutOfRange;

/// What the functions of this crate return.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The action mapping of a `DeepSea` is not square.
    #[error("the action mapping has {given} cells; it must have N x N of them for an N of at least 2")]
    Mapping {
        /// Cells that were passed.
        given: usize,
    },
    /// A transition names a state or an action that does not exist.
    #[error("transition {row} names {what} {index}, but there are {count}, numbered from 0; number them so")]
    Unknown {
        /// Place of the transition, from 0.
        row: usize,
        /// `state`, `next state` or `action`.
        what: &'static str,
        /// Its number.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// The outcomes of a state and an action are not a distribution.
    #[error(
        "the probabilities of state {state} with action {action} sum to {sum}; they must sum to 1: add what is missing"
    )]
    Probability {
        /// The state.
        state: usize,
        /// The action.
        action: usize,
        /// Their sum; 0 where the pair has no transition.
        sum: f64,
    },
    /// Something needs one-hot observations, which this environment has not.
    #[error("{what} needs an environment with one-hot observations; use it on a finite one")]
    OneHot {
        /// What needs them.
        what: &'static str,
    },
    /// A start is of another network than the environment needs, or holds another number of parameters.
    #[error("the start has {given} {what}, but {expected} are needed; make it for this environment")]
    Start {
        /// What does not fit.
        what: &'static str,
        /// Of the start.
        given: usize,
        /// Of the environment or the network.
        expected: usize,
    },
    /// A checkpoint that cannot be read.
    #[error("the checkpoint cannot be used: {reason}; pass the bytes as they were saved")]
    Checkpoint {
        /// What is wrong with it.
        reason: String,
    },
    /// The network engine refused something.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
}
