//! Noise: perturbation of density matrices by the Hamiltonian on one side of the bond (White 2005).
//!
//! White adds `sum_b H_b rho H_b'` over the operator's bond index b. Here random vectors estimate the sum: with `Z =
//! sum_b H_b theta omega_b`, where the entries of `omega_b` are standard normal, Z Z' has that sum as its mean. Z costs
//! a fraction of a product with the effective Hamiltonian and opens the same sectors.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::plan::{Last, Plan, Workspace};
use super::split::{Direction, Middle, middles};
use crate::environment::{Environment, Side};
use crate::tensor::Tensor;
use crate::{Bond, Charge, Mpo};

/// Random vectors per sector.
const VECTORS: usize = 8;

/// Returns the factor Z of the perturbation for a sweep in `direction`, scaled so that Z Z' has trace 1 over all
/// sectors, and the multiply-adds.
pub(crate) fn factor(
    theta: &Tensor,
    hamiltonian: &Mpo,
    site: usize,
    (left, right): (&Environment, &Environment),
    direction: Direction,
    rng: &mut impl Rng,
    workspace: &mut Workspace,
) -> (Tensor, f64) {
    let sites = hamiltonian.sites();
    let (first, second) = (sites[site].charges(), sites[site + 1].charges());
    let middles = middles(theta.left(), (first, second), theta.right());
    let classes = hamiltonian.classes(site + 1);
    // The bond of the random vectors. `fused` below builds the bond that merges everything on the other side of the
    // cut.
    let vectors = Bond::new(middles.iter().map(|middle| (middle.charge, VECTORS)));
    let mut sum;
    let work;
    match direction {
        Direction::Right => {
            let fused = fused(theta, &middles, direction, second.len(), first);
            let mut random = Environment::zeros(Side::Right, fused.right(), vectors.clone(), classes, false);
            random.data.iter_mut().for_each(|x| *x = StandardNormal.sample(rng));
            sum = Tensor::zeros(theta.left().clone(), first.to_vec(), vectors);
            let coupling = hamiltonian.rightwards(site);
            let plan = Plan::new(left, &fused, coupling, &Last::Apply { other: &random, out: &sum });
            plan.run(coupling, (&left.data, &fused.data), &random.data, &mut sum.data, workspace);
            work = plan.work;
        }
        Direction::Left => {
            let fused = fused(theta, &middles, direction, second.len(), second);
            let mut random = Environment::zeros(Side::Left, fused.left(), vectors.clone(), classes, false);
            random.data.iter_mut().for_each(|x| *x = StandardNormal.sample(rng));
            sum = Tensor::zeros(vectors, second.to_vec(), theta.right().clone());
            let coupling = hamiltonian.rightwards(site + 1);
            let plan = Plan::new(&random, &fused, coupling, &Last::Apply { other: right, out: &sum });
            plan.run(coupling, (&random.data, &fused.data), &right.data, &mut sum.data, workspace);
            work = plan.work;
        }
    }
    let norm = sum.norm_squared().sqrt();
    if norm > 0.0 {
        sum.data.iter_mut().for_each(|x| *x /= norm);
    }
    (sum, work)
}

/// The tensor of two sites as that of one site; the other site is merged with its bond.
fn fused(theta: &Tensor, middles: &[Middle], direction: Direction, states: usize, local: &[Charge]) -> Tensor {
    let width = |middle: &Middle| -> usize {
        match direction {
            Direction::Right => middle.columns.iter().map(|column| theta.right().width(column.1)).sum(),
            Direction::Left => middle.rows.iter().map(|row| theta.left().width(row.0)).sum(),
        }
    };
    let bond = Bond::new(middles.iter().map(|middle| (middle.charge, width(middle))));
    let shape = match direction {
        Direction::Right => (theta.left().clone(), bond.clone()),
        Direction::Left => (bond.clone(), theta.right().clone()),
    };
    let mut tensor = Tensor::zeros(shape.0, local.to_vec(), shape.1);
    for middle in middles {
        let Some(sector) = bond.find(middle.charge) else { continue };
        let mut row = 0;
        for &(l, first) in &middle.rows {
            let mut column = 0;
            for &(second, r) in &middle.columns {
                let Some(block) = theta.block(l, first * states + second) else { continue };
                let (to, below, aside) = match direction {
                    Direction::Right => (tensor.block(l, first), 0, column),
                    Direction::Left => (tensor.block(sector, second).filter(|block| block.right == r), row, 0),
                };
                column += block.columns;
                let Some(to) = to.copied() else { continue };
                for i in 0..block.rows {
                    let from = block.offset + i * block.columns;
                    let begin = to.offset + (below + i) * to.columns + aside;
                    let line = &theta.data[from..from + block.columns];
                    tensor.data[begin..begin + block.columns].copy_from_slice(line);
                }
            }
            row += theta.left().width(l);
        }
    }
    tensor
}
