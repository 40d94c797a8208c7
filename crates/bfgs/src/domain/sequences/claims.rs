//! The claims of this domain, registered before any run.

use headstart_domain::{Claim, Estimand, Kind, Rule};

/// Date of registration.
const REGISTERED: &str = "2026-12-01";

const OURS: &str = "this project's hypothesis";
const PATHS: &[&str] = &["ridge-path", "ridge-path-wine"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "sequences-1",
        "on every family of sequences warm-x, which begins at the last end, needs fewer evaluations than cold",
        OURS,
        REGISTERED,
        fewer("warm-x", "cold", 1.1),
    )
    .expected("supported"),
    Claim::new(
        "sequences-2",
        "along regularisation paths warm-x+matrix, with the last inverse Hessian, needs fewer evaluations than \
         warm-x+scalar, with its scale alone",
        OURS,
        REGISTERED,
        fewer("warm-x+matrix", "warm-x+scalar", 1.1),
    )
    .over(PATHS)
    .expected("inconclusive"),
    Claim::new(
        "sequences-3",
        "over all families warm-x+matrix needs fewer evaluations than warm-x; a matrix of another sequence does not do it",
        OURS,
        REGISTERED,
        fewer("warm-x+matrix", "warm-x", 1.1),
    )
    .rule(Rule::Pooled)
    .control("warm-x+matrix-elsewhere")
    .expected("supported"),
    Claim::new(
        "sequences-4",
        "over all families warm-x+pairs, with ten pairs of the last run, needs fewer evaluations than warm-x+scalar",
        "this project's hypothesis; Morales and Nocedal 2000, SIAM Journal on Optimization 10, report the same of \
         conjugate gradients on sequences of linear systems",
        REGISTERED,
        fewer("warm-x+pairs", "warm-x+scalar", 1.1),
    )
    .rule(Rule::Pooled)
    .expected("inconclusive"),
    Claim::new(
        "sequences-5",
        "along regularisation paths secant-x, which extrapolates the last two ends, needs fewer evaluations than warm-x",
        OURS,
        REGISTERED,
        fewer("secant-x", "warm-x", 1.1),
    )
    .over(PATHS)
    .expected("supported"),
    Claim::new(
        "sequences-6",
        "over all families the call `recycle`, which chooses between scalar and matrix, needs fewer evaluations than \
         warm-x",
        OURS,
        REGISTERED,
        fewer("recycle", "warm-x", 1.1),
    )
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "sequences-7",
        "along regularisation paths the order matters: warm-x+matrix needs fewer evaluations than warm-x+matrix-shuffled",
        OURS,
        REGISTERED,
        fewer("warm-x+matrix", "warm-x+matrix-shuffled", 1.1),
    )
    .over(PATHS)
    .expected("supported"),
    Claim::new(
        "sequences-8",
        "over all families warm-x+diagonal, with the diagonal of the last inverse Hessian, needs fewer evaluations than \
         warm-x+scalar",
        OURS,
        REGISTERED,
        fewer("warm-x+diagonal", "warm-x+scalar", 1.1),
    )
    .rule(Rule::Pooled)
    .expected("inconclusive"),
];

const fn fewer(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::superior(start, rival, Estimand::Work { charged: true }, margin)
}
