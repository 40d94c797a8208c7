//! The start of a run: the initial inverse Hessian and the limit of the first step.

use headstart_check::check;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::low_rank::LowRank;
use crate::packed::PackedSymmetric;
use crate::tiles::Tiles;
use crate::vector::all_finite;

/// Maximum difference of mirrored entries, as a fraction of their size.
const ASYMMETRY: f64 = 1e-8;

/// The initial inverse Hessian H0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum InitialInverseHessian {
    /// A multiple of the identity; the customary multiple is 1.
    Scaled(f64),
    /// A multiple of the identity, updated by a few pairs.
    LowRank(LowRank),
    /// A full matrix, assumed positive definite: from the end of another run, or from [`from_dense`](Self::from_dense).
    Dense(PackedSymmetric),
}

/// How a run begins, apart from x0. A reset of the run returns to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The initial inverse Hessian.
    pub h0: InitialInverseHessian,
    /// Multiply H0 by s'y / y'H0y before the first update (for H0 = I: Nocedal & Wright (6.20); Shanno & Phua 1978).
    pub rescale_after_first_step: bool,
    /// Maximum length of the first trial step, in units of x. `None`: the first trial step is -H0 g.
    pub first_step_at_most: Option<f64>,
}

impl From<InitialInverseHessian> for Start {
    /// A start with this H0, with the first trial step -H0 g and without rescaling.
    fn from(h0: InitialInverseHessian) -> Self {
        Self { h0, rescale_after_first_step: false, first_step_at_most: None }
    }
}

impl InitialInverseHessian {
    /// Checks a matrix of your own, shape (n, n): it must be finite, symmetric up to rounding (1e-8 relative) and
    /// positive definite.
    ///
    /// Asymmetry from rounding is removed, so that the inverse Hessian of another library can be passed unchanged.
    pub fn from_dense(a: ArrayView2<'_, f64>) -> Result<Self, Error> {
        let (rows, columns) = a.dim();
        if rows != columns {
            return Err(Error::H0NotSquare { rows, columns });
        }
        if let Some(((row, col), &value)) = a.indexed_iter().find(|(_, value)| !value.is_finite()) {
            return Err(Error::H0NonFinite { row, col, value });
        }
        if let Some((row, col)) = worst_asymmetry(a) {
            return Err(Error::H0Asymmetric { row, col, lower: a[[row, col]], upper: a[[col, row]] });
        }
        let packed = PackedSymmetric::symmetric_part(a);
        match headstart_linalg::cholesky(packed.to_dense().view()) {
            Ok(_) => Ok(Self::Dense(packed)),
            Err(headstart_linalg::Error::NotPositiveDefinite { pivot, .. }) => {
                Err(Error::H0NotPositiveDefinite { pivot })
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Refuses an H0 that does not fit n unknowns or cannot be positive definite.
    pub(crate) fn check(&self, n: usize) -> Result<(), Error> {
        let size = |what, given| if given == n { Ok(()) } else { Err(Error::Dimension { what, given, expected: n }) };
        let gamma = match self {
            Self::Scaled(gamma) => *gamma,
            Self::LowRank(low_rank) => {
                for pair in &low_rank.pairs {
                    size("the s of a pair in H0", pair.s.len())?;
                    size("the y of a pair in H0", pair.y.len())?;
                }
                low_rank.gamma
            }
            Self::Dense(packed) => {
                size("each row of H0", packed.dim())?;
                if !all_finite(packed.as_slice()) {
                    // Returns the error that names the entry.
                    Self::from_dense(packed.to_dense().view())?;
                }
                return Ok(());
            }
        };
        check(gamma > 0.0 && gamma.is_finite(), "the scale of H0", gamma, "positive and finite")?;
        Ok(())
    }

    pub(crate) fn fill(&self, h: &mut Tiles) {
        match self {
            Self::Scaled(gamma) => h.set_scaled_unit(*gamma),
            Self::LowRank(low_rank) => low_rank.fill(h),
            Self::Dense(packed) => h.copy_from(packed),
        }
    }
}

/// The most asymmetric entry below the diagonal, if its asymmetry exceeds rounding.
///
/// The asymmetry is relative to the entry or to the geometric mean of its diagonal entries, whichever is larger. That
/// measure does not depend on the units of the unknowns.
fn worst_asymmetry(a: ArrayView2<'_, f64>) -> Option<(usize, usize)> {
    let mut worst = (ASYMMETRY, None);
    for row in 0..a.nrows() {
        for col in 0..row {
            let (lower, upper) = (a[[row, col]], a[[col, row]]);
            let diagonal = a[[row, row]].abs().sqrt() * a[[col, col]].abs().sqrt();
            let size = lower.abs().max(upper.abs()).max(diagonal);
            // Halves first: the difference of two huge numbers could overflow.
            let relative = 2.0 * ((0.5 * lower - 0.5 * upper) / size).abs();
            if relative > worst.0 {
                worst = (relative, Some((row, col)));
            }
        }
    }
    worst.1
}
