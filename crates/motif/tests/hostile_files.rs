//! Malformed and random FASTA files: each gives sequences or an error message.

#[path = "../../table/tests/mutation/mod.rs"]
mod mutation;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use headstart_motif::{LowerCase, Sequences, parse_fasta, read_fasta};
use mutation::{mutated, mutations};
use proptest::prelude::*;

const FASTA: &str =
    ">one chr1:1-60 a description\nACGTACGTNNRYACGT\nacgtACGUACGT\n\n>two\r\nTTGACA\r\n>three\nTATAAT\n";

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Reads the bytes and checks the result.
fn use_sequences(bytes: &[u8]) {
    for lower in [LowerCase::Read, LowerCase::Mask] {
        match parse_fasta(bytes, lower) {
            Ok(sequences) => {
                assert!(!sequences.records().is_empty());
                let letters: usize = sequences.records().iter().map(|record| record.letters().len()).sum();
                // A gzipped file of a few hundred bytes may unpack to about a thousand times its size, but not more.
                assert!(letters <= 2000 * bytes.len());
                assert!(sequences.warnings().iter().all(|warning| !warning.to_string().is_empty()));
            }
            Err(error) => assert!(error.to_string().len() > 20),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_sequences_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_sequences(&bytes);
        use_sequences(&[b">a\n", bytes.as_slice()].concat());
        use_sequences(&[&[0x1f, 0x8b], bytes.as_slice()].concat());
    }

    #[test]
    fn a_damaged_file_is_sequences_or_an_error(mutations in mutations()) {
        use_sequences(&mutated(FASTA.as_bytes(), &mutations));
        use_sequences(&zipped(&mutated(FASTA.as_bytes(), &mutations)));
        use_sequences(&mutated(&zipped(FASTA.as_bytes()), &mutations));
    }

    #[test]
    fn letters_come_back_as_they_were_written(
        records in prop::collection::vec(("[!-=?-~]{1,8}", "[ACGTN]{0,90}"), 1..5),
        width in 1..40_usize,
    ) {
        let lines = |letters: &str| {
            let lines: Vec<&str> = letters.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
            lines.join("\n")
        };
        let text: Vec<String> = records.iter().map(|(name, letters)| format!(">{name} x\n{}\n", lines(letters))).collect();
        let text = text.concat();
        let read = |sequences: Sequences| -> Vec<(String, String)> {
            sequences.records().iter().map(|record| (record.name().to_owned(), record.letters())).collect()
        };
        prop_assert_eq!(&read(parse_fasta(text.as_bytes(), LowerCase::Read).unwrap()), &records);
        prop_assert_eq!(&read(parse_fasta(zipped(text.as_bytes()).as_slice(), LowerCase::Read).unwrap()), &records);
    }
}

#[test]
fn a_small_file_that_unpacks_without_end_is_refused() {
    // 16 MiB of one letter pack into 16 KiB, and in a file of 320 KiB there are 320 MiB.
    let member = zipped(&vec![b'A'; 16 << 20]);
    let mut bytes = zipped(b">bomb\n");
    (0..20).for_each(|_| bytes.extend_from_slice(&member));
    let error = parse_fasta(bytes.as_slice(), LowerCase::Read).unwrap_err().to_string();
    assert!(error.contains("more than 268435456 bytes of text"), "{error}");
}

#[test]
fn errors_name_the_file() {
    let error = read_fasta("/no/such/file.fasta", LowerCase::Read).unwrap_err().to_string();
    assert!(error.contains("/no/such/file.fasta"), "{error}");
}
