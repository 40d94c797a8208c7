//! The register tile and how its factors are traversed.

use pulp::Simd;

use crate::mpo::coupling::Part;

/// Matrices of one shape in one array, at intervals of `step` entries; with step 0 there is only one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrices {
    begin: usize,
    rows: usize,
    columns: usize,
    /// Stride from a row to the next.
    row: usize,
    /// Stride from a column to the next.
    column: usize,
    step: usize,
}

impl Matrices {
    /// Row-major matrices at intervals of `step` entries.
    pub(crate) fn spaced(begin: usize, rows: usize, columns: usize, step: usize) -> Self {
        Self { begin, rows, columns, row: columns, column: 1, step }
    }

    /// Row-major matrices without gaps between them.
    pub(crate) fn packed(begin: usize, rows: usize, columns: usize) -> Self {
        Self::spaced(begin, rows, columns, rows * columns)
    }

    /// One row-major matrix.
    pub(crate) fn one(begin: usize, rows: usize, columns: usize) -> Self {
        Self::spaced(begin, rows, columns, 0)
    }

    /// The transposes of the matrices, without moving memory.
    pub(crate) fn transposed(self) -> Self {
        Self { rows: self.columns, columns: self.rows, row: self.column, column: self.row, ..self }
    }
}

/// `count` products C += A B. A has shape (m, k) and any strides; B (k, n) and C (m, n) have contiguous rows. From one
/// product to the next, both factors and the result advance by their steps; with `c_step` 0 all products add to one C.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product {
    pub(crate) m: u32,
    pub(crate) n: u32,
    pub(crate) k: u32,
    pub(crate) count: u32,
    pub(crate) a: u32,
    pub(crate) a_row: u32,
    pub(crate) a_column: u32,
    pub(crate) a_step: u32,
    pub(crate) b: u32,
    pub(crate) b_row: u32,
    pub(crate) b_step: u32,
    pub(crate) c: u32,
    pub(crate) c_row: u32,
    pub(crate) c_step: u32,
}

impl Product {
    /// `count` products. Rows of B are contiguous; C begins at `begin` and advances by `step`.
    pub(crate) fn new(count: usize, a: Matrices, b: Matrices, (begin, step): (usize, usize)) -> Self {
        debug_assert!(a.columns == b.rows && b.column == 1);
        Self {
            m: a.rows as u32,
            n: b.columns as u32,
            k: a.columns as u32,
            count: count as u32,
            a: a.begin as u32,
            a_row: a.row as u32,
            a_column: a.column as u32,
            a_step: a.step as u32,
            b: b.begin as u32,
            b_row: b.row as u32,
            b_step: b.step as u32,
            c: begin as u32,
            c_row: b.columns as u32,
            c_step: step as u32,
        }
    }

    /// Multiply-adds.
    pub(crate) fn work(&self) -> f64 {
        f64::from(self.m) * f64::from(self.n) * f64::from(self.k) * f64::from(self.count)
    }
}

/// One part of a coupling, applied to rows of length n that begin at multiples of n after `from` and `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Couple {
    pub(crate) part: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) n: u32,
}

/// Positions of the entries of the factors.
trait Walk {
    /// Calls `call` with the positions of column k of A and row k of B, for all k.
    fn each(&self, call: impl FnMut(usize, usize));
    /// Stride between rows of A.
    fn a_row(&self) -> usize;
    /// Position of row i of C.
    fn c_row(&self, row: usize) -> usize;
}

struct Strided {
    k: usize,
    count: usize,
    a: usize,
    a_row: usize,
    a_column: usize,
    a_step: usize,
    b: usize,
    b_row: usize,
    b_step: usize,
    c: usize,
    c_row: usize,
}

impl Walk for Strided {
    #[inline(always)]
    fn each(&self, mut call: impl FnMut(usize, usize)) {
        for t in 0..self.count {
            let (mut a, mut b) = (self.a + t * self.a_step, self.b + t * self.b_step);
            for _ in 0..self.k {
                call(a, b);
                a += self.a_column;
                b += self.b_row;
            }
        }
    }

    #[inline(always)]
    fn a_row(&self) -> usize {
        self.a_row
    }

    #[inline(always)]
    fn c_row(&self, row: usize) -> usize {
        self.c + row * self.c_row
    }
}

struct Listed<'a> {
    part: &'a Part,
    from: usize,
    to: usize,
    n: usize,
}

impl Walk for Listed<'_> {
    #[inline(always)]
    fn each(&self, mut call: impl FnMut(usize, usize)) {
        for (k, &column) in self.part.columns.iter().enumerate() {
            call(k, self.from + column as usize * self.n);
        }
    }

    #[inline(always)]
    fn a_row(&self) -> usize {
        self.part.columns.len()
    }

    #[inline(always)]
    fn c_row(&self, row: usize) -> usize {
        self.to + self.part.rows[row] as usize * self.n
    }
}

/// Padding after the second factor of every product, because tiles read whole vectors.
pub(crate) const SLACK: usize = 8;

/// Vectors in the widest tile.
const VECTORS: usize = 3;

/// Computes `product`; with `fresh`, C is overwritten instead of added to.
#[inline(always)]
pub(crate) fn product<S: Simd>(simd: S, product: &Product, a: &[f64], b: &[f64], c: &mut [f64], fresh: bool) {
    let mut walk = Strided {
        k: product.k as usize,
        count: 1,
        a: product.a as usize,
        a_row: product.a_row as usize,
        a_column: product.a_column as usize,
        a_step: product.a_step as usize,
        b: product.b as usize,
        b_row: product.b_row as usize,
        b_step: product.b_step as usize,
        c: product.c as usize,
        c_row: product.c_row as usize,
    };
    let (m, n, count) = (product.m as usize, product.n as usize, product.count as usize);
    if product.c_step == 0 {
        walk.count = count;
        return block(simd, &walk, m, n, a, b, c, fresh);
    }
    for _ in 0..count {
        block(simd, &walk, m, n, a, b, c, fresh);
        walk.a += walk.a_step;
        walk.b += walk.b_step;
        walk.c += product.c_step as usize;
    }
}

/// Adds one part of a coupling to rows of `to`.
#[inline(always)]
pub(crate) fn couple<S: Simd>(simd: S, couple: &Couple, part: &Part, from: &[f64], to: &mut [f64]) {
    let walk = Listed { part, from: couple.from as usize, to: couple.to as usize, n: couple.n as usize };
    block(simd, &walk, part.rows.len(), walk.n, &part.values, from, to, false);
}

#[allow(clippy::too_many_arguments)]
fn block<S: Simd>(simd: S, walk: &impl Walk, m: usize, n: usize, a: &[f64], b: &[f64], c: &mut [f64], fresh: bool) {
    struct Run<'a, S, W> {
        simd: S,
        walk: &'a W,
        m: usize,
        n: usize,
        a: &'a [f64],
        b: &'a [f64],
        c: &'a mut [f64],
        fresh: bool,
    }
    impl<S: Simd, W: Walk> pulp::NullaryFnOnce for Run<'_, S, W> {
        type Output = ();
        #[inline(always)]
        fn call(self) {
            let Self { simd, walk, m, n, a, b, c, fresh } = self;
            let wide = VECTORS * S::F64_LANES;
            let mut at = 0;
            while at + wide <= n {
                panel::<S, W, VECTORS>(simd, walk, m, at, wide, a, b, c, fresh);
                at += wide;
            }
            let left = n - at;
            match left.div_ceil(S::F64_LANES) {
                0 => {}
                1 => panel::<S, W, 1>(simd, walk, m, at, left, a, b, c, fresh),
                2 => panel::<S, W, 2>(simd, walk, m, at, left, a, b, c, fresh),
                _ => panel::<S, W, 3>(simd, walk, m, at, left, a, b, c, fresh),
            }
        }
    }
    simd.vectorize(Run { simd, walk, m, n, a, b, c, fresh });
}

/// Computes all rows of the columns `at` to `at + width`. V vectors cover the columns; the last may be partial.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn panel<S: Simd, W: Walk, const V: usize>(
    simd: S,
    walk: &W,
    m: usize,
    at: usize,
    width: usize,
    a: &[f64],
    b: &[f64],
    c: &mut [f64],
    fresh: bool,
) {
    let mut row = 0;
    // With sixteen registers a tile of eight rows would not fit.
    if S::REGISTER_COUNT > 16 {
        while row + 8 <= m {
            tile::<S, W, 8, V>(simd, walk, row, at, width, a, b, c, fresh);
            row += 8;
        }
    }
    while row + 4 <= m {
        tile::<S, W, 4, V>(simd, walk, row, at, width, a, b, c, fresh);
        row += 4;
    }
    if row + 2 <= m {
        tile::<S, W, 2, V>(simd, walk, row, at, width, a, b, c, fresh);
        row += 2;
    }
    if row < m {
        tile::<S, W, 1, V>(simd, walk, row, at, width, a, b, c, fresh);
    }
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn tile<S: Simd, W: Walk, const M: usize, const V: usize>(
    simd: S,
    walk: &W,
    row: usize,
    at: usize,
    width: usize,
    a: &[f64],
    b: &[f64],
    c: &mut [f64],
    fresh: bool,
) {
    let lanes = S::F64_LANES;
    let a_row = walk.a_row();
    let a_begin = row * a_row;
    let mut sums = [[simd.splat_f64s(0.0); V]; M];
    walk.each(
        #[inline(always)]
        |a_at, b_at| {
            // Reads whole vectors even at the end of a row; the extra entries are computed and discarded.
            let line = S::as_simd_f64s(&b[b_at + at..b_at + at + V * lanes]).0;
            let mut vectors = [simd.splat_f64s(0.0); V];
            vectors.copy_from_slice(line);
            let factors = &a[a_at + a_begin..=a_at + a_begin + (M - 1) * a_row];
            for (i, sums) in sums.iter_mut().enumerate() {
                let factor = simd.splat_f64s(factors[i * a_row]);
                for (sum, vector) in sums.iter_mut().zip(vectors) {
                    *sum = simd.mul_add_f64s(factor, vector, *sum);
                }
            }
        },
    );
    for (i, sums) in sums.into_iter().enumerate() {
        let begin = walk.c_row(row + i) + at;
        let line = &mut c[begin..begin + width];
        for (v, sum) in sums.into_iter().enumerate() {
            let rest = &mut line[v * lanes..];
            if v + 1 < V || rest.len() >= lanes {
                let place = &mut S::as_mut_simd_f64s(&mut rest[..lanes]).0[0];
                *place = if fresh { sum } else { simd.add_f64s(sum, *place) };
            } else {
                finish(rest, pulp::bytemuck::cast_slice(std::slice::from_ref(&sum)), fresh);
            }
        }
    }
}

/// Writes or adds the part of a vector that lies inside the row.
#[inline(always)]
fn finish(rest: &mut [f64], sum: &[f64], fresh: bool) {
    match rest.len() {
        1 => exactly::<1>(rest, sum, fresh),
        2 => exactly::<2>(rest, sum, fresh),
        3 => exactly::<3>(rest, sum, fresh),
        4 => exactly::<4>(rest, sum, fresh),
        5 => exactly::<5>(rest, sum, fresh),
        6 => exactly::<6>(rest, sum, fresh),
        _ => exactly::<7>(rest, sum, fresh),
    }
}

#[inline(always)]
fn exactly<const N: usize>(rest: &mut [f64], sum: &[f64], fresh: bool) {
    if let (Some(rest), Some(sum)) = (rest.first_chunk_mut::<N>(), sum.first_chunk::<N>()) {
        if fresh {
            *rest = *sum;
        } else {
            for (rest, sum) in rest.iter_mut().zip(sum) {
                *rest += *sum;
            }
        }
    }
}

/// Adds all products to `c`. `b` must be followed by [`SLACK`] padding entries.
pub(crate) fn products(list: &[Product], a: &[f64], b: &[f64], c: &mut [f64]) {
    struct All<'a>(&'a [Product], &'a [f64], &'a [f64], &'a mut [f64]);
    impl pulp::WithSimd for All<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            for one in self.0 {
                product(simd, one, self.1, self.2, self.3, false);
            }
        }
    }
    headstart_simd::arch().dispatch(All(list, a, b, c));
}
