//! Errors of sequences, matrices and options.

use std::io;

use headstart_check::OutOfRange;

/// Why something was refused. Records, columns and letters count from 1, as in a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("cannot read or write {path}: {source}; check that it exists and that you have permission")]
    File {
        /// The file.
        path: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The text is not FASTA.
    #[error(
        "record {record} is not FASTA ({reason}); a record is a line `>name` followed by lines of letters, and the \
         file must begin with a record: convert the file"
    )]
    Fasta {
        /// The record that could not be read.
        record: usize,
        /// The reason that the reader gave.
        reason: String,
    },
    /// The input holds no sequence.
    #[error("the input contains no sequences; it must have at least one: check that it is not empty")]
    NoSequences,
    /// A letter is not a DNA code.
    #[error(
        "letter {position} of record {record} ({name}) is {letter:?}; allowed are A, C, G, T, U and the IUPAC codes R \
         Y S W K M B D H V N, in upper or lower case: remove gaps and other symbols (protein sequences are not \
         supported)"
    )]
    Letter {
        /// Number of the record.
        record: usize,
        /// Its name.
        name: String,
        /// Position of the letter.
        position: usize,
        /// The letter.
        letter: char,
    },
    /// No sequence contains a window of this width.
    #[error(
        "no sequence has {width} consecutive letters without N; the longest stretch has {longest}: choose a width of \
         at most {longest}, or other sequences"
    )]
    NoWindows {
        /// The width of the motif.
        width: usize,
        /// The longest stretch of A, C, G and T.
        longest: usize,
    },
    /// More letters than a 32-bit index can address.
    #[error("the input has {letters} letters; at most {} are supported: split the input", u32::MAX)]
    TooManyLetters {
        /// The number of letters.
        letters: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Numbers are not valid probabilities.
    #[error("{what}: {reason}; give positive numbers that sum to 1 (add pseudocounts if some are 0)")]
    Probabilities {
        /// Name of the probabilities.
        what: String,
        /// The fault.
        reason: String,
    },
    /// A matrix does not have the width of the windows.
    #[error("the matrix has {given} columns, but the windows have width {expected}; use the same width for both")]
    Width {
        /// Columns of the matrix.
        given: usize,
        /// Width of the windows.
        expected: usize,
    },
    /// A start contains no matrix.
    #[error("the start contains no matrix; give at least one")]
    NoSeeds,
    /// A word is empty or contains letters other than A, C, G and T.
    #[error("{word:?} is not a word of the letters A, C, G and T; use only these letters")]
    Word {
        /// The word.
        word: String,
    },
}
