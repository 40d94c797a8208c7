//! Criterion benches of the hot loops, in `benches/`. Those of bfgs and linalg include public peers.
//!
//! `cargo bench -p headstart-kernels` runs all of them, `--bench bfgs` one; `--features lapack` adds LAPACK.
