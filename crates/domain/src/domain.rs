//! The one file that the author of a domain reads: what a domain, a problem and a start are (claims: claim.rs).

use std::path::Path;

use serde::Serialize;

use crate::catalogue::{Metric, ProblemInfo, Role, StartInfo};
use crate::claim::{Claim, Estimand, Quantity, put};
use crate::direction::Direction;
use crate::error::Result;
use crate::knob::Knob;
use crate::names::Name;
use crate::options::{Opt, Options};
use crate::run::Run;
use crate::seed::Stream;
use crate::setup::Setup;

/// One field's solver with its problems and starts.
///
/// A problem makes instances, a start makes states, [`solve`](Domain::solve) goes from one to the other and reports.
pub trait Domain: Sized + 'static {
    /// What is solved. Its serialised form is its identity: references are stored under its digest. Skip
    /// (`#[serde(skip)]`) what does not change the optimum, such as the point where this replicate begins.
    type Instance: Serialize + 'static;
    /// What a start makes: where the solver begins, with the solver options that belong to the start. States are
    /// compared by the digest of their serialised form.
    type State: Serialize + 'static;

    /// Who this domain is.
    const ABOUT: About;
    /// Named recipes for instances.
    const PROBLEMS: &'static [Problem<Self>];
    /// The starts; the first is the baseline, against which every other is measured.
    const STARTS: &'static [Start<Self>];
    /// What [`Run::metric`] may record.
    const METRICS: &'static [Metric] = &[];
    /// Claims about starts: published statements and hypotheses, registered with their date.
    const CLAIMS: &'static [Claim] = &[];
    /// What `headstart try` takes for own data, beside the file.
    const OPTIONS: &'static [Opt] = &[];
    /// Settings of the solver whose best value depends on the start: `headstart tune` picks them, for all starts by one procedure.
    const KNOBS: &'static [Knob] = &[];

    /// Solves the instance from the state. Must call [`Run::observe`] at least once, stop as soon as it answers
    /// `Break`, and draw random numbers from [`Run::stream`] alone.
    fn solve(instance: &Self::Instance, state: Self::State, run: &mut Run) -> Result<()>;

    /// Reads an instance from a user's own file. `stream` is for what a replicate redraws (the point where it begins).
    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Self::Instance> {
        let _ = (options, stream);
        Err(format!("{} takes no data of your own (asked to read {})", Self::ABOUT.name, path.display()).into())
    }
}

/// Who a domain is.
#[derive(Clone, Debug)]
pub struct About {
    /// Lower-case name, as on the command line.
    pub name: &'static str,
    /// The question that the domain answers.
    pub question: &'static str,
    /// The deterministic unit of cost, singular: `evaluation`.
    pub work_unit: &'static str,
    /// What [`Run::observe`] reports, for axis labels: `f - f*`.
    pub value_label: &'static str,
    /// Which values are better.
    pub direction: Direction,
    /// Raised whenever results may change; rows of different versions are never mixed.
    pub version: u32,
    /// The work that every start may spend on one trial (tau), where neither problem nor suite says otherwise.
    pub budget: f64,
    /// Own data: a trial counts as solved within this of the best value found, relative to max(1, |best|).
    pub within: f64,
    /// What starts are ranked by, where a problem does not say otherwise: charged work, or a final metric where work to
    /// a target means little (an annealed schedule).
    pub headline: Estimand,
    /// The quantity by which the end of a trial is judged, where a problem does not say otherwise: a metric, where the
    /// observed value does not tell a better end from a worse one.
    pub judged_by: Quantity,
}

impl About {
    /// For what most domains leave as it is: `..About::DEFAULTS`.
    pub const DEFAULTS: Self = Self {
        name: "",
        question: "",
        work_unit: "iteration",
        value_label: "value",
        direction: Direction::Minimise,
        version: 1,
        budget: 1000.0,
        within: 1e-9,
        headline: Estimand::Work { charged: true },
        judged_by: Quantity::Value,
    };
}

/// A named recipe for instances.
pub struct Problem<D: Domain> {
    /// What it says of itself.
    pub info: ProblemInfo,
    /// Draws an instance. The stream is the same for every start.
    pub make: fn(&mut Stream) -> Result<D::Instance>,
    /// The value at which a trial counts as solved.
    pub target: Target<D>,
    /// The starts that make sense here.
    pub starts: Starts,
    /// What is observed here; `None` takes the domain's value label.
    pub value_label: Option<&'static str>,
    /// What starts are ranked by here; `None` takes the domain's.
    pub headline: Option<Estimand>,
    /// The metric by which the end of a trial is judged, where the observed value does not tell a better end from a
    /// worse one (a gradient norm); `None` takes the domain's.
    pub judged_by: Option<&'static str>,
}

impl<D: Domain> Problem<D> {
    /// A problem for all starts, with the domain's budget.
    pub const fn new(
        name: &'static str,
        about: &'static str,
        make: fn(&mut Stream) -> Result<D::Instance>,
        target: Target<D>,
    ) -> Self {
        Self {
            info: ProblemInfo::new(name, about),
            make,
            target,
            starts: Starts::All,
            value_label: None,
            headline: None,
            judged_by: None,
        }
    }

    /// Sets [`starts`](Self::starts).
    #[must_use]
    pub const fn starts(mut self, starts: Starts) -> Self {
        self.starts = starts;
        self
    }

    /// Sets [`resolution`](ProblemInfo::resolution).
    #[must_use]
    pub const fn resolution(mut self, resolution: f64) -> Self {
        self.info.resolution = resolution;
        self
    }

    /// Sets [`budget`](ProblemInfo::budget).
    #[must_use]
    pub const fn budget(mut self, work: f64) -> Self {
        self.info.budget = Some(work);
        self
    }

    /// Sets [`value_label`](Self::value_label).
    #[must_use]
    pub const fn value_label(mut self, label: &'static str) -> Self {
        self.value_label = Some(label);
        self
    }

    /// Sets [`headline`](Self::headline).
    #[must_use]
    pub const fn headline(mut self, estimand: Estimand) -> Self {
        put(&mut self.headline, Some(estimand));
        self
    }

    /// Sets [`judged_by`](Self::judged_by).
    #[must_use]
    pub const fn judged_by(mut self, metric: &'static str) -> Self {
        self.judged_by = Some(metric);
        self
    }

    /// Sets [`stop_at_target`](ProblemInfo::stop_at_target).
    #[must_use]
    pub const fn stop_at_target(mut self) -> Self {
        self.info.stop_at_target = true;
        self
    }

    /// Sets [`hard`](ProblemInfo::hard).
    #[must_use]
    pub const fn hard(mut self) -> Self {
        self.info.hard = true;
        self
    }
}

/// The value at which a trial counts as solved. It belongs to the instance, never to the start.
pub enum Target<D: Domain> {
    /// Known in advance.
    Known(fn(&D::Instance) -> f64),
    /// Within this of the best value of long runs on streams of their own: `headstart reference` computes it.
    Reference {
        /// Distance to the best value, in units of the value.
        within: f64,
    },
}

/// Which starts a problem takes.
#[derive(Clone, Copy, Debug)]
pub enum Starts {
    /// All of the domain's.
    All,
    /// These alone.
    Only(&'static [&'static str]),
    /// All but these.
    Except(&'static [&'static str]),
}

impl Starts {
    /// Whether the start is among them.
    pub fn contains(self, start: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(&start),
            Self::Except(names) => !names.contains(&start),
        }
    }
}

/// A named strategy for where to begin.
pub struct Start<D: Domain> {
    /// What it says of itself.
    pub info: StartInfo,
    /// Makes the state. The harness takes the time; work is charged with [`Setup::charge`].
    pub make: fn(&D::Instance, &mut Setup) -> Result<D::State>,
}

impl<D: Domain> Start<D> {
    /// A start of its own, not an alias.
    pub const fn new(
        name: &'static str,
        about: &'static str,
        make: fn(&D::Instance, &mut Setup) -> Result<D::State>,
    ) -> Self {
        Self { info: StartInfo::new(name, about), make }
    }

    /// Sets [`may_equal`](StartInfo::may_equal).
    #[must_use]
    pub const fn may_equal(mut self, start: &'static str) -> Self {
        put(&mut self.info.may_equal, Some(Name::Borrowed(start)));
        self
    }

    /// Sets [`made_by_a_use`](StartInfo::made_by_a_use).
    #[must_use]
    pub const fn made_by_a_use(mut self) -> Self {
        self.info.made_by_a_use = true;
        self
    }

    /// Sets [`needs_truth`](StartInfo::needs_truth).
    #[must_use]
    pub const fn needs_truth(mut self) -> Self {
        self.info.needs_truth = true;
        self
    }

    /// Sets [`role`](StartInfo::role).
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.info.role = role;
        self
    }

    /// Sets [`alias_of`](StartInfo::alias_of).
    #[must_use]
    pub const fn alias_of(mut self, start: &'static str) -> Self {
        put(&mut self.info.alias_of, Some(Name::Borrowed(start)));
        self
    }
}
