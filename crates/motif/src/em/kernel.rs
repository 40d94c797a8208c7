//! The inner loop of the E step: products of table entries, sixteen windows at a time.
//!
//! A table has an entry for each pair of letters, sixteen in all: that is one vector register of AVX-512, or two of AVX2,
//! so that a look-up is an instruction and no memory is touched but the letters. All three forms do the same operations
//! in the same order and give the same bits.

/// Windows in a block. Arrays are padded to a multiple of it.
pub(crate) const LANES: usize = 16;

/// For every pair of letters the product of their ratios in two neighbouring columns.
pub(crate) type Table = [f32; 16];

/// `out[j] = weights[j] * prod_k tables[k][pairs[j + 2 k]]`; answers the sum. `weights` and `out` have the same length, a
/// multiple of [`LANES`], and `pairs` two entries more for every table after the first.
pub(crate) fn products(tables: &[Table], pairs: &[u8], weights: &[f32], out: &mut [f32]) -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(simd) = pulp::x86::V4::try_new() {
            return simd.vectorize(x86::Wide { simd, tables, pairs, weights, out });
        }
        if let Some(simd) = pulp::x86::V3::try_new() {
            return simd.vectorize(x86::Narrow { simd, tables, pairs, weights, out });
        }
    }
    portable(tables, pairs, weights, out)
}

fn portable(tables: &[Table], pairs: &[u8], weights: &[f32], out: &mut [f32]) -> f64 {
    let mut sums = [0.0; LANES];
    for (block, (weights, out)) in weights.chunks_exact(LANES).zip(out.chunks_exact_mut(LANES)).enumerate() {
        let pairs = &pairs[block * LANES..];
        out.copy_from_slice(weights);
        for (k, table) in tables.iter().enumerate() {
            for (out, &pair) in out.iter_mut().zip(&pairs[2 * k..2 * k + LANES]) {
                *out *= table[usize::from(pair & 15)];
            }
        }
        for (sum, out) in sums.iter_mut().zip(out) {
            *sum += f64::from(*out);
        }
    }
    folded(sums)
}

/// The lanes' sums together, in an order that all forms share.
fn folded(sums: [f64; LANES]) -> f64 {
    let eight: [f64; 8] = std::array::from_fn(|i| sums[i] + sums[i + 8]);
    let four: [f64; 4] = std::array::from_fn(|i| eight[i] + eight[i + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

// What is not inlined into the function that `pulp` enables the instructions for would be compiled without them.
#[allow(clippy::inline_always)]
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m128i, __m256, __m256d, __m512, __m512d};

    use pulp::x86::{V3, V4};
    use pulp::{NullaryFnOnce, cast};

    use super::{LANES, Table, folded};

    /// Sixteen codes from a place on.
    #[inline(always)]
    fn codes(pairs: &[u8], from: usize) -> [u8; LANES] {
        let mut codes = [0; LANES];
        codes.copy_from_slice(&pairs[from..from + LANES]);
        codes
    }

    #[inline(always)]
    fn lanes(floats: &[f32]) -> [f32; LANES] {
        let mut lanes = [0.0; LANES];
        lanes.copy_from_slice(floats);
        lanes
    }

    /// With registers of sixteen.
    pub(super) struct Wide<'a> {
        pub(super) simd: V4,
        pub(super) tables: &'a [Table],
        pub(super) pairs: &'a [u8],
        pub(super) weights: &'a [f32],
        pub(super) out: &'a mut [f32],
    }

    impl NullaryFnOnce for Wide<'_> {
        type Output = f64;

        #[inline(always)]
        fn call(self) -> f64 {
            let Self { simd, tables, pairs, weights, out } = self;
            let simd = simd.avx512f;
            let mut sums = [simd._mm512_setzero_pd(); 2];
            for (block, (weights, out)) in weights.chunks_exact(LANES).zip(out.chunks_exact_mut(LANES)).enumerate() {
                let pairs = &pairs[block * LANES..][..LANES + 2 * tables.len() - 2];
                let mut product: __m512 = cast(lanes(weights));
                for (k, table) in tables.iter().enumerate() {
                    let codes: __m128i = cast(codes(pairs, 2 * k));
                    let entries = simd._mm512_permutexvar_ps(simd._mm512_cvtepu8_epi32(codes), cast(*table));
                    product = simd._mm512_mul_ps(product, entries);
                }
                let halves: [__m256; 2] = cast(product);
                for (sum, half) in sums.iter_mut().zip(halves) {
                    *sum = simd._mm512_add_pd(*sum, simd._mm512_cvtps_pd(half));
                }
                out.copy_from_slice(&cast::<__m512, [f32; LANES]>(product));
            }
            folded(cast::<[__m512d; 2], [f64; LANES]>(sums))
        }
    }

    /// With registers of eight: a table is two of them, and the pair's highest bit chooses between both look-ups.
    pub(super) struct Narrow<'a> {
        pub(super) simd: V3,
        pub(super) tables: &'a [Table],
        pub(super) pairs: &'a [u8],
        pub(super) weights: &'a [f32],
        pub(super) out: &'a mut [f32],
    }

    impl NullaryFnOnce for Narrow<'_> {
        type Output = f64;

        #[inline(always)]
        fn call(self) -> f64 {
            let Self { simd, tables, pairs, weights, out } = self;
            let (avx, avx2) = (simd.avx, simd.avx2);
            let mut sums: [__m256d; 4] = [avx._mm256_setzero_pd(); 4];
            for (block, (weights, out)) in weights.chunks_exact(LANES).zip(out.chunks_exact_mut(LANES)).enumerate() {
                let pairs = &pairs[block * LANES..][..LANES + 2 * tables.len() - 2];
                let mut product: [__m256; 2] = cast(lanes(weights));
                for (k, table) in tables.iter().enumerate() {
                    let [low, high]: [__m256; 2] = cast(*table);
                    let codes: [[u8; 8]; 2] = cast(codes(pairs, 2 * k));
                    for (product, codes) in product.iter_mut().zip(codes) {
                        let padded: __m128i = cast([codes, [0; 8]]);
                        let at = avx2._mm256_cvtepu8_epi32(padded);
                        let highest: __m256 = cast(avx2._mm256_slli_epi32::<28>(at));
                        let (low, high) =
                            (avx2._mm256_permutevar8x32_ps(low, at), avx2._mm256_permutevar8x32_ps(high, at));
                        *product = avx._mm256_mul_ps(*product, avx._mm256_blendv_ps(low, high, highest));
                    }
                }
                let quarters: [std::arch::x86_64::__m128; 4] = cast(product);
                for (sum, quarter) in sums.iter_mut().zip(quarters) {
                    *sum = avx._mm256_add_pd(*sum, avx._mm256_cvtps_pd(quarter));
                }
                out.copy_from_slice(&cast::<[__m256; 2], [f32; LANES]>(product));
            }
            folded(cast::<[__m256d; 4], [f64; LANES]>(sums))
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    /// Every form against products in double precision, and all forms against each other to the bit.
    #[test]
    fn all_forms_give_the_same_bits() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (tables, blocks) in [(1, 1), (3, 2), (8, 5), (25, 3)] {
            let tables: Vec<Table> = (0..tables).map(|_| std::array::from_fn(|_| rng.random_range(0.1..1.0))).collect();
            let weights: Vec<f32> = (0..blocks * LANES).map(|_| rng.random_range(0.0..2.0)).collect();
            let pairs: Vec<u8> = (0..weights.len() + 2 * tables.len()).map(|_| rng.random_range(0..16)).collect();
            let mut expected = vec![0.0; weights.len()];
            let sum = portable(&tables, &pairs, &weights, &mut expected);
            let exact = |j: usize| {
                let entry = |(k, table): (usize, &Table)| f64::from(table[usize::from(pairs[j + 2 * k])]);
                f64::from(weights[j]) * tables.iter().enumerate().map(entry).product::<f64>()
            };
            for (j, &product) in expected.iter().enumerate() {
                // Half a unit in the last place for every factor.
                assert!((f64::from(product) / exact(j) - 1.0).abs() < 6e-8 * (tables.len() as f64 + 1.0));
            }
            assert!((sum - expected.iter().map(|&x| f64::from(x)).sum::<f64>()).abs() <= 1e-12 * sum);
            let same = |found: f64, out: &[f32]| assert!(found == sum && out == expected);
            let mut out = vec![0.0; weights.len()];
            same(products(&tables, &pairs, &weights, &mut out), &out);
            #[cfg(target_arch = "x86_64")]
            {
                let (tables, pairs, weights) = (&tables[..], &pairs[..], &weights[..]);
                if let Some(simd) = pulp::x86::V4::try_new() {
                    let out = &mut vec![0.0; weights.len()][..];
                    let sum = simd.vectorize(x86::Wide { simd, tables, pairs, weights, out: &mut *out });
                    same(sum, out);
                }
                if let Some(simd) = pulp::x86::V3::try_new() {
                    let out = &mut vec![0.0; weights.len()][..];
                    let sum = simd.vectorize(x86::Narrow { simd, tables, pairs, weights, out: &mut *out });
                    same(sum, out);
                }
            }
        }
    }
}
