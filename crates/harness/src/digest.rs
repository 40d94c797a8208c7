//! Content digests: of states, instances, data files and all that is deterministic in a trial.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::Result;

/// The first 16 bytes of SHA-256, in hexadecimal.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

/// The digest of the serialised form (postcard: compact, exact for floats, without field names).
pub(crate) fn of_value<T: Serialize>(value: &T) -> Result<String> {
    let writer = postcard::to_io(value, Sink(Sha256::new()))
        .map_err(|error| format!("cannot be serialised for its digest: {error}"))?;
    Ok(hex(writer.0))
}

fn hex(hasher: Sha256) -> String {
    use std::fmt::Write as _;
    hasher.finalize()[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

struct Sink(Sha256);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_see_every_bit() {
        assert_eq!(of_value(&[1.0, 2.0]).unwrap(), of_value(&[1.0, 2.0]).unwrap());
        assert_ne!(of_value(&[1.0, 2.0]).unwrap(), of_value(&[1.0, 2.0 + f64::EPSILON * 2.0]).unwrap());
        assert_ne!(of_value(&0.0_f64).unwrap(), of_value(&-0.0_f64).unwrap());
        assert_eq!(of_bytes(b"").len(), 32);
    }
}
