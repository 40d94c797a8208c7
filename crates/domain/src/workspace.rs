//! Data shared by the trials of one replicate in a process.

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

/// A function that reads a file of best-known values.
pub type ReadReferences = fn(&Path) -> std::result::Result<References, Error>;

/// Data shared by the trials of one replicate in a process: the instance, intermediate results of starts, and the
/// best-known values that define targets.
#[derive(Default)]
pub struct Workspace {
    pub(crate) drawn: Option<Drawn>,
    read_references: Option<ReadReferences>,
    references: HashMap<PathBuf, Rc<References>>,
}

/// An instance, with its random streams and the shared results made for it so far.
pub(crate) struct Drawn {
    pub(crate) name: (String, String, u64, u64, Option<String>, Purpose),
    pub(crate) instance: Rc<dyn Any>,
    pub(crate) digest: Digest,
    /// Whether the instance was made without random numbers of its own, so that it is that of every replicate.
    pub(crate) is_fixed: bool,
    pub(crate) seeds: Seeds,
    pub(crate) shared: Shared,
}

impl Workspace {
    /// Creates an empty workspace that reads files of best-known values with this function.
    pub fn new(read_references: ReadReferences) -> Self {
        Self { read_references: Some(read_references), ..Self::default() }
    }

    /// Sets the best-known values of the file at `path`, which then need not exist.
    pub(crate) fn insert_references(&mut self, path: PathBuf, known: References) {
        self.references.insert(path, Rc::new(known));
    }

    /// Removes the instance and the shared results.
    pub fn clear(&mut self) {
        self.drawn = None;
    }

    /// Returns the best-known value of an instance.
    ///
    /// Errors: the trial names no file, or the file has no value for the instance.
    pub fn reference(&mut self, trial: &Trial, instance: Digest) -> Result<Reference> {
        let path = trial.references.as_ref().ok_or("the plan does not name a file of reference values")?;
        let known = match (self.references.get(path), self.read_references) {
            (Some(known), _) => Rc::clone(known),
            (None, Some(read)) => Rc::new(read(path)?),
            (None, None) => Rc::default(),
        };
        self.references.insert(path.clone(), Rc::clone(&known));
        known.instance.get(&instance.to_string()).cloned().ok_or_else(|| {
            format!(
                "no reference value for {} {} replicate {} (instance {instance}) in {}: \
                 compute it by `headstart reference {}` with the same suite and seed",
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
