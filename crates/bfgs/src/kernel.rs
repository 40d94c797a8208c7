//! The hot loop: a single pass over a symmetric matrix that updates it and multiplies it by a vector.
//!
//! Separately, the rank-2 update would read and write the matrix, and the product would read it again. A matrix for 500
//! unknowns does not fit the first cache, so memory traffic dominates the cost. The pass visits only the lower triangle
//! and uses each entry twice: H\[i\]\[j\] adds to w\[i\] and to w\[j\]. The matrix is stored in the order in which it
//! is read, in aligned tiles as wide as a register, so that no entry is processed alone.
//!
//! Products and sums are not fused, and the order of every sum is fixed: all CPUs give the same bits.

/// Columns of a tile: one AVX-512 register, two of AVX2.
pub(crate) const WIDE: usize = 8;
/// Rows of a tile: one load of `s`, `u`, `g` and `w` serves four rows, and four sums still fit the registers.
pub(crate) const HIGH: usize = 4;

/// Eight numbers that share a cache line.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub(crate) struct Lanes(pub(crate) [f64; WIDE]);

/// Four rows by eight columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tile(pub(crate) [Lanes; HIGH]);

impl Lanes {
    pub(crate) const ZERO: Self = Self([0.0; WIDE]);
}

headstart_simd::wide! {
    /// H += u s' + s u', then w = H g with the updated H.
    ///
    /// The vectors hold `blocks` lanes each, padded with zeros. The tiles run through the lower triangle: for each block of
    /// eight rows its upper four rows, then its lower four, each from the first column to the block on the diagonal, which
    /// is stored whole.
    pub(crate) fn update_and_multiply(tiles: &mut [Tile], u: &[Lanes], s: &[Lanes], g: &[Lanes], w: &mut [Lanes]) {
        w.fill(Lanes::ZERO);
        let mut rest = tiles;
        for block in 0..w.len() {
            let (u_block, s_block, g_block) = (&u[block], &s[block], &g[block]);
            for first in [0, HIGH] {
                let (row, tail) = rest.split_at_mut(block + 1);
                rest = tail;
                let (panel, diagonal) = row.split_at_mut(block);
                // This tile's rows of each vector.
                let of_rows = |v: &Lanes| -> [f64; HIGH] { std::array::from_fn(|k| v.0[first + k]) };
                let (us, ss, gs) = (of_rows(u_block), of_rows(s_block), of_rows(g_block));
                let mut sums = [Lanes::ZERO; HIGH];
                for ((((tile, u), s), g), w) in panel.iter_mut().zip(u).zip(s).zip(g).zip(w.iter_mut()) {
                    let mut to_columns = *w;
                    for k in 0..HIGH {
                        let h = updated(&tile.0[k], us[k], s, ss[k], u);
                        tile.0[k] = h;
                        sums[k] = plus_product(&sums[k], &h, g);
                        to_columns = plus_scaled(&to_columns, gs[k], &h);
                    }
                    *w = to_columns;
                }
                for tile in diagonal {
                    for k in 0..HIGH {
                        tile.0[k] = updated(&tile.0[k], us[k], s_block, ss[k], u_block);
                        sums[k] = plus_product(&sums[k], &tile.0[k], g_block);
                    }
                }
                for (to_row, sum) in w[block].0[first..].iter_mut().zip(&sums) {
                    *to_row += sum.0.iter().sum::<f64>();
                }
            }
        }
    }
}

// These functions work on whole lanes as values: for scalar code the compiler pairs up rows instead, which takes twice
// as long. They must be inlined so that they are compiled for the registers of their caller.

/// h + (`u_i` `s_j` + `s_i` `u_j`), the same to the last bit for (j, i).
#[expect(clippy::inline_always)]
#[inline(always)]
fn updated(h: &Lanes, u_i: f64, s_j: &Lanes, s_i: f64, u_j: &Lanes) -> Lanes {
    Lanes(std::array::from_fn(|l| h.0[l] + (u_i * s_j.0[l] + s_i * u_j.0[l])))
}

#[expect(clippy::inline_always)]
#[inline(always)]
fn plus_product(sum: &Lanes, a: &Lanes, b: &Lanes) -> Lanes {
    Lanes(std::array::from_fn(|l| sum.0[l] + a.0[l] * b.0[l]))
}

#[expect(clippy::inline_always)]
#[inline(always)]
fn plus_scaled(sum: &Lanes, factor: f64, a: &Lanes) -> Lanes {
    Lanes(std::array::from_fn(|l| sum.0[l] + factor * a.0[l]))
}
