//! Starts that know nothing, or one subsequence.

use headstart_check::check;
use rand::{Rng, RngExt};
use rand_distr::Exp1;

use super::Start;
use crate::sequences::reverse_complement;
use crate::{Error, Pwm, Strands, Windows};

/// A matrix whose columns are drawn evenly from all distributions over four letters (Dirichlet with parameters 1).
pub fn random_pwm<R: Rng>(windows: &Windows, rng: &mut R) -> Result<Start, Error> {
    random_pwms(windows, 1, rng)
}

/// As [`random_pwm`], so many of them: restarts.
///
/// Errors: none asked for.
pub fn random_pwms<R: Rng>(windows: &Windows, count: usize, rng: &mut R) -> Result<Start, Error> {
    check(count > 0, "the number of matrices", 0.0, "at least 1")?;
    let mut column = || {
        // Exponentials, divided by their sum, are even over the simplex.
        let drawn: [f64; 4] = std::array::from_fn(|_| rng.sample::<f64, _>(Exp1).max(1e-12));
        let sum: f64 = drawn.iter().sum();
        drawn.map(|entry| entry / sum)
    };
    let mut matrix = || Pwm::trusted((0..windows.width()).map(|_| column()).collect());
    Ok(Start::given((0..count).map(|_| matrix()).collect()))
}

/// The matrix of a window drawn at random from all that are searched: 0.5 on each of its letters.
pub fn random_subsequence<R: Rng>(windows: &Windows, rng: &mut R) -> Result<Start, Error> {
    let places = windows.places();
    let word = windows.window(places[rng.random_range(0..places.len())]);
    let turned = windows.strands() == Strands::Both && rng.random();
    let seed = if turned { Pwm::from_codes(&reverse_complement(word)) } else { Pwm::from_codes(word) };
    Ok(Start::given(vec![seed]))
}
