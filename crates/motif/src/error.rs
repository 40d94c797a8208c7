//! What can be wrong with sequences, models, matrices and options.

use std::io;

use headstart_check::OutOfRange;

/// Why something was refused. Records, columns and letters count from 1, as in a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path} could not be read or written: {source}; check that it exists and that you may use it")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// What was read is not FASTA.
    #[error(
        "record {record} is not FASTA ({reason}); a record is a line `>name` followed by lines of letters, and nothing \
         stands before the first: convert the file"
    )]
    Fasta {
        /// The record that could not be read.
        record: usize,
        /// What the reader said.
        reason: String,
    },
    /// The input holds no sequence.
    #[error("no sequence was given; at least one is needed: check that the input is not empty")]
    NoSequences,
    /// A letter that no DNA code has.
    #[error(
        "letter {position} of record {record} ({name}) is {letter:?}; allowed are A, C, G, T, U and the IUPAC codes \
         R Y S W K M B D H V N, in either case: remove gaps and other signs (proteins cannot be searched)"
    )]
    Letter {
        /// Number of the record.
        record: usize,
        /// Its name.
        name: String,
        /// Place of the letter.
        position: usize,
        /// The letter.
        letter: char,
    },
    /// No sequence holds a window of this width.
    #[error(
        "no sequence has {width} letters in a row without N; the longest stretch has {longest}: choose a width of at most \
         that, or other sequences"
    )]
    NoWindows {
        /// The width of the motif.
        width: usize,
        /// The longest stretch of A, C, G and T.
        longest: usize,
    },
    /// More letters than a 32-bit index can name.
    #[error("{letters} letters are too many; at most {} can be indexed: split the input", u32::MAX)]
    TooManyLetters {
        /// The number of letters.
        letters: usize,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Numbers that are not probabilities.
    #[error("{what}: {reason}; give positive numbers that sum to 1 (add pseudocounts if some are 0)")]
    Probabilities {
        /// Which probabilities.
        what: String,
        /// What is wrong with them.
        reason: String,
    },
    /// A matrix of another width than the windows.
    #[error("the matrix has {given} columns and the windows {expected}; give them the same width")]
    Width {
        /// Columns of the matrix.
        given: usize,
        /// Width of the windows.
        expected: usize,
    },
    /// A start without a matrix.
    #[error("the start holds no matrix; give at least one")]
    NoSeeds,
    /// A word that is not made of A, C, G and T.
    #[error("{word:?} is not a word of A, C, G and T; spell it with these")]
    Word {
        /// The word.
        word: String,
    },
}
