//! Random damage to files: bits flip, parts are lost, doubled or swapped, and numbers become extreme.
//!
//! The tests of other crates include this file by its path.

use proptest::prelude::*;
use proptest::sample::Index;

/// One kind of damage.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Flip(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    Double(Index, usize),
    Insert(Index, Vec<u8>),
    /// Overwrites four bytes, such as a length in a binary header.
    Word(Index, [u8; 4]),
    /// Replaces a run of digits by another number.
    Number(Index, &'static str),
    SwapLines(Index, Index),
    DoubleLine(Index),
}

const NUMBERS: [&str; 15] = [
    "0",
    "1",
    "-1",
    "-0",
    "",
    "255",
    "65536",
    "4294967296",
    "1000000000000000000",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
    "1e999",
    "nan",
];

/// A strategy for 1 to 3 mutations.
pub(crate) fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let place = any::<Index>;
    let one = prop_oneof![
        1 => (place(), 0..8_u8).prop_map(|(at, bit)| Mutation::Flip(at, bit)),
        1 => place().prop_map(Mutation::Cut),
        1 => (place(), 1..40_usize).prop_map(|(at, count)| Mutation::Remove(at, count)),
        1 => (place(), 1..40_usize).prop_map(|(at, count)| Mutation::Double(at, count)),
        1 => (place(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        1 => (place(), prop_oneof![Just([0; 4]), Just([255; 4]), any::<[u8; 4]>()])
            .prop_map(|(at, word)| Mutation::Word(at, word)),
        3 => (place(), prop::sample::select(&NUMBERS[..])).prop_map(|(at, number)| Mutation::Number(at, number)),
        1 => (place(), place()).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
        1 => place().prop_map(Mutation::DoubleLine),
    ];
    prop::collection::vec(one, 1..4)
}

/// Returns the file after all mutations.
pub(crate) fn mutated(file: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    mutations.iter().fold(file.to_vec(), |bytes, mutation| if bytes.is_empty() { bytes } else { mutation.of(bytes) })
}

impl Mutation {
    fn of(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let length = bytes.len();
        match self {
            Self::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Self::Cut(at) => bytes.truncate(at.index(length)),
            Self::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..(at + count).min(length));
            }
            Self::Double(at, count) => {
                let at = at.index(length);
                let part = bytes[at..(at + count).min(length)].to_vec();
                bytes.splice(at..at, part);
            }
            Self::Insert(at, more) => {
                let at = at.index(length);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Word(at, word) => {
                let at = at.index(length);
                let end = (at + 4).min(length);
                bytes[at..end].copy_from_slice(&word[..end - at]);
            }
            Self::Number(at, number) => {
                let is_digit = |at: &usize| bytes[*at].is_ascii_digit();
                let starts: Vec<usize> =
                    (0..length).filter(|at| is_digit(at) && (*at == 0 || !is_digit(&(at - 1)))).collect();
                if !starts.is_empty() {
                    let at = starts[at.index(starts.len())];
                    let end = (at..length).find(|at| !is_digit(at)).unwrap_or(length);
                    bytes.splice(at..end, number.bytes());
                }
            }
            Self::SwapLines(a, b) => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
                return lines.concat();
            }
            Self::DoubleLine(at) => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let at = at.index(lines.len());
                lines.insert(at, lines[at]);
                return lines.concat();
            }
        }
        bytes
    }
}
