//! A multiple of the identity, updated by a few pairs.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::pair::Pair;
use crate::tiles::Tiles;
use crate::update::rank_two;
use crate::vector::dot;

/// The BFGS updates of gamma I by m pairs, oldest first: a multiple of the identity plus a matrix of rank 2m.
///
/// It is the matrix gamma I + [S gY] M [S gY]' of Byrd, Nocedal & Schnabel (Math. Prog. 63 (1994) 129, theorem 2.2).
/// The pairs are stored, and m updates build the matrix. That takes as much work as the product with M, but avoids the
/// inverse of the m x m matrix of the s'y in M, which is nearly singular for pairs from a curved valley.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LowRank {
    /// The multiple of the identity.
    pub gamma: f64,
    /// The pairs, oldest first. Pairs without curvature are skipped.
    pub pairs: Vec<Pair>,
}

impl LowRank {
    /// Writes the full matrix to `h`.
    pub(crate) fn fill(&self, h: &mut Tiles) {
        h.set_scaled_unit(self.gamma);
        update_by(h, &self.pairs);
    }

    /// Returns the product with a vector of n numbers. Errors: a vector or a pair of another length. It takes 4 m n operations and does not form the matrix (two-loop
    /// recursion, Nocedal & Wright, algorithm 7.4).
    pub fn multiply(&self, v: &[f64]) -> Result<Vec<f64>, Error> {
        for pair in &self.pairs {
            for given in [pair.s.len(), pair.y.len()] {
                if given != v.len() {
                    return Err(Error::Dimension { what: "a vector of a pair", given, expected: v.len() });
                }
            }
        }
        let mut product = v.to_vec();
        two_loop(&mut curved(&self.pairs), &mut product, |q| scale(q, self.gamma));
        Ok(product)
    }
}

/// Applies the BFGS updates by these pairs to a full matrix, oldest first.
pub(crate) fn update_by(h: &mut Tiles, pairs: &[Pair]) {
    let n = h.dim();
    let nothing = vec![0.0; n];
    let (mut u, mut hy) = (vec![0.0; n], vec![0.0; n]);
    let mut s: &[f64] = &nothing;
    for pair in pairs.iter().filter(|pair| pair.is_curved()) {
        h.update_and_multiply(&u, s, &pair.y, &mut hy);
        rank_two(&pair.s, &pair.y, &hy, dot(&pair.s, &pair.y), &mut u);
        s = &pair.s;
    }
    h.update_and_multiply(&u, s, &nothing, &mut hy);
}

/// A pair with curvature, its s'y, and the coefficient that the first loop passes to the second.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Curved<P> {
    pub(crate) pair: P,
    pub(crate) sy: f64,
    alpha: f64,
}

impl<P: Borrow<Pair>> Curved<P> {
    pub(crate) fn new(pair: P) -> Self {
        let sy = dot(&pair.borrow().s, &pair.borrow().y);
        Self { pair, sy, alpha: 0.0 }
    }
}

impl Curved<&Pair> {
    pub(crate) fn owned(self) -> Curved<Pair> {
        Curved { pair: self.pair.clone(), sy: self.sy, alpha: self.alpha }
    }
}

/// The pairs that have curvature.
pub(crate) fn curved(pairs: &[Pair]) -> Vec<Curved<&Pair>> {
    pairs.iter().filter(|pair| pair.is_curved()).map(Curved::new).collect()
}

/// Overwrites v by H v. H is the matrix that `inner` multiplies with, updated by the pairs, oldest first.
pub(crate) fn two_loop<P: Borrow<Pair>>(pairs: &mut [Curved<P>], v: &mut [f64], inner: impl FnOnce(&mut [f64])) {
    for Curved { pair, sy, alpha } in pairs.iter_mut().rev() {
        let Pair { s, y } = (*pair).borrow();
        *alpha = dot(s, v) / *sy;
        v.iter_mut().zip(y).for_each(|(v, y)| *v -= *alpha * y);
    }
    inner(v);
    for Curved { pair, sy, alpha } in pairs {
        let Pair { s, y } = (*pair).borrow();
        let beta = dot(y, v) / *sy;
        v.iter_mut().zip(s).for_each(|(v, s)| *v += (*alpha - beta) * s);
    }
}

pub(crate) fn scale(v: &mut [f64], factor: f64) {
    for entry in v {
        *entry *= factor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, Axis, concatenate, s};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn sample(n: usize, m: usize) -> LowRank {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let mut vector = || (0..n).map(|_| rng.random_range(-1.0..1.0)).collect::<Vec<f64>>();
        let pairs = (0..m)
            .map(|_| {
                let s = vector();
                let y = s.iter().zip(vector()).enumerate().map(|(i, (s, e))| (1.0 + i as f64) * s + 0.1 * e).collect();
                Pair { s, y }
            })
            .collect();
        LowRank { gamma: 0.3, pairs }
    }

    fn dense(low_rank: &LowRank, n: usize) -> Array2<f64> {
        let mut tiles = Tiles::zeros(n);
        low_rank.fill(&mut tiles);
        tiles.to_packed().to_dense()
    }

    fn gap(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        (a - b).iter().fold(0.0, |most: f64, x| most.max(x.abs()))
    }

    #[test]
    fn equals_the_textbook_update() {
        let n = 13;
        let low_rank = sample(n, 5);
        let mut h = Array2::eye(n) * low_rank.gamma;
        for pair in &low_rank.pairs {
            let column = |v: &[f64]| Array1::from(v.to_vec()).insert_axis(Axis(1));
            let (s, y) = (column(&pair.s), column(&pair.y));
            let rho = 1.0 / dot(&pair.s, &pair.y);
            let left = Array2::eye(n) - s.dot(&y.t()) * rho;
            h = left.dot(&h).dot(&left.t()) + s.dot(&s.t()) * rho;
        }
        assert!(gap(&h, &dense(&low_rank, n)) < 1e-13);
    }

    /// Theorem 2.2 with m = 2, where the triangle R of the s'y is inverted by hand.
    #[test]
    fn equals_the_compact_form() {
        let n = 9;
        let low_rank = sample(n, 2);
        let g = low_rank.gamma;
        let matrix = |pick: fn(&Pair) -> &Vec<f64>| Array2::from_shape_fn((n, 2), |(i, k)| pick(&low_rank.pairs[k])[i]);
        let (s_all, y_all) = (matrix(|pair| &pair.s), matrix(|pair| &pair.y));
        let sy = s_all.t().dot(&y_all);
        let r_inverse =
            ndarray::array![[1.0 / sy[[0, 0]], -sy[[0, 1]] / (sy[[0, 0]] * sy[[1, 1]])], [0.0, 1.0 / sy[[1, 1]]]];
        let middle = Array2::from_diag(&sy.diag()) + y_all.t().dot(&y_all) * g;
        let mut m = Array2::zeros((4, 4));
        m.slice_mut(s![..2, ..2]).assign(&r_inverse.t().dot(&middle).dot(&r_inverse));
        m.slice_mut(s![..2, 2..]).assign(&(-&r_inverse.t()));
        m.slice_mut(s![2.., ..2]).assign(&(-&r_inverse));
        let wide = concatenate![Axis(1), s_all, y_all * g];
        let compact = Array2::eye(n) * g + wide.dot(&m).dot(&wide.t());
        assert!(gap(&compact, &dense(&low_rank, n)) < 1e-13);
    }

    #[test]
    fn product_without_the_matrix() {
        let n = 17;
        let mut low_rank = sample(n, 6);
        low_rank.pairs[2].y.iter_mut().for_each(|y| *y = -*y); // no curvature: skipped
        let v: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        let expected = dense(&low_rank, n).dot(&Array1::from(v.clone()));
        assert!(low_rank.multiply(&v).unwrap().iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-13));
    }
}
