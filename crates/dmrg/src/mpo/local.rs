//! Local operators, each stored once.

use std::collections::HashMap;

use crate::Site;
use crate::site::{MOST_STATES, Matrix};

/// A local operator, scaled so that its first entry is 1.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalOp {
    /// Elements (out, in, value), ascending.
    pub(crate) elements: Vec<(usize, usize, f64)>,
    /// Whether it is the unit operator.
    pub(crate) is_identity: bool,
}

/// The local operators, found by their entries.
pub(crate) struct Library {
    pub(crate) operators: Vec<LocalOp>,
    known: HashMap<(Site, [u64; MOST_STATES * MOST_STATES]), usize>,
}

impl Library {
    pub(crate) fn new() -> Self {
        Self { operators: Vec::new(), known: HashMap::new() }
    }

    /// Returns the operator of which the matrix is a multiple, and the factor; `None` for a zero matrix.
    pub(crate) fn place(&mut self, site: Site, matrix: &Matrix) -> Option<(usize, f64)> {
        let factor = *matrix.iter().find(|x| **x != 0.0)?;
        // Adding 0 turns -0 into 0.
        let scaled = matrix.map(|x| x / factor + 0.0);
        let next = self.operators.len();
        let id = *self.known.entry((site, scaled.map(f64::to_bits))).or_insert(next);
        if id == next {
            let d = site.states();
            let elements: Vec<(usize, usize, f64)> =
                (0..d * d).filter(|at| scaled[*at] != 0.0).map(|at| (at / d, at % d, scaled[at])).collect();
            let is_identity = elements.len() == d && elements.iter().all(|(i, j, x)| i == j && *x == 1.0);
            self.operators.push(LocalOp { elements, is_identity });
        }
        Some((id, factor))
    }
}
