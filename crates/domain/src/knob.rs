//! Hyperparameters ("knobs"): settings of a solver that interact with the start (a learning rate interacts with the
//! scale of the weights).
//!
//! `headstart tune` tunes a hyperparameter for each problem and start, over the same short grid for every start, on
//! held-out replicates.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::claim::Over;
use crate::error::Result;
use crate::metrics::Metrics;
use crate::names::Name;

/// A hyperparameter of the solver whose best value depends on the start. Declare it as a constant, list it in
/// [`Domain::KNOBS`](crate::Domain::KNOBS), and read it with [`Run::knob`](crate::Run::knob) or
/// [`Setup::knob`](crate::Setup::knob).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Knob {
    /// Name: `learning-rate`.
    pub name: Name,
    /// Description, with the unit.
    pub about: Name,
    /// The values to try, ascending; the same for every start.
    pub grid: Cow<'static, [f64]>,
    /// The value on the grid that is used without tuning.
    pub default: f64,
    /// The problems on which it is tuned, as declared; elsewhere, and on user data, it has its default.
    #[serde(skip)]
    pub over: Over,
    /// The problems on which it is tuned: `over`, resolved when the domain is described.
    pub problems: Vec<String>,
}

impl Knob {
    /// Creates a hyperparameter that is tuned on all problems.
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

/// Values of hyperparameters by name; in rows and files, an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settings(pub Metrics);

impl Settings {
    /// Returns the value of a hyperparameter.
    pub fn get(&self, knob: &str) -> Option<f64> {
        self.0.get(knob)
    }

    /// Returns names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Returns the settings with one value set.
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

/// The hyperparameters of one trial, with a record of those that were read.
#[derive(Clone, Debug, Default)]
pub struct KnobReader {
    settings: Settings,
    read: BTreeSet<String>,
    undeclared: Option<String>,
}

impl KnobReader {
    /// Sets all declared hyperparameters to their defaults, except those that the trial sets.
    pub fn new(declared: &[Knob], chosen: &Settings) -> Result<Self> {
        let defaults = declared.iter().fold(Settings::default(), |all, knob| all.with(&knob.name, knob.default));
        let mut settings = defaults.clone();
        for (name, value) in chosen.iter() {
            if defaults.get(name).is_none() {
                return Err(format!(
                    "the trial sets the knob `{name}`, which the domain does not declare: list it in KNOBS"
                )
                .into());
            }
            settings = settings.with(name, value);
        }
        Ok(Self { settings, ..Self::default() })
    }

    /// Returns the value of a hyperparameter. If the domain does not declare it, the value is the default, and this is
    /// a [`fault`](Self::fault).
    pub fn read(&mut self, knob: &Knob) -> f64 {
        let Some(value) = self.settings.get(&knob.name) else {
            self.undeclared.get_or_insert_with(|| knob.name.to_string());
            return knob.default;
        };
        self.read.insert(knob.name.to_string());
        value
    }

    /// Returns the values read so far, on which a shared result may depend.
    pub fn seen(&self) -> Settings {
        self.read.iter().fold(Settings::default(), |seen, name| match self.settings.get(name) {
            Some(value) => seen.with(name, value),
            None => seen,
        })
    }

    /// Returns the names of the hyperparameters that were read.
    pub(crate) fn names_read(&self) -> &BTreeSet<String> {
        &self.read
    }

    /// Returns the error of a read, if any.
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
