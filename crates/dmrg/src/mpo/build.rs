//! Builds the sites' matrices from strings, bond by bond from the left.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::cover::cover;
use super::strings::Strings;
use super::{Class, Classes, Entry, LocalOp, Mpo};
use crate::{Charge, Error, Site};

/// A term that is incomplete at a bond: the index of its left part, its right part and a coefficient.
struct Open {
    left: usize,
    suffix: u32,
    coefficient: f64,
    /// The string; `None` once several strings share this right part.
    string: Option<u32>,
}

/// The entry that holds the coefficient of a string. Everything left of it is the beginning of the string alone, and
/// everything right of it its end alone.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Holder {
    pub(crate) site: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) op: usize,
}

/// Returns the operator, and for each string the entry with its coefficient.
pub(crate) fn build(sites: &[Site], strings: Strings, constant: f64) -> Result<(Mpo, Vec<Holder>), Error> {
    if sites.is_empty() || strings.coefficients.is_empty() {
        return Err(Error::NoTerms { sites: sites.len() });
    }
    let (suffixes, roots) = suffixes(sites.len(), &strings);
    let operators = strings.library.operators;
    let mut open: Vec<Open> = roots
        .into_iter()
        .zip(&strings.coefficients)
        .zip(0..)
        .map(|((suffix, coefficient), at)| Open { left: 0, suffix, coefficient: *coefficient, string: Some(at) })
        .collect();
    let mut holders = vec![Holder::default(); strings.coefficients.len()];
    let mut entries = Vec::with_capacity(sites.len());
    let mut dimensions = vec![1];
    for (site, suffixes) in suffixes.iter().enumerate() {
        let behind = suffixes.iter().fold(0, |most, suffix| most.max(suffix.1 as usize + 1));
        let (matrix, dimension, next) = step(&open, (suffixes, behind), operators.len(), |string, left, right, op| {
            holders[string as usize] = Holder { site, left, right, op };
        });
        entries.push(matrix);
        dimensions.push(dimension);
        open = next;
    }
    // Only empty strings remain; their coefficients go to the last site.
    let site = sites.len() - 1;
    for open in &open {
        let last = entries[site].iter().find(|entry| entry.right == open.left);
        if let (Some(string), Some(entry)) = (open.string, last) {
            holders[string as usize] = Holder { site, left: entry.left, right: entry.right, op: entry.op };
        }
    }
    for entry in entries.last_mut().into_iter().flatten() {
        entry.coefficient *= open.iter().find(|open| open.left == entry.right).map_or(1.0, |open| open.coefficient);
    }
    let charges = charges(sites, &operators, &entries, &dimensions);
    let (bonds, places) = sort(&mut entries, &charges, &operators);
    for holder in &mut holders {
        holder.left = places[holder.site][holder.left];
        holder.right = places[holder.site + 1][holder.right];
    }
    let unpaired = super::adjoint::unpaired(&bonds, &entries, &operators);
    let n = sites.len();
    let mpo = Mpo {
        sites: sites.to_vec(),
        bonds,
        entries,
        operators,
        constant,
        unpaired,
        single: (0..n).map(|_| OnceLock::new()).collect(),
        double: (0..n).map(|_| OnceLock::new()).collect(),
    };
    Ok((mpo, holders))
}

/// A suffix: the operator on its first site, and the suffix after it.
type Suffix = (u16, u32);

/// For every site, the suffixes that begin there; and for every string, the suffix that is the whole string.
fn suffixes(sites: usize, strings: &Strings) -> (Vec<Vec<Suffix>>, Vec<u32>) {
    let mut behind = vec![0_u32; strings.coefficients.len()];
    let mut all = vec![Vec::new(); sites];
    for site in (0..sites).rev() {
        let mut known: FxHashMap<u64, u32> = FxHashMap::default();
        for (at, suffix) in behind.iter_mut().enumerate() {
            let op = strings.string(at)[site];
            *suffix = *known.entry(u64::from(op) << 32 | u64::from(*suffix)).or_insert_with(|| {
                all[site].push((op, *suffix));
                all[site].len() as u32 - 1
            });
        }
    }
    (all, behind)
}

/// Processes one site. Returns the entries of its matrix, the number of indices on its right, and the terms still open
/// there. `hold` is called with a string and the entry (left, right, operator) that takes its coefficient.
fn step(
    open: &[Open],
    (suffixes, behind): (&[Suffix], usize),
    operators: usize,
    mut hold: impl FnMut(u32, usize, usize, usize),
) -> (Vec<Entry>, usize, Vec<Open>) {
    const NONE: u32 = u32::MAX;
    let mut rows: Vec<(usize, u16)> = Vec::new();
    let mut columns: Vec<u32> = Vec::new();
    let lefts = open.iter().fold(0, |most, open| most.max(open.left + 1));
    // By (left index, operator), and by suffix.
    let (mut row_of, mut column_of) = (vec![NONE; lefts * operators], vec![NONE; behind]);
    let mut edges: Vec<Vec<u32>> = Vec::new();
    let mut coefficients: Vec<Vec<(f64, Option<u32>)>> = Vec::new();
    for open in open {
        let (op, behind) = suffixes[open.suffix as usize];
        let row = &mut row_of[open.left * operators + usize::from(op)];
        if *row == NONE {
            *row = rows.len() as u32;
            rows.push((open.left, op));
            edges.push(Vec::new());
            coefficients.push(Vec::new());
        }
        let column = &mut column_of[behind as usize];
        if *column == NONE {
            *column = columns.len() as u32;
            columns.push(behind);
        }
        let (row, column) = (*row as usize, *column);
        edges[row].push(column);
        coefficients[row].push((open.coefficient, open.string));
    }
    let (left, right) = cover(&edges, columns.len());
    let mut entries = Vec::new();
    let mut next = Vec::new();
    let mut dimension = 0;
    for (row, _) in left.iter().enumerate().filter(|(_, chosen)| **chosen) {
        entries.push(Entry { left: rows[row].0, right: dimension, op: usize::from(rows[row].1), coefficient: 1.0 });
        for (&column, &(coefficient, string)) in edges[row].iter().zip(&coefficients[row]) {
            next.push(Open { left: dimension, suffix: columns[column as usize], coefficient, string });
        }
        dimension += 1;
    }
    let mut index_of = vec![usize::MAX; columns.len()];
    for (column, _) in right.iter().enumerate().filter(|(_, chosen)| **chosen) {
        index_of[column] = dimension;
        next.push(Open { left: dimension, suffix: columns[column], coefficient: 1.0, string: None });
        dimension += 1;
    }
    for (row, _) in left.iter().enumerate().filter(|(_, chosen)| !**chosen) {
        for (&column, &(coefficient, string)) in edges[row].iter().zip(&coefficients[row]) {
            let (left, op) = rows[row];
            if let Some(string) = string {
                hold(string, left, index_of[column as usize], usize::from(op));
            }
            entries.push(Entry { left, right: index_of[column as usize], op: usize::from(op), coefficient });
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

/// Renumbers the indices of all bonds by class. Returns the classes, and the new number of each index.
fn sort(entries: &mut [Vec<Entry>], charges: &[Vec<Charge>], operators: &[LocalOp]) -> (Vec<Classes>, Vec<Vec<usize>>) {
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
    (bonds, places)
}
