//! One thick-restart Lanczos run in the space that is orthogonal to what is locked.

use ndarray::{Array1, Array2, s};
use rand::Rng;

use super::basis::{direction, norm, orthogonalise};
use super::metered::Metered;
use super::wanted::Wanted;
use crate::{Eigh, Error, SymmetricOperator, eigh, product};

/// A gap between x'Ay and y'Ax beyond this (relative to the norm) is no rounding, not even single precision's.
const ASYMMETRY: f64 = 1e-3;
/// A next vector shorter than this (relative to the norm) is rounding: the basis spans an invariant subspace.
const NOTHING: f64 = 32.0 * f64::EPSILON;
/// A Ritz vector whose residual is this small a part of its value's distance to the wanted ones hides none of them:
/// what is hidden grows faster than what hides it, so it would have to have been this rare in a random first vector.
const HIDDEN: f64 = 1e-6;

pub(super) struct Run<'a, 'o, T: ?Sized, R> {
    wanted: &'a Wanted,
    operator: &'a mut Metered<'o, T>,
    locked: &'a Array2<f64>,
    locked_values: &'a [f64],
    rng: &'a mut R,
    /// Most rows of the basis in use, at most `room`.
    limit: usize,
    /// Dimension of the space.
    room: usize,
    /// Orthonormal rows: `used` that the operator was applied to, and the next one.
    basis: Array2<f64>,
    used: usize,
    /// The operator on the rows in use.
    projected: Array2<f64>,
    /// What the operator takes each row in use to along the next one.
    coupling: Array1<f64>,
}

impl<'a, 'o, T: SymmetricOperator + ?Sized, R: Rng> Run<'a, 'o, T, R> {
    /// There must be room besides what is locked.
    pub(super) fn new(
        wanted: &'a Wanted,
        operator: &'a mut Metered<'o, T>,
        locked: &'a Array2<f64>,
        locked_values: &'a [f64],
        start: Option<Array1<f64>>,
        rng: &'a mut R,
    ) -> Self {
        let n = operator.dim();
        let room = n - locked.nrows();
        let limit = wanted.subspace.min(room);
        let mut basis = Array2::zeros((limit + 1, n));
        let mut first = start.unwrap_or_else(|| direction(n, &[locked.view()], rng));
        let before = norm(&first);
        let after = orthogonalise(&mut first, &[locked.view()]);
        if after > 1e-10 * before {
            first /= after;
        } else {
            first = direction(n, &[locked.view()], rng);
        }
        basis.row_mut(0).assign(&first);
        let projected = Array2::zeros((limit, limit));
        let coupling = Array1::zeros(limit);
        Self { wanted, operator, locked, locked_values, rng, limit, room, basis, used: 0, projected, coupling }
    }

    /// The lowest values of the space (enough of them to go beyond the wanted ones) and their vectors as rows.
    pub(super) fn pairs(&mut self) -> Result<(Vec<f64>, Array2<f64>), Error> {
        let mut look_at = self.wanted.count + 8;
        loop {
            self.step()?;
            let is_closed = self.coupling.iter().all(|entry| *entry == 0.0);
            let is_spent = self.operator.applications() >= self.wanted.max_applications;
            // Looking costs the cube of the rows in use: rarely enough that all looks cost as much as the last.
            let is_whole = is_closed && (self.used >= self.wanted.count || !self.locked_values.is_empty());
            if !is_whole && !is_spent && self.used < look_at.min(self.limit) {
                continue;
            }
            let ritz = eigh(self.projected.slice(s![..self.used, ..self.used]))?;
            let residuals = self.residuals(&ritz);
            let settled = self.settled(&ritz, &residuals);
            if self.is_enough(&ritz, &residuals, settled) {
                let vectors = self.rows(&ritz, settled);
                return Ok((ritz.values.slice(s![..settled]).to_vec(), vectors));
            }
            if is_spent {
                let unit = self.operator.unit();
                let residuals = residuals.iter().take(self.wanted.count).map(|residual| residual * unit);
                return Err(Error::Unsettled {
                    wanted: self.wanted.count,
                    applications: self.operator.applications(),
                    residuals: residuals.collect(),
                });
            }
            if self.used == self.limit {
                self.restart(&ritz);
            }
            look_at = self.used + (self.used / 4).max(8);
        }
    }

    /// Applies the operator to the next row, which joins those in use, and finds another next one.
    fn step(&mut self) -> Result<(), Error> {
        let at = self.used;
        let mut w = self.operator.apply(self.basis.row(at))?;
        for (i, &entry) in self.coupling.iter().enumerate().take(at) {
            self.projected[[i, at]] = entry;
            self.projected[[at, i]] = entry;
            if entry != 0.0 {
                w.scaled_add(-entry, &self.basis.row(i));
            }
        }
        let own = self.basis.row(at).dot(&w);
        self.projected[[at, at]] = own;
        w.scaled_add(-own, &self.basis.row(at));
        self.operator.has_seen(own);
        self.refuse_asymmetry(&w)?;

        self.used += 1;
        let rows = [self.locked.view(), self.basis.slice(s![..self.used, ..])];
        let length = orthogonalise(&mut w, &rows);
        self.coupling.fill(0.0);
        if self.used == self.room {
            return Ok(());
        }
        self.operator.has_seen(length);
        if length > NOTHING * self.operator.norm() {
            self.coupling[at] = length;
            w /= length;
        } else {
            w = direction(w.len(), &rows, self.rng);
        }
        self.basis.row_mut(self.used).assign(&w);
        Ok(())
    }

    /// A symmetric operator takes the next row nowhere along earlier ones but where they were taken along it.
    fn refuse_asymmetry(&self, w: &Array1<f64>) -> Result<(), Error> {
        // One earlier row will do: any asymmetry shows in some step.
        let Some(row) = self.used.checked_sub(1) else { return Ok(()) };
        let gap = self.basis.row(row).dot(w).abs();
        let norm = self.operator.norm().max(self.coupling[row].abs());
        if gap > ASYMMETRY * norm { Err(Error::NotSymmetric { gap: gap / norm }) } else { Ok(()) }
    }

    /// |A x - value x| for each Ritz pair, from its last entries (Wu and Simon 2000, section 2).
    fn residuals(&self, ritz: &Eigh) -> Vec<f64> {
        ritz.vectors
            .columns()
            .into_iter()
            .map(|column| column.dot(&self.coupling.slice(s![..self.used])).abs())
            .collect()
    }

    /// How many pairs have converged, counted from the lowest.
    fn settled(&mut self, ritz: &Eigh, residuals: &[f64]) -> usize {
        for value in &ritz.values {
            self.operator.has_seen(*value);
        }
        let allowed = self.wanted.tolerance * self.operator.norm();
        residuals.iter().take_while(|residual| **residual <= allowed).count()
    }

    /// Whether no wanted value can be left among those not settled.
    fn is_enough(&self, ritz: &Eigh, residuals: &[f64], settled: usize) -> bool {
        if settled == self.room {
            return true;
        }
        let mut values = self.locked_values.to_vec();
        values.extend(ritz.values.iter().take(settled));
        let highest = self.wanted.highest(&values);
        let slack = self.wanted.tolerance * self.operator.norm();
        let is_past = settled > 0 && ritz.values[settled - 1] >= highest - slack;
        let is_beyond = || settled < self.used && residuals[settled] <= HIDDEN * (ritz.values[settled] - highest);
        is_past || is_beyond()
    }

    /// The vectors of the lowest Ritz pairs.
    fn rows(&self, ritz: &Eigh, count: usize) -> Array2<f64> {
        product(&ritz.vectors.slice(s![.., ..count]).t(), &self.basis.slice(s![..self.used, ..]))
    }

    /// Keeps the lowest Ritz vectors and the next row: the thick restart.
    fn restart(&mut self, ritz: &Eigh) {
        // Those beyond the wanted ones keep the part of the spectrum next to them from having to be found again.
        let keep = (self.wanted.count + (self.limit - self.wanted.count) / 2).min(self.limit - 1);
        let coupling = ritz.vectors.t().dot(&self.coupling.slice(s![..self.used]));
        let kept = self.rows(ritz, keep);
        let next = self.basis.row(self.used).to_owned();
        self.basis.slice_mut(s![..keep, ..]).assign(&kept);
        self.basis.row_mut(keep).assign(&next);
        self.projected.fill(0.0);
        self.projected.diag_mut().slice_mut(s![..keep]).assign(&ritz.values.slice(s![..keep]));
        self.coupling.fill(0.0);
        self.coupling.slice_mut(s![..keep]).assign(&coupling.slice(s![..keep]));
        self.used = keep;
    }
}
