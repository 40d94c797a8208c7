//! A small neural network engine for experiments on initialisation.
//!
//! - Layers have hand-written gradients, each checked by finite differences, in `f32` or `f64`.
//! - The parameters of a network are one slice, described by [`Tensor`]s. Initialisers, masks, optimisers and
//!   checkpoints all work on that slice. Parameters begin at zero: the caller initialises them.
//! - Samples are rows of numbers, channels last. A batch is a sequence of rows.
//! - After the first step with a batch size, training allocates nothing.
//! - The same random numbers give the same bits, on one thread, on any machine with the same vector instructions.
//!
//! ```
//! use headstart_nn::{Activation, Loss, Method, Network, Optimiser, Role, Sequential, Shape, Target};
//! use rand::{RngExt, SeedableRng};
//!
//! let body = Sequential::<f32>::new(Shape::vector(2)).dense(16).activation(Activation::Tanh).dense(2);
//! let mut network = Network::new(body)?;
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! for tensor in network.tensors().to_vec() {
//!     if tensor.role == Role::Weight {
//!         let bound = (3.0 / tensor.fan_in as f32).sqrt();
//!         network.parameters_mut()[tensor.range()].fill_with(|| rng.random_range(-bound..bound));
//!     }
//! }
//! // Exclusive or.
//! let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
//! let mut adam = Optimiser::new(Method::ADAM, network.parameters().len())?;
//! for _ in 0..300 {
//!     network.train(&x, Target::Classes(&[0, 1, 1, 0]), Loss::CrossEntropy, (&mut adam, 0.02), &mut rng)?;
//! }
//! assert!(network.loss(&x, Target::Classes(&[0, 1, 1, 0]), Loss::CrossEntropy)? < 0.05);
//! # Ok::<(), headstart_nn::Error>(())
//! ```

pub mod checkpoint;
mod error;
mod layer;
mod loss;
mod mask;
mod network;
mod optimiser;
mod real;
mod schedule;
mod sequential;
mod shape;
mod splitmix;
pub mod statistics;

pub use self::error::Error;
pub use self::layer::{
    Activation, Affine, Attention, BatchNorm, Conv, Coupling, Dense, Dropout, Layer, LayerNorm, Local, Lookup, PRelu,
    Pass, Pool, PoolKind, Select, Signal, Sparse, Sum, Watched, Window,
};
pub use self::loss::{Loss, Target};
pub use self::mask::Mask;
pub use self::network::Network;
pub use self::optimiser::{Method, Optimiser, clip_norm};
pub use self::real::Real;
pub use self::schedule::Schedule;
pub use self::sequential::Sequential;
pub use self::shape::{Role, Shape, Tensor};
pub use self::splitmix::SplitMix64;
pub use headstart_check::OutOfRange;
