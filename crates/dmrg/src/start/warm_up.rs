//! Starts whose first half-sweep is a warm-up: the right part of every bond is made beforehand, and the sweep grows the left part.

use rand::Rng;

use super::{Start, low_bond};
use crate::ci::{self, Determinant};
use crate::{Charge, Error, Integrals, Mpo, Mps};

/// Returns the lowest state of the chain grown from its right end, with the lowest eigenstates of each block's own
/// Hamiltonian: see [`Mps::grown`]. `product` is a product state of the wanted charge.
pub fn warm_up(hamiltonian: &Mpo, product: &[u8], bond_dimension: usize) -> Result<Start, Error> {
    let (state, work) = Mps::grown(hamiltonian, product, bond_dimension)?;
    Ok(Start { work: work / 1e6, ..Start::free(state) })
}

/// Returns CI-DEAS in the form of a warm-up (Legeza & Sólyom 2003, section III; Barcza et al. 2011, section II C): the
/// reference determinant, with the determinants of the dynamically extended active space as states of the environment, right of
/// every bond. They are added until a bond has `bond_dimension` states. H is diagonalised in the superblock, by the first
/// half-sweep. The orbital entropies come from a short run at bond dimension 20 ([`low_bond`]), which is charged.
///
/// `irrep` is the representation of the determinants, 1 to 8; without it they have that of the short run's end, if it has one and
/// the orbitals are labelled, otherwise that of the reference.
///
/// Errors: no determinant of the representation; a numerical overflow.
pub fn deas_warm_up(
    hamiltonian: &Mpo,
    integrals: &Integrals,
    reference: Determinant,
    irrep: Option<u32>,
    bond_dimension: usize,
    rng: &mut impl Rng,
) -> Result<Start, Error> {
    let n = integrals.orbitals();
    let (alpha, beta) = (reference.alpha.count_ones().cast_signed(), reference.beta.count_ones().cast_signed());
    let short = low_bond(hamiltonian, Charge::new(alpha + beta, alpha - beta), rng)?;
    let found = match irrep {
        None if ci::irrep_of(integrals, reference).is_some() => short.state.irrep(integrals.symmetry())?,
        _ => irrep,
    };
    let reference = match found {
        Some(irrep) if ci::irrep_of(integrals, reference) != Some(irrep) => {
            ci::reference(integrals, Some(irrep))?.determinant
        }
        _ => reference,
    };
    let all = ci::deas_to_ends(integrals, reference, &short.state.site_entropies()?, bond_dimension)?;
    let ends: Vec<Vec<u8>> = all.iter().map(|d| d.sites(n)).collect();
    let state = Mps::product_with_ends(hamiltonian.sites(), &reference.sites(n), &ends)?;
    Ok(Start { work: short.work, ..Start::free(state) })
}
