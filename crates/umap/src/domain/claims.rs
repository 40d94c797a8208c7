//! The claims of this domain, registered before any data.

use headstart_domain::{Claim, Estimand, Kind, Rule};

const IN_PARTS: &[&str] = &["grid25", "hierarchy"];

/// Registration date of the claims.
const REGISTERED: &str = "2026-11-23";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "umap-1",
        "on connected manifolds (circle, line, narrow swiss roll, tree), a spectral start (spectral) ends with better \
         global order than a random start (random)",
        "Kobak and Linderman 2021, Nature Biotechnology",
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
        "where the graph has many connected components (grid25, hierarchy), a spectral start (spectral) ends with the \
         same global order as a random start (random)",
        "this project's hypothesis",
        REGISTERED,
        same("spectral", "random", "spearman", 0.1),
    )
    .over(IN_PARTS)
    .expected("supported"),
    Claim::new(
        "umap-3",
        "where the graph has many connected components (grid25, hierarchy), a start from principal components (pca) \
         ends with better global order than a spectral start (spectral)",
        "this project's hypothesis",
        REGISTERED,
        better("pca", "spectral", "spearman", 0.2),
    )
    .over(IN_PARTS)
    .control("pca-of-shuffled-features")
    .expected("supported"),
    Claim::new(
        "umap-4",
        "on curved manifolds (loop50, narrow swiss roll), a spectral start (spectral) ends with better global order \
         than a start from principal components (pca)",
        "this project's hypothesis",
        REGISTERED,
        better("spectral", "pca", "spearman", 0.2),
    )
    .over(&["loop50", "swiss-roll-narrow"])
    .expected("supported"),
    Claim::new(
        "umap-5",
        "where the graph has many connected components (grid25), the final layout changes from replicate to replicate \
         with a spectral start (spectral), but not with a start from principal components (pca)",
        "this project's hypothesis",
        REGISTERED,
        better("pca", "spectral", "procrustes", 0.3),
    )
    .over(&["grid25"])
    .expected("supported"),
    Claim::new(
        "umap-6",
        "degenerate eigenvalues inside the span of the layout are harmless: on the circle, layouts from a spectral \
         start (spectral) are as stable across replicates as those from principal components (pca)",
        "this project's hypothesis",
        REGISTERED,
        same("spectral", "pca", "procrustes", 0.1),
    )
    .over(&["circle"])
    .expected("supported"),
    Claim::new(
        "umap-7",
        "the start hardly changes local quality: on iris, winequality, diabetes and the swiss roll, a spectral start \
         (spectral) and a random start (random) end with the same trustworthiness",
        "this project's hypothesis",
        REGISTERED,
        same("spectral", "random", "trustworthiness", 0.005),
    )
    .over(&["iris", "winequality", "diabetes", "swiss-roll"])
    .expected("supported"),
    Claim::new(
        "umap-8",
        "where the graph has many connected components (grid25, hierarchy), placing them by their means \
         (spectral-components) repairs the spectral start (spectral): it ends with better global order",
        "this project's hypothesis",
        REGISTERED,
        better("spectral-components", "spectral", "spearman", 0.2),
    )
    .over(IN_PARTS)
    .expected("open"),
    Claim::new(
        "umap-9",
        "the scale of the start does not matter: on all problems, principal components scaled to a standard deviation \
         of 1e-4 (pca-small) end with the same global order as those scaled to +-10 (pca)",
        "this project's hypothesis",
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
