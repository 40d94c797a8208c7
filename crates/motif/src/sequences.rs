//! DNA sequences encoded as small integers, and their conversion from text.

use std::collections::HashMap;

use rand::{Rng, RngExt};
use serde::Serialize;

use crate::{Error, Warning};

/// The alphabet, in the order of all tables: A, C, G, T.
pub const ALPHABET: [char; 4] = ['A', 'C', 'G', 'T'];

/// The code of an ambiguous letter.
pub(crate) const OPEN: u8 = 4;

/// The treatment of lower-case letters, which mark repeats in genomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum LowerCase {
    /// Read like upper case.
    #[default]
    Read,
    /// Treat like N: windows that contain one are skipped.
    Mask,
}

/// A sequence with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequence {
    name: String,
    /// 0 to 3 for A, C, G, T; 4 for ambiguous letters.
    codes: Vec<u8>,
}

impl Sequence {
    /// Returns the name: in FASTA the text between `>` and the first blank.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns one code per letter: 0, 1, 2, 3 for A, C, G, T, and 4 for ambiguous letters.
    pub fn codes(&self) -> &[u8] {
        &self.codes
    }

    /// Returns the letters, with N for ambiguous ones.
    pub fn letters(&self) -> String {
        spelled(&self.codes)
    }
}

/// Converts codes to letters, with N for ambiguous ones.
pub(crate) fn spelled(codes: &[u8]) -> String {
    codes.iter().map(|&code| ALPHABET.get(usize::from(code)).copied().unwrap_or('N')).collect()
}

/// Sequences to search, at least one, with warnings about the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sequences {
    records: Vec<Sequence>,
    #[serde(skip)]
    warnings: Vec<Warning>,
}

/// Counts of irregular letters.
#[derive(Default)]
struct Oddities {
    lower: (usize, usize),
    open: (usize, usize),
    uracil: usize,
}

impl Sequences {
    /// Makes sequences from pairs of a name and letters. Letters are A, C, G, T, U (read as T) and the ambiguous IUPAC
    /// codes; lower case is read like upper case.
    ///
    /// Errors: no sequence, other letters.
    pub fn from_letters<N: Into<String>, L: AsRef<[u8]>>(
        records: impl IntoIterator<Item = (N, L)>,
    ) -> Result<Self, Error> {
        Self::read(records, LowerCase::Read)
    }

    /// Makes sequences like [`Self::from_letters`], with a choice for lower-case letters.
    ///
    /// Errors: no sequence, other letters.
    pub fn read<N: Into<String>, L: AsRef<[u8]>>(
        records: impl IntoIterator<Item = (N, L)>,
        lower: LowerCase,
    ) -> Result<Self, Error> {
        let mut odd = Oddities::default();
        let mut read = Vec::new();
        for (i, (name, letters)) in records.into_iter().enumerate() {
            read.push(sequence(i + 1, name.into(), letters.as_ref(), lower, &mut odd)?);
        }
        let mut sequences = Self::from_records(read)?;
        if odd.lower.0 > 0 {
            let masked = lower == LowerCase::Mask;
            sequences.warnings.push(Warning::SoftMasked { letters: odd.lower.0, records: odd.lower.1, masked });
        }
        if odd.open.0 > 0 {
            sequences.warnings.push(Warning::Ambiguous { letters: odd.open.0, records: odd.open.1 });
        }
        if odd.uracil > 0 {
            sequences.warnings.push(Warning::Uracil { letters: odd.uracil });
        }
        Ok(sequences)
    }

    /// Makes generated sequences from codes.
    pub(crate) fn from_codes(codes: Vec<Vec<u8>>) -> Result<Self, Error> {
        let named = |(i, codes)| Sequence { name: format!("seq{}", i + 1), codes };
        Self::from_records(codes.into_iter().enumerate().map(named).collect())
    }

    fn from_records(records: Vec<Sequence>) -> Result<Self, Error> {
        if records.is_empty() {
            return Err(Error::NoSequences);
        }
        let letters = records.iter().map(|record| record.codes.len()).sum();
        if letters > u32::MAX as usize {
            return Err(Error::TooManyLetters { letters });
        }
        let mut warnings = Vec::new();
        let (mut names, mut spellings) = (HashMap::new(), HashMap::new());
        for (i, record) in records.iter().enumerate() {
            let (number, name) = (i + 1, record.name.clone());
            let first = *names.entry(record.name.as_str()).or_insert(number);
            if first != number {
                warnings.push(Warning::DuplicateName { name: name.clone(), first, record: number });
            }
            if record.codes.is_empty() {
                warnings.push(Warning::Empty { record: number, name });
                continue;
            }
            let first = *spellings.entry(record.codes.as_slice()).or_insert(number);
            if first != number {
                warnings.push(Warning::DuplicateLetters { first, record: number, name });
            }
        }
        Ok(Self { records, warnings })
    }

    /// Returns the sequences in the order of the input.
    pub fn records(&self) -> &[Sequence] {
        &self.records
    }

    /// Returns the warnings about the input.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Returns the number of letters in all sequences, including ambiguous ones.
    pub fn letters(&self) -> usize {
        self.records.iter().map(|record| record.codes.len()).sum()
    }

    /// Returns the reverse complement of every sequence.
    #[must_use]
    pub fn reverse_complement(&self) -> Self {
        self.with_codes(reverse_complement)
    }

    /// Returns every sequence with its letters in random order. Ambiguous letters keep their positions.
    #[must_use]
    pub fn shuffled<R: Rng>(&self, rng: &mut R) -> Self {
        self.with_codes(|codes| shuffled(codes, rng))
    }

    /// Keeps the names, replaces the letters and drops the warnings, which do not apply to the new letters.
    pub(crate) fn with_codes(&self, mut change: impl FnMut(&[u8]) -> Vec<u8>) -> Self {
        let changed = |record: &Sequence| Sequence { name: record.name.clone(), codes: change(&record.codes) };
        Self { records: self.records.iter().map(changed).collect(), warnings: Vec::new() }
    }
}

/// The letters in random order; ambiguous ones keep their positions.
pub(crate) fn shuffled<R: Rng>(codes: &[u8], rng: &mut R) -> Vec<u8> {
    let mut letters: Vec<u8> = codes.iter().copied().filter(|&code| code != OPEN).collect();
    // Fisher-Yates shuffle.
    for i in (1..letters.len()).rev() {
        letters.swap(i, rng.random_range(0..=i));
    }
    let mut letters = letters.into_iter();
    codes.iter().map(|&code| if code == OPEN { OPEN } else { letters.next().unwrap_or(OPEN) }).collect()
}

/// The reverse complement.
pub(crate) fn reverse_complement(codes: &[u8]) -> Vec<u8> {
    codes.iter().rev().map(|&code| if code == OPEN { OPEN } else { 3 - code }).collect()
}

fn sequence(
    record: usize,
    name: String,
    letters: &[u8],
    lower: LowerCase,
    odd: &mut Oddities,
) -> Result<Sequence, Error> {
    let (mut soft, mut open) = (0, 0);
    let mut codes = Vec::with_capacity(letters.len());
    for (i, &letter) in letters.iter().enumerate() {
        let mut code = match letter.to_ascii_uppercase() {
            b'A' => 0,
            b'C' => 1,
            b'G' => 2,
            b'T' => 3,
            b'U' => {
                odd.uracil += 1;
                3
            }
            b'N' | b'R' | b'Y' | b'S' | b'W' | b'K' | b'M' | b'B' | b'D' | b'H' | b'V' => {
                open += 1;
                OPEN
            }
            _ => return Err(Error::Letter { record, name, position: i + 1, letter: char::from(letter) }),
        };
        if letter.is_ascii_lowercase() {
            soft += 1;
            if lower == LowerCase::Mask {
                code = OPEN;
            }
        }
        codes.push(code);
    }
    odd.lower = (odd.lower.0 + soft, odd.lower.1 + usize::from(soft > 0));
    odd.open = (odd.open.0 + open, odd.open.1 + usize::from(open > 0));
    Ok(Sequence { name, codes })
}
