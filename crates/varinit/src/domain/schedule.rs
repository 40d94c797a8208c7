//! Numbers of steps of trials.

/// Steps between measurements of the value.
pub(super) const EVERY: u32 = 5;
/// Learning rates of the grid.
pub(super) const RATES: [f64; 9] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0];
/// Steps of each training of the grid.
pub(super) const STEPS: usize = 80;
/// Steps of a trial on the grid.
pub(super) const GRID_STEPS: f64 = (2 * RATES.len() * STEPS) as f64;
