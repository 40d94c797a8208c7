//! What the trials of one replicate share in a process.

use std::any::Any;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::reference::{Reference, References};
use crate::seed::Seeds;
use crate::setup::Shared;
use crate::trial::{Purpose, Trial};

/// How a file of best-known values is read.
pub type ReadReferences = fn(&Path) -> std::result::Result<References, Error>;

/// What the trials of one replicate share in a process: the instance, what starts made for each other, and the best-known
/// values that targets come from.
#[derive(Default)]
pub struct Workspace {
    pub(crate) drawn: Option<Drawn>,
    read_references: Option<ReadReferences>,
    references: HashMap<PathBuf, Rc<References>>,
}

/// An instance, with its random streams and what was made for it so far.
pub(crate) struct Drawn {
    pub(crate) name: (String, String, u64, u64, Option<String>, Purpose),
    pub(crate) instance: Rc<dyn Any>,
    pub(crate) digest: Digest,
    pub(crate) seeds: Seeds,
    pub(crate) shared: Shared,
}

impl Workspace {
    /// An empty workspace. Files of best-known values are read by this function.
    pub fn new(read_references: ReadReferences) -> Self {
        Self { read_references: Some(read_references), ..Self::default() }
    }

    /// Takes best-known values for those of the file at `path`, which then need not exist.
    pub(crate) fn insert_references(&mut self, path: PathBuf, known: References) {
        self.references.insert(path, Rc::new(known));
    }

    /// Forgets the instance and all that was shared.
    pub fn clear(&mut self) {
        self.drawn = None;
    }

    /// The best-known value of an instance. Errors: the trial names no file, or the file has no value for the instance.
    pub fn reference(&mut self, trial: &Trial, instance: Digest) -> Result<Reference> {
        let path = trial.references.as_ref().ok_or("the plan names no file of references")?;
        let known = match (self.references.get(path), self.read_references) {
            (Some(known), _) => Rc::clone(known),
            (None, Some(read)) => Rc::new(read(path)?),
            (None, None) => Rc::default(),
        };
        self.references.insert(path.clone(), Rc::clone(&known));
        known.instance.get(&instance.to_string()).cloned().ok_or_else(|| {
            format!(
                "no reference value for {} {} replicate {} (instance {instance}) in {}: \
                 `headstart reference {}` with the same suite and seed computes it",
                trial.domain,
                trial.problem,
                trial.replicate,
                path.display(),
                trial.domain
            )
            .into()
        })
    }
}
