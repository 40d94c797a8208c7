//! Molecules and Hubbard models.

use super::Model;
use crate::ci::Determinant;
use crate::molecule::{Hydrogens, Orbitals};
use crate::{Error, Integrals};

/// Creates a model whose reference fills the lowest orbitals; orbitals must be in ascending order, as in files of
/// closed shells.
pub fn filled(integrals: Integrals, bond_dimension: usize) -> Result<Model, Error> {
    let reference = Determinant::lowest(integrals.alpha(), integrals.beta());
    Model::electrons(integrals, reference, bond_dimension)
}

/// As [`filled`], with the orbitals reordered along the chain: site p takes orbital `order[p]`.
pub fn reordered(integrals: &Integrals, order: &[usize], bond_dimension: usize) -> Result<Model, Error> {
    let reference = Determinant::lowest(integrals.alpha(), integrals.beta()).permuted(order);
    Model::electrons(integrals.permuted(order)?, reference, bond_dimension)
}

/// Creates a model of hydrogen atoms. The reference fills the lowest canonical orbitals, or puts one electron in each
/// local orbital, alternating up and down.
pub fn hydrogens(atoms: &Hydrogens, orbitals: Orbitals, bond_dimension: usize) -> Result<Model, Error> {
    let integrals = atoms.hamiltonian(orbitals)?;
    match orbitals {
        Orbitals::Canonical => filled(integrals, bond_dimension),
        Orbitals::Lowdin => {
            let reference = Determinant::alternating(integrals.orbitals(), integrals.alpha(), integrals.beta());
            Model::electrons(integrals, reference, bond_dimension)
        }
    }
}

/// Creates the open Hubbard chain whose position i is site `order[i]`. The reference alternates up and down along the
/// chain.
pub fn hubbard(order: &[usize], u: f64, electrons: (usize, usize), bond_dimension: usize) -> Result<Model, Error> {
    let integrals = Integrals::hubbard(order, u, electrons)?;
    let along = spread(order.len(), electrons);
    let mut position = vec![0; order.len()];
    order.iter().enumerate().for_each(|(i, site)| position[*site] = i);
    Model::electrons(integrals, along.permuted(&position), bond_dimension)
}

/// Alternating up and down, spread evenly over the chain.
fn spread(sites: usize, (alpha, beta): (usize, usize)) -> Determinant {
    let electrons = alpha + beta;
    if electrons >= sites || alpha.abs_diff(beta) > 1 {
        return Determinant::alternating(sites, alpha, beta);
    }
    let mut state = Determinant::default();
    for electron in 0..electrons {
        let site = 1 << ((2 * electron + 1) * sites / (2 * electrons));
        if (electron % 2 == 0) == (alpha >= beta) {
            state.alpha |= site;
        } else {
            state.beta |= site;
        }
    }
    state
}

/// Creates the Hubbard ring in momentum space, with momentum k on site k. The reference fills the lowest levels.
pub fn hubbard_momentum(
    sites: usize,
    u: f64,
    electrons: (usize, usize),
    bond_dimension: usize,
) -> Result<Model, Error> {
    let order: Vec<usize> = (0..sites).collect();
    let integrals = Integrals::hubbard_momentum(&order, u, electrons)?;
    let mut levels = order;
    // Momenta k and -k have the same energy: both come before the next level, the smaller first.
    levels.sort_by_key(|k| ((*k).min(sites - k), *k));
    let fill = |count: usize| levels.iter().take(count).fold(0, |word, k| word | 1 << k);
    let reference = Determinant { alpha: fill(electrons.0), beta: fill(electrons.1) };
    Model::electrons(integrals, reference, bond_dimension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::System;

    fn sites(model: &Model) -> Vec<u8> {
        match &model.system {
            System::Electrons { reference, integrals } => reference.sites(integrals.orbitals()),
            System::Spins { .. } => Vec::new(),
        }
    }

    #[test]
    fn references_follow_the_chain_or_the_levels() {
        assert_eq!(sites(&hubbard(&[0, 1, 2, 3], 4.0, (2, 2), 10).unwrap()), [1, 2, 1, 2]);
        assert_eq!(sites(&hubbard(&[2, 0, 3, 1], 4.0, (2, 2), 10).unwrap()), [2, 2, 1, 1]);
        assert_eq!(sites(&hubbard(&[0, 1, 2, 3, 4, 5, 6, 7], 4.0, (2, 2), 10).unwrap()), [0, 1, 0, 2, 0, 1, 0, 2]);
        assert_eq!(sites(&hubbard_momentum(6, 4.0, (3, 3), 10).unwrap()), [3, 3, 0, 0, 0, 3]);
    }
}
