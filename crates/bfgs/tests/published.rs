//! The published test functions: BFGS ends in a published minimum from each published starting point.

use std::ops::ControlFlow;

use headstart_bfgs::problem::{Function, PUBLISHED, published};
use headstart_bfgs::{Options, minimize, start};

/// The final value is one of the published minima: to five digits, or below 1e-9 if the minimum is zero.
#[test]
fn runs_end_in_a_published_minimum() {
    for member in 0..PUBLISHED {
        let instance = published(member).unwrap();
        let Function::Published(function) = &instance.function else { panic!("another function") };
        let options = Options { gradient_tolerance: 1e-9, max_evaluations: 5000, ..Options::default() };
        let start = start::nocedal_wright().0;
        let end = minimize(&instance, &instance.x0, &start, &options, &mut |_| ControlFlow::Continue(())).unwrap();
        let near = |minimum: f64| {
            (end.value - minimum).abs() <= 1e-5 * minimum.abs() + 1e-9 * f64::from(u8::from(minimum == 0.0))
        };
        assert!(
            function.minima().iter().any(|minimum| near(*minimum)),
            "{}: {:e} after {} ({:?})",
            function.name(),
            end.value,
            end.evaluations,
            end.status
        );
    }
}
