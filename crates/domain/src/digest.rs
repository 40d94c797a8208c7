//! Content digests of states, instances, data files and the deterministic part of a trial.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::error::Result;

/// The first 16 bytes of SHA-256; in rows, 32 hexadecimal digits. A missing digest is all zeros (in rows: empty).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 16]);

impl Digest {
    /// Whether the digest is missing, such as that of the state in a trial that died.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// Reads the digest in a row. Rows of other programs may hold any name: it is digested.
    fn of_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        parse(text.as_bytes()).map_or_else(|| of_bytes(text.as_bytes()), Self)
    }
}

/// Parses 32 lower-case hexadecimal digits.
fn parse(text: &[u8]) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    if text.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16).filter(|_| !digit.is_ascii_uppercase());
        *byte = (digit(digits[0])? * 16 + digit(digits[1])?) as u8;
    }
    Some(bytes)
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        if self.is_none() {
            return Ok(());
        }
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = Digest;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a digest: 32 hexadecimal digits")
            }

            fn visit_str<E>(self, text: &str) -> std::result::Result<Digest, E> {
                Ok(Digest::of_text(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// Reads 32 lower-case hexadecimal digits as a digest; any other text is digested.
impl From<&str> for Digest {
    fn from(text: &str) -> Self {
        Self::of_text(text)
    }
}

/// Returns the digest of a file's bytes, or of the names and bytes of all files directly in a folder.
pub fn of_path(path: &Path) -> io::Result<Digest> {
    if !path.is_dir() {
        return Ok(of_bytes(&fs::read(path)?));
    }
    let mut files = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    let mut all = Vec::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        // Both digests have a fixed length, so two different folders cannot give the same sequence.
        all.extend(of_bytes(name.unwrap_or_default().as_bytes()).0);
        all.extend(of_bytes(&fs::read(file)?).0);
    }
    Ok(of_bytes(&all))
}

/// Returns the digest of some bytes.
pub fn of_bytes(bytes: &[u8]) -> Digest {
    first_half(Sha256::new_with_prefix(bytes))
}

/// Returns the digest of the serialised form (postcard: compact, exact for floats, without field names).
pub fn of_value<T: Serialize>(value: &T) -> Result<Digest> {
    let writer = postcard::to_io(value, Sink(Sha256::new()))
        .map_err(|error| format!("cannot be serialised for its digest: {error}"))?;
    Ok(first_half(writer.0))
}

fn first_half(hasher: Sha256) -> Digest {
    let mut digest = Digest::default();
    digest.0.copy_from_slice(&hasher.finalize()[..16]);
    digest
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
    fn a_folder_is_the_names_and_bytes_of_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let now = || of_path(folder.path()).unwrap();
        fs::write(at("b"), "two").unwrap();
        fs::write(at("a"), "one").unwrap();
        let first = now();
        fs::create_dir(at("deeper")).unwrap();
        assert_eq!(now(), first);
        fs::write(at("a"), "other").unwrap();
        assert_ne!(now(), first);
        fs::write(at("a"), "one").unwrap();
        assert_eq!(now(), first);
        fs::rename(at("a"), at("c")).unwrap();
        assert_ne!(now(), first);
        assert_eq!(of_path(&at("c")).unwrap(), of_bytes(b"one"));
        assert!(of_path(&at("none")).is_err());
    }

    #[test]
    fn digests_see_every_bit() {
        assert_eq!(of_value(&[1.0, 2.0]).unwrap(), of_value(&[1.0, 2.0]).unwrap());
        assert_ne!(of_value(&[1.0, 2.0]).unwrap(), of_value(&[1.0, 2.0 + f64::EPSILON * 2.0]).unwrap());
        assert_ne!(of_value(&0.0_f64).unwrap(), of_value(&-0.0_f64).unwrap());
        assert_eq!(of_bytes(b"").to_string(), "e3b0c44298fc1c149afbf4c8996fb924");
    }

    #[test]
    fn digests_come_back_from_rows_and_other_names_keep_apart() {
        let round = |text: &str| serde_json::from_str::<Digest>(&serde_json::to_string(text).unwrap()).unwrap();
        let digest = of_bytes(b"state");
        assert_eq!(round(&digest.to_string()), digest);
        assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{digest}\""));
        assert!(round("").is_none() && serde_json::to_string(&Digest::default()).unwrap() == "\"\"");
        assert_ne!(round("trial one"), round("trial two"));
        // Upper-case digits are not a digest but a name.
        assert_ne!(round(&digest.to_string().to_uppercase()), digest);
    }
}
