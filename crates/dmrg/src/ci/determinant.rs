//! Determinants as bit strings.

use serde::Serialize;

/// The occupied orbitals of spin up (alpha) and down (beta): bit i is orbital i.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Determinant {
    /// Orbitals occupied by spin up.
    pub alpha: u64,
    /// Orbitals occupied by spin down.
    pub beta: u64,
}

impl Determinant {
    /// Returns the determinant that fills the lowest orbitals, at most 64 of each spin.
    pub fn lowest(alpha: usize, beta: usize) -> Self {
        let fill = |count: usize| if count >= 64 { u64::MAX } else { (1 << count) - 1 };
        Self { alpha: fill(alpha), beta: fill(beta) }
    }

    /// Returns the determinant with one electron per orbital, alternating up and down. Extra electrons doubly occupy
    /// orbitals; missing ones leave orbitals empty from the end.
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

    /// Returns the excitation level between two determinants with equal numbers of electrons: the number of electrons
    /// in different orbitals.
    pub fn level(self, other: Self) -> u32 {
        (self.alpha ^ other.alpha).count_ones().midpoint((self.beta ^ other.beta).count_ones())
    }

    /// Reorders the orbitals: new orbital p is the old `order[p]`. The bits do not carry the sign of the reordering, so
    /// for a superposition of determinants reorder the integrals instead.
    #[must_use]
    pub fn permuted(self, order: &[usize]) -> Self {
        let word = |old: u64| order.iter().enumerate().fold(0, |new, (p, &i)| new | ((old >> i & 1) << p));
        Self { alpha: word(self.alpha), beta: word(self.beta) }
    }

    /// Returns the local state of every site: 0 empty, 1 up, 2 down, 3 both.
    pub fn sites(self, orbitals: usize) -> Vec<u8> {
        (0..orbitals).map(|i| (self.alpha >> i & 1) as u8 | ((self.beta >> i & 1) as u8) << 1).collect()
    }

    /// Returns the sign from alpha-then-beta order to site order, in which each site's operators are adjacent, up
    /// before down. Every beta operator passes the alpha operators of higher orbitals.
    pub fn site_sign(self) -> f64 {
        let passed: u32 = bits(self.beta).map(|j| (self.alpha >> j >> 1).count_ones()).sum();
        if passed.is_multiple_of(2) { 1.0 } else { -1.0 }
    }
}

/// Positions of the set bits, ascending.
pub(crate) fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(place)
    })
}

/// The sign of `c†_to c_from` on a string with `from` occupied: (-1)^(number of electrons between the two).
pub(crate) fn excitation_sign(string: u64, from: usize, to: usize) -> f64 {
    let (low, high) = (from.min(to), from.max(to));
    let between = if high > low { (string >> low >> 1) & ((1 << (high - low - 1)) - 1) } else { 0 };
    if between.count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn determinants_convert_to_sites() {
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
    fn alternating_states_hold_all_electrons() {
        assert_eq!(Determinant::alternating(6, 3, 3).sites(6), [1, 2, 1, 2, 1, 2]);
        assert_eq!(Determinant::alternating(4, 3, 2).sites(4), [1, 3, 1, 2]);
        assert_eq!(Determinant::lowest(2, 1).permuted(&[2, 1, 0]).sites(3), [0, 1, 3]);
    }
}
