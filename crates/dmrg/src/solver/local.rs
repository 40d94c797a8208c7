//! Access to the effective Hamiltonian of two sites, for other solvers and for timing.

use super::effective::{joined, local_states};
use super::plan::{Last, Plan, Workspace};
use crate::environment::{Environment, Side};
use crate::tensor::Tensor;
use crate::{Error, Mpo, Mps};

/// The Hamiltonian restricted to the states of two neighbouring sites of an MPS and of the bonds around them.
#[derive(Clone, Debug)]
pub struct EffectiveHamiltonian<'a> {
    hamiltonian: &'a Mpo,
    site: usize,
    left: Environment,
    right: Environment,
    plan: Plan,
    theta: Tensor,
    workspace: Workspace,
}

impl<'a> EffectiveHamiltonian<'a> {
    /// Builds it for sites `site` and `site + 1` of a state.
    ///
    /// Errors: a Hamiltonian of different sites, sites out of range, a decomposition that failed.
    pub fn new(hamiltonian: &'a Mpo, state: &Mps, site: usize) -> Result<Self, Error> {
        state.check_hamiltonian(hamiltonian)?;
        let n = state.len();
        if site + 1 >= n {
            return Err(Error::Site { site: site + 1, sites: n });
        }
        let mut state = state.clone();
        state.move_center(site)?;
        let mut workspace = Workspace::default();
        let mut left = Environment::end(Side::Left, state.tensor(0).left(), hamiltonian.classes(0));
        for at in 0..site {
            left = left.grow(state.tensor(at), hamiltonian, at, &mut workspace).0;
        }
        let mut right = Environment::end(Side::Right, state.tensor(n - 1).right(), hamiltonian.classes(n));
        for at in (site + 2..n).rev() {
            right = right.grow(state.tensor(at), hamiltonian, at, &mut workspace).0;
        }
        let theta = joined(state.tensor(site), state.tensor(site + 1), local_states(hamiltonian, site));
        let plan = Plan::new(&left, &theta, hamiltonian.pair(site), &Last::Apply { other: &right, out: &theta });
        Ok(Self { hamiltonian, site, left, right, plan, theta, workspace })
    }

    /// Returns the state's tensor of the two sites, of norm 1. Vectors have its entries in the order of its blocks.
    pub fn state(&self) -> &Tensor {
        &self.theta
    }

    /// Returns the entries of [`state`](Self::state).
    pub fn vector(&self) -> &[f64] {
        &self.theta.data
    }

    /// Returns the multiply-adds of one product.
    pub fn work(&self) -> f64 {
        self.plan.work
    }

    /// Returns H x, without the constant of the Hamiltonian.
    ///
    /// Errors: a vector of the wrong length.
    pub fn apply(&mut self, x: &[f64]) -> Result<Vec<f64>, Error> {
        let len = self.theta.data.len();
        if x.len() != len {
            return Err(Error::Length { what: "entries of a vector", found: x.len(), expected: len });
        }
        let mut y = vec![0.0; len];
        let coupling = self.hamiltonian.pair(self.site);
        self.plan.run(coupling, (&self.left.data, x), &self.right.data, &mut y, &mut self.workspace);
        Ok(y)
    }
}
