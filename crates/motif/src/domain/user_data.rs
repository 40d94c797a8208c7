//! The user's own data: sequences from a FASTA file, and the found motifs as files.

use std::path::Path;

use headstart_domain::{Opt, Options, Result, Run};

use super::Dataset;
use crate::{Em, Fit, LowerCase, Model, Motif, Strands, Windows, ladder, meme_text, read_fasta};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("model", "NAME", "sites per sequence: oops (one), zoops (zero or one), tcm (any number)").default("zoops"),
    Opt::new("width", "W|FROM..TO", "width of the motif in letters, or a range in which several widths are tried")
        .default("8..22"),
    Opt::flag("both-strands", "whether sites may lie on both strands"),
    Opt::new("background-order", "K", "order of the background's Markov chain, 0 to 5").default("0"),
    Opt::flag("mask-lower-case", "whether lower-case letters are skipped like N"),
];

pub(super) fn open(path: &Path, options: &Options) -> Result<Dataset> {
    let model = match options.get("model").unwrap_or("zoops") {
        "oops" => Model::Oops,
        "zoops" => Model::Zoops,
        "tcm" => Model::Tcm,
        other => return Err(format!("--model {other} is not valid; it must be oops, zoops or tcm").into()),
    };
    let widths = widths(options.get("width").unwrap_or("8..22"))?;
    let order = options.parse("background-order")?.unwrap_or(0);
    let lower = if options.is_set("mask-lower-case") { LowerCase::Mask } else { LowerCase::Read };
    let strands = if options.is_set("both-strands") { Strands::Both } else { Strands::Given };
    Dataset::new(read_fasta(path, lower)?, Em { model, ..Em::default() }, order, strands, widths)
}

/// Parses one width, or the ladder of a range.
fn widths(text: &str) -> Result<Vec<usize>> {
    let wrong = || {
        format!("--width {text} is not valid; it must be a number of letters from 1 to 200, or a range such as 8..22")
    };
    let number = |text: &str| text.trim().parse::<usize>().ok().filter(|width| (1..=200).contains(width));
    match text.split_once("..") {
        None => Ok(vec![number(text).ok_or_else(wrong)?]),
        Some((from, to)) => match (number(from), number(to.trim_start_matches('='))) {
            (Some(from), Some(to)) if from <= to => Ok(ladder(from, to)),
            _ => Err(wrong().into()),
        },
    }
}

/// The name of a motif when runs are grouped by motif: its consensus; with both strands, the strand whose consensus is
/// first in the alphabet.
pub(super) fn name(data: &Dataset, fit: &Fit) -> String {
    let given = fit.pwm.consensus();
    if data.ladder[0].strands() == Strands::Given {
        return given;
    }
    given.min(fit.pwm.reverse_complement().consensus())
}

/// Writes the motif in MEME's text format and its sites as a table.
pub(super) fn outputs(data: &Dataset, windows: &Windows, fit: &Fit, run: &mut Run) {
    let motif = Motif::new(windows, data.em.model, fit);
    run.file("sites.tsv", motif.sites_table(&data.names()).into_bytes());
    let text = meme_text(std::slice::from_ref(&motif), windows.background(), windows.strands());
    run.file("motif.meme", text.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_a_number_or_a_ladder() {
        assert_eq!(widths("12").unwrap(), [12]);
        assert_eq!(widths("8..22").unwrap(), [8, 11, 16, 22]);
        assert_eq!(widths("8..=22").unwrap(), [8, 11, 16, 22]);
        for wrong in ["", "0", "22..8", "8..", "wide", "8..201", "-3"] {
            assert!(widths(wrong).unwrap_err().to_string().contains("--width"), "{wrong}");
        }
    }
}
