//! A checksum at the end of each line, which detects a flipped bit that leaves the line valid JSON.

use std::io::Write;

use flate2::Crc;

/// The end of a line is `,"sum":"1a2b3c4d"}`; these are its parts around the digits.
const BEFORE: &[u8] = br#","sum":""#;
const AFTER: &[u8] = br#""}"#;
const DIGITS: usize = 8;
const LENGTH: usize = BEFORE.len() + DIGITS + AFTER.len();

/// Appends to an object its last member, the CRC-32 of all bytes before it.
pub(super) fn append_checksum(object: &mut Vec<u8>) {
    if object.last() != Some(&b'}') {
        return;
    }
    object.pop();
    let checksum = of(object);
    object.extend(checksum);
}

/// Returns whether a line has a checksum.
///
/// Errors: the checksum does not match the line, or the end of the line is a damaged checksum.
pub fn check(line: &[u8]) -> Result<bool, String> {
    let line = line.trim_ascii_end();
    let Some((object, checksum)) = line.len().checked_sub(LENGTH).map(|place| line.split_at(place)) else {
        return Ok(false);
    };
    let fixed = BEFORE.iter().chain(&[0; DIGITS]).chain(AFTER);
    let alike = fixed.zip(checksum).filter(|(expected, found)| expected == found).count();
    if 2 * alike <= BEFORE.len() + AFTER.len() {
        return Ok(false);
    }
    if checksum == of(object) {
        return Ok(true);
    }
    Err("the line was changed: its checksum `sum` does not match (if the change is intended, remove `sum`)".into())
}

/// Decides which lines of a file may lack a checksum. Files of other programs, archives, and files written before the
/// checksum was introduced have none. But a row without one that follows a line with one is damaged.
#[derive(Default)]
pub struct Checksums {
    /// Whether the last line had one.
    seen: bool,
}

impl Checksums {
    /// Checks the next line of the file, which has a checksum or not.
    pub fn admit(&mut self, has_sum: bool, is_header: bool) -> Result<(), String> {
        if !has_sum && !is_header && self.seen {
            return Err(
                "the line has no checksum, but the one before it has (rows without need their own header)".into()
            );
        }
        self.seen = has_sum;
        Ok(())
    }
}

/// Returns the end of an object with this beginning: its checksum and the closing brace.
fn of(beginning: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(beginning);
    let mut checksum = Vec::with_capacity(LENGTH);
    checksum.extend_from_slice(BEFORE);
    // Writing to memory cannot fail.
    let _ = write!(checksum, "{:08x}", sum.sum());
    checksum.extend_from_slice(AFTER);
    checksum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_checksum(text: &str) -> Vec<u8> {
        let mut line = text.as_bytes().to_vec();
        append_checksum(&mut line);
        line
    }

    #[test]
    fn the_sum_is_that_of_zip() {
        // Python: hex(zlib.crc32(b'{"a":1'))
        assert_eq!(with_checksum(r#"{"a":1}"#), br#"{"a":1,"sum":"a702fc6e"}"#);
        assert_eq!(with_checksum("no object"), b"no object");
    }

    #[test]
    fn every_flipped_bit_is_seen_in_the_line_and_in_its_sum() {
        let line = with_checksum(r#"{"kind":"trial","value":0.25,"key":"4f2a"}"#);
        assert_eq!(check(&line), Ok(true));
        for bit in 0..8 * line.len() {
            let mut flipped = line.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(check(&flipped).is_err(), "bit {bit}");
        }
        // Two damaged letters in the name `sum`.
        let text = String::from_utf8(line).unwrap();
        assert!(check(text.replace("sum", "rom").as_bytes()).is_err());
    }

    #[test]
    fn a_line_without_a_sum_is_taken_as_it_is() {
        for line in ["", "}", r#"{"digest":"0123456789abcdef0123456789abcdef"}"#, "{\"sum\":\"of all\"}\r\n"] {
            assert_eq!(check(line.as_bytes()), Ok(false), "{line}");
        }
    }

    #[test]
    fn between_lines_with_a_sum_none_may_be_without() {
        let mut checksums = Checksums::default();
        let mut admits = |has_sum, is_header| checksums.admit(has_sum, is_header).is_ok();
        assert!(admits(false, true) && admits(false, false), "a file of another program");
        assert!(admits(true, true) && admits(true, false) && !admits(false, false) && admits(true, false));
        assert!(admits(false, true) && admits(false, false), "and such a file appended, with its header");
    }
}
