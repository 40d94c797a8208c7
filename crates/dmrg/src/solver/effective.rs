//! The effective Hamiltonian of two sites between their environments.

use super::plan::{Last, Plan, Workspace};
use crate::Mpo;
use crate::environment::Environment;
use crate::kernel::{self, Product, SLACK, axpy};
use crate::mpo::{Coupling, pair_charges};
use crate::tensor::Tensor;

/// The product of the tensors of two sites. Its local states are the pairs; the right site's state varies fastest.
pub(crate) fn joined(left: &Tensor, right: &Tensor, local: Vec<crate::Charge>) -> Tensor {
    let states = right.local().len();
    let mut theta = Tensor::zeros(left.left().clone(), local, right.right().clone());
    let mut products = Vec::new();
    for a in left.blocks() {
        for t in 0..states {
            let Some(b) = right.block(a.right, t) else { continue };
            if let Some(to) = theta.block(a.left, a.local * states + t) {
                products.push(Product::new(1, a.matrix(), b.matrix(), (to.offset, 0)));
            }
        }
    }
    let mut second = right.data.clone();
    second.resize(second.len() + SLACK, 0.0);
    kernel::products(&products, &left.data, &second, &mut theta.data);
    theta
}

/// The effective Hamiltonian of two sites with its plan of block products.
pub(crate) struct Effective<'a> {
    left: &'a Environment,
    right: &'a Environment,
    coupling: &'a Coupling,
    plan: Plan,
}

impl<'a> Effective<'a> {
    /// Plans the products for sites `site` and `site + 1`; `theta` is a tensor of their shape.
    pub(crate) fn new(
        hamiltonian: &'a Mpo,
        site: usize,
        left: &'a Environment,
        right: &'a Environment,
        theta: &Tensor,
    ) -> Self {
        let coupling = hamiltonian.pair(site);
        let plan = Plan::new(left, theta, coupling, &Last::Apply { other: right, out: theta });
        Self { left, right, coupling, plan }
    }

    /// Multiply-adds of one product.
    pub(crate) fn work(&self) -> f64 {
        self.plan.work
    }

    /// Adds H x to y.
    pub(crate) fn apply(&self, x: &[f64], y: &mut [f64], workspace: &mut Workspace) {
        self.plan.run(self.coupling, (&self.left.data, x), &self.right.data, y, workspace);
    }

    /// The diagonal of H.
    pub(crate) fn diagonal(&self, theta: &Tensor) -> Vec<f64> {
        let mut all = vec![0.0; theta.data.len()];
        let neutral = crate::Charge::default();
        let (Some(source), Some(target)) = (self.left.class(neutral), self.right.class(neutral)) else { return all };
        let mut lefts: Vec<Option<Vec<Vec<f64>>>> = vec![None; theta.left().len()];
        let mut rights: Vec<Option<Vec<Vec<f64>>>> = vec![None; theta.right().len()];
        let diagonals = |environment: &Environment, class: usize, sector: usize| -> Vec<Vec<f64>> {
            (0..environment.lengths[class]).map(|place| environment.diagonal(class, place, sector)).collect()
        };
        for block in theta.blocks() {
            let left = lefts[block.left].get_or_insert_with(|| diagonals(self.left, source, block.left));
            let right = rights[block.right].get_or_insert_with(|| diagonals(self.right, target, block.right));
            let maps = self.coupling.from(block.local, source).iter();
            for map in maps.filter(|map| map.out == block.local && map.target == target) {
                for part in &self.coupling.parts[map.parts.clone()] {
                    for (&row, values) in part.rows.iter().zip(part.values.chunks_exact(part.columns.len())) {
                        let mut sum = vec![0.0; block.rows];
                        for (&column, value) in part.columns.iter().zip(values) {
                            axpy(*value, &left[column as usize], &mut sum);
                        }
                        let right = &right[row as usize];
                        for (line, factor) in all[block.range()].chunks_exact_mut(block.columns).zip(&sum) {
                            axpy(*factor, right, line);
                        }
                    }
                }
            }
        }
        all
    }
}

/// Charges of the local states on which the effective Hamiltonian of two sites acts.
pub(crate) fn local_states(hamiltonian: &Mpo, site: usize) -> Vec<crate::Charge> {
    pair_charges(hamiltonian.sites()[site], hamiltonian.sites()[site + 1])
}
