//! Order statistics: quantiles and the median.

/// Returns the values in ascending order, or `None` for an empty sample or a NaN.
pub(super) fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|x| x.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(sorted)
}

/// Returns the sample quantile at `p` in [0, 1], in the unit of the values.
///
/// With x(0) <= x(1) <= ..., h = (n - 1) p and k = floor h, it is x(k) + (h - k) (x(k + 1) - x(k)). This is type 7 of
/// Hyndman and Fan 1996, the default of R and of numpy. Infinite values are ordered like others. A quantile between
/// minus and plus infinity is undefined and gives `None`, as do an empty sample, a NaN and a `p` outside [0, 1].
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    quantile_of_sorted(&sorted(values)?, p)
}

/// Returns the median: the middle value, or the mean of the two middle ones. It equals [`quantile`] at one half.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Returns the three quartiles in linear time. They equal [`quantile`] at 1/4, 1/2 and 3/4 to the last bit.
///
/// The values are reordered. `None` if one of the three is `None`.
pub fn quartiles(values: &mut [f64]) -> Option<[f64; 3]> {
    if values.iter().any(|x| x.is_nan()) {
        return None;
    }
    Some([select(values, 0.25)?, select(values, 0.5)?, select(values, 0.75)?])
}

/// Returns the [`quantile`] of values without NaN, by selection (Hoare 1961).
fn select(values: &mut [f64], p: f64) -> Option<f64> {
    let h = values.len().checked_sub(1)? as f64 * p;
    let (_, below, rest) = values.select_nth_unstable_by(h.floor() as usize, f64::total_cmp);
    let below = *below;
    let above = if h.ceil() > h.floor() { rest.iter().copied().min_by(f64::total_cmp)? } else { below };
    between(below, above, h - h.floor())
}

/// Returns the [`quantile`] of sorted values.
pub(super) fn quantile_of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if sorted.is_empty() || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let h = (sorted.len() - 1) as f64 * p;
    between(sorted[h.floor() as usize], sorted[h.ceil() as usize], h - h.floor())
}

/// Interpolates between two neighbouring values.
fn between(below: f64, above: f64, weight: f64) -> Option<f64> {
    let value = if below == above { below } else { (1.0 - weight) * below + weight * above };
    (!value.is_nan()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_numpy() {
        let values = [7.0, 1.0, 15.0, 36.0, 39.0, 40.0, 41.0, 42.0, 43.0, 47.0];
        for (p, expected) in [(0.0, 1.0), (0.25, 20.25), (0.5, 39.5), (0.9, 43.4), (1.0, 47.0)] {
            assert!((quantile(&values, p).unwrap() - expected).abs() < 1e-12, "{p}");
        }
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[5.0]), Some(5.0));
    }

    #[test]
    fn quartiles_are_quantiles() {
        let inf = f64::INFINITY;
        for n in 0..200_usize {
            let value = |i: usize| match i * 7919 % 23 {
                0 => inf,
                x => (x * x % 31) as f64 / 7.0,
            };
            let mut values: Vec<f64> = (0..n).map(value).collect();
            let expected = [0.25, 0.5, 0.75].map(|p| quantile(&values, p));
            assert_eq!(quartiles(&mut values).map(|all| all.map(Some)).unwrap_or_default(), expected);
        }
        assert_eq!(quartiles(&mut [-inf, inf]), None);
        assert_eq!(quartiles(&mut [1.0, f64::NAN]), None);
    }

    #[test]
    fn bad_input_has_no_quantile() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[1.0, f64::NAN]), None);
        assert_eq!(quantile(&[1.0], 1.5), None);
        assert_eq!(quantile(&[1.0], f64::NAN), None);
    }

    #[test]
    fn infinite_values_are_ordered() {
        let inf = f64::INFINITY;
        assert_eq!(median(&[inf, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[inf, inf, 2.0, 1.0]), Some(inf));
        assert_eq!(median(&[-inf, 1.0]), Some(-inf));
        assert_eq!(median(&[-inf, inf]), None);
    }
}
