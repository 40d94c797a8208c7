//! Which state: spin and irreducible representation. Both are measured on any state, and a Hamiltonian can be raised for
//! all states but those that are wanted.

use serde::Serialize;

use crate::{Error, Integrals, Mpo, Mps, Op, OperatorSum, Site};

/// The state that a calculation is to find: the lowest one with these properties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Twice the total spin S; `None` for any. The state is computed at 2 Sz = 2 S.
    pub twice_spin: Option<usize>,
    /// The irreducible representation, 1 to 8 as in ORBSYM of an FCIDUMP file; `None` for any.
    pub irrep: Option<u32>,
}

/// Energy that a penalty adds for each unit of S^2 too many, and for each generator of the point group whose character is
/// wrong, in Hartree. It must exceed the energy by which an unwanted state lies below the wanted one, so
/// [`Model::electrons_in`](crate::problem::Model::electrons_in) takes a larger one where determinants lie far apart.
pub const PENALTY: f64 = 2.0;

/// <S^2> further than this from S (S + 1) is that of a mixture. Truncation alone mixes in less.
const PURE_SPIN: f64 = 0.1;
/// Characters further than this from 1 and -1 are those of a mixture.
const PURE_IRREP: f64 = 0.02;
/// Bits of a label minus one: the generators of D2h.
const GENERATORS: u32 = 3;

/// Whether the labels are irreducible representations of D2h or a subgroup, 1 to 8.
pub fn are_irreps(labels: &[u32]) -> bool {
    labels.iter().all(|label| (1..=8).contains(label))
}

/// Returns the product of two irreducible representations, 1 to 8: the exclusive or of their labels minus one.
pub(crate) fn product(a: u32, b: u32) -> u32 {
    ((a - 1) ^ (b - 1)) + 1
}

impl OperatorSum {
    /// Adds `weight` times S^2, with `S^2 = sum over i, j of Sz_i Sz_j + (S+_i S-_j + S-_i S+_j) / 2`.
    ///
    /// Errors: a weight that is not finite.
    pub fn add_spin_squared(&mut self, weight: f64) -> Result<(), Error> {
        let sites = self.sites().to_vec();
        let z = |site: usize| match sites[site] {
            Site::Spin => vec![(1.0, Op::Sz)],
            Site::Fermion => vec![(0.5, Op::NumberUp), (-0.5, Op::NumberDown)],
        };
        let flip = |site: usize, up: bool| match (sites[site], up) {
            (Site::Spin, true) => vec![(site, Op::Raise)],
            (Site::Spin, false) => vec![(site, Op::Lower)],
            (Site::Fermion, true) => vec![(site, Op::CreateUp), (site, Op::AnnihilateDown)],
            (Site::Fermion, false) => vec![(site, Op::CreateDown), (site, Op::AnnihilateUp)],
        };
        for i in 0..sites.len() {
            for j in i..sites.len() {
                let both = if i == j { weight } else { 2.0 * weight };
                for (a, left) in z(i) {
                    for (b, right) in z(j) {
                        self.add(both * a * b, &[(i, left), (j, right)])?;
                    }
                }
                for up in [true, false] {
                    self.add(0.5 * both, &[flip(i, up), flip(j, !up)].concat())?;
                }
            }
        }
        Ok(())
    }

    /// Adds `weight` (S^2 - S (S + 1)), which is zero for spin S and positive for every larger spin. At 2 Sz = 2 S there is
    /// no smaller one.
    ///
    /// Errors: a weight that is not finite.
    pub fn add_spin_penalty(&mut self, twice_spin: usize, weight: f64) -> Result<(), Error> {
        self.add_spin_squared(weight)?;
        let spin = 0.5 * twice_spin as f64;
        self.constant -= weight * spin * (spin + 1.0);
        Ok(())
    }

    /// Adds `weight` times the number of generators of D2h for which a state has another character than `irrep`: zero for
    /// states of this representation. `labels` are those of the orbitals, one per site.
    ///
    /// Errors: labels that are not 1 to 8 or not one per site, an `irrep` that is not 1 to 8, sites that are not orbitals,
    /// a weight that is not finite.
    pub fn add_irrep_penalty(&mut self, labels: &[u32], irrep: u32, weight: f64) -> Result<(), Error> {
        let n = self.sites().len();
        if labels.len() != n {
            return Err(Error::Length { what: "orbital symmetries", found: labels.len(), expected: n });
        }
        if let Some(&label) = labels.iter().chain([&irrep]).find(|label| !(1..=8).contains(*label)) {
            return Err(Error::Irrep { label });
        }
        for generator in 0..GENERATORS {
            let odd: Vec<(usize, Op)> =
                (0..n).filter(|site| is_odd(labels[*site], generator)).map(|site| (site, Op::Parity)).collect();
            let character = if is_odd(irrep, generator) { -1.0 } else { 1.0 };
            self.constant += 0.5 * weight;
            if odd.is_empty() {
                self.constant -= 0.5 * weight * character;
            } else {
                self.add(-0.5 * weight * character, &odd)?;
            }
        }
        Ok(())
    }

    /// Returns the Hamiltonian of a molecule, one orbital per site: `order[i]` is the orbital of site i.
    ///
    /// Errors: `order` is not a permutation of the orbitals.
    pub fn of_integrals(integrals: &Integrals, order: &[usize]) -> Result<Self, Error> {
        crate::mpo::molecule(integrals, order)
    }
}

/// Whether a representation has the character -1 for a generator.
fn is_odd(label: u32, generator: u32) -> bool {
    (label - 1) >> generator & 1 == 1
}

impl Mps {
    /// Returns `<S^2>`: S (S + 1) for a state of spin S.
    ///
    /// Errors: a decomposition that failed.
    pub fn spin_squared(&self) -> Result<f64, Error> {
        let mut sum = OperatorSum::new(self.sites().to_vec());
        sum.add_spin_squared(1.0)?;
        self.expectation(&Mpo::new(&sum)?)
    }

    /// Returns the irreducible representation of the state, if it has one: `labels` are those of the orbitals, 1 to 8, one
    /// per site.
    ///
    /// Errors: labels that are not 1 to 8 or not one per site.
    pub fn irrep(&self, labels: &[u32]) -> Result<Option<u32>, Error> {
        if labels.len() != self.len() {
            return Err(Error::Length { what: "orbital symmetries", found: labels.len(), expected: self.len() });
        }
        if let Some(&label) = labels.iter().find(|label| !(1..=8).contains(*label)) {
            return Err(Error::Irrep { label });
        }
        let mut irrep = 1;
        for generator in 0..GENERATORS {
            let odd: Vec<bool> = labels.iter().map(|label| is_odd(*label, generator)).collect();
            let character = self.parity(&odd);
            if 1.0 - character.abs() > PURE_IRREP {
                return Ok(None);
            }
            if character < 0.0 {
                irrep += 1 << generator;
            }
        }
        Ok(Some(irrep))
    }
}

/// Returns twice the spin S of a state with this `<S^2>`; `None` if it is a mixture.
pub fn twice_spin(spin_squared: f64) -> Option<usize> {
    let spin = 0.5 * ((1.0 + 4.0 * spin_squared.max(0.0)).sqrt() - 1.0);
    let twice = (2.0 * spin).round();
    let exact = 0.25 * twice * (twice + 2.0);
    ((spin_squared - exact).abs() <= PURE_SPIN).then_some(twice as usize)
}

/// Returns the name of a multiplicity, such as triplet for 2 S = 2.
pub fn multiplicity(twice_spin: usize) -> String {
    const NAMES: [&str; 7] = ["singlet", "doublet", "triplet", "quartet", "quintet", "sextet", "septet"];
    NAMES.get(twice_spin).map_or_else(|| format!("multiplicity {}", twice_spin + 1), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice;
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn spins_add_up() {
        let spin_squared = |sites: &[Site], states: &[(Vec<u8>, f64)]| {
            Mps::from_product_states(sites, states).unwrap().spin_squared().unwrap()
        };
        let two = [Site::Fermion; 2];
        // |up, down> -+ |down, up>: with the signs of site order the singlet of two orbitals has a plus sign of c†_1u
        // c†_2d - c†_1d c†_2u.
        let pair = |sign: f64| [(vec![1, 2], 1.0), (vec![2, 1], sign)];
        assert!((spin_squared(&two, &pair(-1.0)) - 0.0).abs() < 1e-12);
        assert!((spin_squared(&two, &pair(1.0)) - 2.0).abs() < 1e-12);
        for (states, expected) in [([3, 0], 0.0), ([1, 1], 2.0), ([1, 0], 0.75), ([1, 2], 1.0), ([3, 3], 0.0)] {
            let found = spin_squared(&two, &[(states.to_vec(), 1.0)]);
            assert!((found - expected).abs() < 1e-12, "{states:?}: {found}");
        }
        let spins = [Site::Spin; 2];
        assert!(spin_squared(&spins, &[(vec![0, 1], 1.0), (vec![1, 0], -1.0)]).abs() < 1e-12);
        assert!((spin_squared(&[Site::Spin; 5], &[(vec![0; 5], 1.0)]) - 8.75).abs() < 1e-12);
    }

    #[test]
    fn a_character_is_that_of_the_occupied_orbitals() {
        let labels = [1, 4, 7, 6];
        let sites = [Site::Fermion; 4];
        for (states, expected) in [
            (vec![3, 0, 0, 0], 1),
            (vec![1, 2, 0, 0], 4),
            (vec![0, 1, 2, 0], product(4, 7)),
            (vec![0, 1, 2, 1], product(product(4, 7), 6)),
            (vec![3, 3, 1, 0], 7),
        ] {
            let state = Mps::product(&sites, &states).unwrap();
            assert_eq!(state.irrep(&labels).unwrap(), Some(expected), "{states:?}");
        }
        let mixed = Mps::from_product_states(&sites, &[(vec![3, 0, 0, 0], 1.0), (vec![1, 2, 0, 0], 1.0)]).unwrap();
        assert_eq!(mixed.irrep(&labels).unwrap(), None);
        assert!(mixed.irrep(&[1, 1, 1]).is_err() && mixed.irrep(&[1, 1, 1, 9]).is_err());
    }

    /// A product state in the wanted representation has its energy, any other one has more by the penalty.
    #[test]
    fn penalties_count_what_differs() {
        let integrals = random_integrals(4, (2, 2), &mut ChaCha8Rng::seed_from_u64(1));
        let labels = [1, 4, 7, 6];
        let order = [0, 1, 2, 3];
        let plain = Mpo::from_integrals(&integrals, &order).unwrap();
        let state = Mps::product(&[Site::Fermion; 4], &[3, 1, 2, 0]).unwrap();
        let energy = state.expectation(&plain).unwrap();
        let raised = |irrep: u32| {
            let mut sum = OperatorSum::of_integrals(&integrals, &order).unwrap();
            sum.add_irrep_penalty(&labels, irrep, 3.0).unwrap();
            state.expectation(&Mpo::new(&sum).unwrap()).unwrap() - energy
        };
        let own = product(4, 7);
        assert!(raised(own).abs() < 1e-12);
        for irrep in 1..=8 {
            let wrong = ((own - 1) ^ (irrep - 1)).count_ones();
            assert!((raised(irrep) - 3.0 * f64::from(wrong)).abs() < 1e-12, "{irrep}");
        }
        let mut sum = OperatorSum::of_integrals(&integrals, &order).unwrap();
        sum.add_spin_penalty(0, 5.0).unwrap();
        // Half a singlet, half a triplet.
        assert!((state.expectation(&Mpo::new(&sum).unwrap()).unwrap() - energy - 5.0).abs() < 1e-12);
        assert!(sum.add_irrep_penalty(&labels, 9, 1.0).unwrap_err().to_string().contains("1 to 8"));
        assert!(sum.add_irrep_penalty(&labels[1..], 1, 1.0).is_err());
    }

    /// The penalty of spin adds nothing to the operator's bonds: exchange integrals couple the same pairs of operators.
    #[test]
    fn the_penalty_of_spin_keeps_the_bonds_of_a_molecule() {
        let integrals = random_integrals(6, (3, 3), &mut ChaCha8Rng::seed_from_u64(2));
        let order: Vec<usize> = (0..6).collect();
        let mut sum = OperatorSum::of_integrals(&integrals, &order).unwrap();
        let plain = Mpo::new(&sum).unwrap().bond_dimensions();
        sum.add_spin_penalty(0, 1.0).unwrap();
        assert_eq!(Mpo::new(&sum).unwrap().bond_dimensions(), plain);
    }

    #[test]
    fn multiplicities_have_their_names() {
        for (spin_squared, expected) in [
            (0.0, Some(0)),
            (0.75, Some(1)),
            (2.0, Some(2)),
            (2.05, Some(2)),
            (6.0, Some(4)),
            (1.0, None),
            (-1e-9, Some(0)),
        ] {
            assert_eq!(twice_spin(spin_squared), expected, "{spin_squared}");
        }
        assert_eq!((multiplicity(2), multiplicity(9)), ("triplet".to_owned(), "multiplicity 10".to_owned()));
        assert!(lattice::heisenberg(4).is_ok_and(|mut sum| sum.add_spin_penalty(0, 1.0).is_ok()));
    }
}
