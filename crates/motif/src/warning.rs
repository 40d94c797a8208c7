//! What is odd about the input but can be worked with: said as data, never silently mended.

use std::fmt;

use serde::Serialize;

/// Something that was noticed in the input. Records count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Warning {
    /// A record without letters. It stays in its place and contributes nothing.
    Empty {
        /// Number of the record.
        record: usize,
        /// Its name.
        name: String,
    },
    /// A name that an earlier record has as well. Both stay.
    DuplicateName {
        /// The name.
        name: String,
        /// Number of the first record with it.
        first: usize,
        /// Number of this record.
        record: usize,
    },
    /// The same letters as an earlier record. Both stay, so that a motif in them counts twice.
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
        /// How many.
        letters: usize,
        /// In how many records.
        records: usize,
        /// Whether they were masked like N, or read like upper case.
        masked: bool,
    },
    /// N and other IUPAC codes that leave the base open: windows that hold one are skipped.
    Ambiguous {
        /// How many.
        letters: usize,
        /// In how many records.
        records: usize,
    },
    /// U, read as T.
    Uracil {
        /// How many.
        letters: usize,
    },
    /// A record without a window of the motif's width that is free of N: it contributes nothing.
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
                write!(f, "record {record} has the name of record {first} ({name})")
            }
            Self::DuplicateLetters { first, record, name } => {
                write!(f, "record {record} ({name}) repeats record {first}: a motif in them counts twice")
            }
            Self::SoftMasked { letters, records, masked } => {
                let done = if *masked { "skipped like N" } else { "read like upper case" };
                write!(f, "{letters} letters in {records} records are in lower case: {done}")
            }
            Self::Ambiguous { letters, records } => {
                write!(f, "{letters} letters in {records} records leave the base open: windows with one are skipped")
            }
            Self::Uracil { letters } => write!(f, "{letters} letters are U: read as T"),
            Self::NoWindow { record, name, length, width } => {
                write!(f, "record {record} ({name}, {length} letters) has no window of {width} without N: left out")
            }
        }
    }
}
