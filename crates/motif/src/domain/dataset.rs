//! Sequences with what is known of them: what a trial is run on.

use headstart_domain::Result;
use headstart_simd::Portable;
use serde::Serialize;

use crate::problem::Planted;
use crate::{Background, Em, Model, Pwm, Sequence, Sequences, Site, Strands, Warning, Windows};

/// Sequences to be searched.
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
    /// Whether a trial goes on from random matrices until its target is reached.
    #[serde(skip)]
    pub(super) restarts: bool,
    #[serde(skip)]
    pub(super) warnings: Vec<Warning>,
}

/// What was planted.
pub(super) struct Truth {
    pub(super) pwm: Pwm,
    pub(super) sites: Vec<Site>,
    pub(super) rivals: Vec<Site>,
}

impl Dataset {
    /// Sequences of which nothing is known.
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
        // The widest leaves out every record that a narrower one does.
        warnings.extend(ladder.last().into_iter().flat_map(Windows::warnings).cloned());
        Ok(Self { sequences, em, order, strands, widths, ladder, truth: None, restarts: false, warnings })
    }

    /// Sequences with a planted motif, searched at its width on the given strand.
    pub(super) fn planted(planted: Planted, model: Model, order: usize) -> Result<Self> {
        let Planted { sequences, pwm, sites, rivals } = planted;
        let em = Em { model, ..Em::default() };
        let data = Self::new(sequences, em, order, Strands::Given, vec![pwm.width()])?;
        Ok(Self { truth: Some(Truth { pwm, sites, rivals }), ..data })
    }

    /// With restarts until the target is reached.
    pub(super) fn with_restarts(self) -> Self {
        Self { restarts: true, ..self }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.sequences.records().iter().map(Sequence::name).collect()
    }

    /// What is taken off the log-likelihood ratio so that motifs of different widths can be compared: `(3 W / 2) log n` with
    /// n sequences (G. Schwarz, Annals of Statistics 6 (1978) 461: three free numbers a column). Nothing where there is
    /// one width.
    pub(super) fn penalty(&self, windows: &Windows) -> f64 {
        if self.ladder.len() == 1 {
            return 0.0;
        }
        1.5 * windows.width() as f64 * (windows.searched() as f64).portable_ln()
    }
}
