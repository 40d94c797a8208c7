//! The edges of each turn of an epoch.

use std::num::NonZeroU32;

use super::pairs::Pairs;
use crate::Graph;
use crate::counter::mix;
use crate::optimise::schedule::Rate;

/// The edges of one turn, listed for each point that they move.
pub(super) struct Turn {
    /// Start of the edges of each point, followed by the end.
    starts: Vec<usize>,
    /// The other end of each edge.
    others: Vec<u32>,
    rates: Vec<Rate>,
}

impl Turn {
    /// Assigns the edges of a graph to turns permanently, both directions of an edge to the same turn.
    pub(super) fn all(graph: &Graph, turns: usize) -> Vec<Self> {
        let rates = Rate::of(graph);
        let number = |a: u32, b: u32| (mix(u64::from(a.min(b)) << 32 | u64::from(a.max(b))) >> 32) as usize % turns;
        let turn = |turn: usize| {
            let room = graph.entries() / turns;
            let (mut others, mut found) = (Vec::with_capacity(room), Vec::with_capacity(room));
            let mut starts = Vec::with_capacity(graph.len() + 1);
            for (point, range) in (0..).zip(graph.starts().windows(2)) {
                starts.push(others.len());
                for (&other, &rate) in graph.columns()[range[0]..range[1]].iter().zip(&rates[range[0]..range[1]]) {
                    if number(point, other) == turn {
                        others.push(other);
                        found.push(rate);
                    }
                }
            }
            starts.push(others.len());
            Self { starts, others, rates: found }
        };
        (0..turns).map(turn).collect()
    }

    /// Lists the attracting partners of `count` points from `first` on. Returns their number.
    pub(super) fn list(&self, epoch: NonZeroU32, first: usize, count: usize, pulls: &mut Pairs) -> usize {
        let starts = &self.starts[first..=first + count];
        // Room for all edges and one more: an edge that is not drawn is written too, and then overwritten.
        pulls.partners.resize(starts[count] - starts[0] + 1, 0);
        pulls.counts.clear();
        let mut drawn = 0;
        for bounds in starts.windows(2) {
            let before = drawn;
            let range = bounds[0]..bounds[1];
            for (rate, &other) in self.rates[range.clone()].iter().zip(&self.others[range]) {
                // Branch-free, because the drawn edges are unpredictable.
                pulls.partners[drawn] = other;
                drawn += usize::from(rate.is_drawn(epoch));
            }
            pulls.counts.push(drawn - before);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_moves_both_ends_in_the_same_turn() {
        let edges: Vec<(u32, u32, f32)> =
            (0..40u32).flat_map(|i| [(i, (i + 1) % 40, 1.0), (i, (i + 7) % 40, 0.5)]).collect();
        let turns = Turn::all(&Graph::from_edges(40, &edges).unwrap(), 4);
        // In even epochs the edges with half the weight are drawn as well.
        for (epoch, directed) in [(1, 80), (2, 160)] {
            let mut all = 0;
            for turn in &turns {
                let mut listed = Vec::new();
                for (first, count) in [(0, 16), (16, 16), (32, 8)] {
                    let mut pulls = Pairs::default();
                    let drawn = turn.list(NonZeroU32::new(epoch).unwrap(), first, count, &mut pulls);
                    assert_eq!(pulls.counts.iter().sum::<usize>(), drawn);
                    let mut partners = pulls.partners.iter();
                    for (point, &count) in (first as u32..).zip(&pulls.counts) {
                        listed.extend(partners.by_ref().take(count).map(|&other| (point, other)));
                    }
                }
                assert!(listed.len() > directed / 8, "turns have about as many edges: {}", listed.len());
                all += listed.len();
                listed.sort_unstable();
                let mut mirrored: Vec<(u32, u32)> = listed.iter().map(|&(point, other)| (other, point)).collect();
                mirrored.sort_unstable();
                assert_eq!(listed, mirrored);
            }
            assert_eq!(all, directed, "each direction of an edge belongs to one turn");
        }
    }
}
