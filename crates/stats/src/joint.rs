//! Resamples that are drawn jointly for all starts, within problems.

use rand::RngExt;

use crate::resample;

/// How often each replicate of each problem is drawn in one resample: within a problem as many as there are, with
/// replacement (Agarwal et al. 2021). One answer serves all starts, which keeps the pairs.
///
/// `sizes` are the replicates of the problems; resample i draws from the stream (`seed`, i).
pub fn joint_resample(seed: u64, resample: u64, sizes: &[usize]) -> Vec<Vec<usize>> {
    let mut stream = resample::stream(seed, resample);
    let mut draw = |size: usize| {
        let mut times = vec![0; size];
        (0..size).for_each(|_| times[stream.random_range(0..size)] += 1);
        times
    };
    sizes.iter().map(|size| draw(*size)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_is_drawn_by_itself() {
        let times = joint_resample(1, 7, &[20, 0, 5]);
        assert_eq!(times.iter().map(|times| times.iter().sum::<usize>()).collect::<Vec<_>>(), [20, 0, 5]);
        assert!(times[0].iter().any(|count| *count > 1) && times[0].contains(&0));
        assert_eq!(times, joint_resample(1, 7, &[20, 0, 5]));
        assert_ne!(times, joint_resample(1, 8, &[20, 0, 5]));
    }
}
