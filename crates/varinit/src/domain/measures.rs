//! Metrics and figures of a trial.

use headstart_domain::{Curve, Figure, Lines, Metric, Run};
use headstart_simd::Portable;

use crate::Signals;

pub(super) const METRICS: &[Metric] = &[
    Metric::lower("forward", "|log10| of the ratio of the pre-activations' mean squares, last hidden layer over first"),
    Metric::lower("backward", "|log10| of the ratio of the gradients' mean squares, first hidden layer over last"),
    Metric::lower(
        "dead",
        "largest share, over the hidden layers, of units that are 0 for every sample before training",
    ),
    Metric::lower(
        "dead_end",
        "largest share, over the hidden layers, of units that are 0 for every sample after training",
    ),
    Metric::lower("logit_distance", "|log10| of the variance of the attention logits before training"),
    Metric::higher("entropy", "mean entropy of a query's attention before training (nats)"),
    Metric::lower("log_det_mean", "absolute value of the mean log-determinant before training"),
    Metric::lower("log_det_spread", "standard deviation over samples of the log-determinant before training"),
    Metric::lower("first_update", "norm of the weights' first change over the norm of the weights"),
    Metric::lower("sigma", "standard deviation of the weights before training"),
    Metric::lower("best_rate", "learning rate of Adam with the lowest final loss"),
    Metric::lower("best_rate_sgd", "learning rate of gradient descent with the lowest final loss"),
    Metric::lower("best_sgd", "lowest final loss of gradient descent"),
];

/// Records statistics of the signals before the first step.
pub(super) fn record(signals: &Signals, run: &mut Run) {
    let mut note = |name: &str, value: Option<f64>| {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            run.metric(name, value);
        }
    };
    note("forward", Signals::growth(&signals.forward).map(f64::abs));
    note("backward", Signals::growth(&signals.backward).map(f64::abs));
    note("dead", signals.dead.iter().copied().reduce(f64::max));
    note("logit_distance", signals.logit_variance.map(|variance| variance.portable_log10().abs()));
    note("entropy", signals.entropy);
    note("log_det_mean", signals.log_det.map(|(mean, _)| mean.abs()));
    note("log_det_spread", signals.log_det.map(|(_, spread)| spread));
}

/// The figure of a trial: for deep networks, signals by layer before training; for the others, one quantity over the
/// trial.
pub(super) struct History {
    steps: Vec<f32>,
    values: Vec<f32>,
}

impl History {
    /// Number of measurements along a trial.
    const LOOKS: usize = 40;

    pub(super) const fn new() -> Self {
        Self { steps: Vec::new(), values: Vec::new() }
    }

    /// Returns whether to measure at this step.
    pub(super) fn is_due(signals: &Signals, step: u32, budget: f64) -> bool {
        let stride = (budget / Self::LOOKS as f64).max(1.0) as u32;
        let stride = stride.next_multiple_of(super::schedule::EVERY);
        Self::quantity(signals).is_some() && step.is_multiple_of(stride)
    }

    pub(super) fn push(&mut self, step: u32, signals: &Signals) {
        if let Some((_, value)) = Self::quantity(signals).filter(|(_, value)| value.is_finite()) {
            self.steps.push(step as f32);
            self.values.push(value as f32);
        }
    }

    /// Returns the figure, from the signals before the first step and those recorded since.
    pub(super) fn figure(self, first: &Signals) -> Option<Figure> {
        let Some((what, _)) = Self::quantity(first) else {
            return (first.forward.len() > 2).then(|| by_layer(first));
        };
        let curve = Curve { name: what.to_owned(), x: self.steps, y: self.values };
        Some(Figure::Lines(Lines {
            curves: vec![curve],
            x_label: "steps of training".to_owned(),
            y_label: what.to_owned(),
        }))
    }

    /// Name and value of the quantity shown over a trial.
    fn quantity(signals: &Signals) -> Option<(&'static str, f64)> {
        let dead = || signals.dead.iter().copied().reduce(f64::max);
        match (signals.entropy, signals.log_det) {
            (Some(entropy), _) => Some(("mean entropy of a query's attention (nats)", entropy)),
            (_, Some((_, spread))) => {
                Some(("log10 of the log-determinant's standard deviation", spread.portable_log10()))
            }
            // Deep networks are shown by layer.
            _ if signals.forward.len() > 2 => None,
            _ => dead().map(|dead| ("largest share of dead units (0 for every sample) in a layer", dead)),
        }
    }
}

/// Plots log10 of the mean squares, layer by layer.
fn by_layer(signals: &Signals) -> Figure {
    let curve = |name: &str, squares: &[f64]| {
        let measured = squares.iter().enumerate().filter(|(_, square)| **square > 0.0 && square.is_finite());
        let (x, y) = measured.map(|(layer, square)| ((layer + 1) as f32, square.portable_log10() as f32)).unzip();
        Curve { name: name.to_owned(), x, y }
    };
    Figure::Lines(Lines {
        curves: vec![curve("pre-activations", &signals.forward), curve("their gradients", &signals.backward)],
        x_label: "hidden layer".to_owned(),
        y_label: "log10 of the mean square before training".to_owned(),
    })
}
