# Run every domain on the standard suite and write tables and figures to reports/latest.
bench-all: (bench "standard")

# Run a suite (smoke, standard, full) and report it.
bench suite:
    cargo build --locked --release -p headstart && target/release/headstart run --suite {{suite}} --out runs/{{suite}} --other-build archive && target/release/headstart report runs/{{suite}}

# Format, lints, docs, all tests, and every crate alone.
test: fmt lint docs test-all test-alone

fmt:
    cargo fmt --all --check

lint:
    cargo clippy --locked --workspace --all-targets -- -D warnings

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

test-all:
    cargo test --locked --workspace

# A workspace build unifies features and would hide a missing one. The first two have by themselves what they have in the workspace,
# which has run their tests: that they build is enough.
test-alone:
    cargo check --locked -p headstart --all-targets && cargo check --locked -p headstart-harness --all-targets && for crate in headstart-check headstart-linalg headstart-logo headstart-table headstart-bfgs headstart-bfgs-argmin headstart-dmrg headstart-dqn headstart-umap headstart-motif headstart-nn headstart-varinit headstart-lottery headstart-kmeans; do cargo test --locked -p $crate || exit 1; done

# Both libraries behind linalg against each other. Installs nothing.
test-lapack:
    pkg-config --exists openblas || { echo 'missing: OpenBLAS and pkg-config (Debian: apt-get install libopenblas-dev pkg-config; others: crates/linalg/src/lib.rs)' >&2; exit 1; }; cargo clippy --locked -p headstart-linalg --features lapack --all-targets -- -D warnings && cargo test --locked -p headstart-linalg --features lapack

# Time the solvers beside their public peers, in environments of their own, and write a table to reports/peers.
bench-peers *options:
    python3 benchmarks/peers/run.py {{options}}
