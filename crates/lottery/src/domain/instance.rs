//! What a replicate is about: a network to be trained, and the networks that masks for it come from.

use std::cell::OnceCell;

use headstart_domain::{Result, Stream};
use serde::Serialize;

use crate::{ClassTask, Classifier, Linear, LinearTask, Mask, Model, Plan, imp, prune};

/// A network with what it learns.
#[derive(Clone, Debug, Serialize)]
pub enum Experiment {
    /// A linear network with exact loss.
    Linear(LinearTask),
    /// A classifier.
    Classes(ClassTask),
}

impl Experiment {
    /// The network, ready to be trained.
    pub fn model(&self) -> Result<Box<dyn Model>> {
        Ok(match self {
            Self::Linear(task) => Box::new(Linear::<f32>::new(task)?),
            Self::Classes(task) => Box::new(Classifier::new(task)?),
        })
    }
}

/// A network, the share of it that is kept, and where masks come from.
#[derive(Serialize)]
pub struct Instance {
    /// What is trained.
    pub target: Experiment,
    /// Rounds of pruning.
    pub rounds: usize,
    /// Another architecture on the same task.
    pub source: Option<Experiment>,
    /// That architecture on another task of the same bias.
    pub other: Option<Experiment>,
    /// That architecture on a task of the wrong bias.
    pub wrong: Option<Experiment>,
    /// The target's own initial weights.
    #[serde(skip)]
    pub weights: Vec<f32>,
    /// How own data was understood.
    #[serde(skip)]
    pub notes: Vec<String>,
    /// The mask with which overlaps are measured; of no start.
    #[serde(skip)]
    pub(super) reference: OnceCell<Mask>,
}

impl Instance {
    /// With initial weights drawn from the stream.
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

    /// Weights that each layer keeps.
    pub fn keep(&self, model: &dyn Model) -> Result<Vec<usize>> {
        Ok(prune::counts(model.layers(), Plan::rounds(self.rounds).rate, self.rounds)?)
    }

    /// The target's own ticket, made for comparison and charged to nobody; where that takes long, nothing. A linear network
    /// is trained without random numbers, so it is the very mask of the start that is the own ticket.
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
