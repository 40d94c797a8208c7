//! The Headstart domain `dqn`. This file only connects the parts; problems, starts and claims are tables in its
//! submodules.

mod claims;
mod measures;
mod problems;
mod starts;
mod trial;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Knob, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};

pub use problems::Instance;
pub use starts::InitialAgent;

/// DQN with a configurable initial Q function.
pub struct DqnDomain;

impl Domain for DqnDomain {
    type Instance = Instance;
    type State = InitialAgent;

    const ABOUT: About = About {
        name: "dqn",
        question: "Does an output bias at V_max drive exploration, and when does the optimism wash out?",
        work_unit: "step",
        value_label: "share of the last 50 episodes without the prize",
        direction: Direction::Minimise,
        version: 1,
        budget: 12_000.0,
        within: 0.1,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const KNOBS: &'static [Knob] = &[trial::RATE];
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(instance: &Instance, begin: InitialAgent, run: &mut Run) -> Result<()> {
        trial::training(instance, &begin, run)
    }

    fn open(path: &Path, options: &Options, _: &mut Stream) -> Result<Instance> {
        user_data::open(path, options)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::DqnDomain>();
    }
}
