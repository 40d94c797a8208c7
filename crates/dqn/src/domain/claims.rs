//! The claims of this domain, registered before any data. Claims with a later date were added on that day.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

/// Date of registration.
const REGISTERED: &str = "2026-11-23";
/// Date of the "b" versions, added after the rows of the record. In the original claims, more differs between the two
/// starts than the claimed cause.
const FAIR: &str = "2026-11-30";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "dqn-1",
        "on deep-sea-8 and deep-sea-10, optimistic-bias finds the treasure more often than torch-default with epsilon \
         0.05",
        "this project's hypothesis; cf. Rashid et al. 2020, ICLR",
        REGISTERED,
        Kind::superior("optimistic-bias", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"])
    .expected("supported at 8"),
    Claim::new(
        "dqn-1b",
        "on deep-sea-8 and deep-sea-10, at equal epsilon (0.05), optimistic-bias-epsilon finds the treasure more often \
         than torch-default",
        // In dqn-1, epsilon differs as well as the start.
        "this project's hypothesis; cf. Rashid et al. 2020, ICLR",
        FAIR,
        Kind::superior("optimistic-bias-epsilon", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"]),
    Claim::new(
        "dqn-2",
        "on deep-sea-14, optimistic-bias finds the treasure more often than torch-default with epsilon 0.05",
        "this project's hypothesis; cf. Rashid et al. 2020, ICLR",
        REGISTERED,
        Kind::superior("optimistic-bias", "torch-default", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-14"])
    .expected("refuted"),
    Claim::new(
        "dqn-2b",
        "on deep-sea-14, at equal epsilon (0.05), optimistic-bias-epsilon takes at least a tenth more of all \
         state-action pairs than torch-default",
        // In dqn-2 neither start finds the treasure, and epsilon differs.
        "this project's hypothesis; cf. Rashid et al. 2020, ICLR",
        FAIR,
        Kind::superior("optimistic-bias-epsilon", "torch-default", Estimand::metric("coverage"), 0.1),
    )
    .over(&["deep-sea-14"]),
    Claim::new(
        "dqn-3",
        "on deep-sea-8, optimism in the output bias with small weights (optimistic-bias) finds the treasure more often \
         than optimism in large output weights (large-weights)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("optimistic-bias", "large-weights", Estimand::Success, 0.3),
    )
    .over(&["deep-sea-8"])
    .expected("supported"),
    Claim::new(
        "dqn-4",
        "on deep-sea-8 and deep-sea-10, optimism washes out: after 50 episodes, unit-row-tanh values unvisited \
         state-action pairs at least 0.3 V_max higher than optimistic-bias",
        "this project's hypothesis; cf. Lobel et al. 2022, AAAI",
        REGISTERED,
        Kind::superior("unit-row-tanh", "optimistic-bias", Estimand::metric("q_unvisited"), 0.3),
    )
    .over(&["deep-sea-8", "deep-sea-10"])
    .expected("supported"),
    Claim::new(
        "dqn-5",
        "on deep-sea-10 and deep-sea-14, unit-row-tanh, whose features overlap little, finds the treasure in at most \
         half of the steps of optimistic-bias",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("unit-row-tanh", "optimistic-bias", Estimand::Work { charged: true }, 2.0),
    )
    .over(&["deep-sea-10", "deep-sea-14"])
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "dqn-6",
        "on the DeepSea problems, over all starts, a smaller rho of the tangent kernel before training goes with more \
         frequent success",
        "this project's hypothesis; cf. Achiam et al. 2019, arXiv:1903.08894",
        REGISTERED,
        Kind::Association { of: Estimand::metric("rho"), with: Estimand::Success, sign: Sign::Negative },
    )
    .over(&["deep-sea-6", "deep-sea-8", "deep-sea-10", "deep-sea-14", "deep-sea-20", "deep-sea-8-noisy"])
    .rule(Rule::Pooled)
    .control("bias")
    .expected("supported"),
    Claim::new(
        "dqn-6b",
        "on the DeepSea problems, over starts of one network without maintained optimism, a smaller rho of the tangent \
         kernel before training goes with more frequent success",
        // dqn-6 also ranks starts that are different algorithms.
        "this project's hypothesis; cf. Achiam et al. 2019, arXiv:1903.08894",
        FAIR,
        Kind::Association { of: Estimand::metric("rho"), with: Estimand::Success, sign: Sign::Negative },
    )
    .starts_only()
    .over(&["deep-sea-6", "deep-sea-8", "deep-sea-10", "deep-sea-14", "deep-sea-20", "deep-sea-8-noisy"])
    .rule(Rule::Pooled)
    .control("bias"),
    Claim::new(
        "dqn-7",
        "on deep-sea-14 and deep-sea-20, maintained optimism (anchor) succeeds more often than optimism only at the \
         start (optimistic-bias)",
        "Lobel et al. 2022, AAAI",
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
        "on deep-sea-10 and deep-sea-14, the output bias adds nothing to an anchor: anchor-zero-bias takes as many \
         steps as anchor",
        "this project's hypothesis",
        REGISTERED,
        Kind::equivalent("anchor-zero-bias", "anchor", Estimand::Work { charged: true }, 1.25),
    )
    .over(&["deep-sea-10", "deep-sea-14"])
    .rule(Rule::Pooled)
    .expected("supported"),
];
