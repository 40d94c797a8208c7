//! What `headstart try` hands to a domain beside the file.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::claim::put;
use crate::names::Name;

/// An option that a domain takes for own data: `--width 8..22`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opt {
    /// Its name on the command line, without dashes.
    pub name: Name,
    /// What it does.
    pub about: Name,
    /// Placeholder of its value in the help: `COLUMN`. Empty for a flag, which has no value and reads `yes` if it is given.
    pub value: Name,
    /// What holds where it is not given.
    pub default: Option<Name>,
}

impl Opt {
    /// An option with a value, without a default.
    pub const fn new(name: &'static str, value: &'static str, about: &'static str) -> Self {
        Self::of((name, value, about, None))
    }

    /// An option from its name, value, description and default, as `headstart-table` has those of tables.
    pub const fn of(parts: (&'static str, &'static str, &'static str, Option<&'static str>)) -> Self {
        let (name, value, about, default) = parts;
        let default = match default {
            Some(default) => Some(Name::Borrowed(default)),
            None => None,
        };
        Self { name: Name::Borrowed(name), about: Name::Borrowed(about), value: Name::Borrowed(value), default }
    }

    /// An option without a value.
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

/// Options that `headstart try` itself has for every domain: a domain cannot use these names. A test of the command line
/// holds this list to the options that it really has.
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
    /// The text of an option, if it was given or has a default.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a flag was given.
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The parsed value of an option; the error begins with the option and its value and says what is wanted.
    pub fn parse<T: FromStr>(&self, name: &str) -> crate::error::Result<Option<T>>
    where
        T::Err: std::fmt::Display,
    {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| {
            // What the standard parsers say of themselves names their own terms.
            let wanted = match std::any::type_name::<T>() {
                "f32" | "f64" => "a number is needed".into(),
                "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number is needed".into(),
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
