//! The claims of this domain, as registered before any data.

use headstart_domain::{Claim, Estimand, Kind, Rule};

const IN_PARTS: &[&str] = &["grid25", "hierarchy"];

/// The day on which the ledger was written.
const REGISTERED: &str = "2026-11-23";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "umap-1",
        "on one connected manifold the spectral layout brings global order",
        "Kobak and Linderman 2021",
        REGISTERED,
        better("spectral", "random", "spearman", 0.1),
    )
    .over(&["circle", "line", "swiss-roll-narrow", "tree"])
    .control("laplacian-noise")
    .expected("supported")
    .published(
        "Kobak and Linderman",
        2021,
        "abstract of the preprint, figure 1",
        "UMAP from a random layout preserves global structure poorly, and well from Laplacian eigenmaps",
    ),
    Claim::new(
        "umap-2",
        "where the graph falls into many parts the spectral layout brings no more order than a random one",
        "weak connectivity",
        REGISTERED,
        same("spectral", "random", "spearman", 0.1),
    )
    .over(IN_PARTS)
    .expected("supported"),
    Claim::new(
        "umap-3",
        "where the graph falls into many parts principal components bring more order",
        "weak connectivity",
        REGISTERED,
        better("pca", "spectral", "spearman", 0.2),
    )
    .over(IN_PARTS)
    .control("pca-of-shuffled-features")
    .expected("supported"),
    Claim::new(
        "umap-4",
        "on curved manifolds the spectral layout brings more order than principal components",
        "curved manifolds",
        REGISTERED,
        better("spectral", "pca", "spearman", 0.2),
    )
    .over(&["loop50", "swiss-roll-narrow"])
    .expected("supported"),
    Claim::new(
        "umap-5",
        "where the graph falls into many parts the spectral layout changes from replicate to replicate, that of \
         principal \
         components does not",
        "instability",
        REGISTERED,
        better("pca", "spectral", "procrustes", 0.3),
    )
    .over(&["grid25"])
    .expected("supported"),
    Claim::new(
        "umap-6",
        "degenerate eigenvalues inside the span of the layout are harmless",
        "degeneracy inside the span is harmless",
        REGISTERED,
        same("spectral", "pca", "procrustes", 0.1),
    )
    .over(&["circle"])
    .expected("supported"),
    Claim::new(
        "umap-7",
        "the start hardly moves local quality",
        "local quality hardly moves",
        REGISTERED,
        same("spectral", "random", "trustworthiness", 0.005),
    )
    .over(&["iris", "winequality", "diabetes", "swiss-roll"])
    .expected("supported"),
    Claim::new(
        "umap-8",
        "placing the parts by their means mends the spectral layout",
        "our mend",
        REGISTERED,
        better("spectral-components", "spectral", "spearman", 0.2),
    )
    .over(IN_PARTS)
    .expected("open"),
    Claim::new(
        "umap-9",
        "the scale of the start does not matter",
        "scale of the start",
        REGISTERED,
        same("pca-small", "pca", "spearman", 0.05),
    )
    .rule(Rule::Pooled)
    .expected("open"),
];

const fn better(start: &'static str, rival: &'static str, metric: &'static str, margin: f64) -> Kind {
    Kind::superior(start, rival, Estimand::metric(metric), margin)
}

const fn same(start: &'static str, rival: &'static str, metric: &'static str, within: f64) -> Kind {
    Kind::equivalent(start, rival, Estimand::metric(metric), within)
}
