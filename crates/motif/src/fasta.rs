//! Reads FASTA files, plain or gzipped.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::{Error, LowerCase, Sequences};

/// The first two bytes of every gzip stream (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Maximum length of the unpacked text in bytes: a small file may unpack to any length.
const LONGEST: usize = 256 << 20;

/// A reader that returns an error where the text is too long.
struct Bounded<R> {
    text: R,
    left: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.text.read(bytes)?;
        self.left = self.left.checked_sub(read).ok_or_else(|| {
            io::Error::other(format!("it has more than {LONGEST} bytes of text, the maximum: shorten or split it"))
        })?;
        Ok(read)
    }
}

/// Reads the sequences of a FASTA file. Gzip is recognised by its first bytes, not by the file name.
///
/// Errors: a file that cannot be read or is not FASTA, no record, letters that are not DNA.
pub fn read_fasta(path: impl AsRef<Path>, lower: LowerCase) -> Result<Sequences, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::File { path: path.display().to_string(), source })?;
    parse_fasta(file, lower)
}

/// Does the same as [`read_fasta`] for any reader.
///
/// Errors: a text that is not FASTA or is longer than 256 MiB (unpacked), no record, letters that are not DNA.
pub fn parse_fasta(reader: impl Read, lower: LowerCase) -> Result<Sequences, Error> {
    let broken = |record| move |error: io::Error| Error::Fasta { record, reason: error.to_string() };
    let mut reader = BufReader::new(reader);
    // `fill_buf` would not do: a pipe may deliver only one byte at first.
    let mut head = Vec::new();
    reader.by_ref().take(2).read_to_end(&mut head).map_err(broken(1))?;
    let gzipped = head == GZIP;
    let whole = BufReader::new(Cursor::new(head).chain(reader));
    let text: Box<dyn Read + '_> = if gzipped { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
    let text = BufReader::new(Bounded { text, left: LONGEST });
    let mut records = Vec::new();
    for (i, record) in noodles_fasta::io::Reader::new(text).records().enumerate() {
        let record = record.map_err(broken(i + 1))?;
        let name = String::from_utf8_lossy(record.name()).into_owned();
        records.push((name, record.sequence().as_ref().to_vec()));
    }
    Sequences::read(records, lower)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::Warning;

    fn parse(text: &str) -> Result<Sequences, Error> {
        parse_fasta(text.as_bytes(), LowerCase::Read)
    }

    fn letters(sequences: &Sequences) -> Vec<(String, String)> {
        sequences.records().iter().map(|record| (record.name().to_owned(), record.letters())).collect()
    }

    #[test]
    fn windows_line_ends_blank_lines_and_descriptions() {
        let expected = [("a".to_owned(), "ACGTGG".to_owned()), ("b".to_owned(), "TT".to_owned())];
        for text in
            [">a chr1:1-6\nACGT\nGG\n>b\nTT\n", ">a x\r\nACGT\r\nGG\r\n>b\r\nTT", ">a\nACG\n\nTGG\n\n>b\nTT\n\n"]
        {
            let sequences = parse(text).unwrap();
            assert_eq!(letters(&sequences), expected, "{text:?}");
            assert!(sequences.warnings().is_empty());
        }
    }

    #[test]
    fn gzip_is_recognised_by_its_first_bytes() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(b">a\nACGT\n").unwrap();
        let mut bytes = gzip.finish().unwrap();
        // Two concatenated members, as bgzip writes them.
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(b">b\nTTT\n").unwrap();
        bytes.extend(gzip.finish().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("two.fasta");
        std::fs::write(&path, bytes).unwrap();
        let sequences = read_fasta(&path, LowerCase::Read).unwrap();
        assert_eq!(letters(&sequences), [("a".into(), "ACGT".into()), ("b".into(), "TTT".into())]);
    }

    #[test]
    fn lower_case_is_read_or_masked_with_a_warning() {
        let read = parse(">a\nACgtN\n").unwrap();
        assert_eq!(read.records()[0].letters(), "ACGTN");
        let soft = |masked| Warning::SoftMasked { letters: 2, records: 1, masked };
        assert_eq!(read.warnings(), [soft(false), Warning::Ambiguous { letters: 1, records: 1 }]);
        let masked = parse_fasta(&b">a\nACgtN\n"[..], LowerCase::Mask).unwrap();
        assert_eq!(masked.records()[0].letters(), "ACNNN");
        assert_eq!(masked.warnings(), [soft(true), Warning::Ambiguous { letters: 1, records: 1 }]);
    }

    #[test]
    fn iupac_codes_are_ambiguous_and_uracil_is_thymine() {
        let sequences = parse(">a\nARYSWKMBDHVNU\n>b\nAC\n").unwrap();
        assert_eq!(sequences.records()[0].letters(), "ANNNNNNNNNNNT");
        let expected = [Warning::Ambiguous { letters: 11, records: 1 }, Warning::Uracil { letters: 1 }];
        assert_eq!(sequences.warnings(), expected);
    }

    #[test]
    fn empty_and_duplicate_records_are_kept_with_warnings() {
        let sequences = parse(">a\nACG\n>b\n>a\nAC\n>c\nacg\n>d\n").unwrap();
        assert_eq!(sequences.records().len(), 5);
        let expected = [
            Warning::Empty { record: 2, name: "b".into() },
            Warning::DuplicateName { name: "a".into(), first: 1, record: 3 },
            Warning::DuplicateLetters { first: 1, record: 4, name: "c".into() },
            Warning::Empty { record: 5, name: "d".into() },
            Warning::SoftMasked { letters: 3, records: 1, masked: false },
        ];
        assert_eq!(sequences.warnings(), expected);
    }

    #[test]
    fn invalid_files_and_letters_are_refused_with_their_position() {
        assert!(matches!(parse(""), Err(Error::NoSequences)));
        for text in ["ACGT\n", "@r\nACGT\n+\nIIII\n", "; old\n>a\nAC\n", "A", ">\nACGT\n"] {
            assert!(matches!(parse(text), Err(Error::Fasta { record: 1, .. })), "{text:?}");
        }
        for (text, place, found) in [(">a\nAC\n>b\nAC-T\n", 3, '-'), (">a\nAC\n>b\nMKLV\n", 3, 'L')] {
            match parse(text) {
                Err(Error::Letter { record: 2, position, letter, .. }) => {
                    assert_eq!((position, letter), (place, found));
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(read_fasta("/no/such/file.fa", LowerCase::Read), Err(Error::File { .. })));
        // A gzip stream that was cut off.
        assert!(matches!(parse_fasta(&GZIP[..], LowerCase::Read), Err(Error::Fasta { .. })));
    }
}
