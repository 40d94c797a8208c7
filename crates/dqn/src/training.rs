//! The training loop: an agent in its environment, step by step.

use rand::Rng;

use crate::environment::{End, Environment};
use crate::{Agent, Error, Result, Settings, Start, Streams};

/// An agent, its environment and its random streams.
pub struct Training<E> {
    pub(crate) world: E,
    pub(crate) agent: Agent,
    pub(crate) streams: Streams,
    pub(crate) steps: u64,
    pub(crate) seen: Vec<f32>,
    pub(crate) now: Vec<f32>,
    pub(crate) episode: Episode,
}

/// Length, return and prize of an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Episode {
    /// Number of steps.
    pub steps: u64,
    /// Undiscounted sum of the rewards.
    pub sum: f64,
    /// Whether the prize was reached.
    pub prize: bool,
}

impl<E: Environment> Training<E> {
    /// Starts a training. Draws one key from `rng`; all streams derive from it. Fails if the start does not match the
    /// environment.
    pub fn new(world: E, start: &Start, settings: Settings, rng: &mut impl Rng) -> Result<Self> {
        if start.net.actions != world.actions() {
            return Err(Error::Start { what: "actions", given: start.net.actions, expected: world.actions() });
        }
        if start.net.observation != world.observation() {
            let [given, expected] = [start.net.observation, world.observation()].map(crate::Observation::numbers);
            return Err(Error::Start { what: "inputs (or inputs of another type)", given, expected });
        }
        let width = world.observation().numbers();
        let mut training = Self {
            world,
            agent: Agent::new(start, settings)?,
            streams: Streams::new(rng),
            steps: 0,
            seen: vec![0.0; width],
            now: vec![0.0; width],
            episode: Episode::default(),
        };
        training.world.reset(&mut training.streams.environment);
        training.world.observe(&mut training.seen);
        Ok(training)
    }

    /// The agent.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The agent, for evaluating Q values.
    pub fn agent_mut(&mut self) -> &mut Agent {
        &mut self.agent
    }

    /// Number of environment steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Takes one environment step, and performs an update when one is due. Returns the episode if this step ended it.
    /// Allocates nothing after the first updates.
    pub fn step(&mut self) -> Result<Option<Episode>> {
        let Self { world, agent, streams, seen, now, episode, .. } = self;
        let settings = agent.settings;
        let action = agent.act(seen, settings.epsilon.at(self.steps), &mut streams.policy)?;
        let step = world.step(action, &mut streams.environment);
        world.observe(now);
        agent.remember(seen, (action, step.reward), now, step.end);
        episode.steps += 1;
        episode.sum += step.reward;
        episode.prize |= step.prize;
        self.steps += 1;
        let ended = (step.end != End::No).then(|| std::mem::take(episode));
        if ended.is_some() {
            world.reset(&mut streams.environment);
            world.observe(seen);
        } else {
            std::mem::swap(seen, now);
        }
        if self.steps > settings.warm_up && self.steps.is_multiple_of(settings.every) {
            agent.learn(&mut streams.replay, &mut streams.anchor)?;
        }
        Ok(ended)
    }

    /// Runs episodes of the greedy policy on a copy of the environment with a separate random stream. Training is
    /// unaffected.
    pub fn evaluate(&mut self, episodes: usize) -> Result<Vec<Episode>> {
        let mut world = self.world.clone();
        let mut seen = vec![0.0; self.seen.len()];
        let mut found = Vec::with_capacity(episodes);
        for _ in 0..episodes {
            let mut episode = Episode::default();
            world.reset(&mut self.streams.evaluation);
            loop {
                world.observe(&mut seen);
                let action = self.agent.greedy(&seen)?;
                let step = world.step(action, &mut self.streams.evaluation);
                episode.steps += 1;
                episode.sum += step.reward;
                episode.prize |= step.prize;
                if step.end != End::No {
                    break;
                }
            }
            found.push(episode);
        }
        Ok(found)
    }
}
