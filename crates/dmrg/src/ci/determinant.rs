//! Determinants as bit strings.

use serde::Serialize;

/// Which orbitals hold an electron of spin up (alpha) and down (beta): bit i is orbital i.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Determinant {
    /// Occupied by spin up.
    pub alpha: u64,
    /// Occupied by spin down.
    pub beta: u64,
}

impl Determinant {
    /// The lowest orbitals filled, at most 64 of each spin.
    pub fn lowest(alpha: usize, beta: usize) -> Self {
        let fill = |count: usize| if count >= 64 { u64::MAX } else { (1 << count) - 1 };
        Self { alpha: fill(alpha), beta: fill(beta) }
    }

    /// One electron an orbital, up, down, up and so on; what is left over doubles up or leaves empty from the end.
    pub fn alternating(orbitals: usize, alpha: usize, beta: usize) -> Self {
        let mut state = Self::default();
        let place = |word: &mut u64, count: usize, first: usize| {
            let (own, other) = ((first..orbitals).step_by(2), (1 - first..orbitals).step_by(2));
            own.chain(other).take(count).for_each(|site| *word |= 1 << site);
        };
        place(&mut state.alpha, alpha, 0);
        place(&mut state.beta, beta, 1);
        state
    }

    /// How many electrons stand elsewhere in the other one (of the same numbers of electrons).
    pub fn level(self, other: Self) -> u32 {
        (self.alpha ^ other.alpha).count_ones().midpoint((self.beta ^ other.beta).count_ones())
    }

    /// With the orbitals in another order: new orbital p is the old `order[p]`. The sign that comes with it is not in the
    /// bits: a state of several determinants must be reordered by its integrals instead.
    #[must_use]
    pub fn permuted(self, order: &[usize]) -> Self {
        let word = |old: u64| order.iter().enumerate().fold(0, |new, (p, &i)| new | ((old >> i & 1) << p));
        Self { alpha: word(self.alpha), beta: word(self.beta) }
    }

    /// What every site holds: 0 nothing, 1 up, 2 down, 3 both.
    pub fn sites(self, orbitals: usize) -> Vec<u8> {
        (0..orbitals).map(|i| (self.alpha >> i & 1) as u8 | ((self.beta >> i & 1) as u8) << 1).collect()
    }

    /// The sign from alpha-then-beta order to site order, where each site's operators stand together, up before down:
    /// every beta operator passes the alpha operators of higher orbitals.
    pub fn site_sign(self) -> f64 {
        let passed: u32 = bits(self.beta).map(|j| (self.alpha >> j >> 1).count_ones()).sum();
        if passed.is_multiple_of(2) { 1.0 } else { -1.0 }
    }
}

/// The places of the ones, ascending.
pub(crate) fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(place)
    })
}

/// The sign of `c†_to c_from` on a string that holds `from`: -1 to the number of electrons between the two.
pub(crate) fn excitation_sign(string: u64, from: usize, to: usize) -> f64 {
    let (low, high) = (from.min(to), from.max(to));
    let between = if high > low { (string >> low >> 1) & ((1 << (high - low - 1)) - 1) } else { 0 };
    if between.count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_written_as_sites() {
        let state = Determinant { alpha: 0b0101, beta: 0b0110 };
        assert_eq!(state.sites(4), [1, 2, 3, 0]);
        // up at 0 and 2, down at 1 and 2: a0 a2 b1 b2 -> a0 b1 a2 b2, one pass.
        assert_eq!(state.site_sign(), -1.0);
        assert_eq!(Determinant { alpha: 0b11, beta: 0b11 }.site_sign(), -1.0);
        assert_eq!(Determinant { alpha: 0b11, beta: 0b10 }.site_sign(), 1.0);
    }

    #[test]
    fn electrons_between_are_counted() {
        assert_eq!(excitation_sign(0b1011, 0, 2), -1.0);
        assert_eq!(excitation_sign(0b1011, 3, 2), 1.0);
        assert_eq!(excitation_sign(0b1011, 3, 0), -1.0);
        assert_eq!(excitation_sign(0b0001, 0, 0), 1.0);
        assert_eq!(excitation_sign(u64::MAX, 0, 63), 1.0);
    }

    #[test]
    fn alternating_states_hold_what_was_asked() {
        assert_eq!(Determinant::alternating(6, 3, 3).sites(6), [1, 2, 1, 2, 1, 2]);
        assert_eq!(Determinant::alternating(4, 3, 2).sites(4), [1, 3, 1, 2]);
        assert_eq!(Determinant::lowest(2, 1).permuted(&[2, 1, 0]).sites(3), [0, 1, 3]);
    }
}
