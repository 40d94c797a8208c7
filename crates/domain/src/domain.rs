//! The traits and types that the author of a domain needs: domain, problem and start (claims are in claim.rs).

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

/// A solver with its problems and starts.
///
/// A problem draws instances. A start makes the initial state for an instance. [`solve`](Domain::solve) runs the solver
/// on an instance from a state and reports its progress.
pub trait Domain: Sized + 'static {
    /// The instance to solve. It is identified by the digest of its serialised form, under which reference values are
    /// stored. Skip (`#[serde(skip)]`) fields that do not change the optimum, such as the initial point of a replicate.
    type Instance: Serialize + 'static;
    /// The result of a start: the point where the solver begins, with the solver options that belong to the start.
    /// States are compared by the digest of their serialised form.
    type State: Serialize + 'static;

    /// Metadata of the domain.
    const ABOUT: About;
    /// The problems: named distributions of instances.
    const PROBLEMS: &'static [Problem<Self>];
    /// The starts; the first is the baseline, to which all others are compared.
    const STARTS: &'static [Start<Self>];
    /// The metrics that [`Run::metric`] may record.
    const METRICS: &'static [Metric] = &[];
    /// Claims about starts: published statements and hypotheses, registered with their date.
    const CLAIMS: &'static [Claim] = &[];
    /// Options that `headstart try` takes for a user's own data, besides the file.
    const OPTIONS: &'static [Opt] = &[];
    /// Hyperparameters of the solver whose best value depends on the start: `headstart tune` tunes them, by the same
    /// procedure for all starts.
    const KNOBS: &'static [Knob] = &[];

    /// Solves the instance from the state. It must call [`Run::observe`] at least once, stop as soon as it returns
    /// `Break`, and draw random numbers only from [`Run::stream`].
    fn solve(instance: &Self::Instance, state: Self::State, run: &mut Run) -> Result<()>;

    /// Reads an instance from a user's own file. `stream` is for parts that differ between replicates (such as the
    /// initial point).
    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Self::Instance> {
        let _ = (options, stream);
        Err(format!("cannot read {}: {} does not support user data", path.display(), Self::ABOUT.name).into())
    }
}

/// Metadata of a domain, with the defaults of its problems.
#[derive(Clone, Debug)]
pub struct About {
    /// Lower-case name, as on the command line.
    pub name: &'static str,
    /// The question that the domain answers.
    pub question: &'static str,
    /// The deterministic unit of work, in the singular: `evaluation`.
    pub work_unit: &'static str,
    /// Axis label of the value that [`Run::observe`] reports: `f - f*`.
    pub value_label: &'static str,
    /// Which values are better.
    pub direction: Direction,
    /// Version of the results: raise it whenever they may change. Rows of different versions are never mixed.
    pub version: u32,
    /// The work that every start may spend on one trial (tau), unless the problem or the suite sets another budget.
    pub budget: f64,
    /// Tolerance for user data: a trial counts as solved within this fraction of the median descent (from the first value of a
    /// run to the best value of all) of the best value found. If no start reaches that in half of its runs, the median end of
    /// the best start counts instead.
    pub within: f64,
    /// The quantity that starts are ranked by, unless a problem sets another: charged work, or a final metric where
    /// work to a target means little (an annealed schedule).
    pub headline: Estimand,
    /// The quantity by which the final result of a trial is judged, unless a problem sets another: the observed value,
    /// or a metric where the observed value does not tell a better result from a worse one.
    pub judged_by: Quantity,
    /// Axis label of the observed value on user data; `None` takes `value_label`.
    pub own_value_label: Option<&'static str>,
    /// Number of decimals of the value that matter in the field; `None` prints three significant digits.
    pub value_decimals: Option<u8>,
    /// Unit of the distance of an end from the best one on user data, and how many of it are a unit of the value, such as
    /// `("mHa", 1000.0)` for energies in Hartree.
    pub own_distance: Option<(&'static str, f64)>,
    /// Whether the optima that trials name ([`Run::basin`](crate::Run::basin)) answer different questions, such as the
    /// states of a molecule: a start that ends in another one is then told apart from one that fails.
    pub states: bool,
}

impl About {
    /// Default values, for `..About::DEFAULTS`.
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
        own_value_label: None,
        value_decimals: None,
        own_distance: None,
        states: false,
    };
}

/// A named distribution of instances.
pub struct Problem<D: Domain> {
    /// Name, description and settings.
    pub info: ProblemInfo,
    /// Draws an instance. The stream is the same for every start.
    pub make: fn(&mut Stream) -> Result<D::Instance>,
    /// The value at which a trial counts as solved.
    pub target: Target<D>,
    /// The starts that are run on this problem.
    pub starts: Starts,
    /// Axis label of the observed value; `None` takes the domain's.
    pub value_label: Option<&'static str>,
    /// The quantity that starts are ranked by; `None` takes the domain's.
    pub headline: Option<Estimand>,
    /// The metric by which the final result of a trial is judged, where the observed value (a gradient norm) does not
    /// tell a better result from a worse one; `None` takes the domain's.
    pub judged_by: Option<&'static str>,
}

impl<D: Domain> Problem<D> {
    /// Creates a problem for all starts, with the domain's budget.
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

    /// Sets [`members`](ProblemInfo::members): the problem is a list of this many fixed instances, and `make` takes the one
    /// that [`Stream::replicate`] names.
    #[must_use]
    pub const fn members(mut self, count: u64) -> Self {
        self.info.members = Some(count);
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

/// The value at which a trial counts as solved. It depends on the instance, never on the start.
pub enum Target<D: Domain> {
    /// Known in advance.
    Known(fn(&D::Instance) -> f64),
    /// At this distance from the best value of long runs with separate random streams. `headstart reference` computes
    /// the best value.
    Reference {
        /// Distance from the best value, in units of the value.
        within: f64,
    },
}

/// Which starts a problem takes.
#[derive(Clone, Copy, Debug)]
pub enum Starts {
    /// All starts of the domain.
    All,
    /// Only these.
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

/// A named way to choose the point where the solver begins.
pub struct Start<D: Domain> {
    /// Name, description and role.
    pub info: StartInfo,
    /// Makes the state. The harness measures the time; the start reports its work with [`Setup::charge`].
    pub make: fn(&D::Instance, &mut Setup) -> Result<D::State>,
}

impl<D: Domain> Start<D> {
    /// Creates a start that is not an alias of another.
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
