//! Checkpoints of a training as bytes. A resumed training gives the same bits as an uninterrupted one.

use headstart_nn::checkpoint;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::replay::Replay;
use crate::{Episode, Error, Net, Result, Settings, Start, Streams, SustainedOptimism, Training};

/// Magic bytes of the file; the last is the version of the format.
const MAGIC: [u8; 8] = *b"HSDQN\0\0\x01";

#[derive(Serialize, Deserialize)]
struct Stored<E> {
    net: Net,
    settings: Settings,
    sustained_optimism: SustainedOptimism,
    holds_output_bias: bool,
    online: Vec<u8>,
    target: Vec<f32>,
    replay: Replay,
    updates: u64,
    counts: Vec<u32>,
    world: E,
    streams: Streams,
    steps: u64,
    seen: Vec<f32>,
    episode: Episode,
}

/// Saves a training, including replay buffer, optimiser and random streams.
pub fn save<E: Environment + Serialize>(training: &mut Training<E>) -> Result<Vec<u8>> {
    let agent = &mut training.agent;
    let stored = Stored {
        net: agent.net.clone(),
        settings: agent.settings,
        sustained_optimism: agent.sustained_optimism,
        holds_output_bias: agent.holds_output_bias,
        online: checkpoint::save(&mut agent.online, &agent.optimiser)?,
        target: agent.target.parameters().to_vec(),
        replay: agent.replay.clone(),
        updates: agent.updates,
        counts: agent.counts.clone(),
        world: training.world.clone(),
        streams: training.streams.clone(),
        steps: training.steps,
        seen: training.seen.clone(),
        episode: training.episode,
    };
    postcard::to_extend(&stored, MAGIC.to_vec()).map_err(|error| unusable(error.to_string()))
}

/// Restores a training from the bytes of [`save`].
pub fn load<E: Environment + DeserializeOwned>(bytes: &[u8]) -> Result<Training<E>> {
    let body =
        bytes.strip_prefix(&MAGIC).ok_or_else(|| unusable("it does not start with the magic bytes of this format"))?;
    let stored: Stored<E> = postcard::from_bytes(body).map_err(|error| unusable(error.to_string()))?;
    let (world, net) = (stored.world, stored.net);
    let start = Start {
        net,
        parameters: stored.target,
        holds_output_bias: stored.holds_output_bias,
        sustained_optimism: stored.sustained_optimism,
    };
    // `new` draws from this generator, but all streams are replaced below.
    let mut training = Training::new(world.clone(), &start, stored.settings, &mut stored.streams.clone().policy)?;
    let agent = &mut training.agent;
    if !stored.replay.fits(&agent.replay)
        || stored.counts.len() != agent.counts.len()
        || stored.seen.len() != training.seen.len()
    {
        return Err(unusable("its parts have inconsistent sizes"));
    }
    agent.optimiser = checkpoint::load(&mut agent.online, &stored.online)?;
    agent.replay = stored.replay;
    agent.updates = stored.updates;
    agent.counts = stored.counts;
    agent.count_anew();
    training.world = world;
    training.streams = stored.streams;
    training.steps = stored.steps;
    training.seen = stored.seen;
    training.episode = stored.episode;
    Ok(training)
}

fn unusable(reason: impl Into<String>) -> Error {
    Error::Checkpoint { reason: reason.into() }
}
