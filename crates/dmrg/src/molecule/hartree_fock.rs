//! Restricted Hartree-Fock with DIIS (Pulay 1982), and the orbitals of a molecule.

use headstart_linalg::product;
use ndarray::{Array1, Array2, s};

use super::geometry::{Atomic, Hydrogens};
use crate::integrals::transform;
use crate::{Error, Integrals};

/// The orthonormal orbitals in which a molecule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Orbitals {
    /// Eigenvectors of the Fock operator, ascending in energy.
    Canonical,
    /// Löwdin orbitals (1950), each localised near one atom: the columns of S^(-1/2).
    Lowdin,
}

/// A converged closed-shell Hartree-Fock solution.
#[derive(Clone, Debug)]
pub struct HartreeFock {
    /// Total energy, in Hartree.
    pub energy: f64,
    /// Orbital energies, ascending, in Hartree, shape (n).
    pub orbital_energies: Array1<f64>,
    /// Orbitals as columns of coefficients over the atoms' functions, shape (n, n).
    pub orbitals: Array2<f64>,
    /// Number of iterations.
    pub iterations: usize,
}

const MOST_ITERATIONS: usize = 300;
/// Largest entry of FDS - SDF at convergence, in Hartree.
const CONVERGED: f64 = 1e-10;
/// Number of Fock matrices that DIIS keeps.
const REMEMBERED: usize = 8;

impl Hydrogens {
    /// Runs restricted Hartree-Fock, starting from the eigenvectors of the core Hamiltonian.
    ///
    /// Errors: an odd number of atoms, no convergence.
    pub fn hartree_fock(&self) -> Result<HartreeFock, Error> {
        self_consistent(&self.integrals(), self.positions().len())
    }

    /// Returns the Hamiltonian of the neutral molecule, with as many electrons of spin up as down (one more up if odd).
    ///
    /// Errors: for canonical orbitals, those of [`hartree_fock`](Self::hartree_fock).
    pub fn hamiltonian(&self, orbitals: Orbitals) -> Result<Integrals, Error> {
        let atomic = self.integrals();
        let n = self.positions().len();
        let c = match orbitals {
            Orbitals::Canonical => self_consistent(&atomic, n)?.orbitals,
            Orbitals::Lowdin => inverse_root(&atomic.overlap)?,
        };
        let (one, two) = transform(atomic.one.view(), atomic.two.view(), c.view());
        Integrals::new(one.view(), two.view(), atomic.core, (n.div_ceil(2), n / 2))
    }
}

/// S^(-1/2).
fn inverse_root(overlap: &Array2<f64>) -> Result<Array2<f64>, Error> {
    let eigh = headstart_linalg::eigh(overlap.view())?;
    let scaled = &eigh.vectors / &eigh.values.mapv(|value| value.max(1e-12).sqrt());
    Ok(product(&scaled, &eigh.vectors.t()))
}

fn self_consistent(atomic: &Atomic, electrons: usize) -> Result<HartreeFock, Error> {
    if electrons % 2 == 1 {
        return Err(Error::OpenShell { electrons });
    }
    let x = inverse_root(&atomic.overlap)?;
    let orbitals_of = |fock: &Array2<f64>| -> Result<(Array1<f64>, Array2<f64>), Error> {
        let eigh = headstart_linalg::eigh(product(&product(&x.t(), fock), &x).view())?;
        Ok((eigh.values, product(&x, &eigh.vectors)))
    };
    let density_of = |c: &Array2<f64>| {
        let occupied = c.slice(s![.., ..electrons / 2]);
        product(&occupied, &occupied.t()) * 2.0
    };
    let mut density = density_of(&orbitals_of(&atomic.one)?.1);
    let mut history = Diis::default();
    let mut residual = f64::INFINITY;
    for iterations in 1..=MOST_ITERATIONS {
        let fock = fock(atomic, &density);
        let energy = atomic.core + 0.5 * (&density * &(&fock + &atomic.one)).sum();
        let fds = product(&product(&fock, &density), &atomic.overlap);
        let error = product(&product(&x.t(), &(&fds - &fds.t())), &x);
        residual = error.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        if residual < CONVERGED {
            let (orbital_energies, orbitals) = orbitals_of(&fock)?;
            return Ok(HartreeFock { energy, orbital_energies, orbitals, iterations });
        }
        let (_, c) = orbitals_of(&history.extrapolate(fock, error)?)?;
        density = density_of(&c);
    }
    Err(Error::NotSelfConsistent { iterations: MOST_ITERATIONS, residual })
}

/// h + J - K/2 of a density matrix.
fn fock(atomic: &Atomic, density: &Array2<f64>) -> Array2<f64> {
    let n = density.nrows();
    Array2::from_shape_fn((n, n), |(i, j)| {
        let mut sum = atomic.one[[i, j]];
        for k in 0..n {
            for l in 0..n {
                let d = density[[k, l]];
                sum += d * (atomic.two[[i * n + j, k * n + l]] - 0.5 * atomic.two[[i * n + k, j * n + l]]);
            }
        }
        sum
    })
}

/// Direct inversion in the iterative subspace: extrapolates to the combination of past Fock matrices with the smallest
/// error.
#[derive(Default)]
struct Diis {
    kept: Vec<(Array2<f64>, Array2<f64>)>,
}

impl Diis {
    fn extrapolate(&mut self, fock: Array2<f64>, error: Array2<f64>) -> Result<Array2<f64>, Error> {
        if self.kept.len() == REMEMBERED {
            self.kept.remove(0);
        }
        self.kept.push((fock, error));
        let m = self.kept.len();
        let mut gram = Array2::from_shape_fn((m, m), |(i, j)| (&self.kept[i].1 * &self.kept[j].1).sum());
        // Scaled by the newest error, so that small errors stay solvable; the tiny diagonal shift keeps it positive
        // definite.
        let newest = gram[[m - 1, m - 1]];
        gram /= newest;
        gram.diag_mut().mapv_inplace(|value| value * (1.0 + 1e-12) + 1e-14);
        // The minimum of c'Gc with sum c = 1 is G^-1 1, normalised.
        let eigh = headstart_linalg::eigh(gram.view())?;
        let ones = eigh.vectors.t().dot(&Array1::<f64>::ones(m)) / &eigh.values.mapv(|value| value.max(1e-15));
        let weights = eigh.vectors.dot(&ones);
        let sum = weights.sum();
        let mut mixed = Array2::zeros(self.kept[0].0.dim());
        for ((fock, _), weight) in self.kept.iter().zip(&weights) {
            mixed.scaled_add(weight / sum, fock);
        }
        Ok(mixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::molecule::Basis;

    #[test]
    fn hartree_fock_energies_agree_with_pyscf() {
        let of =
            |atoms, spacing, basis| Hydrogens::chain(atoms, spacing, basis).unwrap().hartree_fock().unwrap().energy;
        for (atoms, spacing, basis, energy) in [
            (2, 1.4, Basis::Sto3g, -1.116_714_325_062_551),
            (4, 1.8, Basis::Sto3g, -2.113_428_915_126_412_3),
            (4, 3.6, Basis::Sto3g, -1.617_090_036_385_001_6),
            (8, 1.0, Basis::Sto3g, -3.041_251_537_893_927_5),
            (10, 1.8, Basis::Sto6g, -5.270_142_841_622_345),
            (10, 3.6, Basis::Sto6g, -4.104_931_980_512_22),
        ] {
            let found = of(atoms, spacing, basis);
            assert!((found - energy).abs() < 1e-8, "H{atoms} at {spacing}: {found} and {energy}");
        }
    }

    #[test]
    fn the_canonical_determinant_has_the_hartree_fock_energy() {
        let atoms = Hydrogens::chain(6, 1.8, Basis::Sto3g).unwrap();
        let field = atoms.hartree_fock().unwrap();
        let integrals = atoms.hamiltonian(Orbitals::Canonical).unwrap();
        let reference = crate::ci::Determinant::lowest(3, 3);
        assert!((crate::ci::diagonal_element(&integrals, reference) - field.energy).abs() < 1e-9);
        assert!(field.orbital_energies.iter().is_sorted());
    }

    #[test]
    fn odd_molecules_have_local_orbitals_only() {
        let atoms = Hydrogens::chain(3, 1.8, Basis::Sto3g).unwrap();
        assert!(atoms.hartree_fock().unwrap_err().to_string().contains("3 electrons"));
        let local = atoms.hamiltonian(Orbitals::Lowdin).unwrap();
        assert_eq!((local.alpha(), local.beta()), (2, 1));
    }
}
