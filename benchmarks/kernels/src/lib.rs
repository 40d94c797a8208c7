//! Criterion benches of the hot loops; see `benches/`.
