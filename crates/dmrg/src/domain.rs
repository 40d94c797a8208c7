//! The domain `dmrg` of Headstart. This file holds only the wiring; problems, starts and claims are tables in its
//! submodules.

mod claims;
mod data;
mod measures;
mod molecules;
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

/// The domain `dmrg`: two-site DMRG from different starting states.
pub struct DmrgDomain;

/// A run ends when its energy changes by at most this over two half-sweeps, in Hartree or units of J or t.
const CONVERGED: f64 = 1e-7;

impl Domain for DmrgDomain {
    type Instance = Model;
    type State = Start;

    const ABOUT: About = About {
        name: "dmrg",
        question: "Does a state built from a cheap CI reach the ground state sooner and more reliably than one \
                   determinant or a random state? And is it the start that helps, or would noise alone do?",
        work_unit: "million multiply-add",
        value_label: "energy (Hartree, J or t)",
        value_decimals: Some(6),
        own_value_label: Some("energy (Hartree)"),
        own_distance: Some(("mHa", 1000.0)),
        states: true,
        direction: Direction::Minimise,
        // 5: the local eigensolver no longer converges to inner eigenvectors, which changes every run from a random state; no
        // bond of `ci-deas-warm-up` exceeds the bond dimension.
        // 4: the penalty of representations grows where determinants lie far apart.
        // 3: rows name the state of the end (spin and representation).
        // 2: the order of sums and the elementary functions no longer depend on the processor or system.
        version: 5,
        budget: problems::BUDGET,
        // 1 to 10 microhartree where the sweeps lower the energy by 0.1 to 1 Hartree.
        within: 1e-5,
        headline: Estimand::Work { charged: true },
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(model: &Model, start: Start, run: &mut Run) -> Result<()> {
        model.notes.iter().for_each(|note| run.remark(note));
        let moved = if start.order.is_empty() { None } else { Some(model.in_order(&start.order)?) };
        let model = moved.as_ref().unwrap_or(model);
        let options = start.options(model.half_sweeps, model.bond_dimension, CONVERGED);
        let before = run.off_the_clock(|| measures::InitialMeasures::of(model, &start.state))?;
        // The observer also sees the start, before any work.
        if run.observe(0.0, || before.energy).is_break() {
            before.record(run);
            return Ok(());
        }
        // The lowest energy of the half-sweep counts: at the ends of the chain the state has just been truncated.
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
