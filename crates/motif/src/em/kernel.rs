//! The inner loop of the E step: products of table entries, sixteen windows at a time.
//!
//! A table has sixteen entries, one for each pair of letters, and fits one AVX-512 register or two AVX2 registers. A
//! look-up is then one instruction, and only the letters are read from memory. All three variants do the same
//! operations in the same order and give the same bits.

#[cfg(target_arch = "x86_64")]
use pulp::Arch;

use crate::windows::LANES;

/// For every pair of letters, the product of their ratios in two neighbouring columns.
pub(crate) type Table = [f32; 16];

/// Computes `out[j] = weights[j] * prod_k tables[k][pairs[j + 2 k]]` and returns the sum. `weights` and `out` have the
/// same length, a multiple of [`LANES`]; `pairs` has two more entries for every table after the first.
pub(crate) fn products(tables: &[Table], pairs: &[u8], weights: &[f32], out: &mut [f32]) -> f64 {
    #[cfg(target_arch = "x86_64")]
    match headstart_simd::arch() {
        Arch::V4(simd) => return x86::wide(simd, tables, pairs, weights, out),
        Arch::V3(simd) => return simd.vectorize(x86::Narrow { simd, tables, pairs, weights, out }),
        _ => {}
    }
    portable(tables, pairs, weights, out)
}

/// Writes the indices of all ratios that are at least `cut` > 0, in order, and returns their number. `places` has
/// [`LANES`] more entries than `ratios`.
pub(crate) fn list(ratios: &[f32], cut: f32, places: &mut [u32]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Arch::V4(simd) = headstart_simd::arch() {
        return simd.vectorize(x86::List { simd, ratios, cut, places });
    }
    list_portable(ratios, cut, places)
}

/// Without a branch: most of a run has large and small ratios mixed in an order that a processor cannot predict.
fn list_portable(ratios: &[f32], cut: f32, places: &mut [u32]) -> usize {
    let mut count = 0;
    for (at, &ratio) in ratios.iter().enumerate() {
        places[count] = at as u32;
        count += usize::from(ratio >= cut);
    }
    count
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

/// Adds up the sums of the lanes in an order that all variants share.
fn folded(sums: [f64; LANES]) -> f64 {
    let eight: [f64; 8] = std::array::from_fn(|i| sums[i] + sums[i + 8]);
    let four: [f64; 4] = std::array::from_fn(|i| eight[i] + eight[i + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

// Functions must be inlined into the one for which `pulp` enables the instructions; otherwise they are compiled without
// them.
#[allow(clippy::inline_always)]
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m128, __m128i, __m256, __m256d, __m512, __m512d, __m512i, _CMP_GE_OQ};

    use pulp::x86::{V3, V4};
    use pulp::{NullaryFnOnce, cast};

    use super::{Table, folded};
    use crate::windows::LANES;

    /// Number of tables kept in registers, of which AVX-512 has 32.
    const AT_ONCE: usize = 12;

    /// Sixteen codes from an index on.
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

    /// The AVX-512 variant, with registers of sixteen numbers.
    pub(super) struct Wide<'a, const TABLES: usize> {
        pub(super) simd: V4,
        pub(super) tables: &'a [Table; TABLES],
        pub(super) pairs: &'a [u8],
        pub(super) weights: &'a [f32],
        pub(super) out: &'a mut [f32],
        /// Whether to continue the products in `out` instead of starting from the weights.
        pub(super) further: bool,
    }

    /// Processes all tables, at most [`AT_ONCE`] at a time: these stay in registers, and their loop is unrolled.
    pub(super) fn wide(simd: V4, tables: &[Table], pairs: &[u8], weights: &[f32], out: &mut [f32]) -> f64 {
        let (mut sum, mut further) = (0.0, false);
        for (i, tables) in tables.chunks(AT_ONCE).enumerate() {
            let pairs = &pairs[2 * AT_ONCE * i..];
            macro_rules! some {
                ($($n:literal)*) => {
                    match tables.len() {
                        $($n => if let Some(tables) = tables.first_chunk::<$n>() {
                            let out = &mut *out;
                            sum = simd.vectorize(Wide { simd, tables, pairs, weights, out, further });
                        },)*
                        _ => {}
                    }
                };
            }
            some!(1 2 3 4 5 6 7 8 9 10 11 12);
            further = true;
        }
        sum
    }

    impl<const TABLES: usize> NullaryFnOnce for Wide<'_, TABLES> {
        type Output = f64;

        #[inline(always)]
        fn call(self) -> f64 {
            let Self { simd, tables, pairs, weights, out, further } = self;
            let simd = simd.avx512f;
            let tables: [__m512; TABLES] = std::array::from_fn(|k| cast(tables[k]));
            let mut sums = [simd._mm512_setzero_pd(); 2];
            for (block, (weights, out)) in weights.chunks_exact(LANES).zip(out.chunks_exact_mut(LANES)).enumerate() {
                let pairs = &pairs[block * LANES..][..LANES + 2 * TABLES - 2];
                let mut product: __m512 = cast(lanes(if further { out } else { weights }));
                for (k, table) in tables.iter().enumerate() {
                    let codes: __m128i = cast(codes(pairs, 2 * k));
                    let entries = simd._mm512_permutexvar_ps(simd._mm512_cvtepu8_epi32(codes), *table);
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

    /// The AVX-512 variant of [`super::list`].
    pub(super) struct List<'a> {
        pub(super) simd: V4,
        pub(super) ratios: &'a [f32],
        pub(super) cut: f32,
        pub(super) places: &'a mut [u32],
    }

    impl NullaryFnOnce for List<'_> {
        type Output = usize;

        #[inline(always)]
        fn call(self) -> usize {
            let Self { simd, ratios, cut, places } = self;
            let simd = simd.avx512f;
            let cut = simd._mm512_set1_ps(cut);
            let first: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
            let (mut at, step): (__m512i, __m512i) = (cast(first), cast([LANES as u32; LANES]));
            let mut count = 0;
            for ratios in ratios.chunks_exact(LANES) {
                let chosen = simd._mm512_cmp_ps_mask::<_CMP_GE_OQ>(cast(lanes(ratios)), cut);
                if chosen != 0 {
                    let packed = cast::<__m512i, [u32; LANES]>(simd._mm512_maskz_compress_epi32(chosen, at));
                    places[count..count + LANES].copy_from_slice(&packed);
                    count += chosen.count_ones() as usize;
                }
                at = simd._mm512_add_epi32(at, step);
            }
            count
        }
    }

    /// The AVX2 variant, with registers of eight numbers: a table takes two, and the highest bit of the pair selects
    /// between both look-ups.
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
                let quarters: [__m128; 4] = cast(product);
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
    use headstart_simd::Level;
    use rand::RngExt;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    use super::*;

    /// Compares every variant with products in double precision, and all variants with each other bit by bit.
    #[test]
    fn all_variants_give_the_same_bits() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        for (tables, blocks) in [(1, 1), (3, 2), (8, 5), (12, 2), (25, 3)] {
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
                // Rounding: half a unit in the last place per factor.
                assert!((f64::from(product) / exact(j) - 1.0).abs() < 6e-8 * (tables.len() as f64 + 1.0));
            }
            assert!((sum - expected.iter().map(|&x| f64::from(x)).sum::<f64>()).abs() <= 1e-12 * sum);
            let same = |found: f64, out: &[f32]| assert!(found == sum && out == expected);
            let mut out = vec![0.0; weights.len()];
            same(products(&tables, &pairs, &weights, &mut out), &out);
            #[cfg(target_arch = "x86_64")]
            {
                let (tables, pairs, weights) = (&tables[..], &pairs[..], &weights[..]);
                if let Some(Arch::V4(simd)) = Level::Avx512.arch() {
                    let out = &mut vec![0.0; weights.len()][..];
                    let sum = x86::wide(simd, tables, pairs, weights, out);
                    same(sum, out);
                }
                if let Some(Arch::V3(simd)) = Level::Avx2.arch() {
                    let out = &mut vec![0.0; weights.len()][..];
                    let sum = simd.vectorize(x86::Narrow { simd, tables, pairs, weights, out: &mut *out });
                    same(sum, out);
                }
            }
        }
    }

    #[test]
    fn lists_are_complete_and_in_order() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        for share in [0.0, 0.02, 0.5, 1.0] {
            let ratios: Vec<f32> = (0..10 * LANES).map(|_| if rng.random_bool(share) { 0.5 } else { 0.1 }).collect();
            let expected: Vec<u32> = (0..ratios.len() as u32).filter(|&at| ratios[at as usize] >= 0.5).collect();
            for form in [list, list_portable] {
                let mut places = vec![0; ratios.len() + LANES];
                let count = form(&ratios, 0.5, &mut places);
                assert_eq!(places[..count], expected);
            }
        }
    }
}
