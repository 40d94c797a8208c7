//! What a trial records.

use headstart_harness::{Figure, Metric, Run, Scatter, Shade};

use crate::Signals;

pub(super) const METRICS: &[Metric] = &[
    Metric::lower(
        "forward",
        "distance from 0 of log10 of the pre-activations' mean square, last hidden layer over first",
    ),
    Metric::lower("backward", "distance from 0 of log10 of the gradients' mean square, first hidden layer over last"),
    Metric::lower(
        "dead",
        "the largest share of units of a hidden layer that answer 0 to every sample, before training",
    ),
    Metric::lower("dead_end", "the same after training"),
    Metric::lower("logit_distance", "distance from 0 of log10 of the variance of attention's logits, before training"),
    Metric::higher("entropy", "mean entropy of a query's attention before training (nats)"),
    Metric::lower("log_det_mean", "size of the mean log-determinant before training"),
    Metric::lower("log_det_spread", "standard deviation over samples of the log-determinant before training"),
    Metric::lower("first_update", "norm of the first change of the weights over the norm of the weights"),
    Metric::lower("sigma", "standard deviation of the weights before training"),
    Metric::lower("best_rate", "the learning rate of Adam with the lowest loss in the end"),
    Metric::lower("best_rate_sgd", "the learning rate of gradient descent with the lowest loss in the end"),
    Metric::lower("best_sgd", "the lowest loss in the end of gradient descent"),
];

/// Signals before the first step.
pub(super) fn record(signals: &Signals, run: &mut Run) {
    let mut note = |name: &str, value: Option<f64>| {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            run.metric(name, value);
        }
    };
    note("forward", Signals::growth(&signals.forward).map(f64::abs));
    note("backward", Signals::growth(&signals.backward).map(f64::abs));
    note("dead", signals.dead.iter().copied().reduce(f64::max));
    note("logit_distance", signals.logit_variance.map(|variance| variance.log10().abs()));
    note("entropy", signals.entropy);
    note("log_det_mean", signals.log_det.map(|(mean, _)| mean.abs()));
    note("log_det_spread", signals.log_det.map(|(_, spread)| spread));
    if run.keeps_files() && signals.forward.len() > 2 {
        run.figure(by_layer(signals));
    }
}

/// log10 of the mean squares, layer by layer.
fn by_layer(signals: &Signals) -> Figure {
    let (mut x, mut y, mut of) = (Vec::new(), Vec::new(), Vec::new());
    for (group, squares) in [&signals.forward, &signals.backward].into_iter().enumerate() {
        for (layer, square) in squares.iter().enumerate().filter(|(_, square)| **square > 0.0 && square.is_finite()) {
            x.push((layer + 1) as f32);
            y.push(square.log10() as f32);
            of.push(group as u32);
        }
    }
    let names = vec!["log10 mean square, forward, by layer".to_owned(), "backward".to_owned()];
    Figure::Scatter(Scatter { x, y, shade: Shade::Groups { of, names } })
}
