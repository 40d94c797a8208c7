//! The claims of this domain, as registered before any data; those with another date were added then.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

const WORK: Estimand = Estimand::Work { charged: true };

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";
/// When the fair version was added, after the rows of the record: varinit-6 compares unequal sums of variances.
const FAIR: &str = "2026-11-30";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "varinit-1",
        "variance 2 / n trains deep ReLU networks in fewer steps than Xavier's",
        "He et al. 2015",
        REGISTERED,
        Kind::superior("he", "xavier", WORK, 1.5),
    )
    .over(&["deep-relu-sgd", "deep-relu-adam", "deep-relu-12-sgd", "deep-relu-12-adam"])
    .control("orthogonal-xavier")
    .expected("supported")
    .published(
        "He et al.",
        2015,
        "section 2.2, figures 2 and 3",
        "22 ReLU layers learn earlier with variance 2 / n than with Xavier's, and 30 layers learn with it alone",
    ),
    Claim::new(
        "varinit-2",
        "the rule of PReLU trains 20 layers of slope 0.5 in fewer steps than plain He",
        "PReLU variance",
        REGISTERED,
        Kind::superior("prelu-rule", "he", WORK, 1.2),
    )
    .over(&["prelu-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-3",
        "weights made smaller for dropout train in fewer steps than plain He",
        "dropout variance",
        REGISTERED,
        Kind::superior("dropout-rule", "he", WORK, 1.2),
    )
    .over(&["dropout-sgd"])
    .control("rule-quarter")
    .expected("supported"),
    Claim::new(
        "varinit-4",
        "attention whose logits have unit variance learns recall in fewer steps than with variance 81",
        "attention scale",
        REGISTERED,
        Kind::superior("unit-logits", "logits-81", WORK, 1.2),
    )
    .over(&["recall-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-4b",
        "and in fewer than with variance 1e-4",
        "attention scale",
        REGISTERED,
        Kind::superior("unit-logits", "logits-1e-4", WORK, 1.2),
    )
    .over(&["recall-sgd"])
    .expected("supported"),
    Claim::new(
        "varinit-5",
        "Adam hides small logits: variance 1e-4 does as well as 1",
        "Adam hides small scales",
        REGISTERED,
        Kind::equivalent("unit-logits", "logits-1e-4", WORK, 1.25),
    )
    .over(&["recall-adam"])
    .expected("supported"),
    Claim::new(
        "varinit-6",
        "branches of equal shares train in fewer steps than branches that are each scaled by themselves",
        "branch balance",
        REGISTERED,
        Kind::superior("balanced-branches", "he-per-branch", WORK, 2.0),
    )
    .over(&["branches-sgd", "branches-adam"])
    .control("equal-total")
    .expected("unspecific"),
    Claim::new(
        "varinit-6b",
        "at one sum of variances, branches of equal shares train in fewer steps than branches of equal variance",
        "branch balance; in varinit-6 the sum of the variances differs as well as the shares",
        FAIR,
        Kind::superior("balanced-branches", "equal-total", WORK, 2.0),
    )
    .over(&["branches-sgd", "branches-adam"]),
    Claim::new(
        "varinit-7",
        "a first layer that undoes the inputs' covariance learns targets in directions of little variance in \
         fewer steps",
        "Mahalanobis scaling",
        REGISTERED,
        Kind::superior("mahalanobis", "isotropic", WORK, 1.2),
    )
    .over(&["low-variance-sgd", "low-variance-adam"])
    .control("diagonal")
    .expected("supported"),
    Claim::new(
        "varinit-8",
        "and targets in the direction of most variance",
        "Mahalanobis scaling",
        REGISTERED,
        Kind::superior("mahalanobis", "isotropic", WORK, 1.2),
    )
    .over(&["top-component-sgd", "top-component-adam"])
    .expected("refuted"),
    Claim::new(
        "varinit-9",
        "flows whose scale networks begin by Xavier, with log-determinants near 0, learn in fewer steps than \
         from N(0, 1)",
        "log-det near 0",
        REGISTERED,
        Kind::superior("xavier", "normal-1", WORK, 1.2),
    )
    .over(&["flow-moons", "flow-ring"])
    .control("zero-last")
    .expected("supported"),
    Claim::new(
        "varinit-10",
        "a small positive bias leaves fewer ReLUs dead",
        "small positive bias",
        REGISTERED,
        Kind::superior("bias-plus-0.1", "bias-0", Estimand::metric("dead"), 0.05),
    )
    .over(&["dead-relu"])
    .expected("refuted")
    .published(
        "Goodfellow, Bengio and Courville",
        2016,
        "section 6.3.1",
        "biases of 0.1 make it very likely that rectified units are active at first for most inputs",
    ),
    Claim::new(
        "varinit-11",
        "at rate rho sigma Adam's first step changes the weights by rho of their norm, whatever sigma",
        "Adam's first step",
        REGISTERED,
        Kind::equivalent("adam-scaled", "exact-step", Estimand::metric_ratio("first_update"), 1.05),
    )
    .over(&["first-step-0.01", "first-step-0.05", "first-step-0.2"])
    .control("sgd-fixed")
    .expected("supported"),
    Claim::new(
        "varinit-12",
        "over standard deviations of the weights the best rate of Adam rises with sigma",
        "lr proportional to sigma",
        REGISTERED,
        Kind::Association { of: Estimand::metric("sigma"), with: Estimand::metric("best_rate"), sign: Sign::Positive },
    )
    .over(&["rate-grid"])
    .rule(Rule::Pooled)
    .control("best_rate_sgd")
    .expected("open"),
];
