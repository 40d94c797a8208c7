//! The claims of this domain, as registered before any data.

use headstart_domain::{Claim, Estimand, Kind, Rule};

/// The problems of one Hessian, and last the one whose minima share their curvature.
const ONE_HESSIAN: &[&str] = &[
    "quadratic-100-cond1e2",
    "quadratic-100-cond1e4",
    "quadratic-100-cond1e4-units1e-4",
    "quadratic-100-cond1e4-units1e4",
    "quadratic-100-cond1e6",
    "quadratic-100-cond1e8",
    "quadratic-200-outliers",
    "rastrigin-20",
];

const QUADRATICS: &[&str] = match ONE_HESSIAN.split_last() {
    Some((_, quadratics)) => quadratics,
    None => &[],
};

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "bfgs-1",
        "a pilot's whole inverse Hessian saves evaluations where runs share a Hessian",
        "O'Leary and Yeremin 1994",
        REGISTERED,
        uncharged("pilot-full", "identity", 1.3),
    )
    .over(ONE_HESSIAN)
    .control("pilot-scalar")
    .expected("supported"),
    Claim::new(
        "bfgs-2",
        "ten pairs of the pilot are worth more than its scalar alone",
        "Morales and Nocedal 2000",
        REGISTERED,
        uncharged("pilot-last-10", "pilot-scalar", 1.1),
    )
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "bfgs-3",
        "a scalar from the pilot beats the identity",
        "Shanno and Phua 1978",
        REGISTERED,
        uncharged("pilot-scalar", "identity", 1.3),
    )
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "bfgs-4",
        "rescaling H0 after the first step saves evaluations",
        "Nocedal and Wright (6.20)",
        REGISTERED,
        charged("nocedal-wright", "identity", 1.1),
    )
    .over(QUADRATICS)
    .expected("refuted")
    .published(
        "Nocedal and Wright",
        2006,
        "section 6.1, (6.20); the rule is that of Shanno and Phua 1978",
        "to rescale the first matrix after the first step and before the first update is often quite effective",
    ),
    Claim::new(
        "bfgs-5",
        "in curved valleys curvature does not carry over: one scalar beats the pilot's matrix",
        "curvature does not carry over",
        REGISTERED,
        uncharged("nocedal-wright", "pilot-full", 1.2),
    )
    .over(&["rosenbrock-100", "lennard-jones-13"])
    .expected("supported"),
    Claim::new(
        "bfgs-6",
        "what recycled pairs lack is a bound on the first step",
        "step control, not curvature",
        REGISTERED,
        uncharged("pilot-last-10-capped", "pilot-last-10", 1.2),
    )
    .over(&["lennard-jones-13", "broyden-100"])
    .control("pilot-scalar-capped")
    .expected("supported"),
    Claim::new(
        "bfgs-7",
        "a pilot pays for itself with one use",
        "reuse must pay",
        REGISTERED,
        charged("pilot-full", "identity", 1.0),
    )
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "bfgs-8",
        "fewer evaluations a run make a better multi-start: the cost of finding the best known minimum falls",
        "fewer evaluations make a better multi-start",
        REGISTERED,
        charged("pilot-last-10-capped", "nocedal-wright", 1.2),
    )
    .over(&["lennard-jones-13-restarts"])
    .expected("inconclusive"),
];

const fn charged(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::superior(start, rival, Estimand::Work { charged: true }, margin)
}

const fn uncharged(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::superior(start, rival, Estimand::Work { charged: false }, margin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problems::PROBLEMS;

    #[test]
    fn no_quadratic_is_left_out() {
        let names = PROBLEMS.iter().map(|problem| &*problem.info.name);
        assert!(names.filter(|name| name.starts_with("quadratic-")).eq(QUADRATICS.iter().copied()));
        assert_eq!(ONE_HESSIAN.last(), Some(&"rastrigin-20"));
    }
}
