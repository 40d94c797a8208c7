//! Warnings about irregular but usable input.

use std::fmt;

use serde::Serialize;

/// An irregularity of the input. Records count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Warning {
    /// A record without letters. It is kept and contributes nothing.
    Empty {
        /// Number of the record.
        record: usize,
        /// Its name.
        name: String,
    },
    /// A record with the name of an earlier record. Both are kept.
    DuplicateName {
        /// The name.
        name: String,
        /// Number of the first record with it.
        first: usize,
        /// Number of this record.
        record: usize,
    },
    /// A record with the letters of an earlier record. Both are kept, so a motif in them counts twice.
    DuplicateLetters {
        /// Number of the first record with these letters.
        first: usize,
        /// Number of this record.
        record: usize,
        /// Its name.
        name: String,
    },
    /// Letters in lower case (soft-masked repeats).
    SoftMasked {
        /// Number of letters.
        letters: usize,
        /// Number of records with such letters.
        records: usize,
        /// Whether they were masked like N (true), or read like upper case.
        masked: bool,
    },
    /// N and other ambiguous IUPAC codes: windows that contain one are skipped.
    Ambiguous {
        /// Number of letters.
        letters: usize,
        /// Number of records with such letters.
        records: usize,
    },
    /// U, read as T.
    Uracil {
        /// Number of letters.
        letters: usize,
    },
    /// A record without a window of the motif's width that is free of N. It contributes nothing.
    NoWindow {
        /// Number of the record.
        record: usize,
        /// Its name.
        name: String,
        /// Its number of letters.
        length: usize,
        /// The width of the motif.
        width: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { record, name } => write!(f, "record {record} ({name}) is empty"),
            Self::DuplicateName { name, first, record } => {
                write!(f, "record {record} has the same name as record {first} ({name})")
            }
            Self::DuplicateLetters { first, record, name } => {
                write!(
                    f,
                    "record {record} ({name}) has the same letters as record {first}: a motif in them counts twice"
                )
            }
            Self::SoftMasked { letters, records, masked } => {
                let done = if *masked { "skipped like N" } else { "read like upper case" };
                write!(f, "{letters} letters in {records} records are lower case: {done}")
            }
            Self::Ambiguous { letters, records } => {
                write!(
                    f,
                    "{letters} letters in {records} records are ambiguous (N or another IUPAC code): windows that \
                     contain one are skipped"
                )
            }
            Self::Uracil { letters } => write!(f, "{letters} letters are U and are read as T"),
            Self::NoWindow { record, name, length, width } => {
                write!(
                    f,
                    "record {record} ({name}, {length} letters) has no window of {width} letters without N: it is \
                     skipped"
                )
            }
        }
    }
}
