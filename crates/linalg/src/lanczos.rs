//! A few eigenpairs from one end of a symmetric operator's spectrum: thick-restart Lanczos (Wu and Simon 2000,
//! SIAM J. Matrix Anal. Appl. 22, 602), with full reorthogonalisation.
//!
//! One Lanczos run finds only one vector of each eigenspace: the projection of its first vector. So the pairs found by
//! a run are locked, and another run with a random first vector searches the rest, until a run finds no value below
//! those at hand ([`search()`]). This also finds pairs that the first vector lacked by chance.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use rand::Rng;

use self::metered::Metered;
use self::polish::polish;
use self::search::search;
use self::wanted::Wanted;
use crate::{Error, SymmetricOperator};

mod basis;
mod eigenpairs;
mod metered;
mod polish;
mod run;
mod search;
mod wanted;

pub use self::eigenpairs::Eigenpairs;

/// Options of a search for eigenpairs. `Lanczos::default()` suits most operators.
#[derive(Clone, Debug)]
pub struct Lanczos<'a> {
    /// A pair (value, v) has converged if |A v - value v| is at most `tolerance` times the norm of A (estimated by the
    /// largest Ritz value). The default is 1e-10. Because of rounding, smaller values than 1e-13 count as 1e-13. The
    /// error of a value is about the squared residual over its gap to the others; that of a vector is about the
    /// residual over the gap.
    pub tolerance: f64,
    /// Maximum number of operator applications, 20,000 by default. (Another `count` are spent at the end to measure the
    /// residuals.)
    pub max_applications: usize,
    /// Maximum number of basis vectors; 2 count + 30 by default. More vectors need fewer applications, but more memory
    /// and time for each. This pays off if the operator is expensive or the gaps are tiny.
    pub subspace: Option<usize>,
    /// First vector, a guess for the wanted ones; random by default. It must not be orthogonal to the first wanted
    /// vector: with a count of 1 this would not be noticed.
    pub start: Option<ArrayView1<'a, f64>>,
    /// Vectors to deflate, as columns, shape (n, d): the operator is restricted to their orthogonal complement. They
    /// need not be orthonormal or independent.
    pub deflate: Option<ArrayView2<'a, f64>>,
}

impl Default for Lanczos<'_> {
    fn default() -> Self {
        Self { tolerance: 1e-10, max_applications: 20_000, subspace: None, start: None, deflate: None }
    }
}

/// Returns the `count` lowest eigenvalues with their vectors, each repeated by its multiplicity.
///
/// The random generator draws first vectors and restarts; the result depends on it only within the tolerance. If about
/// half of all pairs or more are wanted, [`eigh`](crate::eigh) is faster.
///
/// ```
/// use headstart_linalg::{Csr, Lanczos, lowest_eigenpairs};
/// use rand::SeedableRng;
///
/// // The Laplacian of two linked points has the values 0 and 2.
/// let laplacian = Csr::new(vec![0, 2, 4], vec![0, 1, 0, 1], vec![1.0, -1.0, -1.0, 1.0])?;
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let found = lowest_eigenpairs(&laplacian, 1, &Lanczos::default(), &mut rng)?;
/// assert!(found.values[0].abs() < 1e-14 && found.residuals[0] < 1e-14);
/// assert!((found.vectors[[0, 0]] - 0.5f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), headstart_linalg::Error>(())
/// ```
///
/// Errors: more pairs than exist, an invalid tolerance, options whose shapes do not match or that are not finite, an
/// operator that is not symmetric or whose products are not finite, and [`Error::Unsettled`] with the residuals if the
/// applications did not suffice.
pub fn lowest_eigenpairs(
    operator: &(impl SymmetricOperator + ?Sized),
    count: usize,
    options: &Lanczos<'_>,
    rng: &mut impl Rng,
) -> Result<Eigenpairs, Error> {
    from_below(Metered::new(operator, 1.0), count, options, rng)
}

/// Returns the `count` highest eigenvalues with their vectors, highest first; otherwise like [`lowest_eigenpairs`].
pub fn highest_eigenpairs(
    operator: &(impl SymmetricOperator + ?Sized),
    count: usize,
    options: &Lanczos<'_>,
    rng: &mut impl Rng,
) -> Result<Eigenpairs, Error> {
    from_below(Metered::new(operator, -1.0), count, options, rng)
}

fn from_below<T: SymmetricOperator + ?Sized>(
    mut operator: Metered<'_, T>,
    count: usize,
    options: &Lanczos<'_>,
    rng: &mut impl Rng,
) -> Result<Eigenpairs, Error> {
    if !(options.tolerance >= 0.0 && options.tolerance.is_finite()) {
        return Err(Error::BadTolerance { value: options.tolerance });
    }
    let n = operator.dim();
    let deflated = basis::orthonormal(n, options.deflate)?;
    let start = basis::start(n, options.start)?;
    let available = n - deflated.nrows();
    if count > available {
        return Err(Error::TooMany { wanted: count, available });
    }
    if count == 0 {
        return Ok(Eigenpairs {
            values: Array1::zeros(0),
            vectors: Array2::zeros((n, 0)),
            residuals: Array1::zeros(0),
            applications: 0,
        });
    }
    let tolerance = options.tolerance.max(1e-13);
    let wanted = Wanted {
        count,
        // Half of the tolerance is left for the effect of the pairs on each other, since each run stops at its own
        // tolerance.
        tolerance: tolerance / 2.0,
        max_applications: options.max_applications,
        subspace: options.subspace.unwrap_or(2 * count + 30).max(count + 2),
    };
    let found = search(&wanted, &mut operator, &deflated, start, rng)?;
    polish(operator, &found, &deflated, tolerance)
}
