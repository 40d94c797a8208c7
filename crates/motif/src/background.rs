//! The background: a Markov chain of order 0 to 5.

use headstart_check::check;
use headstart_simd::Portable;
use rand::{Rng, RngExt};
use serde::Serialize;

use crate::sequences::{OPEN, reverse_complement};
use crate::{Error, Sequences};

/// The strands on which a motif may lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Strands {
    /// The given strand only.
    #[default]
    Given,
    /// The given strand and its reverse complement.
    Both,
}

/// Maximum order: its table of 4^6 words still fits the first cache.
const HIGHEST: usize = 5;

/// Weight, in letters, of the next lower order in the estimate for a context.
const PSEUDOCOUNT: f64 = 1.0;

/// A Markov chain over A, C, G, T: `p(x_t | x_{t-k}, ..., x_{t-1})`. Lower orders apply where fewer letters precede (at
/// the beginning, and after an ambiguous letter).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Background {
    /// For every order from 0: `p(a | context)` at `4 context + a`, with the first letter of the context most
    /// significant.
    tables: Vec<Vec<f64>>,
}

impl Background {
    /// Fits a chain to sequences by relative frequencies. The next lower order counts as one letter in each context.
    /// With [`Strands::Both`] both strands are counted, so that complementary letters are equally frequent.
    ///
    /// Errors: an order above 5.
    pub fn fit(sequences: &Sequences, order: usize, strands: Strands) -> Result<Self, Error> {
        check(order <= HIGHEST, "the order of the background", order as f64, "0 to 5")?;
        let mut counts: Vec<Vec<f64>> = (0..=order).map(|order| vec![0.0; 4 << (2 * order)]).collect();
        for record in sequences.records() {
            count(record.codes(), &mut counts);
            if strands == Strands::Both {
                count(&reverse_complement(record.codes()), &mut counts);
            }
        }
        let mut tables: Vec<Vec<f64>> = Vec::with_capacity(counts.len());
        for counts in counts {
            let lower = tables.last().map_or(&[0.25; 4][..], Vec::as_slice);
            let contexts = counts.chunks_exact(4).enumerate().flat_map(|(context, counts)| {
                let total = counts.iter().sum::<f64>() + PSEUDOCOUNT;
                // The lower order's context is this one without its first letter.
                let at = 4 * context % lower.len();
                let prior = &lower[at..at + 4];
                [0, 1, 2, 3].map(|a| (counts[a] + PSEUDOCOUNT * prior[a]) / total)
            });
            let table = contexts.collect();
            tables.push(table);
        }
        Ok(Self { tables })
    }

    /// Makes a chain of order 0 with these frequencies of A, C, G and T.
    ///
    /// Errors: frequencies that are not positive or do not sum to 1.
    pub fn from_letters(letters: [f64; 4]) -> Result<Self, Error> {
        Self::from_tables(vec![letters.to_vec()])
    }

    /// Makes a chain from tables of `p(a | context)` for every order from 0: 4, 16, ... numbers, where the last letter
    /// varies fastest.
    ///
    /// Errors: tables of other sizes, an order above 5, rows that are not positive or do not sum to 1.
    pub fn from_tables(tables: Vec<Vec<f64>>) -> Result<Self, Error> {
        let highest = tables.len().saturating_sub(1);
        check((1..=HIGHEST + 1).contains(&tables.len()), "the order of the background", highest as f64, "0 to 5")?;
        for (order, table) in tables.iter().enumerate() {
            let what = || format!("the background's table of order {order}");
            if table.len() != 4 << (2 * order) {
                let reason = format!("it has {} numbers, but needs {}", table.len(), 4 << (2 * order));
                return Err(Error::Probabilities { what: what(), reason });
            }
            for row in table.chunks_exact(4) {
                probabilities(row).map_err(|reason| Error::Probabilities { what: what(), reason })?;
            }
        }
        Ok(Self { tables })
    }

    /// Returns the order.
    pub fn order(&self) -> usize {
        self.tables.len() - 1
    }

    /// Returns the frequencies of A, C, G and T (the chain of order 0).
    pub fn letters(&self) -> [f64; 4] {
        [0, 1, 2, 3].map(|a| self.tables[0][a])
    }

    /// Returns log p of every letter given the letters before it, in nats; 0 for an ambiguous letter. For the codes see
    /// [`Sequence::codes`](crate::Sequence::codes).
    pub fn log_probabilities(&self, codes: &[u8]) -> Vec<f64> {
        let logs: Vec<Vec<f64>> =
            self.tables.iter().map(|table| table.iter().map(|p| p.portable_ln()).collect()).collect();
        let mut context = Context::default();
        let of = |&code: &u8| match context.step(code, self.order()) {
            Some((order, word)) => logs[order][word],
            None => 0.0,
        };
        codes.iter().map(of).collect()
    }

    /// The probability of a word without known letters before it.
    #[cfg(test)]
    pub(crate) fn word(&self, codes: &[u8]) -> f64 {
        let mut context = Context::default();
        codes
            .iter()
            .map(|&code| context.step(code, self.order()).map_or(1.0, |(order, word)| self.tables[order][word]))
            .product()
    }

    /// The probabilities of all words of k letters without known letters before them. Words are numbers with two bits
    /// per letter.
    pub(crate) fn words(&self, k: usize) -> Vec<f64> {
        let mut words = vec![1.0];
        for length in 1..=k {
            let table = &self.tables[self.order().min(length - 1)];
            words =
                (0..1usize << (2 * length)).map(|word| words[word >> 2] * table[word & (table.len() - 1)]).collect();
        }
        words
    }

    /// Redraws the letters of every sequence from the chain. Ambiguous letters keep their positions.
    pub(crate) fn redrawn<R: Rng>(&self, sequences: &Sequences, rng: &mut R) -> Sequences {
        sequences.with_codes(|codes| {
            let drawn = self.draw(codes.len(), rng);
            codes.iter().zip(drawn).map(|(&code, drawn)| if code == OPEN { OPEN } else { drawn }).collect()
        })
    }

    /// Draws `length` letters from the chain.
    pub(crate) fn draw<R: Rng>(&self, length: usize, rng: &mut R) -> Vec<u8> {
        let mut context = Context::default();
        (0..length)
            .map(|_| {
                let (order, word) = context.peek(self.order());
                let letter = pick(&self.tables[order][word..word + 4], rng);
                context.step(letter, self.order());
                letter
            })
            .collect()
    }
}

/// Draws a letter with these probabilities.
pub(crate) fn pick<R: Rng>(probabilities: &[f64], rng: &mut R) -> u8 {
    let mut left = rng.random::<f64>() * probabilities.iter().sum::<f64>();
    for (letter, p) in probabilities.iter().enumerate() {
        left -= p;
        if left < 0.0 {
            return letter as u8;
        }
    }
    // Rounding may leave a small remainder.
    probabilities.len() as u8 - 1
}

/// Checks that the numbers are positive and sum to 1; the error gives the reason.
pub(crate) fn probabilities(row: &[f64]) -> Result<(), String> {
    if let Some(wrong) = row.iter().find(|p| !(**p > 0.0 && p.is_finite())) {
        return Err(format!("one of them is {wrong}"));
    }
    let sum: f64 = row.iter().sum();
    if (sum - 1.0).abs() > 1e-6 { Err(format!("they sum to {sum}")) } else { Ok(()) }
}

/// The known letters before a position.
#[derive(Default)]
struct Context {
    word: usize,
    known: usize,
}

impl Context {
    /// The order that applies here, and the index of its row in the table of that order.
    fn peek(&self, highest: usize) -> (usize, usize) {
        let order = self.known.min(highest);
        (order, 4 * (self.word & ((1 << (2 * order)) - 1)))
    }

    /// Appends a letter. Returns its order and index in the tables, or `None` for an ambiguous letter.
    fn step(&mut self, code: u8, highest: usize) -> Option<(usize, usize)> {
        if code == OPEN {
            *self = Self::default();
            return None;
        }
        let (order, row) = self.peek(highest);
        self.word = (self.word << 2 | usize::from(code)) & ((1 << (2 * HIGHEST)) - 1);
        self.known += 1;
        Some((order, row + usize::from(code)))
    }
}

/// Counts, for each order k, all words of k + 1 letters.
fn count(codes: &[u8], counts: &mut [Vec<f64>]) {
    for (order, counts) in counts.iter_mut().enumerate() {
        let mut context = Context::default();
        for &code in codes {
            if let Some((used, word)) = context.step(code, order)
                && used == order
            {
                counts[word] += 1.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    fn sequences(letters: &[&str]) -> Sequences {
        Sequences::from_letters(letters.iter().map(|letters| ("s", letters))).unwrap()
    }

    #[test]
    fn frequencies_by_hand() {
        let background = Background::fit(&sequences(&["AACGN", "NA"]), 1, Strands::Given).unwrap();
        // Counts: A 3, C 1, G 1, T 0 of 5, plus a quarter each.
        assert_eq!(background.letters(), [3.25 / 6.0, 1.25 / 6.0, 1.25 / 6.0, 0.25 / 6.0]);
        // After A: A once, C once, plus one letter of order 0. The A after N has no context.
        let logs = background.log_probabilities(&[0, 0, 1, 4, 0]);
        let expected: [f64; 5] = [3.25 / 6.0, (1.0 + 3.25 / 6.0) / 3.0, (1.0 + 1.25 / 6.0) / 3.0, 1.0, 3.25 / 6.0];
        for (log, expected) in logs.iter().zip(expected) {
            assert!((log - expected.ln()).abs() < 1e-14);
        }
        assert!((background.word(&[0, 0, 1]).ln() - logs[..3].iter().sum::<f64>()).abs() < 1e-14);
    }

    #[test]
    fn rows_sum_to_one_at_every_order() {
        let some = sequences(&["ACGTTGCAACGGGTTTTACA", "NNACGTAC"]);
        for order in 0..=5 {
            let background = Background::fit(&some, order, Strands::Both).unwrap();
            assert_eq!(background.order(), order);
            Background::from_tables(background.tables.clone()).unwrap();
            let [a, c, g, t] = background.letters();
            assert!((a - t).abs() < 1e-15 && (c - g).abs() < 1e-15);
        }
    }

    #[test]
    fn a_chain_is_recovered_from_its_draws() {
        let rows = vec![0.7, 0.1, 0.1, 0.1, 0.2, 0.5, 0.2, 0.1, 0.1, 0.2, 0.3, 0.4, 0.4, 0.1, 0.1, 0.4];
        let chain = Background::from_tables(vec![vec![0.25; 4], rows.clone()]).unwrap();
        let drawn = chain.draw(200_000, &mut ChaCha8Rng::seed_from_u64(1));
        let fitted = Background::fit(&Sequences::from_codes(vec![drawn]).unwrap(), 1, Strands::Given).unwrap();
        // Six standard errors of the rarest context.
        for (fitted, p) in fitted.tables[1].iter().zip(rows) {
            assert!((fitted - p).abs() < 6.0 * (0.25f64 / 20_000.0).sqrt());
        }
    }

    #[test]
    fn invalid_chains_are_refused() {
        assert!(Background::fit(&sequences(&["ACGT"]), 6, Strands::Given).is_err());
        assert!(Background::from_letters([0.5, 0.5, 0.0, 0.0]).is_err());
        assert!(Background::from_letters([0.5, 0.5, 0.5, f64::NAN]).is_err());
        assert!(Background::from_letters([0.5; 4]).is_err());
        assert!(Background::from_tables(vec![]).is_err());
        assert!(Background::from_tables(vec![vec![0.25; 4], vec![0.25; 4]]).is_err());
    }
}
