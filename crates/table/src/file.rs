//! Reads the bytes of a file, decompressed and without a byte order mark.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::Error;

/// The first two bytes of every gzip stream (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The first bytes of every array that `NumPy` saves.
const NPY: &[u8] = b"\x93NUMPY";
/// Largest decompressed size, since a small file can decompress to any length.
const LONGEST_UNPACKED: u64 = 256 << 20;
/// Formats that are often mistaken for text tables: first bytes, and the error with its cure.
const OTHERS: [(&[u8], &str); 4] = [
    (b"\xff\xfe", "it is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "it is UTF-16; save it as UTF-8"),
    (b"PK\x03\x04", "it is a ZIP archive, as Excel's workbooks are; save the sheet as CSV"),
    (b"PAR1", "it is a Parquet file; save it as CSV"),
];

/// The content of a file, determined by its first bytes.
pub(crate) enum Content {
    /// Text, with `\n` or `\r\n` at the end of each line.
    Text(Vec<u8>),
    /// An array, in a file of this length.
    Array(BufReader<File>, u64),
    /// A decompressed array.
    Unpacked(Vec<u8>),
}

/// Opens a file, and decompresses it if it is a gzip stream.
pub(crate) fn open(path: &Path) -> Result<Content, Error> {
    let failed = |error: std::io::Error| Error::Open { path: path.display().to_string(), reason: error.to_string() };
    let mut file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // A single `read` may return only one byte from a pipe.
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
    done.map_err(|error| Error::Packed { reason: format!("cannot be decompressed ({error}); compress it again") })?;
    if bytes.len() as u64 > LONGEST_UNPACKED {
        let reason = format!("holds more than {} MiB; decompress it with gunzip", LONGEST_UNPACKED >> 20);
        return Err(Error::Packed { reason });
    }
    Ok(bytes)
}

/// Removes the byte order mark, and converts line ends that the CSV reader does not count.
fn text(mut bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    if let Some((_, reason)) = OTHERS.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return Err(Error::Read { reason: (*reason).into() });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    if !bytes.contains(&b'\n') {
        // Line ends of classic Mac OS.
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    Ok(bytes)
}
