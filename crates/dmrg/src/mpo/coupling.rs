//! How one or two sites of an operator couple the indices of its bonds, for every pair of local states.

use std::collections::BTreeMap;

use super::{Classes, Mpo};
use crate::Charge;

/// <out|W[left, right]|input> = value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub(crate) out: usize,
    pub(crate) input: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) value: f64,
}

/// A dense block of the matrix from the indices of a source class to those of a target class.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Positions in the target class.
    pub(crate) rows: Vec<u32>,
    /// Positions in the source class.
    pub(crate) columns: Vec<u32>,
    /// Entries, row by row.
    pub(crate) values: Vec<f64>,
}

/// All couplings from one local state and class to another.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub(crate) out: usize,
    pub(crate) input: usize,
    pub(crate) source: usize,
    pub(crate) target: usize,
    /// Range of the coupling's parts.
    pub(crate) parts: std::ops::Range<usize>,
}

/// The sites' matrices, sorted for products, from the classes of one bond (source) to those of another (target).
#[derive(Clone, Debug)]
pub(crate) struct Coupling {
    /// Charges of the local states.
    pub(crate) local: Vec<Charge>,
    pub(crate) parts: Vec<Part>,
    /// Ascending by (input, source, out).
    maps: Vec<Map>,
}

impl Coupling {
    /// From left to right.
    pub(crate) fn new(local: Vec<Charge>, elements: &[Element], left: &Classes, right: &Classes) -> Self {
        Self::sorted(local, elements.iter().map(|e| (e, left.place(e.left), right.place(e.right))))
    }

    /// From right to left.
    pub(crate) fn reversed(local: Vec<Charge>, elements: &[Element], left: &Classes, right: &Classes) -> Self {
        Self::sorted(local, elements.iter().map(|e| (e, right.place(e.right), left.place(e.left))))
    }

    fn sorted<'a>(
        local: Vec<Charge>,
        elements: impl Iterator<Item = (&'a Element, (usize, usize), (usize, usize))>,
    ) -> Self {
        // Entries as (matrix, row, column, value), sorted.
        let mut list: Vec<([usize; 4], u32, u32, f64)> = elements
            .map(|(e, source, target)| {
                ([e.input, source.0, e.out, target.0], target.1 as u32, source.1 as u32, e.value)
            })
            .collect();
        list.sort_by_key(|entry| (entry.0, entry.1, entry.2));
        let mut coupling = Self { local, parts: Vec::new(), maps: Vec::new() };
        for matrix in list.chunk_by(|a, b| a.0 == b.0) {
            let [input, source, out, target] = matrix[0].0;
            let begin = coupling.parts.len();
            // Rows with the same columns form a dense part.
            let mut parts: BTreeMap<Vec<u32>, (Vec<u32>, Vec<f64>)> = BTreeMap::new();
            for row in matrix.chunk_by(|a, b| a.1 == b.1) {
                let columns = row.iter().map(|entry| entry.2).collect();
                let (rows, values) = parts.entry(columns).or_default();
                rows.push(row[0].1);
                values.extend(row.iter().map(|entry| entry.3));
            }
            coupling.parts.extend(parts.into_iter().map(|(columns, (rows, values))| Part { rows, columns, values }));
            coupling.maps.push(Map { out, input, source, target, parts: begin..coupling.parts.len() });
        }
        coupling
    }

    /// The maps from a local state and a class.
    pub(crate) fn from(&self, input: usize, source: usize) -> &[Map] {
        let begin = self.maps.partition_point(|map| (map.input, map.source) < (input, source));
        let end = self.maps.partition_point(|map| (map.input, map.source) <= (input, source));
        &self.maps[begin..end]
    }
}

/// The elements of one site.
pub(crate) fn of_site(mpo: &Mpo, site: usize) -> Vec<Element> {
    let mut elements = Vec::new();
    for entry in mpo.entries(site) {
        for &(out, input, value) in &mpo.operator(entry.op).elements {
            let value = value * entry.coefficient;
            elements.push(Element { out, input, left: entry.left, right: entry.right, value });
        }
    }
    merged(elements)
}

/// The elements of the product of two sites.
pub(crate) fn of_pair(mpo: &Mpo, site: usize) -> Vec<Element> {
    let second = mpo.entries(site + 1);
    let states = mpo.sites()[site + 1].states();
    let mut elements = Vec::new();
    for a in mpo.entries(site) {
        let begin = second.partition_point(|b| b.left < a.right);
        for b in second[begin..].iter().take_while(|b| b.left == a.right) {
            for &(out_a, in_a, x) in &mpo.operator(a.op).elements {
                for &(out_b, in_b, y) in &mpo.operator(b.op).elements {
                    elements.push(Element {
                        out: out_a * states + out_b,
                        input: in_a * states + in_b,
                        left: a.left,
                        right: b.right,
                        value: x * y * a.coefficient * b.coefficient,
                    });
                }
            }
        }
    }
    merged(elements)
}

/// Sums elements at the same position.
fn merged(mut elements: Vec<Element>) -> Vec<Element> {
    let key = |e: &Element| (e.input, e.out, e.left, e.right);
    elements.sort_by_key(key);
    elements.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            kept.value += next.value;
        }
        same
    });
    elements.retain(|e| e.value != 0.0);
    elements
}
