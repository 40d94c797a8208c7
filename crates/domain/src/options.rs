//! Options that `headstart try` passes to a domain besides the file.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::claim::put;
use crate::names::Name;

/// An option that a domain takes for user data: `--width 8..22`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opt {
    /// Name on the command line, without dashes.
    pub name: Name,
    /// Help text.
    pub about: Name,
    /// Placeholder of the value in the help: `COLUMN`. Empty for a flag, which has no value and reads `yes` if it is
    /// given.
    pub value: Name,
    /// Value if the option is not given.
    pub default: Option<Name>,
}

impl Opt {
    /// Creates an option with a value, without a default.
    pub const fn new(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self::of((name, value, about, None))
    }

    /// Creates an option from its name, value, description and default, in the form that `headstart-table` gives.
    pub const fn of(parts: (&'static str, &'static str, &'static str, Option<&'static str>)) -> Self {
        let (name, value, about, default) = parts;
        let default = match default {
            Some(default) => Some(Name::Borrowed(default)),
            None => None,
        };
        Self { name: Name::Borrowed(name), about: Name::Borrowed(about), value: Name::Borrowed(value), default }
    }

    /// Creates an option without a value.
    pub const fn flag(name: &'static str, about: &'static str) -> Self {
        Self::new(name, "", about)
    }

    /// Sets [`default`](Self::default).
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        put(&mut self.default, Some(Name::Borrowed(value)));
        self
    }
}

/// Names of the options that `headstart try` has for every domain; a domain cannot use them. A test compares this list
/// with the command line.
pub const RESERVED: &[&str] = &[
    "data",
    "help",
    "start",
    "replicates",
    "seed",
    "budget",
    "limit-seconds",
    "limit-memory-mib",
    "out",
    "save",
    "workers",
    "strict",
    "retry",
    "other-build",
    "quiet",
    "knob",
];

/// The values that the user gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options(pub BTreeMap<String, String>);

impl Options {
    /// Returns the text of an option, if it was given or has a default.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns whether a flag was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns the parsed value of an option. The error names the option, its value and what is allowed.
    pub fn parse<T: FromStr>(&self, name: &str) -> crate::error::Result<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| {
            // The messages of the standard parsers use terms of Rust.
            let wanted = match std::any::type_name::<T>() {
                "f32" | "f64" => "must be a number".into(),
                "u8" | "u16" | "u32" | "u64" | "usize" => "must be a whole number that is not negative".into(),
                _ => error.to_string(),
            };
            format!("--{name} {text}: {wanted}").into()
        })
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Options {
    fn from(pairs: [(K, V); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
