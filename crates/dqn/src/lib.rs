//! DQN on exact environments.

pub mod environment;
mod error;
mod streams;

pub use self::error::{Error, Result};
pub use self::streams::{Stream, Streams};
