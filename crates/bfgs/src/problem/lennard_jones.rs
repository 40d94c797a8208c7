//! The energy of a Lennard-Jones cluster.

use headstart_simd::Portable;
use ndarray::{Array2, s};
use rand::{Rng, RngExt};
use serde::Serialize;

use super::{Function, Instance, ProblemError};
use crate::objective::Objective;

/// f(x) = 4 sum over pairs of (r⁻¹² - r⁻⁶), in reduced units, and in a harmonic trap k/2 sum over atoms of r² on top. x holds
/// three coordinates per atom.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LennardJones {
    atoms: usize,
    /// The strength k of the trap.
    #[serde(skip_serializing_if = "is_open")]
    trap: f64,
}

/// Without a trap the serialised form is that of free atoms.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_open(trap: &f64) -> bool {
    *trap == 0.0
}

/// Minimum distance of two atoms in x0, so that f begins in the hundreds, not at 1e20.
const CLOSEST: f64 = 0.8;

/// Radius of the ball that x0 is drawn from, divided by the cube root of the number of atoms. The densest clusters have
/// about 0.6; the extra room ensures that atoms can always be placed one by one.
const RADIUS: f64 = 0.9;

/// Lowest known energies by number of atoms. Wales & Doye, J. Phys. Chem. A 101 (1997) 5111, and the Cambridge Cluster
/// Database give six decimals; the further decimals are from our own minimisation of the same structures.
const BEST_KNOWN: [(usize, f64); 13] = [
    (2, -1.0),
    (3, -3.0),
    (4, -6.0),
    (5, -9.103_852_415_7),
    (6, -12.712_062_256_8),
    (7, -16.505_384_168_0),
    (8, -19.821_489_192_2),
    (9, -24.113_360_433_6),
    (10, -28.422_531_893_4),
    (11, -32.765_970_090_0),
    (12, -37.967_599_562_4),
    (13, -44.326_801_419_5),
    (38, -173.928_426_590_6),
];

/// Makes an instance. The atoms of x0 are uniform in a ball of radius 0.9 times the cube root of their number, with
/// distances of at least 0.8.
pub fn lennard_jones(atoms: usize, rng: &mut impl Rng) -> Result<Instance, ProblemError> {
    super::at_least("the number of atoms", atoms, 2, "at least 2")?;
    Ok(Instance::new(Function::LennardJones(LennardJones { atoms, trap: 0.0 }), rng))
}

impl LennardJones {
    pub(super) fn best_known(&self) -> Option<f64> {
        BEST_KNOWN.iter().find(|(atoms, _)| *atoms == self.atoms && self.trap == 0.0).map(|(_, energy)| *energy)
    }

    /// The same atoms in a trap.
    pub(super) fn trapped(&self, trap: f64) -> Self {
        Self { trap, ..self.clone() }
    }

    pub(super) fn sample_x0(&self, rng: &mut impl Rng) -> Vec<f64> {
        let radius = RADIUS * (self.atoms as f64).portable_cbrt();
        let mut placed: Vec<[f64; 3]> = Vec::with_capacity(self.atoms);
        while placed.len() < self.atoms {
            let atom: [f64; 3] = std::array::from_fn(|_| rng.random_range(-radius..radius));
            let inside = square(&atom) <= radius * radius;
            if inside && placed.iter().all(|other| square(&between(&atom, other)) >= CLOSEST * CLOSEST) {
                placed.push(atom);
            }
        }
        placed.concat()
    }

    /// Sums over pairs: φ'' along the line between two atoms, φ'/r perpendicular to it.
    pub(super) fn hessian(&self, x: &[f64]) -> Array2<f64> {
        let atoms = x.as_chunks::<3>().0;
        let mut hessian = Array2::zeros((self.dim(), self.dim()));
        for (a, atom) in atoms.iter().enumerate() {
            for (b, other) in atoms.iter().enumerate().take(a) {
                let d = between(atom, other);
                let r2 = square(&d);
                let (inverse6, inverse12) = inverse_powers(r2);
                let across = 4.0 * (6.0 * inverse6 - 12.0 * inverse12) / r2;
                let along = 4.0 * (156.0 * inverse12 - 42.0 * inverse6) / r2;
                let block = Array2::from_shape_fn((3, 3), |(i, j)| {
                    (along - across) * d[i] * d[j] / r2 + if i == j { across } else { 0.0 }
                });
                for (i, j, sign) in [(a, a, 1.0), (b, b, 1.0), (a, b, -1.0), (b, a, -1.0)] {
                    let mut place = hessian.slice_mut(s![3 * i..3 * i + 3, 3 * j..3 * j + 3]);
                    place.scaled_add(sign, &block);
                }
            }
        }
        hessian.diag_mut().mapv_inplace(|entry| entry + self.trap);
        hessian
    }
}

impl Objective for LennardJones {
    fn dim(&self) -> usize {
        3 * self.atoms
    }

    fn value_gradient(&self, x: &[f64], gradient: &mut [f64]) -> f64 {
        let atoms = x.as_chunks::<3>().0;
        let forces = gradient.as_chunks_mut::<3>().0;
        let mut energy = 0.0;
        for (a, atom) in atoms.iter().enumerate() {
            let mut force = [0.0; 3];
            // Energies are summed per atom first: near a minimum the last digits decide a line search.
            let mut of_atom = 0.0;
            for (b, other) in atoms.iter().enumerate().take(a) {
                let d = between(atom, other);
                let r2 = square(&d);
                let (inverse6, inverse12) = inverse_powers(r2);
                of_atom += inverse12 - inverse6;
                let across = 4.0 * (6.0 * inverse6 - 12.0 * inverse12) / r2;
                for i in 0..3 {
                    force[i] += across * d[i];
                    forces[b][i] -= across * d[i];
                }
            }
            energy += of_atom;
            // Later atoms add their forces on `a` in their own turn.
            forces[a] = force;
        }
        if self.trap == 0.0 {
            return 4.0 * energy;
        }
        gradient.iter_mut().zip(x).for_each(|(g, x)| *g += self.trap * x);
        4.0 * energy + 0.5 * self.trap * x.iter().map(|x| x * x).sum::<f64>()
    }
}

fn between(a: &[f64; 3], b: &[f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn square(d: &[f64; 3]) -> f64 {
    d[0] * d[0] + d[1] * d[1] + d[2] * d[2]
}

/// r⁻⁶ and r⁻¹² from r².
fn inverse_powers(r2: f64) -> (f64, f64) {
    let inverse2 = 1.0 / r2;
    let inverse6 = inverse2 * inverse2 * inverse2;
    (inverse6, inverse6 * inverse6)
}
