//! Layers that store only the kept weights. Signals are stored unit by unit: a row holds one unit's numbers for a whole
//! batch, so that a weight costs one multiply-add of two rows in vector registers.

use headstart_nn::Real;

/// Batch size.
pub(crate) const LANES: usize = 64;

/// One unit's numbers, one per sample.
pub(crate) type Row<T> = [T; LANES];

/// The kept weights of a layer, ordered by output and then by input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges {
    /// End of the weights of each output.
    pub(crate) ends: Vec<u32>,
    /// The input of each weight.
    pub(crate) inputs: Vec<u32>,
}

impl Edges {
    /// Creates the list from pairs of input and output. Also returns the order in which it stores them.
    pub(crate) fn new(edges: &[[u32; 2]], kept: impl Fn(usize) -> bool, outputs: usize) -> (Self, Vec<u32>) {
        let mut order: Vec<u32> = (0..edges.len() as u32).filter(|&at| kept(at as usize)).collect();
        order.sort_by_key(|&at| (edges[at as usize][1], edges[at as usize][0]));
        let mut ends = vec![0; outputs];
        for &at in &order {
            ends[edges[at as usize][1] as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        (Self { ends, inputs: order.iter().map(|&at| edges[at as usize][0]).collect() }, order)
    }

    /// Number of weights.
    pub(crate) fn len(&self) -> usize {
        self.inputs.len()
    }

    /// `y[j] = first(j) + sum_i w[i, j] x[i]`.
    // Inlined into code with vector instructions, as are the functions below.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn forward<T: Real>(&self, w: &[T], x: &[Row<T>], y: &mut [Row<T>], first: impl Fn(usize) -> Row<T>) {
        let mut from = 0;
        for (j, (y, &end)) in y.iter_mut().zip(&self.ends).enumerate() {
            let end = end as usize;
            let mut sums = first(j);
            for (&i, &w) in self.inputs[from..end].iter().zip(&w[from..end]) {
                for (sum, &x) in sums.iter_mut().zip(&x[i as usize]) {
                    *sum += w * x;
                }
            }
            *y = sums;
            from = end;
        }
    }

    /// Computes the gradients with respect to the weights, and adds the gradients with respect to the inputs to `dx`.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(crate) fn backward<T: Real>(
        &self,
        w: &[T],
        x: &[Row<T>],
        dy: &[Row<T>],
        dw: &mut [T],
        mut dx: Option<&mut [Row<T>]>,
    ) {
        let mut from = 0;
        for (dy, &end) in dy.iter().zip(&self.ends) {
            let end = end as usize;
            for at in from..end {
                let i = self.inputs[at] as usize;
                dw[at] = dot(&x[i], dy);
                if let Some(dx) = dx.as_deref_mut() {
                    for (dx, &dy) in dx[i].iter_mut().zip(dy) {
                        *dx += w[at] * dy;
                    }
                }
            }
            from = end;
        }
    }
}

/// Dot product, in an order that vectorises.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(crate) fn dot<T: Real>(a: &Row<T>, b: &Row<T>) -> T {
    let mut sums = [T::zero(); 16];
    for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
        for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    total(sums)
}

/// The sum of a row.
#[allow(clippy::inline_always)]
#[inline(always)]
pub(crate) fn sum<T: Real>(a: &Row<T>) -> T {
    let mut sums = [T::zero(); 16];
    for a in a.as_chunks::<16>().0 {
        for (sum, &a) in sums.iter_mut().zip(a) {
            *sum += a;
        }
    }
    total(sums)
}

#[allow(clippy::inline_always)]
#[inline(always)]
fn total<T: Real>(mut sums: [T; 16]) -> T {
    for half in [8, 4, 2, 1] {
        let (low, high) = sums.split_at_mut(half);
        for (low, &high) in low.iter_mut().zip(&*high) {
            *low += high;
        }
    }
    sums[0]
}
