//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule, Sign};

pub(super) const CLAIMS: &[Claim] = &[
    claim(
        "dqn-1",
        "on small seas an optimistic bias finds the treasure more often than PyTorch's default with epsilon",
        "optimistic initialisation",
        better("optimistic-bias", "torch-default", Estimand::Success, 0.3),
        &["deep-sea-8", "deep-sea-10"],
    ),
    claim(
        "dqn-2",
        "and on a deep one",
        "optimistic initialisation, at depth",
        better("optimistic-bias", "torch-default", Estimand::Success, 0.3),
        &["deep-sea-14"],
    ),
    claim(
        "dqn-3",
        "optimism in the bias with small weights finds it more often than optimism in large weights",
        "small weights, large bias",
        better("optimistic-bias", "large-weights", Estimand::Success, 0.3),
        &["deep-sea-8"],
    ),
    claim(
        "dqn-4",
        "optimism washes out: after 50 episodes even features have kept 0.3 V_max more on what was never visited",
        "optimism washes out",
        better("unit-row-tanh", "optimistic-bias", Estimand::Final("q_unvisited"), 0.3),
        &["deep-sea-8", "deep-sea-10"],
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "dqn-5",
            "features that overlap little find the treasure in half of the steps",
            "overlap of features",
            better("unit-row-tanh", "optimistic-bias", Estimand::Work { charged: true }, 2.0),
            &["deep-sea-10", "deep-sea-14"],
        )
    },
    Claim {
        rule: Rule::Pooled,
        control: Some("bias"),
        ..claim(
            "dqn-6",
            "the smaller rho of the tangent kernel at the start, the more often a start succeeds",
            "tangent kernel",
            Kind::Association { of: Estimand::Final("rho"), with: Estimand::Success, sign: Sign::Negative },
            &["deep-sea-6", "deep-sea-8", "deep-sea-10", "deep-sea-14", "deep-sea-20", "deep-sea-8-noisy"],
        )
    },
    claim(
        "dqn-7",
        "on deep seas optimism that is kept up succeeds more often than a start",
        "Lobel et al. 2022",
        better("anchor", "optimistic-bias", Estimand::Success, 0.5),
        &["deep-sea-14", "deep-sea-20"],
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "dqn-8",
            "with an anchor the bias adds nothing: an anchor without it takes as many steps",
            "maintenance, not start",
            Kind::Equivalent {
                start: "anchor-zero-bias",
                rival: "anchor",
                estimand: Estimand::Work { charged: true },
                within: 1.25,
            },
            &["deep-sea-10", "deep-sea-14"],
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
