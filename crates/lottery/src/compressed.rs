//! Dense networks that store only the kept weights. Faster than a masked network if few weights are kept.

use headstart_nn::{Method, Optimiser, Real};

use crate::rows::{Edges, LANES, Row, sum};
use crate::scores::best;
use crate::{Prunable, Result, Samples};

/// Share of kept weights up to which this was measured to be faster than storing all weights with a mask
/// (`cargo bench -p headstart-kernels --bench lottery`; figures in README.md).
pub(crate) const FASTER_UP_TO: f64 = 0.12;

/// Dense layers with a `ReLU` between them: their kept weights and all biases, on batches of [`LANES`] samples.
pub(crate) struct Compressed {
    layers: Vec<Edges>,
    /// Index of each stored parameter among all parameters: layer by layer, weights, then biases.
    places: Vec<u32>,
    values: Vec<f32>,
    gradients: Vec<f32>,
    optimiser: Optimiser<f32>,
    /// The input of each layer, then the scores.
    signals: Vec<Vec<Row<f32>>>,
    back: Vec<Vec<Row<f32>>>,
    classes: [u32; LANES],
}

impl Compressed {
    /// Takes the kept parameters; parameters that are not weights are always kept.
    pub(crate) fn new(
        (prunable, widths): (&[Prunable], &[usize]),
        kept: &[bool],
        parameters: &[f32],
        method: Method,
    ) -> Result<Self> {
        let mut layers = Vec::new();
        let mut places = Vec::new();
        for (layer, &outputs) in prunable.iter().zip(&widths[1..]) {
            let range = layer.range.clone();
            let (edges, order) = Edges::new(&layer.edges, |at| kept[range.start + at], outputs);
            places.extend(order.iter().map(|at| range.start as u32 + at));
            places.extend((range.end..range.end + outputs).map(|at| at as u32));
            layers.push(edges);
        }
        let values: Vec<f32> = places.iter().map(|&at| parameters[at as usize]).collect();
        let zeros = || widths.iter().map(|&units| vec![[0.0; LANES]; units]).collect();
        Ok(Self {
            layers,
            gradients: vec![0.0; values.len()],
            optimiser: Optimiser::new(method, values.len())?,
            places,
            values,
            signals: zeros(),
            back: zeros(),
            classes: [0; LANES],
        })
    }

    /// Performs one step on the chosen samples, [`LANES`] of them.
    pub(crate) fn step(&mut self, samples: &Samples, chosen: &[u32], rate: f64) -> Result<()> {
        for (lane, &at) in chosen.iter().enumerate() {
            let sample = samples.train[at as usize] as usize;
            self.classes[lane] = samples.classes[sample];
            load(samples, sample, lane, &mut self.signals[0]);
        }
        headstart_simd::arch().dispatch(Pass { of: &mut *self, backward: true });
        self.optimiser.step(rate, &mut self.values, &self.gradients)?;
        Ok(())
    }

    /// Returns the number of misclassified test samples.
    pub(crate) fn wrong(&mut self, samples: &Samples) -> usize {
        let mut wrong = 0;
        for part in samples.test.chunks(LANES) {
            for (lane, &at) in part.iter().enumerate() {
                load(samples, at as usize, lane, &mut self.signals[0]);
            }
            headstart_simd::arch().dispatch(Pass { of: &mut *self, backward: false });
            let scores = &self.signals[self.layers.len()];
            for (lane, &at) in part.iter().enumerate() {
                let found = best(scores.iter().map(|row| row[lane]));
                wrong += usize::from(found != samples.classes[at as usize] as usize);
            }
        }
        wrong
    }

    /// Returns all parameters; cut ones are zero.
    pub(crate) fn spread(&self, parameters: usize) -> Vec<f32> {
        let mut all = vec![0.0; parameters];
        for (&at, &value) in self.places.iter().zip(&self.values) {
            all[at as usize] = value;
        }
        all
    }
}

/// Copies a sample into a lane.
fn load(samples: &Samples, sample: usize, lane: usize, rows: &mut [Row<f32>]) {
    for (row, &x) in rows.iter_mut().zip(&samples.x[sample * samples.inputs..][..samples.inputs]) {
        row[lane] = x;
    }
}

struct Pass<'a> {
    of: &'a mut Compressed,
    backward: bool,
}

impl pulp::NullaryFnOnce for Pass<'_> {
    type Output = ();

    // Inlined into code with vector instructions.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn call(self) {
        let Compressed { layers, values, gradients, signals, back, classes, .. } = self.of;
        let count = layers.len();
        let mut from = 0;
        for (layer, edges) in layers.iter().enumerate() {
            let (before, after) = signals.split_at_mut(layer + 1);
            let (x, y) = (&before[layer], &mut after[0]);
            let (weights, rest) = values[from..].split_at(edges.len());
            edges.forward(weights, x, y, |j| [rest[j]; LANES]);
            from += edges.len() + y.len();
            if layer + 1 < count {
                for row in y.iter_mut() {
                    for y in row {
                        *y = if *y > 0.0 { *y } else { 0.0 };
                    }
                }
            }
        }
        if !self.backward {
            return;
        }
        softmax(&signals[count], &mut back[count], classes);
        let mut to = from;
        for (layer, edges) in layers.iter().enumerate().rev() {
            let (before, after) = back.split_at_mut(layer + 1);
            let (dx, dy) = (&mut before[layer], &mut after[0]);
            if layer + 1 < count {
                for (dy, y) in dy.iter_mut().zip(&signals[layer + 1]) {
                    for (dy, &y) in dy.iter_mut().zip(y) {
                        *dy = if y > 0.0 { *dy } else { 0.0 };
                    }
                }
            }
            let biases = to - dy.len();
            for (to, dy) in gradients[biases..to].iter_mut().zip(dy.iter()) {
                *to = sum(dy);
            }
            let own = biases - edges.len()..biases;
            to = own.start;
            // The first layer's input needs no gradient.
            let dx = (layer > 0).then(|| {
                dx.fill([0.0; LANES]);
                &mut dx[..]
            });
            edges.backward(&values[own.clone()], &signals[layer], dy, &mut gradients[own], dx);
        }
    }
}

/// Computes the gradient of the mean cross-entropy with respect to the scores.
#[allow(clippy::inline_always)]
#[inline(always)]
fn softmax(scores: &[Row<f32>], to: &mut [Row<f32>], classes: &[u32; LANES]) {
    let mut top = [f32::NEG_INFINITY; LANES];
    for row in scores {
        for (top, &score) in top.iter_mut().zip(row) {
            *top = if score > *top { score } else { *top };
        }
    }
    let mut sums = [0.0; LANES];
    for (to, row) in to.iter_mut().zip(scores) {
        for lane in 0..LANES {
            to[lane] = (row[lane] - top[lane]).fast_exp();
            sums[lane] += to[lane];
        }
    }
    let share = 1.0 / LANES as f32;
    for row in to.iter_mut() {
        for (to, &sum) in row.iter_mut().zip(&sums) {
            *to *= share / sum;
        }
    }
    for (lane, &class) in classes.iter().enumerate() {
        to[class as usize][lane] -= share;
    }
}
