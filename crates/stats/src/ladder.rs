//! Ladders of targets between the first observation of the baseline and the noise of a problem.

/// 21 targets for each replicate of a problem, the same for all starts. The gap of a value is its distance above the
/// best-known one.
///
/// Let g be the worst gap of the baseline at its first observation over the replicates, and r the resolution of the
/// problem. Target k = 1, ..., 21 is g (r / g)^(k / 21): targets are log-spaced, and the last is r. The upper end g is
/// left out, since every baseline trial meets it at its first observation. A replicate also drops the targets that its
/// own baseline trial meets at its first observation, since they do not distinguish starts. Targets depend only on the
/// baseline and the problem, unlike those of Moré and Wild 2009, which depend on all starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// Gaps, in descending order.
    targets: Vec<f64>,
    /// Number of dropped targets, from the largest, by replicate.
    met: Vec<usize>,
}

impl Ladder {
    /// Number of targets before any are dropped.
    pub const RUNGS: usize = 21;

    /// Creates a ladder from the gap of the baseline at its first observation in each replicate, `None` if it made no
    /// observation (such a replicate drops no targets).
    ///
    /// A replicate whose first gap is 0 or below, or within the resolution, keeps no targets. `None` without a first
    /// gap, if one is not finite, or unless the resolution is positive and finite.
    pub fn new(first_gaps: &[Option<f64>], resolution: f64) -> Option<Self> {
        let is_sound = |gap: &f64| gap.is_finite();
        if !(resolution > 0.0 && resolution.is_finite() && first_gaps.iter().flatten().all(is_sound)) {
            return None;
        }
        let worst = first_gaps.iter().flatten().copied().reduce(f64::max)?.max(resolution);
        let target = |k: usize| {
            let share = k as f64 / Self::RUNGS as f64;
            if k == Self::RUNGS { resolution } else { worst.powf(1.0 - share) * resolution.powf(share) }
        };
        let targets: Vec<f64> = (1..=Self::RUNGS).map(target).collect();
        let met = |gap: &Option<f64>| gap.map_or(0, |gap| targets.partition_point(|target| *target >= gap));
        Some(Self { met: first_gaps.iter().map(met).collect(), targets })
    }

    /// Returns the targets of a replicate, in descending order; empty for an unknown replicate.
    pub fn targets(&self, replicate: usize) -> &[f64] {
        self.met.get(replicate).and_then(|met| self.targets.get(*met..)).unwrap_or_default()
    }

    /// Returns how many pairs (replicate, target) were dropped, for a caption.
    pub fn dropped(&self) -> usize {
        self.met.iter().sum()
    }
}

/// Returns the work at which each of the descending `targets` was first met, at least one unit; `None` if not by `tau`.
///
/// `trace` holds (work, gap) in the order of observation. For a thinned trace the result is the first kept observation,
/// which is late by at most one interval of the thinning, for all starts. A NaN gap meets no target.
pub fn first_met(trace: &[(f64, f64)], targets: &[f64], tau: f64) -> Vec<Option<f64>> {
    let mut times = Vec::with_capacity(targets.len());
    for (work, gap) in trace.iter().filter(|(work, _)| *work <= tau) {
        while targets.get(times.len()).is_some_and(|target| gap <= target) {
            times.push(Some(work.max(1.0)));
        }
    }
    times.resize(targets.len(), None);
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_log_spaced() {
        let ladder = Ladder::new(&[Some(1e15), None], 1e-6).unwrap();
        let targets = ladder.targets(1);
        assert_eq!((targets.len(), targets[20]), (21, 1e-6));
        for (k, target) in (1..).zip(targets) {
            assert!((target / 10f64.powi(15 - k) - 1.0).abs() < 1e-12, "{target}");
        }
        assert_eq!(ladder.dropped(), 0);
    }

    #[test]
    fn targets_met_by_the_baseline_are_dropped_in_its_replicate() {
        // Targets 1e14, 1e13, ...: the second replicate begins below four of them, the third at the best-known value.
        let ladder = Ladder::new(&[Some(1e15), Some(5e10), Some(0.0), Some(-1.0), None], 1e-6).unwrap();
        assert_eq!([0, 1, 2, 3, 4, 5].map(|replicate| ladder.targets(replicate).len()), [21, 17, 0, 0, 21, 0]);
        assert!((ladder.targets(1)[0] / 1e10 - 1.0).abs() < 1e-12);
        assert_eq!(ladder.dropped(), 4 + 21 + 21);
    }

    #[test]
    fn a_baseline_within_the_resolution_leaves_no_targets() {
        let ladder = Ladder::new(&[Some(1e-7), Some(1e-6)], 1e-6).unwrap();
        assert_eq!((ladder.targets(0).len(), ladder.targets(1).len(), ladder.dropped()), (0, 0, 42));
        let beyond = Ladder::new(&[Some(-1.0), Some(-2.0)], 1e-6).unwrap();
        assert_eq!((beyond.targets(0).len(), beyond.dropped()), (0, 42));
    }

    #[test]
    fn running_times() {
        let trace = [(0.0, 100.0), (3.0, 9.0), (4.0, 50.0), (8.0, f64::NAN), (9.0, 0.5), (20.0, 0.1)];
        let targets = [200.0, 100.0, 60.0, 10.0, 9.0, 5.0, 0.2];
        let expected = [Some(1.0), Some(1.0), Some(3.0), Some(3.0), Some(3.0), Some(9.0), None];
        assert_eq!(first_met(&trace, &targets, 19.0), expected);
        assert_eq!(first_met(&trace, &targets, 20.0)[6], Some(20.0));
        assert_eq!(first_met(&[], &targets[..2], 19.0), [None, None]);
        assert_eq!(first_met(&trace, &[], 19.0), []);
    }

    #[test]
    fn bad_input_has_no_answer() {
        assert_eq!(Ladder::new(&[], 1.0), None);
        assert_eq!(Ladder::new(&[None], 1.0), None);
        assert_eq!(Ladder::new(&[Some(f64::INFINITY)], 1.0), None);
        assert_eq!(Ladder::new(&[Some(f64::NAN), Some(2.0)], 1.0), None);
        for resolution in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Ladder::new(&[Some(2.0)], resolution), None);
        }
    }
}
