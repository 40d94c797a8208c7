//! Splits the tensor of two sites into two tensors, truncated by the eigenvalues of a density matrix.

use headstart_linalg::{Eigh, eigh, product};
use ndarray::{Array2, ArrayView2, s};

use crate::tensor::{Block, Tensor};
use crate::truncation::entropy;
use crate::{Bond, Charge, Error, Truncation};

/// Direction of the sweep. The tensor left behind becomes orthonormal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Right,
    Left,
}

/// Result of a split.
pub(crate) struct Split {
    pub(crate) left: Tensor,
    pub(crate) right: Tensor,
    /// Discarded weight.
    pub(crate) discarded: f64,
    /// Entropy of the bond, in nats.
    pub(crate) entropy: f64,
}

/// A sector of the bond between the two sites.
pub(crate) struct Middle {
    pub(crate) charge: Charge,
    /// Rows as (left sector, state of the left site).
    pub(crate) rows: Vec<(usize, usize)>,
    /// Columns as (state of the right site, right sector).
    pub(crate) columns: Vec<(usize, usize)>,
}

/// All possible sectors of the bond between two sites.
pub(crate) fn middles(left: &Bond, (first, second): (&[Charge], &[Charge]), right: &Bond) -> Vec<Middle> {
    let mut charges: Vec<Charge> =
        left.sectors().iter().flat_map(|sector| first.iter().map(|change| sector.0 + *change)).collect();
    charges.sort_unstable();
    charges.dedup();
    let middle = |charge: Charge| {
        let rows = left.sectors().iter().enumerate().flat_map(|(l, sector)| {
            let fits = first.iter().enumerate().filter(move |(_, change)| sector.0 + **change == charge);
            fits.map(move |(state, _)| (l, state))
        });
        let columns =
            second.iter().enumerate().filter_map(|(state, change)| Some((state, right.find(charge + *change)?)));
        Middle { charge, rows: rows.collect(), columns: columns.collect() }
    };
    charges.into_iter().map(middle).filter(|middle| !middle.columns.is_empty()).collect()
}

impl Middle {
    /// The blocks of the two sites' tensor as one matrix.
    fn matrix(&self, theta: &Tensor, states: usize) -> Array2<f64> {
        let width = |&(_, r): &(usize, usize)| theta.right().width(r);
        let columns = self.columns.iter().map(width).sum();
        let mut matrix = Array2::zeros((self.rows.iter().map(|row| theta.left().width(row.0)).sum(), columns));
        let mut at = 0;
        for &(l, first) in &self.rows {
            let mut column = 0;
            for &(second, _) in &self.columns {
                let Some(block) = theta.block(l, first * states + second) else { continue };
                let mut place = matrix.slice_mut(s![at..at + block.rows, column..column + block.columns]);
                place.iter_mut().zip(theta.entries(block)).for_each(|(to, from)| *to = *from);
                column += block.columns;
            }
            at += theta.left().width(l);
        }
        matrix
    }
}

/// Splits `theta`, of norm 1. `noise` holds the factor of the density-matrix perturbation, a tensor with a sector of
/// the bond in place of one site, and the weight of its square.
pub(crate) fn split(
    theta: &Tensor,
    (first, second): (&[Charge], &[Charge]),
    direction: Direction,
    truncation: Truncation,
    noise: Option<(&Tensor, f64)>,
) -> Result<Split, Error> {
    let middles = middles(theta.left(), (first, second), theta.right());
    let mut matrices = Vec::with_capacity(middles.len());
    let mut decompositions: Vec<Eigh> = Vec::with_capacity(middles.len());
    for middle in &middles {
        let matrix = middle.matrix(theta, second.len());
        let mut density = match direction {
            Direction::Right => product(&matrix, &matrix.t()),
            Direction::Left => product(&matrix.t(), &matrix),
        };
        if let Some((factor, weight)) = noise {
            let factor = perturbation(middle, factor, direction, density.nrows());
            density.scaled_add(weight, &product(&factor, &factor.t()));
        }
        decompositions.push(eigh(density.view())?);
        matrices.push(matrix);
    }
    let spectra: Vec<Vec<f64>> =
        decompositions.iter().map(|found| found.values.iter().rev().map(|x| x.max(0.0)).collect()).collect();
    let (widths, lost) = truncation.choose(&spectra);
    let bond = Bond::new(middles.iter().zip(&widths).map(|(middle, width)| (middle.charge, *width)));
    let mut left = Tensor::zeros(theta.left().clone(), first.to_vec(), bond.clone());
    let mut right = Tensor::zeros(bond.clone(), second.to_vec(), theta.right().clone());
    let mut weights = Vec::with_capacity(bond.dimension());
    for (((middle, matrix), found), width) in middles.iter().zip(&matrices).zip(&decompositions).zip(&widths) {
        let Some(sector) = bond.find(middle.charge) else { continue };
        let n = found.values.len();
        // In descending order of the eigenvalues.
        let kept = found.vectors.slice(s![.., n - width..;1]);
        let kept = kept.slice(s![.., ..;-1]);
        let rest = match direction {
            Direction::Right => product(&kept.t(), matrix),
            Direction::Left => product(matrix, &kept),
        };
        let (left_matrix, right_matrix) = match direction {
            Direction::Right => (kept.view(), rest.view()),
            Direction::Left => (rest.view(), kept.t()),
        };
        let mut row = 0;
        for &(l, state) in &middle.rows {
            if let Some(block) = left.block(l, state).copied() {
                fill(&mut left, &block, left_matrix.slice(s![row..row + block.rows, ..]));
                row += block.rows;
            }
        }
        let mut column = 0;
        for &(state, _) in &middle.columns {
            if let Some(block) = right.block(sector, state).copied() {
                fill(&mut right, &block, right_matrix.slice(s![.., column..column + block.columns]));
                column += block.columns;
            }
        }
        if noise.is_none() {
            weights.extend(found.values.iter().rev().take(*width).map(|x| x.max(0.0)));
        } else {
            let axis = ndarray::Axis(usize::from(direction == Direction::Left));
            weights.extend(rest.axis_iter(axis).map(|line| line.dot(&line)));
        }
    }
    let center = match direction {
        Direction::Right => &mut right,
        Direction::Left => &mut left,
    };
    let norm = center.norm_squared();
    if !(norm > 0.0 && norm.is_finite()) {
        return Err(Error::Norm { norm: norm.sqrt() });
    }
    center.data.iter_mut().for_each(|x| *x /= norm.sqrt());
    for weight in &mut weights {
        *weight /= norm;
    }
    let discarded = if noise.is_none() { lost } else { (1.0 - norm).max(0.0) };
    Ok(Split { left, right, discarded, entropy: entropy(&weights) })
}

fn fill(tensor: &mut Tensor, block: &Block, matrix: ArrayView2<'_, f64>) {
    tensor.data[block.range()].iter_mut().zip(matrix.iter()).for_each(|(to, from)| *to = *from);
}

/// The part of the perturbation's factor in one sector of the bond; rows as in the density matrix.
fn perturbation(middle: &Middle, factor: &Tensor, direction: Direction, rows: usize) -> Array2<f64> {
    let bond = match direction {
        Direction::Right => factor.right(),
        Direction::Left => factor.left(),
    };
    let Some(sector) = bond.find(middle.charge) else { return Array2::zeros((rows, 0)) };
    let mut matrix = Array2::zeros((rows, bond.width(sector)));
    let mut at = 0;
    match direction {
        Direction::Right => {
            for &(l, state) in &middle.rows {
                if let Some(block) = factor.block(l, state) {
                    let mut place = matrix.slice_mut(s![at..at + block.rows, ..]);
                    place.iter_mut().zip(factor.entries(block)).for_each(|(to, from)| *to = *from);
                }
                at += factor.left().width(l);
            }
        }
        Direction::Left => {
            for &(state, r) in &middle.columns {
                if let Some(block) = factor.block(sector, state) {
                    let mut place = matrix.slice_mut(s![at..at + block.columns, ..]);
                    let view = crate::mps::view(factor, block);
                    place.iter_mut().zip(view.t().iter()).for_each(|(to, from)| *to = *from);
                }
                at += factor.right().width(r);
            }
        }
    }
    matrix
}
