//! Kinds of sites and their operators.

use serde::{Deserialize, Serialize};

use crate::Charge;

/// Largest number of states of a site.
pub(crate) const MOST_STATES: usize = 4;

/// A kind of site with its basis. The states of a site have different charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Site {
    /// A spin 1/2: 0 is up, 1 is down.
    Spin,
    /// An orbital for electrons: 0 empty, 1 up, 2 down, 3 both, where "both" is c†_up c†_down |empty>. Over several
    /// sites, the operators are in ascending order of the sites: |s0 s1 ..> = (those of site 0) (those of site 1) ..
    /// |0>.
    Fermion,
}

const SPIN: [Charge; 2] = [Charge::new(0, 1), Charge::new(0, -1)];
const FERMION: [Charge; 4] = [Charge::new(0, 0), Charge::new(1, 1), Charge::new(1, -1), Charge::new(2, 0)];

impl Site {
    /// Returns the number of states: 2 or 4.
    pub fn states(self) -> usize {
        self.charges().len()
    }

    /// Returns the charge of every state.
    pub fn charges(self) -> &'static [Charge] {
        match self {
            Site::Spin => &SPIN,
            Site::Fermion => &FERMION,
        }
    }
}

/// An operator on one site. Fermion operators anticommute between sites; the strings of (-1)^N are inserted
/// automatically (Jordan & Wigner 1928).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Spin: S^z.
    Sz,
    /// Spin: S^+.
    Raise,
    /// Spin: S^-.
    Lower,
    /// Fermion: c†_up.
    CreateUp,
    /// Fermion: c†_down.
    CreateDown,
    /// Fermion: `c_up`.
    AnnihilateUp,
    /// Fermion: `c_down`.
    AnnihilateDown,
    /// Fermion: number of electrons of spin up.
    NumberUp,
    /// Fermion: number of electrons of spin down.
    NumberDown,
    /// Fermion: (-1)^N.
    Parity,
}

/// Element <out|operator|in> is at `out * states + in`; a spin uses only the first four entries.
pub(crate) type Matrix = [f64; MOST_STATES * MOST_STATES];

impl Op {
    /// Returns the kind of site that it acts on.
    pub fn site(self) -> Site {
        match self {
            Op::Sz | Op::Raise | Op::Lower => Site::Spin,
            _ => Site::Fermion,
        }
    }

    /// Whether it changes the number of fermions by an odd number.
    pub(crate) fn is_odd(self) -> bool {
        matches!(self, Op::CreateUp | Op::CreateDown | Op::AnnihilateUp | Op::AnnihilateDown)
    }

    pub(crate) fn matrix(self) -> Matrix {
        let entries: &[(usize, usize, f64)] = match self {
            Op::Sz => &[(0, 0, 0.5), (1, 1, -0.5)],
            Op::Raise => &[(0, 1, 1.0)],
            Op::Lower => &[(1, 0, 1.0)],
            Op::CreateUp => &[(1, 0, 1.0), (3, 2, 1.0)],
            // c†_down c†_up |empty> = -|both>.
            Op::CreateDown => &[(2, 0, 1.0), (3, 1, -1.0)],
            Op::AnnihilateUp => &[(0, 1, 1.0), (2, 3, 1.0)],
            Op::AnnihilateDown => &[(0, 2, 1.0), (1, 3, -1.0)],
            Op::NumberUp => &[(1, 1, 1.0), (3, 3, 1.0)],
            Op::NumberDown => &[(2, 2, 1.0), (3, 3, 1.0)],
            Op::Parity => &[(0, 0, 1.0), (1, 1, -1.0), (2, 2, -1.0), (3, 3, 1.0)],
        };
        from_entries(self.site(), entries)
    }
}

fn from_entries(site: Site, entries: &[(usize, usize, f64)]) -> Matrix {
    let mut matrix = [0.0; MOST_STATES * MOST_STATES];
    for (out, input, value) in entries {
        matrix[out * site.states() + input] = *value;
    }
    matrix
}

/// The unit matrix.
pub(crate) fn identity(site: Site) -> Matrix {
    let mut matrix = [0.0; MOST_STATES * MOST_STATES];
    (0..site.states()).for_each(|state| matrix[state * site.states() + state] = 1.0);
    matrix
}

/// (-1)^N; the unit matrix for a spin.
pub(crate) fn parity(site: Site) -> Matrix {
    let mut matrix = identity(site);
    for (state, charge) in site.charges().iter().enumerate() {
        if charge.particles % 2 != 0 {
            matrix[state * site.states() + state] = -1.0;
        }
    }
    matrix
}

/// The product a b.
pub(crate) fn product(site: Site, a: &Matrix, b: &Matrix) -> Matrix {
    let d = site.states();
    let mut out = [0.0; MOST_STATES * MOST_STATES];
    for i in 0..d {
        for j in 0..d {
            out[i * d + j] = (0..d).map(|k| a[i * d + k] * b[k * d + j]).sum();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fermion_operators_on_one_site_anticommute() {
        let site = Site::Fermion;
        let odd = [Op::CreateUp, Op::CreateDown, Op::AnnihilateUp, Op::AnnihilateDown];
        for a in odd {
            for b in odd {
                let (ab, ba) = (product(site, &a.matrix(), &b.matrix()), product(site, &b.matrix(), &a.matrix()));
                let adjoint = matches!(
                    (a, b),
                    (Op::CreateUp, Op::AnnihilateUp)
                        | (Op::AnnihilateUp, Op::CreateUp)
                        | (Op::CreateDown, Op::AnnihilateDown)
                        | (Op::AnnihilateDown, Op::CreateDown)
                );
                let unit = identity(site).map(|x| if adjoint { x } else { 0.0 });
                let sum: Vec<f64> = ab.iter().zip(ba).map(|(x, y)| x + y).collect();
                assert_eq!(sum, unit, "{a:?} {b:?}");
            }
        }
    }
}
