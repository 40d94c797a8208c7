//! The claims of this domain, as registered before any data; those with another date were added then.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule, Sign};

const ERROR: Estimand = Estimand::FinalRatio("value");
const ACCURACY: Estimand = Estimand::Final("accuracy");
const LINEAR: &[&str] = &["linear-33", "linear-17", "linear-9", "linear-4"];

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        control: Some("wrong-bias"),
        ..claim(
            "lottery-1",
            "a mask from a chain leaves a residual network half the error of a random mask, or less",
            "mask transfer (this project's own experiment)",
            better("transferred", "random-mask", ERROR, 2.0),
            &["linear-17", "linear-9"],
        )
    },
    claim(
        "lottery-2",
        "a mask from a chain serves a residual network as well as one of its own from another seed",
        "\"largely transfers\"",
        alike("transferred", "other-ticket", ERROR, 1.5),
        &["linear-17"],
    ),
    claim(
        "lottery-3",
        "what transfers is which units are joined, not how many weights each has",
        "connectivity, not degrees",
        better("transferred", "degree-shuffle", ERROR, 1.5),
        &["linear-9"],
    ),
    claim(
        "lottery-4",
        "the mask of the same task leaves less error than that of another task with the same bias",
        "task structure",
        better("transferred", "other-task", ERROR, 1.5),
        &["linear-9"],
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "lottery-5",
            "a transferred mask does as well on weights that are drawn anew",
            "weights do not matter here",
            alike("transferred", "transferred-re-init", ERROR, 1.5),
            LINEAR,
        )
    },
    Claim {
        rule: Rule::Pooled,
        registered: "2026-11-26",
        ..claim(
            "lottery-5b",
            "the source's initial weights add nothing to its mask",
            "weights do not matter here; in lottery-5 both sides have weights that the mask has not seen",
            alike("transferred-weights", "transferred-re-init", ERROR, 1.5),
            LINEAR,
        )
    },
    claim(
        "lottery-6",
        "a ticket on its own initial weights is more accurate than on weights that are drawn anew",
        "Frankle & Carbin 2019",
        better("ticket", "re-init", ACCURACY, 0.02),
        &["digits-5", "digits-2"],
    ),
    Claim {
        control: Some("random-mask"),
        ..claim(
            "lottery-7",
            "a ticket learns in fewer steps than the dense network",
            "tickets learn faster",
            better("ticket", "dense", Estimand::Work { charged: false }, 1.2),
            &["digits-22"],
        )
    },
    claim(
        "lottery-8",
        "of a ticket's initial weights the signs are enough",
        "Zhou et al. 2019",
        alike("sign-constant", "ticket", ACCURACY, 0.01),
        &["digits-5"],
    ),
    Claim {
        rule: Rule::Pooled,
        control: None,
        ..claim(
            "lottery-9",
            "masks that overlap more with the own ticket end with less error",
            "overlap explains transfer",
            Kind::Association { of: Estimand::Final("jaccard"), with: Estimand::Final("value"), sign: Sign::Negative },
            LINEAR,
        )
    },
    Claim {
        control: Some("degree-shuffle"),
        ..claim(
            "lottery-10",
            "a mask from a VGG-like network makes a ResNet-like one more accurate than a random mask",
            "Morcos et al. 2019; Chen et al. 2021",
            better("transferred", "random-mask", ACCURACY, 0.02),
            &["conv-13"],
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

const fn alike(start: &'static str, rival: &'static str, estimand: Estimand, within: f64) -> Kind {
    Kind::Equivalent { start, rival, estimand, within }
}
