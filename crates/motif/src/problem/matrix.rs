//! Random matrices with given information.

use headstart_check::check;
use headstart_simd::Portable;
use rand::{Rng, RngExt};
use rand_distr::Exp1;

use crate::{Error, Pwm};

/// Minimum of the entries before normalisation, so that a site can differ from the consensus in every column.
const LEAST: f64 = 1e-3;

/// Draws a matrix whose columns have relative entropies to uniform letters that sum to `bits`. The columns are uniform
/// over all distributions, then all raised to the same power.
///
/// Errors: a width of 0, information that is not positive or above 1.9 bits per column.
pub fn pwm_of_information<R: Rng>(width: usize, bits: f64, rng: &mut R) -> Result<Pwm, Error> {
    check(width > 0, "the width of the motif", 0.0, "at least 1")?;
    let holds = bits > 0.0 && bits <= 1.9 * width as f64;
    check(holds, "the information in bits", bits, "positive and at most 1.9 per column")?;
    // Exponential numbers divided by their sum are uniform over the simplex.
    let logs: Vec<[f64; 4]> =
        (0..width).map(|_| std::array::from_fn(|_| rng.sample::<f64, _>(Exp1).max(1e-12).portable_ln())).collect();
    let raised = |power: f64| {
        let column = |logs: &[f64; 4]| {
            let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let entries = logs.map(|log| (power * (log - largest)).portable_exp().max(LEAST));
            let sum: f64 = entries.iter().sum();
            entries.map(|entry| entry / sum)
        };
        Pwm::trusted(logs.iter().map(column).collect())
    };
    let information = |power: f64| raised(power).information([0.25; 4]).iter().sum::<f64>();
    let (mut low, mut high) = (0.0, 1.0);
    // If two letters of a column are almost equally probable, a high power is needed to separate them.
    while information(high) < bits && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if information(middle) < bits {
            low = middle;
        } else {
            high = middle;
        }
    }
    Ok(raised(high))
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    #[test]
    fn matrices_have_the_requested_information() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for (width, bits) in [(14, 20.0), (14, 12.0), (8, 15.0), (1, 0.5), (6, 11.39)] {
            let pwm = pwm_of_information(width, bits, &mut rng).unwrap();
            assert_eq!(pwm.width(), width);
            assert!((pwm.information([0.25; 4]).iter().sum::<f64>() - bits).abs() < 1e-6);
            Pwm::new(pwm.columns().to_vec()).unwrap();
        }
        for (width, bits) in [(0, 1.0), (5, 0.0), (5, f64::NAN), (5, 9.6)] {
            assert!(pwm_of_information(width, bits, &mut rng).is_err());
        }
    }
}
