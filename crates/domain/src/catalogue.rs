//! What problems, starts and metrics say of themselves, as plain data: constants of a domain, and part of the header of rows.

use serde::{Deserialize, Serialize};

use crate::claim::{Estimand, Quantity};
use crate::direction::Direction;
use crate::names::Name;

/// A diagnostic or final quality that a trial may record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metric {
    /// Its name in rows and claims.
    pub name: Name,
    /// What it measures, with its unit.
    pub about: Name,
    /// Which values are better.
    pub direction: Direction,
    /// Whether it is a share, 0 to 1, or happens (1) or not (0): reports give its mean with an interval.
    #[serde(default)]
    pub share: bool,
    /// Whether it differs from what ends are judged by only by a constant of the instance (an energy and its error):
    /// differences within the problem's resolution are noise here too.
    #[serde(default)]
    pub like_end: bool,
}

impl Metric {
    /// A metric that is better where it is larger.
    pub const fn higher(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            direction: Direction::Maximise,
            share: false,
            like_end: false,
        }
    }

    /// A metric that is better where it is smaller.
    pub const fn lower(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            direction: Direction::Minimise,
            share: false,
            like_end: false,
        }
    }

    /// Sets [`share`](Self::share).
    #[must_use]
    pub const fn share(mut self) -> Self {
        self.share = true;
        self
    }

    /// Sets [`like_end`](Self::like_end).
    #[must_use]
    pub const fn like_end(mut self) -> Self {
        self.like_end = true;
        self
    }

    /// Whether a value of 1 is a success and 0 is a failure.
    pub fn counts_as_success(&self) -> bool {
        self.share && self.direction == Direction::Maximise
    }
}

/// What a problem says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProblemInfo {
    /// Its name, unique in the domain: `quadratic-100-cond1e4`.
    pub name: Name,
    /// What it is and where it comes from.
    pub about: Name,
    /// The starts that it takes, resolved when the domain is described.
    pub starts: Vec<String>,
    /// Noise of what the end is judged by: ends closer than this are equal, figures and profiles end here.
    pub resolution: f64,
    /// The work that every start may spend (tau); `None` takes the domain's.
    pub budget: Option<f64>,
    /// What is observed, for axis labels.
    pub value_label: Name,
    /// What starts are ranked by.
    pub headline: Estimand,
    /// The quantity by which the end of a trial is judged.
    pub judged_by: Quantity,
    /// Whether a trial ends at its target. Saves time, but forbids claims about the final value.
    pub stop_at_target: bool,
    /// Whether it is known that no start may reach the target within the budget.
    pub hard: bool,
    /// Distance of the target from the best value of reference runs, if it comes from such.
    pub within: Option<f64>,
}

impl ProblemInfo {
    /// A problem for all starts, with the domain's budget.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            starts: Vec::new(),
            resolution: 0.0,
            budget: None,
            value_label: Name::Borrowed("value"),
            headline: Estimand::Work { charged: true },
            judged_by: Quantity::Value,
            stop_at_target: false,
            hard: false,
            within: None,
        }
    }

    /// The label of the quantity by which the end is judged.
    pub fn judged_label(&self) -> &str {
        match &self.judged_by {
            Quantity::Value => &self.value_label,
            Quantity::Metric(name) => name,
        }
    }
}

/// What a start says of itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartInfo {
    /// Its name, unique in the domain: `pilot-full`.
    pub name: Name,
    /// What it does and who proposed it.
    pub about: Name,
    /// Another start that may make the very same state (the null arm); anything else with equal states is a bug.
    pub alias_of: Option<Name>,
    /// Another start whose state it may happen to repeat although it is made differently (a control without what it
    /// leaves out); reports say where it does.
    #[serde(default)]
    pub may_equal: Option<Name>,
    /// Whether making it may itself be one of the runs that it serves (a pilot from the usual start): reports then also
    /// say after how many uses it pays if it is.
    #[serde(default)]
    pub made_by_a_use: bool,
    /// Whether it needs what only a made instance knows (the planted truth): `try` then leaves it out.
    #[serde(default)]
    pub needs_truth: bool,
    /// What it is in the comparison. (Older rows have `is_bound`.)
    #[serde(default, alias = "is_bound", deserialize_with = "recorded")]
    pub role: Role,
}

/// What a start is in a comparison. All are run and shown; only a [`Role::Start`] is ever called the best, counts as
/// having beaten the baseline, or is recommended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What a user could take.
    #[default]
    Start,
    /// It isolates a cause: a start with one ingredient left out or shuffled, or the null arm.
    Control,
    /// It uses what is not known in practice: the planted truth, the minimum, the result that starts are to come near.
    Oracle,
    /// It changes more than the start: another algorithm, architecture or schedule.
    Algorithm,
}

impl Role {
    /// Its name in rows and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Control => "control",
            Self::Oracle => "oracle",
            Self::Algorithm => "algorithm",
        }
    }
}

/// Reads the role of a start; older rows only say whether it is a bound.
fn recorded<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Recorded {
        IsBound(bool),
        Role(Role),
    }
    Ok(match Recorded::deserialize(deserializer)? {
        Recorded::IsBound(false) => Role::Start,
        Recorded::IsBound(true) => Role::Oracle,
        Recorded::Role(role) => role,
    })
}

impl StartInfo {
    /// A start of its own, not an alias.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            alias_of: None,
            may_equal: None,
            made_by_a_use: false,
            needs_truth: false,
            role: Role::Start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_of_a_start_is_read_from_old_rows_and_new() {
        let role = |field: &str| {
            let text = format!(r#"{{"name":"a","about":"b","alias_of":null{field}}}"#);
            serde_json::from_str::<StartInfo>(&text).map(|start| start.role)
        };
        for (field, expected) in [
            ("", Role::Start),
            (r#","is_bound":false"#, Role::Start),
            (r#","is_bound":true"#, Role::Oracle),
            (r#","role":"control""#, Role::Control),
            (r#","role":"algorithm""#, Role::Algorithm),
        ] {
            assert_eq!(role(field).unwrap(), expected, "{field}");
        }
        assert!(role(r#","role":"best""#).is_err());
    }
}
