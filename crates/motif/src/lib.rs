//! EM motif discovery in DNA whose start is an argument.

mod background;
mod discover;
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
mod sites;
pub mod start;
mod warning;
mod windows;

pub use background::{Background, Strands};
pub use discover::{Discovery, Found, Significance, ladder};
pub use em::{Em, Fit, Model, Progress, Status};
pub use error::Error;
pub use fasta::{parse_fasta, read_fasta};
pub use logo::logo;
pub use meme::meme_text;
pub use motif::Motif;
pub use pwm::Pwm;
pub use sequences::{ALPHABET, LowerCase, Sequence, Sequences};
pub use sites::{FoundSite, Site, sites};
pub use warning::Warning;
pub use windows::Windows;
