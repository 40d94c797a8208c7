//! `try motif` with a user's own sequences.

use std::fmt::Write as _;
use std::fs;

use super::{good, headstart};

/// Pseudorandom sequences of 60 letters, each with the word TTGACATAAGC, alternately on either strand.
fn sequences() -> String {
    let mut state = 7_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ['A', 'C', 'G', 'T'][(state >> 24) as usize % 4]
    };
    let mut text = String::new();
    for i in 0..12 {
        let mut letters: Vec<char> = (0..60).map(|_| letter()).collect();
        let word = if i % 2 == 0 { "TTGACATAAGC" } else { "GCTTATGTCAA" };
        letters.splice(5 + 3 * i..16 + 3 * i, word.chars());
        let _ = writeln!(text, ">promoter{i}\n{}", letters.iter().collect::<String>());
    }
    text
}

#[test]
fn own_sequences_are_searched() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Promoters.fasta"), sequences() + ">empty\n").unwrap();
    let few = "--replicates 3 --start enriched-kmer --start top-kmer";
    let args = format!("try motif --data Promoters.fasta --model zoops --width 8..12 --both-strands {few} --out m");
    let out = good(dir.path(), &args);
    for text in ["Recommendation for promoters", "record 13 (empty) is empty", "motif-random-pwm.meme", "GCTTATGTCAA"] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    assert!(!out.contains("oracle"), "own data have no oracle start: {out}");
    let files = dir.path().join("m/files/motif/promoters");
    let meme = fs::read_to_string(files.join("motif-enriched-kmer.meme")).unwrap();
    assert!(meme.starts_with("MEME version") && meme.contains("strands: + -") && meme.contains("w= 1"), "{meme}");
    let sites = fs::read_to_string(files.join("sites-enriched-kmer.tsv")).unwrap();
    assert!(sites.lines().count() == 13 && sites.contains("promoter11"), "{sites}");
    let figure = fs::read_to_string(dir.path().join("m/report/figures/motif/promoters.found.svg")).unwrap();
    for text in [">random-pwm<", ">enriched-kmer<", ">top-kmer<", "LLR"] {
        assert!(figure.contains(text), "{text} is not in the figure");
    }
    good(
        dir.path(),
        &format!("try motif --data Promoters.fasta --width 11 --model tcm --background-order 1 {few} --out t"),
    );
}

#[test]
fn errors_in_sequences_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.fasta"), sequences()).unwrap();
    fs::write(dir.path().join("protein.fasta"), ">a\nMKLVPTE\n").unwrap();
    fs::write(dir.path().join("short.fasta"), ">a\nACGT\n>b\nACGNACG\n").unwrap();
    fs::write(dir.path().join("lower.fasta"), sequences().to_lowercase()).unwrap();
    fs::write(dir.path().join("nothing.fasta"), "").unwrap();
    for (args, code, meant) in [
        ("--data none.fasta", 1, "none.fasta"),
        ("--data nothing.fasta", 1, "nothing.fasta"),
        ("--data protein.fasta", 1, "'L'"),
        ("--data short.fasta", 1, "8"),
        ("--data lower.fasta --mask-lower-case", 1, "8"),
        ("--data good.fasta --model anr", 2, "it must be oops, zoops or tcm"),
        ("--data good.fasta --width 0", 2, "--width 0"),
        ("--data good.fasta --width 22..8", 2, "--width 22..8"),
        ("--data good.fasta --background-order 6", 1, "0 to 5"),
        ("--data good.fasta --background-order x", 2, "--background-order x"),
        ("--data good.fasta --start oracle", 2, "oracle"),
    ] {
        let (found, _, err) = headstart(dir.path(), &format!("try motif {args} --replicates 1"));
        assert!(found == code && err.contains(meant) && !err.contains("panicked"), "{args}: {found} {err}");
    }
}
