//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule, Sign};

const WORK: Estimand = Estimand::Work { charged: true };

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        control: Some("orthogonal-xavier"),
        ..claim(
            "varinit-1",
            "variance 2 / n trains deep ReLU networks in fewer steps than Xavier's",
            "He et al. 2015",
            better("he", "xavier", WORK, 1.5),
            &["deep-relu-sgd", "deep-relu-adam", "deep-relu-12-sgd", "deep-relu-12-adam"],
        )
    },
    claim(
        "varinit-2",
        "the rule of PReLU trains 20 layers of slope 0.5 in fewer steps than plain He",
        "PReLU variance",
        better("prelu-rule", "he", WORK, 1.2),
        &["prelu-sgd"],
    ),
    Claim {
        control: Some("rule-quarter"),
        ..claim(
            "varinit-3",
            "weights made smaller for dropout train in fewer steps than plain He",
            "dropout variance",
            better("dropout-rule", "he", WORK, 1.2),
            &["dropout-sgd"],
        )
    },
    claim(
        "varinit-4",
        "attention whose logits have unit variance learns recall in fewer steps than with variance 81",
        "attention scale",
        better("unit-logits", "logits-81", WORK, 1.2),
        &["recall-sgd"],
    ),
    claim(
        "varinit-4b",
        "and in fewer than with variance 1e-4",
        "attention scale",
        better("unit-logits", "logits-1e-4", WORK, 1.2),
        &["recall-sgd"],
    ),
    claim(
        "varinit-5",
        "Adam hides small logits: variance 1e-4 does as well as 1",
        "Adam hides small scales",
        Kind::Equivalent { start: "unit-logits", rival: "logits-1e-4", estimand: WORK, within: 1.25 },
        &["recall-adam"],
    ),
    Claim {
        control: Some("equal-total"),
        ..claim(
            "varinit-6",
            "branches of equal shares train in fewer steps than branches that are each scaled by themselves",
            "branch balance",
            better("balanced-branches", "he-per-branch", WORK, 2.0),
            &["branches-sgd", "branches-adam"],
        )
    },
    Claim {
        control: Some("diagonal"),
        ..claim(
            "varinit-7",
            "a first layer that undoes the inputs' covariance learns targets in directions of little variance in fewer steps",
            "Mahalanobis scaling",
            better("mahalanobis", "isotropic", WORK, 1.2),
            &["low-variance-sgd", "low-variance-adam"],
        )
    },
    claim(
        "varinit-8",
        "and targets in the direction of most variance",
        "Mahalanobis scaling",
        better("mahalanobis", "isotropic", WORK, 1.2),
        &["top-component-sgd", "top-component-adam"],
    ),
    Claim {
        control: Some("zero-last"),
        ..claim(
            "varinit-9",
            "flows whose scale networks begin by Xavier, with log-determinants near 0, learn in fewer steps than from N(0, 1)",
            "log-det near 0",
            better("xavier", "normal-1", WORK, 1.2),
            &["flow-moons", "flow-ring"],
        )
    },
    claim(
        "varinit-10",
        "a small positive bias leaves fewer ReLUs dead",
        "small positive bias",
        better("bias-plus-0.1", "bias-0", Estimand::Final("dead"), 0.05),
        &["dead-relu"],
    ),
    Claim {
        control: Some("sgd-fixed"),
        ..claim(
            "varinit-11",
            "at rate rho sigma Adam's first step changes the weights by rho of their norm, whatever sigma",
            "Adam's first step",
            Kind::Equivalent {
                start: "adam-scaled",
                rival: "exact-step",
                estimand: Estimand::FinalRatio("first_update"),
                within: 1.05,
            },
            &["first-step-0.01", "first-step-0.05", "first-step-0.2"],
        )
    },
    Claim {
        rule: Rule::Pooled,
        control: Some("best_rate_sgd"),
        ..claim(
            "varinit-12",
            "over standard deviations of the weights the best rate of Adam rises with sigma",
            "lr proportional to sigma",
            Kind::Association {
                of: Estimand::Final("sigma"),
                with: Estimand::Final("best_rate"),
                sign: Sign::Positive,
            },
            &["rate-grid"],
        )
    },
];

const fn claim(
    id: &'static str,
    statement: &'static str,
    source: &'static str,
    kind: Kind,
    problems: &'static [&'static str],
) -> Claim {
    Claim {
        id,
        statement,
        source,
        registered: "2026-11-23",
        kind,
        over: Over::These(problems),
        rule: Rule::Each,
        control: None,
    }
}

const fn better(start: &'static str, rival: &'static str, estimand: Estimand, margin: f64) -> Kind {
    Kind::Superior { start, rival, estimand, margin }
}
