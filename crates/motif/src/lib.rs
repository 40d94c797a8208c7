//! EM motif discovery in DNA that takes its start as an argument: random matrices, words, scans, projections, a Gibbs
//! sampler, or matrices of your own.
//!
//! The models and the M step are those of T. L. Bailey & C. Elkan, "Fitting a mixture model by expectation maximization
//! to discover motifs in biopolymers" (ISMB 1994) and "The value of prior knowledge in discovering motifs with MEME"
//! (ISMB 1995); OOPS is from C. E. Lawrence & A. A. Reilly, Proteins 7 (1990) 41. A pass over 12,000 windows takes
//! about 20 microseconds on one core.
//!
//! ```
//! use std::ops::ControlFlow;
//! use headstart_motif::{Background, Em, Progress, Sequences, Strands, Windows, sites, start};
//! # use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//! # let mut rng = ChaCha8Rng::seed_from_u64(1);
//!
//! let text = [("a", "GGCTTGACATAC"), ("b", "TTGACATGGCTC"), ("c", "CAGCTTGACATG"), ("d", "ACCTTGACATCA")];
//! let sequences = Sequences::from_letters(text)?;
//! let background = Background::fit(&sequences, 0, Strands::Given)?;
//! let windows = Windows::new(&sequences, &background, 7, Strands::Given)?;
//!
//! let start = start::enriched_kmer(&windows, &mut rng)?;
//! let em = Em::default();
//! let mut passes = 0;
//! let fit = em.fit(&windows, &start.seeds, &mut |progress: &Progress| {
//!     passes = progress.iterations;
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!((fit.pwm.consensus().as_str(), fit.iterations), ("TTGACAT", passes));
//! let places: Vec<usize> = sites(&windows, em.model, &fit).iter().map(|found| found.site.at).collect();
//! assert_eq!(places, [3, 0, 4, 3]);
//! # Ok::<(), headstart_motif::Error>(())
//! ```
//!
//! | paper | here |
//! |---|---|
//! | theta, p (or f, `f_0`) | [`Pwm`], [`Background`] |
//! | W, windows `X_ij` | [`Windows`] |
//! | OOPS, ZOOPS with gamma, TCM with lambda | [`Model`], [`Fit::fraction`] |
//! | E and M steps, beta | [`Em`] |
//! | log-likelihood ratio | [`Fit::llr`], [`Em::llr`] |
//! | `Z_ij` | [`sites()`] |
//! | starting points | [`start`] |
//! | widths, erasing | [`Discovery`] |
//! | planted motifs (Pevzner & Sze 2000) | [`problem`]; recovery of a planted motif: [`quality`] |
//!
//! [`read_fasta`] and [`Discovery`] run a complete search on a file. [`Found`] can be written as MEME text, JSON or a
//! table, and [`logo()`] draws a matrix. Windows with an N are skipped, and so are records that are too short for a
//! window. [`Warning`]s report such irregularities of the input.

mod background;
mod discover;
#[cfg(feature = "harness")]
mod domain;
mod em;
mod error;
mod fasta;
mod logo;
mod meme;
mod motif;
pub mod problem;
mod pwm;
pub mod quality;
mod sequences;
mod significance;
mod sites;
pub mod start;
mod warning;
mod windows;

pub use background::{Background, Strands};
pub use discover::{Discovery, Found, ladder};
#[cfg(feature = "harness")]
pub use domain::{Dataset, MotifDomain, Seeds};
pub use em::{Em, Fit, Model, Progress, Status};
pub use error::Error;
pub use fasta::{parse_fasta, read_fasta};
pub use headstart_check::OutOfRange;
pub use logo::logo;
pub use meme::meme_text;
pub use motif::Motif;
pub use pwm::Pwm;
pub use sequences::{ALPHABET, LowerCase, Sequence, Sequences};
pub use significance::Significance;
pub use sites::{FoundSite, Site, sites};
pub use warning::Warning;
pub use windows::Windows;
