//! The domain `motif` of Headstart. This file only connects the parts; problems, starts and claims are tables in the
//! submodules.

mod claims;
mod dataset;
mod measures;
mod problems;
mod search;
mod starts;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Estimand, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};

pub use dataset::Dataset;
use search::Search;
pub use starts::Seeds;

/// EM motif discovery from given initial matrices.
pub struct MotifDomain;

impl Domain for MotifDomain {
    type Instance = Dataset;
    type State = Seeds;

    const ABOUT: About = About {
        name: "motif",
        question: "Which seed of EM finds the motif, at what cost, and does a higher likelihood mean a better motif?",
        work_unit: "iteration",
        value_label: "log-likelihood ratio (nats)",
        value_decimals: Some(2),
        direction: Direction::Maximise,
        // 2: sums have the same order on every processor, and elementary functions do not depend on the system.
        version: 2,
        budget: problems::BUDGET,
        within: 0.01,
        headline: Estimand::VALUE,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(data: &Dataset, seeds: Seeds, run: &mut Run) -> Result<()> {
        let mut search = Search::new(data);
        search.all(&seeds, run)?;
        if data.restarts {
            search.restart(run)?;
        }
        search.best.map_or(Ok(()), |found| measures::record(data, &seeds, &found, &search.climbs, run))
    }

    fn open(path: &Path, options: &Options, _: &mut Stream) -> Result<Dataset> {
        user_data::open(path, options)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::MotifDomain>();
    }
}
