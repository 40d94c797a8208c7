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
//!   judged ([`wilson`], [`paired_interval`], [`JointIqm`], [`break_even()`], [`basins()`]) takes one two-sided `alpha`.
//! - Units are those of the input; rates, ranks and p-values have none.

mod association;
mod basins;
mod betting;
mod bootstrap;
mod break_even;
mod censored;
mod cliques;
mod concordance;
mod ecdf;
mod effect;
mod equivalence;
mod ert_ratio;
mod friedman;
mod holm;
mod inversions;
mod iqm;
mod joint;
mod ladder;
mod normal;
mod order;
mod power;
mod profile;
mod proportion;
mod ranks;
mod resample;
mod signed_rank;
mod strata;
mod stratified;
mod studentized;
mod survival;
mod tau_interval;

pub use association::{Association, NullLaw, association, stratified_association};
pub use basins::{Basins, Hits, basins};
pub use betting::{
    Step, anytime_mean_interval, anytime_mean_test, anytime_median_interval, anytime_median_test, fewest_pairs,
};
pub use bootstrap::paired_interval;
pub use break_even::{BreakEven, break_even};
pub use censored::{Ert, Spent, ert, restricted_mean};
pub use cliques::{cliques, pairwise_p};
pub use ecdf::Ecdf;
pub use effect::{a12, win_rate};
pub use equivalence::{equivalence, stratified_equivalence};
pub use ert_ratio::{ErtRatio, ert_ratio, ert_ratio_influence};
pub use friedman::{Friedman, critical_difference, friedman};
pub use holm::holm;
pub use iqm::{JointIqm, iqm};
pub use joint::joint_resample;
pub use ladder::{Ladder, first_met};
pub use order::{median, quantile, quartiles};
pub use power::{replicates_needed, standardised_mean};
pub use profile::{pairwise_profiles, performance_profiles};
pub use proportion::{DifferenceTest, PairedOutcomes, difference_test, mcnemar, newcombe_interval, wilson};
pub use signed_rank::{hodges_lehmann, signed_rank, walsh_interval};
pub use strata::SignedRank;
pub use stratified::{stratified_estimate, stratified_interval, stratified_signed_rank};
pub use survival::{KaplanMeier, LogRank, log_rank};
pub use tau_interval::{association_difference, association_interval};

/// Whether an error rate is one: strictly between 0 and 1.
fn is_level(alpha: f64) -> bool {
    alpha > 0.0 && alpha < 1.0
}

/// The program of the README, run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
