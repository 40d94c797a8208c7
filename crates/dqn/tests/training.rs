//! Every option separately, evaluation that does not disturb training, and resuming.

use headstart_dqn::environment::{CartPole, DeepSea, End, Environment, Tabular, Transition, World, four_rooms};
use headstart_dqn::{
    Agent, Epsilon, Net, Observation, Settings, Start, Streams, SustainedOptimism, TargetUpdate, TdLoss, Training,
    checkpoint, start,
};
use headstart_nn::{Activation, Method};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Replays a single transition with gradient descent, on a linear function of three one-hot states and two actions.
const ALONE: Settings = Settings {
    gamma: 0.9,
    batch: 4,
    capacity: 1,
    warm_up: 0,
    every: 1,
    target: TargetUpdate::Hard { every: 1000 },
    method: Method::SGD,
    rate: 0.1,
    loss: TdLoss::Squared,
    double: false,
    n_step: 1,
    epsilon: Epsilon::constant(0.0),
};

/// Weights (state by action), then biases.
const FIRST: [f32; 8] = [0.3, -0.2, 1.5, 1.4, 0.0, 0.0, 0.1, 0.2];

fn linear() -> Start {
    let net = Net { observation: Observation::OneHot(3), hidden: vec![], activation: Activation::Relu, actions: 2 };
    Start { parameters: FIRST.to_vec(), ..start::zero(&net).unwrap() }
}

/// State 0, action 1, a reward of 0.5, then state 1.
fn agent(start: &Start, settings: Settings) -> Agent {
    let mut agent = Agent::new(start, settings).unwrap();
    agent.remember(&[0.0], (1, 0.5), &[1.0], End::No);
    agent
}

fn learn(agent: &mut Agent, times: usize) -> Vec<f32> {
    let mut streams = Streams::new(&mut rng(1));
    for _ in 0..times {
        agent.learn(&mut streams.replay, &mut streams.anchor).unwrap();
    }
    agent.parameters().to_vec()
}

fn near(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let far = found.iter().zip(expected).any(|(a, b)| (f64::from(*a) - b).abs() > 1e-5);
    assert!(!far, "{found:?} for {expected:?}");
}

/// Computes the same updates by hand: the parameters after `times` updates. `goal` gives the target from the current
/// and the first parameters.
fn by_hand(times: usize, slope: impl Fn(f64) -> f64, goal: impl Fn(&[f64], &[f64]) -> f64) -> Vec<f64> {
    let first: Vec<f64> = FIRST.iter().map(|w| f64::from(*w)).collect();
    let mut w = first.clone();
    for _ in 0..times {
        let error = w[1] + w[7] - goal(&w, &first);
        for place in [1, 7] {
            w[place] -= 0.1 * slope(error);
        }
    }
    w
}

fn q(w: &[f64], state: usize, action: usize) -> f64 {
    w[2 * state + action] + w[6 + action]
}

#[test]
fn plain_updates() {
    let goal = |_: &[f64], first: &[f64]| 0.5 + 0.9 * q(first, 1, 0).max(q(first, 1, 1));
    near(&learn(&mut agent(&linear(), ALONE), 5), &by_hand(5, |e| 2.0 * e, goal));
    let huber = Settings { loss: TdLoss::Huber(0.5), ..ALONE };
    near(&learn(&mut agent(&linear(), huber), 25), &by_hand(25, |e| e.clamp(-0.5, 0.5), goal));
}

#[test]
fn an_end_has_no_value_and_a_limit_of_time_has() {
    for (end, counts) in [(End::Terminal, 0.0), (End::TimeLimit, 0.9), (End::No, 0.9)] {
        let mut agent = Agent::new(&linear(), ALONE).unwrap();
        agent.remember(&[0.0], (1, 0.5), &[1.0], end);
        let goal = |_: &[f64], first: &[f64]| 0.5 + counts * q(first, 1, 0).max(q(first, 1, 1));
        near(&learn(&mut agent, 3), &by_hand(3, |e| 2.0 * e, goal));
    }
}

/// In state 1, the first parameters (and so the target) prefer action 0. The network comes to prefer action 1 as its
/// bias grows. Double DQN then uses the target's value of action 1.
#[test]
fn double_dqn_evaluates_the_networks_choice_with_the_target() {
    let mut start = linear();
    // At first the target values action 1 slightly less; learning raises the online network's bias of action 1.
    start.parameters[3] = 1.35;
    let first: Vec<f64> = start.parameters.iter().map(|w| f64::from(*w)).collect();
    for double in [false, true] {
        let mut w = first.clone();
        let mut switched = false;
        for _ in 0..10 {
            let online = [q(&w, 1, 0), q(&w, 1, 1)];
            let target = [q(&first, 1, 0), q(&first, 1, 1)];
            let pick = usize::from(online[1] > online[0]);
            switched |= pick == 1;
            let value = if double { target[pick] } else { target[0].max(target[1]) };
            let error = w[1] + w[7] - (0.5 + 0.9 * value);
            w[1] -= 0.2 * error;
            w[7] -= 0.2 * error;
        }
        assert!(switched && q(&first, 1, 0) > q(&first, 1, 1));
        near(&learn(&mut agent(&start, Settings { double, ..ALONE }), 10), &w);
    }
}

#[test]
fn hard_targets_are_copied_and_soft_ones_follow() {
    let hard = Settings { target: TargetUpdate::Hard { every: 3 }, ..ALONE };
    let mut copied = agent(&linear(), hard);
    for update in 1..=7 {
        let before = copied.target_parameters().to_vec();
        let now = learn(&mut copied, 1);
        let expected = if update % 3 == 0 { now } else { before };
        assert_eq!(copied.target_parameters(), expected, "after {update} updates");
        assert_eq!(copied.updates(), update);
    }
    let mut soft = agent(&linear(), Settings { target: TargetUpdate::Soft { tau: 0.25 }, ..ALONE });
    let before = soft.target_parameters().to_vec();
    let now = learn(&mut soft, 1);
    let expected: Vec<f64> =
        before.iter().zip(&now).map(|(old, new)| 0.75 * f64::from(*old) + 0.25 * f64::from(*new)).collect();
    near(soft.target_parameters(), &expected);
}

#[test]
fn returns_over_n_steps() {
    let mut agent = Agent::new(&linear(), Settings { n_step: 2, ..ALONE }).unwrap();
    agent.remember(&[0.0], (1, 0.5), &[2.0], End::No);
    assert!(agent.replay().is_empty(), "its return is not complete");
    agent.remember(&[2.0], (0, 1.0), &[1.0], End::No);
    let goal = |_: &[f64], first: &[f64]| 0.5 + 0.9 + 0.81 * q(first, 1, 0).max(q(first, 1, 1));
    near(&learn(&mut agent, 4), &by_hand(4, |e| 2.0 * e, goal));
}

#[test]
fn a_bias_that_is_held_stays() {
    for method in [Method::SGD, Method::ADAM, Method::RMS_PROP, Method::Sgd { momentum: 0.9 }] {
        let mut held = agent(&linear().holding_output_bias(), Settings { method, ..ALONE });
        let now = learn(&mut held, 20);
        assert_eq!(now[6..], FIRST[6..], "{method:?}");
        assert_ne!(now[1], FIRST[1], "{method:?}");
        let mut free = agent(&linear(), Settings { method, rate: 0.02, ..ALONE });
        let error = |agent: &mut Agent| (agent.values(&[0.0]).unwrap()[1] - (0.5 + 0.9 * 1.6)).abs();
        let before = error(&mut free);
        learn(&mut free, 60);
        assert!(error(&mut free) < 0.5 * before, "{method:?}");
    }
}

#[test]
fn an_anchor_pulls_unvisited_values() {
    let anchor = SustainedOptimism::Anchor { value: 3.0, weight: 0.1, inputs: 32 };
    let still = Settings { target: TargetUpdate::Hard { every: 1 << 20 }, ..ALONE };
    let mut agent = agent(&linear().with_sustained_optimism(anchor), still);
    learn(&mut agent, 4000);
    let values = agent.values(&[0.0, 1.0, 2.0]).unwrap().to_vec();
    for place in [0, 2, 3, 4, 5] {
        assert!((values[place] - 3.0).abs() < 0.02, "{values:?}");
    }
    // At the visited pair: (q - 1.94) + 0.1 / 6 (q - 3) = 0, because six values share the weight.
    let expected = (1.94 + 0.1 / 6.0 * 3.0) / (1.0 + 0.1 / 6.0);
    assert!((f64::from(values[1]) - expected).abs() < 0.05, "{} for {expected}", values[1]);
}

#[test]
fn counts_steer_and_are_learned_from() {
    let counts = SustainedOptimism::Counts { scale: 1.0, power: 2.0 };
    let mut agent = Agent::new(&linear().with_sustained_optimism(counts), ALONE).unwrap();
    // Values 0.4 and 0: the first action is chosen until its bonus is gone.
    assert_eq!(agent.greedy(&[0.0]).unwrap(), 0);
    agent.remember(&[0.0], (0, 0.0), &[2.0], End::No);
    assert_eq!(agent.greedy(&[0.0]).unwrap(), 1, "1.4 fell to 0.65, below 1");
    agent.remember(&[0.0], (1, 0.5), &[1.0], End::No);
    assert_eq!(agent.counts(), [1, 1, 0, 0, 0, 0]);
    let goal = |_: &[f64], first: &[f64]| 0.5 + 0.9 * (1.0 + q(first, 1, 0).max(q(first, 1, 1)));
    near(&learn(&mut agent, 3), &by_hand(3, |e| 2.0 * e, goal));
}

fn sea(size: usize) -> DeepSea {
    DeepSea::draw(size, true, &mut rng(7)).unwrap()
}

fn trainings() -> Vec<(&'static str, World, Start, Settings)> {
    let (sea, pole) = (World::DeepSea(sea(6)), World::CartPole(CartPole::default()));
    let net = Net::of(&sea, &[16, 8], Activation::Relu);
    let he = start::he(&net, &mut rng(2)).unwrap().with_output_bias(1.0);
    let upright = start::torch_default(&Net::of(&pole, &[16], Activation::Tanh), &mut rng(3)).unwrap();
    let small = Settings { capacity: 200, warm_up: 50, ..Settings::BSUITE };
    let soft = TargetUpdate::Soft { tau: 0.01 };
    let epsilon = Epsilon { from: 1.0, to: 0.1, steps: 400 };
    let counts = SustainedOptimism::Counts { scale: 1.0, power: 2.0 };
    let anchor = SustainedOptimism::Anchor { value: 1.0, weight: 0.1, inputs: 8 };
    vec![
        ("plain", sea.clone(), he.clone(), small),
        ("counts", sea.clone(), he.clone().with_sustained_optimism(counts), Settings { double: true, ..small }),
        (
            "anchor",
            sea,
            he.with_sustained_optimism(anchor).holding_output_bias(),
            Settings { method: Method::RMS_PROP, ..small },
        ),
        ("pole", pole, upright, Settings { n_step: 3, target: soft, epsilon, every: 4, ..small }),
    ]
}

fn steps(training: &mut Training<World>, count: usize) {
    for _ in 0..count {
        training.step().unwrap();
    }
}

#[test]
fn a_resumed_training_equals_an_uninterrupted_one() {
    for (name, world, start, settings) in trainings() {
        let mut whole = Training::new(world, &start, settings, &mut rng(4)).unwrap();
        // In the middle of an episode, with incomplete returns.
        steps(&mut whole, 501);
        let bytes = checkpoint::save(&mut whole).unwrap();
        steps(&mut whole, 500);
        let mut resumed: Training<World> = checkpoint::load(&bytes).unwrap();
        assert_eq!(checkpoint::save(&mut resumed).unwrap(), bytes, "{name}");
        steps(&mut resumed, 500);
        assert_eq!(checkpoint::save(&mut resumed).unwrap(), checkpoint::save(&mut whole).unwrap(), "{name}");
        assert_ne!(resumed.agent().parameters(), start.parameters, "{name} learned nothing");
    }
}

#[test]
fn evaluation_leaves_training_as_it_was() {
    for (name, world, start, settings) in trainings() {
        let mut alone = Training::new(world.clone(), &start, settings, &mut rng(5)).unwrap();
        let mut watched = Training::new(world, &start, settings, &mut rng(5)).unwrap();
        for _ in 0..20 {
            steps(&mut alone, 30);
            steps(&mut watched, 30);
            assert_eq!(watched.evaluate(2).unwrap().len(), 2);
        }
        assert_eq!(alone.agent().parameters(), watched.agent().parameters(), "{name}");
        assert_eq!(alone.agent().counts(), watched.agent().counts(), "{name}");
        assert_eq!(alone.agent().replay(), watched.agent().replay(), "{name}");
    }
}

/// Two agents with different behaviour see the same initial states.
#[test]
fn the_environment_has_its_own_stream() {
    let pole = CartPole::default();
    let net = Net::of(&pole, &[8], Activation::Relu);
    let beginnings = |epsilon: f64, seed: u64| {
        let start = start::he(&net, &mut rng(seed)).unwrap();
        let settings = Settings { epsilon: Epsilon::constant(epsilon), warm_up: 20, ..Settings::BSUITE };
        let mut training = Training::new(pole.clone(), &start, settings, &mut rng(6)).unwrap();
        let mut first = Vec::new();
        while first.len() < 10 {
            if training.step().unwrap().is_some() {
                let replay = training.agent().replay();
                let place = replay.len();
                while training.agent().replay().len() == place {
                    training.step().unwrap();
                }
                first.push(training.agent().replay().at(place).seen.to_vec());
            }
        }
        first
    };
    assert_eq!(beginnings(0.0, 1), beginnings(1.0, 2));
}

/// The goal is sixteen steps away: in the first cell the two good actions are worth 0.99^15, the two moves into a wall
/// 0.99^16.
#[test]
fn a_maze_is_learned_to_its_exact_values() {
    let rooms = four_rooms().unwrap();
    let start = start::zero(&Net::of(&rooms, &[], Activation::Relu)).unwrap();
    let start = start.with_output_bias(1.0).holding_output_bias();
    let settings = Settings { epsilon: Epsilon::constant(0.0), ..Settings::BSUITE };
    let mut training = Training::new(rooms, &start, settings, &mut rng(8)).unwrap();
    for _ in 0..60_000 {
        training.step().unwrap();
    }
    let found = training.evaluate(1).unwrap()[0];
    assert_eq!((found.prize, found.steps, found.sum), (true, 16, 1.0));
    let (on, off) = (0.99_f32.powi(15), 0.99_f32.powi(16));
    let values = training.agent_mut().values(&[0.0]).unwrap();
    assert!(values.iter().zip([off, on, on, off]).all(|(q, exact)| (q - exact).abs() < 1e-3), "{values:?}");
}

#[test]
fn mismatched_starts_and_settings_are_refused() {
    let (_, world, start, settings) = trainings().remove(0);
    let other = start::zero(&Net::of(&sea(5), &[], Activation::Relu)).unwrap();
    let refused = |start: &Start, settings: Settings| {
        Training::new(world.clone(), start, settings, &mut rng(9)).err().unwrap().to_string()
    };
    assert!(
        refused(&other, settings).contains("create it for this environment")
            || refused(&other, settings).contains("start has")
    );
    assert!(refused(&start, Settings { batch: 0, ..settings }).contains("the batch is 0"));
    let one = Transition { state: 0, action: 0, next: 0, reward: 0.0, probability: 1.0, done: true };
    let table = Tabular::new([1, 1], vec![one], 0, 1).unwrap();
    assert_eq!(table.actions(), 1);
    let error = Training::new(table, &start, settings, &mut rng(9)).err().unwrap().to_string();
    assert!(error.contains("2 actions, but 1"), "{error}");
    let mut training = Training::new(world.clone(), &start, settings, &mut rng(9)).unwrap();
    let bytes = checkpoint::save(&mut training).unwrap();
    for bad in [&bytes[..5], &bytes[..bytes.len() / 2], b"something else altogether"] {
        let error = checkpoint::load::<World>(bad).err().unwrap().to_string();
        assert!(error.contains("the checkpoint cannot be read"), "{error}");
    }
}
