//! Axes with ticks at round numbers.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

/// A linear axis, of values or of their logarithms, with given ticks.
pub(super) struct Axis {
    range: Range<f64>,
    marks: Vec<f64>,
}

impl Axis {
    /// Axis of exponents of ten.
    pub(super) fn log(range: Range<f64>) -> Self {
        Self { marks: log(range.start, range.end), range }
    }

    /// Axis of the values themselves.
    pub(super) fn linear(range: Range<f64>) -> Self {
        Self { marks: linear(range.start, range.end), range }
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        // Saturates for values far outside, which rows of other programs may hold.
        limit.0.saturating_add((share * f64::from(limit.1 - limit.0)).round() as i32)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.marks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// Returns the ticks of a logarithmic axis, as exponents of ten like its ends: decades, with 2 and 5 between them if
/// there are few.
pub(super) fn log(low: f64, high: f64) -> Vec<f64> {
    let decades = high - low;
    let steps: &[f64] = if decades > 2.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    // At most about six labels: a long axis skips decades.
    let stride = (decades / 6.0).ceil().max(1.0) as i32;
    let powers = (low.floor() as i32..=high.ceil() as i32).filter(|power| power % stride == 0);
    let all = powers.flat_map(|power| steps.iter().map(move |step| f64::from(power) + step.log10()));
    all.filter(|place| (low - 1e-9..=high + 1e-9).contains(place)).collect()
}

/// Returns the ticks of a linear axis, spaced by 1, 2 or 5 times a power of ten.
pub(super) fn linear(low: f64, high: f64) -> Vec<f64> {
    let rough = (high - low) / 5.0;
    if !(rough > 0.0 && rough.is_finite()) {
        return Vec::new();
    }
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= rough).unwrap_or(power);
    let first = (low / step).ceil() as i64;
    (first..=(high / step).floor() as i64).map(|count| count as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::{linear, log};

    #[test]
    fn marks_are_round_numbers() {
        let values = |marks: Vec<f64>| marks.into_iter().map(|mark| 10_f64.powf(mark).round()).collect::<Vec<_>>();
        assert_eq!(values(log(0.0, 1.0)), [1.0, 2.0, 5.0, 10.0]);
        assert_eq!(values(log(-0.1, 4.2)), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!(log(-16.0, 4.0), [-16.0, -12.0, -8.0, -4.0, 0.0, 4.0]);
        assert_eq!(linear(-0.6, 1.4), [-0.5, 0.0, 0.5, 1.0]);
        assert_eq!(linear(0.0, 10.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert!(linear(1.0, 1.0).is_empty());
    }
}
