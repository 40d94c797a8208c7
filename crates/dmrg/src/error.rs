//! What can be wrong with integrals, files, orbitals, states and options.

use std::io;

use headstart_check::OutOfRange;

/// Why something was refused. Orbitals and sites count from 0, lines of a file from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// None, or more orbitals than determinants have bits.
    #[error("{found} orbitals: 1 to {most} are allowed; freeze the core or leave the highest orbitals out")]
    Orbitals {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Arrays of integrals whose shapes do not fit.
    #[error(
        "integrals of shapes {one:?} and {two:?} do not fit: for n orbitals they are (n, n) and (n n, n n), \
         here ({}, {}) for the second", one.0 * one.0, one.0 * one.0
    )]
    IntegralShape {
        /// Shape of the one-electron integrals.
        one: (usize, usize),
        /// Shape of the two-electron integrals.
        two: (usize, usize),
    },
    /// A NaN or an infinity.
    #[error("{what} is not finite; check where it was computed")]
    NotFinite {
        /// What it is.
        what: &'static str,
    },
    /// More electrons of a spin than orbitals.
    #[error("{alpha} of spin up and {beta} of spin down do not fit in {orbitals} orbitals: at most {orbitals} of each")]
    Electrons {
        /// Electrons of spin up.
        alpha: usize,
        /// Electrons of spin down.
        beta: usize,
        /// Orbitals.
        orbitals: usize,
    },
    /// Integrals that no Hermitian operator of identical particles has.
    #[error(
        "the integral {indices} lacks a symmetry: (i|h|j) = (j|h|i) and (ij|kl) = (kl|ij) = (ji|lk) must hold to 1e-9; \
         check that the notation is the chemists'"
    )]
    Symmetry {
        /// Which integral.
        indices: String,
    },
    /// A list of another length.
    #[error("{found} {what}: {expected} are needed")]
    Length {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// An order that leaves orbitals out or names one twice.
    #[error("the order {order:?} is not a permutation of 0..{orbitals}")]
    Permutation {
        /// How many orbitals there are.
        orbitals: usize,
        /// The order.
        order: Vec<usize>,
    },
    /// A rotation of orbitals that is not orthogonal.
    #[error(
        "the rotation of orbitals is off orthogonality by {gap:e}: at most 1e-8 is allowed; orthogonalise it (Löwdin)"
    )]
    NotOrthogonal {
        /// Largest entry of U'U - 1.
        gap: f64,
    },
    /// A file could not be read or written.
    #[error("{path} could not be read or written: {source}; check that it exists and that you may use it")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file that is not an FCIDUMP, or that cannot be used.
    #[error("line {line} of the FCIDUMP: {reason}")]
    Fcidump {
        /// The line.
        line: usize,
        /// What is wrong with it and what is needed.
        reason: String,
    },
    /// Integrals that an FCIDUMP has no lines for.
    #[error(
        "these orbitals are not real, so (ij|kl) is not (ji|kl): an FCIDUMP holds integrals of real orbitals only; rotate them to real ones first"
    )]
    NotReal,
    /// Two nuclei on top of each other.
    #[error("two atoms are {found} bohr apart: at least {least} is needed; check the bond lengths (they are in bohr)")]
    Distance {
        /// How far apart they are.
        found: f64,
        /// How far they must be.
        least: f64,
    },
    /// Restricted Hartree-Fock of an odd number of electrons.
    #[error(
        "{electrons} electrons do not fill closed shells: this Hartree-Fock needs an even number; use local orbitals instead"
    )]
    OpenShell {
        /// How many there are.
        electrons: usize,
    },
    /// The field did not converge.
    #[error(
        "Hartree-Fock did not converge in {iterations} iterations (largest residual {residual:e} Hartree); take local orbitals"
    )]
    NotSelfConsistent {
        /// Iterations done.
        iterations: usize,
        /// Largest entry of FDS - SDF.
        residual: f64,
    },
    /// Full CI of a molecule that is too large for it.
    #[error("full CI would take {found:e} determinants: at most {most} fit; take fewer orbitals, or DMRG")]
    TooManyDeterminants {
        /// How many there are.
        found: f64,
        /// How many there may be.
        most: usize,
    },
    /// Davidson's iteration did not converge.
    #[error(
        "no ground state of the CI after {products} products with H (residual {residual:e} Hartree); take other determinants"
    )]
    NoGroundState {
        /// Products with H.
        products: usize,
        /// Norm of the residual.
        residual: f64,
    },
    /// A CI without determinants.
    #[error("no determinant was given: at least one is needed, such as the reference")]
    NoDeterminants,
    /// A determinant that is listed twice.
    #[error("the determinant with sites {sites:?} is listed twice: once is allowed; remove what repeats")]
    TwiceDeterminant {
        /// What its sites hold.
        sites: Vec<u8>,
    },
    /// A site that is not there.
    #[error("site {site} is named, but there are {sites}: 0 to one less are allowed")]
    Site {
        /// The site.
        site: usize,
        /// How many there are.
        sites: usize,
    },
    /// An operator on a site of another kind.
    #[error("{op:?} does not act on site {site}, which is a {kind:?}; operators of spins and of fermions do not mix")]
    Operator {
        /// The operator.
        op: crate::Op,
        /// The site.
        site: usize,
        /// What the site is.
        kind: crate::Site,
    },
    /// A term that changes a conserved charge.
    #[error(
        "the term {factors} changes the charge by {change}: each term must conserve the numbers of particles and 2 Sz"
    )]
    NotConserved {
        /// The factors.
        factors: String,
        /// The change.
        change: crate::Charge,
    },
    /// A bond between a site and itself.
    #[error("site {site} is coupled to itself; a pair is of two sites")]
    Pair {
        /// The site.
        site: usize,
    },
    /// Nothing to build an operator of.
    #[error("a Hamiltonian needs a site and a term that does not vanish; here are {sites} sites and no such term")]
    NoTerms {
        /// How many sites there are.
        sites: usize,
    },
    /// A state that a site does not have.
    #[error("local state {state} of site {site}: it has {states}, from 0")]
    LocalState {
        /// The site.
        site: usize,
        /// The state.
        state: u8,
        /// How many states the site has.
        states: usize,
    },
    /// A state of another charge.
    #[error(
        "a state of charge {found} among those of charge {expected}; all must have the same numbers of particles and 2 Sz"
    )]
    Charge {
        /// What it is.
        found: crate::Charge,
        /// What it should be.
        expected: crate::Charge,
    },
    /// A charge that the sites cannot have.
    #[error(
        "{sites} sites cannot have the charge {charge}; 2 Sz and the number of particles must be both even or both odd and within what the sites hold"
    )]
    Unreachable {
        /// The charge.
        charge: crate::Charge,
        /// How many sites there are.
        sites: usize,
    },
    /// A bond without states.
    #[error("a bond dimension of {found}: at least 1 is needed")]
    BondDimension {
        /// What was asked for.
        found: usize,
    },
    /// A state that vanishes or is out of range.
    #[error("a state of norm {norm} cannot be normalised; give coefficients that do not cancel")]
    Norm {
        /// Its norm.
        norm: f64,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Bytes that are not a checkpoint.
    #[error("this is not a saved state: {what}; use another file")]
    Checkpoint {
        /// What is wrong with it.
        what: String,
    },
    /// A decomposition failed.
    #[error("linear algebra failed: {0}")]
    Linalg(#[from] headstart_linalg::Error),
}
