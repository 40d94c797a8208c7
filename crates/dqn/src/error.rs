//! Errors of environments, settings and checkpoints.

use headstart_check::OutOfRange;

/// Result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The number of cells of a `DeepSea` action mapping is not a square of at least 4.
    #[error("the action mapping has {given} cells; it must have N x N cells with N at least 2")]
    Mapping {
        /// Number of cells passed.
        given: usize,
    },
    /// A transition names a state or an action that does not exist.
    #[error("transition {row}: {what} {index} is out of range (0..{count})")]
    Unknown {
        /// Index of the transition, from 0.
        row: usize,
        /// `state`, `next state` or `action`.
        what: &'static str,
        /// The index that is out of range.
        index: usize,
        /// Number of states or actions.
        count: usize,
    },
    /// The outcome probabilities of a state-action pair do not sum to 1.
    #[error("the probabilities of state {state} with action {action} sum to {sum}; correct them so that they sum to 1")]
    Probability {
        /// The state.
        state: usize,
        /// The action.
        action: usize,
        /// Sum of the probabilities; 0 if the pair has no transition.
        sum: f64,
    },
    /// The environment does not have the one-hot observations that an option needs.
    #[error("{what} needs one-hot observations; use a finite environment")]
    OneHot {
        /// The option.
        what: &'static str,
    },
    /// A start does not match the environment or has the wrong number of parameters.
    #[error("the start has {given} {what}, but {expected} are needed; create it for this environment")]
    Start {
        /// The quantity that does not match.
        what: &'static str,
        /// Its value in the start.
        given: usize,
        /// The value that the environment or the network needs.
        expected: usize,
    },
    /// A checkpoint cannot be read.
    #[error("the checkpoint cannot be read: {reason}; pass the bytes exactly as they were saved")]
    Checkpoint {
        /// The reason.
        reason: String,
    },
    /// An error of the network engine.
    #[error(transparent)]
    Network(#[from] headstart_nn::Error),
}
