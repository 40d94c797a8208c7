//! Builds sequences with planted words that do not overlap.

use rand::{Rng, RngExt};

use super::{Planted, Size};
use crate::background::{Background, pick};
use crate::{Error, Pwm, Sequences, Site};

/// Length of the longest decoy.
pub(super) const LONGEST_DECOY: usize = 40;

/// Sequences under construction.
pub(super) struct SequenceBuilder {
    codes: Vec<Vec<u8>>,
    /// The occupied stretches of each sequence: first letter and length.
    taken: Vec<Vec<(usize, usize)>>,
}

impl SequenceBuilder {
    pub(super) fn new<R: Rng>(size: Size, background: &Background, rng: &mut R) -> Self {
        let codes = (0..size.sequences).map(|_| background.draw(size.length, rng)).collect();
        Self { codes, taken: vec![Vec::new(); size.sequences] }
    }

    /// Writes a word into a sequence at a random free position, and returns the position.
    fn write<R: Rng>(&mut self, sequence: usize, word: &[u8], rng: &mut R) -> usize {
        let places = self.codes[sequence].len() + 1 - word.len();
        let taken = &self.taken[sequence];
        let is_free = |at: &usize| taken.iter().all(|&(from, length)| at + word.len() <= from || from + length <= *at);
        let free: Vec<usize> = (0..places).filter(is_free).collect();
        // Sequences are several times as long as all that is put into them together.
        let at = if free.is_empty() { 0 } else { free[rng.random_range(0..free.len())] };
        self.codes[sequence][at..at + word.len()].copy_from_slice(word);
        self.taken[sequence].push((at, word.len()));
        at
    }

    /// Chooses `count` sequences at random, in ascending order.
    fn some<R: Rng>(&self, count: usize, rng: &mut R) -> Vec<usize> {
        let mut chosen: Vec<usize> = (0..self.codes.len()).collect();
        for i in 0..count {
            chosen.swap(i, rng.random_range(i..self.codes.len()));
        }
        chosen.truncate(count);
        chosen.sort_unstable();
        chosen
    }

    /// Plants a site drawn from the matrix in `count` sequences chosen at random.
    pub(super) fn plant<R: Rng>(&mut self, pwm: &Pwm, count: usize, rng: &mut R) -> Vec<Site> {
        let chosen = self.some(count, rng);
        chosen
            .into_iter()
            .map(|sequence| {
                let word: Vec<u8> = pwm.columns().iter().map(|column| pick(column, rng)).collect();
                Site { sequence, at: self.write(sequence, &word, rng), reverse: false }
            })
            .collect()
    }

    /// Adds a run of 20 to 40 A to two thirds of the sequences, and 10 to 20 repeats of CA to two thirds of them,
    /// chosen independently.
    pub(super) fn add_decoys<R: Rng>(&mut self, rng: &mut R) {
        let count = 2 * self.codes.len() / 3;
        for sequence in self.some(count, rng) {
            let run = vec![0; rng.random_range(20..=LONGEST_DECOY)];
            self.write(sequence, &run, rng);
        }
        for sequence in self.some(count, rng) {
            let repeats = [1, 0].repeat(rng.random_range(10..=LONGEST_DECOY / 2));
            self.write(sequence, &repeats, rng);
        }
    }

    pub(super) fn with_motif<R: Rng>(mut self, pwm: Pwm, count: usize, rng: &mut R) -> Result<Planted, Error> {
        let sites = self.plant(&pwm, count, rng);
        Ok(Planted { sequences: Sequences::from_codes(self.codes)?, pwm, sites, rivals: Vec::new() })
    }
}

/// Plants a random word in every sequence, each time with `mutations` letters changed.
pub(super) fn planted_word<R: Rng>(
    mut builder: SequenceBuilder,
    width: usize,
    mutations: usize,
    rng: &mut R,
) -> Result<Planted, Error> {
    let word: Vec<u8> = (0..width).map(|_| rng.random_range(0..4)).collect();
    let mut sites = Vec::new();
    for sequence in 0..builder.codes.len() {
        let mut mutated = word.clone();
        let mut places: Vec<usize> = (0..width).collect();
        for i in 0..mutations {
            places.swap(i, rng.random_range(i..width));
            mutated[places[i]] = (word[places[i]] + rng.random_range(1..4u8)) % 4;
        }
        sites.push(Site { sequence, at: builder.write(sequence, &mutated, rng), reverse: false });
    }
    // Without mutations the other letters would have probability 0, which a `Pwm` does not allow.
    let changed = (mutations as f64 / width as f64).max(1e-3);
    let column =
        |&code: &u8| std::array::from_fn(|a| if a == usize::from(code) { 1.0 - changed } else { changed / 3.0 });
    let pwm = Pwm::new(word.iter().map(column).collect())?;
    Ok(Planted { sequences: Sequences::from_codes(builder.codes)?, pwm, sites, rivals: Vec::new() })
}
