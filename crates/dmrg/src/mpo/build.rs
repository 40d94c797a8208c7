//! Builds the sites' matrices from strings, bond by bond from the left.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::cover::cover;
use super::strings::Strings;
use super::{Class, Classes, Entry, LocalOp, Mpo};
use crate::{Charge, Error, Site};

/// A term that is incomplete at a bond: the index of its left part, its right part and a coefficient.
struct Open {
    left: usize,
    suffix: usize,
    coefficient: f64,
}

pub(crate) fn build(sites: &[Site], strings: Strings, constant: f64) -> Result<Mpo, Error> {
    if sites.is_empty() || strings.strings.is_empty() {
        return Err(Error::NoTerms { sites: sites.len() });
    }
    let operators = strings.library.operators;
    let (suffixes, roots) = suffixes(sites.len(), &strings.strings);
    let mut open: Vec<Open> = roots
        .into_iter()
        .zip(&strings.strings)
        .map(|(suffix, (_, coefficient))| Open { left: 0, suffix, coefficient: *coefficient })
        .collect();
    let mut entries = Vec::with_capacity(sites.len());
    let mut dimensions = vec![1];
    for suffixes in &suffixes {
        let (matrix, dimension, next) = step(&open, suffixes);
        entries.push(matrix);
        dimensions.push(dimension);
        open = next;
    }
    // Only empty strings remain; their coefficients go to the last site.
    for entry in entries.last_mut().into_iter().flatten() {
        entry.coefficient *= open.iter().find(|open| open.left == entry.right).map_or(1.0, |open| open.coefficient);
    }
    let charges = charges(sites, &operators, &entries, &dimensions);
    let bonds = sort(&mut entries, &charges, &operators);
    let unpaired = super::adjoint::unpaired(&bonds, &entries, &operators);
    let n = sites.len();
    Ok(Mpo {
        sites: sites.to_vec(),
        bonds,
        entries,
        operators,
        constant,
        unpaired,
        single: (0..n).map(|_| OnceLock::new()).collect(),
        double: (0..n).map(|_| OnceLock::new()).collect(),
    })
}

/// For every site, the suffixes that begin there as (operator, suffix after it); and for every string, the suffix that
/// is the whole string.
fn suffixes(sites: usize, strings: &[(Vec<u16>, f64)]) -> (Vec<Vec<(u16, usize)>>, Vec<usize>) {
    let mut behind = vec![0; strings.len()];
    let mut all = vec![Vec::new(); sites];
    for site in (0..sites).rev() {
        let mut known: HashMap<(u16, usize), usize> = HashMap::new();
        for (suffix, (string, _)) in behind.iter_mut().zip(strings) {
            let key = (string[site], *suffix);
            *suffix = *known.entry(key).or_insert_with(|| {
                all[site].push(key);
                all[site].len() - 1
            });
        }
    }
    (all, behind)
}

/// Processes one site. Returns the entries of its matrix, the number of indices on its right, and the terms still open
/// there.
fn step(open: &[Open], suffixes: &[(u16, usize)]) -> (Vec<Entry>, usize, Vec<Open>) {
    let mut rows: Vec<(usize, u16)> = Vec::new();
    let mut columns: Vec<usize> = Vec::new();
    let (mut row_of, mut column_of) = (HashMap::new(), HashMap::new());
    let mut edges: Vec<Vec<usize>> = Vec::new();
    let mut coefficients: Vec<Vec<f64>> = Vec::new();
    for open in open {
        let (op, behind) = suffixes[open.suffix];
        let row = *row_of.entry((open.left, op)).or_insert_with(|| {
            rows.push((open.left, op));
            edges.push(Vec::new());
            coefficients.push(Vec::new());
            rows.len() - 1
        });
        let column = *column_of.entry(behind).or_insert_with(|| {
            columns.push(behind);
            columns.len() - 1
        });
        edges[row].push(column);
        coefficients[row].push(open.coefficient);
    }
    let (left, right) = cover(&edges, columns.len());
    let mut entries = Vec::new();
    let mut next = Vec::new();
    let mut dimension = 0;
    for (row, _) in left.iter().enumerate().filter(|(_, chosen)| **chosen) {
        entries.push(Entry { left: rows[row].0, right: dimension, op: usize::from(rows[row].1), coefficient: 1.0 });
        for (&column, &coefficient) in edges[row].iter().zip(&coefficients[row]) {
            next.push(Open { left: dimension, suffix: columns[column], coefficient });
        }
        dimension += 1;
    }
    let mut index_of = vec![usize::MAX; columns.len()];
    for (column, _) in right.iter().enumerate().filter(|(_, chosen)| **chosen) {
        index_of[column] = dimension;
        next.push(Open { left: dimension, suffix: columns[column], coefficient: 1.0 });
        dimension += 1;
    }
    for (row, _) in left.iter().enumerate().filter(|(_, chosen)| !**chosen) {
        for (&column, &coefficient) in edges[row].iter().zip(&coefficients[row]) {
            let (left, op) = rows[row];
            entries.push(Entry { left, right: index_of[column], op: usize::from(op), coefficient });
        }
    }
    (entries, dimension, next)
}

/// For each index of each bond, the charge that the operators on its left add.
fn charges(sites: &[Site], operators: &[LocalOp], entries: &[Vec<Entry>], dimensions: &[usize]) -> Vec<Vec<Charge>> {
    let mut all = vec![vec![Charge::default()]];
    for (site, entries) in entries.iter().enumerate() {
        let mut here = vec![Charge::default(); dimensions[site + 1]];
        let states = sites[site].charges();
        for entry in entries {
            let change = operators[entry.op].elements.first().map_or(Charge::default(), |e| states[e.0] - states[e.1]);
            here[entry.right] = all[site][entry.left] + change;
        }
        all.push(here);
    }
    all
}

/// Renumbers the indices of all bonds by class.
fn sort(entries: &mut [Vec<Entry>], charges: &[Vec<Charge>], operators: &[LocalOp]) -> Vec<Classes> {
    let n = entries.len();
    let unit = |entry: &Entry| operators[entry.op].is_identity && entry.coefficient == 1.0;
    // The index of the unit operator on each side of each bond.
    let mut left: Vec<Option<usize>> = vec![None; n + 1];
    let mut right: Vec<Option<usize>> = vec![None; n + 1];
    (left[0], right[n]) = (Some(0), Some(0));
    for site in 0..n {
        let alone = |index: usize| entries[site].iter().filter(|entry| entry.right == index).count() == 1;
        let found =
            entries[site].iter().find(|entry| Some(entry.left) == left[site] && unit(entry) && alone(entry.right));
        left[site + 1] = found.map(|entry| entry.right);
    }
    for site in (0..n).rev() {
        let alone = |index: usize| entries[site].iter().filter(|entry| entry.left == index).count() == 1;
        let found =
            entries[site].iter().find(|entry| Some(entry.right) == right[site + 1] && unit(entry) && alone(entry.left));
        right[site] = found.map(|entry| entry.left);
    }
    let mut bonds = Vec::with_capacity(n + 1);
    let mut places = Vec::with_capacity(n + 1);
    for (bond, charges) in charges.iter().enumerate() {
        let mut order: Vec<usize> = (0..charges.len()).collect();
        let rank = |index: usize| match index {
            index if Some(index) == left[bond] => 0,
            index if Some(index) == right[bond] => 2,
            _ => 1,
        };
        order.sort_by_key(|index| (charges[*index], rank(*index), *index));
        let mut classes: Vec<Class> = Vec::new();
        for (at, &index) in order.iter().enumerate() {
            let last = classes.last().is_some_and(|class| class.charge == charges[index]);
            if !last {
                let charge = charges[index];
                classes.push(Class { charge, begin: at, len: 0, left_identity: false, right_identity: false });
            }
            if let Some(class) = classes.last_mut() {
                class.len += 1;
                class.left_identity |= Some(index) == left[bond];
                class.right_identity |= Some(index) == right[bond];
            }
        }
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(at, index)| place[*index] = at);
        bonds.push(Classes { classes });
        places.push(place);
    }
    for (site, entries) in entries.iter_mut().enumerate() {
        for entry in entries.iter_mut() {
            (entry.left, entry.right) = (places[site][entry.left], places[site + 1][entry.right]);
        }
        entries.sort_by_key(|entry| (entry.left, entry.right, entry.op));
    }
    bonds
}
