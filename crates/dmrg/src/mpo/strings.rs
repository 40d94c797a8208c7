//! Terms as strings of local operators, one operator per site.

use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

use super::local::Library;
use crate::site::{self, Matrix};
use crate::{Op, OperatorSum, Site};

/// Distinct strings of equal length with their coefficients.
pub(crate) struct Strings {
    pub(crate) library: Library,
    /// Operators per string: the number of sites.
    len: usize,
    /// The operators of all strings, one string after the other.
    operators: Vec<u16>,
    pub(crate) coefficients: Vec<f64>,
}

impl Strings {
    /// The operators of a string, by site.
    pub(crate) fn string(&self, at: usize) -> &[u16] {
        &self.operators[at * self.len..(at + 1) * self.len]
    }
}

/// One operator on a site, and whether the numbers of odd operators on later sites, before and after it in the term, are
/// odd.
type Single = (Site, Op, usize, usize);
/// The string of a term, and the factor by which the term is that string; `None` for a term that is zero.
pub(crate) type Found = Option<(usize, f64)>;

/// The strings of a sum, including Jordan-Wigner signs. Strings whose coefficients cancel are dropped.
pub(crate) fn of_sum(sum: &OperatorSum) -> Strings {
    let (mut all, terms) = of_terms(sum);
    all.coefficients.fill(0.0);
    for ((coefficient, _), (string, factor)) in
        sum.terms().iter().zip(&terms).filter_map(|(term, found)| Some((term, (*found)?)))
    {
        all.coefficients[string] += coefficient * factor;
    }
    if all.coefficients.contains(&0.0) {
        let kept: Vec<usize> = (0..all.coefficients.len()).filter(|at| all.coefficients[*at] != 0.0).collect();
        all.operators = kept.iter().flat_map(|at| all.string(*at)).copied().collect();
        all.coefficients = kept.iter().map(|at| all.coefficients[*at]).collect();
    }
    all
}

/// The distinct strings with coefficients 1, and for each term its string and factor; `None` for a term that is zero.
pub(crate) fn of_terms(sum: &OperatorSum) -> (Strings, Vec<Found>) {
    let sites = sum.sites();
    let mut library = Library::new();
    let mut place = |kind: Site, matrix: &Matrix| library.place(kind, matrix).map(|(id, factor)| (id as u16, factor));
    let plain: Vec<[(u16, f64); 2]> = sites
        .iter()
        .map(|&kind| [site::identity(kind), site::parity(kind)].map(|matrix| place(kind, &matrix).unwrap_or((0, 0.0))))
        .collect();
    // The place of the first string with this hash, or with a smaller one that was taken.
    let mut known: FxHashMap<u64, usize> = FxHashMap::default();
    let mut singles: FxHashMap<Single, Option<(u16, f64)>> = FxHashMap::default();
    let mut operators: Vec<u16> = Vec::new();
    let mut terms = Vec::with_capacity(sum.terms().len());
    let mut string: Vec<u16> = Vec::with_capacity(sites.len());
    'terms: for (_, factors) in sum.terms() {
        let mut all = 1.0;
        string.clear();
        let mut beyond = factors.iter().filter(|(_, op)| op.is_odd()).count();
        for (at, &kind) in sites.iter().enumerate() {
            let (mut here, mut only, mut before, mut after) = (0, None, 0, 0);
            for (place, op) in factors {
                let odd = usize::from(op.is_odd());
                if *place == at {
                    (here, only) = (here + 1, Some(*op));
                    beyond -= odd;
                } else if *place > at {
                    *(if here == 0 { &mut before } else { &mut after }) += odd;
                }
            }
            let (id, factor) = if here > 0 {
                let found = match only.filter(|_| here == 1) {
                    // One operator, between the same signs as that of another term.
                    Some(op) => *singles
                        .entry((kind, op, before % 2, after % 2))
                        .or_insert_with(|| place(kind, &matrix_at(kind, at, factors))),
                    None => place(kind, &matrix_at(kind, at, factors)),
                };
                let Some(found) = found else {
                    terms.push(None);
                    continue 'terms;
                };
                found
            } else {
                plain[at][beyond % 2]
            };
            all *= factor;
            string.push(id);
        }
        let mut hasher = FxHasher::default();
        for ids in string.chunks(4) {
            hasher.write_u64(ids.iter().fold(0, |word, id| word << 16 | u64::from(*id)));
        }
        let mut hash = hasher.finish();
        let at = loop {
            let next = operators.len() / sites.len();
            let found = *known.entry(hash).or_insert(next);
            if found == next {
                operators.extend(&string);
                break next;
            }
            if operators[found * sites.len()..(found + 1) * sites.len()] == string[..] {
                break found;
            }
            hash = hash.wrapping_add(1);
        };
        terms.push(Some((at, all)));
    }
    let count = if sites.is_empty() { 0 } else { operators.len() / sites.len() };
    (Strings { library, len: sites.len(), operators, coefficients: vec![1.0; count] }, terms)
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
