//! Environments against traces of Gymnasium 1.0.0, action mappings of bsuite, and closed forms.

use headstart_dqn::environment::{
    Acrobot, CartPole, DeepSea, End, Environment, MountainCar, Observation, Plan, Tabular, Transition, World, chain,
    four_rooms, river_swim,
};
use headstart_dqn::{Epsilon, Net, Settings, Training, start};
use headstart_nn::Activation;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Replays every line of a trace: episode, t, action, state, next state, reward, whether the episode ended.
fn replay<const N: usize>(
    trace: &str,
    next: impl Fn([f64; N], usize) -> [f64; N],
    is_over: impl Fn([f64; N]) -> bool,
    reward: impl Fn(bool) -> f64,
) {
    let (mut lines, mut ends) = (0, 0);
    for line in trace.lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let state = std::array::from_fn(|i| cells[3 + i]);
        let found = next(state, cells[2] as usize);
        for (i, found) in found.iter().enumerate() {
            assert!((found - cells[3 + N + i]).abs() <= 1e-12, "{line}: {found}");
        }
        let over = is_over(found);
        assert_eq!(over, cells[4 + 2 * N] == 1.0, "{line}");
        assert_eq!(reward(over), cells[3 + 2 * N], "{line}");
        lines += 1;
        ends += usize::from(over);
    }
    assert!(lines > 40 && ends > 0, "{lines} lines, {ends} ends");
}

#[test]
fn traces_of_gymnasium() {
    replay(include_str!("traces/CartPole-v1.csv"), CartPole::next, CartPole::is_over, |_| 1.0);
    replay(include_str!("traces/MountainCar-v0.csv"), MountainCar::next, MountainCar::is_over, |_| -1.0);
    replay(
        include_str!("traces/Acrobot-v1.csv"),
        Acrobot::next,
        Acrobot::is_over,
        |over| if over { 0.0 } else { -1.0 },
    );
}

/// Resets stay in their ranges, and time limits are not terminal states.
#[test]
fn resets_and_limits() {
    let mut rng = rng(1);
    let mut seen = [0.0; 6];
    for _ in 0..100 {
        let mut pole = CartPole::default();
        pole.reset(&mut rng);
        pole.observe(&mut seen[..4]);
        assert!(seen[..4].iter().all(|x| x.abs() <= 0.05));
        let mut car = MountainCar::default();
        car.reset(&mut rng);
        car.observe(&mut seen[..2]);
        assert!((-0.6..=-0.4).contains(&seen[0]) && seen[1] == 0.0);
    }
    let mut car = MountainCar::default();
    car.reset(&mut rng);
    let ends: Vec<End> = (0..200).map(|_| car.step(1, &mut rng).end).collect();
    assert!(ends[..199].iter().all(|end| *end == End::No) && ends[199] == End::TimeLimit);
    let mut arms = Acrobot::default();
    arms.reset(&mut rng);
    arms.observe(&mut seen);
    assert!((seen[0] * seen[0] + seen[1] * seen[1] - 1.0).abs() < 1e-6 && seen[4].abs() <= 0.1);
    let ends: Vec<End> = (0..500).map(|_| arms.step(1, &mut rng).end).collect();
    assert_eq!(ends[499], End::TimeLimit);
}

/// bsuite's action mappings for mapping seed 42, with their sizes.
fn mappings() -> Vec<(usize, Vec<bool>)> {
    let mut lines = include_str!("traces/deep_sea_mapping_seed42.txt").lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let size: usize = line.parse().unwrap();
        let rows: String = lines.by_ref().take(size).collect();
        found.push((size, rows.chars().map(|cell| cell == '1').collect()));
    }
    found
}

#[test]
fn the_way_to_the_treasure() {
    let mappings = mappings();
    assert_eq!(mappings.iter().map(|(size, _)| *size).collect::<Vec<_>>(), [4, 6, 10, 20]);
    for (size, right) in mappings {
        let mut sea = DeepSea::new(right.clone(), false).unwrap();
        let mut rng = rng(2);
        sea.reset(&mut rng);
        let (mut sum, mut seen) = (0.0, [0.0]);
        for row in 0..size {
            sea.observe(&mut seen);
            assert_eq!(seen[0] as usize, row * size + row, "on the diagonal");
            let step = sea.step(usize::from(right[row * size + row]), &mut rng);
            sum += step.reward;
            assert_eq!(step.prize, row == size - 1);
            assert_eq!(step.end, if row == size - 1 { End::Terminal } else { End::No });
        }
        sea.observe(&mut seen);
        assert_eq!(seen, [-1.0], "the last observation is zeros");
        assert!((sum - 0.99).abs() < 1e-12 && (sea.optimum() - 0.99).abs() < 1e-12);
        // Going left is free, and a single step to the left loses the treasure.
        sea.reset(&mut rng);
        let left = |sea: &DeepSea, row: usize, column: usize| 1 - sea.right(row, column);
        let sum: f64 = (0..size).map(|row| sea.step(left(&sea, row, 0), &mut rng).reward).sum();
        assert_eq!(sum, 0.0);
    }
}

/// Compares means over many episodes with the closed forms, within five standard errors.
#[test]
fn the_noisy_sea() {
    let (size, episodes) = (8, 40_000);
    let mut rng = rng(3);
    let mut sea = DeepSea::draw(size, true, &mut rng).unwrap();
    let (mut returns, mut squares, mut prizes) = (0.0_f64, 0.0, 0.0);
    for _ in 0..episodes {
        sea.reset(&mut rng);
        let (mut sum, mut prize, mut column) = (0.0, false, 0);
        let mut seen = [0.0];
        for row in 0..size {
            let right = sea.right(row, column);
            let step = sea.step(if column == row { right } else { 1 - right }, &mut rng);
            sum += step.reward;
            prize |= step.prize;
            sea.observe(&mut seen);
            column = seen[0].max(0.0) as usize % size;
        }
        returns += sum;
        squares += sum * sum;
        prizes += f64::from(u8::from(prize));
    }
    let n = f64::from(episodes);
    let (mean, rate) = (returns / n, prizes / n);
    let error = ((squares / n - mean * mean) / n).sqrt();
    assert!((mean - sea.optimum()).abs() < 5.0 * error, "{mean} for {}", sea.optimum());
    let expected = sea.prize_rate();
    assert!((expected - 0.875_f64.powi(7)).abs() < 1e-12);
    assert!((rate - expected).abs() < 5.0 * (expected * (1.0 - expected) / n).sqrt(), "{rate} for {expected}");
}

#[test]
fn cells_of_the_sea() {
    let sea = DeepSea::draw(5, false, &mut rng(4)).unwrap();
    assert_eq!(sea.states(), [0, 5, 6, 10, 11, 12, 15, 16, 17, 18, 20, 21, 22, 23, 24]);
    assert_eq!(sea.observation(), Observation::OneHot(25));
    for cells in [0, 1, 3, 8] {
        let refused = DeepSea::new(vec![true; cells], false).unwrap_err().to_string();
        assert!(refused.contains("N x N"), "{refused}");
    }
}

/// Optima of the finite problems, by hand or from an independent numpy program (the same recursion over matrices).
#[test]
fn optima_of_the_finite_problems() {
    let rooms = Plan::of(&four_rooms().unwrap(), 0.99).unwrap();
    // 16 steps to the far corner; only the last is rewarded.
    assert_eq!((rooms.optimum, rooms.prize_rate), (1.0, 1.0));
    assert!((rooms.value - 1.0).abs() < 1e-12);
    // With slip probability one half, the first step decides the chain of two.
    let two = Plan::of(&chain(2).unwrap(), 0.5).unwrap();
    assert!((two.prize_rate - (1.0 - 0.5_f64.powi(11))).abs() < 1e-12);
    let swim = Plan::of(&river_swim().unwrap(), 0.99).unwrap();
    assert!(swim.optimum > 1.0 && swim.prize_rate > 0.5 && swim.value > 20.0, "{swim:?}");
}

/// Sampling the table reproduces the plan: one action with two outcomes.
#[test]
fn samples_of_a_table_match_its_plan() {
    let outcome = |next, reward, probability, done| Transition { state: 0, action: 0, next, reward, probability, done };
    let rows = vec![outcome(0, 0.0, 0.5, false), outcome(1, 2.0, 0.25, true), outcome(1, -1.0, 0.25, true)];
    let table = Tabular::new([2, 1], rows, 0, 3).unwrap();
    let plan = Plan::of(&table, 0.5).unwrap();
    // 0.25 (1 + 1/2 + 1/4); the discounted value solves v = 0.25 + 0.25 v.
    assert!((plan.optimum - 0.4375).abs() < 1e-12 && (plan.prize_rate - 0.4375).abs() < 1e-12);
    assert!((plan.value - 1.0 / 3.0).abs() < 1e-9);
    let (mut world, mut rng) = (World::Tabular(table), rng(5));
    let (mut sum, mut limits, n) = (0.0, 0, 40_000);
    for _ in 0..n {
        world.reset(&mut rng);
        loop {
            let step = world.step(0, &mut rng);
            sum += step.reward;
            limits += usize::from(step.end == End::TimeLimit);
            if step.end != End::No {
                break;
            }
        }
    }
    // Standard deviations per episode are below 1.4 and below 0.34.
    assert!((sum / f64::from(n) - 0.4375).abs() < 5.0 * 1.4 / f64::from(n).sqrt());
    assert!((limits as f64 / f64::from(n) - 0.125).abs() < 5.0 * 0.34 / f64::from(n).sqrt());
}

#[test]
fn invalid_tables_are_refused() {
    let good = Transition { state: 0, action: 0, next: 0, reward: 0.0, probability: 1.0, done: false };
    let refused = |rows: Vec<Transition>, sizes, limit| Tabular::new(sizes, rows, 0, limit).unwrap_err().to_string();
    for (row, text) in [
        (Transition { state: 3, ..good }, "state 3"),
        (Transition { action: 1, ..good }, "action 1"),
        (Transition { next: 9, ..good }, "next state 9"),
        (Transition { reward: f64::NAN, ..good }, "a reward is NaN"),
        (Transition { probability: 1.5, ..good }, "a probability is 1.5"),
        (Transition { probability: 0.5, ..good }, "sum to 0.5"),
        (Transition { next: 1, ..good }, "state 1 with action 0 sum to 0"),
    ] {
        let found = refused(vec![row], [2, 1], 5);
        assert!(found.contains(text), "{text} is not in {found}");
    }
    assert!(refused(vec![good], [2, 1], 0).contains("step limit"));
    assert!(refused(vec![good], [0, 1], 1).contains("number of states"));
}

/// An eighth of the published budget. Random pushes hold the pole for 22 steps; a mean of 195 solved the first version
/// of the problem. Takes the median of five runs, because one in four does not get there in so few steps. For the whole
/// budget on all three problems see README.md and `examples/control.rs`.
#[test]
fn the_pole_is_balanced() {
    let run = |seed: u64| {
        let pole = CartPole::default();
        let mut rng = rng(seed);
        let start = start::torch_default(&Net::of(&pole, &[120, 84], Activation::Relu), &mut rng).unwrap();
        let epsilon = Epsilon { steps: 30_000, ..Settings::CLEAN_RL.epsilon };
        let settings = Settings { epsilon, warm_up: 5_000, ..Settings::CLEAN_RL };
        let mut training = Training::new(pole, &start, settings, &mut rng).unwrap();
        let mean = |training: &mut Training<CartPole>| {
            let episodes = training.evaluate(50).unwrap();
            episodes.iter().map(|episode| episode.sum).sum::<f64>() / 50.0
        };
        let before = mean(&mut training);
        for _ in 0..62_500 {
            training.step().unwrap();
        }
        (before, mean(&mut training))
    };
    let (mut before, mut after): (Vec<f64>, Vec<f64>) = (1..=5).map(run).unzip();
    before.sort_by(f64::total_cmp);
    after.sort_by(f64::total_cmp);
    assert!(before[2] < 60.0 && after[2] > 195.0, "{before:?} {after:?}");
}
