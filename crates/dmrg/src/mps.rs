//! Matrix product states.

mod canonical;
mod checkpoint;
mod compress;
mod contract;
mod grow;
mod random;
mod sum;

pub(crate) use canonical::view;
use serde::{Deserialize, Serialize};

use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Site};

/// A normalised state of a chain with conserved charges, in mixed canonical form: the tensors left of the centre are
/// orthonormal from the left, those right of it from the right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mps {
    sites: Vec<Site>,
    tensors: Vec<Tensor>,
    charge: Charge,
    center: usize,
}

impl Mps {
    /// The sites of the chain.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Number of sites.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Never: there is at least one site.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// The charge of the whole chain.
    pub fn charge(&self) -> Charge {
        self.charge
    }

    /// The site of the orthogonality centre.
    pub fn center(&self) -> usize {
        self.center
    }

    /// The tensors, one a site.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The bond between sites `site` and `site + 1`.
    ///
    /// # Panics
    ///
    /// If there is no such site.
    pub fn bond(&self, site: usize) -> &Bond {
        self.tensors[site].right()
    }

    /// The bond dimensions between the sites: one fewer than there are sites.
    pub fn bond_dimensions(&self) -> Vec<usize> {
        self.tensors[..self.len() - 1].iter().map(|tensor| tensor.right().dimension()).collect()
    }

    /// Number of charge sectors on each bond between the sites.
    pub fn sectors(&self) -> Vec<usize> {
        self.tensors[..self.len() - 1].iter().map(|tensor| tensor.right().len()).collect()
    }

    /// The largest bond dimension.
    pub fn largest_bond(&self) -> usize {
        self.bond_dimensions().into_iter().max().unwrap_or(1)
    }

    /// A product state: `states[i]` is the local state of site i ([`Site`] says which is which).
    ///
    /// Errors: no site, lists of different lengths, a local state that the site does not have.
    pub fn product(sites: &[Site], states: &[u8]) -> Result<Self, Error> {
        Self::from_product_states(sites, &[(states.to_vec(), 1.0)])
    }

    pub(crate) fn tensor(&self, site: usize) -> &Tensor {
        &self.tensors[site]
    }

    /// Replaces two neighbours; the caller keeps the canonical form.
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
