//! The hot loop: one pass over a packed symmetric matrix that updates it and multiplies it with a vector.
//!
//! Apart, the rank-2 update would read and write the matrix and the product would read it again; a matrix of 500
//! unknowns no longer fits the first cache, so the traffic is what costs. Only the lower triangle is stored, and each
//! entry serves both its places: H[i][j] adds to w\[i\] and to w\[j\].

use multiversion::multiversion;

/// Numbers handled together: one AVX-512 register, two of AVX2.
const LANES: usize = 8;

type Lanes = [f64; LANES];

/// Rows handled together, so that a load of `s`, `u`, `g` and `w` serves four entries.
const ROWS: usize = 4;

/// H += u s' + s u', then w = H g with the updated H.
///
/// `h` is the row-wise packed lower triangle, n(n+1)/2 numbers; `u`, `s`, `g` and `w` hold n each. The order of the
/// additions depends on the CPU only through the width of its registers: the same machine gives the same bits.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx+avx2"))]
pub(crate) fn update_and_multiply(h: &mut [f64], u: &[f64], s: &[f64], g: &[f64], w: &mut [f64]) {
    let n = g.len();
    let (u, s, w) = (&u[..n], &s[..n], &mut w[..n]);
    w.fill(0.0);
    let mut rest = h;
    let whole = n - n % ROWS;
    for first in (0..whole).step_by(ROWS) {
        // Rows first..first+4 hold first+1, ..., first+4 numbers: four equal panels and the triangle on the diagonal.
        let (row0, tail) = rest.split_at_mut(first + 1);
        let (row1, tail) = tail.split_at_mut(first + 2);
        let (row2, tail) = tail.split_at_mut(first + 3);
        let (row3, tail) = tail.split_at_mut(first + 4);
        rest = tail;

        let (us, ss, gs) = (&u[first..first + ROWS], &s[first..first + ROWS], &g[first..first + ROWS]);
        let (panel0, edge0) = row0[..first].as_chunks_mut::<LANES>();
        let (panel1, edge1) = row1[..first].as_chunks_mut::<LANES>();
        let (panel2, edge2) = row2[..first].as_chunks_mut::<LANES>();
        let (panel3, edge3) = row3[..first].as_chunks_mut::<LANES>();
        let (u_lanes, u_edge) = u[..first].as_chunks::<LANES>();
        let (s_lanes, s_edge) = s[..first].as_chunks::<LANES>();
        let (g_lanes, g_edge) = g[..first].as_chunks::<LANES>();
        let (w_lanes, w_edge) = w[..first].as_chunks_mut::<LANES>();

        let (mut sum0, mut sum1, mut sum2, mut sum3) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let panels = panel0.iter_mut().zip(panel1).zip(panel2).zip(panel3);
        let vectors = u_lanes.iter().zip(s_lanes).zip(g_lanes).zip(w_lanes);
        for ((((h0, h1), h2), h3), (((u_j, s_j), g_j), w_j)) in panels.zip(vectors) {
            *h0 = plus(*h0, plus(times(us[0], s_j), times(ss[0], u_j)));
            *h1 = plus(*h1, plus(times(us[1], s_j), times(ss[1], u_j)));
            *h2 = plus(*h2, plus(times(us[2], s_j), times(ss[2], u_j)));
            *h3 = plus(*h3, plus(times(us[3], s_j), times(ss[3], u_j)));
            sum0 = plus(sum0, product(h0, g_j));
            sum1 = plus(sum1, product(h1, g_j));
            sum2 = plus(sum2, product(h2, g_j));
            sum3 = plus(sum3, product(h3, g_j));
            let upper = plus(times(gs[0], h0), times(gs[1], h1));
            let lower = plus(times(gs[2], h2), times(gs[3], h3));
            *w_j = plus(*w_j, plus(upper, lower));
        }
        let mut sums = [sum0, sum1, sum2, sum3];

        // `first` is a multiple of four: the edge is empty or four columns wide.
        for (k, edge) in [edge0, edge1, edge2, edge3].into_iter().enumerate() {
            for j in 0..edge.len() {
                edge[j] += us[k] * s_edge[j] + ss[k] * u_edge[j];
                sums[k][j] += edge[j] * g_edge[j];
                w_edge[j] += edge[j] * gs[k];
            }
        }
        let triangle = [&mut row0[first..], &mut row1[first..], &mut row2[first..], &mut row3[first..]];
        for (k, row) in triangle.into_iter().enumerate() {
            w[first + k] += sums[k].iter().sum::<f64>();
            diagonal_row(row, first, k, u, s, g, w);
        }
    }
    // At most three rows are left.
    for i in whole..n {
        let (row, tail) = rest.split_at_mut(i + 1);
        rest = tail;
        diagonal_row(row, 0, i, u, s, g, w);
    }
}

// Whole lanes as values: written on scalars, the compiler pairs up rows instead, and takes half as long again. They must
// be inlined to be compiled for the registers of their caller.

#[expect(clippy::inline_always)]
#[inline(always)]
fn plus(a: Lanes, b: Lanes) -> Lanes {
    std::array::from_fn(|l| a[l] + b[l])
}

#[expect(clippy::inline_always)]
#[inline(always)]
fn times(factor: f64, a: &Lanes) -> Lanes {
    std::array::from_fn(|l| factor * a[l])
}

#[expect(clippy::inline_always)]
#[inline(always)]
fn product(a: &Lanes, b: &Lanes) -> Lanes {
    std::array::from_fn(|l| a[l] * b[l])
}

/// Columns `start..=start+k` of row `start + k`, whose last one is the diagonal.
#[expect(clippy::inline_always)]
#[inline(always)]
fn diagonal_row(row: &mut [f64], start: usize, k: usize, u: &[f64], s: &[f64], g: &[f64], w: &mut [f64]) {
    let i = start + k;
    for (j, h) in (start..).zip(row) {
        *h += u[i] * s[j] + s[i] * u[j];
        w[i] += *h * g[j];
        if j < i {
            w[j] += *h * g[i];
        }
    }
}
