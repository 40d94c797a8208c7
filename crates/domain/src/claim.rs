//! A claim about starts as data: a published statement or a hypothesis, registered with its date.

use serde::{Deserialize, Serialize};

use crate::names::Name;

/// A published statement or a hypothesis about starts, registered with its date.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Its id in the ledger: `bfgs-1`.
    pub id: Name,
    /// The statement as a sentence.
    pub statement: Name,
    /// Who says so; of a hypothesis of this project, what it is drawn from.
    pub source: Name,
    /// The publication that states it; `None` for a hypothesis of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Publication>,
    /// The day on which wording and margin were fixed (ISO 8601).
    pub registered: Name,
    /// The verdict that was expected on that day; empty if none was.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub expected: Name,
    /// What is compared, and by how much.
    #[serde(flatten)]
    pub kind: Kind,
    /// On which problems, as registered.
    #[serde(skip)]
    pub over: Over,
    /// On which problems: `over`, resolved when the domain is described.
    pub problems: Vec<String>,
    /// How the problems combine.
    pub rule: Rule,
    /// A start that separates the claimed cause from a simpler one: where it does as well, the verdict is `unspecific`.
    /// Of an association it is a metric.
    pub control: Option<Name>,
    /// Whether an association is over starts and controls only, without oracles and other algorithms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub starts_only: bool,
}

impl Claim {
    /// A claim that must hold on each of all problems that take its starts, without a control.
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

    /// Of an association: over starts and controls only.
    #[must_use]
    pub const fn starts_only(mut self) -> Self {
        self.starts_only = true;
        self
    }

    /// On these problems.
    #[must_use]
    pub const fn over(mut self, problems: &'static [&'static str]) -> Self {
        self.over = Over::These(problems);
        self
    }

    /// Problems combine by this rule.
    #[must_use]
    pub const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }

    /// With this control.
    #[must_use]
    pub const fn control(mut self, control: &'static str) -> Self {
        put(&mut self.control, Some(Name::Borrowed(control)));
        self
    }

    /// Stated in a publication: authors, year, where in it, and what it states there.
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

    /// With the verdict that is expected. The data may contradict it.
    #[must_use]
    pub const fn expected(mut self, verdict: &'static str) -> Self {
        put(&mut self.expected, Name::Borrowed(verdict));
        self
    }
}

/// Where a claim was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Its authors: `Arthur and Vassilvitskii`.
    pub authors: Name,
    /// The year.
    pub year: u16,
    /// Where in it: `theorem 1.1`, `section 3, figure 2`.
    pub place: Name,
    /// What it states there, in our words.
    pub states: Name,
}

impl std::fmt::Display for Publication {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{} {}, {}: {}", self.authors, self.year, self.place, self.states)
    }
}

/// Assigns in a `const fn`, where the old value cannot be dropped. It is borrowed or empty there, so nothing leaks.
pub(crate) const fn put<T>(place: &mut T, value: T) {
    std::mem::forget(std::mem::replace(place, value));
}

/// What is compared, and by how much.
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
        /// A ratio for [`Estimand::Work`] and [`Estimand::FinalRatio`] (1 is no margin), else a difference (0 is none).
        margin: f64,
    },
    /// The two differ by less than the bound, either way.
    Equivalent {
        /// The start that the claim is about.
        start: Name,
        /// What it is compared with.
        rival: Name,
        /// What is measured.
        estimand: Estimand,
        /// A ratio for [`Estimand::Work`] and [`Estimand::FinalRatio`], else a difference.
        within: f64,
    },
    /// Over the starts of a problem two quantities rise together, or one falls as the other rises (Kendall's tau).
    ///
    /// A point is a start: the medians of both quantities over its replicates (success: the rate), as they were
    /// recorded, whichever way they are better. Trials of one start are no points of their own: a start that is better
    /// for a reason of its own would be counted as often as it was run. The claim's control is a metric that might tell
    /// the order as well; the margin is no association at all.
    Association {
        /// What is claimed to tell the order of the starts.
        of: Estimand,
        /// What it goes with.
        with: Estimand,
        /// Which way.
        sign: Sign,
    },
}

/// Which way an association goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Both rise together.
    Positive,
    /// One falls as the other rises.
    Negative,
}

/// Two starts and what a claim says of them.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The start that the claim is about.
    pub start: &'a str,
    /// What it is compared with.
    pub rival: &'a str,
    /// What is measured.
    pub estimand: &'a Estimand,
    /// Margin or bound, as it was registered.
    pub bound: f64,
    /// Whether they are claimed to be equivalent.
    pub equivalent: bool,
}

impl Kind {
    /// [`Kind::Superior`].
    pub const fn superior(start: &'static str, rival: &'static str, estimand: Estimand, margin: f64) -> Self {
        Self::Superior { start: Name::Borrowed(start), rival: Name::Borrowed(rival), estimand, margin }
    }

    /// [`Kind::Equivalent`].
    pub const fn equivalent(start: &'static str, rival: &'static str, estimand: Estimand, within: f64) -> Self {
        Self::Equivalent { start: Name::Borrowed(start), rival: Name::Borrowed(rival), estimand, within }
    }

    /// The two starts, if it is about two.
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

    /// What it measures.
    pub fn estimands(&self) -> Vec<&Estimand> {
        match self {
            Self::Superior { estimand, .. } | Self::Equivalent { estimand, .. } => vec![estimand],
            Self::Association { of, with, .. } => vec![of, with],
        }
    }
}

/// A number that the end of a trial is judged by. In rows it is its name: `value`, or that of the metric.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Name", into = "Name")]
pub enum Quantity {
    /// The last observed value.
    #[default]
    Value,
    /// A metric, declared in [`Domain::METRICS`](crate::Domain::METRICS).
    Metric(Name),
}

/// The name of the last observed value among the metrics.
const VALUE: &str = "value";

impl Quantity {
    /// The metric of this name.
    pub const fn metric(name: &'static str) -> Self {
        Self::Metric(Name::Borrowed(name))
    }

    /// Its name in rows.
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

/// What a claim measures. Positive effects favour the start, whatever the direction of the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimand {
    /// Speed-up: ratio of work to target, both cut at the budget, paired by replicate.
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
    /// Difference of the rates at which a metric of 0 or 1 is 1 (declared as a [`share`](crate::Metric::share)): another
    /// success than reaching the target.
    Rate(Name),
}

impl Estimand {
    /// Difference of the last observed value.
    pub const VALUE: Self = Self::Final(Quantity::Value);
    /// Ratio of the last observed value.
    pub const VALUE_RATIO: Self = Self::FinalRatio(Quantity::Value);

    /// Difference of a final metric.
    pub const fn metric(name: &'static str) -> Self {
        Self::Final(Quantity::metric(name))
    }

    /// Ratio of a final metric.
    pub const fn metric_ratio(name: &'static str) -> Self {
        Self::FinalRatio(Quantity::metric(name))
    }

    /// Difference of the rates at which a metric is 1.
    pub const fn rate(name: &'static str) -> Self {
        Self::Rate(Name::Borrowed(name))
    }

    /// The final quantity that it is about, if it is about one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::Final(quantity) | Self::FinalRatio(quantity) => Some(quantity.clone()),
            Self::Rate(metric) => Some(Quantity::Metric(metric.clone())),
            Self::Work { .. } | Self::Success => None,
        }
    }

    /// Whether effects are ratios (handled as logarithms) and a margin of 1 means none.
    pub fn is_ratio(&self) -> bool {
        matches!(self, Self::Work { .. } | Self::FinalRatio(_))
    }

    /// A registered margin on the scale on which effects are computed.
    pub fn scale(&self, margin: f64) -> f64 {
        if self.is_ratio() { margin.ln() } else { margin }
    }

    /// An effect on the scale on which it is printed.
    pub fn show(&self, effect: f64) -> f64 {
        if self.is_ratio() { effect.exp() } else { effect }
    }
}

/// On which problems a claim is judged, or a hyperparameter is tuned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// On all problems of the domain that take its starts.
    #[default]
    All,
    /// On these.
    These(&'static [&'static str]),
}

/// How the problems of a claim combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// It must hold on each problem (intersection-union test).
    Each,
    /// It must hold on at least one.
    Any,
    /// One stratified test over all.
    Pooled,
}
