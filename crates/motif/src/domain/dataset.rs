//! The instance of a trial: sequences, and the planted motif if it is known.

use headstart_domain::Result;
use headstart_simd::Portable;
use serde::Serialize;

use crate::problem::Planted;
use crate::{Background, Em, Model, Pwm, Sequence, Sequences, Site, Strands, Warning, Windows};

/// Sequences to search, with the options of the search.
#[derive(Serialize)]
pub struct Dataset {
    sequences: Sequences,
    pub(super) em: Em,
    order: usize,
    strands: Strands,
    /// Widths to try, each with its windows.
    widths: Vec<usize>,
    #[serde(skip)]
    pub(super) ladder: Vec<Windows>,
    #[serde(skip)]
    pub(super) truth: Option<Truth>,
    /// Whether a trial restarts from random matrices until its target is reached.
    #[serde(skip)]
    pub(super) restarts: bool,
    #[serde(skip)]
    pub(super) warnings: Vec<Warning>,
}

/// The planted motifs.
pub(super) struct Truth {
    pub(super) pwm: Pwm,
    pub(super) sites: Vec<Site>,
    pub(super) rivals: Vec<Site>,
}

impl Dataset {
    /// Makes an instance without a known motif.
    pub(super) fn new(
        sequences: Sequences,
        em: Em,
        order: usize,
        strands: Strands,
        widths: Vec<usize>,
    ) -> Result<Self> {
        let background = Background::fit(&sequences, order, strands)?;
        let windows = |&width: &usize| Windows::new(&sequences, &background, width, strands);
        let ladder: Vec<Windows> = widths.iter().map(windows).collect::<std::result::Result<_, _>>()?;
        let mut warnings = sequences.warnings().to_vec();
        // Every record that a narrower width skips is also skipped by the widest.
        warnings.extend(ladder.last().into_iter().flat_map(Windows::warnings).cloned());
        Ok(Self { sequences, em, order, strands, widths, ladder, truth: None, restarts: false, warnings })
    }

    /// Makes an instance with a planted motif. It is searched at the motif's width on the given strand.
    pub(super) fn planted(planted: Planted, model: Model, order: usize) -> Result<Self> {
        let Planted { sequences, pwm, sites, rivals } = planted;
        let em = Em { model, ..Em::default() };
        let data = Self::new(sequences, em, order, Strands::Given, vec![pwm.width()])?;
        Ok(Self { truth: Some(Truth { pwm, sites, rivals }), ..data })
    }

    /// Enables restarts until the target is reached.
    pub(super) fn with_restarts(self) -> Self {
        Self { restarts: true, ..self }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.sequences.records().iter().map(Sequence::name).collect()
    }

    /// The penalty that is subtracted from the log-likelihood ratio to compare motifs of different widths:
    /// `(3 W / 2) log n` with n sequences (G. Schwarz, Annals of Statistics 6 (1978) 461: three free parameters per
    /// column). It is 0 if only one width is searched.
    pub(super) fn penalty(&self, windows: &Windows) -> f64 {
        if self.ladder.len() == 1 {
            return 0.0;
        }
        1.5 * windows.width() as f64 * (windows.searched() as f64).portable_ln()
    }
}
