//! Performance profiles: the share of problems on which a start is within a factor of the best.

use super::ecdf::Ecdf;

/// Returns the performance profiles of Dolan and Moré 2002, one per start.
///
/// `times[start][unit]` is the running time to the target, `None` (or infinite) if it was not reached. A unit is a
/// problem, or one (problem, replicate, target); all times of a problem have the same unit of measure. With the ratio r
/// = time / (least time of all starts on that unit), infinite if unsolved, rho(tau) is the share of units with r <=
/// tau, which is [`Ecdf::at`]. The integral over a linear ratio axis from 1 to tau, divided by tau - 1, is `area(1.0,
/// tau)`. A unit that no start solves stays in the denominator.
///
/// With more than two starts, the order below the best can change if the best is removed (Gould and Scott 2016):
/// compare two starts with [`pairwise_profiles`]. `None` for no starts or units, different lengths, or a time that is
/// not above 0.
pub fn performance_profiles<S: AsRef<[Option<f64>]>>(times: &[S]) -> Option<Vec<Ecdf>> {
    let mut best = vec![f64::INFINITY; times.first()?.as_ref().len()];
    for start in times.iter().map(AsRef::as_ref) {
        if start.len() != best.len() || !start.iter().flatten().all(|time| *time > 0.0) {
            return None;
        }
        for (best, time) in best.iter_mut().zip(start) {
            *best = best.min(time.unwrap_or(f64::INFINITY));
        }
    }
    let ratio = |(time, best): (&Option<f64>, &f64)| time.filter(|time| time.is_finite()).map(|time| time / best);
    times.iter().map(|start| Ecdf::new(&start.as_ref().iter().zip(&best).map(ratio).collect::<Vec<_>>())).collect()
}

/// Returns the [`performance_profiles`] of two starts, whose order does not depend on a third.
pub fn pairwise_profiles(first: &[Option<f64>], second: &[Option<f64>]) -> Option<(Ecdf, Ecdf)> {
    let mut profiles = performance_profiles(&[first, second])?.into_iter();
    Some((profiles.next()?, profiles.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times<const N: usize>(times: [f64; N]) -> [Option<f64>; N] {
        times.map(|time| (time < 90.0).then_some(time))
    }

    /// STATISTICS.md: .6667 and .8889.
    #[test]
    fn reference_values() {
        let (first, second) = pairwise_profiles(&times([1.0, 2.0, 4.0]), &times([2.0, 2.0, 1.0])).unwrap();
        assert!((first.area(1.0, 4.0).unwrap() - 2.0 / 3.0).abs() < 1e-15);
        assert!((second.area(1.0, 4.0).unwrap() - 8.0 / 9.0).abs() < 1e-15);
        assert_eq!((first.at(1.0), first.at(3.99), first.at(4.0)), (2.0 / 3.0, 2.0 / 3.0, 1.0));
        assert_eq!((second.at(1.0), second.at(2.0)), (2.0 / 3.0, 1.0));
    }

    #[test]
    fn the_unsolved_stay_in_the_denominator() {
        let profiles = performance_profiles(&[times([1.0, 99.0, 99.0, 6.0]), times([99.0, 5.0, 99.0, 3.0])]).unwrap();
        assert_eq!(profiles[0].steps(), [(1.0, 0.25), (2.0, 0.5)]);
        assert_eq!(profiles[1].steps(), [(1.0, 0.5)]);
        assert_eq!(profiles[1].at(f64::INFINITY), 0.5);
        let infinite = [Some(f64::INFINITY), Some(1.0)];
        assert_eq!(performance_profiles(&[infinite]).unwrap()[0].at(f64::INFINITY), 0.5);
    }

    /// The effect of Gould and Scott: within twice the best, the second is ahead of the third only if the first is
    /// included.
    #[test]
    fn the_order_of_two_can_depend_on_a_third() {
        let starts = [times([1.0, 1.0, 1.0]), times([2.0, 2.0, 9.0]), times([3.0, 3.0, 3.0])];
        let all = performance_profiles(&starts).unwrap();
        let (second, third) = pairwise_profiles(&starts[1], &starts[2]).unwrap();
        assert_eq!((all[1].at(2.0), all[2].at(2.0)), (2.0 / 3.0, 0.0));
        assert_eq!((second.at(2.0), third.at(2.0)), (2.0 / 3.0, 1.0));
    }

    #[test]
    fn bad_input_has_no_answer() {
        let none: [&[Option<f64>]; 0] = [];
        assert_eq!(performance_profiles(&none), None);
        assert_eq!(performance_profiles(&[[]]), None);
        assert_eq!(pairwise_profiles(&[Some(1.0)], &[Some(1.0), Some(2.0)]), None);
        for bad in [0.0, -1.0, f64::NAN] {
            assert_eq!(pairwise_profiles(&[Some(bad)], &[Some(1.0)]), None);
        }
    }
}
