//! The claims of this domain, as registered before any data.

use headstart_harness::{Claim, Estimand, Kind, Over, Rule};

const IN_PARTS: Over = Over::These(&["grid25", "hierarchy"]);

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        control: Some("laplacian-noise"),
        ..claim(
            "umap-1",
            "on one connected manifold the spectral layout brings global order",
            "Kobak and Linderman 2021",
            better("spectral", "random", "spearman", 0.1),
            Over::These(&["circle", "line", "swiss-roll-narrow", "tree"]),
        )
    },
    claim(
        "umap-2",
        "where the graph falls into many parts the spectral layout brings no more order than a random one",
        "weak connectivity",
        same("spectral", "random", "spearman", 0.1),
        IN_PARTS,
    ),
    Claim {
        control: Some("pca-of-shuffled-features"),
        ..claim(
            "umap-3",
            "where the graph falls into many parts principal components bring more order",
            "weak connectivity",
            better("pca", "spectral", "spearman", 0.2),
            IN_PARTS,
        )
    },
    claim(
        "umap-4",
        "on curved manifolds the spectral layout brings more order than principal components",
        "curved manifolds",
        better("spectral", "pca", "spearman", 0.2),
        Over::These(&["loop50", "swiss-roll-narrow"]),
    ),
    claim(
        "umap-5",
        "where the graph falls into many parts the spectral layout changes from replicate to replicate, that of principal \
         components does not",
        "instability",
        better("pca", "spectral", "procrustes", 0.3),
        Over::These(&["grid25"]),
    ),
    claim(
        "umap-6",
        "degenerate eigenvalues inside the span of the layout are harmless",
        "degeneracy inside the span is harmless",
        same("spectral", "pca", "procrustes", 0.1),
        Over::These(&["circle"]),
    ),
    claim(
        "umap-7",
        "the start hardly moves local quality",
        "local quality hardly moves",
        same("spectral", "random", "trustworthiness", 0.005),
        Over::These(&["iris", "winequality", "diabetes", "swiss-roll"]),
    ),
    claim(
        "umap-8",
        "placing the parts by their means mends the spectral layout",
        "our mend",
        better("spectral-components", "spectral", "spearman", 0.2),
        IN_PARTS,
    ),
    Claim {
        rule: Rule::Pooled,
        ..claim(
            "umap-9",
            "the scale of the start does not matter",
            "scale of the start",
            same("pca-small", "pca", "spearman", 0.05),
            Over::All,
        )
    },
];

const fn claim(id: &'static str, statement: &'static str, source: &'static str, kind: Kind, over: Over) -> Claim {
    Claim { id, statement, source, registered: "2026-11-23", kind, over, rule: Rule::Each, control: None }
}

const fn better(start: &'static str, rival: &'static str, metric: &'static str, margin: f64) -> Kind {
    Kind::Superior { start, rival, estimand: Estimand::Final(metric), margin }
}

const fn same(start: &'static str, rival: &'static str, metric: &'static str, within: f64) -> Kind {
    Kind::Equivalent { start, rival, estimand: Estimand::Final(metric), within }
}
