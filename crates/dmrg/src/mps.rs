//! Matrix product states.

mod canonical;
mod checkpoint;
mod compress;
mod contract;
mod grow;
mod random;
mod sum;
mod warm_up;

pub(crate) use canonical::view;
use serde::{Deserialize, Serialize};

use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Site};

/// A normalised state of a chain with conserved charges, in mixed canonical form: tensors left of the centre are
/// left-orthonormal, tensors right of it are right-orthonormal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mps {
    sites: Vec<Site>,
    tensors: Vec<Tensor>,
    charge: Charge,
    center: usize,
}

impl Mps {
    /// Returns the sites of the chain.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Returns the number of sites.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Returns false: there is at least one site.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// Returns the charge of the whole chain.
    pub fn charge(&self) -> Charge {
        self.charge
    }

    /// Returns the site of the orthogonality centre.
    pub fn center(&self) -> usize {
        self.center
    }

    /// Returns the tensors, one per site.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// Returns the bond between sites `site` and `site + 1`.
    ///
    /// # Panics
    ///
    /// If `site` is out of range.
    pub fn bond(&self, site: usize) -> &Bond {
        self.tensors[site].right()
    }

    /// Returns the bond dimensions between the sites: one fewer than there are sites.
    pub fn bond_dimensions(&self) -> Vec<usize> {
        self.tensors[..self.len() - 1].iter().map(|tensor| tensor.right().dimension()).collect()
    }

    /// Returns the number of charge sectors on each bond between the sites.
    pub fn sectors(&self) -> Vec<usize> {
        self.tensors[..self.len() - 1].iter().map(|tensor| tensor.right().len()).collect()
    }

    /// Returns the largest bond dimension.
    pub fn largest_bond(&self) -> usize {
        self.bond_dimensions().into_iter().max().unwrap_or(1)
    }

    /// Creates a product state; `states[i]` is the local state of site i, numbered as in [`Site`].
    ///
    /// Errors: no site, lists of different lengths, a local state out of range.
    pub fn product(sites: &[Site], states: &[u8]) -> Result<Self, Error> {
        Self::from_product_states(sites, &[(states.to_vec(), 1.0)])
    }

    pub(crate) fn tensor(&self, site: usize) -> &Tensor {
        &self.tensors[site]
    }

    /// Replaces two neighbouring tensors; the caller must keep the canonical form.
    pub(crate) fn put_pair(&mut self, site: usize, left: Tensor, right: Tensor, center: usize) {
        self.tensors[site] = left;
        self.tensors[site + 1] = right;
        self.center = center;
    }
}

/// The charge of a product state.
fn charge_of(sites: &[Site], states: &[u8]) -> Result<Charge, Error> {
    if sites.is_empty() || sites.len() != states.len() {
        return Err(Error::Length { what: "local states", found: states.len(), expected: sites.len().max(1) });
    }
    let mut charge = Charge::default();
    for (at, (&site, &state)) in sites.iter().zip(states).enumerate() {
        let change = site.charges().get(usize::from(state));
        charge = charge + *change.ok_or(Error::LocalState { site: at, state, states: site.states() })?;
    }
    Ok(charge)
}
