//! Statistics for paired benchmark results: pure functions on slices, one idea per file.
//!
//! Conventions that hold in every file:
//!
//! - Invalid input (an empty sample, a NaN, different lengths, a level outside (0, 1)) gives `None`. Nothing panics,
//!   and no NaN is silently dropped.
//! - A difference is `first - second`. `p_greater` is the one-sided p-value of the null hypothesis "the effect is at
//!   most the margin", `p_less` that of "the effect is at least the margin".
//! - An interval has a separate error rate for each end (`alpha_low`, `alpha_high`), since simultaneous claims may need
//!   different levels; two times 0.025 gives a 95% interval. Intervals that are only displayed, never used for a
//!   verdict ([`wilson`], [`paired_interval`], [`JointIqm`], [`break_even()`], [`basins()`]), take one two-sided
//!   `alpha`.
//! - Results have the units of the input; rates, ranks and p-values are dimensionless.

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

/// Whether an error rate is valid: strictly between 0 and 1.
fn is_level(alpha: f64) -> bool {
    alpha > 0.0 && alpha < 1.0
}

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
