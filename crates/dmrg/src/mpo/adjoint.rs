//! Pairs each index of an operator bond with the index of its adjoint.

use std::collections::HashMap;

use super::{Classes, Entry, LocalOp};

/// Relative tolerance for coefficients that symmetry makes equal up to rounding.
const EQUAL: f64 = 1e-9;

/// The number of indices of each bond, an operator and its adjoint (up to a sign) counted once.
pub(crate) fn unpaired(bonds: &[Classes], entries: &[Vec<Entry>], operators: &[LocalOp]) -> Vec<usize> {
    let adjoints: Vec<Option<(usize, f64)>> = operators.iter().map(|op| adjoint_of(op, operators)).collect();
    let mut counts = vec![1];
    // For each index of the bond, its adjoint and the sign.
    let mut pairs: Vec<Option<(usize, f64)>> = vec![Some((0, 1.0))];
    for (site, entries) in entries.iter().enumerate() {
        let dimension = bonds[site + 1].dimension();
        let mut columns: Vec<Vec<(usize, usize, f64)>> = vec![Vec::new(); dimension];
        for entry in entries {
            columns[entry.right].push((entry.left, entry.op, entry.coefficient));
        }
        let mut known: HashMap<Vec<(usize, usize)>, Vec<usize>> = HashMap::new();
        for (index, column) in columns.iter_mut().enumerate() {
            column.sort_by_key(|entry| (entry.0, entry.1));
            known.entry(column.iter().map(|entry| (entry.0, entry.1)).collect()).or_default().push(index);
        }
        let found = columns.iter().map(|column| {
            let turned: Option<Vec<(usize, usize, f64)>> = column
                .iter()
                .map(|&(left, op, x)| {
                    let ((left, sign), (op, factor)) = (pairs[left]?, adjoints[op]?);
                    Some((left, op, x * sign * factor))
                })
                .collect();
            let mut turned = turned?;
            turned.sort_by_key(|entry| (entry.0, entry.1));
            let key: Vec<(usize, usize)> = turned.iter().map(|entry| (entry.0, entry.1)).collect();
            let largest = turned.iter().fold(0.0_f64, |most, entry| most.max(entry.2.abs()));
            let same = |other: &[(usize, usize, f64)], sign: f64| {
                turned.iter().zip(other).all(|(a, b)| (a.2 - sign * b.2).abs() <= EQUAL * largest)
            };
            let candidates = known.get(&key)?;
            candidates.iter().find_map(|other| {
                [1.0, -1.0].into_iter().find(|sign| same(&columns[*other], *sign)).map(|sign| (*other, sign))
            })
        });
        pairs = found.collect();
        counts.push(
            pairs.iter().enumerate().filter(|(index, pair)| pair.is_none_or(|(other, _)| *index <= other)).count(),
        );
    }
    counts
}

/// The operator and the factor whose product is the transpose.
fn adjoint_of(op: &LocalOp, operators: &[LocalOp]) -> Option<(usize, f64)> {
    let mut turned: Vec<(usize, usize, f64)> = op.elements.iter().map(|&(i, j, x)| (j, i, x)).collect();
    turned.sort_by_key(|entry| (entry.0, entry.1));
    let factor = turned.first()?.2;
    for entry in &mut turned {
        entry.2 /= factor;
    }
    operators.iter().position(|other| other.elements == turned).map(|at| (at, factor))
}
