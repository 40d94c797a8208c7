//! The domain `umap` of Headstart. This file holds only the wiring; problems, starts and claims are tables in its
//! submodules.

mod claims;
mod cloud;
mod measures;
mod problems;
mod starts;
mod user_data;

use std::ops::ControlFlow;
use std::path::Path;

use headstart_domain::{
    About, Claim, Direction, Domain, Estimand, Metric, Opt, Options, Problem, Result, Run, Start as DomainStart, Stream,
};
use ndarray::ArrayView2;
use rand::Rng;

use crate::quality::effective_loss;
pub use cloud::Cloud;
pub use starts::InitialLayout;

/// The domain `umap`: UMAP from different initial layouts.
pub struct UmapDomain;

impl Domain for UmapDomain {
    type Instance = Cloud;
    type State = InitialLayout;

    const ABOUT: About = About {
        name: "umap",
        question: "When does the spectral layout help, when does it mislead, and when is PCA or a random layout the \
                   better start?",
        work_unit: "epoch",
        value_label: "effective loss per point (nats)",
        direction: Direction::Minimise,
        // 3: the order of sums and the elementary functions no longer depend on the processor or system.
        version: 3,
        budget: 500.0,
        within: 0.01,
        // The learning rate is annealed, so work to a target means little.
        headline: Estimand::metric("spearman"),
        ..About::DEFAULTS
    };
    const PROBLEMS: &'static [Problem<Self>] = problems::PROBLEMS;
    const STARTS: &'static [DomainStart<Self>] = starts::STARTS;
    const METRICS: &'static [Metric] = measures::METRICS;
    const CLAIMS: &'static [Claim] = claims::CLAIMS;
    const OPTIONS: &'static [Opt] = user_data::OPTIONS;

    fn solve(cloud: &Cloud, begin: InitialLayout, run: &mut Run) -> Result<()> {
        let epochs = cloud.epochs().min(run.budget() as usize).max(1);
        let (seed, again) = (run.stream().next_u64(), run.stream().next_u64());
        let due = cloud.evaluations(epochs);
        let whole = &cloud.whole;
        let loss = |layout: ArrayView2<'_, f32>| {
            // The descent has checked that the layout is finite. If it were not, NaN would fail the trial.
            effective_loss(&whole.graph, layout, cloud.curve, cloud.descent(epochs).negatives)
                .map_or(f64::NAN, |loss| loss / whole.graph.len() as f64)
        };
        let done = cloud.descent(epochs).run(&whole.pruned, begin.layout.clone(), seed, &mut |progress| {
            if !due.contains(&progress.epochs) {
                return ControlFlow::Continue(());
            }
            run.observe(progress.epochs as f64, || loss(progress.layout.view()))
        })?;
        let descent = run.seconds();
        run.timing("fit_seconds", whole.seconds + begin.seconds + descent);
        run.metric("edge-samples", done.edge_samples as f64);
        cloud.notes.iter().for_each(|note| run.remark(note));
        measures::health(&begin, run);
        measures::layout(cloud, &begin, &done.layout, epochs, again, run)?;
        user_data::outputs(cloud, &done.layout, run);
        Ok(())
    }

    fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Cloud> {
        user_data::open(path, options, stream)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_contract_holds() {
        headstart_domain::conformance::<super::UmapDomain>();
    }
}
