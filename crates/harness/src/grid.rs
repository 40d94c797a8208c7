//! The grid of values that are tried for a hyperparameter, and how it is widened.
//!
//! If the best value lies on the edge of its grid, a better one may lie beyond. The grid is then widened there by one value.
//! A grid with equal steps continues with its step. A grid with approximately equal ratios continues with these ratios in
//! turn: 1, 3, 10 is followed by 30 and 100. Any other grid continues with the ratio of its last two values, or with their
//! difference if one of them is 0 or their signs differ. A grid of positive values stays positive.

use headstart_domain::knob::Knob;

/// Maximum number of times that the grids of a problem are widened.
pub(crate) const WIDENINGS: u32 = 6;
/// Relative difference up to which steps count as equal: grid values are written with few digits.
const EQUAL: f64 = 1e-6;
/// Ratios count as approximately equal up to this quotient of the largest and the smallest (for 1, 3, 10: 3 and 3.33).
const ABOUT_EQUAL: f64 = 1.5;

/// An end of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    First,
    Last,
}

/// The values of one hyperparameter, in ascending order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
    /// The values that the domain declares.
    declared: Vec<f64>,
}

impl Grid {
    /// Returns the grid that the domain declares.
    pub(crate) fn declared(knob: &Knob) -> Self {
        Self { name: knob.name.to_string(), values: knob.grid.to_vec(), declared: knob.grid.to_vec() }
    }

    /// Returns the grid of these values, if widening the declared grid leads to it.
    pub(crate) fn widened(knob: &Knob, values: &[f64]) -> Option<Self> {
        let mut grid = Self::declared(knob);
        while grid.values != values {
            let has_more = |end: End, edge: Option<&f64>| match end {
                End::First => values.first() < edge,
                End::Last => values.last() > edge,
            };
            let ends = [(End::First, grid.values.first()), (End::Last, grid.values.last())];
            let (end, _) = ends.into_iter().find(|(end, edge)| has_more(*end, *edge))?;
            // The loop ends, because the grid grows but never beyond the length of `values`.
            if grid.values.len() >= values.len() || !grid.widen(end) {
                return None;
            }
        }
        Some(grid)
    }

    /// Returns the end at which a value lies; `None` inside the grid and at a natural limit.
    pub(crate) fn end_at(&self, value: f64) -> Option<End> {
        let (first, last) = (self.values.first(), self.values.last());
        let ends = [(End::First, first), (End::Last, last)].into_iter();
        let mut ends = ends.filter(|(end, edge)| *edge == Some(&value) && self.limit(*end) != Some(value));
        ends.next().map(|(end, _)| end)
    }

    /// Adds the next value beyond an end; returns `false` at the end of the range.
    pub(crate) fn widen(&mut self, end: End) -> bool {
        match (self.beyond(end), end) {
            (None, _) => false,
            (Some(value), End::First) => {
                self.values.insert(0, value);
                true
            }
            (Some(value), End::Last) => {
                self.values.push(value);
                true
            }
        }
    }

    /// The natural limit at this end. Domains do not declare limits, so it is inferred from the grid: a grid that begins
    /// at 0 is of a quantity that is never negative, and a grid from 0 to 1 is of a share.
    fn limit(&self, end: End) -> Option<f64> {
        let (first, last) = (self.declared.first().copied()?, self.declared.last().copied()?);
        match end {
            End::First => (first == 0.0).then_some(0.0),
            End::Last => (first == 0.0 && last == 1.0).then_some(1.0),
        }
    }

    fn beyond(&self, end: End) -> Option<f64> {
        // Values from this end inwards.
        let values: Vec<f64> = match end {
            End::First => self.values.clone(),
            End::Last => self.values.iter().rev().copied().collect(),
        };
        let (edge, next) = (*values.first()?, *values.get(1)?);
        if self.limit(end) == Some(edge) {
            return None;
        }
        let ratios: Option<Vec<f64>> =
            values.windows(2).map(|pair| (pair[0] * pair[1] > 0.0).then(|| pair[0] / pair[1])).collect();
        let value = match ratios {
            _ if values.len() > 2 && spread(values.windows(2).map(|pair| pair[1] - pair[0])) <= 1.0 + EQUAL => {
                edge + (edge - next)
            }
            Some(ratios) if ratios.len() > 1 && spread(ratios.iter().copied()) <= ABOUT_EQUAL => edge * ratios[1],
            _ if edge * next > 0.0 => edge * (edge / next),
            _ => edge + (edge - next),
        };
        let value = short(value);
        let is_positive = self.declared.iter().all(|value| *value > 0.0);
        let is_new = if end == End::First { value < edge } else { value > edge };
        (value.is_finite() && is_new && (value > 0.0 || !is_positive)).then_some(value)
    }
}

/// Ratio of the largest to the smallest absolute value.
fn spread(numbers: impl Iterator<Item = f64>) -> f64 {
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for number in numbers.map(f64::abs) {
        (least, most) = (least.min(number), most.max(number));
    }
    most / least
}

/// Rounds to twelve digits: 0.03 instead of 0.030000000000000002.
fn short(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(values: &[f64]) -> Grid {
        Grid { name: "rate".into(), values: values.to_vec(), declared: values.to_vec() }
    }

    fn beyond(values: &[f64]) -> (Option<f64>, Option<f64>) {
        let grid = grid(values);
        (grid.beyond(End::First), grid.beyond(End::Last))
    }

    #[test]
    fn a_grid_continues_with_its_steps_or_ratios() {
        for (values, first, last) in [
            (&[0.01, 0.1, 1.0] as &[f64], 0.001, 10.0),
            (&[0.1, 1.0], 0.01, 10.0),
            (&[3e-4, 1e-3, 3e-3, 1e-2], 1e-4, 3e-2),
            (&[0.3, 1.0, 3.0], 0.1, 10.0),
            (&[0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0], 0.003, 30.0),
            (&[-2.0, -1.0, 0.0, 1.0], -3.0, 2.0),
            (&[2.0, 4.0, 8.0], 1.0, 16.0),
            (&[4.0, 6.0, 8.0], 2.0, 10.0),
            (&[0.01, 0.1, 0.5, 0.9], 0.001, 1.62),
        ] {
            assert_eq!(beyond(values), (Some(first), Some(last)), "{values:?}");
        }
        let mut rates = grid(&[3e-4, 1e-3, 3e-3, 1e-2]);
        for expected in [0.03, 0.1, 0.3, 1.0, 3.0, 10.0] {
            assert!(rates.widen(End::Last));
            assert_eq!(rates.values.last(), Some(&expected));
        }
    }

    #[test]
    fn a_natural_limit_is_not_an_edge() {
        assert_eq!(beyond(&[0.0, 0.5, 1.0]), (None, None));
        assert_eq!(beyond(&[0.0, 0.25, 0.5]), (None, Some(0.75)));
        assert_eq!(beyond(&[0.0, 0.01, 0.1]), (None, Some(1.0)));
        let share = grid(&[0.0, 0.5, 1.0]);
        assert_eq!((share.end_at(0.0), share.end_at(0.5), share.end_at(1.0)), (None, None, None));
        // A rate may exceed 1. A count stays positive, so 1 is an edge that cannot be passed.
        assert_eq!(grid(&[0.1, 1.0]).end_at(1.0), Some(End::Last));
        assert_eq!(beyond(&[1.0, 2.0, 3.0]), (None, Some(4.0)));
        assert_eq!(grid(&[1.0, 2.0, 3.0]).end_at(1.0), Some(End::First));
        assert_eq!(beyond(&[1.0]), (None, None));
        assert_eq!(grid(&[1.0]).end_at(1.0), Some(End::First));
    }

    #[test]
    fn a_recorded_grid_is_the_declared_one_widened_or_refused() {
        let knob = Knob::new("rate", "", &[0.1, 1.0, 10.0], 1.0);
        let fits = |values: &[f64]| Grid::widened(&knob, values).is_some_and(|grid| grid.values == values);
        assert!(fits(&[0.1, 1.0, 10.0]) && fits(&[0.001, 0.01, 0.1, 1.0, 10.0, 100.0]));
        for other in [
            &[] as &[f64],
            &[0.1, 1.0],
            &[0.1, 2.0, 10.0],
            &[0.1, 1.0, 10.0, 50.0],
            &[7.0],
            &[0.1, 1.0, 10.0, 11.0, 100.0],
        ] {
            assert!(!fits(other), "{other:?}");
        }
    }
}
