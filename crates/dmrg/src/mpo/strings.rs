//! Terms as strings of local operators, one operator per site.

use std::collections::HashMap;

use super::local::Library;
use crate::site::{self, Matrix};
use crate::{Op, OperatorSum, Site};

/// Distinct strings of equal length with their coefficients.
pub(crate) struct Strings {
    pub(crate) library: Library,
    pub(crate) strings: Vec<(Vec<u16>, f64)>,
}

/// The strings of a sum, including Jordan-Wigner signs. Strings whose coefficients cancel are dropped.
pub(crate) fn of_sum(sum: &OperatorSum) -> Strings {
    let sites = sum.sites();
    let mut library = Library::new();
    let mut place = |kind: Site, matrix: &Matrix| library.place(kind, matrix).map(|(id, factor)| (id as u16, factor));
    let plain: Vec<[(u16, f64); 2]> = sites
        .iter()
        .map(|&kind| [site::identity(kind), site::parity(kind)].map(|matrix| place(kind, &matrix).unwrap_or((0, 0.0))))
        .collect();
    let mut at_string: HashMap<Vec<u16>, usize> = HashMap::new();
    let mut strings: Vec<(Vec<u16>, f64)> = Vec::new();
    'terms: for (coefficient, factors) in sum.terms() {
        let mut coefficient = *coefficient;
        let mut string = Vec::with_capacity(sites.len());
        let mut beyond = factors.iter().filter(|(_, op)| op.is_odd()).count();
        for (at, &kind) in sites.iter().enumerate() {
            beyond -= factors.iter().filter(|(place, op)| *place == at && op.is_odd()).count();
            let (id, factor) = if factors.iter().any(|(place, _)| *place == at) {
                match place(kind, &matrix_at(kind, at, factors)) {
                    Some(found) => found,
                    None => continue 'terms,
                }
            } else {
                plain[at][beyond % 2]
            };
            coefficient *= factor;
            string.push(id);
        }
        let next = strings.len();
        let known = *at_string.entry(string.clone()).or_insert(next);
        if known == next {
            strings.push((string, coefficient));
        } else {
            strings[known].1 += coefficient;
        }
    }
    strings.retain(|(_, coefficient)| *coefficient != 0.0);
    Strings { library, strings }
}

/// The product of the factors on one site. A fermion operator on a later site contributes (-1)^N here.
fn matrix_at(kind: Site, at: usize, factors: &[(usize, Op)]) -> Matrix {
    let mut all = site::identity(kind);
    for &(place, op) in factors {
        if place == at {
            all = site::product(kind, &all, &op.matrix());
        } else if place > at && op.is_odd() {
            all = site::product(kind, &all, &site::parity(kind));
        }
    }
    all
}
