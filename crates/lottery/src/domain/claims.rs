//! The claims of this domain, registered before any data. Claims with a later date were added on that day.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

const ERROR: Estimand = Estimand::VALUE_RATIO;
const ACCURACY: Estimand = Estimand::metric("accuracy");
const LINEAR: &[&str] = &["linear-33", "linear-17", "linear-9", "linear-4"];

/// Date of registration.
const REGISTERED: &str = "2026-11-23";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "lottery-1",
        "on linear-17 and linear-9, a mask from a chain (transferred) leaves a residual network at most half the error \
         of a random mask (random-mask)",
        "this project's hypothesis; cf. Chen et al. 2021, NeurIPS",
        REGISTERED,
        Kind::superior("transferred", "random-mask", ERROR, 2.0),
    )
    .over(&["linear-17", "linear-9"])
    .control("wrong-bias")
    .expected("supported"),
    Claim::new(
        "lottery-2",
        "on linear-17, a mask from a chain (transferred) serves a residual network as well as the network's own ticket \
         from another seed (other-ticket)",
        "this project's hypothesis",
        REGISTERED,
        Kind::equivalent("transferred", "other-ticket", ERROR, 1.5),
    )
    .over(&["linear-17"])
    .expected("open"),
    Claim::new(
        "lottery-3",
        "on linear-9, connectivity transfers, not degrees: the transferred mask leaves less error than its \
         degree-preserving shuffle (degree-shuffle)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("transferred", "degree-shuffle", ERROR, 1.5),
    )
    .over(&["linear-9"])
    .expected("supported"),
    Claim::new(
        "lottery-4",
        "on linear-9, the mask of the same task (transferred) leaves less error than that of another task with the \
         same bias (other-task)",
        "this project's hypothesis",
        REGISTERED,
        Kind::superior("transferred", "other-task", ERROR, 1.5),
    )
    .over(&["linear-9"])
    .expected("supported"),
    Claim::new(
        "lottery-5",
        "on linear-33, linear-17, linear-9 and linear-4, a transferred mask does as well on redrawn weights \
         (transferred-re-init) as on the network's weights (transferred)",
        "this project's hypothesis",
        REGISTERED,
        Kind::equivalent("transferred", "transferred-re-init", ERROR, 1.5),
    )
    .over(LINEAR)
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "lottery-5b",
        "on linear-33, linear-17, linear-9 and linear-4, the source's initial weights add nothing to its mask: \
         transferred-weights does as well as transferred-re-init",
        // In lottery-5, neither side has the weights with which the mask was found.
        "this project's hypothesis",
        "2026-11-26",
        Kind::equivalent("transferred-weights", "transferred-re-init", ERROR, 1.5),
    )
    .over(LINEAR)
    .rule(Rule::Pooled),
    Claim::new(
        "lottery-6",
        "on digits-5 and digits-2, a ticket is more accurate with its initial weights (ticket) than with redrawn \
         weights (re-init)",
        "Frankle and Carbin 2019, ICLR",
        REGISTERED,
        Kind::superior("ticket", "re-init", ACCURACY, 0.02),
    )
    .over(&["digits-5", "digits-2"])
    .expected("supported")
    .published(
        "Frankle and Carbin",
        2019,
        "introduction and section 2",
        "winning tickets whose weights are drawn anew no longer match the network that they came from",
    ),
    Claim::new(
        "lottery-7",
        "on digits-22, a ticket (ticket) learns in fewer steps than the dense network (dense)",
        "Frankle and Carbin 2019, ICLR",
        REGISTERED,
        Kind::superior("ticket", "dense", Estimand::Work { charged: false }, 1.2),
    )
    .over(&["digits-22"])
    .control("random-mask")
    .expected("refuted")
    .published(
        "Frankle and Carbin",
        2019,
        "abstract",
        "winning tickets above a tenth to a fifth of the size learn faster than the original network",
    ),
    Claim::new(
        "lottery-8",
        "on digits-5, the signs of a ticket's initial weights are enough: sign-constant is as accurate as ticket",
        "Zhou et al. 2019, NeurIPS",
        REGISTERED,
        Kind::equivalent("sign-constant", "ticket", ACCURACY, 0.01),
    )
    .over(&["digits-5"])
    .expected("supported")
    .published(
        "Zhou et al.",
        2019,
        "abstract",
        "the signs of the initial weights are all that a masked network needs to train",
    ),
    Claim::new(
        "lottery-9",
        "on linear-33, linear-17, linear-9 and linear-4, masks that overlap more with the network's own ticket end \
         with less error",
        "this project's hypothesis",
        REGISTERED,
        Kind::Association { of: Estimand::metric("jaccard"), with: Estimand::VALUE, sign: Sign::Negative },
    )
    .over(LINEAR)
    .rule(Rule::Pooled)
    .expected("inconclusive"),
    Claim::new(
        "lottery-10",
        "on conv-13, a mask from a VGG-like network (transferred) makes a ResNet-like network more accurate than a \
         random mask (random-mask)",
        "this project's hypothesis; cf. Morcos et al. 2019, NeurIPS; Chen et al. 2021, NeurIPS",
        REGISTERED,
        Kind::superior("transferred", "random-mask", ACCURACY, 0.02),
    )
    .over(&["conv-13"])
    .control("degree-shuffle")
    .expected("open"),
];
