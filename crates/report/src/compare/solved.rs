//! Share of trials that have reached their target: the runtime distribution of one problem.

use super::curve::Axis;
use super::pairs::{self, Cell};
use headstart_rows::{Row, Status};
use headstart_stats::Ecdf;

/// Maximum number of steps that are drawn exactly; longer curves are thinned to this resolution.
const DRAWN: usize = 500;

/// Steps of the share of solved trials, ascending: `(work or seconds, share)`. Up to 500 steps are exact. Longer curves
/// keep the first step, the last, and those that raise the curve by another 500th of its height.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    /// Over charged work.
    pub work: Vec<(f64, f64)>,
    /// Over work without the charge.
    pub uncharged: Vec<(f64, f64)>,
    /// Over seconds, including the seconds spent on making the start.
    pub seconds: Vec<(f64, f64)>,
    /// Over seconds of the solver alone.
    pub seconds_uncharged: Vec<(f64, f64)>,
}

pub(super) fn of(cell: &Cell) -> Solved {
    let steps = |axis: Axis| {
        let times: Vec<Option<f64>> = cell.rows.values().map(|row| time(row, axis)).collect();
        drawn(Ecdf::new(&times).map(|curve| curve.steps()).unwrap_or_default())
    };
    let [work, uncharged, seconds, seconds_uncharged] = Axis::ALL.map(steps);
    Solved { work, uncharged, seconds, seconds_uncharged }
}

/// Thins a long curve. Dropped steps lie less than a [`DRAWN`]th of its height above the ones that are kept.
fn drawn(steps: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let Some(&(_, top)) = steps.last().filter(|_| steps.len() > DRAWN) else { return steps };
    let level = |share: f64| (share / top * DRAWN as f64) as usize;
    let mut reached = 0;
    let mut rises = |share: f64| level(share) > std::mem::replace(&mut reached, level(share));
    let (first, last) = (steps[0].0, steps[steps.len() - 1].0);
    // `rises` must be called for every step, since it stores the level of the step before.
    steps.into_iter().filter(|(x, share)| rises(*share) || *x == first || *x == last).collect()
}

/// Returns `None` for a trial that did not reach its target.
fn time(row: &Row, axis: Axis) -> Option<f64> {
    if axis.seconds {
        let seconds = row.seconds_to_target.filter(|_| row.status == Status::Reached)?;
        return Some(seconds.max(1e-9) + axis.charge(row));
    }
    let spent = pairs::work_spent(row, axis.charged);
    spent.reached.then_some(spent.work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_rows::sample::row;

    #[test]
    fn unsolved_trials_stay_in_the_denominator_and_charges_shift_the_curve() {
        let mut cell = Cell::default();
        for (replicate, time) in [Some(10.0), None, Some(30.0), Some(10.0)].into_iter().enumerate() {
            let row = Row { start_work: 5.0, start_seconds: 1.0, ..row("a", replicate as u64, time) };
            cell.rows.insert(row.replicate, row);
        }
        let solved = of(&cell);
        assert_eq!(solved.work, [(15.0, 0.5), (35.0, 0.75)]);
        assert_eq!(solved.uncharged, [(10.0, 0.5), (30.0, 0.75)]);
        assert_eq!(solved.seconds, [(1.0 + 1e-5, 0.5), (1.0 + 3e-5, 0.75)]);
        assert_eq!(solved.seconds_uncharged, [(1e-5, 0.5), (3e-5, 0.75)]);
    }

    #[test]
    fn long_curves_are_thinned_below_the_visible_resolution() {
        let steps = |count: u32| (1..=count).map(|i| (f64::from(i), 0.9 * f64::from(i) / f64::from(count))).collect();
        let few: Vec<(f64, f64)> = steps(500);
        assert_eq!(drawn(few.clone()), few);
        let all: Vec<(f64, f64)> = steps(100_000);
        let thin = drawn(all.clone());
        assert!(thin.len() <= 502, "{}", thin.len());
        assert_eq!((thin[0], thin.last()), (all[0], all.last()));
        assert!(thin.iter().all(|step| all.contains(step)));
        for (x, share) in all {
            let below = thin.partition_point(|step| step.0 <= x);
            assert!((0.0..0.9 / 500.0 + 1e-12).contains(&(share - thin[below - 1].1)), "{x}");
        }
        assert_eq!(drawn(Vec::new()), []);
    }
}
