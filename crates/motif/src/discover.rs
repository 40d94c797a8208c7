//! The complete search: widths, several motifs, significance.

use headstart_check::check;
use headstart_simd::Portable;
use rand::Rng;
use serde::Serialize;

use crate::sites::cover;
use crate::start::Start;
use crate::{Background, Em, Error, Fit, Model, Motif, Sequences, Significance, Strands, Warning, Windows, meme_text};

/// The options of a search.
///
/// ```
/// # use headstart_motif::{Discovery, start, problem::{self, Size}};
/// # use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// # let mut rng = ChaCha8Rng::seed_from_u64(1);
/// # let sequences = problem::pwm(Size { sequences: 20, length: 200 }, 10, 16.0, &mut rng)?.sequences;
/// let search = Discovery { widths: vec![10], ..Discovery::default() };
/// let found = search.run(&sequences, |windows, rng| start::enriched_kmers(windows, 20, rng), &mut rng)?;
/// println!("{}", found.meme_text());
/// # Ok::<(), headstart_motif::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discovery {
    /// The solver.
    pub em: Em,
    /// The strands on which sites may lie.
    pub strands: Strands,
    /// Order of the background's chain, 0 to 5.
    pub order: usize,
    /// Widths to try; [`ladder`] makes a list.
    pub widths: Vec<usize>,
    /// Number of motifs. The sites of earlier motifs are erased before the next search.
    pub motifs: usize,
    /// Number of control sets for the significance of each motif; 0 for no significance.
    pub controls: usize,
}

impl Default for Discovery {
    fn default() -> Self {
        Self { em: Em::default(), strands: Strands::Given, order: 0, widths: ladder(8, 22), motifs: 1, controls: 0 }
    }
}

/// Returns widths from `least` to `most`, each sqrt(2) times the one before, as in Bailey & Elkan (ISMB 1995).
pub fn ladder(least: usize, most: usize) -> Vec<usize> {
    let mut widths = vec![least];
    let mut width = least as f64;
    loop {
        width *= std::f64::consts::SQRT_2;
        let rounded = width.round() as usize;
        if rounded >= most || least == 0 {
            break;
        }
        if widths.last() != Some(&rounded) {
            widths.push(rounded);
        }
    }
    if most > least {
        widths.push(most);
    }
    widths
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The motifs, in the order in which they were found.
    pub motifs: Vec<Motif>,
    /// Names of the sequences.
    pub names: Vec<String>,
    /// The background.
    pub background: Background,
    /// The strands on which sites may lie.
    pub strands: Strands,
    /// Warnings about the input.
    pub warnings: Vec<Warning>,
}

impl Found {
    /// Returns the result as JSON.
    pub fn json(&self) -> String {
        // Serialising plain structs with text keys does not fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Returns the motifs in MEME's text format.
    pub fn meme_text(&self) -> String {
        meme_text(&self.motifs, &self.background, self.strands)
    }

    /// Returns the sites of a motif as a tab-separated table.
    pub fn sites_table(&self, motif: &Motif) -> String {
        motif.sites_table(&self.names.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl Discovery {
    /// Runs the search. For every motif it fits all widths, each from its own start, and selects the width with the
    /// largest LLR minus `(3 W / 2) log(sites)` (G. Schwarz, Annals of Statistics 6 (1978) 461: three free parameters
    /// per column).
    ///
    /// Widths without a window in any sequence are skipped. Records without a window are listed in the warnings.
    ///
    /// Errors: no width, a width that is 0 or above 200, 0 motifs, no sequence with a window of any width, and errors
    /// of the start.
    pub fn run<R, S>(&self, sequences: &Sequences, mut start: S, rng: &mut R) -> Result<Found, Error>
    where
        R: Rng,
        S: FnMut(&Windows, &mut R) -> Result<Start, Error>,
    {
        check(!self.widths.is_empty(), "the number of widths", 0.0, "at least 1")?;
        check(self.motifs > 0, "the number of motifs", 0.0, "at least 1")?;
        let background = Background::fit(sequences, self.order, self.strands)?;
        let mut warnings = sequences.warnings().to_vec();
        let mut left: Vec<Vec<f64>> =
            sequences.records().iter().map(|record| vec![1.0; record.codes().len()]).collect();
        let mut motifs = Vec::with_capacity(self.motifs);
        for number in 0..self.motifs {
            let mut best: Option<(f64, Windows, Fit, f64)> = None;
            let mut refused = None;
            for &width in &self.widths {
                let mut windows = match Windows::new(sequences, &background, width, self.strands) {
                    Err(error @ Error::NoWindows { .. }) => {
                        refused = Some(error);
                        continue;
                    }
                    other => other?,
                };
                if number == 0 {
                    warnings.extend_from_slice(windows.warnings());
                } else {
                    windows.erase(&left);
                }
                let (fit, cost) = self.fit(&windows, &mut start, rng)?;
                let score = fit.llr - 1.5 * width as f64 * self.expected_sites(&windows, &fit).max(1.0).portable_ln();
                if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                    best = Some((score, windows, fit, cost));
                }
            }
            let Some((_, windows, fit, cost)) = best else { return Err(refused.unwrap_or(Error::NoSequences)) };
            let mut motif = Motif { start_iterations: cost, ..Motif::new(&windows, self.em.model, &fit) };
            motif.significance = self.significance(sequences, &background, &fit, &mut start, rng)?;
            cover(&windows, self.em.model, &fit, &mut left);
            motifs.push(motif);
        }
        let names = sequences.records().iter().map(|record| record.name().to_owned()).collect();
        Ok(Found { motifs, names, background, strands: self.strands, warnings })
    }

    fn fit<R, S>(&self, windows: &Windows, start: &mut S, rng: &mut R) -> Result<(Fit, f64), Error>
    where
        S: FnMut(&Windows, &mut R) -> Result<Start, Error>,
    {
        let start = start(windows, rng)?;
        Ok((self.em.fit_parallel(windows, &start.seeds)?, start.iterations(windows)))
    }

    fn expected_sites(&self, windows: &Windows, fit: &Fit) -> f64 {
        match self.em.model {
            Model::Oops => windows.searched() as f64,
            Model::Zoops => fit.fraction * windows.searched() as f64,
            Model::Tcm => fit.fraction * windows.len() as f64,
        }
    }

    fn significance<R, S>(
        &self,
        sequences: &Sequences,
        background: &Background,
        fit: &Fit,
        start: &mut S,
        rng: &mut R,
    ) -> Result<Option<Significance>, Error>
    where
        R: Rng,
        S: FnMut(&Windows, &mut R) -> Result<Start, Error>,
    {
        let mut llrs = Vec::with_capacity(self.controls);
        for _ in 0..self.controls {
            let control = if self.order == 0 { sequences.shuffled(rng) } else { background.redrawn(sequences, rng) };
            let windows = Windows::new(&control, background, fit.pwm.width(), self.strands)?;
            llrs.push(self.fit(&windows, start, rng)?.0.llr);
        }
        Ok((!llrs.is_empty()).then(|| Significance::of(fit.llr, llrs)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_grows_by_the_root_of_two() {
        assert_eq!(ladder(8, 22), [8, 11, 16, 22]);
        assert_eq!(ladder(6, 50), [6, 8, 12, 17, 24, 34, 48, 50]);
        assert_eq!(ladder(10, 10), [10]);
        assert_eq!(ladder(1, 4), [1, 2, 3, 4]);
        assert_eq!(ladder(12, 5), [12]);
    }
}
