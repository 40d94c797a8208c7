//! EM motif discovery in DNA whose start is an argument.

mod background;
mod em;
mod error;
mod fasta;
pub mod problem;
mod pwm;
pub mod quality;
mod sequences;
mod sites;
pub mod start;
mod warning;
mod windows;

pub use background::{Background, Strands};
pub use em::{Em, Fit, Model, Progress, Status};
pub use error::Error;
pub use fasta::{parse_fasta, read_fasta};
pub use pwm::Pwm;
pub use sequences::{ALPHABET, LowerCase, Sequence, Sequences};
pub use sites::{FoundSite, Site, sites};
pub use warning::Warning;
pub use windows::Windows;
