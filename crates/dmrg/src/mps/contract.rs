//! Overlaps and expectation values.

use headstart_linalg::product;
use ndarray::Array2;

use super::Mps;
use super::canonical::view;
use crate::environment::{Environment, Side};
use crate::solver::Workspace;
use crate::{Error, Mpo, Site};

impl Mps {
    /// Returns the overlap <self|other>.
    ///
    /// Errors: states of different sites or charge.
    pub fn overlap(&self, other: &Self) -> Result<f64, Error> {
        self.check_like(other)?;
        // For every sector of the bond, the matrix between the states of both; the charges are the same.
        let mut between: Vec<Option<Array2<f64>>> = vec![Some(Array2::ones((1, 1)))];
        for (bra, ket) in self.tensors.iter().zip(&other.tensors) {
            let mut next: Vec<Option<Array2<f64>>> = vec![None; bra.right().len()];
            for block in bra.blocks() {
                let Some(matrix) = &between[block.left] else { continue };
                let Some(sector) = ket.left().find(bra.left().charge(block.left)) else { continue };
                let Some(other) = ket.block(sector, block.local) else { continue };
                let part = product(&view(bra, block).t(), &product(matrix, &view(ket, other)));
                match &mut next[block.right] {
                    Some(sum) => *sum += &part,
                    empty => *empty = Some(part),
                }
            }
            between = next;
        }
        Ok(between.first().and_then(|last| last.as_ref()).map_or(0.0, |last| last[[0, 0]]))
    }

    /// Returns the expectation value of the product of (-1)^N over the flagged sites.
    pub(crate) fn parity(&self, odd: &[bool]) -> f64 {
        let mut between: Vec<Option<Array2<f64>>> = vec![Some(Array2::ones((1, 1)))];
        for (tensor, odd) in self.tensors.iter().zip(odd) {
            let mut next: Vec<Option<Array2<f64>>> = vec![None; tensor.right().len()];
            for block in tensor.blocks() {
                let Some(matrix) = &between[block.left] else { continue };
                let negative = *odd && tensor.local()[block.local].particles % 2 != 0;
                let part = product(&view(tensor, block).t(), &product(matrix, &view(tensor, block)));
                let part = if negative { -part } else { part };
                match &mut next[block.right] {
                    Some(sum) => *sum += &part,
                    empty => *empty = Some(part),
                }
            }
            between = next;
        }
        between.first().and_then(|last| last.as_ref()).map_or(0.0, |last| last[[0, 0]])
    }

    /// Returns `<H>`, including the constant of the Hamiltonian.
    ///
    /// Errors: a Hamiltonian of different sites; a decomposition that failed.
    pub fn expectation(&self, hamiltonian: &Mpo) -> Result<f64, Error> {
        self.check_hamiltonian(hamiltonian)?;
        let mut state = self.clone();
        state.move_center(0)?;
        let n = state.len();
        let mut environment = Environment::end(Side::Right, state.tensors[n - 1].right(), hamiltonian.classes(n));
        let mut workspace = Workspace::default();
        for site in (0..n).rev() {
            environment = environment.grow(&state.tensors[site], hamiltonian, site, &mut workspace).0;
        }
        let value = environment.diagonal(0, 0, 0).first().copied().unwrap_or(0.0);
        Ok(value + hamiltonian.constant())
    }

    pub(crate) fn check_hamiltonian(&self, hamiltonian: &Mpo) -> Result<(), Error> {
        self.check_sites(hamiltonian.sites(), "the Hamiltonian")
    }

    /// Checks that the sites are those of `of`.
    pub(super) fn check_sites(&self, expected: &[Site], of: &'static str) -> Result<(), Error> {
        if self.len() != expected.len() {
            return Err(Error::Length { what: "sites of the state", found: self.len(), expected: expected.len() });
        }
        let mut pairs = self.sites().iter().zip(expected).enumerate();
        match pairs.find(|(_, (found, expected))| found != expected) {
            Some((site, (&found, &expected))) => Err(Error::KindOfSite { site, found, of, expected }),
            None => Ok(()),
        }
    }
}
