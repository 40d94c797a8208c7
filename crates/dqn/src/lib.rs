//! DQN on exact environments, with the initial Q function as an argument: does optimism at the start drive exploration,
//! and for how long?
//!
//! - [`environment`]: `CartPole`, `MountainCar` and `Acrobot` as in Gymnasium, `DeepSea` as in bsuite, and any finite
//!   process as a table of transitions.
//! - [`start`]: initial Q functions ([`Start`]): the default of `PyTorch`, zero biases, optimism in the output biases
//!   or weights, first-layer rows of a given norm, and maintained optimism ([`SustainedOptimism`]).
//! - [`Training`]: the agent ([`Agent`], [`Settings`]) in its environment; [`checkpoint`] saves and resumes it.
//! - [`rho`], [`visits`]: how much an update of one state changes the others, which pairs were visited, and the value
//!   of those that were not.
//!
//! | symbol | meaning |
//! |---|---|
//! | Q(s, a) | value of action a in state s: the network's output a |
//! | `V_max` | the largest attainable value |
//! | gamma | discount of a step |
//! | epsilon | probability of a random action |
//! | rho | mean off-diagonal over mean diagonal of the tangent kernel of Q |
//! | C, M | parameters of OPIQ's bonus C / (n + 1)^M after n visits |
//!
//! ```
//! use headstart_dqn::environment::DeepSea;
//! use headstart_dqn::{Epsilon, Net, Settings, Training, start};
//! use headstart_nn::Activation;
//! use rand::SeedableRng;
//!
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let sea = DeepSea::draw(5, false, &mut rng)?;
//! // A linear function of one-hot states with a frozen bias is a table of values, all 1 at first.
//! let net = Net::of(&sea, &[], Activation::Relu);
//! let start = start::zero(&net)?.with_output_bias(1.0).holding_output_bias();
//! let settings = Settings { epsilon: Epsilon::constant(0.0), ..Settings::BSUITE };
//! let mut training = Training::new(sea, &start, settings, &mut rng)?;
//! let mut treasures = 0;
//! for _ in 0..2000 {
//!     treasures += training.step()?.map_or(0, |episode| u32::from(episode.prize));
//! }
//! assert!(treasures > 50);
//! # Ok::<(), headstart_dqn::Error>(())
//! ```

mod agent;
pub mod checkpoint;
#[cfg(feature = "harness")]
pub mod domain;
pub mod environment;
mod error;
mod net;
mod replay;
mod settings;
pub mod start;
mod streams;
mod tangent;
mod training;
pub mod visits;

pub use self::agent::Agent;
pub use self::environment::Observation;
pub use self::error::{Error, Result};
pub use self::net::Net;
pub use self::replay::{Replay, Sample};
pub use self::settings::{Epsilon, Settings, TargetUpdate, TdLoss};
pub use self::start::{Start, SustainedOptimism};
pub use self::streams::Streams;
pub use self::tangent::rho;
pub use self::training::{Episode, Training};
pub use headstart_check::OutOfRange;
