//! Finite exploration problems.

use super::tabular::{Tabular, Transition};
use crate::Error;

/// `RiverSwim` (Strehl & Littman 2008, with the numbers of Osband, Russo & Van Roy 2013): six states in a row, episodes
/// of 20 steps that begin at the left end. Left (action 0) always succeeds and gives 0.005 at the left end. Right swims
/// against the current and gives 1 if it stays at the right end.
pub fn river_swim() -> Result<Tabular, Error> {
    let mut rows = Vec::new();
    for state in 0..6_usize {
        let reward = if state == 0 { 0.005 } else { 0.0 };
        rows.push(one(state, 0, state.saturating_sub(1), reward, 1.0));
        let moves: &[(usize, f64)] = match state {
            0 => &[(0, 0.4), (1, 0.6)],
            5 => &[(4, 0.4), (5, 0.6)],
            _ => &[(state - 1, 0.05), (state, 0.6), (state + 1, 0.35)],
        };
        for &(next, probability) in moves {
            let reward = if state == 5 && next == 5 { 1.0 } else { 0.0 };
            rows.push(one(state, 1, next, reward, probability));
        }
    }
    Tabular::new([6, 2], rows, 0, 20)
}

/// A chain of n states (after Osband et al. 2016): right (action 1) moves forward, left moves back. With probability
/// 1/n an action has the effect of the other one. Going left at the left end gives 0.001. Arriving at the right end
/// gives 1 and ends the episode, which has at most n + 9 steps.
pub fn chain(n: usize) -> Result<Tabular, Error> {
    headstart_check::check((2..=10_000).contains(&n), "the length of the chain", n as f64, "between 2 and 10000")?;
    let slip = 1.0 / n as f64;
    let mut rows = Vec::new();
    for state in 0..n - 1 {
        let left = Transition {
            reward: if state == 0 { 0.001 } else { 0.0 },
            ..one(state, 0, state.saturating_sub(1), 0.0, 1.0)
        };
        let arrives = state + 1 == n - 1;
        let right = Transition { done: arrives, ..one(state, 1, state + 1, if arrives { 1.0 } else { 0.0 }, 1.0) };
        for (meant, other, action) in [(left, right, 0), (right, left, 1)] {
            rows.push(Transition { action, probability: 1.0 - slip, ..meant });
            rows.push(Transition { action, probability: slip, ..other });
        }
    }
    Tabular::new([n, 2], rows, 0, n + 9)
}

/// The maze: walls `#`, first state `S`, goal `G`.
const ROOMS: [&[u8]; 9] = [
    b"S...#....",
    b"....#....",
    b".........",
    b"....#....",
    b"##.####.#",
    b"....#....",
    b"....#....",
    b".........",
    b"....#...G",
];

/// Four rooms with doors, a maze defined by this project. Actions: up, right, down, left; a move into a wall does
/// nothing. The goal in the far corner gives 1 and ends the episode, which has at most 60 steps.
pub fn four_rooms() -> Result<Tabular, Error> {
    let (height, width) = (ROOMS.len(), ROOMS[0].len());
    let mut rows = Vec::new();
    for row in 0..height {
        for column in 0..width {
            let ways = [
                (row.checked_sub(1), Some(column)),
                (Some(row), Some(column + 1)),
                (Some(row + 1), Some(column)),
                (Some(row), column.checked_sub(1)),
            ];
            for (action, way) in ways.into_iter().enumerate() {
                let free = |r: usize, c: usize| r < height && c < width && ROOMS[r][c] != b'#';
                let (r, c) = match way {
                    (Some(r), Some(c)) if free(r, c) => (r, c),
                    _ => (row, column),
                };
                let goal = ROOMS[r][c] == b'G';
                let reward = if goal { 1.0 } else { 0.0 };
                let step = one(row * width + column, action, r * width + c, reward, 1.0);
                rows.push(Transition { done: goal, ..step });
            }
        }
    }
    Tabular::new([height * width, 4], rows, 0, 60)
}

fn one(state: usize, action: usize, next: usize, reward: f64, probability: f64) -> Transition {
    Transition { state, action, next, reward, probability, done: false }
}
