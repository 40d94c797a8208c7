//! Moving the orthogonality centre by QR decompositions of the sectors.

use headstart_linalg::{product, qr};
use ndarray::{Array2, ArrayView2, s};

use super::Mps;
use crate::tensor::{Block, Tensor};
use crate::{Bond, Error};

impl Mps {
    /// Moves the orthogonality centre to `site`.
    ///
    /// Errors: a site out of range; a decomposition that failed.
    pub fn move_center(&mut self, site: usize) -> Result<(), Error> {
        if site >= self.len() {
            return Err(Error::Site { site, sites: self.len() });
        }
        while self.center < site {
            self.shift_right(self.center)?;
            self.center += 1;
        }
        while self.center > site {
            self.shift_left(self.center)?;
            self.center -= 1;
        }
        Ok(())
    }

    /// Brings arbitrary tensors into canonical form with the centre on site 0 and norm 1. A norm below `least` counts
    /// as zero and is an error.
    pub(super) fn canonicalise(&mut self, least: f64) -> Result<(), Error> {
        for site in 0..self.len() - 1 {
            self.shift_right(site)?;
        }
        self.center = self.len() - 1;
        let norm = self.tensors[self.center].norm_squared().sqrt();
        if norm < least {
            return Err(Error::Norm { norm });
        }
        self.normalise()?;
        self.move_center(0)
    }

    /// Scales the centre to norm 1.
    pub(super) fn normalise(&mut self) -> Result<(), Error> {
        let norm = self.tensors[self.center].norm_squared().sqrt();
        if !(norm > 0.0 && norm.is_finite()) {
            return Err(Error::Norm { norm });
        }
        self.tensors[self.center].data.iter_mut().for_each(|x| *x /= norm);
        Ok(())
    }

    /// Makes a tensor left-orthonormal and multiplies the rest into its right neighbour.
    fn shift_right(&mut self, site: usize) -> Result<(), Error> {
        let tensor = &self.tensors[site];
        let mut factors = Vec::with_capacity(tensor.right().len());
        for (sector, blocks) in tensor.by_right().iter().enumerate() {
            factors.push(qr(stacked(tensor, blocks, tensor.right().width(sector)).view())?);
        }
        let widths: Vec<usize> = factors.iter().map(|factor| factor.q.ncols()).collect();
        let (left, right) = on_right(
            tensor,
            &self.tensors[site + 1],
            &widths,
            |sector| factors[sector].q.view(),
            |sector| factors[sector].r.view(),
        );
        self.tensors[site] = left;
        self.tensors[site + 1] = right;
        Ok(())
    }

    /// Makes a tensor right-orthonormal and multiplies the rest into its left neighbour.
    fn shift_left(&mut self, site: usize) -> Result<(), Error> {
        let tensor = &self.tensors[site];
        let mut factors = Vec::with_capacity(tensor.left().len());
        for (sector, blocks) in tensor.by_left().iter().enumerate() {
            factors.push(qr(side_by_side(tensor, blocks, tensor.left().width(sector)).t())?);
        }
        let widths: Vec<usize> = factors.iter().map(|factor| factor.q.ncols()).collect();
        let (left, right) = on_left(
            &self.tensors[site - 1],
            tensor,
            &widths,
            |sector| factors[sector].r.t(),
            |sector| factors[sector].q.t(),
        );
        self.tensors[site - 1] = left;
        self.tensors[site] = right;
        Ok(())
    }
}

/// All blocks of one right sector, stacked vertically.
pub(crate) fn stacked(tensor: &Tensor, blocks: &[Block], width: usize) -> Array2<f64> {
    let mut matrix = Array2::zeros((blocks.iter().map(|block| block.rows).sum(), width));
    let mut row = 0;
    for block in blocks {
        matrix.slice_mut(s![row..row + block.rows, ..]).assign(&view(tensor, block));
        row += block.rows;
    }
    matrix
}

/// All blocks of one left sector, side by side.
pub(crate) fn side_by_side(tensor: &Tensor, blocks: &[Block], width: usize) -> Array2<f64> {
    let mut matrix = Array2::zeros((width, blocks.iter().map(|block| block.columns).sum()));
    let mut column = 0;
    for block in blocks {
        matrix.slice_mut(s![.., column..column + block.columns]).assign(&view(tensor, block));
        column += block.columns;
    }
    matrix
}

/// A block as a matrix.
pub(crate) fn view<'a>(tensor: &'a Tensor, block: &Block) -> ArrayView2<'a, f64> {
    let entries = tensor.entries(block);
    ArrayView2::from_shape((block.rows, block.columns), entries).unwrap_or_else(|_| ArrayView2::from(&[[0.0; 0]; 0]))
}

/// The bond with new sector widths; sectors of width 0 are dropped.
fn resized(bond: &Bond, widths: &[usize]) -> Bond {
    Bond::new(bond.sectors().iter().zip(widths).map(|((charge, _), width)| (*charge, *width)))
}

/// Replaces the left tensor by `kept(sector)` (stacked rows, new width) and multiplies `rest(sector)` (new width, old
/// width) into the right tensor.
pub(crate) fn on_right<'a>(
    left: &Tensor,
    right: &Tensor,
    widths: &[usize],
    kept: impl Fn(usize) -> ArrayView2<'a, f64>,
    rest: impl Fn(usize) -> ArrayView2<'a, f64>,
) -> (Tensor, Tensor) {
    let bond = resized(left.right(), widths);
    let mut new_left = Tensor::zeros(left.left().clone(), left.local().to_vec(), bond.clone());
    for (sector, blocks) in left.by_right().iter().enumerate().filter(|(sector, _)| widths[*sector] > 0) {
        let kept = kept(sector);
        let mut row = 0;
        for block in blocks {
            if let Some(to) = new_left.block(block.left, block.local).copied() {
                copy(&mut new_left.data[to.range()], kept.slice(s![row..row + block.rows, ..widths[sector]]));
            }
            row += block.rows;
        }
    }
    let mut new_right = Tensor::zeros(bond.clone(), right.local().to_vec(), right.right().clone());
    for block in right.blocks().iter().filter(|block| widths[block.left] > 0) {
        let Some(sector) = bond.find(right.left().charge(block.left)) else { continue };
        if let Some(to) = new_right.block(sector, block.local).copied() {
            let rest = rest(block.left);
            let kept = rest.slice(s![..widths[block.left], ..]);
            copy(&mut new_right.data[to.range()], product(&kept, &view(right, block)).view());
        }
    }
    (new_left, new_right)
}

/// Replaces the right tensor by `kept(sector)` (new width, columns side by side) and multiplies `rest(sector)` (old
/// width, new width) into the left tensor.
pub(crate) fn on_left<'a>(
    left: &Tensor,
    right: &Tensor,
    widths: &[usize],
    rest: impl Fn(usize) -> ArrayView2<'a, f64>,
    kept: impl Fn(usize) -> ArrayView2<'a, f64>,
) -> (Tensor, Tensor) {
    let bond = resized(right.left(), widths);
    let mut new_right = Tensor::zeros(bond.clone(), right.local().to_vec(), right.right().clone());
    for (sector, blocks) in right.by_left().iter().enumerate().filter(|(sector, _)| widths[*sector] > 0) {
        let kept = kept(sector);
        let Some(place) = bond.find(right.left().charge(sector)) else { continue };
        let mut column = 0;
        for block in blocks {
            if let Some(to) = new_right.block(place, block.local).copied() {
                copy(&mut new_right.data[to.range()], kept.slice(s![..widths[sector], column..column + block.columns]));
            }
            column += block.columns;
        }
    }
    let mut new_left = Tensor::zeros(left.left().clone(), left.local().to_vec(), bond);
    for block in left.blocks().iter().filter(|block| widths[block.right] > 0) {
        if let Some(to) = new_left.block(block.left, block.local).copied() {
            let rest = rest(block.right);
            let kept = rest.slice(s![.., ..widths[block.right]]);
            copy(&mut new_left.data[to.range()], product(&view(left, block), &kept).view());
        }
    }
    (new_left, new_right)
}

fn copy(to: &mut [f64], from: ArrayView2<'_, f64>) {
    to.iter_mut().zip(from.iter()).for_each(|(to, from)| *to = *from);
}
