//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule};

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

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        control: Some("pilot-scalar"),
        ..claim(
            "bfgs-1",
            "a pilot's whole inverse Hessian saves evaluations where runs share a Hessian",
            "O'Leary and Yeremin 1994",
            uncharged("pilot-full", "identity", 1.3),
            Over::These(ONE_HESSIAN),
            Rule::Each,
        )
    },
    claim(
        "bfgs-2",
        "ten pairs of the pilot are worth more than its scalar alone",
        "Morales and Nocedal 2000",
        uncharged("pilot-last-10", "pilot-scalar", 1.1),
        Over::All,
        Rule::Pooled,
    ),
    claim(
        "bfgs-3",
        "a scalar from the pilot beats the identity",
        "Shanno and Phua 1978",
        uncharged("pilot-scalar", "identity", 1.3),
        Over::All,
        Rule::Pooled,
    ),
    claim(
        "bfgs-4",
        "rescaling H0 after the first step saves evaluations",
        "Nocedal and Wright (6.20)",
        charged("nocedal-wright", "identity", 1.1),
        Over::These(QUADRATICS),
        Rule::Each,
    ),
    claim(
        "bfgs-5",
        "in curved valleys curvature does not carry over: one scalar beats the pilot's matrix",
        "curvature does not carry over",
        uncharged("nocedal-wright", "pilot-full", 1.2),
        Over::These(&["rosenbrock-100", "lennard-jones-13"]),
        Rule::Each,
    ),
    Claim {
        control: Some("pilot-scalar-capped"),
        ..claim(
            "bfgs-6",
            "what recycled pairs lack is a bound on the first step",
            "step control, not curvature",
            uncharged("pilot-last-10-capped", "pilot-last-10", 1.2),
            Over::These(&["lennard-jones-13", "broyden-100"]),
            Rule::Each,
        )
    },
    claim(
        "bfgs-7",
        "a pilot pays for itself with one use",
        "reuse must pay",
        charged("pilot-full", "identity", 1.0),
        Over::All,
        Rule::Pooled,
    ),
    claim(
        "bfgs-8",
        "fewer evaluations a run make a better multi-start: the cost of finding the best known minimum falls",
        "fewer evaluations make a better multi-start",
        charged("pilot-last-10-capped", "nocedal-wright", 1.2),
        Over::These(&["lennard-jones-13-restarts"]),
        Rule::Each,
    ),
];

const fn claim(
    id: &'static str,
    statement: &'static str,
    source: &'static str,
    kind: Kind,
    over: Over,
    rule: Rule,
) -> Claim {
    Claim { id, statement, source, registered: "2026-11-23", kind, over, rule, control: None }
}

const fn charged(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::Superior { start, rival, estimand: Estimand::Work { charged: true }, margin }
}

const fn uncharged(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::Superior { start, rival, estimand: Estimand::Work { charged: false }, margin }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problems::PROBLEMS;

    #[test]
    fn no_quadratic_is_left_out() {
        let names = PROBLEMS.iter().map(|problem| problem.name);
        assert!(names.filter(|name| name.starts_with("quadratic-")).eq(QUADRATICS.iter().copied()));
        assert_eq!(ONE_HESSIAN.last(), Some(&"rastrigin-20"));
    }
}
