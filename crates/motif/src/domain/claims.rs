//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule, Sign};

const CONTROL: Option<&str> = Some("top-kmer-of-shuffled");

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        control: CONTROL,
        ..claim(
            "motif-1",
            "the most frequent word leads EM to a higher likelihood than a random matrix",
            "k-mer seeding",
            better("top-kmer", "random-pwm", Estimand::Final("llr"), 1.0),
            &["pwm-20", "pwm-16"],
        )
    },
    Claim {
        control: CONTROL,
        ..claim(
            "motif-2",
            "so it does where the sequences are rich in A and T or hold repeats",
            "k-mer seeding",
            better("top-kmer", "random-pwm", Estimand::Final("llr"), 1.0),
            &["at-rich", "decoys"],
        )
    },
    claim(
        "motif-3",
        "words counted against the background find the motif where frequent words do not",
        "count against background",
        better("enriched-kmer", "top-kmer", Estimand::Rate("found"), 0.5),
        &["at-rich", "decoys-order3"],
    ),
    claim(
        "motif-4",
        "over starts a higher likelihood goes with a better motif, where repeats or chance are more likely than the motif",
        "likelihood finds truth",
        together("llr", "npc"),
        &["decoys", "planted-15-4"],
    ),
    claim(
        "motif-5",
        "over starts a higher likelihood goes with a better motif, where the motif is the optimum",
        "likelihood finds truth",
        together("llr", "npc"),
        &["pwm-16", "pwm-14"],
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "motif-6",
            "a random subsequence finds the motif as often as a random matrix",
            "subsequences as seeds",
            Kind::Equivalent {
                start: "random-subsequence",
                rival: "random-pwm",
                estimand: Estimand::Rate("found"),
                within: 0.1,
            },
            &["pwm-20", "pwm-16", "pwm-14", "pwm-12"],
        )
    },
    claim(
        "motif-7",
        "seeding with the most frequent word halves the cost of finding the best motif with restarts",
        "seeding pays",
        better("top-kmer", "random-pwm", Estimand::Work { charged: true }, 2.0),
        &["pwm-16-restarts"],
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "motif-8",
            "seeds from all subsequences find the motif more often than enriched words",
            "exhaustive seeds",
            better("scan-top10", "enriched-kmer-top20", Estimand::Rate("found"), 0.1),
            &["planted-11-2", "planted-13-3", "pwm-14", "pwm-12"],
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

const fn together(of: &'static str, with: &'static str) -> Kind {
    Kind::Association { of: Estimand::Final(of), with: Estimand::Final(with), sign: Sign::Positive }
}
