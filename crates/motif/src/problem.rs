//! Test problems: sequences with planted motifs and their sites.
//!
//! The margin determines whether a motif can be found: the information of a site in bits minus log2 of the number of
//! windows per sequence. Below a margin of about five bits, the optimum of the likelihood is another set of windows.

mod matrix;
mod plant;

use headstart_check::check;
use rand::Rng;
use serde::Serialize;

pub use matrix::pwm_of_information;

use crate::background::Background;
use crate::{Error, Pwm, Sequences, Site};
use plant::{LONGEST_DECOY, SequenceBuilder, planted_word};

/// Sequences and the motifs planted in them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Planted {
    /// The sequences.
    pub sequences: Sequences,
    /// The matrix that sites were drawn from; for a word with mutations, its expected frequencies.
    pub pwm: Pwm,
    /// The sites.
    pub sites: Vec<Site>,
    /// The sites of a second, weaker motif; empty if there is only one motif.
    pub rivals: Vec<Site>,
}

/// Number and length of the sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Number of sequences.
    pub sequences: usize,
    /// Number of letters in each sequence.
    pub length: usize,
}

impl Default for Size {
    /// The size of the challenge problem: 20 sequences of 600 letters (Pevzner & Sze 2000).
    fn default() -> Self {
        Self { sequences: 20, length: 600 }
    }
}

impl Size {
    /// Checks that there is a free position for everything that is planted.
    fn check(self, longest: usize) -> Result<(), Error> {
        let allowed = "at least four times the motif's width (with decoys: four times the width plus 40)";
        check(self.sequences > 0, "sequences", 0.0, "at least 1")?;
        check(self.length >= 4 * longest, "length", self.length as f64, allowed)?;
        Ok(())
    }
}

/// Draws uniform, independent letters, with one site per sequence from a random matrix of `bits` bits of information.
///
/// Errors: no sequence, sequences shorter than four widths, information that the width cannot hold.
pub fn pwm<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    SequenceBuilder::new(size, &even()?, rng).with_motif(pwm, size.sequences, rng)
}

/// Does the same as [`fn@pwm`], in sequences from a chain of order 1 that is rich in A and T (70%) and in runs of them.
///
/// Errors: those of [`fn@pwm`].
pub fn at_rich<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    // Rows for A, C, G, T. A or T is mostly followed by the same letter, as in upstream regions of yeast. The
    // stationary frequencies are 0.35, 0.15, 0.15, 0.35.
    let chain = vec![
        vec![0.35, 0.15, 0.15, 0.35],
        vec![0.50, 0.12, 0.12, 0.26, 0.35, 0.15, 0.15, 0.35, 0.35, 0.15, 0.15, 0.35, 0.20, 0.18, 0.18, 0.44],
    ];
    SequenceBuilder::new(size, &Background::from_tables(chain)?, rng).with_motif(pwm, size.sequences, rng)
}

/// Does the same as [`fn@pwm`], with decoys: a run of 20 to 40 A in two thirds of the sequences, and 10 to 20 repeats
/// of CA in two thirds of them, chosen independently. Under independent letters they are less likely than the motif,
/// although not every sequence has one. A background of order 3 explains them.
///
/// Errors: those of [`fn@pwm`].
pub fn decoys<R: Rng>(size: Size, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width + LONGEST_DECOY)?;
    let pwm = pwm_of_information(width, bits, rng)?;
    let mut builder = SequenceBuilder::new(size, &even()?, rng);
    builder.add_decoys(rng);
    builder.with_motif(pwm, size.sequences, rng)
}

/// Does the same as [`fn@pwm`], but only `with` randomly chosen sequences have a site.
///
/// Errors: those of [`fn@pwm`], and more sites than sequences.
pub fn zero_or_one<R: Rng>(size: Size, with: usize, width: usize, bits: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    check(with <= size.sequences, "sequences with a site", with as f64, "at most the number of sequences")?;
    let pwm = pwm_of_information(width, bits, rng)?;
    SequenceBuilder::new(size, &even()?, rng).with_motif(pwm, with, rng)
}

/// Does the same as [`fn@pwm`], with one site of each of two motifs per sequence: `bits` of information for the first,
/// `rival` for the second.
///
/// Errors: those of [`fn@pwm`].
pub fn two_motifs<R: Rng>(size: Size, width: usize, bits: f64, rival: f64, rng: &mut R) -> Result<Planted, Error> {
    size.check(width)?;
    let (first, second) = (pwm_of_information(width, bits, rng)?, pwm_of_information(width, rival, rng)?);
    let mut builder = SequenceBuilder::new(size, &even()?, rng);
    let rivals = builder.plant(&second, size.sequences, rng);
    Ok(Planted { rivals, ..builder.with_motif(first, size.sequences, rng)? })
}

/// Draws the planted (l, d) problem: one random word of `width` letters, planted in every sequence with `mutations` of
/// its letters changed (Pevzner & Sze 2000).
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
