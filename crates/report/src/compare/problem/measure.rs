//! Statistics of the trials of a start on one problem.

use headstart_domain::claim::Estimand;
use headstart_rows::Row;
use headstart_stats::{self as stats, BreakEven, Ert, PairedOutcomes};

use crate::compare::pairs::{self, Cell};
use crate::compare::{ALPHA, Effect};

/// Number of bootstrap resamples, and the seed.
const RESAMPLES: u64 = 2000;
const BOOTSTRAP_SEED: u64 = 1;

/// Effect by which a start is ranked.
pub(super) enum Measure {
    Paired(Estimand),
    /// Ratio of the expected costs of a success.
    Cost {
        charged: bool,
    },
}

impl Measure {
    /// Returns the same effect without the charge; `None` if it is not an effect on work.
    pub(super) fn uncharged(&self) -> Option<Self> {
        match self {
            Self::Paired(Estimand::Work { .. }) => Some(Self::Paired(Estimand::Work { charged: false })),
            Self::Cost { .. } => Some(Self::Cost { charged: false }),
            Self::Paired(_) => None,
        }
    }
}

/// Returns the ratio of the expected costs of a success with restarts, rival over start.
pub(super) fn cost_ratio(cell: &Cell, rival: &Cell, charged: bool, alpha: f64) -> Option<Effect> {
    let attempts = pairs::pairs(cell, rival)
        .map(|(a, b)| (pairs::attempt_spent(a, charged), pairs::attempt_spent(b, charged)))
        .collect::<Vec<_>>();
    let work = Estimand::Work { charged };
    let ratio = stats::ert_ratio(&attempts, alpha / 2.0, alpha / 2.0, BOOTSTRAP_SEED, RESAMPLES)?;
    let log = ratio.estimate.ln();
    if pairs::is_one_value(cell, rival, &work) {
        return Some(Effect::new(&work, log, (log, log), None));
    }
    Some(Effect::new(&work, log, (ratio.low.ln(), ratio.high.ln()), Some(ratio.p)))
}

/// Returns the difference of each pair, in any order.
pub(super) fn as_differences(outcomes: &PairedOutcomes) -> Vec<f64> {
    let parts = [(1.0, outcomes.only_first), (-1.0, outcomes.only_second), (0.0, outcomes.both + outcomes.neither)];
    parts.into_iter().flat_map(|(difference, count)| std::iter::repeat_n(difference, count as usize)).collect()
}

/// Returns the influence of each pair on the log ratio of costs.
pub(super) fn costs_apart(cell: &Cell, rival: &Cell, charged: bool) -> Vec<f64> {
    let attempts: Vec<(stats::Spent, stats::Spent)> = pairs::pairs(cell, rival)
        .map(|(a, b)| (pairs::attempt_spent(a, charged), pairs::attempt_spent(b, charged)))
        .collect();
    stats::ert_ratio_influence(&attempts).unwrap_or_default()
}

/// Returns charged work to the target; infinite for a trial that missed it, so that two such trials tie.
pub(super) fn to_target(row: &Row) -> f64 {
    let spent = pairs::work_spent(row, true);
    if spent.reached { spent.work } else { f64::INFINITY }
}

pub(super) fn all_spent(cell: &Cell) -> Vec<stats::Spent> {
    cell.rows.values().map(|row| pairs::work_spent(row, true)).collect()
}

/// Returns the mean of shares with its 95% interval.
pub(super) fn rate(values: &[f64]) -> Option<(f64, f64, f64)> {
    let (mean, n) = (mean(values), values.len());
    let (low, high) = if values.iter().all(|value| [0.0, 1.0].contains(value)) {
        stats::wilson(values.iter().sum::<f64>() as u64, n as u64, ALPHA)?
    } else {
        let of = |indices: &[usize]| indices.iter().map(|index| values[*index]).sum::<f64>() / n as f64;
        stats::paired_interval(BOOTSTRAP_SEED, RESAMPLES, n, ALPHA, of)?
    };
    Some((mean, low, high))
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

pub(super) fn ert_interval(attempts: &[stats::Spent]) -> Option<(f64, f64)> {
    let of = |indices: &[usize]| {
        let drawn: Vec<stats::Spent> = indices.iter().map(|index| attempts[*index]).collect();
        if let Some(Ert::Finite(work)) = stats::ert(&drawn) { work } else { f64::INFINITY }
    };
    matches!(stats::ert(attempts)?, Ert::Finite(_))
        .then(|| stats::paired_interval(BOOTSTRAP_SEED, RESAMPLES, attempts.len(), ALPHA, of))?
}

pub(super) fn restricted_mean(spent: &[stats::Spent]) -> Option<(f64, f64, f64)> {
    let mean = stats::restricted_mean(spent)?;
    let of = |indices: &[usize]| indices.iter().map(|index| spent[*index].work).sum::<f64>() / indices.len() as f64;
    let (low, high) = stats::paired_interval(BOOTSTRAP_SEED, RESAMPLES, spent.len(), ALPHA, of)?;
    Some((mean, low, high))
}

pub(super) fn win_rate(cell: &Cell, rival: &Cell) -> Option<f64> {
    let both = pairs::pairs(cell, rival).map(|(a, b)| (to_target(a), to_target(b)));
    let (first, second): (Vec<f64>, Vec<f64>) = both.unzip();
    stats::win_rate(&first, &second)
}

/// Returns `None` for a start without a charge. K uses cost c + K w, against K b for the baseline. If making the start
/// is the first use, they cost c + (K - 1) w = (c - w) + K w.
pub(super) fn break_even(cell: &Cell, rival: &Cell, making_is_a_use: bool) -> Option<BreakEven> {
    let work = |row: &Row| pairs::attempt_spent(row, false).work;
    let extra = |row: &Row| row.start_work - if making_is_a_use { work(row) } else { 0.0 };
    let both = pairs::pairs(cell, rival).map(|(a, b)| (extra(a), work(b) - work(a)));
    let (charges, savings): (Vec<f64>, Vec<f64>) = both.unzip();
    let has_charge = cell.rows.values().any(|row| row.start_work > 0.0);
    has_charge.then(|| stats::break_even(&charges, &savings, ALPHA))?
}
