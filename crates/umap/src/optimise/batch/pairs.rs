//! Forces on the points of a block, pair by pair: listed, computed in vector code, and summed.

use crate::optimise::power::power;
use crate::optimise::{CLIP, SOFTENING};

/// Pairs computed together. The pairs of a point fill whole groups; the last group is padded with pairs without force.
const LANES: usize = 4;

/// Forces of one kind on the points of a block.
#[derive(Default)]
pub(super) struct Pairs {
    /// The other point of each pair, point by point.
    pub(super) partners: Vec<u32>,
    /// Number of pairs of each point.
    pub(super) counts: Vec<usize>,
    /// Differences to the partners, axis by axis and in groups; later the forces.
    along: Vec<Vec<f32>>,
    /// Factors of the differences.
    factors: Vec<f32>,
}

#[derive(Clone, Copy)]
pub(super) enum Kernel {
    /// Attraction along edges, divided by 1 + `damping` times the force over the difference.
    Pull {
        damping: f32,
    },
    Push,
}

impl Pairs {
    /// Computes the forces on the points `own`, of `dim` coordinates each, from the lists.
    pub(super) fn compute(&mut self, own: &[f32], others: &[f32], dim: usize, kernel: Kernel, a: f32, b: f32) {
        let padded = self.counts.iter().map(|count| count.next_multiple_of(LANES)).sum();
        // Buffers never shrink; entries beyond the end are ignored.
        let room = self.factors.len().max(padded);
        self.along.resize_with(dim, Vec::new);
        self.along.iter_mut().for_each(|along| along.resize(room, 0.0));
        self.factors.resize(room, 0.0);
        if let [xs, ys] = &mut self.along[..] {
            gather_plane(own, others, &self.partners, &self.counts, (xs, ys));
        } else {
            for (axis, along) in self.along.iter_mut().enumerate() {
                gather_axis(own, others, &self.partners, &self.counts, (axis, dim), along);
            }
        }
        let factors = &mut self.factors[..padded];
        match kernel {
            Kernel::Pull { damping } => pull(&mut self.along, factors, a, b, damping),
            Kernel::Push => push(&mut self.along, factors, a, b),
        }
    }

    /// Adds the forces of each point, times a factor, to its coordinates.
    pub(super) fn add_to(&self, coordinates: &mut [f32], dim: usize, factor: f32) {
        let mut from = 0;
        for (to, count) in coordinates.chunks_exact_mut(dim).zip(&self.counts) {
            let range = from..from + count.next_multiple_of(LANES);
            from = range.end;
            for (x, along) in to.iter_mut().zip(&self.along) {
                *x += factor * sum(&along[range.clone()]);
            }
        }
    }
}

/// Sums whole groups in a fixed order, so that the result is unique.
fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for group in values.as_chunks::<LANES>().0 {
        lanes.iter_mut().zip(group).for_each(|(sum, x)| *sum += x);
    }
    let [a, b, c, d] = lanes;
    (a + c) + (b + d)
}

/// Gathers two axes at once, since both coordinates of a point are in one cache line.
fn gather_plane(own: &[f32], others: &[f32], partners: &[u32], counts: &[usize], (xs, ys): (&mut [f32], &mut [f32])) {
    let (own, others) = (own.as_chunks::<2>().0, others.as_chunks::<2>().0);
    let (mut from, mut listed) = (0, 0);
    for (own, &count) in own.iter().zip(counts) {
        let to = from + count.next_multiple_of(LANES);
        let (xs, ys) = (&mut xs[from..to], &mut ys[from..to]);
        for ((x, y), &partner) in xs.iter_mut().zip(ys.iter_mut()).zip(&partners[listed..listed + count]) {
            let other = others[partner as usize];
            (*x, *y) = (own[0] - other[0], own[1] - other[1]);
        }
        xs[count..].fill(0.0);
        ys[count..].fill(0.0);
        (from, listed) = (to, listed + count);
    }
}

fn gather_axis(
    own: &[f32],
    others: &[f32],
    partners: &[u32],
    counts: &[usize],
    (axis, dim): (usize, usize),
    along: &mut [f32],
) {
    let (mut from, mut listed) = (0, 0);
    for (own, &count) in own.chunks_exact(dim).zip(counts) {
        let to = from + count.next_multiple_of(LANES);
        let along = &mut along[from..to];
        for (x, &partner) in along.iter_mut().zip(&partners[listed..listed + count]) {
            *x = own[axis] - others[partner as usize * dim + axis];
        }
        along[count..].fill(0.0);
        (from, listed) = (to, listed + count);
    }
}

headstart_simd::wide! {
    fn pull(along: &mut [Vec<f32>], factors: &mut [f32], a: f32, b: f32, damping: f32) {
        square(along, factors);
        for x in factors.iter_mut() {
            let d = x.max(1e-30);
            let raised = a * power(d, b);
            let factor = 2.0 * b * raised / (d * (1.0 + raised));
            // If points coincide, the difference is 0 and so is the force.
            *x = -factor / (1.0 + damping * factor);
        }
        multiply(along, factors);
    }
}

headstart_simd::wide! {
    fn push(along: &mut [Vec<f32>], factors: &mut [f32], a: f32, b: f32) {
        square(along, factors);
        for x in factors.iter_mut() {
            let raised = a * power(x.max(1e-30), b);
            *x = 2.0 * b / ((SOFTENING + *x) * (1.0 + raised));
        }
        multiply(along, factors);
    }
}

// A call would lose the target features of the enclosing function, here and below.
#[allow(clippy::inline_always)]
#[inline(always)]
fn square(along: &[Vec<f32>], squared: &mut [f32]) {
    if let [xs, ys] = along {
        for ((squared, x), y) in squared.iter_mut().zip(xs).zip(ys) {
            *squared = x * x + y * y;
        }
        return;
    }
    squared.fill(0.0);
    for along in along {
        for (squared, x) in squared.iter_mut().zip(along) {
            *squared += x * x;
        }
    }
}

#[allow(clippy::inline_always)]
#[inline(always)]
fn multiply(along: &mut [Vec<f32>], factors: &[f32]) {
    for along in along {
        for (x, factor) in along.iter_mut().zip(factors) {
            *x = (*x * factor).clamp(-CLIP, CLIP);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The force at distance `d`, divided by the difference.
    fn force(kernel: Kernel, d: f64, a: f64, b: f64) -> f64 {
        let mut pairs = Pairs { partners: vec![0], counts: vec![1], ..Pairs::default() };
        pairs.compute(&[d as f32, 0.0], &[0.0, 0.0], 2, kernel, a as f32, b as f32);
        assert!(pairs.along[0][1..].iter().all(|&x| x == 0.0), "padding has no force");
        f64::from(pairs.along[0][0]) / d
    }

    /// Forces are minus the derivatives of -ln phi and -ln(1 - phi), the latter up to the softening.
    #[test]
    fn forces_are_derivatives_of_the_loss() {
        let (a, b) = (1.576_943, 0.895_061);
        let raised = |d: f64| a * d.powf(2.0 * b);
        let slope = |f: &dyn Fn(f64) -> f64, d: f64| (f(d * (1.0 + 1e-5)) - f(d * (1.0 - 1e-5))) / (2e-5 * d);
        for d in [0.3, 1.0, 2.5, 9.0] {
            let pull = force(Kernel::Pull { damping: 0.0 }, d, a, b);
            let exact = -slope(&|d| (1.0 + raised(d)).ln(), d);
            assert!((pull * d / exact - 1.0).abs() < 1e-5, "{d}: {pull} {exact}");
            let push = force(Kernel::Push, d, a, b);
            let exact = slope(&|d| (raised(d) / (1.0 + raised(d))).ln(), d) * d * d / (1e-3 + d * d);
            // Beyond the clip the force is 4.
            assert!((push * d / exact.abs().min(4.0) - 1.0).abs() < 1e-5, "{d}: {push} {exact}");
        }
    }

    #[test]
    fn coinciding_points_do_not_move_each_other_and_forces_are_clipped() {
        for kernel in [Kernel::Pull { damping: 0.0 }, Kernel::Push] {
            let mut pairs = Pairs { partners: vec![0, 1], counts: vec![0, 2], ..Pairs::default() };
            pairs.compute(&[9.0, 9.0, 1.0, 1.0], &[1.0, 1.0, 1.0, 1.01], 2, kernel, 1.6, 0.9);
            let mut to = [9.0, 9.0, 1.0, 1.0];
            pairs.add_to(&mut to, 2, 1.0);
            assert_eq!(to[..3], [9.0, 9.0, 1.0]);
            match kernel {
                Kernel::Pull { .. } => assert!(to[3] > 1.0 && to[3] < 1.1),
                Kernel::Push => assert_eq!(to[3], 1.0 - CLIP),
            }
        }
    }

    /// Both ends of an edge move by twice its shortened force at the full rate. They may swap places, but never end up
    /// further apart than they were.
    #[test]
    fn a_single_edge_never_moves_its_ends_further_apart() {
        for d in [1e-4, 1e-2, 0.1, 0.5, 1.0, 3.0, 20.0] {
            let pull = force(Kernel::Pull { damping: 2.0 }, d, 1.577, 0.895);
            let after = 1.0 + 4.0 * pull;
            assert!(after > -1.0 && after < 1.0, "{d}: {after}");
        }
    }

    /// The general loops over axes and those for the plane give the same result.
    #[test]
    fn a_third_axis_of_zeros_changes_nothing() {
        let own: Vec<f32> = (0..10).map(|i| (i as f32 * 0.7).sin()).collect();
        let others: Vec<f32> = (0..40).map(|i| 3.0 * (i as f32 * 1.3).cos()).collect();
        let lift = |plane: &[f32]| -> Vec<f32> { plane.chunks(2).flat_map(|p| [p[0], p[1], 0.0]).collect() };
        let (partners, counts) = ((0..20).collect::<Vec<u32>>(), vec![0, 3, 8, 9, 0]);
        for kernel in [Kernel::Pull { damping: 0.0 }, Kernel::Push] {
            let moved = |own: &[f32], others: &[f32], dim| {
                let mut pairs = Pairs { partners: partners.clone(), counts: counts.clone(), ..Pairs::default() };
                pairs.compute(own, others, dim, kernel, 1.577, 0.895);
                let mut to = own.to_vec();
                pairs.add_to(&mut to, dim, 0.5);
                to
            };
            let plane = moved(&own, &others, 2);
            assert_eq!(lift(&plane), moved(&lift(&own), &lift(&others), 3));
            assert!(plane[..2] == own[..2] && plane[2..8].iter().zip(&own[2..8]).all(|(a, b)| a != b));
        }
    }
}
