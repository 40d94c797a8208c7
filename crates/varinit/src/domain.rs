//! The Headstart domain `varinit`. This file only connects the parts; problems, starts and claims are tables in its
//! submodules.

mod claims;
mod measures;
mod problems;
mod schedule;
mod starts;
mod trial;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Knob, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};

pub use problems::Instance;
pub use starts::TrainingStart;

/// Training from configurable initial weights.
pub struct VarinitDomain;

impl Domain for VarinitDomain {
    type Instance = Instance;
    type State = TrainingStart;

    const ABOUT: About = About {
        name: "varinit",
        question: "Do the rules that keep the signal's variance hold when measured, and do they shorten training?",
        work_unit: "step",
        value_label: "training loss",
        direction: Direction::Minimise,
        // 2: sums in the same order on every processor, and functions that do not depend on the system.
        version: 2,
        budget: problems::BUDGET,
        within: 0.02,
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const KNOBS: &'static [Knob] = &[trial::RATE];
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(instance: &Instance, begin: TrainingStart, run: &mut Run) -> Result<()> {
        match instance.trial {
            problems::Trial::Training => trial::training(instance, &begin, run),
            problems::Trial::RateGrid => trial::rate_grid(instance, &begin, run),
        }
    }

    fn open(path: &Path, options: &Options, _: &mut Stream) -> Result<Instance> {
        user_data::open(path, options)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::VarinitDomain>();
    }
}
