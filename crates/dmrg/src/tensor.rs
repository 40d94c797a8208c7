//! Block-sparse tensors with a left bond, local states and a right bond, in contiguous memory.

use serde::{Deserialize, Serialize};

use crate::kernel::Matrices;
use crate::{Bond, Charge};

/// A dense block of a tensor. Rows are states of a left sector; columns are states of the right sector that the local
/// state leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Sector of the left bond.
    pub left: usize,
    /// Local state.
    pub local: usize,
    /// Sector of the right bond.
    pub right: usize,
    /// Position of the first entry; entries are row-major.
    pub offset: usize,
    /// Width of the left sector.
    pub rows: usize,
    /// Width of the right sector.
    pub columns: usize,
}

impl Block {
    /// The block in the form that kernels take.
    pub(crate) fn matrix(&self) -> Matrices {
        Matrices::one(self.offset, self.rows, self.columns)
    }

    /// Returns the range of its entries.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.rows * self.columns
    }
}

/// A tensor A[l, s, r] in which only blocks with charge(l) + charge(s) = charge(r) exist. The local index s counts the
/// states of one site or the pairs of states of two sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tensor {
    left: Bond,
    right: Bond,
    local: Vec<Charge>,
    blocks: Vec<Block>,
    /// Entry (left sector, local state) is 1 + the index of its block, or 0.
    table: Vec<u32>,
    /// The entries of all blocks.
    pub(crate) data: Vec<f64>,
}

impl Tensor {
    /// Allocates all blocks that the charges allow, filled with zeros.
    pub(crate) fn zeros(left: Bond, local: Vec<Charge>, right: Bond) -> Self {
        let mut blocks = Vec::new();
        let mut table = vec![0; left.len() * local.len()];
        let mut offset = 0;
        for (l, &(charge, rows)) in left.sectors().iter().enumerate() {
            for (s, &change) in local.iter().enumerate() {
                if let Some(r) = right.find(charge + change) {
                    let block = Block { left: l, local: s, right: r, offset, rows, columns: right.width(r) };
                    offset += block.rows * block.columns;
                    blocks.push(block);
                    table[l * local.len() + s] = blocks.len() as u32;
                }
            }
        }
        Self { left, right, local, blocks, table, data: vec![0.0; offset] }
    }

    /// Returns the left bond.
    pub fn left(&self) -> &Bond {
        &self.left
    }

    /// Returns the right bond.
    pub fn right(&self) -> &Bond {
        &self.right
    }

    /// Returns the charges of the local states.
    pub fn local(&self) -> &[Charge] {
        &self.local
    }

    /// Returns the blocks, ascending by left sector and local state.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Returns the block of a left sector and a local state, if present.
    pub fn block(&self, left: usize, local: usize) -> Option<&Block> {
        match self.table[left * self.local.len() + local] {
            0 => None,
            at => Some(&self.blocks[at as usize - 1]),
        }
    }

    /// Returns the entries of a block, row by row.
    pub fn entries(&self, block: &Block) -> &[f64] {
        &self.data[block.range()]
    }

    /// Whether another tensor has the same blocks in the same places.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.left == other.left
            && self.right == other.right
            && self.local == other.local
            && self.blocks == other.blocks
            && self.table == other.table
            && self.data.len() == other.data.len()
    }

    /// The entries, with every block transposed in its place.
    pub(crate) fn transposed_blocks(&self) -> Vec<f64> {
        let mut turned = vec![0.0; self.data.len()];
        for block in &self.blocks {
            let (from, to) = (&self.data[block.range()], &mut turned[block.range()]);
            for i in 0..block.rows {
                for j in 0..block.columns {
                    to[j * block.rows + i] = from[i * block.columns + j];
                }
            }
        }
        turned
    }

    /// Sum of squares.
    pub(crate) fn norm_squared(&self) -> f64 {
        self.data.iter().map(|x| x * x).sum()
    }

    /// For each right sector, its blocks, ascending by left sector.
    pub(crate) fn by_right(&self) -> Vec<Vec<Block>> {
        let mut lists = vec![Vec::new(); self.right.len()];
        self.blocks.iter().for_each(|block| lists[block.right].push(*block));
        lists
    }

    /// For each left sector, its blocks.
    pub(crate) fn by_left(&self) -> Vec<Vec<Block>> {
        let mut lists = vec![Vec::new(); self.left.len()];
        self.blocks.iter().for_each(|block| lists[block.left].push(*block));
        lists
    }
}
