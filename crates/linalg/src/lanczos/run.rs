//! One thick-restart Lanczos run in the orthogonal complement of the locked vectors.

use ndarray::{Array1, Array2, s};
use rand::Rng;

use super::basis::{direction, norm, orthogonalise};
use super::metered::Metered;
use super::wanted::Wanted;
use crate::{Eigh, Error, SymmetricOperator, eigh, product};

/// A difference of x'Ay and y'Ax beyond this (relative to the norm) is not a rounding error, even in single precision.
const ASYMMETRY: f64 = 1e-3;
/// A next vector shorter than this (relative to the norm) is a rounding error: the basis spans an invariant subspace.
const NOTHING: f64 = 32.0 * f64::EPSILON;
/// A Ritz vector hides no wanted one if its residual is below this share of the distance of its value to the wanted
/// ones. A hidden component grows faster than the vector that hides it, so its share of a random first vector would
/// have been this small.
const HIDDEN: f64 = 1e-6;

pub(super) struct Run<'a, 'o, T: ?Sized, R> {
    wanted: &'a Wanted,
    operator: &'a mut Metered<'o, T>,
    locked: &'a Array2<f64>,
    locked_values: &'a [f64],
    rng: &'a mut R,
    /// Maximum number of basis rows in use, at most `room`.
    limit: usize,
    /// Dimension of the space.
    room: usize,
    /// Orthonormal rows: `used` rows to which the operator was applied, and the next one.
    basis: Array2<f64>,
    used: usize,
    /// The operator on the rows in use.
    projected: Array2<f64>,
    /// Component along the next row of the operator applied to each row in use.
    coupling: Array1<f64>,
}

impl<'a, 'o, T: SymmetricOperator + ?Sized, R: Rng> Run<'a, 'o, T, R> {
    /// The locked vectors must not span the whole space.
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

    /// Returns the lowest values of the space (enough of them to go beyond the wanted ones), with their vectors as
    /// rows.
    pub(super) fn pairs(&mut self) -> Result<(Vec<f64>, Array2<f64>), Error> {
        let mut look_at = self.wanted.count + 8;
        loop {
            self.step()?;
            let is_closed = self.coupling.iter().all(|entry| *entry == 0.0);
            let is_spent = self.operator.applications() >= self.wanted.max_applications;
            // A check costs the cube of the rows in use, so checks are rare enough that all together cost about as much
            // as the last.
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

    /// Applies the operator to the next row, which joins those in use, and computes a new next row.
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

    /// If the operator is symmetric, it maps the next row onto earlier rows only as much as it maps them onto the next
    /// row.
    fn refuse_asymmetry(&self, w: &Array1<f64>) -> Result<(), Error> {
        // One earlier row suffices: asymmetry becomes visible in some step.
        let Some(row) = self.used.checked_sub(1) else { return Ok(()) };
        let gap = self.basis.row(row).dot(w).abs();
        let norm = self.operator.norm().max(self.coupling[row].abs());
        if gap > ASYMMETRY * norm { Err(Error::NotSymmetric { gap: gap / norm }) } else { Ok(()) }
    }

    /// Returns |A x - value x| for each Ritz pair, from its last entries (Wu and Simon 2000, section 2).
    fn residuals(&self, ritz: &Eigh) -> Vec<f64> {
        ritz.vectors
            .columns()
            .into_iter()
            .map(|column| column.dot(&self.coupling.slice(s![..self.used])).abs())
            .collect()
    }

    /// Returns the number of converged pairs, counted from the lowest.
    fn settled(&mut self, ritz: &Eigh, residuals: &[f64]) -> usize {
        for value in &ritz.values {
            self.operator.has_seen(*value);
        }
        let allowed = self.wanted.tolerance * self.operator.norm();
        residuals.iter().take_while(|residual| **residual <= allowed).count()
    }

    /// Whether no wanted value can be among the unconverged ones.
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

    /// Returns the vectors of the lowest Ritz pairs.
    fn rows(&self, ritz: &Eigh, count: usize) -> Array2<f64> {
        product(&ritz.vectors.slice(s![.., ..count]).t(), &self.basis.slice(s![..self.used, ..]))
    }

    /// Performs the thick restart: keeps the lowest Ritz vectors and the next row.
    fn restart(&mut self, ritz: &Eigh) {
        // Vectors beyond the wanted ones are kept, so that this part of the spectrum need not be found again.
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
