//! Excited states by deflation: H + w sum over k of |k><k| raises the states |k> that are known.

use headstart_linalg::product;
use ndarray::Array2;

use super::effective::joined;
use crate::kernel::{axpy, dot};
use crate::mps::view;
use crate::tensor::Tensor;
use crate::{Charge, Mps};

/// The overlap of a known state and the current one on one side of a bond: for each sector of the known state's bond, the
/// matrix of its states and those of the current one.
type Overlap = Vec<Option<Array2<f64>>>;

/// A known state with its overlaps.
pub(crate) struct Known<'a> {
    state: &'a Mps,
    /// By bond; bond k is left of site k.
    lefts: Vec<Overlap>,
    rights: Vec<Overlap>,
}

impl<'a> Known<'a> {
    pub(crate) fn new(state: &'a Mps) -> Self {
        let n = state.len();
        let end = vec![Some(Array2::ones((1, 1)))];
        let (mut lefts, mut rights) = (vec![Overlap::new(); n + 1], vec![Overlap::new(); n + 1]);
        (lefts[0], rights[n]) = (end.clone(), end);
        Self { state, lefts, rights }
    }

    /// Sets the overlap left of bond `site + 1` from that left of bond `site`; `ket` is the current state's tensor.
    pub(crate) fn grow_left(&mut self, site: usize, ket: &Tensor) {
        let bra = self.state.tensor(site);
        let mut next: Overlap = vec![None; bra.right().len()];
        for block in bra.blocks() {
            let Some(matrix) = &self.lefts[site][block.left] else { continue };
            let Some(sector) = ket.left().find(bra.left().charge(block.left)) else { continue };
            let Some(other) = ket.block(sector, block.local) else { continue };
            add(&mut next[block.right], product(&view(bra, block).t(), &product(matrix, &view(ket, other))));
        }
        self.lefts[site + 1] = next;
    }

    /// Sets the overlap right of bond `site` from that right of bond `site + 1`.
    pub(crate) fn grow_right(&mut self, site: usize, ket: &Tensor) {
        let bra = self.state.tensor(site);
        let mut next: Overlap = vec![None; bra.left().len()];
        for block in bra.blocks() {
            let Some(matrix) = &self.rights[site + 1][block.right] else { continue };
            let Some(sector) = ket.left().find(bra.left().charge(block.left)) else { continue };
            let Some(other) = ket.block(sector, block.local) else { continue };
            add(&mut next[block.left], product(&product(&view(bra, block), matrix), &view(ket, other).t()));
        }
        self.rights[site] = next;
    }

    /// The known state in the space of two sites of the current one: its product with their tensor is the overlap. `theta`
    /// has their shape.
    pub(crate) fn vector(&self, site: usize, theta: &Tensor, local: Vec<Charge>) -> Vec<f64> {
        let bra = joined(self.state.tensor(site), self.state.tensor(site + 1), local);
        let mut vector = vec![0.0; theta.data.len()];
        for block in bra.blocks() {
            let (Some(left), Some(right)) = (&self.lefts[site][block.left], &self.rights[site + 2][block.right]) else {
                continue;
            };
            let Some(sector) = theta.left().find(bra.left().charge(block.left)) else { continue };
            let Some(to) = theta.block(sector, block.local) else { continue };
            let part = product(&product(&left.t(), &view(&bra, block)), right);
            vector[to.range()].iter_mut().zip(&part).for_each(|(to, from)| *to += from);
        }
        vector
    }
}

/// Adds w sum over k of v (v x) to y.
pub(crate) fn raise(vectors: &[Vec<f64>], weight: f64, x: &[f64], y: &mut [f64]) {
    for vector in vectors {
        axpy(weight * dot(vector, x), vector, y);
    }
}

fn add(sum: &mut Option<Array2<f64>>, part: Array2<f64>) {
    match sum {
        Some(sum) => *sum += &part,
        empty => *empty = Some(part),
    }
}
