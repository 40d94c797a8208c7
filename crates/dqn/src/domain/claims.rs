//! The claims of this domain, as registered before any data; those with another date were added then.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";
/// When fair versions of earlier claims were added, after the rows of the record: in those, more than the claimed cause
/// differs.
const FAIR: &str = "2026-11-30";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "dqn-1",
        "on small seas an optimistic bias finds the treasure more often than PyTorch's default with epsilon",
        "optimistic initialisation",
        REGISTERED,
        Kind::superior("optimistic-bias", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"])
    .expected("supported at 8"),
    Claim::new(
        "dqn-1b",
        "at equal epsilon an optimistic bias finds the treasure of small seas more often than PyTorch's default",
        "optimistic initialisation; in dqn-1 epsilon differs as well as the start",
        FAIR,
        Kind::superior("optimistic-bias-epsilon", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"]),
    Claim::new(
        "dqn-2",
        "and on a deep one",
        "optimistic initialisation, at depth",
        REGISTERED,
        Kind::superior("optimistic-bias", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-14"])
    .expected("refuted"),
    Claim::new(
        "dqn-2b",
        "on a deep sea, at equal epsilon, an optimistic bias takes at least a tenth more of all actions",
        "optimistic initialisation, at depth; in dqn-2 neither start finds the treasure, and epsilon differs",
        FAIR,
        Kind::superior("optimistic-bias-epsilon", "torch-default", Estimand::metric("coverage"), 0.1),
    )
    .over(&["deep-sea-14"]),
    Claim::new(
        "dqn-3",
        "optimism in the bias with small weights finds it more often than optimism in large weights",
        "small weights, large bias",
        REGISTERED,
        Kind::superior("optimistic-bias", "large-weights", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8"])
    .expected("supported"),
    Claim::new(
        "dqn-4",
        "optimism washes out: after 50 episodes even features have kept 0.3 V_max more on what was never visited",
        "optimism washes out",
        REGISTERED,
        Kind::superior("unit-row-tanh", "optimistic-bias", Estimand::metric("q_unvisited"), 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"])
    .expected("supported"),
    Claim::new(
        "dqn-5",
        "features that overlap little find the treasure in half of the steps",
        "overlap of features",
        REGISTERED,
        Kind::superior("unit-row-tanh", "optimistic-bias", Estimand::Work { charged: true }, 2.0),
    )
    .over(&["deep-sea-10", "deep-sea-14"])
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "dqn-6",
        "the smaller rho of the tangent kernel at the start, the more often a start succeeds",
        "tangent kernel",
        REGISTERED,
        Kind::Association { of: Estimand::metric("rho"), with: Estimand::Success, sign: Sign::Negative },
    )
    .over(&["deep-sea-6", "deep-sea-8", "deep-sea-10", "deep-sea-14", "deep-sea-20", "deep-sea-8-noisy"])
    .rule(Rule::Pooled)
    .control("bias")
    .expected("supported"),
    Claim::new(
        "dqn-6b",
        "over starts of one network, without maintained optimism, the smaller rho, the more often a start succeeds",
        "tangent kernel; dqn-6 orders algorithms among the starts",
        FAIR,
        Kind::Association { of: Estimand::metric("rho"), with: Estimand::Success, sign: Sign::Negative },
    )
    .starts_only()
    .over(&["deep-sea-6", "deep-sea-8", "deep-sea-10", "deep-sea-14", "deep-sea-20", "deep-sea-8-noisy"])
    .rule(Rule::Pooled)
    .control("bias"),
    Claim::new(
        "dqn-7",
        "on deep seas optimism that is kept up succeeds more often than a start",
        "Lobel et al. 2022",
        REGISTERED,
        Kind::superior("anchor", "optimistic-bias", Estimand::Success, 0.5),
    )
    .over(&["deep-sea-14", "deep-sea-20"])
    .expected("supported")
    .published(
        "Lobel et al.",
        2022,
        "abstract",
        "optimism that a deep network only starts with disappears quickly; optimism that is maintained explores better",
    ),
    Claim::new(
        "dqn-8",
        "with an anchor the bias adds nothing: an anchor without it takes as many steps",
        "maintenance, not start",
        REGISTERED,
        Kind::equivalent("anchor-zero-bias", "anchor", Estimand::Work { charged: true }, 1.25),
    )
    .over(&["deep-sea-10", "deep-sea-14"])
    .rule(Rule::Pooled)
    .expected("supported"),
];
