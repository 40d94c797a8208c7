//! Variance-preserving initialisation of neural networks, as plain functions.
//!
//! - [`init`]: initialisers of one tensor, as in `torch.nn.init` and timm: Xavier, Kaiming, `LeCun`, truncated normal
//!   with corrected variance, orthogonal, sparse, Dirac, and weights for correlated inputs.
//! - [`start`]: starts of whole networks of `headstart-nn`: PyTorch's default, forward rules with any gain, LSUV,
//!   Fixup, zero residual branches, mimetic attention. Every tensor has a separate random stream ([`Streams`]).
//! - [`task`], [`rules`], [`Training`]: the problems of the benchmark (a network and data for each rule), their starts,
//!   and trainings with the signals before the first step.
//! - [`variance`], [`exact_gain`], [`torch_gain`]: the rules as numbers.
//!
//! | symbol | meaning |
//! |---|---|
//! | n | fan of a layer: inputs per output, or outputs per input |
//! | a | slope of a rectifier below zero |
//! | p | dropout probability |
//! | B | number of branches whose outputs are added |
//! | S | covariance of the inputs |
//! | sigma, rho | standard deviation of weights; relative size of a step |
//!
//! ```
//! use headstart_nn::{Activation, Network, Sequential, Shape, statistics};
//! use headstart_varinit::{exact_gain, start};
//! use rand::SeedableRng;
//!
//! let mut body = Sequential::<f64>::new(Shape::vector(256));
//! for _ in 0..10 {
//!     body = body.dense(256).activation(Activation::Tanh);
//! }
//! let mut network = Network::new(body.dense(1))?;
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! start::forward(&mut network, exact_gain(Activation::Tanh), &mut rng)?;
//! let mut x = vec![0.0; 64 * 256];
//! headstart_varinit::init::normal(&mut x, 1.0, &mut rng);
//! network.forward(&x, None)?;
//! let squares: Vec<f64> = statistics::statistics(&network).iter().step_by(2).map(|layer| layer.square).collect();
//! assert!(squares[9] / squares[0] > 0.3 && squares[9] / squares[0] < 3.0);
//! # Ok::<(), headstart_varinit::Error>(())
//! ```

#[cfg(feature = "harness")]
pub mod domain;
mod error;
mod gain;
pub mod init;
mod net;
pub mod rules;
pub mod start;
mod streams;
pub mod task;
mod training;
pub mod variance;

pub use self::error::{Error, Result};
pub use self::gain::{exact_gain, torch_gain};
pub use self::net::Net;
pub use self::streams::Streams;
pub use self::task::Task;
pub use self::training::{Signals, Training, WORST};
pub use headstart_check::OutOfRange;
