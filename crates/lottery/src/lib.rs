//! Lottery tickets: which weights of a network can be removed before training, and whether such a mask serves another
//! network.
//!
//! - [`imp`]: iterative magnitude pruning with rewinding (Frankle & Carbin 2019; Frankle et al. 2020); [`saliency`]:
//!   SNIP, SynFlow and magnitude at initialisation.
//! - [`Mask`]: which weights are kept, with overlap and its chance level, saved as JSON; [`controls`]: random masks,
//!   and shuffles that keep some properties of a mask.
//! - [`Mapping`]: which source layer gives its mask to which target layer (Chen et al. 2021). A target layer without a
//!   source is an error.
//! - [`Model`]: the trait of networks that can be pruned. [`Linear`]: linear networks on a grid with exact loss;
//!   [`Classifier`]: dense and convolutional networks on [`samples`].
//!
//! | symbol | meaning |
//! |---|---|
//! | rho | share of the weights that is kept |
//! | E, H, W | stem, head and locally connected layers of a linear network |
//! | F, T | the map of a linear network, and its target |
//!
//! Transfers the ticket of a chain to a residual network:
//!
//! ```
//! use headstart_lottery::linear::{Architecture, Bias, Teacher};
//! use headstart_lottery::{Linear, LinearTask, Mapping, Model, Plan, imp, train};
//! use rand::SeedableRng;
//!
//! let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
//! let teacher = Teacher::tridiagonal(Bias::Horizontal, 4, &mut rng);
//! let mut chain = Linear::<f32>::new(&LinearTask::new(Architecture::Chain { layers: 4 }, teacher.clone()))?;
//! let mut residual = Linear::<f32>::new(&LinearTask::new(Architecture::Residual { layers: 4 }, teacher))?;
//! let start = chain.draw(&mut rng);
//! let ticket = imp(&mut chain, &start, &Plan::rounds(8), &mut rng)?;
//! let mask = Mapping::SameIndex.transfer(&ticket.mask, residual.layers())?;
//! let start = residual.draw(&mut rng);
//! assert!(train(&mut residual, &start, Some(&mask), &mut rng)? < 0.2);
//! # Ok::<(), headstart_lottery::Error>(())
//! ```

mod classifier;
mod compressed;
pub mod controls;
#[cfg(feature = "harness")]
pub mod domain;
mod error;
mod imp;
pub mod linear;
mod mapping;
mod mask;
mod model;
mod net;
pub mod prune;
mod rows;
pub mod saliency;
pub mod samples;
mod scores;

pub use self::classifier::{ClassTask, Classifier};
pub use self::error::{Error, Result};
pub use self::imp::{Level, Plan, Ticket, imp, one_shot};
pub use self::linear::{Linear, LinearTask};
pub use self::mapping::Mapping;
pub use self::mask::{LayerMask, Mask, chance_jaccard};
pub use self::model::{Model, Prunable, train};
pub use self::net::Net;
pub use self::samples::Samples;
pub use headstart_check::OutOfRange;
