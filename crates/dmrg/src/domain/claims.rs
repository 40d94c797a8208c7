//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule, Sign};

/// Tabulated and hydrogen molecules in canonical orbitals.
const MOLECULES: Over = Over::These(&["n2", "c2", "lif", "be", "h2-dimer", "h10-1.8-canonical", "h10-3.6-canonical"]);
/// All that are made of electrons.
const ELECTRONIC: Over = Over::These(super::problems::ELECTRONIC);

/// Deterministic starts have one value on a molecule that stays: its seven cannot decide a claim about two of them.
const REDRAWN: Over = Over::These(&["h8-jittered-canonical"]);
/// When those were registered, before the problem was first run.
const ADDED: &str = "2026-11-26";

pub(super) const CLAIMS: &[Claim] = &[
    claim(
        "dmrg-1",
        "one determinant gets stuck where a random state does not",
        "determinants trap",
        better("random", "hartree-fock", MILLI),
        MOLECULES,
        Rule::Each,
    ),
    Claim {
        control: Some("ci-shuffled"),
        ..claim(
            "dmrg-2",
            "CI-DEAS ends lower than one determinant",
            "Legeza and Sólyom 2003",
            better("ci-deas", "hartree-fock", MILLI),
            MOLECULES,
            Rule::Pooled,
        )
    },
    Claim {
        control: Some("ci-shuffled"),
        registered: ADDED,
        ..claim(
            "dmrg-2b",
            "and so on molecules that are redrawn, whose pairs are independent",
            "Legeza and Sólyom 2003",
            better("ci-deas", "hartree-fock", MILLI),
            REDRAWN,
            Rule::Each,
        )
    },
    Claim {
        control: Some("ci-shuffled"),
        ..claim(
            "dmrg-3",
            "CI-DEAS needs less work than a random state, its CI included",
            "Barcza et al. 2011",
            cheaper("ci-deas"),
            MOLECULES,
            Rule::Pooled,
        )
    },
    Claim {
        control: Some("ci-shuffled"),
        ..claim(
            "dmrg-4",
            "where correlation is dynamic, singles and doubles need less work than a random state",
            "dynamic correlation",
            cheaper("ci-cisd"),
            Over::These(&["h2-dimer", "be"]),
            Rule::Each,
        )
    },
    claim(
        "dmrg-5",
        "noise makes of one determinant what CI-DEAS is without",
        "White 2005",
        Kind::Equivalent {
            start: "hartree-fock+noise",
            rival: "ci-deas",
            estimand: Estimand::Final("energy"),
            within: 1e-5,
        },
        MOLECULES,
        Rule::Pooled,
    ),
    claim(
        "dmrg-6",
        "the weights of the determinants matter: CI-DEAS ends lower than with every entry 1",
        "weights matter",
        better("ci-deas", "ci-deas-unit", 1e-4),
        MOLECULES,
        Rule::Pooled,
    ),
    Claim {
        registered: ADDED,
        ..claim(
            "dmrg-6b",
            "and so on molecules that are redrawn",
            "weights matter",
            better("ci-deas", "ci-deas-unit", 1e-4),
            REDRAWN,
            Rule::Each,
        )
    },
    claim(
        "dmrg-7",
        "a small complete active space is enough: it ends lower than a random state",
        "a small CI is enough",
        better("ci-cas", "random", MILLI),
        Over::These(&["c2", "lif"]),
        Rule::Each,
    ),
    Claim {
        control: Some("start-energy"),
        ..claim(
            "dmrg-8",
            "the more sectors a start opens, the lower the run ends: coverage tells, not energy",
            "coverage, not energy",
            // Within a problem the error is the energy less a constant: both order the starts alike, and the energy is
            // known where the exact one is not.
            Kind::Association { of: Estimand::Final("sectors"), with: Estimand::Final("energy"), sign: Sign::Negative },
            ELECTRONIC,
            Rule::Pooled,
        )
    },
];

/// 1 millihartree.
const MILLI: f64 = 1e-3;

/// The start ends lower.
const fn better(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::Superior { start, rival, estimand: Estimand::Final("energy"), margin }
}

/// The start needs less charged work than a random state, by a fifth.
const fn cheaper(start: &'static str) -> Kind {
    Kind::Superior { start, rival: "random", estimand: Estimand::Work { charged: true }, margin: 1.2 }
}

const fn claim(
    id: &'static str,
    statement: &'static str,
    source: &'static str,
    kind: Kind,
    over: Over,
    rule: Rule,
) -> Claim {
    Claim { id, statement, source, registered: "2026-11-23", kind, over, rule, control: None }
}
