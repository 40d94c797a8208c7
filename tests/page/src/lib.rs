//! The tests are in `tests/page`.
