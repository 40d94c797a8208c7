//! Saving and loading states.

use std::path::Path;

use super::{Mps, charge_of};
use crate::Error;

impl Mps {
    /// Serialises the state to bytes (postcard) without loss.
    ///
    /// Errors: a failure of the serialiser; no case is known.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_stdvec(self).map_err(|source| Error::Checkpoint { what: source.to_string() })
    }

    /// Restores a state from the bytes of [`to_bytes`](Self::to_bytes).
    ///
    /// Errors: bytes that are not a valid state.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let state: Self =
            postcard::from_bytes(bytes).map_err(|source| Error::Checkpoint { what: source.to_string() })?;
        state.check()?;
        Ok(state)
    }

    /// Writes the state to a file. It writes a new file first and renames it, so that a crash leaves the old file
    /// intact.
    ///
    /// Errors: a file that cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::File { path: path.display().to_string(), source };
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        std::fs::write(&beside, self.to_bytes()?).map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    }

    /// Reads a state written by [`save`](Self::save).
    ///
    /// Errors: a file that cannot be read or is not a valid state.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::File { path: path.display().to_string(), source };
        Self::from_bytes(&std::fs::read(path).map_err(failed)?)
    }

    /// Checks that the tensors are consistent; a state that passes is safe to compute with.
    fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::Checkpoint { what: what.to_owned() });
        let n = self.sites.len();
        if n == 0 || self.tensors.len() != n || self.center >= n {
            return wrong("the number of tensors or the centre does not match the number of sites");
        }
        for (site, tensor) in self.tensors.iter().enumerate() {
            let whole = crate::tensor::Tensor::zeros(
                tensor.left().clone(),
                self.sites[site].charges().to_vec(),
                tensor.right().clone(),
            );
            let ends = (site == 0 || tensor.left() == self.tensors[site - 1].right())
                && (site > 0 || tensor.left() == &crate::Bond::single(crate::Charge::default()))
                && (site + 1 < n || tensor.right() == &crate::Bond::single(self.charge));
            if !ends || !whole.is_like(tensor) {
                return wrong("the bonds of neighbouring tensors do not match");
            }
            if tensor.data.iter().any(|x| !x.is_finite()) {
                return wrong("an entry is not finite");
            }
        }
        charge_of(&self.sites, &vec![0; n]).map(|_| ())
    }
}
