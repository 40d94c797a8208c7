//! The bytes of a file, unpacked and without a byte order mark.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::Error;

/// The first two bytes of every gzip stream (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The first bytes of every array that `NumPy` saves.
const NPY: &[u8] = b"\x93NUMPY";
/// What a packed file may hold: a small file may unpack to any length.
const LONGEST_UNPACKED: u64 = 256 << 20;
/// Formats that are often mistaken for text tables: their first bytes, and the cure.
const OTHERS: [(&[u8], &str); 4] = [
    (b"\xff\xfe", "it is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "it is UTF-16; save it as UTF-8"),
    (b"PK\x03\x04", "it is a ZIP archive, as Excel's workbooks are; save the sheet as CSV"),
    (b"PAR1", "it is a Parquet file; save it as CSV"),
];

/// What a file holds, by its first bytes.
pub(crate) enum Content {
    /// Text, with `\n` or `\r\n` at the end of each line.
    Text(Vec<u8>),
    /// An array in a file of this length.
    Array(BufReader<File>, u64),
    /// An array that was packed.
    Unpacked(Vec<u8>),
}

/// Opens a file and unpacks it where it is a gzip stream.
pub(crate) fn open(path: &Path) -> Result<Content, Error> {
    let failed = |error: std::io::Error| Error::Open { path: path.display().to_string(), reason: error.to_string() };
    let mut file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // Not one `read`: a pipe may hand over a single byte at first.
    file.by_ref().take(NPY.len() as u64).read_to_end(&mut bytes).map_err(failed)?;
    if bytes == NPY {
        let length = file.metadata().map_err(failed)?.len();
        file.rewind().map_err(failed)?;
        return Ok(Content::Array(BufReader::new(file), length));
    }
    if bytes.starts_with(&GZIP) {
        let unpacked = unpack(bytes.chain(BufReader::new(file)))?;
        return Ok(if unpacked.starts_with(NPY) {
            Content::Unpacked(unpacked)
        } else {
            Content::Text(text(unpacked)?)
        });
    }
    file.read_to_end(&mut bytes).map_err(failed)?;
    text(bytes).map(Content::Text)
}

fn unpack(packed: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let done = MultiGzDecoder::new(packed).take(LONGEST_UNPACKED + 1).read_to_end(&mut bytes);
    done.map_err(|error| Error::Packed { reason: format!("cannot be unpacked ({error}); pack it again") })?;
    if bytes.len() as u64 > LONGEST_UNPACKED {
        let reason = format!("holds more than {} MiB; unpack it with gunzip", LONGEST_UNPACKED >> 20);
        return Err(Error::Packed { reason });
    }
    Ok(bytes)
}

/// Text without a byte order mark, with line ends that the reader of CSV counts.
fn text(mut bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    if let Some((_, reason)) = OTHERS.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return Err(Error::Read { reason: (*reason).into() });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    if !bytes.contains(&b'\n') {
        // Line ends of old Macs.
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    Ok(bytes)
}
