//! Numbers as tables print them: three significant digits.

use crate::compare::Effect;
use headstart_stats::Ert;

/// Three significant digits, plain between 0.001 and a million.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    // The smallest floats are interval ends next to zero.
    if size < f64::MIN_POSITIVE {
        return "0".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "-∞".into() };
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.1e}");
    }
    let decimals = (2 - size.log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}")
}

/// A tick of an axis: three significant digits, without those that say nothing.
pub(super) fn tick(value: f64) -> String {
    if value != 0.0 && !(1e-2..1e5).contains(&value.abs()) {
        return format!("{value:.0e}");
    }
    let text = number(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A value that may be missing.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), number)
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// An estimate with its interval.
pub(super) fn effect(effect: Option<Effect>) -> String {
    match effect {
        None => "-".into(),
        Some(Effect { estimate, p: None, .. }) => format!("{} (one value)", number(estimate)),
        Some(effect) => format!("{} [{}, {}]", number(effect.estimate), number(effect.low), number(effect.high)),
    }
}

/// A p-value.
pub(super) fn p_value(p: f64) -> String {
    if p < 1e-4 { format!("{p:.1e}") } else { format!("{p:.4}") }
}

/// Expected running time; without a success only its lower bound is known.
pub(super) fn ert(ert: Option<Ert>, interval: Option<(f64, f64)>) -> String {
    match ert {
        None => "-".into(),
        Some(Ert::Finite(work)) => {
            let (low, high) = interval.unwrap_or((work, work));
            if low == high { number(work) } else { format!("{} [{}, {}]", number(work), number(low), number(high)) }
        }
        Some(Ert::AtLeast(work)) => format!("> {}", number(work)),
    }
}

#[cfg(test)]
mod tests {
    use super::{number, tick};

    #[test]
    fn ticks_are_short() {
        let cases =
            [(1.0, "1"), (10.0, "10"), (0.01, "0.01"), (1e-6, "1e-6"), (3e5, "3e5"), (0.0, "0"), (-2.5, "-2.5")];
        for (value, text) in cases {
            assert_eq!(tick(value), text);
        }
    }

    #[test]
    fn three_significant_digits() {
        let cases = [
            (0.0, "0"),
            (1.0, "1.00"),
            (0.012_345, "0.0123"),
            (123.4, "123"),
            (98_765.4, "98765"),
            (1.5e7, "1.5e7"),
            (-2.5e-9, "-2.5e-9"),
            (f64::INFINITY, "∞"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }
}
