//! EM motif discovery in DNA whose start is an argument.

mod background;
mod error;
mod fasta;
mod sequences;
mod warning;

pub use background::{Background, Strands};
pub use error::Error;
pub use fasta::{parse_fasta, read_fasta};
pub use sequences::{ALPHABET, LowerCase, Sequence, Sequences};
pub use warning::Warning;
