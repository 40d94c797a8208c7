//! Neighbour descent: a neighbour of a neighbour may be a neighbour.

use std::cell::RefCell;

use rayon::prelude::*;

use super::lists::{Lists, Points};

/// The points joined to each point in either direction: fresh ones from the front of a row, the others from its end.
struct Joined {
    width: usize,
    others: Vec<u32>,
    /// Numbers of fresh and other points.
    counts: Vec<(u32, u32)>,
}

/// Buffers of a task.
#[derive(Default)]
struct Scratch {
    /// One bit per point: whether it was visited.
    seen: Vec<u64>,
    candidates: Vec<u32>,
    squares: Vec<f32>,
}

thread_local! {
    /// Reused for all points of a thread.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Offers every point all points two steps away for which either step is fresh. Returns the number of changed entries.
pub(super) fn round(points: &Points, lists: &mut Lists) -> usize {
    let joined = Joined::of(lists);
    let n = points.len();
    lists
        .each_mut()
        .enumerate()
        .map(|(point, mut list)| {
            list.fresh.fill(false);
            SCRATCH.with_borrow_mut(|scratch| {
                scratch.seen.resize(n.div_ceil(64), 0);
                joined.around(point, scratch);
                points.squares(point as u32, &scratch.candidates, &mut scratch.squares);
                let offered = scratch.squares.iter().zip(&scratch.candidates);
                offered.filter(|&(&square, &other)| list.take(square, other)).count()
            })
        })
        .sum()
}

impl Joined {
    fn of(lists: &Lists) -> Self {
        let n = lists.points();
        // A third more than the list, for points that list this point.
        let width = (lists.length() * 4).div_ceil(3);
        let mut joined = Self { width, others: vec![0; n * width], counts: vec![(0, 0); n] };
        for point in 0..n {
            for (&other, &fresh) in lists.indices(point).iter().zip(lists.fresh(point)) {
                joined.add(point, other, fresh);
            }
        }
        // Ordered by rank, so that the nearest come first if there is not enough room.
        for rank in 0..lists.length() {
            for point in 0..n {
                let other = lists.indices(point)[rank] as usize;
                let is_mutual = lists.indices(other).contains(&(point as u32));
                if !is_mutual {
                    joined.add(other, point as u32, lists.fresh(point)[rank]);
                }
            }
        }
        joined
    }

    fn add(&mut self, point: usize, other: u32, fresh: bool) {
        let (new, old) = &mut self.counts[point];
        if ((*new + *old) as usize) < self.width {
            let row = &mut self.others[point * self.width..(point + 1) * self.width];
            if fresh {
                row[*new as usize] = other;
                *new += 1;
            } else {
                *old += 1;
                row[self.width - *old as usize] = other;
            }
        }
    }

    fn fresh(&self, point: usize) -> &[u32] {
        &self.others[point * self.width..][..self.counts[point].0 as usize]
    }

    fn old(&self, point: usize) -> &[u32] {
        &self.others[point * self.width..(point + 1) * self.width][self.width - self.counts[point].1 as usize..]
    }

    /// Lists the points two steps away, without duplicates.
    fn around(&self, point: usize, scratch: &mut Scratch) {
        let Scratch { seen, candidates, .. } = scratch;
        candidates.clear();
        let mut see = |other: u32| {
            let (place, bit) = (other as usize / 64, 1u64 << (other % 64));
            if seen[place] & bit == 0 {
                seen[place] |= bit;
                candidates.push(other);
            }
        };
        see(point as u32);
        for &via in self.fresh(point) {
            self.fresh(via as usize).iter().chain(self.old(via as usize)).for_each(|&other| see(other));
            // The intermediate point may be missing from the list if it was joined from its own side.
            see(via);
        }
        for &via in self.old(point) {
            self.fresh(via as usize).iter().for_each(|&other| see(other));
        }
        for &other in candidates.iter() {
            seen[other as usize / 64] = 0;
        }
        candidates.swap_remove(0);
    }
}
