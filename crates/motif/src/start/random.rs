//! Random starts: random matrices, or a random subsequence.

use headstart_check::check;
use rand::{Rng, RngExt};
use rand_distr::Exp1;

use super::Start;
use crate::sequences::reverse_complement;
use crate::{Error, Pwm, Strands, Windows};

/// Returns a matrix whose columns are uniform over all distributions of four letters (Dirichlet with parameters 1): the
/// baseline.
pub fn random_pwm<R: Rng>(windows: &Windows, rng: &mut R) -> Result<Start, Error> {
    random_pwms(windows, 1, rng)
}

/// Returns `count` matrices like that of [`random_pwm`], for restarts.
///
/// Errors: a count of 0.
pub fn random_pwms<R: Rng>(windows: &Windows, count: usize, rng: &mut R) -> Result<Start, Error> {
    check(count > 0, "the number of matrices", 0.0, "at least 1")?;
    let mut column = || {
        // Exponential numbers divided by their sum are uniform over the simplex.
        let drawn: [f64; 4] = std::array::from_fn(|_| rng.sample::<f64, _>(Exp1).max(1e-12));
        let sum: f64 = drawn.iter().sum();
        drawn.map(|entry| entry / sum)
    };
    let mut matrix = || Pwm::trusted((0..windows.width()).map(|_| column()).collect());
    Ok(Start::given((0..count).map(|_| matrix()).collect()))
}

/// Returns the matrix of a window drawn at random from all searched windows: 0.5 for each of its letters.
pub fn random_subsequence<R: Rng>(windows: &Windows, rng: &mut R) -> Result<Start, Error> {
    let places = windows.places();
    let word = windows.window(places[rng.random_range(0..places.len())]);
    let turned = windows.strands() == Strands::Both && rng.random();
    let seed = if turned { Pwm::from_codes(&reverse_complement(word)) } else { Pwm::from_codes(word) };
    Ok(Start::given(vec![seed]))
}
