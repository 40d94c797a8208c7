//! Exact optimum of a finite process, by dynamic programming.

use headstart_check::check;

use super::contract::Environment;
use super::tabular::Tabular;
use crate::Error;

/// The optimum of a finite process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Largest expected undiscounted return of an episode, over policies that know how many steps are left.
    pub optimum: f64,
    /// Share of that policy's episodes that get the prize.
    pub prize_rate: f64,
    /// Largest discounted value of a reachable state, without a step limit.
    pub value: f64,
}

impl Plan {
    /// Computes the optimum by backward induction over the step limit, and `value` by value iteration.
    pub fn of(table: &Tabular, gamma: f64) -> Result<Self, Error> {
        check((0.0..1.0).contains(&gamma), "gamma", gamma, "at least 0 and below 1")?;
        let states = table.states();
        // Expected return and prize probability of every state for a given number of remaining steps.
        let (mut returns, mut prizes) = (vec![0.0; table.size()], vec![0.0; table.size()]);
        for _ in 0..table.limit() {
            let (later_returns, later_prizes) = (returns.clone(), prizes.clone());
            for &state in &states {
                let state = state as usize;
                let of = |action: usize| {
                    table.outcomes(state, action).iter().fold((0.0, 0.0), |(value, prize), outcome| {
                        let goes_on = f64::from(u8::from(!outcome.done));
                        let later = outcome.reward + goes_on * later_returns[outcome.next];
                        let seen =
                            if table.is_prize(outcome.reward) { 1.0 } else { goes_on * later_prizes[outcome.next] };
                        (value + outcome.probability * later, prize + outcome.probability * seen)
                    })
                };
                let best = (0..table.actions()).map(of).fold((f64::NEG_INFINITY, 0.0), |best, next| {
                    // Ties go to the action that is likelier to get the prize.
                    let tied = (next.0 - best.0).abs() <= 1e-12 && next.1 > best.1;
                    if tied || next.0 > best.0 + 1e-12 { next } else { best }
                });
                (returns[state], prizes[state]) = best;
            }
        }
        let mut values = vec![0.0_f64; table.size()];
        loop {
            let mut change = 0.0_f64;
            for &state in &states {
                let of = |action: usize| -> f64 {
                    let worth = |next: usize, done: bool| if done { 0.0 } else { gamma * values[next] };
                    let outcomes = table.outcomes(state as usize, action).iter();
                    outcomes.map(|o| o.probability * (o.reward + worth(o.next, o.done))).sum()
                };
                let best = (0..table.actions()).map(of).fold(f64::NEG_INFINITY, f64::max);
                change = change.max((best - values[state as usize]).abs());
                values[state as usize] = best;
            }
            // The remaining error is at most change gamma / (1 - gamma).
            if change * gamma <= 1e-10 * (1.0 - gamma) {
                break;
            }
        }
        let value = states.iter().map(|state| values[*state as usize]).fold(f64::NEG_INFINITY, f64::max);
        Ok(Self { optimum: returns[table.first()], prize_rate: prizes[table.first()], value })
    }
}
