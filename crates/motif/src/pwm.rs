//! Position weight matrices.

use headstart_simd::Portable;
use serde::Serialize;

use crate::background::probabilities;
use crate::sequences::OPEN;
use crate::{ALPHABET, Error};

/// Probability that a seed gives the letter of its word. The other three letters share the rest.
pub(crate) const ON_THE_LETTER: f64 = 0.5;

/// A position weight matrix theta: the probabilities of A, C, G and T in every column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pwm {
    columns: Vec<[f64; 4]>,
}

impl Pwm {
    /// Makes a matrix from its columns.
    ///
    /// Errors: no column, probabilities that are not positive or do not sum to 1.
    pub fn new(columns: Vec<[f64; 4]>) -> Result<Self, Error> {
        let what = "the matrix".to_owned();
        if columns.is_empty() {
            return Err(Error::Probabilities { what, reason: "it has no columns".to_owned() });
        }
        for (k, column) in columns.iter().enumerate() {
            probabilities(column)
                .map_err(|reason| Error::Probabilities { what: format!("column {} of the matrix", k + 1), reason })?;
        }
        Ok(Self { columns })
    }

    /// Makes a matrix from columns that are known to be positive and to sum to 1.
    pub(crate) fn trusted(columns: Vec<[f64; 4]>) -> Self {
        Self { columns }
    }

    /// Makes the matrix of a word such as `TATAAT`: 0.5 for the letter of the word, a sixth for each other letter.
    ///
    /// Errors: an empty word, other letters than A, C, G, T (in either case).
    pub fn from_word(word: &str) -> Result<Self, Error> {
        let code = |letter: char| ALPHABET.iter().position(|&known| known == letter.to_ascii_uppercase());
        let codes: Option<Vec<u8>> = word.chars().map(|letter| code(letter).map(|code| code as u8)).collect();
        match codes {
            Some(codes) if !codes.is_empty() => Ok(Self::from_codes(&codes)),
            _ => Err(Error::Word { word: word.to_owned() }),
        }
    }

    /// Like [`Self::from_word`]. An ambiguous letter gives a uniform column.
    pub(crate) fn from_codes(codes: &[u8]) -> Self {
        let column = |&code: &u8| {
            let mut column = [(1.0 - ON_THE_LETTER) / 3.0; 4];
            if code == OPEN {
                column = [0.25; 4];
            } else {
                column[usize::from(code)] = ON_THE_LETTER;
            }
            column
        };
        Self { columns: codes.iter().map(column).collect() }
    }

    /// Embeds the matrix in a wider one, after `before` columns. The other columns are `letters`.
    pub(crate) fn embedded(&self, width: usize, before: usize, letters: [f64; 4]) -> Self {
        let mut columns = vec![letters; width];
        for (wide, own) in columns.iter_mut().skip(before).zip(&self.columns) {
            *wide = *own;
        }
        Self { columns }
    }

    /// theta ~ counts + weight p: the maximum of the likelihood under a Dirichlet prior with parameters 1 + weight p
    /// (T. L. Bailey & C. Elkan, ISMB 1994, equation 9).
    pub(crate) fn from_counts(counts: &[[f64; 4]], weight: f64, letters: [f64; 4]) -> Self {
        let column = |counts: &[f64; 4]| {
            let total = counts.iter().sum::<f64>() + weight;
            [0, 1, 2, 3].map(|a| (counts[a] + weight * letters[a]) / total)
        };
        Self { columns: counts.iter().map(column).collect() }
    }

    /// Returns the columns, each with the probabilities of A, C, G and T.
    pub fn columns(&self) -> &[[f64; 4]] {
        &self.columns
    }

    /// Returns the number of columns.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// Returns the matrix of the same motif on the other strand.
    #[must_use]
    pub fn reverse_complement(&self) -> Self {
        Self { columns: self.columns.iter().rev().map(|&[a, c, g, t]| [t, g, c, a]).collect() }
    }

    /// Returns the relative entropy of every column to the background `letters`, in bits: the sum over a of `theta_a
    /// log2(theta_a / p_a)`.
    pub fn information(&self, letters: [f64; 4]) -> Vec<f64> {
        let bits = |theta: f64, p: f64| if theta > 0.0 { theta * (theta / p).portable_log2() } else { 0.0 };
        self.columns.iter().map(|column| (0..4).map(|a| bits(column[a], letters[a])).sum()).collect()
    }

    /// Returns the most probable letter of every column; ties go to the first in the alphabet.
    pub fn consensus(&self) -> String {
        let most = |column: &[f64; 4]| (1..4).fold(0, |most, a| if column[a] > column[most] { a } else { most });
        self.columns.iter().map(|column| ALPHABET[most(column)]).collect()
    }

    /// The largest difference between two matrices of the same width.
    pub(crate) fn distance(&self, other: &Self) -> f64 {
        let pairs = self.columns.iter().flatten().zip(other.columns.iter().flatten());
        pairs.fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()))
    }

    /// The sum over columns and letters of `p_a log theta_a`: the logarithm of the prior, up to its weight and a constant.
    pub(crate) fn log_prior(&self, letters: [f64; 4]) -> f64 {
        self.columns.iter().map(|column| (0..4).map(|a| letters[a] * column[a].portable_ln()).sum::<f64>()).sum()
    }
}
