//! The claims of this domain, as registered before any data; those with another date were added then.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

const CONTROL: &str = "top-kmer-of-shuffled";

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";
/// When fair versions of earlier claims were added, after the rows of the record: those compare unequal work, or stand
/// on floors.
const FAIR: &str = "2026-11-30";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "motif-1",
        "the most frequent word leads EM to a higher likelihood than a random matrix",
        "k-mer seeding",
        REGISTERED,
        Kind::superior("top-kmer", "random-pwm", Estimand::metric("llr"), 1.0),
    )
    .over(&["pwm-20", "pwm-16"])
    .control(CONTROL)
    .expected("supported"),
    Claim::new(
        "motif-1b",
        "at equal work, restarts included, the most frequent word finds the best motif sooner than random matrices",
        "k-mer seeding; in motif-1 a word climbs from every place in the motif and a random matrix once",
        FAIR,
        Kind::superior("top-kmer", "random-pwm", Estimand::Work { charged: true }, 1.0),
    )
    .over(&["pwm-16-restarts"])
    .control(CONTROL),
    Claim::new(
        "motif-2",
        "so it does where the sequences are rich in A and T or hold repeats",
        "k-mer seeding",
        REGISTERED,
        Kind::superior("top-kmer", "random-pwm", Estimand::metric("llr"), 1.0),
    )
    .over(&["at-rich", "decoys"])
    .control(CONTROL)
    .expected("refuted"),
    Claim::new(
        "motif-3",
        "words counted against the background find the motif where frequent words do not",
        "count against background",
        REGISTERED,
        Kind::superior("enriched-kmer", "top-kmer", Estimand::rate("found"), 0.5),
    )
    .over(&["at-rich", "decoys-order3"])
    .expected("supported"),
    Claim::new(
        "motif-4",
        "over starts a higher likelihood goes with a better motif, where repeats or chance are more likely than \
         the motif",
        "likelihood finds truth",
        REGISTERED,
        together("llr", "npc"),
    )
    .over(&["decoys", "planted-15-4"])
    .expected("refuted"),
    Claim::new(
        "motif-4b",
        "over starts alone, without the planted matrix and restarts, a higher likelihood goes with a better motif, \
         where repeats or chance are more likely than the motif",
        "likelihood finds truth; motif-4 orders the planted matrix among the starts",
        FAIR,
        together("llr", "npc"),
    )
    .starts_only()
    .over(&["decoys", "planted-15-4"]),
    Claim::new(
        "motif-5",
        "over starts a higher likelihood goes with a better motif, where the motif is the optimum",
        "likelihood finds truth",
        REGISTERED,
        together("llr", "npc"),
    )
    .over(&["pwm-16", "pwm-14"])
    .expected("supported"),
    Claim::new(
        "motif-5b",
        "over starts alone, without the planted matrix and restarts, a higher likelihood goes with a better motif, \
         where the motif is the optimum",
        "likelihood finds truth; motif-5 orders the planted matrix among the starts",
        FAIR,
        together("llr", "npc"),
    )
    .starts_only()
    .over(&["pwm-16", "pwm-14"]),
    Claim::new(
        "motif-6",
        "a random subsequence finds the motif as often as a random matrix",
        "subsequences as seeds",
        REGISTERED,
        Kind::equivalent("random-subsequence", "random-pwm", Estimand::rate("found"), 0.1),
    )
    .over(&["pwm-20", "pwm-16", "pwm-14", "pwm-12"])
    .rule(Rule::Pooled)
    .expected("supported"),
    Claim::new(
        "motif-6b",
        "a random subsequence finds the motif as often as a random matrix, where that does in 15% of trials or more",
        "subsequences as seeds; on two problems of motif-6 neither start finds the motif",
        FAIR,
        Kind::equivalent("random-subsequence", "random-pwm", Estimand::rate("found"), 0.1),
    )
    // By the rates of the prototype (shared/domains/motif.md), not by those of the record.
    .over(&["pwm-20", "at-rich", "zoops", "two-motifs"])
    .rule(Rule::Pooled),
    Claim::new(
        "motif-7",
        "seeding with the most frequent word halves the cost of finding the best motif with restarts",
        "seeding pays",
        REGISTERED,
        Kind::superior("top-kmer", "random-pwm", Estimand::Work { charged: true }, 2.0),
    )
    .over(&["pwm-16-restarts"])
    .expected("supported"),
    Claim::new(
        "motif-8",
        "seeds from all subsequences find the motif more often than enriched words",
        "exhaustive seeds",
        REGISTERED,
        Kind::superior("scan-top10", "enriched-kmer-top20", Estimand::rate("found"), 0.1),
    )
    .over(&["planted-11-2", "planted-13-3", "pwm-14", "pwm-12"])
    .rule(Rule::Pooled)
    .expected("inconclusive"),
];

const fn together(of: &'static str, with: &'static str) -> Kind {
    Kind::Association { of: Estimand::metric(of), with: Estimand::metric(with), sign: Sign::Positive }
}
