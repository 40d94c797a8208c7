//! Writes motifs in MEME's text format, which most other programs can read.

use std::fmt::Write;

use crate::{Background, Motif, Strands};

/// Returns motifs in MEME's minimal text format, version 4 (meme-suite.org, "MEME motif format"). Names consist of
/// number and consensus. `E` is the extrapolated significance; it is omitted without controls.
pub fn meme_text(motifs: &[Motif], background: &Background, strands: Strands) -> String {
    let strands = if strands == Strands::Both { "+ -" } else { "+" };
    let [a, c, g, t] = background.letters();
    let mut text = format!(
        "MEME version 4\n\nALPHABET= ACGT\n\nstrands: {strands}\n\nBackground letter frequencies\nA {a:.6} C {c:.6} G \
         {g:.6} T {t:.6}\n"
    );
    for (i, motif) in motifs.iter().enumerate() {
        let (number, consensus, width) = (i + 1, &motif.consensus, motif.width());
        let known = motif.significance.as_ref().filter(|significance| significance.extrapolated.is_finite());
        let e = known.map(|significance| format!(" E= {:.1e}", significance.extrapolated)).unwrap_or_default();
        let sites = motif.sites.len();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\nMOTIF {number}-{consensus}\nletter-probability matrix: alength= 4 w= {width} nsites= {sites}{e}\n"
        );
        for [a, c, g, t] in motif.pwm.columns() {
            let _ = writeln!(text, " {a:.6} {c:.6} {g:.6} {t:.6}");
        }
    }
    text
}
