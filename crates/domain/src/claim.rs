//! A published statement about two starts, as data, fixed before any row exists.

use serde::{Deserialize, Serialize};

/// A published statement about two starts, registered before the data.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Its id in the ledger: `bfgs-1`.
    pub id: &'static str,
    /// The statement in words.
    pub statement: &'static str,
    /// Who says so.
    pub source: &'static str,
    /// The day on which wording and margin were fixed (ISO 8601).
    pub registered: &'static str,
    /// The verdict that was expected on that day, in words; empty where none was.
    pub expected: &'static str,
    /// What is compared, and by how much.
    pub kind: Kind,
    /// On which problems.
    pub over: Over,
    /// How the problems combine.
    pub rule: Rule,
    /// A start that separates the claimed cause from a simpler one: where it does as well, the verdict is `unspecific`.
    /// Of an association it is a metric.
    pub control: Option<&'static str>,
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
        Self { id, statement, source, registered, expected: "", kind, over: Over::All, rule: Rule::Each, control: None }
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
        self.control = Some(control);
        self
    }

    /// With the verdict that is expected, to be contradicted freely.
    #[must_use]
    pub const fn expected(mut self, verdict: &'static str) -> Self {
        self.expected = verdict;
        self
    }
}

/// What is compared, and by how much.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind<S = &'static str> {
    /// The start is better than the rival by more than the margin.
    Superior {
        /// The start that the claim is about.
        start: S,
        /// What it is compared with.
        rival: S,
        /// What is measured.
        estimand: Estimand<S>,
        /// A ratio for [`Estimand::Work`] and [`Estimand::FinalRatio`] (1 is no margin), else a difference (0 is none).
        margin: f64,
    },
    /// The two differ by less than the bound, either way.
    Equivalent {
        /// The start that the claim is about.
        start: S,
        /// What it is compared with.
        rival: S,
        /// What is measured.
        estimand: Estimand<S>,
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
        of: Estimand<S>,
        /// What it goes with.
        with: Estimand<S>,
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
pub struct Pair<'a, S = String> {
    pub start: &'a S,
    pub rival: &'a S,
    pub estimand: &'a Estimand<S>,
    /// Margin or bound, as it was registered.
    pub bound: f64,
    /// Whether they are claimed to be equivalent.
    pub equivalent: bool,
}

impl Kind {
    /// [`Kind::Superior`].
    pub const fn superior(start: &'static str, rival: &'static str, estimand: Estimand, margin: f64) -> Self {
        Self::Superior { start, rival, estimand, margin }
    }

    /// [`Kind::Equivalent`].
    pub const fn equivalent(start: &'static str, rival: &'static str, estimand: Estimand, within: f64) -> Self {
        Self::Equivalent { start, rival, estimand, within }
    }

    /// The same with owned names, as rows and reports hold it.
    pub fn to_owned(self) -> Kind<String> {
        match self {
            Self::Superior { start, rival, estimand, margin } => Kind::Superior {
                start: start.to_owned(),
                rival: rival.to_owned(),
                estimand: estimand.to_owned(),
                margin,
            },
            Self::Equivalent { start, rival, estimand, within } => Kind::Equivalent {
                start: start.to_owned(),
                rival: rival.to_owned(),
                estimand: estimand.to_owned(),
                within,
            },
            Self::Association { of, with, sign } => {
                Kind::Association { of: of.to_owned(), with: with.to_owned(), sign }
            }
        }
    }
}

impl<S> Kind<S> {
    /// The two starts, if it is about two.
    pub fn pair(&self) -> Option<Pair<'_, S>> {
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
    pub fn estimands(&self) -> Vec<&Estimand<S>> {
        match self {
            Self::Superior { estimand, .. } | Self::Equivalent { estimand, .. } => vec![estimand],
            Self::Association { of, with, .. } => vec![of, with],
        }
    }
}

/// What a claim measures. Positive effects favour the start, whatever the direction of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimand<S = &'static str> {
    /// Speed-up: ratio of work to target, both cut at the budget, paired by replicate.
    Work {
        /// Whether the work spent on making the start counts.
        charged: bool,
    },
    /// Difference of a final metric (`value` is the last observed value), in its units.
    Final(S),
    /// Ratio of a final metric that is positive.
    FinalRatio(S),
    /// Difference of success rates.
    Success,
    /// Difference of the rates at which a metric of 0 or 1 is 1 (declared as a [`share`](crate::Metric::share)): another
    /// success than reaching the target.
    Rate(S),
}

impl Estimand {
    /// The same with an owned name.
    pub fn to_owned(self) -> Estimand<String> {
        match self {
            Self::Work { charged } => Estimand::Work { charged },
            Self::Final(metric) => Estimand::Final(metric.to_owned()),
            Self::FinalRatio(metric) => Estimand::FinalRatio(metric.to_owned()),
            Self::Success => Estimand::Success,
            Self::Rate(metric) => Estimand::Rate(metric.to_owned()),
        }
    }
}

impl<S> Estimand<S> {
    /// The final metric that it is about, if it is about one.
    pub fn metric(&self) -> Option<&S> {
        match self {
            Self::Final(metric) | Self::FinalRatio(metric) | Self::Rate(metric) => Some(metric),
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

/// On which problems a claim is judged.
#[derive(Clone, Copy, Debug)]
pub enum Over {
    /// On all problems of the domain that take its starts.
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
