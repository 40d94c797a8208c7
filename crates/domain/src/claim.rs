//! Claims about starts, as data.

use serde::{Deserialize, Serialize};

use crate::names::Name;

/// A published statement or a hypothesis about starts, registered with its date.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Id in the ledger: `bfgs-1`.
    pub id: Name,
    /// The statement, as one sentence.
    pub statement: Name,
    /// Citation of the source; for a hypothesis of this project, its basis.
    pub source: Name,
    /// The publication that makes the claim; `None` for a hypothesis of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Publication>,
    /// The date on which wording and margin were fixed (ISO 8601).
    pub registered: Name,
    /// The verdict expected on that date; empty if none was recorded.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub expected: Name,
    /// The comparison and its margin.
    #[serde(flatten)]
    pub kind: Kind,
    /// The problems, as registered.
    #[serde(skip)]
    pub over: Over,
    /// Names of the problems: `over`, resolved when the domain is described.
    pub problems: Vec<String>,
    /// How the problems combine.
    pub rule: Rule,
    /// A start that separates the claimed cause from a simpler one: if it does as well, the verdict is `unspecific`.
    /// For an association, the control is a metric.
    pub control: Option<Name>,
    /// Whether an association includes only starts and controls, without oracles and other algorithms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starts_only: bool,
}

impl Claim {
    /// Creates a claim that must hold on every problem that takes its starts, without a control.
    pub const fn new(
        id: &'static str,
        statement: &'static str,
        source: &'static str,
        registered: &'static str,
        kind: Kind,
    ) -> Self {
        Self {
            id: Name::Borrowed(id),
            statement: Name::Borrowed(statement),
            source: Name::Borrowed(source),
            published: None,
            registered: Name::Borrowed(registered),
            expected: Name::Borrowed(""),
            kind,
            over: Over::All,
            problems: Vec::new(),
            rule: Rule::Each,
            control: None,
            starts_only: false,
        }
    }

    /// Restricts an association to starts and controls.
    #[must_use]
    pub const fn starts_only(mut self) -> Self {
        self.starts_only = true;
        self
    }

    /// Sets the problems.
    #[must_use]
    pub const fn over(mut self, problems: &'static [&'static str]) -> Self {
        self.over = Over::These(problems);
        self
    }

    /// Sets the rule by which problems are combined.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// Sets the control.
    #[must_use]
    pub const fn control(mut self, control: &'static str) -> Self {
        put(&mut self.control, Some(Name::Borrowed(control)));
        self
    }

    /// Sets the publication: authors, year, place in the text, and what it states there.
    #[must_use]
    pub const fn published(
        mut self,
        authors: &'static str,
        year: u16,
        place: &'static str,
        states: &'static str,
    ) -> Self {
        let publication = Publication {
            authors: Name::Borrowed(authors),
            year,
            place: Name::Borrowed(place),
            states: Name::Borrowed(states),
        };
        put(&mut self.published, Some(publication));
        self
    }

    /// Sets the expected verdict, which the data may contradict.
    #[must_use]
    pub const fn expected(mut self, verdict: &'static str) -> Self {
        put(&mut self.expected, Name::Borrowed(verdict));
        self
    }
}

/// Where a claim was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Authors: `Arthur and Vassilvitskii`.
    pub authors: Name,
    /// Year of publication.
    pub year: u16,
    /// Place in the text: `theorem 1.1`, `section 3, figure 2`.
    pub place: Name,
    /// What the publication states there, paraphrased.
    pub states: Name,
}

impl std::fmt::Display for Publication {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{} {}, {}: {}", self.authors, self.year, self.place, self.states)
    }
}

/// Assigns in a `const fn`, where the old value cannot be dropped. Old values are borrowed or empty, so nothing leaks.
pub(crate) const fn put<T>(place: &mut T, value: T) {
    std::mem::forget(std::mem::replace(place, value));
}

/// The comparison of a claim, with its margin.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// The start is better than the rival by more than the margin.
    Superior {
        /// The start that the claim is about.
        start: Name,
        /// What it is compared with.
        rival: Name,
        /// What is measured.
        estimand: Estimand,
        /// A ratio for [`Estimand::Work`] and [`Estimand::FinalRatio`] (no margin: 1), otherwise a difference (no
        /// margin: 0).
        margin: f64,
    },
    /// The start and the rival differ by less than the bound, in either direction.
    Equivalent {
        /// The start that the claim is about.
        start: Name,
        /// What it is compared with.
        rival: Name,
        /// What is measured.
        estimand: Estimand,
        /// A ratio for [`Estimand::Work`] and [`Estimand::FinalRatio`], otherwise a difference.
        within: f64,
    },
    /// Over the starts of a problem, two quantities rise together, or one falls as the other rises (Kendall's tau).
    ///
    /// A point is a start: the medians of both recorded quantities over its replicates (for success, the rate), not
    /// turned by their directions. Single trials are not points: a start that is better for another reason would count
    /// as often as it was run. The control of the claim is a metric that might explain the order equally well. The
    /// margin is 0: no association.
    Association {
        /// The quantity claimed to predict the order of the starts.
        of: Estimand,
        /// The quantity that it is associated with.
        with: Estimand,
        /// Sign of the association.
        sign: Sign,
    },
}

/// The sign of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Both rise together.
    Positive,
    /// One falls as the other rises.
    Negative,
}

/// The two starts of a claim, with the comparison.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The start that the claim is about.
    pub start: &'a str,
    /// What it is compared with.
    pub rival: &'a str,
    /// What is measured.
    pub estimand: &'a Estimand,
    /// Margin or bound, as registered.
    pub bound: f64,
    /// Whether the claim is that the two are equivalent.
    pub equivalent: bool,
}

impl Kind {
    /// Creates a [`Kind::Superior`].
    pub const fn superior(start: &'static str, rival: &'static str, estimand: Estimand, margin: f64) -> Self {
        Self::Superior { start: Name::Borrowed(start), rival: Name::Borrowed(rival), estimand, margin }
    }

    /// Creates a [`Kind::Equivalent`].
    pub const fn equivalent(start: &'static str, rival: &'static str, estimand: Estimand, within: f64) -> Self {
        Self::Equivalent { start: Name::Borrowed(start), rival: Name::Borrowed(rival), estimand, within }
    }

    /// Returns the two starts, if the claim compares two.
    pub fn pair(&self) -> Option<Pair<'_>> {
        match self {
            Self::Superior { start, rival, estimand, margin: bound } => {
                Some(Pair { start, rival, estimand, bound: *bound, equivalent: false })
            }
            Self::Equivalent { start, rival, estimand, within: bound } => {
                Some(Pair { start, rival, estimand, bound: *bound, equivalent: true })
            }
            Self::Association { .. } => None,
        }
    }

    /// Returns the measured quantities.
    pub fn estimands(&self) -> Vec<&Estimand> {
        match self {
            Self::Superior { estimand, .. } | Self::Equivalent { estimand, .. } => vec![estimand],
            Self::Association { of, with, .. } => vec![of, with],
        }
    }
}

/// A quantity by which the final result of a trial is judged. In rows it is a name: `value`, or that of the metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Name", into = "Name")]
pub enum Quantity {
    /// The last observed value.
    #[default]
    Value,
    /// A metric, declared in [`Domain::METRICS`](crate::Domain::METRICS).
    Metric(Name),
}

/// The name of the last observed value.
const VALUE: &str = "value";

impl Quantity {
    /// Returns the quantity of this metric.
    pub const fn metric(name: &'static str) -> Self {
        Self::Metric(Name::Borrowed(name))
    }

    /// Returns the name in rows.
    pub fn name(&self) -> &str {
        match self {
            Self::Value => VALUE,
            Self::Metric(name) => name,
        }
    }
}

impl From<Name> for Quantity {
    fn from(name: Name) -> Self {
        if name == VALUE { Self::Value } else { Self::Metric(name) }
    }
}

impl From<Quantity> for Name {
    fn from(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Value => Name::Borrowed(VALUE),
            Quantity::Metric(name) => name,
        }
    }
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The effect that a claim measures. Positive effects favour the start, whichever values are better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimand {
    /// Speed-up: ratio of the works to target, each cut off at the budget, paired by replicate.
    Work {
        /// Whether the work spent on making the start counts.
        charged: bool,
    },
    /// Difference of a final quantity, in its units.
    Final(Quantity),
    /// Ratio of a final quantity that is positive.
    FinalRatio(Quantity),
    /// Difference of success rates.
    Success,
    /// Difference of the rates at which a metric of 0 or 1 is 1 (declared as a [`share`](crate::Metric::share)): a
    /// success other than reaching the target.
    Rate(Name),
}

impl Estimand {
    /// Difference of the last observed value.
    pub const VALUE: Self = Self::Final(Quantity::Value);
    /// Ratio of the last observed value.
    pub const VALUE_RATIO: Self = Self::FinalRatio(Quantity::Value);

    /// Returns the difference of a final metric.
    pub const fn metric(name: &'static str) -> Self {
        Self::Final(Quantity::metric(name))
    }

    /// Returns the ratio of a final metric.
    pub const fn metric_ratio(name: &'static str) -> Self {
        Self::FinalRatio(Quantity::metric(name))
    }

    /// Returns the difference of the rates at which a metric is 1.
    pub const fn rate(name: &'static str) -> Self {
        Self::Rate(Name::Borrowed(name))
    }

    /// Returns the final quantity, if the effect is about one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::Final(quantity) | Self::FinalRatio(quantity) => Some(quantity.clone()),
            Self::Rate(metric) => Some(Quantity::Metric(metric.clone())),
            Self::Work { .. } | Self::Success => None,
        }
    }

    /// Whether effects are ratios (handled as logarithms), so that a margin of 1 means no difference.
    pub fn is_ratio(&self) -> bool {
        matches!(self, Self::Work { .. } | Self::FinalRatio(_))
    }

    /// Returns a registered margin on the scale on which effects are computed.
    pub fn scale(&self, margin: f64) -> f64 {
        if self.is_ratio() { margin.ln() } else { margin }
    }

    /// Returns an effect on the scale on which it is printed.
    pub fn show(&self, effect: f64) -> f64 {
        if self.is_ratio() { effect.exp() } else { effect }
    }
}

/// The problems on which a claim is judged or a hyperparameter is tuned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// All problems of the domain that take its starts.
    #[default]
    All,
    /// Only these problems.
    These(&'static [&'static str]),
}

/// How the problems of a claim are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The claim must hold on every problem (intersection-union test).
    Each,
    /// The claim must hold on at least one problem.
    Any,
    /// One stratified test over all problems.
    Pooled,
}
