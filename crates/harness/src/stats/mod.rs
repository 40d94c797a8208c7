//! The statistics: pure functions on slices, one idea a file. Nothing else in this crate aggregates.
//!
//! Conventions that hold in every file:
//!
//! - Bad input has no answer: an empty sample, a NaN, lengths that differ or a level outside (0, 1) give `None`.
//!   Nothing panics, and no NaN is dropped in silence.
//! - A difference is `first - second`, `p_greater` is the one-sided p-value against "the effect is at most the
//!   margin", `p_less` the one against "the effect is at least the margin".
//! - An interval takes its two error rates apart (`alpha_low`, `alpha_high`), since the bounds of simultaneous claims
//!   need not have the same level; 0.025 twice is the usual 95% interval. Only an interval that is displayed and never
//!   judged ([`wilson`], [`paired_interval`]) takes one two-sided `alpha`.
//! - Units are those of the input; rates, ranks and p-values have none.

mod bootstrap;
mod censored;
mod effect;
mod equivalence;
mod holm;
mod normal;
mod order;
mod proportion;
mod ranks;
mod signed_rank;
mod stratified;
mod walsh;

pub use bootstrap::paired_interval;
pub use censored::{Ert, Spent, ert, restricted_mean};
pub use effect::{a12, win_rate};
pub use equivalence::{equivalence, stratified_equivalence};
pub use holm::holm;
pub use order::{median, quantile};
pub use proportion::{DifferenceTest, PairedOutcomes, difference_test, mcnemar, newcombe_interval, wilson};
pub use signed_rank::{SignedRank, hodges_lehmann, signed_rank, walsh_interval};
pub use stratified::{stratified_estimate, stratified_interval, stratified_signed_rank};

/// Whether an error rate is one: strictly between 0 and 1.
fn is_level(alpha: f64) -> bool {
    alpha > 0.0 && alpha < 1.0
}
