//! Descriptions of problems, starts and metrics as plain data: constants of a domain, and part of the header of a row
//! file.

use serde::{Deserialize, Serialize};

use crate::claim::{Estimand, Quantity};
use crate::direction::Direction;
use crate::names::Name;

/// A metric that a trial may record: a diagnostic, or a property of the final result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metric {
    /// Name in rows and claims.
    pub name: Name,
    /// What it measures, with its unit.
    pub about: Name,
    /// Which values are better.
    pub direction: Direction,
    /// Whether it is a share (0 to 1) or an indicator (0 or 1): reports give its mean with an interval.
    #[serde(default)]
    pub share: bool,
    /// Whether it differs only by a constant of the instance from the quantity by which final results are judged (an
    /// energy and its error). Differences within the problem's resolution are then noise in this metric too.
    #[serde(default)]
    pub like_end: bool,
    /// Number of decimals that matter in the field; `None` prints three significant digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// Whether it is part of the result that `headstart try` prints for user data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_result: bool,
}

impl Metric {
    /// Creates a metric of which larger values are better.
    pub const fn higher(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            direction: Direction::Maximise,
            share: false,
            like_end: false,
            decimals: None,
            is_result: false,
        }
    }

    /// Creates a metric of which smaller values are better.
    pub const fn lower(name: &'static str, about: &'static str) -> Self {
        Self {
            name: Name::Borrowed(name),
            about: Name::Borrowed(about),
            direction: Direction::Minimise,
            share: false,
            like_end: false,
            decimals: None,
            is_result: false,
        }
    }

    /// Sets [`decimals`](Self::decimals).
    #[must_use]
    pub const fn decimals(mut self, decimals: u8) -> Self {
        self.decimals = Some(decimals);
        self
    }

    /// Sets [`is_result`](Self::is_result).
    #[must_use]
    pub const fn result(mut self) -> Self {
        self.is_result = true;
        self
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

/// The description of a problem.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ProblemInfo {
    /// Name, unique in the domain: `quadratic-100-cond1e4`.
    pub name: Name,
    /// Description, with the source.
    pub about: Name,
    /// The starts that are run on it, resolved when the domain is described.
    pub starts: Vec<String>,
    /// Noise of the quantity by which final results are judged: results closer than this are equal. Figures and
    /// profiles end at this distance from the best.
    pub resolution: f64,
    /// The work that every start may spend (tau); `None` takes the domain's.
    pub budget: Option<f64>,
    /// Axis label of the observed value.
    pub value_label: Name,
    /// The quantity that starts are ranked by.
    pub headline: Estimand,
    /// The quantity by which the final result of a trial is judged.
    pub judged_by: Quantity,
    /// Whether a trial ends at its target. This saves time, but claims about the final value are then not allowed.
    pub stop_at_target: bool,
    /// Whether the problem is known to be hard: possibly no start reaches the target within the budget.
    pub hard: bool,
    /// Distance of the target from the best value of reference runs; `None` if the target is known in advance.
    pub within: Option<f64>,
    /// Number of members if the problem is a fixed list: replicate k is member k, and there are never more replicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<u64>,
}

impl ProblemInfo {
    /// Creates a problem for all starts, with the domain's budget.
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
            members: None,
        }
    }

    /// Returns the label of the quantity by which the final result is judged.
    pub fn judged_label(&self) -> &str {
        match &self.judged_by {
            Quantity::Value => &self.value_label,
            Quantity::Metric(name) => name,
        }
    }
}

/// The description of a start.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StartInfo {
    /// Name, unique among the domain's starts: `pilot-full`.
    pub name: Name,
    /// Description, with the source.
    pub about: Name,
    /// The start of which this one is an alias (the null arm). The conformance check refuses equal states of two other
    /// starts.
    pub alias_of: Option<Name>,
    /// Another start whose state this one may equal although it is made differently (a control, if the omitted
    /// ingredient has no effect). Reports state where the states are equal.
    #[serde(default)]
    pub may_equal: Option<Name>,
    /// Whether the run that makes it may itself be one of the runs it serves (a pilot run from the baseline). Reports
    /// then also give the number of uses after which it pays off in that case.
    #[serde(default)]
    pub made_by_a_use: bool,
    /// Whether it needs data that only a generated instance has (the planted solution). `headstart try` then leaves it
    /// out.
    #[serde(default)]
    pub needs_truth: bool,
    /// Role in the comparison. (Older rows have `is_bound`.)
    #[serde(default, alias = "is_bound", deserialize_with = "recorded")]
    pub role: Role,
}

/// The role of a start in a comparison. All starts are run and shown. Only a [`Role::Start`] can be called the best,
/// count as having beaten the baseline, or be recommended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A start that a user could choose.
    #[default]
    Start,
    /// Isolates a cause: a start with one ingredient left out or shuffled, or the null arm.
    Control,
    /// Uses information that is not available in practice: the planted solution, the minimum, or the result that starts
    /// should approach.
    Oracle,
    /// Changes more than the start: another algorithm, architecture or schedule.
    Algorithm,
}

impl Role {
    /// Returns the name in rows and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Control => "control",
            Self::Oracle => "oracle",
            Self::Algorithm => "algorithm",
        }
    }
}

/// Reads the role of a start; older rows only state whether it is an oracle (`is_bound`).
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
    /// Creates a start that is not an alias of another.
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
