//! Strings of occupied orbitals of one spin, and the single excitations between them (Knowles & Handy 1984).

use std::collections::HashMap;

use super::determinant::{Determinant, bits, excitation_sign};

/// All strings of `electrons` electrons in `n` orbitals, ascending.
pub(crate) fn strings(n: usize, electrons: usize) -> Vec<u64> {
    if electrons > n {
        return Vec::new();
    }
    within(electrons, &(0..n).collect::<Vec<_>>())
}

/// All strings of `electrons` electrons in these orbitals, ascending if the orbitals are.
fn within(electrons: usize, places: &[usize]) -> Vec<u64> {
    if electrons == 0 {
        return vec![0];
    }
    let mut all = Vec::new();
    for last in electrons - 1..places.len() {
        all.extend(within(electrons - 1, &places[..last]).into_iter().map(|rest| rest | 1 << places[last]));
    }
    all
}

/// All strings that differ from this one only in the orbitals of the mask and hold as many electrons.
pub(crate) fn relaxed(string: u64, active: u64) -> Vec<u64> {
    let places: Vec<usize> = bits(active).collect();
    let electrons = (string & active).count_ones() as usize;
    within(electrons, &places).into_iter().map(|inside| string & !active | inside).collect()
}

/// All determinants with the given numbers of electrons, the beta string varying fastest.
pub(crate) fn determinants(n: usize, (alpha, beta): (usize, usize)) -> Vec<Determinant> {
    let down = strings(n, beta);
    let with = |alpha: u64| down.iter().map(move |&beta| Determinant { alpha, beta });
    strings(n, alpha).into_iter().flat_map(with).collect()
}

/// `<to| c†_p c_q |from> = sign`.
#[derive(Clone, Copy)]
pub(crate) struct Move {
    pub(crate) to: u32,
    pub(crate) from: u32,
    pub(crate) sign: f64,
}

/// All moves between strings, grouped by the pair (p, q); `pair(p, q)` numbers the pairs.
pub(crate) fn moves(strings: &[u64], n: usize, pairs: usize, pair: impl Fn(usize, usize) -> usize) -> Vec<Vec<Move>> {
    let index: HashMap<u64, u32> = strings.iter().zip(0..).map(|(string, i)| (*string, i)).collect();
    let mut all = vec![Vec::new(); pairs];
    for (&string, from) in strings.iter().zip(0..) {
        for q in bits(string) {
            for p in (0..n).filter(|p| *p == q || string >> p & 1 == 0) {
                let moved = string & !(1 << q) | 1 << p;
                let sign = excitation_sign(string, q, p);
                all[pair(p, q)].push(Move { to: index[&moved], from, sign });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_listed_once() {
        assert_eq!(strings(4, 2), [0b0011, 0b0101, 0b0110, 0b1001, 0b1010, 0b1100]);
        assert_eq!((strings(3, 0), strings(3, 3), strings(2, 3).len()), (vec![0], vec![7], 0));
        assert_eq!(strings(10, 5).len(), 252);
        assert_eq!(determinants(4, (2, 1)).len(), 24);
        assert_eq!(relaxed(0b0011, 0b0110), [0b0011, 0b0101]);
    }

    #[test]
    fn the_number_of_moves_is_right() {
        let all = strings(5, 2);
        let found = moves(&all, 5, 25, |p, q| p * 5 + q);
        // Each string has 2 moves that stay and 2 x 3 that change it.
        assert_eq!(found.iter().map(Vec::len).sum::<usize>(), all.len() * 8);
        assert!(found[6].iter().all(|stay| stay.to == stay.from && stay.sign == 1.0));
    }
}
