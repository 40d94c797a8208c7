//! A replicate: a network to train, and the networks from which its masks come.

use std::cell::OnceCell;

use headstart_domain::{Result, Stream};
use serde::Serialize;

use crate::{ClassTask, Classifier, Linear, LinearTask, Mask, Model, Plan, imp, prune};

/// A network with its task.
#[derive(Clone, Debug, Serialize)]
pub enum Experiment {
    /// A linear network with exact loss.
    Linear(LinearTask),
    /// A classifier.
    Classes(ClassTask),
}

impl Experiment {
    /// Builds the network.
    pub fn model(&self) -> Result<Box<dyn Model>> {
        Ok(match self {
            Self::Linear(task) => Box::new(Linear::<f32>::new(task)?),
            Self::Classes(task) => Box::new(Classifier::new(task)?),
        })
    }
}

/// A network, the number of pruning rounds, and the sources of masks.
#[derive(Serialize)]
pub struct Instance {
    /// The network that is trained.
    pub target: Experiment,
    /// Rounds of pruning.
    pub rounds: usize,
    /// The source: another architecture on the same task.
    pub source: Option<Experiment>,
    /// The source architecture on another task with the same bias.
    pub other: Option<Experiment>,
    /// The source architecture on a task with the wrong bias.
    pub wrong: Option<Experiment>,
    /// Initial weights of the target.
    #[serde(skip)]
    pub weights: Vec<f32>,
    /// Notes on how user data was read.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// The mask for measuring overlaps; it belongs to no start.
    #[serde(skip)]
    pub(super) reference: OnceCell<Mask>,
}

impl Instance {
    /// Creates an instance with initial weights drawn from the stream.
    pub fn new(target: Experiment, rounds: usize, stream: &mut Stream) -> Result<Self> {
        let weights = target.model()?.draw(stream);
        Ok(Self {
            target,
            rounds,
            source: None,
            other: None,
            wrong: None,
            weights,
            notes: Vec::new(),
            reference: OnceCell::new(),
        })
    }

    /// Returns how many weights each layer keeps.
    pub fn keep(&self, model: &dyn Model) -> Result<Vec<usize>> {
        Ok(prune::counts(model.layers(), Plan::rounds(self.rounds).rate, self.rounds)?)
    }

    /// Returns the target's own ticket, computed only for comparison and not charged; `None` for classifiers, where it
    /// would take long. A linear network is trained without random numbers, so this equals the mask of the start
    /// `ticket`.
    pub fn reference(&self, stream: &mut Stream) -> Result<Option<&Mask>> {
        let Experiment::Linear(_) = self.target else { return Ok(None) };
        if let Some(mask) = self.reference.get() {
            return Ok(Some(mask));
        }
        let mut model = self.target.model()?;
        let mask = imp(&mut *model, &self.weights, &Plan::rounds(self.rounds), stream)?.mask;
        Ok(Some(self.reference.get_or_init(|| mask)))
    }
}
