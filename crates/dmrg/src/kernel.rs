//! Products of small blocks with vector instructions, chosen at run time.
//!
//! Blocks are up to a few hundred wide, so nothing is packed: a tile of the result stays in registers while a row of one
//! factor after the other is read. The form (AVX-512, AVX2 or plain) is chosen once for a whole
//! list of products.

// What is not inlined into the function that `pulp` enables the instructions for would be compiled without them.
#![allow(clippy::inline_always)]

mod tile;
mod vector;

pub(crate) use tile::{Couple, Matrices, Product, SLACK, couple, product, products};
pub(crate) use vector::{axpy, dot, scale};
