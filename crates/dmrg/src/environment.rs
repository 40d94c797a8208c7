//! Environments: the Hamiltonian on the chain left or right of a bond, as one matrix for each index of the operator's
//! bond.

use crate::kernel::{Matrices, SLACK};
use crate::mpo::Classes;
use crate::{Bond, Charge};

/// On which side of its bond an environment lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The matrices of one class of indices and one sector of the bra, contiguous in memory and row-major. On the left,
/// rows are states of the bra and columns those of the ket; on the right it is the other way round.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocks {
    pub(crate) ket: usize,
    pub(crate) offset: usize,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl Blocks {
    /// Number of entries of one matrix.
    pub(crate) fn size(&self) -> usize {
        self.rows * self.columns
    }

    /// All matrices, in the form that kernels take.
    pub(crate) fn matrices(&self) -> Matrices {
        Matrices::packed(self.offset, self.rows, self.columns)
    }
}

/// The stored indices of a class: all except the unit operator, whose matrix is the unit matrix in an orthonormal
/// basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) begin: usize,
    pub(crate) count: usize,
    pub(crate) identity: Option<usize>,
}

/// An environment. It couples sector q of the ket to sector q + charge of the bra, with the charge of the class.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) side: Side,
    pub(crate) bra: Bond,
    pub(crate) charges: Vec<Charge>,
    stored: Vec<Stored>,
    /// Number of indices of each class, including the unit operator.
    pub(crate) lengths: Vec<usize>,
    /// Indexed by class * (number of bra sectors) + bra sector.
    blocks: Vec<Option<Blocks>>,
    /// Padded beyond the matrices: see [`SLACK`].
    pub(crate) data: Vec<f64>,
}

impl Environment {
    /// Allocates all matrices, filled with zeros. `orthonormal` means that bra and ket are the same orthonormal states,
    /// so that the unit operator need not be stored.
    pub(crate) fn zeros(side: Side, ket: &Bond, bra: Bond, classes: &Classes, orthonormal: bool) -> Self {
        let mut blocks = Vec::with_capacity(classes.classes.len() * bra.len());
        let mut stored = Vec::with_capacity(classes.classes.len());
        let mut offset = 0;
        for class in &classes.classes {
            let unit = orthonormal
                && match side {
                    Side::Left => class.left_identity,
                    Side::Right => class.right_identity,
                };
            let place = match side {
                Side::Left => 0,
                Side::Right => class.len - 1,
            };
            let here = Stored {
                begin: usize::from(unit && side == Side::Left),
                count: class.len - usize::from(unit),
                identity: unit.then_some(place),
            };
            stored.push(here);
            for &(charge, width) in bra.sectors() {
                blocks.push(ket.find(charge - class.charge).map(|sector| {
                    let (rows, columns) = match side {
                        Side::Left => (width, ket.width(sector)),
                        Side::Right => (ket.width(sector), width),
                    };
                    let block = Blocks { ket: sector, offset, rows, columns };
                    offset += here.count * rows * columns;
                    block
                }));
            }
        }
        let charges = classes.classes.iter().map(|class| class.charge).collect();
        let lengths = classes.classes.iter().map(|class| class.len).collect();
        Self { side, bra, charges, stored, lengths, blocks, data: vec![0.0; offset + SLACK] }
    }

    /// The environment beyond the end of a chain: the unit operator alone.
    pub(crate) fn end(side: Side, bond: &Bond, classes: &Classes) -> Self {
        Self::zeros(side, bond, bond.clone(), classes, true)
    }

    pub(crate) fn class(&self, charge: Charge) -> Option<usize> {
        self.charges.binary_search(&charge).ok()
    }

    pub(crate) fn stored(&self, class: usize) -> Stored {
        self.stored[class]
    }

    pub(crate) fn blocks(&self, class: usize, bra: usize) -> Option<&Blocks> {
        self.blocks[class * self.bra.len() + bra].as_ref()
    }

    /// The diagonal of the matrix of one index for a sector. Bra and ket must be the same, so the class must have
    /// charge 0.
    pub(crate) fn diagonal(&self, class: usize, place: usize, sector: usize) -> Vec<f64> {
        let stored = self.stored[class];
        let width = self.bra.width(sector);
        if stored.identity == Some(place) {
            return vec![1.0; width];
        }
        match self.blocks(class, sector) {
            Some(blocks) => {
                let begin = blocks.offset + (place - stored.begin) * blocks.rows * blocks.columns;
                (0..width).map(|i| self.data[begin + i * (width + 1)]).collect()
            }
            None => vec![0.0; width],
        }
    }
}
