//! The Headstart domain `lottery`. This file only connects the parts; problems, starts and claims are tables in its
//! submodules.

mod claims;
mod instance;
mod measures;
mod problems;
mod starts;
mod trial;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Knob, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};

pub use instance::{Experiment, Instance};
pub use starts::InitialNetwork;

/// Training under a configurable mask.
pub struct LotteryDomain;

impl Domain for LotteryDomain {
    type Instance = Instance;
    type State = InitialNetwork;

    const ABOUT: About = About {
        name: "lottery",
        question: "Does a mask found by pruning one network serve another, and which property of the mask transfers?",
        work_unit: "step",
        value_label: "error",
        direction: Direction::Minimise,
        // 2: sums in the same order on every processor, and functions that do not depend on the system.
        version: 2,
        budget: problems::DENSE_STEPS as f64,
        within: 0.01,
        headline: headstart_domain::Estimand::VALUE,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const KNOBS: &'static [Knob] = &[trial::RATE];
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(instance: &Instance, begin: InitialNetwork, run: &mut Run) -> Result<()> {
        trial::training(instance, &begin, run)
    }

    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Instance> {
        user_data::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::LotteryDomain>();
    }
}
