//! Steps 1 and 3 of a plan: the block products of one local state and one pair of outer sectors.

use super::{Last, Move, Pair, Plan, Slot};
use crate::environment::{Environment, Side};
use crate::kernel::Product;
use crate::tensor::Tensor;

impl Plan {
    /// T of one state and one pair of sectors; whether there is any.
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
        let size = blocks.rows * blocks.columns;
        let to = slot.begin + pair.begin;
        let mut product = if from_left {
            Product {
                m: blocks.rows as u32,
                k: blocks.columns as u32,
                n: block.columns as u32,
                count: stored.count as u32,
                a: blocks.offset as u32,
                a_row: blocks.columns as u32,
                a_column: 1,
                a_step: size as u32,
                b: block.offset as u32,
                b_row: block.columns as u32,
                b_step: 0,
                c: (to + stored.begin * length) as u32,
                c_row: block.columns as u32,
                c_step: length as u32,
            }
        } else {
            Product {
                m: block.rows as u32,
                k: blocks.rows as u32,
                n: blocks.columns as u32,
                count: stored.count as u32,
                a: block.offset as u32,
                a_row: block.columns as u32,
                a_column: 1,
                a_step: 0,
                b: blocks.offset as u32,
                b_row: blocks.columns as u32,
                b_step: size as u32,
                c: (to + stored.begin * length) as u32,
                c_row: blocks.columns as u32,
                c_step: length as u32,
            }
        };
        if from_left && product.c_step == product.m * product.c_row {
            // The matrices stand below each other, in T as in L: one tall product.
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

    /// What U of one state and one pair of sectors adds to the result, if anything.
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
        let begin = (from + stored.begin * length) as u32;
        match last {
            Last::Apply { other, out } => {
                let Some(block) = out.block(pair.left, c) else { return };
                let Some(blocks) = other.blocks(slot.class, block.right).filter(|b| b.ket == pair.right) else {
                    return;
                };
                if stored.count > 0 {
                    self.last.push(Product {
                        m: block.rows as u32,
                        k: blocks.rows as u32,
                        n: blocks.columns as u32,
                        count: stored.count as u32,
                        a: begin,
                        a_row: blocks.rows as u32,
                        a_column: 1,
                        a_step: length as u32,
                        b: blocks.offset as u32,
                        b_row: blocks.columns as u32,
                        b_step: (blocks.rows * blocks.columns) as u32,
                        c: block.offset as u32,
                        c_row: block.columns as u32,
                        c_step: 0,
                    });
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
                    self.last.push(Product {
                        m: block.columns as u32,
                        k: block.rows as u32,
                        n: blocks.columns as u32,
                        count: stored.count as u32,
                        a: block.offset as u32,
                        a_row: 1,
                        a_column: block.columns as u32,
                        a_step: 0,
                        b: begin,
                        b_row: blocks.columns as u32,
                        b_step: length as u32,
                        c: blocks.offset as u32,
                        c_row: blocks.columns as u32,
                        c_step: (blocks.rows * blocks.columns) as u32,
                    });
                }
            }
            Last::Grow { bra, out } => {
                // The bra's block ends in the right sector of the pair.
                let charge = bra.right().charge(pair.right) - bra.local()[c];
                let Some(sector) = bra.left().find(charge) else { return };
                let Some(block) = bra.block(sector, c) else { return };
                let Some(blocks) = out.blocks(slot.class, sector).filter(|b| b.ket == pair.left) else { return };
                if stored.count > 0 {
                    // The tensor's blocks are handed over transposed.
                    self.last.push(Product {
                        m: blocks.rows as u32,
                        k: block.columns as u32,
                        n: block.rows as u32,
                        count: stored.count as u32,
                        a: begin,
                        a_row: block.columns as u32,
                        a_column: 1,
                        a_step: length as u32,
                        b: block.offset as u32,
                        b_row: block.rows as u32,
                        b_step: 0,
                        c: blocks.offset as u32,
                        c_row: blocks.columns as u32,
                        c_step: (blocks.rows * blocks.columns) as u32,
                    });
                }
            }
        }
    }
}
