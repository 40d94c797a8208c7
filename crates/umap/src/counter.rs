//! Counter-based random numbers. The k-th number is a function of a key and k alone, so any thread can compute any of
//! them (J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

use std::convert::Infallible;

use rand::TryRng;

/// The finaliser of `SplitMix64` (G. L. Steele, D. Lea & C. H. Flood, OOPSLA 2014), a bijection of 64 bits.
#[inline]
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A key from several numbers; different lists give unrelated keys.
pub(crate) fn key(parts: &[u64]) -> u64 {
    parts.iter().fold(parts.len() as u64, |key, &part| mix(key.wrapping_add(GOLDEN) ^ mix(part.wrapping_add(GOLDEN))))
}

/// The `count`-th number of a key: `SplitMix64` started at the key.
#[inline]
pub(crate) fn word(key: u64, count: u64) -> u64 {
    mix(key.wrapping_add(count.wrapping_add(1).wrapping_mul(GOLDEN)))
}

/// A number below `n` from the upper half of a word. The relative deviation from uniform is less than n / 2^32.
#[inline]
pub(crate) fn below(n: u32, word: u64) -> u32 {
    (((word >> 32) * u64::from(n)) >> 32) as u32
}

headstart_simd::wide! {
    /// Fills `to` with numbers below `n`, by key and count, with vector code on 32 bits. The relative deviation from
    /// uniform is less than n / 2^32.
    ///
    /// The mixer is C. Wellons' `lowbias32` ("Prospecting for hash functions", nullprogram.com, 2018), applied to half
    /// of the key plus the count. The other half of the key is mixed in between, so that similar keys share no
    /// sequence.
    pub(crate) fn fill_below(n: u32, key: u64, to: &mut [u32]) {
        let (low, high) = (key as u32, (key >> 32) as u32);
        for (count, to) in (0u32..).zip(to) {
            let mut x = low.wrapping_add(count.wrapping_mul(0x9e37_79b9));
            x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d) ^ high;
            x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
            x ^= x >> 16;
            *to = ((u64::from(x) * u64::from(n)) >> 32) as u32;
        }
    }
}

/// The numbers of one key in sequence, as a random generator.
///
/// ```
/// use headstart_umap::Stream;
/// use rand::Rng;
///
/// assert_eq!(Stream::new(7, 0).next_u64(), Stream::new(7, 0).next_u64());
/// assert_ne!(Stream::new(7, 0).next_u64(), Stream::new(7, 1).next_u64());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    key: u64,
    count: u64,
}

impl Stream {
    /// Creates the stream number `stream` of a seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { key: key(&[seed, stream]), count: 0 }
    }

    /// The key of the stream, for code that needs a seed.
    pub(crate) fn key(&self) -> u64 {
        self.key
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.count += 1;
        Ok(word(self.key, self.count - 1))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    /// The first numbers of `SplitMix64` from state 1234567, as published with the reference implementation in C.
    #[test]
    fn words_agree_with_splitmix64() {
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
        ];
        for (count, expected) in published.into_iter().enumerate() {
            assert_eq!(word(1_234_567, count as u64), expected);
        }
    }

    #[test]
    fn indices_are_uniform() {
        // Chi-squared with 99 degrees of freedom has mean 99 and standard deviation 14; the bound is 5 deviations
        // above.
        for seed in 0..5 {
            let mut counts = [0u32; 100];
            for k in 0..100_000 {
                counts[below(100, word(key(&[seed, 3]), k)) as usize] += 1;
            }
            let chi: f64 = counts.iter().map(|&c| (f64::from(c) - 1000.0).powi(2) / 1000.0).sum();
            assert!(chi < 99.0 + 5.0 * 14.1, "{chi}");
        }
    }

    /// Chi-squared of single indices, of neighbours in a sequence, and of the same position in neighbouring sequences.
    /// With 255 degrees of freedom the standard deviation is 22.6; the bound is 5 deviations above the mean.
    #[test]
    fn filled_numbers_are_uniform_and_independent() {
        let chi = |cells: &[u32; 256]| {
            let mean = f64::from(cells.iter().sum::<u32>()) / 256.0;
            cells.iter().map(|&c| (f64::from(c) - mean).powi(2) / mean).sum::<f64>()
        };
        let streams: Vec<Vec<u32>> = (0..200)
            .map(|block| {
                let mut numbers = vec![0; 1000];
                fill_below(256, key(&[7, block]), &mut numbers);
                numbers
            })
            .collect();
        let (mut single, mut along, mut across) = ([0; 256], [0; 256], [0; 256]);
        for (stream, next) in streams.iter().zip(&streams[1..]) {
            for (pair, other) in stream.windows(2).zip(next) {
                single[pair[0] as usize] += 1;
                along[(pair[0] / 16 * 16 + pair[1] / 16) as usize] += 1;
                across[(pair[0] / 16 * 16 + other / 16) as usize] += 1;
            }
        }
        for cells in [single, along, across] {
            assert!(chi(&cells) < 255.0 + 5.0 * 22.6, "{}", chi(&cells));
        }
        let mut whole = vec![0; 100_000];
        fill_below(u32::MAX, 3, &mut whole);
        whole.sort_unstable();
        whole.dedup();
        assert_eq!(whole.len(), 100_000, "the mixer is one to one");
        let mut some = [9; 5];
        fill_below(1, 3, &mut some);
        assert_eq!(some, [0; 5]);
    }

    #[test]
    fn different_lists_have_different_keys() {
        let lists: [&[u64]; 6] = [&[], &[0], &[0, 0], &[1, 0], &[0, 1], &[1, 1]];
        for (i, a) in lists.iter().enumerate() {
            assert!(lists[..i].iter().all(|b| key(a) != key(b)));
        }
    }

    #[test]
    fn all_bytes_are_filled() {
        let mut bytes = [0u8; 13];
        Stream::new(1, 2).fill_bytes(&mut bytes);
        let first = Stream::new(1, 2).next_u64().to_le_bytes();
        assert_eq!(bytes[..8], first);
        assert!(bytes[8..].iter().any(|&byte| byte != 0));
    }
}
