//! The domain `lottery` of Headstart: wiring only. Problems, starts and claims are tables beside this file.

mod claims;
mod instance;
mod measures;
mod own;
mod problems;
mod starts;
mod trial;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Knob, Metric, Opt, Options, Problem, Result, Run, Start as Entry, Stream,
};

pub use instance::{Experiment, Instance};
pub use starts::Begin;

/// Training under a mask of the user's choice.
pub struct LotteryDomain;

impl Domain for LotteryDomain {
    type Instance = Instance;
    type State = Begin;

    const ABOUT: About = About {
        name: "lottery",
        question: "Does a mask found by pruning one network serve another, and what in it is it that transfers?",
        work_unit: "step",
        value_label: "error",
        direction: Direction::Minimise,
        version: 1,
        budget: problems::DENSE_STEPS as f64,
        within: 0.01,
        headline: headstart_domain::Estimand::VALUE,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [Entry<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const KNOBS: &'static [Knob] = &[trial::RATE];
    const OPTIONS: &'static [Opt] = own::OPTIONS;

    fn solve(instance: &Instance, begin: Begin, run: &mut Run) -> Result<()> {
        trial::training(instance, &begin, run)
    }

    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Instance> {
        own::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::LotteryDomain>();
    }
}
