//! The domain `dmrg` of Headstart: wiring only. Problems, starts and claims are tables beside this file.

mod claims;
mod data;
mod measures;
mod problems;
mod starts;
mod user_data;

use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Estimand, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};

use crate::Dmrg;
use crate::problem::Model;
use crate::start::Start;

/// Two-site DMRG from states of the user's choice.
pub struct DmrgDomain;

/// A run ends when its energy has changed by at most this over two half-sweeps, in Hartree or units of J or t.
const CONVERGED: f64 = 1e-7;

impl Domain for DmrgDomain {
    type Instance = Model;
    type State = Start;

    const ABOUT: About = About {
        name: "dmrg",
        question: "Does a state seeded by a cheap CI reach the ground state sooner and more surely than one determinant or a \
                   random state, and is it the start that helps, or merely the missing noise?",
        work_unit: "million multiply-add",
        value_label: "energy (Hartree, J or t)",
        direction: Direction::Minimise,
        // 2: sums in one order on every processor, and functions that do not depend on the system.
        version: 2,
        budget: problems::BUDGET,
        // Of an energy of -100 Hartree this is 1 microhartree.
        within: 1e-8,
        headline: Estimand::Work { charged: true },
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(model: &Model, start: Start, run: &mut Run) -> Result<()> {
        let options = start.options(model.half_sweeps, model.bond_dimension, CONVERGED);
        let before = run.off_the_clock(|| measures::InitialMeasures::of(model, &start.state))?;
        // Nothing is spent yet, and an observer wants to see where it begins.
        if run.observe(0.0, || before.energy).is_break() {
            before.record(run);
            return Ok(());
        }
        // Of a half-sweep the lowest energy of its steps counts: at the ends of the chain the state has just been cut.
        let (mut lowest, mut path) = (f64::INFINITY, Vec::new());
        let mut rng = run.stream().clone();
        let outcome = Dmrg::new(model.hamiltonian(), &options)?.run(start.state, &mut rng, |step| {
            lowest = lowest.min(step.energy);
            if !step.ends_half_sweep {
                return std::ops::ControlFlow::Continue(());
            }
            path.push(lowest);
            lowest = f64::INFINITY;
            run.observe(step.work, || path[path.len() - 1])
        })?;
        before.record(run);
        measures::record(model, &path, &outcome, run)
    }

    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Model> {
        user_data::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::DmrgDomain>();
    }
}
