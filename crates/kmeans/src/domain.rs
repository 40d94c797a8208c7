//! The domain `kmeans` of Headstart, and the worked example of docs/ADD-A-DOMAIN.md.
//!
//! The rest of the crate does not depend on the benchmark: [`mixture`] draws points, `start` chooses the initial
//! centres, and [`lloyd`] moves them until they converge. This file defines what the benchmark runs and measures.

use std::path::Path;

use headstart_domain::{
    About, Claim, Domain, Estimand, Kind, Opt, Options, Problem, Result, Run, Setup, Start, Stream, Target,
};
use headstart_table::options;
use headstart_table::{Dataset, Purpose, ReadOptions};
use ndarray::Array2;
use serde::Serialize;

use crate::start::{self, Seeding};
use crate::{Task, lloyd, mixture};

/// k-means from given initial centres.
pub struct KMeansDomain;

/// An instance: points and the number of clusters.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Clustering {
    task: Task,
    /// Notes on how the user's table was read. Not serialised: they do not change the optimum.
    #[serde(skip)]
    remarks: Vec<String>,
}

impl From<Task> for Clustering {
    fn from(task: Task) -> Self {
        Self { task, remarks: Vec::new() }
    }
}

impl Domain for KMeansDomain {
    type Instance = Clustering;
    /// The result of a start: the initial centres and their cost.
    type State = Seeding;

    const ABOUT: About = About {
        name: "kmeans",
        question: "Do the seedings of k-means repay their cost, and do they find better clusters?",
        // The unit of work of starts and solver: one distance between a point and a centre.
        work_unit: "distance",
        // Raised whenever results may change. 2: Lloyd's iteration stops relative to the scale of the points.
        version: 2,
        // The objective: the mean squared distance between a point and its nearest centre.
        value_label: "inertia",
        // Maximum number of distances in a trial.
        budget: 1e7,
        // On the user's own data a trial is solved within 1% of the median descent of the best inertia found.
        within: 0.01,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = PROBLEMS;
    const STARTS: &'static [Start<Self>] = STARTS;
    const CLAIMS: &'static [Claim] = CLAIMS;
    const OPTIONS: &'static [Opt] = OPTIONS;

    /// Runs the solver. Reports the inertia after each iteration, with the distances computed so far.
    fn solve(clustering: &Clustering, begin: Seeding, run: &mut Run) -> Result<()> {
        clustering.remarks.iter().for_each(|remark| run.remark(remark));
        lloyd(&clustering.task, begin.centres, |work, inertia| run.observe(work, || inertia))?;
        Ok(())
    }

    /// Reads the points from a user's own table.
    fn open(path: &Path, options: &Options, _: &mut Stream) -> Result<Clustering> {
        let read = ReadOptions::from_values(Purpose::Show, |name| options.get(name))?;
        let table = Dataset::read(path, &read)?;
        let clusters = options.parse("clusters")?.unwrap_or(8);
        Ok(Clustering { task: Task::new(table.x, clusters)?, remarks: table.notes })
    }
}

/// Three planted mixtures, drawn again for each replicate, and two real tables.
const PROBLEMS: &[Problem<KMeansDomain>] = &[
    problem("apart-20", "20 well separated normal clusters of 50 points in the plane", apart_20, 0.02),
    problem("touching-20", "20 normal clusters of 50 points in the plane that touch each other", touching_20, 0.02),
    problem("apart-50-in-10", "50 normal clusters of 20 points in ten dimensions", apart_50_in_10, 0.1),
    problem("iris", "iris table of linfa-datasets, standardised, 3 clusters", iris, 0.005),
    problem("wine", "wine quality table of linfa-datasets, standardised, 10 clusters", wine, 0.02),
];

/// Makes a problem whose instances are drawn by `make`. The lowest inertia is not known, so the target is the best
/// inertia that reference runs found (`headstart reference kmeans`), within this relative tolerance.
const fn problem(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Clustering>,
    within: f64,
) -> Problem<KMeansDomain> {
    Problem::new(name, about, make, Target::Reference { within })
        // Final values that differ by less count as equal.
        .resolution(1e-9)
        // Allows that no start reaches the target within the budget.
        .hard()
}

fn apart_20(stream: &mut Stream) -> Result<Clustering> {
    Ok(mixture(20, 50, 2, 60.0, stream)?.into())
}

fn touching_20(stream: &mut Stream) -> Result<Clustering> {
    Ok(mixture(20, 50, 2, 15.0, stream)?.into())
}

fn apart_50_in_10(stream: &mut Stream) -> Result<Clustering> {
    Ok(mixture(50, 20, 10, 20.0, stream)?.into())
}

fn iris(_: &mut Stream) -> Result<Clustering> {
    Ok(Task::new(standardised(linfa_datasets::iris().records), 3)?.into())
}

fn wine(_: &mut Stream) -> Result<Clustering> {
    Ok(Task::new(standardised(linfa_datasets::winequality().records), 10)?.into())
}

/// Scales columns to mean 0 and standard deviation 1.
///
/// `headstart_table::standardise` rounds the last digits differently, and recorded results depend on every bit.
fn standardised(mut points: Array2<f64>) -> Array2<f64> {
    for mut column in points.columns_mut() {
        let mean = column.mean().unwrap_or(0.0);
        let deviation = column.std(0.0).max(f64::MIN_POSITIVE);
        column.mapv_inplace(|x| (x - mean) / deviation);
    }
    points
}

/// The starts. The first is the baseline, with which all others are compared.
const STARTS: &[Start<KMeansDomain>] = &[
    Start::new("random", "random points, drawn without replacement (Forgy 1965)", random),
    Start::new("plus-plus", "k-means++ (Arthur and Vassilvitskii 2007)", plus_plus),
    Start::new("parallel", "k-means|| (Bahmani et al. 2012)", parallel),
    Start::new(
        "furthest-first",
        "each next centre is the point furthest from all centres so far (Gonzalez 1985)",
        furthest_first,
    ),
];

fn random(clustering: &Clustering, setup: &mut Setup) -> Result<Seeding> {
    charged(start::random(&clustering.task, setup.stream()), setup)
}

fn plus_plus(clustering: &Clustering, setup: &mut Setup) -> Result<Seeding> {
    charged(start::plus_plus(&clustering.task, setup.stream()), setup)
}

fn parallel(clustering: &Clustering, setup: &mut Setup) -> Result<Seeding> {
    charged(start::parallel(&clustering.task, setup.stream()), setup)
}

fn furthest_first(clustering: &Clustering, setup: &mut Setup) -> Result<Seeding> {
    charged(start::furthest_first(&clustering.task, setup.stream()), setup)
}

/// Charges a start for the distances that it computed.
fn charged(begin: crate::Result<Seeding>, setup: &mut Setup) -> Result<Seeding> {
    let begin = begin?;
    setup.charge(begin.distances);
    Ok(begin)
}

/// The problems of the claims.
const APART: &[&str] = &["apart-20", "apart-50-in-10"];
/// Date of registration, before any run.
const REGISTERED: &str = "2026-11-26";
/// Date of kmeans-1b, the fair version of kmeans-1, added after the runs of the record: hardly any run of either start
/// was near the best, and the source bounds the cost.
const FAIR: &str = "2026-11-30";

/// The claims: published statements and hypotheses of this project.
const CLAIMS: &[Claim] = &[
    Claim::new(
        "kmeans-1",
        "plus-plus ends near the best inertia far more often than random on apart-20 and apart-50-in-10",
        "this project's hypothesis; cf. Arthur and Vassilvitskii 2007, SODA",
        REGISTERED,
        // The success rate is higher by more than 0.3.
        Kind::superior("plus-plus", "random", Estimand::Success, 0.3),
    )
    .over(APART)
    // A control: any start that spreads its centres may do as well.
    .control("furthest-first"),
    Claim::new(
        "kmeans-1b",
        "plus-plus ends with a lower inertia than random on apart-20 and apart-50-in-10",
        "Arthur and Vassilvitskii 2007, SODA",
        FAIR,
        // The final inertia is lower.
        Kind::superior("plus-plus", "random", Estimand::VALUE_RATIO, 1.0),
    )
    .over(APART)
    .control("furthest-first")
    .published(
        "Arthur and Vassilvitskii",
        2007,
        "theorem 1.1 and abstract",
        "the expected cost is at most 8 (ln k + 2) times the least; in experiments it is lower than from random points",
    ),
    Claim::new(
        "kmeans-2",
        "plus-plus reaches the target with less work than random on apart-20 and apart-50-in-10, including the work \
         of the seeding",
        "Arthur and Vassilvitskii 2007, SODA",
        REGISTERED,
        // Work to the target is lower by a factor of more than 1.2.
        Kind::superior("plus-plus", "random", Estimand::Work { charged: true }, 1.2),
    )
    .over(APART)
    .published(
        "Arthur and Vassilvitskii",
        2007,
        "abstract",
        "in experiments the seeding improves the speed of k-means as well as its accuracy",
    ),
    Claim::new(
        "kmeans-3",
        "parallel ends with as low an inertia as plus-plus on apart-20 and apart-50-in-10",
        "Bahmani et al. 2012, Proceedings of the VLDB Endowment 5",
        REGISTERED,
        // Final inertias agree within a factor of 1.1.
        Kind::equivalent("parallel", "plus-plus", Estimand::VALUE_RATIO, 1.1),
    )
    .over(APART)
    .published(
        "Bahmani et al.",
        2012,
        "abstract",
        "k-means|| reaches a nearly optimal solution in a few passes, and outperforms k-means++ in experiments",
    ),
];

/// The options of `headstart try kmeans`: those of every table, and the number of clusters.
const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_SHOW.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::of(options::STANDARDISE.parts()),
    Opt::new("clusters", "N", "number of clusters").default("8"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::KMeansDomain>();
    }
}
