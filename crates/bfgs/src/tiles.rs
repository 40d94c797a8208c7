//! The inverse Hessian of a run, in the memory layout of the hot loop.

use crate::kernel::{HIGH, Lanes, Tile, WIDE, update_and_multiply};
use crate::packed::PackedSymmetric;

/// A symmetric matrix in the tiles of [`update_and_multiply`], with buffers for its vector arguments.
///
/// [`PackedSymmetric`] is the form for storage and for callers; a run works on this one. n is rounded up to whole
/// tiles, padded with zeros, and blocks on the diagonal are stored in full: a few percent more memory than the
/// triangle.
#[derive(Clone, Debug)]
pub(crate) struct Tiles {
    n: usize,
    entries: Vec<Tile>,
    u: Vec<Lanes>,
    s: Vec<Lanes>,
    g: Vec<Lanes>,
    w: Vec<Lanes>,
}

impl Tiles {
    /// The zero matrix of shape (n, n).
    pub(crate) fn zeros(n: usize) -> Self {
        let blocks = n.div_ceil(WIDE);
        let vector = || vec![Lanes::ZERO; blocks];
        let entries = vec![Tile([Lanes::ZERO; HIGH]); blocks * (blocks + 1)];
        Self { n, entries, u: vector(), s: vector(), g: vector(), w: vector() }
    }

    pub(crate) fn dim(&self) -> usize {
        self.n
    }

    pub(crate) fn set_scaled_unit(&mut self, gamma: f64) {
        self.set(|i, j| if i == j { gamma } else { 0.0 });
    }

    pub(crate) fn copy_from(&mut self, packed: &PackedSymmetric) {
        let entries = packed.as_slice();
        self.set(|i, j| entries[i.max(j) * (i.max(j) + 1) / 2 + i.min(j)]);
    }

    pub(crate) fn scale(&mut self, factor: f64) {
        for lanes in self.entries.iter_mut().flat_map(|tile| &mut tile.0) {
            lanes.0 = lanes.0.map(|entry| factor * entry);
        }
    }

    /// H += u s' + s u', then w = H g: one pass. All slices hold `dim` numbers.
    pub(crate) fn update_and_multiply(&mut self, u: &[f64], s: &[f64], g: &[f64], w: &mut [f64]) {
        debug_assert!([u.len(), s.len(), g.len(), w.len()] == [self.n; 4]);
        for (lanes, vector) in [(&mut self.u, u), (&mut self.s, s), (&mut self.g, g)] {
            // Whole chunks are copied as values: copying each as a slice would be a function call.
            let (whole, rest) = vector.as_chunks();
            lanes.iter_mut().zip(whole).for_each(|(lanes, part)| lanes.0 = *part);
            if let Some(last) = lanes.get_mut(whole.len()) {
                last.0[..rest.len()].copy_from_slice(rest);
            }
        }
        update_and_multiply(&mut self.entries, &self.u, &self.s, &self.g, &mut self.w);
        let (whole, rest) = w.as_chunks_mut();
        if let Some(last) = self.w.get(whole.len()) {
            rest.copy_from_slice(&last.0[..rest.len()]);
        }
        whole.iter_mut().zip(&self.w).for_each(|(part, lanes)| *part = lanes.0);
    }

    /// The row-wise packed lower triangle.
    pub(crate) fn to_packed(&self) -> PackedSymmetric {
        let mut tiles = self.entries.as_slice();
        let mut packed = PackedSymmetric::zeros(self.n);
        for (rows, wide) in self.row_bands() {
            let (band, rest) = tiles.split_at(wide);
            tiles = rest;
            for (k, i) in rows.enumerate() {
                let row = band.iter().flat_map(|tile| tile.0[k].0);
                packed.row_mut(i).iter_mut().zip(row).for_each(|(entry, h)| *entry = h);
            }
        }
        packed
    }

    fn set(&mut self, entry: impl Fn(usize, usize) -> f64) {
        let n = self.n;
        let bands: Vec<_> = self.row_bands().collect();
        let mut tiles = self.entries.as_mut_slice();
        for (rows, wide) in bands {
            let (band, rest) = tiles.split_at_mut(wide);
            tiles = rest;
            for (k, i) in rows.enumerate() {
                let row = band.iter_mut().flat_map(|tile| &mut tile.0[k].0);
                row.take(n).enumerate().for_each(|(j, h)| *h = entry(i, j));
            }
        }
    }

    /// The ranges of rows that share tiles, each with its number of tiles.
    fn row_bands(&self) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> {
        let n = self.n;
        (0..2 * n.div_ceil(WIDE)).map(move |band| {
            let first = HIGH * band;
            (first.min(n)..(first + HIGH).min(n), first / WIDE + 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// The same operation in plain dense arithmetic.
    fn dense(h: &Array2<f64>, u: &Array1<f64>, s: &Array1<f64>, g: &Array1<f64>) -> (Array2<f64>, Array1<f64>) {
        let updated = Array2::from_shape_fn(h.dim(), |(i, j)| h[[i, j]] + u[i] * s[j] + s[i] * u[j]);
        let product = updated.dot(g);
        (updated, product)
    }

    #[test]
    fn fused_pass_is_dense_arithmetic() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for n in (1..=40).chain([257]) {
            let mut vector = || Array1::from_shape_simple_fn(n, || rng.random_range(-1.0..1.0));
            let (u, s, g) = (vector(), vector(), vector());
            let half = Array2::from_shape_simple_fn((n, n), || rng.random_range(-1.0..1.0));
            let h = &half + &half.t();
            let mut tiles = Tiles::zeros(n);
            tiles.copy_from(&PackedSymmetric::symmetric_part(h.view()));
            assert_eq!(tiles.to_packed(), PackedSymmetric::symmetric_part(h.view()), "there and back, n = {n}");
            let mut w = vec![f64::NAN; n];
            tiles.update_and_multiply(&u.to_vec(), &s.to_vec(), &g.to_vec(), &mut w);
            let packed = tiles.to_packed();
            let (updated, product) = dense(&h, &u, &s, &g);
            let gap = |a: f64, b: f64| (a - b).abs() < 1e-14 * (n as f64 + 10.0);
            assert!(packed.to_dense().iter().zip(&updated).all(|(a, b)| gap(*a, *b)), "H, n = {n}");
            assert!(w.iter().zip(&product).all(|(a, b)| gap(*a, *b)), "w, n = {n}");
            let plain = packed.multiply(&g.to_vec()).unwrap();
            assert!(plain.iter().zip(&product).all(|(a, b)| gap(*a, *b)), "product, n = {n}");
        }
    }

    #[test]
    fn blocks_on_the_diagonal_stay_symmetric_to_the_last_bit() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let n = 13;
        let mut tiles = Tiles::zeros(n);
        tiles.set_scaled_unit(0.7);
        tiles.scale(2.0);
        for _ in 0..5 {
            let mut vector = || (0..n).map(|_| rng.random_range(-1.0..1.0)).collect::<Vec<f64>>();
            let (u, s) = (vector(), vector());
            tiles.update_and_multiply(&u, &s, &vec![0.0; n], &mut vec![0.0; n]);
        }
        let first_block = [tiles.entries[0].0, tiles.entries[1].0].concat();
        for i in 0..WIDE {
            for j in 0..WIDE {
                assert_eq!(first_block[i].0[j], first_block[j].0[i]);
            }
        }
    }
}
