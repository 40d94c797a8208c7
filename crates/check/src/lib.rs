//! An error for a number that is out of range, and the check that returns it.
//!
//! ```
//! use headstart_check::check;
//!
//! assert!(check(true, "the rate", 0.2, "above 0 and below 1").is_ok());
//! let error = check(false, "the rate", 1.5, "above 0 and below 1").unwrap_err();
//! assert_eq!(error.to_string(), "the rate is 1.5; it must be above 0 and below 1");
//! ```

use std::error::Error;
use std::fmt;

/// The error for a number that is out of range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfRange {
    /// Name of the number, with its article: "the rate".
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// The values that are allowed; completes the sentence "it must be".
    pub allowed: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, allowed } = self;
        write!(formatter, "{name} is {value}; it must be {allowed}")
    }
}

impl Error for OutOfRange {}

/// Returns an error unless `holds`.
///
/// # Errors
///
/// [`OutOfRange`] with the name, the value and the allowed values.
#[inline]
pub fn check(holds: bool, name: &'static str, value: f64, allowed: &'static str) -> Result<(), OutOfRange> {
    if holds { Ok(()) } else { Err(OutOfRange { name, value, allowed }) }
}

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_shown_as_whole_numbers() {
        let error = check(false, "the batch", 0.0, "at least 1").unwrap_err();
        assert_eq!(error.to_string(), "the batch is 0; it must be at least 1");
        let error = check(false, "epsilon", f64::NAN, "positive").unwrap_err();
        assert_eq!(error.to_string(), "epsilon is NaN; it must be positive");
    }
}
