//! Forecasts of run times. `benchmarks/calibration.toml` holds the times of suites on one machine, and of a short trial of
//! each domain. The short trials compare another machine with that one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use headstart_domain::error::Error;

/// Times measured on one machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Calibration {
    /// Processor and level of vector instructions.
    pub(crate) machine: String,
    /// Seconds of the short trial, by domain.
    pub(crate) trial: BTreeMap<String, f64>,
    /// Times of suites, by suite and domain.
    #[serde(default)]
    pub(crate) suite: BTreeMap<String, BTreeMap<String, Taken>>,
}

/// Time and number of trials of one domain of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    pub(crate) core_seconds: f64,
    pub(crate) trials: u64,
}

impl Calibration {
    fn path(home: &Path) -> PathBuf {
        home.join("benchmarks/calibration.toml")
    }

    /// Reads the project's file; `None` if the project has no such file.
    pub(crate) fn read(home: &Path) -> Result<Option<Self>, Error> {
        let path = Self::path(home);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &path)(error)),
        };
        Self::parse(&text).map(Some).map_err(|message| Error::BadFile { path, message })
    }

    /// Reads the project's file for a forecast. An error becomes a warning, since it must not end a run.
    pub(crate) fn read_or_warn(home: &Path) -> (Option<Self>, Option<String>) {
        match Self::read(home) {
            Ok(found) => (found, None),
            Err(error) => (None, Some(format!("warning: no forecast of the time: {error}"))),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let found: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let trials = found.trial.iter().map(|(domain, seconds)| (format!("[trial] {domain}"), *seconds));
        let suites = found.suite.iter().flat_map(|(suite, domains)| {
            domains.iter().map(move |(domain, taken)| (format!("[suite.{suite}] {domain}"), taken.core_seconds))
        });
        match trials.chain(suites).find(|(_, seconds)| !(*seconds >= 0.0 && seconds.is_finite())) {
            Some((place, seconds)) => Err(format!("{place} is {seconds}: seconds must be finite and not negative")),
            None => Ok(found),
        }
    }

    /// Returns the ratio of this machine's time to that of the file's machine, for each domain measured on both.
    pub(crate) fn ratios(&self, here: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
        let ratio = |(domain, seconds): (&String, &f64)| {
            let there = self.trial.get(domain).filter(|there| **there > 0.0)?;
            Some((domain.clone(), seconds / there))
        };
        here.iter().filter_map(ratio).collect()
    }

    /// Returns the core-seconds of a suite on a machine with these ratios, summed over the calibrated domains.
    pub(crate) fn core_seconds(&self, suite: &str, ratios: &BTreeMap<String, f64>) -> Option<f64> {
        let domains = self.suite.get(suite)?;
        let here = |(domain, taken): (&String, &Taken)| taken.core_seconds * ratios.get(domain).copied().unwrap_or(1.0);
        Some(domains.iter().map(here).sum())
    }
}

/// Estimates the time left of a run. Every trial is weighted by the known time of its domain's trials.
#[derive(Clone, Debug)]
pub(crate) struct Forecast {
    /// Core-seconds of a trial, by domain.
    weights: BTreeMap<String, f64>,
    left: f64,
    done: f64,
    /// Expected seconds for one core-second of the file, before anything is measured.
    prior: Option<f64>,
}

impl Forecast {
    /// Weight of the prior, in measured core-seconds.
    const TRUST: f64 = 5.0;

    /// Returns the forecast for the trials of a suite that are left, by domain.
    pub(crate) fn new(
        calibration: Option<&Calibration>,
        suite: &str,
        left: &BTreeMap<String, u64>,
        workers: usize,
    ) -> Self {
        let known = calibration.and_then(|calibration| calibration.suite.get(suite));
        let known = known.filter(|known| left.keys().all(|domain| known.contains_key(domain)));
        let weight = |domain: &String| {
            let weight = known.map_or(1.0, |known| known[domain].core_seconds / known[domain].trials.max(1) as f64);
            (domain.clone(), weight)
        };
        let weights: BTreeMap<String, f64> = left.keys().map(weight).collect();
        let left = left.iter().map(|(domain, trials)| weights.get(domain).unwrap_or(&1.0) * *trials as f64).sum();
        Self { weights, left, done: 0.0, prior: known.map(|_| 1.0 / workers.max(1) as f64) }
    }

    /// Counts a trial that has ended.
    pub(crate) fn one(&mut self, domain: &str) {
        let weight = self.weights.get(domain).copied().unwrap_or(1.0);
        self.done += weight;
        self.left = (self.left - weight).max(0.0);
    }

    /// Returns the seconds left after `elapsed` seconds; `None` while nothing is known.
    pub(crate) fn seconds_left(&self, elapsed: f64) -> Option<f64> {
        let rate = match self.prior {
            Some(prior) => (elapsed + Self::TRUST * prior) / (self.done + Self::TRUST),
            None if self.done > 0.0 => elapsed / self.done,
            None => return None,
        };
        Some(self.left * rate)
    }
}

/// Formats a time: in seconds below two minutes, in minutes below two hours.
pub(crate) fn about(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    match seconds {
        _ if seconds < 1.0 => "1 s".to_owned(),
        _ if seconds < 119.5 => format!("{} s", seconds.round()),
        _ if minutes < 120.0 => format!("{minutes} min"),
        _ => format!("{} h {} min", (minutes / 60.0).floor(), minutes % 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts<const N: usize>(of: [(&str, u64); N]) -> BTreeMap<String, u64> {
        of.map(|(name, count)| (name.to_owned(), count)).into()
    }

    #[test]
    fn invalid_seconds_are_refused() {
        for bad in ["nan", "inf", "-1.0"] {
            let error = Calibration::parse(&format!("machine = 'm'\n[trial]\na = {bad}\n")).unwrap_err();
            assert!(error.contains("[trial] a is"), "{error}");
            let text = format!("machine = 'm'\n[trial]\n[suite.s]\nb = {{ core_seconds = {bad}, trials = 1 }}\n");
            assert!(Calibration::parse(&text).unwrap_err().contains("[suite.s] b is"));
        }
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(home.path().join("benchmarks")).unwrap();
        assert_eq!(Calibration::read_or_warn(home.path()), (None, None));
        std::fs::write(Calibration::path(home.path()), "machine = 3 [[[").unwrap();
        let (found, warning) = Calibration::read_or_warn(home.path());
        assert!(found.is_none() && warning.unwrap().contains("calibration.toml"));
    }

    fn calibration() -> Calibration {
        let text = "machine = 'm'\n[trial]\na = 0.1\nb = 0.2\n[suite.s]\na = { core_seconds = 10.0, trials = 10 }\nb = { core_seconds = 90.0, trials = 10 }\n";
        Calibration::parse(text).unwrap()
    }

    #[test]
    fn a_slower_machine_takes_longer_by_domain() {
        let here = [("a".to_owned(), 0.2), ("b".to_owned(), 0.2), ("c".to_owned(), 1.0)].into();
        let ratios = calibration().ratios(&here);
        assert_eq!(ratios, [("a".to_owned(), 2.0), ("b".to_owned(), 1.0)].into());
        assert_eq!(calibration().core_seconds("s", &ratios), Some(110.0));
        assert_eq!(calibration().core_seconds("other", &ratios), None);
    }

    #[test]
    fn the_time_left_is_known_at_once_and_follows_the_measurements() {
        let planned = counts([("a", 10), ("b", 10)]);
        let mut forecast = Forecast::new(Some(&calibration()), "s", &planned, 2);
        assert_eq!(forecast.seconds_left(0.0), Some(50.0));
        // Ten cheap trials and an expensive one of 9 core-seconds, at half the speed.
        (0..10).for_each(|_| forecast.one("a"));
        forecast.one("b");
        let left = forecast.seconds_left(19.0).unwrap();
        assert!((70.0..82.0).contains(&left), "{left}");
        // A resumed or partial run: only the trials that are left count.
        let rest = Forecast::new(Some(&calibration()), "s", &counts([("b", 1)]), 1);
        assert_eq!(rest.seconds_left(0.0), Some(9.0));
    }

    #[test]
    fn an_uncalibrated_suite_is_forecast_by_its_trials() {
        let planned = counts([("a", 4)]);
        let mut forecast = Forecast::new(Some(&calibration()), "own", &planned, 2);
        assert_eq!(forecast.seconds_left(1.0), None);
        forecast.one("a");
        assert_eq!(forecast.seconds_left(2.0), Some(6.0));
    }

    #[test]
    fn times_are_rounded_for_people() {
        assert_eq!(
            [0.2, 4.4, 119.0, 150.0, 7100.0, 8000.0].map(about),
            ["1 s", "4 s", "119 s", "3 min", "118 min", "2 h 13 min"]
        );
    }
}
