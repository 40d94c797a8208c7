//! The claims of this domain, registered before any run.

use headstart_domain::{Claim, Estimand, Kind, Rule};

/// The quadratics, which have a single Hessian, followed by the problem whose minima share their curvature.
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

/// The problems that are no quadratics, without that of restarts.
const OTHERS: &[&str] = &[
    "rosenbrock-100",
    "rosenbrock-1000",
    "powell-singular-100",
    "broyden-100",
    "logistic-winequality",
    "logistic-correlated",
    "mlp-diabetes",
    "gaussian-process-12",
    "rastrigin-20",
    "lennard-jones-13",
    "lennard-jones-38",
];

/// The problems of the first registration.
const FIRST: &[&str] = &[
    "quadratic-100-cond1e2",
    "quadratic-100-cond1e4",
    "quadratic-100-cond1e4-units1e-4",
    "quadratic-100-cond1e4-units1e4",
    "quadratic-100-cond1e6",
    "quadratic-100-cond1e8",
    "quadratic-200-outliers",
    "rosenbrock-100",
    "rosenbrock-1000",
    "powell-singular-100",
    "broyden-100",
    "logistic-winequality",
    "logistic-correlated",
    "mlp-diabetes",
    "gaussian-process-12",
    "rastrigin-20",
    "lennard-jones-13",
    "lennard-jones-38",
    "lennard-jones-13-restarts",
];

/// Those that take a full matrix, followed by that of restarts.
const FIRST_WITH_MATRIX: &[&str] = &[
    "quadratic-100-cond1e2",
    "quadratic-100-cond1e4",
    "quadratic-100-cond1e4-units1e-4",
    "quadratic-100-cond1e4-units1e4",
    "quadratic-100-cond1e6",
    "quadratic-100-cond1e8",
    "quadratic-200-outliers",
    "rosenbrock-100",
    "powell-singular-100",
    "broyden-100",
    "logistic-winequality",
    "logistic-correlated",
    "mlp-diabetes",
    "gaussian-process-12",
    "rastrigin-20",
    "lennard-jones-13",
    "lennard-jones-38",
    "lennard-jones-13-restarts",
];

/// The problems of a single run that take a full matrix.
const WITH_MATRIX: &[&str] = match FIRST_WITH_MATRIX.split_last() {
    Some((_, single)) => single,
    None => &[],
};

/// Dates of registration.
const REGISTERED: &str = "2026-11-23";
const ADDED: &str = "2026-12-01";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "bfgs-1",
        "on the quadratics and rastrigin-20, where runs share a Hessian, pilot-full needs fewer evaluations than \
         identity, not counting the pilot",
        "this project's hypothesis; cf. O'Leary and Yeremin 1994, Linear Algebra and its Applications 212-213",
        REGISTERED,
        uncharged("pilot-full", "identity", 1.3),
    )
    .over(ONE_HESSIAN)
    .control("pilot-scalar")
    .expected("supported"),
    Claim::new(
        "bfgs-2",
        "over all problems but published-36, pilot-last-10, with ten pairs of the pilot, needs fewer evaluations than pilot-scalar, \
         with its scalar alone, not counting the pilot",
        "this project's hypothesis; Morales and Nocedal 2000, SIAM Journal on Optimization 10, recycle pairs as a \
         preconditioner of conjugate gradients on a sequence of neighbouring systems, not for a new start",
        REGISTERED,
        uncharged("pilot-last-10", "pilot-scalar", 1.1),
    )
    .over(FIRST)
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "bfgs-3",
        "over all problems but published-36, pilot-scalar, with one scalar of the pilot, needs fewer evaluations than identity, not \
         counting the pilot",
        "this project's hypothesis; cf. Shanno and Phua 1978, Mathematical Programming 14",
        REGISTERED,
        uncharged("pilot-scalar", "identity", 1.3),
    )
    .over(FIRST)
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "bfgs-4",
        "on the quadratics, whose least eigenvalue is 1 in their unit of f, nocedal-wright, which rescales H0 after the \
         first step, needs fewer evaluations than identity",
        "Nocedal and Wright 2006, Numerical Optimization (6.20)",
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
        "in the curved valleys of rosenbrock-100 and lennard-jones-13 curvature does not carry over: nocedal-wright, \
         with one scalar, needs fewer evaluations than pilot-full, not counting the pilot",
        "this project's hypothesis",
        REGISTERED,
        uncharged("nocedal-wright", "pilot-full", 1.2),
    )
    .over(&["rosenbrock-100", "lennard-jones-13"])
    .expected("supported"),
    Claim::new(
        "bfgs-6",
        "recycled pairs lack a bound on the first step: pilot-last-10-capped needs fewer evaluations than \
         pilot-last-10 on lennard-jones-13 and broyden-100, not counting the pilot",
        "this project's hypothesis",
        REGISTERED,
        uncharged("pilot-last-10-capped", "pilot-last-10", 1.2),
    )
    .over(&["lennard-jones-13", "broyden-100"])
    .control("pilot-scalar-capped")
    .expected("supported"),
    Claim::new(
        "bfgs-7",
        "a pilot pays for itself with one use: over all problems but published-36, pilot-full, charged with its pilot, needs fewer \
         evaluations than identity",
        "this project's hypothesis",
        REGISTERED,
        charged("pilot-full", "identity", 1.0),
    )
    .over(FIRST_WITH_MATRIX)
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "bfgs-8",
        "fewer evaluations per run make a better multi-start: on lennard-jones-13-restarts pilot-last-10-capped, \
         charged with its pilot, finds the best known minimum at a lower cost than nocedal-wright",
        "this project's hypothesis",
        REGISTERED,
        charged("pilot-last-10-capped", "nocedal-wright", 1.2),
    )
    .over(&["lennard-jones-13-restarts"])
    .expected("inconclusive"),
    Claim::new(
        "bfgs-4b",
        "over the problems that are no quadratics nocedal-wright, which rescales H0 after the first step, needs fewer \
         evaluations than identity",
        "Nocedal and Wright 2006, Numerical Optimization (6.20)",
        ADDED,
        charged("nocedal-wright", "identity", 1.1),
    )
    .over(OTHERS)
    .rule(Rule::Pooled)
    .expected("supported")
    .published(
        "Nocedal and Wright",
        2006,
        "section 6.1, (6.20); the rule is that of Shanno and Phua 1978",
        "to rescale the first matrix after the first step and before the first update is often quite effective",
    ),
    Claim::new(
        "bfgs-9",
        "a pilot that stops early pays for itself with one use: over the problems with a full matrix \
         pilot-early-scalar, charged with its pilot, needs fewer evaluations than identity",
        "this project's hypothesis",
        ADDED,
        charged("pilot-early-scalar", "identity", 1.0),
    )
    .over(WITH_MATRIX)
    .rule(Rule::Pooled)
    .expected("inconclusive"),
    Claim::new(
        "bfgs-10",
        "in curved valleys, on rosenbrock-100 and powell-singular-100, the scalar of an early pilot serves better: \
         pilot-early-scalar needs fewer evaluations than pilot-scalar, not counting the pilot",
        "this project's hypothesis",
        ADDED,
        uncharged("pilot-early-scalar", "pilot-scalar", 1.2),
    )
    .over(&["rosenbrock-100", "powell-singular-100"])
    .expected("supported"),
    Claim::new(
        "bfgs-11",
        "over the problems with a full matrix, the matrix of an early pilot beats its scalar: pilot-early-full needs \
         fewer evaluations than pilot-early-scalar, not counting the pilot",
        "this project's hypothesis",
        ADDED,
        uncharged("pilot-early-full", "pilot-early-scalar", 1.1),
    )
    .over(WITH_MATRIX)
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "bfgs-12",
        "on published-36, test functions from the literature at their published x0, nocedal-wright, which rescales H0 after \
         the first step, needs fewer evaluations than identity",
        "Nocedal and Wright 2006, Numerical Optimization (6.20)",
        ADDED,
        charged("nocedal-wright", "identity", 1.1),
    )
    .over(&["published-36"])
    .expected("supported"),
    Claim::new(
        "bfgs-13",
        "over the problems with a full matrix, short steps outside of the span of the pairs help: pilot-last-10-two-scales needs \
         fewer evaluations than pilot-last-10, not counting the pilot",
        "Brust, Burdakov, Erway and Marcia 2019, Computational Optimization and Applications 74, who use two scales in \
         L-BFGS with trust regions, not for a new start",
        ADDED,
        uncharged("pilot-last-10-two-scales", "pilot-last-10", 1.1),
    )
    .over(WITH_MATRIX)
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "bfgs-14",
        "over the problems with a full matrix, a diagonal beats a scalar: pilot-diagonal needs fewer evaluations than \
         pilot-scalar, not counting the pilot",
        "Gilbert and Lemaréchal 1989, Mathematical Programming 45, who scale L-BFGS by this diagonal in each step, not at a \
         new start",
        ADDED,
        uncharged("pilot-diagonal", "pilot-scalar", 1.1),
    )
    .over(WITH_MATRIX)
    .rule(Rule::Pooled)
    .expected("supported"),
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
    fn the_list_holds_every_quadratic() {
        let names = PROBLEMS.iter().map(|problem| &*problem.info.name);
        assert!(names.filter(|name| name.starts_with("quadratic-")).eq(QUADRATICS.iter().copied()));
        assert_eq!(ONE_HESSIAN.last(), Some(&"rastrigin-20"));
    }
}
