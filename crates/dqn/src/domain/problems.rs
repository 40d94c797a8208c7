//! The problems: a prize far from where episodes begin.

use headstart_domain::{Problem, Result, Stream, Target};
use headstart_simd::Portable;
use serde::Serialize;

use super::DqnDomain;
use crate::environment::{DeepSea, Plan, Tabular, World, chain, four_rooms, river_swim};

/// An environment and its exact properties.
#[derive(Serialize)]
pub struct Instance {
    /// The environment.
    pub world: World,
    /// Reachable states.
    pub states: Vec<u32>,
    /// Number of columns if the states form a grid, otherwise 0.
    pub columns: usize,
    /// Discount factor per step.
    pub gamma: f64,
    /// The largest discounted value of a state, rounded up.
    pub v_max: f64,
    /// Upper bound on it from the largest reward alone: `r_max` / (1 - gamma).
    pub bound: f64,
    /// The largest expected return of an episode.
    pub optimum: f64,
    /// Share of the best policy's episodes that get the prize.
    pub prize_rate: f64,
}

pub(super) const GAMMA: f64 = 0.99;

/// A problem counts as solved when the prize is reached half as often as by the best policy.
const TARGET: Target<DqnDomain> = Target::Known(|instance: &Instance| 1.0 - 0.5 * instance.prize_rate);

pub(super) const PROBLEMS: &[Problem<DqnDomain>] = &[
    one("deep-sea-6", "DeepSea of 6 x 6 (bsuite), 700 episodes", 6 * 700, |s| sea(6, false, s)),
    one("deep-sea-8", "DeepSea of 8 x 8, 1200 episodes", 8 * 1200, |s| sea(8, false, s)),
    one("deep-sea-10", "DeepSea of 10 x 10, 1200 episodes", 10 * 1200, |s| sea(10, false, s)),
    one("deep-sea-14", "DeepSea of 14 x 14, 1200 episodes", 14 * 1200, |s| sea(14, false, s)),
    one("deep-sea-20", "DeepSea of 20 x 20, 1200 episodes", 20 * 1200, |s| sea(20, false, s)),
    one(
        "deep-sea-8-noisy",
        "DeepSea of 8 x 8 in which steps to the right fail with probability 1/8 and the ends of the last row add N(0, \
         1) to the reward, 1200 episodes",
        8 * 1200,
        |s| sea(8, true, s),
    ),
    one(
        "river-swim",
        "RiverSwim (Strehl and Littman 2008): 6 states, swimming against the current, 600 episodes of 20 steps",
        20 * 600,
        |_| table(river_swim()?, 0, GAMMA),
    ),
    one(
        "chain-10",
        "a chain of 10 states with a small reward at the near end; actions slip with probability 1/10; 12,000 steps",
        12_000,
        |_| table(chain(10)?, 0, GAMMA),
    ),
    one("four-rooms", "a maze of four rooms, 9 x 9, 12,000 steps in episodes of at most 60", 12_000, |_| {
        table(four_rooms()?, 9, GAMMA)
    }),
];

const fn one(
    name: &'static str,
    about: &'static str,
    steps: u32,
    make: fn(&mut Stream) -> Result<Instance>,
) -> Problem<DqnDomain> {
    let problem = Problem::new(name, about, make, TARGET).resolution(0.02);
    // The contract test takes only as many steps as it needs, and not all targets are reached in so few.
    if cfg!(test) { problem.budget(600.0).hard() } else { problem.budget(steps as f64) }
}

fn sea(size: usize, noisy: bool, stream: &mut Stream) -> Result<Instance> {
    let sea = DeepSea::draw(size, noisy, stream)?;
    Ok(Instance {
        states: sea.states(),
        columns: size,
        gamma: GAMMA,
        // One step before the treasure: 1 minus the cost of the step, rounded up.
        v_max: 1.0,
        bound: 1.0 / (1.0 - GAMMA),
        optimum: sea.optimum(),
        prize_rate: sea.prize_rate(),
        world: World::DeepSea(sea),
    })
}

/// Builds an instance from a table. `columns` is the width of the grid of states, or 0.
pub(super) fn table(table: Tabular, columns: usize, gamma: f64) -> Result<Instance> {
    let plan = Plan::of(&table, gamma)?;
    Ok(Instance {
        states: table.states(),
        columns,
        gamma,
        v_max: rounded_up(plan.value),
        bound: (table.largest_reward() / (1.0 - gamma)).max(0.0),
        optimum: plan.optimum,
        prize_rate: plan.prize_rate,
        world: World::Tabular(table),
    })
}

/// Rounds up to a whole number, or below 1 to one significant digit. Returns 1 if the value is not positive.
fn rounded_up(value: f64) -> f64 {
    // A rounding error must not push the value to the next number.
    let value = value - 1e-9 * value.abs();
    if value <= 0.0 {
        return 1.0;
    }
    let unit = if value < 1.0 { 10.0_f64.portable_powf(value.portable_log10().floor()) } else { 1.0 };
    (value / unit).ceil() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_up() {
        let found = [0.012, 0.5, 0.99, 1.0, 1.000_000_000_1, 1.2, 30.1, 0.0, -3.0].map(rounded_up);
        for (found, expected) in found.into_iter().zip([0.02, 0.5, 1.0, 1.0, 1.0, 2.0, 31.0, 1.0, 1.0]) {
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        }
    }

    #[test]
    fn exact_properties_of_the_tables() {
        let rooms = table(four_rooms().unwrap(), 9, GAMMA).unwrap();
        assert_eq!((rooms.v_max, rooms.optimum, rooms.prize_rate), (1.0, 1.0, 1.0));
        assert!((rooms.bound - 100.0).abs() < 1e-9);
        let chain = table(chain(10).unwrap(), 0, GAMMA).unwrap();
        assert_eq!(chain.v_max, 1.0);
    }
}
