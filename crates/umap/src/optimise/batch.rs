//! Batch mode: all points move at once by the forces at one layout, for half of the edges at a time.
//!
//! umap-learn goes from edge to edge, and each edge moves both of its points by opposite steps. Moving only one of them
//! by twice the step is the same on average, but every attraction then also shifts the pair. This random drift degrades
//! the global order of the layout, though not the neighbourhoods. On a circle of 1000 points, Spearman's correlation of
//! distances along it and in the layout is .94 edge by edge, .88 when a quarter of the points move at a time and .74
//! when a sixteenth do. So here an edge always moves both of its points, by opposite forces at the same layout.
//!
//! Points that all move at once overshoot: between near neighbours a single edge can move a point past its goal, and a
//! point has several edges. Therefore an epoch has two turns, each edge belongs to one of them, and attractions are
//! shortened equally for both ends. The last tenth of the epochs, when the global layout is settled and neighbours find
//! their places, has eight turns. Neighbourhoods need these and no more (as many turns in the first half instead do not
//! help them). Means of batch mode and edge by edge, three seeds each: 10,000 points of 20 clusters in 50 dimensions,
//! trustworthiness .9773 and .9772, recall .1104 and .1095 (.1064 with two turns to the end); 50,000 points, .9744 and
//! .9752, .0745 and .0756 (.0701); digits of scikit-learn (1797 x 64), .987 and .987, .533 and .533. Without the
//! shortening, neighbourhoods suffer; with much more of it, the global order does: over 16 circles it is .921 here and
//! .942 edge by edge, over 16 trees .826 and .823 (with two turns to the end).
//!
//! A task handles a block of points. It lists their attracting and repelling partners, computes the forces in loops
//! that become vector code, and sums them point by point. The repelling points are a function of seed, epoch, turn,
//! block and count, and no sum crosses a block, so the result does not depend on threads. Products and sums are not
//! fused, so it does not depend on the processor either.

mod pairs;
mod turns;

use std::cell::RefCell;
use std::num::NonZeroU32;

use ndarray::Array2;
use rayon::prelude::*;

use self::pairs::{Kernel, Pairs};
use self::turns::Turn;
use super::Descent;
use crate::Graph;
use crate::counter::{fill_below, key};

/// Purpose of the random numbers; each mode has a different one.
const PURPOSE: u64 = 0xba;
/// Points per task; their forces fit the first-level cache.
const BLOCK: usize = 64;
/// Turns of an epoch, and of an epoch in the last tenth.
const TURNS: usize = 2;
const LAST_TURNS: usize = 8;
/// How much a strong attraction is shortened. At 1, a single edge never moves its ends further apart than they were;
/// but a point has several edges.
const DAMPING: f32 = 1.5;

pub(super) struct Batch<'a> {
    descent: &'a Descent,
    graph: &'a Graph,
    turns: Vec<Turn>,
    seed: u64,
    next: Vec<f32>,
}

/// Buffers of a task: attracting and repelling pairs.
#[derive(Default)]
struct Scratch {
    pulls: Pairs,
    pushes: Pairs,
}

thread_local! {
    /// Reused between tasks, of which there are thousands of short ones.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Values shared by the tasks of a turn.
struct TurnContext<'a> {
    turn: &'a Turn,
    /// Key parts of the turn's random numbers.
    stream: [u64; 4],
    epoch: NonZeroU32,
    rate: f32,
    dim: usize,
    now: &'a [f32],
    fixed: Option<&'a [f32]>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(descent: &'a Descent, graph: &'a Graph, seed: u64) -> Self {
        Self { descent, graph, turns: Turn::all(graph, TURNS), seed, next: Vec::new() }
    }

    /// Moves the layout for one epoch. Returns the number of edges drawn.
    pub(super) fn epoch(
        &mut self,
        epoch: NonZeroU32,
        rate: f32,
        layout: &mut Array2<f32>,
        fixed: Option<&Array2<f32>>,
    ) -> u64 {
        if self.turns.len() != LAST_TURNS && epoch.get() as usize >= self.descent.epochs - self.descent.epochs / 10 {
            self.turns = Turn::all(self.graph, LAST_TURNS);
        }
        let dim = layout.ncols();
        let mut next = std::mem::take(&mut self.next);
        let Some(now) = layout.as_slice_mut() else { return 0 };
        next.resize(now.len(), 0.0);
        let fixed = fixed.and_then(|fixed| fixed.as_slice());
        // Within a scope all turns stay on the pool's threads: entering the pool costs more than a turn of few points.
        let samples = rayon::scope(|_| {
            let mut samples = 0;
            for (number, turn) in (0..).zip(&self.turns) {
                let stream = [self.seed, PURPOSE, epoch.get().into(), number];
                samples += self.step(&TurnContext { turn, stream, epoch, rate, dim, now, fixed }, &mut next);
                now.copy_from_slice(&next);
            }
            samples
        });
        self.next = next;
        samples
    }

    /// Writes the new positions of all points. Returns the number of edges drawn.
    fn step(&self, context: &TurnContext<'_>, next: &mut [f32]) -> u64 {
        let blocks = next.par_chunks_mut(BLOCK * context.dim).enumerate();
        blocks.map(|(block, to)| SCRATCH.with_borrow_mut(|scratch| self.block(context, block, to, scratch))).sum()
    }

    /// Writes the new positions of one block. Returns the number of edges drawn.
    fn block(&self, context: &TurnContext<'_>, block: usize, to: &mut [f32], scratch: &mut Scratch) -> u64 {
        let Scratch { pulls, pushes } = scratch;
        let TurnContext { dim, rate, .. } = *context;
        let first = block * BLOCK;
        let own = &context.now[first * dim..first * dim + to.len()];
        let others = context.fixed.unwrap_or(context.now);
        let each = self.descent.negatives as usize;
        let drawn = context.turn.list(context.epoch, first, to.len() / dim, pulls);
        pushes.counts.clear();
        pushes.counts.extend(pulls.counts.iter().map(|count| count * each));
        pushes.partners.resize(drawn * each, 0);
        let [seed, purpose, epoch, number] = context.stream;
        let stream = key(&[seed, purpose, epoch, number, block as u64]);
        fill_below((others.len() / dim) as u32, stream, &mut pushes.partners);

        let (a, b) = (self.descent.curve.a as f32, self.descent.curve.b as f32);
        // An edge between two movable points is drawn from each end, and each time moves both.
        let step = if context.fixed.is_some() { rate } else { 2.0 * rate };
        pulls.compute(own, others, dim, Kernel::Pull { damping: DAMPING * step }, a, b);
        pushes.compute(own, others, dim, Kernel::Push, a, b);
        to.copy_from_slice(own);
        pulls.add_to(to, dim, step);
        pushes.add_to(to, dim, rate);
        drawn as u64
    }
}
