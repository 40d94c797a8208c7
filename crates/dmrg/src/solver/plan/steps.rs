//! Steps 1 and 3 of a plan: the block products of one local state and one pair of outer sectors.

use super::{Last, Move, Pair, Plan, Slot};
use crate::environment::{Environment, Side};
use crate::kernel::{Matrices, Product};
use crate::tensor::Tensor;

impl Plan {
    /// Adds the products for T of one local state and one pair of sectors. Returns whether there are any.
    pub(super) fn first_step(
        &mut self,
        environment: &Environment,
        x: &Tensor,
        c: usize,
        slot: Slot,
        pair: &Pair,
        length: usize,
    ) -> bool {
        let stored = environment.stored(slot.class);
        let from_left = environment.side == Side::Left;
        let sector = if from_left { pair.left } else { pair.right };
        let Some(blocks) = environment.blocks(slot.class, sector) else { return false };
        let found = if from_left {
            x.block(blocks.ket, c).filter(|block| block.right == pair.right)
        } else {
            x.block(pair.left, c).filter(|block| block.right == blocks.ket)
        };
        let Some(block) = found else { return false };
        let to = slot.begin + pair.begin;
        let out = (to + stored.begin * length, length);
        let mut product = if from_left {
            Product::new(stored.count, blocks.matrices(), block.matrix(), out)
        } else {
            Product::new(stored.count, block.matrix(), blocks.matrices(), out)
        };
        if from_left && product.c_step == product.m * product.c_row {
            // The matrices are stacked in T as in L, so one tall product does all.
            product.m *= product.count;
            product.count = 1;
        }
        if product.count > 0 && product.m > 0 {
            self.first.push(product);
        }
        if let Some(place) = stored.identity {
            let len = (block.rows * block.columns) as u32;
            self.copies.push(Move { from: block.offset as u32, to: (to + place * length) as u32, len });
        }
        true
    }

    /// Adds the products by which U of one local state and one pair of sectors enters the result, if any.
    pub(super) fn last_step(
        &mut self,
        target: &Environment,
        last: &Last<'_>,
        c: usize,
        slot: Slot,
        pair: &Pair,
        length: usize,
    ) {
        let from = slot.begin + pair.begin;
        let stored = target.stored(slot.class);
        let begin = from + stored.begin * length;
        match last {
            Last::Apply { other, out } => {
                let Some(block) = out.block(pair.left, c) else { return };
                let Some(blocks) = other.blocks(slot.class, block.right).filter(|b| b.ket == pair.right) else {
                    return;
                };
                if stored.count > 0 {
                    let u = Matrices::spaced(begin, block.rows, blocks.rows, length);
                    self.last.push(Product::new(stored.count, u, blocks.matrices(), (block.offset, 0)));
                }
                if let Some(place) = stored.identity {
                    let len = (block.rows * block.columns) as u32;
                    self.sums.push(Move { from: (from + place * length) as u32, to: block.offset as u32, len });
                }
            }
            Last::Grow { bra, out } if out.side == Side::Left => {
                let Some(block) = bra.block(pair.left, c) else { return };
                let Some(blocks) = out.blocks(slot.class, block.right).filter(|b| b.ket == pair.right) else { return };
                if stored.count > 0 {
                    let x = block.matrix().transposed();
                    let u = Matrices::spaced(begin, block.rows, blocks.columns, length);
                    self.last.push(Product::new(stored.count, x, u, (blocks.offset, blocks.size())));
                }
            }
            Last::Grow { bra, out } => {
                // The bra's block ends in the right sector of the pair.
                let charge = bra.right().charge(pair.right) - bra.local()[c];
                let Some(sector) = bra.left().find(charge) else { return };
                let Some(block) = bra.block(sector, c) else { return };
                let Some(blocks) = out.blocks(slot.class, sector).filter(|b| b.ket == pair.left) else { return };
                if stored.count > 0 {
                    // The tensor's blocks are passed transposed.
                    let u = Matrices::spaced(begin, blocks.rows, block.columns, length);
                    let x = Matrices::one(block.offset, block.columns, block.rows);
                    self.last.push(Product::new(stored.count, u, x, (blocks.offset, blocks.size())));
                }
            }
        }
    }
}
