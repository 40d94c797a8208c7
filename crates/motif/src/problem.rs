//! Sequences with planted motifs, and the truth about them.
//!
//! What can be found at all is told by the margin: the information of a site in bits, less log2 of the windows in a
//! sequence. Below about five bits the optimum of the likelihood is some other set of windows.

mod matrix;
mod plant;

use headstart_check::check;
use rand::Rng;
use serde::Serialize;

pub use matrix::pwm_of_information;

use crate::background::Background;
use crate::{Error, Pwm, Sequences, Site};
use plant::{LONGEST_DECOY, SequenceBuilder, planted_word};

/// Sequences and what was planted in them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planted {
    /// The sequences.
    pub sequences: Sequences,
    /// The matrix that sites were drawn from; of a word with mutations its frequencies.
    pub pwm: Pwm,
    /// The sites.
    pub sites: Vec<Site>,
    /// The sites of a second motif, weaker than the first, where there is one.
    pub rivals: Vec<Site>,
}

/// How many sequences, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Sequences.
    pub sequences: usize,
    /// Letters in each.
    pub length: usize,
}

impl Default for Size {
    /// The usual challenge: 20 sequences of 600 letters (Pevzner & Sze 2000).
    fn default() -> Self {
        Self { sequences: 20, length: 600 }
    }
}

impl Size {
    /// Room enough that whatever is planted finds a free place.
    fn check(self, longest: usize) -> Result<(), Error> {
        let allowed = "at least four times the motif's width (of the width and 40 more with decoys)";
        check(self.sequences > 0, "sequences", 0.0, "at least 1")?;
        check(self.length >= 4 * longest, "length", self.length as f64, allowed)?;
        Ok(())
    }
}

/// One site a sequence, drawn from a random matrix with so many bits of information, in even and independent letters.
///
/// Errors: no sequence, sequences shorter than four widths, information that the width cannot hold.
pub fn pwm<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    SequenceBuilder::new(size, &even()?, rng).with_motif(pwm, size.sequences, rng)
}

/// As [`fn@pwm`], in sequences of a chain of order 1 that is rich in A and T (70%) and in runs of them.
///
/// Errors: as of [`fn@pwm`].
pub fn at_rich<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    // Rows for A, C, G, T: after A or T mostly the same again, as in the upstream regions of yeast. Stationary frequencies
    // are 0.35, 0.15, 0.15, 0.35.
    let chain = vec![
        vec![0.35, 0.15, 0.15, 0.35],
        vec![0.50, 0.12, 0.12, 0.26, 0.35, 0.15, 0.15, 0.35, 0.35, 0.15, 0.15, 0.35, 0.20, 0.18, 0.18, 0.44],
    ];
    SequenceBuilder::new(size, &Background::from_tables(chain)?, rng).with_motif(pwm, size.sequences, rng)
}

/// As [`fn@pwm`], with decoys: a run of 20 to 40 A in two thirds of the sequences, and 10 to 20 repeats of CA in two thirds of
/// them, chosen apart. Under independent letters they are more surprising than the motif, although not every sequence has
/// one; a background of order 3 explains them.
///
/// Errors: as of [`fn@pwm`].
pub fn decoys<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width + LONGEST_DECOY)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    let mut builder = SequenceBuilder::new(size, &even()?, rng);
    builder.add_decoys(rng);
    builder.with_motif(pwm, size.sequences, rng)
}

/// As [`fn@pwm`], but only `with` of the sequences, chosen at random, have a site.
///
/// Errors: as of [`fn@pwm`], and more sites than sequences.
pub fn zero_or_one<R: Rng>(size: Size, with: usize, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    check(with <= size.sequences, "sequences with a site", with as f64, "at most the number of sequences")?;
    let pwm = pwm_of_information(width, bits, rng)?;
    SequenceBuilder::new(size, &even()?, rng).with_motif(pwm, with, rng)
}

/// As [`fn@pwm`], with one site of each of two motifs a sequence: `bits` for the first, `rival` for the second.
///
/// Errors: as of [`fn@pwm`].
pub fn two_motifs<R: Rng>(size: Size, width: usize, bits: f64, rival: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let (first, second) = (pwm_of_information(width, bits, rng)?, pwm_of_information(width, rival, rng)?);
    let mut builder = SequenceBuilder::new(size, &even()?, rng);
    let rivals = builder.plant(&second, size.sequences, rng);
    Ok(Planted { rivals, ..builder.with_motif(first, size.sequences, rng)? })
}

/// The planted (l, d) problem: a random word of `width` letters in every sequence, each time with `mutations` of its letters
/// changed (Pevzner & Sze 2000).
///
/// Errors: no sequence, sequences shorter than four widths, more mutations than letters.
pub fn planted<R: Rng>(size: Size, width: usize, mutations: usize, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    check(width > 0, "the width of the motif", 0.0, "at least 1")?;
    check(mutations < width, "mutations", mutations as f64, "fewer than the letters of the word")?;
    planted_word(SequenceBuilder::new(size, &even()?, rng), width, mutations, rng)
}

fn even() -> Result<Background, Error> {
    Background::from_letters([0.25; 4])
}
