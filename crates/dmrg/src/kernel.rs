//! Products of small blocks with vector instructions, chosen at run time.
//!
//! Blocks are at most a few hundred wide, so they are not packed: a tile of the result stays in registers while the
//! rows of one factor are read in turn. The instruction set (AVX-512, AVX2 or plain) is chosen once for a whole list of
//! products.

// Functions that are not inlined into the one for which `pulp` enables the instructions would be compiled without them.
#![allow(clippy::inline_always)]

mod tile;
mod vector;

pub(crate) use tile::{Couple, Matrices, Product, SLACK, couple, product, products};
pub(crate) use vector::{axpy, dot, scale};
