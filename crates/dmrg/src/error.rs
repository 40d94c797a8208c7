//! Errors about integrals, files, orbitals, states and options.

use std::io;

use headstart_check::OutOfRange;

use crate::Site;

/// An error of this crate. Orbitals and sites count from 0, lines of a file from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No orbitals, or more than a determinant has bits for.
    #[error("{found} orbitals: 1 to {most} are allowed; freeze the core or drop the highest orbitals")]
    Orbitals {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Arrays of integrals with inconsistent shapes.
    #[error(
        "integrals of shapes {one:?} and {two:?} do not match: n orbitals need (n, n) and (n*n, n*n), \
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
        /// The quantity.
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
    /// Integrals without the symmetry of a Hermitian operator of identical particles.
    #[error(
        "integral {indices} violates a symmetry: (i|h|j) = (j|h|i) and (ij|kl) = (kl|ij) = (ji|lk) must hold to 1e-9; \
         check that the integrals are in chemists' notation"
    )]
    Symmetry {
        /// The integral and its indices.
        indices: String,
    },
    /// A list of the wrong length.
    #[error("{found} {what}: {expected} are needed")]
    Length {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// Sites of other kinds than those of the other part.
    #[error("site {site} of the state is {found:?}, but that of {of} is {expected:?}")]
    KindOfSite {
        /// The first such site.
        site: usize,
        /// Its kind in the state.
        found: Site,
        /// What the state is used with.
        of: &'static str,
        /// Its kind there.
        expected: Site,
    },
    /// A model of spins where one of electrons is needed.
    #[error("an order of orbitals needs a model of electrons, but this one has spins")]
    NotElectrons,
    /// An order that omits an orbital or lists one twice.
    #[error("order {order:?} is not a permutation of 0..{orbitals}")]
    Permutation {
        /// How many orbitals there are.
        orbitals: usize,
        /// The order.
        order: Vec<usize>,
    },
    /// A rotation of orbitals that is not orthogonal.
    #[error(
        "the orbital rotation U is not orthogonal: U'U - 1 has an entry of {gap:e}, at most 1e-8 is allowed; \
         orthogonalise U (Löwdin)"
    )]
    NotOrthogonal {
        /// Largest entry of U'U - 1.
        gap: f64,
    },
    /// A file could not be read or written.
    #[error("cannot read or write {path}: {source}; check that it exists and its permissions")]
    File {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A malformed or unsupported FCIDUMP file.
    #[error("line {line} of the FCIDUMP: {reason}")]
    Fcidump {
        /// The line.
        line: usize,
        /// What is wrong and what is needed.
        reason: String,
    },
    /// A file that is not text.
    #[error("{path} is not text; give an FCIDUMP file, or one that was compressed with gzip")]
    NotText {
        /// The file.
        path: String,
    },
    /// Damaged gzip data.
    #[error("the gzip data of {path} are damaged or cut off ({source}); copy the file again")]
    Gzip {
        /// The file.
        path: String,
        /// The error of the decompression.
        source: io::Error,
    },
    /// A label that is not an irreducible representation.
    #[error(
        "irreducible representation {label} is out of range: 1 to 8 are allowed (D2h and its subgroups, as in ORBSYM)"
    )]
    Irrep {
        /// The label.
        label: u32,
    },
    /// No determinant has the irreducible representation.
    #[error(
        "no determinant of {alpha} electrons of spin up and {beta} of spin down in these orbitals has the irreducible \
         representation {irrep}; choose another one"
    )]
    NoDeterminantOf {
        /// The representation.
        irrep: u32,
        /// Electrons of spin up.
        alpha: usize,
        /// Electrons of spin down.
        beta: usize,
    },
    /// A spin that the numbers of electrons do not allow.
    #[error(
        "spin S = {} is computed at 2 Sz = {twice_spin}, but the electrons have 2 Sz = {twice_sz}; set MS2 = {twice_spin}",
        *twice_spin as f64 / 2.0
    )]
    Spin {
        /// Twice the spin.
        twice_spin: usize,
        /// Spins up minus spins down.
        twice_sz: i64,
    },
    /// A reference determinant of another representation than the state.
    #[error(
        "the reference determinant does not have the irreducible representation {irrep} of the state; give another one"
    )]
    ReferenceOf {
        /// The representation of the state.
        irrep: u32,
    },
    /// A schedule without a half-sweep.
    #[error("the schedule has no half-sweep: at least one is needed, such as `Options::new(12, 100)`")]
    NoHalfSweeps,
    /// Integrals that the FCIDUMP format cannot represent.
    #[error(
        "the orbitals are not real: (ij|kl) differs from (ji|kl), and an FCIDUMP can store only real orbitals; rotate \
         them to real ones first"
    )]
    NotReal,
    /// Two nuclei too close to each other.
    #[error("two atoms are {found} bohr apart, at least {least} is needed; check that bond lengths are in bohr")]
    Distance {
        /// Their distance, in bohr.
        found: f64,
        /// The smallest distance allowed, in bohr.
        least: f64,
    },
    /// Restricted Hartree-Fock of an odd number of electrons.
    #[error(
        "{electrons} electrons do not fill closed shells: restricted Hartree-Fock needs an even number; use local \
         orbitals"
    )]
    OpenShell {
        /// How many there are.
        electrons: usize,
    },
    /// The Hartree-Fock iteration did not converge.
    #[error(
        "Hartree-Fock did not converge in {iterations} iterations (largest residual {residual:e} Hartree); use local \
         orbitals"
    )]
    NotSelfConsistent {
        /// Iterations done.
        iterations: usize,
        /// Largest entry of FDS - SDF.
        residual: f64,
    },
    /// A molecule too large for full CI.
    #[error("full CI needs {found:e} determinants, at most {most} are allowed; use fewer orbitals, or DMRG")]
    TooManyDeterminants {
        /// How many there are.
        found: f64,
        /// How many there may be.
        most: usize,
    },
    /// Davidson's iteration did not converge.
    #[error(
        "the CI did not converge after {products} products with H (residual {residual:e} Hartree); use other \
         determinants"
    )]
    NoGroundState {
        /// Products with H.
        products: usize,
        /// Norm of the residual.
        residual: f64,
    },
    /// A CI without determinants.
    #[error("the list of determinants is empty: at least one is needed, such as the reference")]
    NoDeterminants,
    /// A determinant that is listed twice.
    #[error("the determinant with sites {sites:?} is listed twice; remove the duplicate")]
    TwiceDeterminant {
        /// The local state of each site.
        sites: Vec<u8>,
    },
    /// A site index out of range.
    #[error("site {site} is out of range (0..{sites})")]
    Site {
        /// The site.
        site: usize,
        /// How many there are.
        sites: usize,
    },
    /// An operator on a site of the wrong kind.
    #[error("{op:?} does not act on site {site}, which is a {kind:?} site; use the operators of that kind")]
    Operator {
        /// The operator.
        op: crate::Op,
        /// The site.
        site: usize,
        /// The kind of the site.
        kind: crate::Site,
    },
    /// A term that changes a conserved charge.
    #[error("term {factors} changes the charge by {change}; each term must conserve the particle number and 2 Sz")]
    NotConserved {
        /// The factors.
        factors: String,
        /// The change.
        change: crate::Charge,
    },
    /// A coupling of a site with itself.
    #[error("site {site} is coupled to itself; a pair needs two different sites")]
    Pair {
        /// The site.
        site: usize,
    },
    /// No site or no term to build a Hamiltonian from.
    #[error("a Hamiltonian needs at least one site and one nonzero term; this one has {sites} sites and no such term")]
    NoTerms {
        /// How many sites there are.
        sites: usize,
    },
    /// A local state out of range.
    #[error("local state {state} of site {site} is out of range (0..{states})")]
    LocalState {
        /// The site.
        site: usize,
        /// The state.
        state: u8,
        /// Number of states of the site.
        states: usize,
    },
    /// States of different charge.
    #[error(
        "a state has charge {found}, but {expected} is needed; all states must have the same particle number and 2 Sz"
    )]
    Charge {
        /// The charge of the state.
        found: crate::Charge,
        /// The charge of the others.
        expected: crate::Charge,
    },
    /// A charge that the sites cannot have.
    #[error(
        "{sites} sites cannot have the charge {charge}: it must be within what the sites hold; for electrons N and 2 \
         Sz must have the same parity, for spins 2 Sz must have the parity of the number of sites"
    )]
    Unreachable {
        /// The charge.
        charge: crate::Charge,
        /// How many sites there are.
        sites: usize,
    },
    /// A bond dimension of 0.
    #[error("bond dimension {found} is out of range: it must be at least 1")]
    BondDimension {
        /// The bond dimension given.
        found: usize,
    },
    /// A state with a norm of 0 or not finite.
    #[error("a state of norm {norm} cannot be normalised; give coefficients that do not cancel")]
    Norm {
        /// Its norm.
        norm: f64,
    },
    /// A number is out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// Bytes that are not a checkpoint.
    #[error("not a saved state: {what}; use a checkpoint written by `Mps::save`")]
    Checkpoint {
        /// What is wrong.
        what: String,
    },
    /// A matrix decomposition failed.
    #[error("linear algebra failed: {0}")]
    Linalg(#[from] headstart_linalg::Error),
}
