//! The claims of this domain, as registered before any data; those with another date were added then.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

const ERROR: Estimand = Estimand::VALUE_RATIO;
const ACCURACY: Estimand = Estimand::metric("accuracy");
const LINEAR: &[&str] = &["linear-33", "linear-17", "linear-9", "linear-4"];

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "lottery-1",
        "a mask from a chain leaves a residual network half the error of a random mask, or less",
        "mask transfer (this project's own experiment)",
        REGISTERED,
        Kind::superior("transferred", "random-mask", ERROR, 2.0),
    )
    .over(&["linear-17", "linear-9"])
    .control("wrong-bias")
    .expected("supported"),
    Claim::new(
        "lottery-2",
        "a mask from a chain serves a residual network as well as one of its own from another seed",
        "\"largely transfers\"",
        REGISTERED,
        Kind::equivalent("transferred", "other-ticket", ERROR, 1.5),
    )
    .over(&["linear-17"])
    .expected("open"),
    Claim::new(
        "lottery-3",
        "what transfers is which units are joined, not how many weights each has",
        "connectivity, not degrees",
        REGISTERED,
        Kind::superior("transferred", "degree-shuffle", ERROR, 1.5),
    )
    .over(&["linear-9"])
    .expected("supported"),
    Claim::new(
        "lottery-4",
        "the mask of the same task leaves less error than that of another task with the same bias",
        "task structure",
        REGISTERED,
        Kind::superior("transferred", "other-task", ERROR, 1.5),
    )
    .over(&["linear-9"])
    .expected("supported"),
    Claim::new(
        "lottery-5",
        "a transferred mask does as well on weights that are drawn anew",
        "weights do not matter here",
        REGISTERED,
        Kind::equivalent("transferred", "transferred-re-init", ERROR, 1.5),
    )
    .over(LINEAR)
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "lottery-5b",
        "the source's initial weights add nothing to its mask",
        "weights do not matter here; in lottery-5 both sides have weights that the mask has not seen",
        "2026-11-26",
        Kind::equivalent("transferred-weights", "transferred-re-init", ERROR, 1.5),
    )
    .over(LINEAR)
    .rule(Rule::Pooled),
    Claim::new(
        "lottery-6",
        "a ticket on its own initial weights is more accurate than on weights that are drawn anew",
        "Frankle & Carbin 2019",
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
        "a ticket learns in fewer steps than the dense network",
        "tickets learn faster",
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
        "of a ticket's initial weights the signs are enough",
        "Zhou et al. 2019",
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
        "masks that overlap more with the own ticket end with less error",
        "overlap explains transfer",
        REGISTERED,
        Kind::Association { of: Estimand::metric("jaccard"), with: Estimand::VALUE, sign: Sign::Negative },
    )
    .over(LINEAR)
    .rule(Rule::Pooled)
    .expected("inconclusive"),
    Claim::new(
        "lottery-10",
        "a mask from a VGG-like network makes a ResNet-like one more accurate than a random mask",
        "Morcos et al. 2019; Chen et al. 2021",
        REGISTERED,
        Kind::superior("transferred", "random-mask", ACCURACY, 0.02),
    )
    .over(&["conv-13"])
    .control("degree-shuffle")
    .expected("open"),
];
