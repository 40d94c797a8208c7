//! When trials reached their target: what a runtime distribution of one problem draws.

use super::curve::Axis;
use super::pairs::{self, Cell};
use headstart_rows::{Row, Status};
use headstart_stats::Ecdf;

/// Where the share of solved trials rises, ascending, and to what: `(work or seconds, share)`.
#[derive(Clone, Debug, Default)]
pub struct Solved {
    /// Over charged work.
    pub work: Vec<(f64, f64)>,
    /// Over work without the charge.
    pub uncharged: Vec<(f64, f64)>,
    /// Over seconds, with those of making the start.
    pub seconds: Vec<(f64, f64)>,
    /// Over seconds without them.
    pub seconds_uncharged: Vec<(f64, f64)>,
}

pub(super) fn of(cell: &Cell) -> Solved {
    let steps = |axis: Axis| {
        let times: Vec<Option<f64>> = cell.rows.values().map(|row| time(row, axis)).collect();
        Ecdf::new(&times).map(|curve| curve.steps()).unwrap_or_default()
    };
    let [work, uncharged, seconds, seconds_uncharged] = Axis::ALL.map(steps);
    Solved { work, uncharged, seconds, seconds_uncharged }
}

/// `None` for a trial that did not reach its target.
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
    fn what_was_not_solved_stays_in_the_denominator_and_charges_shift() {
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
}
