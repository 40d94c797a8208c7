//! L-BFGS for thousands of unknowns: H is stored as H0 and the last few pairs, not as a matrix.
//!
//! The method is that of D. C. Liu & J. Nocedal, "On the limited memory BFGS method for large scale optimization"
//! (Math. Prog. 45 (1989) 503): Nocedal & Wright, algorithm 7.5, with the two-loop recursion, their 7.4, for -H g. H0
//! can be an archive of pairs of an earlier run, which J. L. Morales & J. Nocedal recycle ("Automatic preconditioning
//! by limited memory quasi-Newton updating", SIAM J. Optim. 10 (2000) 1079). The archive is applied before the run's
//! own pairs, and no pair of it is dropped during the run. The archive at the end, in [`Solution::inverse_hessian`], is
//! not larger than it was at the beginning, or than the memory.
//!
//! An iteration takes 4 m n operations instead of the n² of BFGS. Line search, starts, observer, stopping rules and
//! result are the same as for [`minimize`](crate::minimize()), and so are the iterates until the first pair is dropped.
//! One difference is necessary: the pair that a rescaled H0 was fitted to is dropped after m further steps. A start
//! that asks for rescaling is therefore rescaled after every step (their 7.20), not only after the first.

use std::ops::ControlFlow;

use headstart_check::check;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::h0::{InitialInverseHessian, Start};
use crate::low_rank::{Curved, LowRank, curved, scale, two_loop, update_by};
use crate::objective::Objective;
use crate::pair::{Pair, is_curved};
use crate::solver::descent::{Descent, Model};
use crate::solver::{Options, Progress, Solution};
use crate::tiles::Tiles;
use crate::vector::{difference, dot, products};

/// The customary number of stored pairs.
pub const MEMORY: usize = 10;

/// Minimises `objective` from `x0` by L-BFGS, starting with the inverse Hessian of `start` and storing `memory` pairs.
///
/// With a full matrix as H0, every iteration takes a product with that matrix; a scalar or an archive of pairs costs
/// O(n).
pub fn minimize<O, F>(
    objective: &O,
    x0: &[f64],
    start: &Start,
    memory: usize,
    options: &Options,
    observer: &mut F,
) -> Result<Solution<InitialInverseHessian>, Error>
where
    O: Objective,
    F: FnMut(&Progress<'_>) -> ControlFlow<()>,
{
    check(memory > 0, "the memory", 0.0, "at least 1")?;
    let model = Memory::new(objective.dim(), memory, &start.h0);
    let mut descent = Descent::begin(model, objective, x0, start, options, observer)?;
    while descent.status().is_none() {
        descent.step(objective, start, options, observer)?;
    }
    Ok(descent.finish())
}

/// A run of [`minimize`] that the caller drives step by step and can store between two steps, as
/// [`Minimizer`](crate::Minimizer) does for BFGS.
pub type Minimizer = crate::solver::Minimizer<Memory>;

impl Minimizer {
    /// Begins a run: evaluates `x0`. The run stores `memory` pairs.
    pub fn begin_limited<O, F>(
        objective: &O,
        x0: &[f64],
        start: Start,
        memory: usize,
        options: Options,
        observer: &mut F,
    ) -> Result<Self, Error>
    where
        O: Objective,
        F: FnMut(&Progress<'_>) -> ControlFlow<()>,
    {
        check(memory > 0, "the memory", 0.0, "at least 1")?;
        Self::with_model(Memory::new(objective.dim(), memory, &start.h0), objective, x0, start, options, observer)
    }
}

/// H0 with its scale factor, and the run's own pairs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    h0: InitialInverseHessian,
    /// The pairs of H0.
    archive: Vec<Curved<Pair>>,
    /// Factor of H0.
    factor: f64,
    /// The multiple of the identity that has replaced H0, after a fallback to the gradient.
    plain: Option<f64>,
    capacity: usize,
    /// Oldest first.
    pairs: Vec<Curved<Pair>>,
    direction: Vec<f64>,
    s: Vec<f64>,
    y: Vec<f64>,
}

impl Memory {
    fn new(n: usize, capacity: usize, h0: &InitialInverseHessian) -> Self {
        let archive = match h0 {
            InitialInverseHessian::LowRank(low_rank) => {
                curved(&low_rank.pairs).into_iter().map(Curved::owned).collect()
            }
            InitialInverseHessian::Scaled(_) | InitialInverseHessian::Dense(_) => Vec::new(),
        };
        let zeros = || vec![0.0; n];
        let (direction, s, y) = (zeros(), zeros(), zeros());
        Self { h0: h0.clone(), archive, factor: 1.0, plain: None, capacity, pairs: Vec::new(), direction, s, y }
    }

    /// Sets the direction to -H g.
    fn point(&mut self, gradient: &[f64]) {
        let Self { h0, archive, factor, plain, pairs, direction, .. } = self;
        direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = -g);
        two_loop(pairs, direction, |v| {
            match plain {
                Some(gamma) => scale(v, *gamma),
                None => multiply(h0, archive, v),
            }
            scale(v, *factor);
        });
    }

    /// Stores (s, y); when the memory is full, it replaces the oldest pair.
    fn remember(&mut self, sy: f64) {
        if self.pairs.len() < self.capacity {
            self.pairs.push(Curved::new(Pair { s: self.s.clone(), y: self.y.clone() }));
        } else {
            self.pairs.rotate_left(1);
            if let Some(newest) = self.pairs.last_mut() {
                newest.pair.s.copy_from_slice(&self.s);
                newest.pair.y.copy_from_slice(&self.y);
                newest.sy = sy;
            }
        }
    }
}

/// Overwrites v by H0 v, without the scale factor.
fn multiply(h0: &InitialInverseHessian, archive: &mut [Curved<Pair>], v: &mut [f64]) {
    match h0 {
        InitialInverseHessian::Scaled(gamma) => scale(v, *gamma),
        InitialInverseHessian::LowRank(low_rank) => two_loop(archive, v, |v| scale(v, low_rank.gamma)),
        InitialInverseHessian::Dense(packed) => {
            let product = packed.product(v);
            v.copy_from_slice(&product);
        }
    }
}

impl Model for Memory {
    type Matrix = InitialInverseHessian;

    /// Returns H in a form that can be the H0 of a later run. With the run's own pairs, the archive
    /// stays as large as it was, or as the memory: its oldest pairs are dropped.
    fn into_inverse_hessian(self) -> InitialInverseHessian {
        let own = self.pairs.into_iter().map(|curved| curved.pair);
        if let Some(gamma) = self.plain {
            return InitialInverseHessian::LowRank(LowRank { gamma: self.factor * gamma, pairs: own.collect() });
        }
        match &self.h0 {
            InitialInverseHessian::Scaled(gamma) => {
                InitialInverseHessian::LowRank(LowRank { gamma: self.factor * gamma, pairs: own.collect() })
            }
            InitialInverseHessian::LowRank(LowRank { gamma, pairs }) => {
                // If H y = s, then (c H) (y / c) = s.
                let divided = |pair: &Pair| {
                    let mut y = pair.y.clone();
                    scale(&mut y, 1.0 / self.factor);
                    Pair { s: pair.s.clone(), y }
                };
                // Along a sequence of runs the archive must not grow: the oldest pairs are dropped.
                let most = self.capacity.max(pairs.len());
                let kept = most.saturating_sub(own.len()).min(pairs.len());
                let newest = &pairs[pairs.len() - kept..];
                let pairs = newest.iter().map(divided).chain(own).collect();
                InitialInverseHessian::LowRank(LowRank { gamma: self.factor * gamma, pairs })
            }
            InitialInverseHessian::Dense(packed) => {
                let mut h = Tiles::zeros(packed.dim());
                h.copy_from(packed);
                h.scale(self.factor);
                update_by(&mut h, &own.collect::<Vec<_>>());
                InitialInverseHessian::Dense(h.to_packed())
            }
        }
    }

    fn dim(&self) -> usize {
        self.direction.len()
    }

    fn unfit(&self) -> Option<usize> {
        let pairs = self.archive.iter().chain(&self.pairs).flat_map(|curved| [&curved.pair.s, &curved.pair.y]);
        let lengths = pairs.chain([&self.s, &self.y]).map(Vec::len);
        lengths.into_iter().find(|length| *length != self.direction.len()).or(match &self.h0 {
            InitialInverseHessian::Dense(packed) if packed.dim() != self.direction.len() => Some(packed.dim()),
            _ => None,
        })
    }

    fn direction(&self) -> &[f64] {
        &self.direction
    }

    fn is_fresh(&self) -> bool {
        self.pairs.is_empty()
    }

    fn last_pair(&self) -> (&[f64], &[f64]) {
        (&self.s, &self.y)
    }

    fn restart(&mut self, _start: &Start, gradient: &[f64]) {
        self.pairs.clear();
        (self.factor, self.plain) = (1.0, None);
        self.point(gradient);
    }

    fn restart_plain(&mut self, gamma: f64, gradient: &[f64]) {
        self.pairs.clear();
        (self.factor, self.plain) = (1.0, Some(gamma));
        self.point(gradient);
    }

    fn advance(&mut self, x: &[f64], x_new: &[f64], g: &[f64], g_new: &[f64], rescale: bool) -> bool {
        difference(&mut self.s, x_new, x);
        difference(&mut self.y, g_new, g);
        let [sy, ss, yy] = products(&self.s, &self.y);
        let learnt = is_curved(sy, ss, yy);
        if learnt {
            if rescale {
                self.direction.copy_from_slice(&self.y);
                match self.plain {
                    Some(gamma) => scale(&mut self.direction, gamma),
                    None => multiply(&self.h0, &mut self.archive, &mut self.direction),
                }
                let factor = sy / dot(&self.y, &self.direction);
                if factor > 0.0 && factor.is_finite() {
                    self.factor = factor;
                }
            }
            self.remember(sy);
        }
        self.point(g_new);
        learnt
    }
}
