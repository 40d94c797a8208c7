//! Candidates for the k nearest of one query.

/// Number of candidates at which all but the k best are excluded, unless k is large.
const MOST: usize = 256;

/// The points that may be among the k nearest of one query.
pub(super) struct Candidates {
    k: usize,
    /// The k smallest upper bounds so far, ascending.
    upper: Vec<f32>,
    /// Lower bound and index of every point that may be among the nearest.
    open: Vec<(f32, u32)>,
    /// The last of the k best when candidates were last settled: its distance, rounded up, and its index.
    settled: Option<(f32, u32)>,
}

impl Candidates {
    pub(super) fn new(k: usize) -> Self {
        Self { k, upper: Vec::with_capacity(k + 1), open: Vec::with_capacity(4 * k), settled: None }
    }

    /// The largest lower bound of a candidate.
    fn limit(&self) -> f32 {
        if self.upper.len() < self.k { f32::MAX } else { self.upper[self.k - 1] }
    }

    /// Adds a point with bounds on its squared distance. Returns the largest lower bound that can still be accepted.
    /// `exact` computes a squared distance.
    pub(super) fn take(&mut self, lower: f32, upper: f32, index: u32, exact: impl Fn(u32) -> f64) -> f32 {
        // Not nearer than the last of k points with smaller indices, so it ranks after them.
        if self.settled.is_some_and(|(square, last)| lower >= square && index > last) {
            return self.limit();
        }
        if upper < self.limit() {
            let place = self.upper.partition_point(|&other| other <= upper);
            self.upper.insert(place, upper);
            self.upper.truncate(self.k);
        }
        if self.open.len() == self.open.capacity() {
            let limit = self.limit();
            self.open.retain(|&(lower, _)| lower <= limit);
            if self.open.len() >= MOST.max(4 * self.k) {
                self.settle(exact);
            } else {
                self.open.reserve(self.open.len().max(self.k));
            }
        }
        self.open.push((lower, index));
        self.limit()
    }

    /// Excludes all but the k nearest by exact distances. For many points at nearly equal distance, such as duplicates,
    /// only exact distances decide.
    fn settle(&mut self, exact: impl Fn(u32) -> f64) {
        let best = self.best(exact);
        self.settled = best.last().map(|&(square, index)| {
            let rounded = square as f32;
            (if f64::from(rounded) < square { rounded.next_up() } else { rounded }, index)
        });
        self.open.retain(|(_, index)| best.iter().any(|(_, other)| other == index));
    }

    /// The k nearest with their squared distances, ordered by distance and then by index.
    pub(super) fn best(&self, exact: impl Fn(u32) -> f64) -> Vec<(f64, u32)> {
        let limit = self.limit();
        let open = self.open.iter().filter(|(lower, _)| *lower <= limit);
        let mut best: Vec<(f64, u32)> = open.map(|&(_, index)| (exact(index), index)).collect();
        best.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        best.truncate(self.k);
        best
    }
}
