//! Sweeps of two-site DMRG.

use std::ops::ControlFlow;

use headstart_check::check;
use rand::Rng;

use super::davidson::{self, Pool};
use super::deflation::{Known, raise};
use super::effective::{Effective, joined, local_states};
use super::noise;
use super::options::{Options, Stage};
use super::plan::Workspace;
use super::split::{Direction, split};
use crate::environment::{Environment, Side};
use crate::kernel::dot;
use crate::{Error, Mpo, Mps};

/// A run of two-site DMRG.
#[derive(Clone, Copy, Debug)]
pub struct Dmrg<'a> {
    hamiltonian: &'a Mpo,
    options: &'a Options,
    known: &'a [Mps],
    weight: f64,
}

/// The state of a run after a local step, as passed to the observer.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Number of complete half-sweeps, including this one if it is complete.
    pub half_sweeps: usize,
    /// The left of the two sites.
    pub site: usize,
    /// Energy before the truncation.
    pub energy: f64,
    /// Work so far, in multiply-adds / 1e6: products with the effective Hamiltonian, environments and noise.
    pub work: f64,
    /// Products with the effective Hamiltonian in this step.
    pub products: usize,
    /// Weight discarded in this step.
    pub discarded: f64,
    /// Whether this step ends a half-sweep.
    pub ends_half_sweep: bool,
    /// The state, with its centre on the site that the next step shares with this one.
    pub state: &'a Mps,
}

/// Summary of a complete half-sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfSweep {
    /// Energy of the last step.
    pub energy: f64,
    /// Lowest energy of the steps.
    pub lowest: f64,
    /// Largest weight discarded in a step.
    pub discarded: f64,
    /// Largest bond dimension afterwards.
    pub bond_dimension: usize,
    /// Number of products with effective Hamiltonians.
    pub products: usize,
    /// Work of the run so far, in multiply-adds / 1e6.
    pub work: f64,
    /// Entropy of every bond between the sites, in nats, measured during the sweep.
    pub entropies: Vec<f64>,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The energy changed by at most the tolerance.
    Converged,
    /// The schedule ended.
    Schedule,
    /// The observer stopped the run.
    Stopped,
}

/// Result of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The final state.
    pub state: Mps,
    /// Energy of the last step before its truncation, including the constant of the Hamiltonian. Infinite if no step
    /// was made.
    pub energy: f64,
    /// The half-sweeps.
    pub half_sweeps: Vec<HalfSweep>,
    /// Work, in multiply-adds / 1e6.
    pub work: f64,
    /// Why the run ended.
    pub ending: Ending,
}

impl<'a> Dmrg<'a> {
    /// Creates a run. Errors: options out of range, a Hamiltonian of fewer than two sites.
    pub fn new(hamiltonian: &'a Mpo, options: &'a Options) -> Result<Self, Error> {
        options.check()?;
        if hamiltonian.len() < 2 {
            return Err(Error::Length { what: "sites", found: hamiltonian.len(), expected: 2 });
        }
        Ok(Self { hamiltonian, options, known: &[], weight: 0.0 })
    }

    /// Raises the energy of known states by `weight`, so that the run finds the lowest state orthogonal to them: an excited
    /// state of the same charges. The weight must exceed the excitation energy; the energy of the result has no part of it.
    ///
    /// Errors: states of other sites, a weight that is not finite and positive.
    pub fn orthogonal_to(mut self, known: &'a [Mps], weight: f64) -> Result<Self, Error> {
        check(weight > 0.0 && weight.is_finite(), "the weight of known states", weight, "positive and finite")?;
        known.iter().try_for_each(|state| state.check_hamiltonian(self.hamiltonian))?;
        (self.known, self.weight) = (known, weight);
        Ok(self)
    }

    /// Sweeps from `start` until the schedule ends, the energy converges or `observe` breaks. A start whose centre is
    /// on the last site is first swept leftwards, any other one rightwards. Only noise uses `rng`.
    ///
    /// Errors: a state of different sites; a numerical overflow.
    pub fn run(
        &self,
        start: Mps,
        rng: &mut impl Rng,
        mut observe: impl FnMut(&Step<'_>) -> ControlFlow<()>,
    ) -> Result<Outcome, Error> {
        start.check_hamiltonian(self.hamiltonian)?;
        if let Some(known) = self.known.first() {
            start.check_like(known)?;
        }
        let mut sweeper = Sweeper::new(self.hamiltonian, start, self.known, self.weight)?;
        let mut half_sweeps: Vec<HalfSweep> = Vec::new();
        let mut energy = f64::INFINITY;
        let ending = loop {
            let Some((stage, last)) = self.options.stage(half_sweeps.len()) else { break Ending::Schedule };
            let stopped = sweeper.half_sweep(stage, &mut half_sweeps, rng, &mut observe, &mut energy)?;
            if stopped {
                break Ending::Stopped;
            }
            if let [.., before, _, now] = &half_sweeps[..]
                && last
                && self.options.stage(half_sweeps.len() - 3).is_some_and(|(_, last)| last)
                && (before.energy - now.energy).abs() <= self.options.energy_tolerance
                && self.options.energy_tolerance > 0.0
            {
                break Ending::Converged;
            }
        };
        Ok(Outcome { state: sweeper.state, energy, half_sweeps, work: sweeper.work / 1e6, ending })
    }
}

struct Sweeper<'a> {
    hamiltonian: &'a Mpo,
    state: Mps,
    /// Environments by bond; bond k is left of site k. Only those are kept that the next step and those behind it need.
    lefts: Vec<Option<Environment>>,
    rights: Vec<Option<Environment>>,
    workspace: Workspace,
    pool: Pool,
    work: f64,
    known: Vec<Known<'a>>,
    /// What known states are raised by.
    weight: f64,
}

impl<'a> Sweeper<'a> {
    fn new(hamiltonian: &'a Mpo, mut state: Mps, known: &'a [Mps], weight: f64) -> Result<Self, Error> {
        let n = state.len();
        if state.center() + 1 != n {
            state.move_center(0)?;
        }
        let mut lefts = vec![None; n + 1];
        let mut rights = vec![None; n + 1];
        lefts[0] = Some(Environment::end(Side::Left, state.tensor(0).left(), hamiltonian.classes(0)));
        rights[n] = Some(Environment::end(Side::Right, state.tensor(n - 1).right(), hamiltonian.classes(n)));
        let mut sweeper = Self {
            hamiltonian,
            state,
            lefts,
            rights,
            workspace: Workspace::default(),
            pool: Pool::default(),
            work: 0.0,
            known: known.iter().map(Known::new).collect(),
            weight,
        };
        if sweeper.state.center() == 0 {
            (2..n).rev().for_each(|site| sweeper.grow_right(site));
        } else {
            (0..n - 2).for_each(|site| sweeper.grow_left(site));
        }
        Ok(sweeper)
    }

    /// Grows the left environment of bond `site + 1` from that of bond `site`.
    fn grow_left(&mut self, site: usize) {
        if let Some(environment) = &self.lefts[site] {
            let (grown, work) = environment.grow(self.state.tensor(site), self.hamiltonian, site, &mut self.workspace);
            self.lefts[site + 1] = Some(grown);
            self.work += work;
        }
        self.known.iter_mut().for_each(|known| known.grow_left(site, self.state.tensor(site)));
    }

    /// Grows the right environment of bond `site` from that of bond `site + 1`.
    fn grow_right(&mut self, site: usize) {
        if let Some(environment) = &self.rights[site + 1] {
            let (grown, work) = environment.grow(self.state.tensor(site), self.hamiltonian, site, &mut self.workspace);
            self.rights[site] = Some(grown);
            self.work += work;
        }
        self.known.iter_mut().for_each(|known| known.grow_right(site, self.state.tensor(site)));
    }

    /// Runs one half-sweep, away from the end where the centre is. Returns whether the observer stopped it.
    fn half_sweep(
        &mut self,
        stage: &Stage,
        done: &mut Vec<HalfSweep>,
        rng: &mut impl Rng,
        observe: &mut impl FnMut(&Step<'_>) -> ControlFlow<()>,
        energy: &mut f64,
    ) -> Result<bool, Error> {
        let n = self.state.len();
        let direction = if self.state.center() == 0 { Direction::Right } else { Direction::Left };
        let mut report = HalfSweep {
            energy: f64::INFINITY,
            lowest: f64::INFINITY,
            discarded: 0.0,
            bond_dimension: 0,
            products: 0,
            work: 0.0,
            entropies: vec![0.0; n - 1],
        };
        for step in 0..n - 1 {
            let site = if direction == Direction::Right { step } else { n - 2 - step };
            let local = self.local_step(site, direction, stage, rng)?;
            *energy = local.energy;
            report.energy = local.energy;
            report.lowest = report.lowest.min(local.energy);
            report.discarded = report.discarded.max(local.discarded);
            report.products += local.products;
            report.entropies[site] = local.entropy;
            let ends = step + 2 == n;
            if ends {
                report.bond_dimension = self.state.largest_bond();
                report.work = self.work / 1e6;
                done.push(report.clone());
            }
            let seen = Step {
                half_sweeps: done.len(),
                site,
                energy: local.energy,
                work: self.work / 1e6,
                products: local.products,
                discarded: local.discarded,
                ends_half_sweep: ends,
                state: &self.state,
            };
            if observe(&seen).is_break() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn local_step(
        &mut self,
        site: usize,
        direction: Direction,
        stage: &Stage,
        rng: &mut impl Rng,
    ) -> Result<Local, Error> {
        let local = local_states(self.hamiltonian, site);
        let mut theta = joined(self.state.tensor(site), self.state.tensor(site + 1), local.clone());
        let (Some(left), Some(right)) = (&self.lefts[site], &self.rights[site + 2]) else {
            return Err(Error::Norm { norm: 0.0 });
        };
        let effective = Effective::new(self.hamiltonian, site, left, right, &theta);
        let mut diagonal = effective.diagonal(&theta);
        let raised: Vec<Vec<f64>> = self.known.iter().map(|known| known.vector(site, &theta, local.clone())).collect();
        for vector in &raised {
            diagonal.iter_mut().zip(vector).for_each(|(d, v)| *d += self.weight * v * v);
        }
        let (workspace, weight) = (&mut self.workspace, self.weight);
        let settings = (stage.residual, stage.products);
        let apply = |x: &[f64], y: &mut [f64]| {
            effective.apply(x, y, workspace);
            raise(&raised, weight, x, y);
        };
        let found = davidson::lowest(apply, &diagonal, &mut theta.data, settings, &mut self.pool)?;
        let of_known = 2 * raised.iter().map(Vec::len).sum::<usize>();
        self.work += (effective.work() + of_known as f64) * found.products as f64;
        let overlaps = raised.iter().map(|vector| dot(vector, &theta.data).powi(2)).sum::<f64>();
        if !found.energy.is_finite() {
            return Err(Error::NotFinite { what: "the energy" });
        }
        let sites = self.hamiltonian.sites();
        let charges = (sites[site].charges(), sites[site + 1].charges());
        let mut perturbation = None;
        if stage.noise > 0.0 {
            let (factor, work) =
                noise::factor(&theta, self.hamiltonian, site, (left, right), direction, rng, &mut self.workspace);
            self.work += work;
            perturbation = Some(factor);
        }
        let noise = perturbation.as_ref().map(|factor| (factor, stage.noise));
        let parts = split(&theta, charges, direction, stage.truncation, noise)?;
        let center = if direction == Direction::Right { site + 1 } else { site };
        self.state.put_pair(site, parts.left, parts.right, center);
        match direction {
            Direction::Right if site + 2 < self.state.len() => self.grow_left(site),
            Direction::Left if site > 0 => self.grow_right(site + 1),
            _ => {}
        }
        Ok(Local {
            energy: found.energy - self.weight * overlaps + self.hamiltonian.constant(),
            products: found.products,
            discarded: parts.discarded,
            entropy: parts.entropy,
        })
    }
}

struct Local {
    energy: f64,
    products: usize,
    discarded: f64,
    entropy: f64,
}
