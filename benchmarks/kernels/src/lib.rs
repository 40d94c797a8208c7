//! Criterion benches of the hot loops, each beside its public peers: see `benches/`.
//!
//! `cargo bench -p headstart-kernels` runs them all, `--bench bfgs` one of them; `--features lapack` adds LAPACK.
