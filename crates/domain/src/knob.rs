//! Knobs: settings of a solver that interact with the start (a learning rate with the scale of the weights).
//!
//! A knob belongs to a problem and a start: `headstart tune` picks its value for every start from the same short grid, on
//! replicates with streams of their own.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claim::Over;
use crate::error::Result;
use crate::metrics::Metrics;
use crate::names::Name;

/// A setting of the solver whose best value depends on the start. Declare it as a constant, list it in
/// [`Domain::KNOBS`](crate::Domain::KNOBS), and read it with [`Run::knob`](crate::Run::knob) or
/// [`Setup::knob`](crate::Setup::knob).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knob {
    /// Its name: `learning-rate`.
    pub name: Name,
    /// What it sets, with its unit.
    pub about: Name,
    /// The values that are tried, ascending: the same for every start.
    pub grid: Cow<'static, [f64]>,
    /// The value of the grid that holds where nothing was tuned.
    pub default: f64,
    /// The problems on which it is tuned, as declared; on others, and on own data, it stays at its default.
    #[serde(skip)]
    pub over: Over,
    /// The problems on which it is tuned: `over`, resolved when the domain is described.
    pub problems: Vec<String>,
}

impl Knob {
    /// A knob of all problems.
    pub const fn new(name: &'static str, about: &'static str, grid: &'static [f64], default: f64) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            grid: Cow::Borrowed(grid),
            default,
            over: Over::All,
            problems: Vec::new(),
        }
    }

    /// Sets [`over`](Self::over).
    #[must_use]
    pub const fn over(mut self, problems: Over) -> Self {
        self.over = problems;
        self
    }
}

/// Values of knobs by name; in rows and files, an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub Metrics);

impl Settings {
    /// The value of this knob.
    pub fn get(&self, knob: &str) -> Option<f64> {
        self.0.get(knob)
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter()
    }

    /// Whether there are no knobs.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The same with one knob at this value.
    #[must_use]
    pub fn with(mut self, knob: &str, value: f64) -> Self {
        self.0.insert(knob, value);
        self
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        for (place, (name, value)) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(formatter, "{comma}{name} = {value}")?;
        }
        Ok(())
    }
}

/// The knobs of one trial, and which of them were looked at.
#[derive(Clone, Debug, Default)]
pub struct KnobReader {
    settings: Settings,
    read: BTreeSet<String>,
    undeclared: Option<String>,
}

impl KnobReader {
    /// All declared knobs: at their defaults where the trial does not say otherwise.
    pub fn new(declared: &[Knob], chosen: &Settings) -> Result<Self> {
        let defaults = declared.iter().fold(Settings::default(), |all, knob| all.with(&knob.name, knob.default));
        let mut settings = defaults.clone();
        for (name, value) in chosen.iter() {
            if defaults.get(name).is_none() {
                return Err(format!("the trial sets the knob `{name}`, which the domain does not declare").into());
            }
            settings = settings.with(name, value);
        }
        Ok(Self { settings, ..Self::default() })
    }

    /// The value of a knob. One that the domain does not declare is at its default, and a [`fault`](Self::fault).
    pub fn read(&mut self, knob: &Knob) -> f64 {
        let Some(value) = self.settings.get(&knob.name) else {
            self.undeclared.get_or_insert_with(|| knob.name.to_string());
            return knob.default;
        };
        self.read.insert(knob.name.to_string());
        value
    }

    /// What was read so far, for what may depend on it.
    pub fn seen(&self) -> Settings {
        self.read.iter().fold(Settings::default(), |seen, name| match self.settings.get(name) {
            Some(value) => seen.with(name, value),
            None => seen,
        })
    }

    /// The knobs that were looked at.
    pub(crate) fn names_read(&self) -> &BTreeSet<String> {
        &self.read
    }

    /// What is wrong with what was asked.
    pub fn fault(&self) -> Option<String> {
        let name = self.undeclared.as_ref()?;
        Some(format!("the knob `{name}` was read but is not declared: list it in KNOBS"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Knob = Knob::new("rate", "step length", &[0.1, 1.0], 1.0);
    const OTHER: Knob = Knob::new("other", "another", &[2.0, 3.0], 2.0);

    #[test]
    fn knobs_are_read_and_what_is_undeclared_is_a_fault() {
        let mut panel = KnobReader::new(&[RATE], &Settings::default().with("rate", 0.1)).unwrap();
        assert_eq!((panel.read(&RATE), panel.fault()), (0.1, None));
        assert_eq!(panel.read(&OTHER), 2.0);
        assert!(panel.fault().unwrap().contains("`other`"));
        assert_eq!(KnobReader::new(&[RATE], &Settings::default()).unwrap().read(&RATE), 1.0);
        assert!(
            KnobReader::new(&[], &Settings::default().with("rate", 0.1)).unwrap_err().to_string().contains("`rate`")
        );
    }

    #[test]
    fn settings_are_an_object() {
        let settings = Settings::default().with("b", 1e-3).with("a", 2.0);
        assert_eq!(settings.to_string(), "a = 2, b = 0.001");
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(text, r#"{"a":2.0,"b":0.001}"#);
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
    }
}
