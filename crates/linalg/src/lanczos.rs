//! A few eigenpairs from one end of a symmetric operator's spectrum: thick-restart Lanczos (Wu and Simon 2000,
//! SIAM J. Matrix Anal. Appl. 22, 602), with full reorthogonalisation.
//!
//! One Lanczos run sees one vector of each eigenspace only (the part of it that its first vector holds). So the pairs
//! that a run finds are locked, and another run with a random first vector looks for more in what is left, until one
//! finds nothing below the pairs at hand ([`search()`]). That also catches a pair that the first vector lacked by chance.

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

/// How to look for eigenpairs. `Lanczos::default()` suits most operators.
#[derive(Clone, Debug)]
pub struct Lanczos<'a> {
    /// A pair (value, v) is found when |A v - value v| is at most this times the norm of A (estimated by the largest
    /// Ritz value). 1e-10 by default; rounding allows no less than 1e-13, which stands for anything smaller. The error
    /// of a value is about the square of that over its gap to the others, that of a vector is the residual over the gap.
    pub tolerance: f64,
    /// Applications of the operator before giving up, 20,000 by default. (Another `count` are spent in the end on
    /// measuring the residuals.)
    pub max_applications: usize,
    /// Most vectors in the basis; 2 count + 30 by default. More vectors mean fewer applications, and more memory and
    /// time for each: worth it where the operator is dear or the gaps are tiny.
    pub subspace: Option<usize>,
    /// First vector, a guess for the wanted ones; random by default. It must not be orthogonal to the first wanted
    /// vector: with a count of 1 nothing would notice.
    pub start: Option<ArrayView1<'a, f64>>,
    /// Vectors to leave out, as columns, shape (n, d): the operator is restricted to what is orthogonal to them. They
    /// need be neither orthonormal nor independent.
    pub deflate: Option<ArrayView2<'a, f64>>,
}

impl Default for Lanczos<'_> {
    fn default() -> Self {
        Self { tolerance: 1e-10, max_applications: 20_000, subspace: None, start: None, deflate: None }
    }
}

/// The `count` lowest eigenvalues with their vectors, each as often as its multiplicity.
///
/// The random generator gives first vectors and restarts; the answer depends on its state only within the tolerance.
/// Near half of all pairs and beyond, [`eigh`](crate::eigh) is faster.
///
/// ```
/// use headstart_linalg::{Csr, Lanczos, lowest_eigenpairs};
/// use rand::SeedableRng;
///
/// // Two points with a link between them, and its Laplacian: values 0 and 2.
/// let laplacian = Csr::new(vec![0, 2, 4], vec![0, 1, 0, 1], vec![1.0, -1.0, -1.0, 1.0])?;
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let found = lowest_eigenpairs(&laplacian, 1, &Lanczos::default(), &mut rng)?;
/// assert!(found.values[0].abs() < 1e-14 && found.residuals[0] < 1e-14);
/// assert!((found.vectors[[0, 0]] - 0.5f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), headstart_linalg::Error>(())
/// ```
///
/// Errors: more pairs than there are, a bad tolerance, options whose shapes do not fit or that are not finite, an
/// operator that is not symmetric or whose products are not finite, and [`Error::Unsettled`] with the residuals where
/// the applications did not suffice.
pub fn lowest_eigenpairs(
    operator: &(impl SymmetricOperator + ?Sized),
    count: usize,
    options: &Lanczos<'_>,
    rng: &mut impl Rng,
) -> Result<Eigenpairs, Error> {
    from_below(Metered::new(operator, 1.0), count, options, rng)
}

/// The `count` highest eigenvalues with their vectors, highest first; otherwise like [`lowest_eigenpairs`].
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
        // Half is left for what the pairs do to one another, since each run stops at its own tolerance.
        tolerance: tolerance / 2.0,
        max_applications: options.max_applications,
        subspace: options.subspace.unwrap_or(2 * count + 30).max(count + 2),
    };
    let found = search(&wanted, &mut operator, &deflated, start, rng)?;
    polish(operator, &found, &deflated, tolerance)
}
