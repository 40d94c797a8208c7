//! Linear networks on a small grid that learn a linear map: a task with exact loss that needs no data.
//!
//! Signals are 5 x 5 images of 2 channels, d = 50 numbers. Layers are locally connected 3 x 3 windows without weight
//! sharing (676 weights each). The stem E and the head H are 1 x 1 windows, also without weight sharing; they are not
//! pruned and begin as the identity:
//!
//! - chain: F = H W4 W3 W2 W1 E
//! - residual: F = H (I + W4 W3) (I + W2 W1) E
//!
//! With inputs N(0, I), the normalised mean squared error is |F - T|^2 / |T|^2 with Frobenius norms of 50 x 50
//! matrices. It is computed in this form: the batch is the identity matrix.

mod layout;
mod pass;
mod teacher;

use headstart_check::check;
use headstart_nn::{Method, Optimiser, Real};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};
use serde::Serialize;

use self::layout::ENDS;
pub use self::layout::{Architecture, CHANNELS, SIDE, UNITS};
use self::pass::{Part, Pass};
pub use self::teacher::{Bias, Teacher};
use crate::error::check_length;
use crate::rows::{Edges, Row};
use crate::{Mask, Model, Prunable, Result};

/// Standard deviation of the initial weights in units of 1 / sqrt(fan-in). At 1, residual networks would begin far from
/// the identity. At a quarter, both dense architectures learn the teacher to about 1% in 300 steps.
const INITIAL: f64 = 0.25;

/// A network, its target and the settings of its training.
#[derive(Clone, Debug, Serialize)]
pub struct LinearTask {
    /// The network.
    pub architecture: Architecture,
    /// The target map.
    pub teacher: Teacher,
    /// Number of steps of a training.
    pub steps: usize,
    /// Initial learning rate of Adam; it decays linearly to 0.
    pub rate: f64,
}

impl LinearTask {
    /// Creates a task with 300 steps and rate 0.01.
    pub fn new(architecture: Architecture, teacher: Teacher) -> Self {
        Self { architecture, teacher, steps: 300, rate: 0.01 }
    }
}

/// A linear network in training. Only kept weights are stored.
pub struct Linear<T> {
    task: LinearTask,
    prunable: Vec<Prunable>,
    edges: Vec<Edges>,
    /// Index of each stored parameter among all parameters: stem, layers, head.
    places: Vec<u32>,
    values: Vec<T>,
    gradients: Vec<T>,
    optimiser: Optimiser<T>,
    at: usize,
    teacher: Vec<Row<T>>,
    norm: T,
    pass: Pass<T>,
}

impl<T: Real> Linear<T> {
    /// Creates the network with all weights 0.
    pub fn new(task: &LinearTask) -> Result<Self> {
        let layers = task.architecture.layers();
        let odd = matches!(task.architecture, Architecture::Residual { layers } if layers % 2 == 1);
        check(layers > 0 && !odd, "the number of layers", layers as f64, "positive, and even in a residual network")?;
        check(task.steps > 0, "the number of steps", 0.0, "at least 1")?;
        let edges = windows();
        let one = |layer: usize| Prunable {
            name: format!("{layer}.weight"),
            shape: vec![edges.len()],
            range: ENDS + layer * edges.len()..ENDS + (layer + 1) * edges.len(),
            edges: edges.clone(),
            channels: CHANNELS as u32,
            output: false,
        };
        let norm = task.teacher.matrix.iter().map(|t| t * t).sum();
        check(norm > 0.0 && f64::is_finite(norm), "the square of the teacher's norm", norm, "positive and finite")?;
        let mut linear = Self {
            task: task.clone(),
            prunable: (0..layers).map(one).collect(),
            edges: Vec::new(),
            places: Vec::new(),
            values: Vec::new(),
            gradients: Vec::new(),
            optimiser: Optimiser::new(Method::ADAM, 0)?,
            at: 0,
            teacher: task.teacher.rows(),
            norm: T::of(norm),
            pass: Pass::new(layers),
        };
        let zeros = vec![T::zero(); linear.parameters_in_all()];
        linear.store(&zeros, None)?;
        Ok(linear)
    }

    fn parameters_in_all(&self) -> usize {
        2 * ENDS + self.prunable.iter().map(Prunable::weights).sum::<usize>()
    }

    /// Stores the weights that the mask keeps.
    fn store(&mut self, parameters: &[T], mask: Option<&Mask>) -> Result<()> {
        let all = self.parameters_in_all();
        check_length("the start", all, parameters.len())?;
        let kept = mask.map(|mask| mask.over(&self.prunable, all)).transpose()?;
        let is_kept = |at: usize| kept.as_ref().is_none_or(|kept| kept[at]);
        self.edges.clear();
        self.places.clear();
        self.places.extend(0..ENDS as u32);
        for layer in &self.prunable {
            let first = layer.range.start;
            let (edges, order) = Edges::new(&layer.edges, |at| is_kept(first + at), UNITS);
            self.places.extend(order.iter().map(|at| first as u32 + at));
            self.edges.push(edges);
        }
        self.places.extend((all - ENDS) as u32..all as u32);
        self.values.clear();
        self.values.extend(self.places.iter().map(|&at| parameters[at as usize]));
        self.gradients.clear();
        self.gradients.resize(self.values.len(), T::zero());
        self.optimiser = Optimiser::new(Method::ADAM, self.values.len())?;
        Ok(())
    }

    fn part(&mut self) -> Part<'_, T> {
        Part {
            architecture: self.task.architecture,
            edges: &self.edges,
            values: &self.values,
            gradients: &mut self.gradients,
            teacher: &self.teacher,
            norm: self.norm,
            pass: &mut self.pass,
            backward: true,
            flow: false,
        }
    }

    /// Returns the error at these parameters and its gradient (0 for cut weights).
    pub fn error_and_gradient(&mut self, parameters: &[T], mask: Option<&Mask>) -> Result<(T, Vec<T>)> {
        self.store(parameters, mask)?;
        let error = headstart_simd::arch().dispatch(self.part());
        Ok((error, self.spread(&self.gradients)))
    }

    /// Scatters stored numbers to their indices among all parameters.
    fn spread(&self, stored: &[T]) -> Vec<T> {
        let mut all = vec![T::zero(); self.parameters_in_all()];
        for (&at, &value) in self.places.iter().zip(stored) {
            all[at as usize] = value;
        }
        all
    }

    /// Returns the network's map, row-major with one row per output.
    pub fn map(&mut self) -> Vec<T> {
        headstart_simd::arch().dispatch(Part { backward: false, ..self.part() });
        self.pass.output().iter().flat_map(|row| row[..UNITS].to_vec()).collect()
    }
}

impl Model for Linear<f32> {
    fn layers(&self) -> &[Prunable] {
        &self.prunable
    }

    fn parameters(&self) -> usize {
        self.parameters_in_all()
    }

    /// Sets stem and head to the identity and draws normal weights of variance 1 / (16 fan-in).
    fn draw(&self, rng: &mut dyn Rng) -> Vec<f32> {
        let identity = (0..ENDS).map(|at| if at / CHANNELS % CHANNELS == at % CHANNELS { 1.0 } else { 0.0 });
        let mut parameters: Vec<f32> = identity.clone().collect();
        for layer in &self.prunable {
            let mut fans = [0_u32; UNITS];
            layer.edges.iter().for_each(|edge| fans[edge[1] as usize] += 1);
            parameters.extend(layer.edges.iter().map(|edge| {
                let z: f64 = StandardNormal.sample(rng);
                (z * INITIAL / f64::from(fans[edge[1] as usize]).sqrt()) as f32
            }));
        }
        parameters.extend(identity);
        parameters
    }

    fn steps(&self) -> usize {
        self.task.steps
    }

    fn begin(&mut self, parameters: &[f32], mask: Option<&Mask>, at: usize) -> Result<()> {
        self.at = at;
        self.store(parameters, mask)
    }

    fn step(&mut self, factor: f64, _: &mut dyn Rng) -> Result<()> {
        headstart_simd::arch().dispatch(self.part());
        let left = 1.0 - (self.at as f64 / self.task.steps as f64).min(1.0);
        self.optimiser.step(self.task.rate * factor * left, &mut self.values, &self.gradients)?;
        self.at += 1;
        Ok(())
    }

    fn value(&mut self) -> Result<f64> {
        Ok(f64::from(headstart_simd::arch().dispatch(Part { backward: false, ..self.part() })))
    }

    fn ends(&self) -> Vec<f32> {
        self.spread(&self.values)
    }

    fn gradient(&mut self, parameters: &[f32], _: &mut dyn Rng) -> Result<(Vec<f32>, f64)> {
        Ok((self.error_and_gradient(parameters, None)?.1, 1.0))
    }

    fn flow(&mut self, parameters: &[f32]) -> Result<(Vec<f32>, f64)> {
        let sizes: Vec<f32> = parameters.iter().map(|w| w.abs()).collect();
        self.store(&sizes, None)?;
        headstart_simd::arch().dispatch(Part { flow: true, ..self.part() });
        Ok((self.spread(&self.gradients), 1.0))
    }
}

/// Returns input and output unit of every weight of a layer, ordered by output: all channels of the 3 x 3 neighbourhood
/// inside the grid.
fn windows() -> Vec<[u32; 2]> {
    let near = |at: usize| at.saturating_sub(1)..(at + 2).min(SIDE);
    let mut edges = Vec::new();
    for output in 0..UNITS {
        let (y, x) = (output / CHANNELS / SIDE, output / CHANNELS % SIDE);
        for i in near(y) {
            for j in near(x) {
                edges.extend((0..CHANNELS).map(|c| [((i * SIDE + j) * CHANNELS + c) as u32, output as u32]));
            }
        }
    }
    edges
}
