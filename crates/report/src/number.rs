//! Formats numbers for tables, with three significant digits.

use crate::compare::Effect;
use headstart_stats::Ert;

/// Formats with three significant digits; without exponent between 0.001 and a million.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    // Subnormal numbers occur only as interval ends next to zero.
    if size < f64::MIN_POSITIVE {
        return "0".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".into() } else { "-∞".into() };
    }
    if !(1e-3..1e6).contains(&size) {
        return format!("{value:.1e}");
    }
    with_digits(value, 3)
}

/// With the decimals that matter in its field, or three significant digits. Counts (no decimals) keep one where a
/// median falls between two of them.
pub(super) fn fixed(value: f64, decimals: Option<u8>) -> String {
    match decimals {
        Some(0) if value.fract() != 0.0 && value.is_finite() => format!("{value:.1}"),
        Some(decimals) if value.is_finite() => format!("{value:.*}", usize::from(decimals)),
        _ => number(value),
    }
}

/// An estimate with its interval; where `n` pairs are too few for an interval, that is said instead.
pub(super) fn effect_of(shown: Option<Effect>, n: usize) -> String {
    match shown {
        Some(Effect { estimate, low, high, p: Some(_), .. })
            if (low == 0.0 || low == f64::NEG_INFINITY) && high == f64::INFINITY =>
        {
            format!("{} (n = {n}: no interval)", number(estimate))
        }
        _ => effect(shown),
    }
}

/// Formats with `digits` significant digits, counted after rounding: 0.9996 gives 1.00, not 1.000.
fn with_digits(value: f64, digits: i32) -> String {
    // Zero and infinity have no leading digit.
    if !value.is_normal() {
        return number(value);
    }
    let decimals = |size: f64| (digits - 1 - size.log10().floor() as i32).max(0) as usize;
    let first = decimals(value.abs());
    let rounded: f64 = format!("{:.first$}", value.abs()).parse().unwrap_or(value.abs());
    let decimals = if rounded > 0.0 { decimals(rounded) } else { first };
    format!("{value:.decimals$}")
}

/// Formats an estimate. A significant one gets enough digits to differ from `none` (no effect): 1.0004, never "1.00 *".
pub(super) fn estimate(effect: Effect, none: f64) -> String {
    let side = match effect {
        Effect { estimate, low, high, .. } if low == estimate && high.is_infinite() => "> ",
        Effect { estimate, low, high, .. } if high == estimate && low == 0.0 && estimate > 0.0 => "< ",
        _ => "",
    };
    side.to_owned()
        + &apart(effect.estimate, none, if effect.is_clear() { digits_to_see(&[effect.estimate], none) } else { 3 })
}

/// Returns the number of significant digits with which all values that differ from `none` are also printed differently.
fn digits_to_see(values: &[f64], none: f64) -> i32 {
    let is_seen = |value: f64, digits: i32| value == none || with_digits(value, digits).parse() != Ok(none);
    (3..=9).find(|digits| values.iter().all(|value| is_seen(*value, *digits))).unwrap_or(3)
}

/// Formats with three digits, or with `digits` if the value would otherwise look equal to `none`.
fn apart(value: f64, none: f64, digits: i32) -> String {
    let text = number(value);
    if text == number(none) && value != none { with_digits(value, digits) } else { text }
}

/// Formats the tick of an axis: up to three significant digits, without trailing zeros.
pub(super) fn tick(value: f64) -> String {
    if value != 0.0 && !(1e-2..1e5).contains(&value.abs()) {
        return format!("{value:.0e}");
    }
    let text = number(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Formats a value that may be missing.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "-".into(), number)
}

/// Formats a share as a percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", 100.0 * share)
}

/// An estimate with its interval.
pub(super) fn effect(effect: Option<Effect>) -> String {
    match effect {
        None => "-".into(),
        Some(effect) => {
            // Of the significant effects, only ratios near 1 round to "no effect" with three digits.
            let digits =
                if effect.is_clear() { digits_to_see(&[effect.estimate, effect.low, effect.high], 1.0) } else { 3 };
            // If one of the two starts never succeeded, only a bound is known.
            match (effect.low == effect.estimate, effect.high == effect.estimate) {
                (true, false) if effect.high.is_infinite() => return format!("> {}", number(effect.low)),
                (false, true) if effect.low == 0.0 => return format!("< {}", number(effect.high)),
                _ => {}
            }
            let shown = apart(effect.estimate, 1.0, digits);
            // An end next to zero excludes zero.
            let [low, high] = [effect.low, effect.high].map(|value| match value.is_subnormal() {
                true if value > 0.0 => ">0".into(),
                true => "<0".into(),
                false => apart(value, 1.0, digits),
            });
            if effect.p.is_none() { format!("{shown} (one value)") } else { format!("{shown} [{low}, {high}]") }
        }
    }
}

/// Formats a p-value.
pub(super) fn p_value(p: f64) -> String {
    if p < 1e-4 { format!("{p:.1e}") } else { format!("{p:.4}") }
}

/// Formats an expected running time. If no trial out of `n` succeeded, the success rate is below -ln(0.025) / n with
/// 97.5% confidence, which gives a lower bound.
pub(super) fn ert(ert: Option<Ert>, interval: Option<(f64, f64)>, n: usize) -> String {
    match ert {
        None => "-".into(),
        Some(Ert::Finite(work)) => {
            let (low, high) = interval.unwrap_or((work, work));
            if low == high { number(work) } else { format!("{} [{}, {}]", number(work), number(low), number(high)) }
        }
        Some(Ert::AtLeast(work)) => format!("> {}", number(work / (-0.025_f64.ln()).min(n as f64))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Ert, number, tick};

    #[test]
    fn without_a_success_the_expected_running_time_is_a_lower_bound() {
        let of = |work, n| super::ert(Some(Ert::AtLeast(work)), None, n);
        assert_eq!((of(3689.0, 50), of(30.0, 3)), ("> 1000".into(), "> 10.0".into()));
    }

    #[test]
    fn ticks_are_short() {
        let cases =
            [(1.0, "1"), (10.0, "10"), (0.01, "0.01"), (1e-6, "1e-6"), (3e5, "3e5"), (0.0, "0"), (-2.5, "-2.5")];
        for (value, text) in cases {
            assert_eq!(tick(value), text);
        }
    }

    #[test]
    fn significant_effects_are_printed_with_enough_digits() {
        let clear = Effect { estimate: 1.0004, low: 1.0002, high: 1.0006, p: Some(1e-3), favours: Some(true) };
        assert_eq!(super::effect(Some(clear)), "1.0004 [1.0002, 1.0006]");
        let open = Effect { favours: None, ..clear };
        assert_eq!(super::effect(Some(open)), "1.00 [1.00, 1.00]");
        assert_eq!(super::effect(Some(Effect { estimate: 0.9996, ..clear })), "0.99960 [1.0002, 1.0006]");
        assert_eq!(super::effect(Some(Effect { estimate: 2.0, ..clear })), "2.00 [1.0002, 1.0006]");
        assert_eq!(super::effect(Some(Effect { low: 0.0, high: 1.0, ..clear })), "1.0004 [0, 1.00]");
        assert_eq!(super::effect(Some(Effect { high: f64::INFINITY, ..clear })), "1.0004 [1.0002, ∞]");
        let bound = Effect { estimate: 7.0, low: 7.0, high: f64::INFINITY, ..clear };
        assert_eq!((super::effect(Some(bound)), super::estimate(bound, 1.0)), ("> 7.00".into(), "> 7.00".into()));
    }

    #[test]
    fn three_significant_digits() {
        let cases = [
            (0.9996, "1.00"),
            (9.996, "10.0"),
            (999.6, "1000"),
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
