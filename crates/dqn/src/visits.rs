//! Coverage of the state-action pairs, and the values of unvisited ones.

use crate::{Agent, Result};

/// Returns the share of the state-action pairs of `states` that were taken at least once.
pub fn coverage(agent: &Agent, states: &[u32]) -> f64 {
    let actions = agent.net.actions;
    let visited: usize = states.iter().map(|state| row(agent, *state).iter().filter(|n| **n > 0).count()).sum();
    visited as f64 / (states.len() * actions) as f64
}

/// Returns the mean value, without any bonus, of the pairs of `states` that were never taken; `None` if all were.
pub fn unvisited_value(agent: &mut Agent, states: &[u32]) -> Result<Option<f64>> {
    let inputs: Vec<f32> = states.iter().map(|state| *state as f32).collect();
    let actions = agent.net.actions;
    let values = agent.values(&inputs)?.to_vec();
    let (mut sum, mut count) = (0.0, 0);
    for (state, values) in states.iter().zip(values.chunks_exact(actions)) {
        for (value, _) in values.iter().zip(row(agent, *state)).filter(|(_, n)| **n == 0) {
            sum += f64::from(*value);
            count += 1;
        }
    }
    Ok((count > 0).then(|| sum / f64::from(count)))
}

fn row(agent: &Agent, state: u32) -> &[u32] {
    let actions = agent.net.actions;
    &agent.counts()[state as usize * actions..][..actions]
}
