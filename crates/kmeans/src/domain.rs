//! The domain `kmeans` of Headstart.

use std::path::Path;

use headstart_domain::{
    About, Claim, Domain, Estimand, Kind, Opt, Options, Problem, Result, Run, Setup, Start, Stream, Target,
};
use headstart_table::Table;
use ndarray::Array2;

use crate::start::{self, Begin};
use crate::{Task, lloyd, mixture};

/// Clustering from centres of the user's choice.
pub struct KMeansDomain;

impl Domain for KMeansDomain {
    type Instance = Task;
    type State = Begin;

    const ABOUT: About = About {
        name: "kmeans",
        question: "Do the seedings of k-means pay for themselves, and do they find better clusters?",
        work_unit: "distance",
        value_label: "inertia",
        budget: 1e7,
        within: 0.01,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = &[
        hard("apart-20", "20 clouds of 50 in the plane, well apart", |s| Ok(mixture(20, 50, 2, 60.0, s)?), 0.02),
        hard("touching-20", "20 clouds of 50 in the plane that touch", |s| Ok(mixture(20, 50, 2, 15.0, s)?), 0.02),
        hard("apart-50-in-10", "50 clouds of 20 in ten dimensions", |s| Ok(mixture(50, 20, 10, 20.0, s)?), 0.1),
        hard("iris", "linfa-datasets' irises, 3 clusters", |_| table(linfa_datasets::iris().records, 3), 0.005),
        hard("wine", "its wines, standardised, 10", |_| table(linfa_datasets::winequality().records, 10), 0.02),
    ];
    const STARTS: &'static [Start<Self>] = &[
        Start::new("random", "points drawn without replacement (Forgy)", |t, s| made(start::random(t, s.stream()), s)),
        Start::new("plus-plus", "k-means++", |t, s| made(start::plus_plus(t, s.stream()), s)),
        Start::new("parallel", "k-means||", |t, s| made(start::parallel(t, s.stream()), s)),
        Start::new("furthest-first", "Gonzalez's", |t, s| made(start::furthest_first(t, s.stream()), s)),
    ];
    const CLAIMS: &'static [Claim] = &[
        claim("kmeans-1", "k-means++ ends near the best far more often", PLUS, SURER).control("furthest-first"),
        claim("kmeans-2", "and takes less work, its own included", PLUS, SOONER),
        claim("kmeans-3", "k-means|| ends as well as k-means++", "Bahmani et al. 2012", ALIKE),
    ];
    const OPTIONS: &'static [Opt] =
        &[Opt::new("clusters", "N", "clusters to find").default("8")];

    fn solve(task: &Task, begin: Begin, run: &mut Run) -> Result<()> {
        lloyd(task, begin.centres, |work, inertia| run.observe(work, || inertia))?;
        Ok(())
    }

    fn open(path: &Path, options: &Options, _: &mut Stream) -> Result<Task> {
        let table = Table::read(path)?;
        let columns = (0..table.header.len()).map(|j| table.numbers(j)).collect::<std::result::Result<Vec<_>, _>>()?;
        let views: Vec<_> = columns.iter().map(ndarray::ArrayBase::view).collect();
        Ok(Task::new(ndarray::stack(ndarray::Axis(1), &views)?, options.parse("clusters")?.unwrap_or(8))?)
    }
}

const PLUS: &str = "Arthur and Vassilvitskii 2007";
const SURER: Kind = Kind::superior("plus-plus", "random", Estimand::Success, 0.3);
const SOONER: Kind = Kind::superior("plus-plus", "random", Estimand::Work { charged: true }, 1.2);
const ALIKE: Kind = Kind::equivalent("parallel", "plus-plus", Estimand::VALUE_RATIO, 1.1);
const fn claim(id: &'static str, statement: &'static str, source: &'static str, kind: Kind) -> Claim {
    Claim::new(id, statement, source, "2026-11-26", kind).over(&["apart-20", "apart-50-in-10"])
}

type Make = fn(&mut Stream) -> Result<Task>;
const fn hard(name: &'static str, about: &'static str, make: Make, within: f64) -> Problem<KMeansDomain> {
    Problem::new(name, about, make, Target::Reference { within }).resolution(1e-9).hard()
}

fn made(begin: crate::Result<Begin>, setup: &mut Setup) -> Result<Begin> {
    let begin = begin?;
    setup.charge(begin.distances);
    Ok(begin)
}

/// Columns of mean 0 and variance 1.
fn table(mut points: Array2<f64>, clusters: usize) -> Result<Task> {
    for mut column in points.columns_mut() {
        let (mean, deviation) = (column.mean().unwrap_or(0.0), column.std(0.0).max(f64::MIN_POSITIVE));
        column.mapv_inplace(|x| (x - mean) / deviation);
    }
    Ok(Task::new(points, clusters)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::KMeansDomain>();
    }
}
