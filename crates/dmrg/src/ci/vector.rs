//! CI wave functions.

use super::determinant::Determinant;

/// A normalised superposition of determinants.
#[derive(Clone, Debug, PartialEq)]
pub struct CiVector {
    /// Number of spatial orbitals.
    pub orbitals: usize,
    /// The determinants, without duplicates.
    pub determinants: Vec<Determinant>,
    /// Their coefficients in alpha-then-beta order; the squares sum to 1.
    pub coefficients: Vec<f64>,
    /// Energy from the diagonalisation, in Hartree.
    pub energy: f64,
    /// Cost, in multiply-adds.
    pub work: f64,
}

impl CiVector {
    /// Creates a vector, with its sign chosen so that the largest coefficient is positive.
    pub(super) fn new(
        orbitals: usize,
        determinants: Vec<Determinant>,
        mut coefficients: Vec<f64>,
        energy: f64,
        work: f64,
    ) -> Self {
        let largest = coefficients.iter().fold(0.0_f64, |most, c| if c.abs() > most.abs() { *c } else { most });
        if largest < 0.0 {
            for c in &mut coefficients {
                *c = -*c;
            }
        }
        Self { orbitals, determinants, coefficients, energy, work }
    }

    /// Returns the `count` determinants with the largest coefficients, largest first, normalised again. Energy and work
    /// stay those of the whole vector.
    #[must_use]
    pub fn largest(&self, count: usize) -> Self {
        let mut order: Vec<usize> = (0..self.determinants.len()).collect();
        let size = |i: usize| self.coefficients[i].abs();
        order.sort_by(|a, b| size(*b).total_cmp(&size(*a)).then(a.cmp(b)));
        order.truncate(count.max(1));
        let norm = order.iter().map(|i| size(*i).powi(2)).sum::<f64>().sqrt();
        Self {
            determinants: order.iter().map(|i| self.determinants[*i]).collect(),
            coefficients: order.iter().map(|i| self.coefficients[*i] / norm).collect(),
            ..*self
        }
    }

    /// Returns the vector as product states with weights, the input of
    /// [`Mps::from_product_states`](crate::Mps::from_product_states). A product state lists the local states of the
    /// sites, ascending: 0 empty, 1 up, 2 down, 3 both (c†_up c†_down on empty). The weights include the sign of site
    /// order.
    pub fn product_states(&self) -> Vec<(Vec<u8>, f64)> {
        let state = |(d, c): (&Determinant, &f64)| (d.sites(self.orbitals), c * d.site_sign());
        self.determinants.iter().zip(&self.coefficients).map(state).collect()
    }

    /// Returns the weight of a determinant in the state, 0 to 1.
    pub fn weight(&self, determinant: Determinant) -> f64 {
        let place = self.determinants.iter().position(|d| *d == determinant);
        place.map_or(0.0, |i| self.coefficients[i].powi(2))
    }
}
