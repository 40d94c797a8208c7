//! Joint resamples for all starts, within problems.

use rand::RngExt;

use crate::resample;

/// Returns how often each replicate of each problem is drawn in one resample. Within a problem, as many replicates as
/// it has are drawn with replacement (Agarwal et al. 2021). Using one resample for all starts keeps the pairs.
///
/// `sizes` holds the number of replicates of each problem; resample i draws from the stream (`seed`, i).
pub fn joint_resample(seed: u64, resample: u64, sizes: &[usize]) -> Vec<Vec<u32>> {
    let mut times = vec![0; sizes.iter().sum()];
    draw(&mut times, sizes, seed, resample);
    let mut rest = times.as_slice();
    let problem = |size: &usize| {
        let (problem, after) = rest.split_at(*size);
        rest = after;
        problem.to_vec()
    };
    sizes.iter().map(problem).collect()
}

/// Writes the same numbers to `times`, with the problems one after another.
pub(crate) fn draw(times: &mut [u32], sizes: &[usize], seed: u64, resample: u64) {
    let mut stream = resample::stream(seed, resample);
    times.fill(0);
    let mut rest = times;
    for size in sizes {
        let (problem, after) = rest.split_at_mut(*size);
        for _ in 0..*size {
            problem[stream.random_range(0..*size)] += 1;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_is_drawn_by_itself() {
        let times = joint_resample(1, 7, &[20, 0, 5]);
        assert_eq!(times.iter().map(|times| times.iter().sum::<u32>()).collect::<Vec<_>>(), [20, 0, 5]);
        assert!(times[0].iter().any(|count| *count > 1) && times[0].contains(&0));
        assert_eq!(times, joint_resample(1, 7, &[20, 0, 5]));
        assert_ne!(times, joint_resample(1, 8, &[20, 0, 5]));
    }
}
