//! The problems: molecules, rings and chains of hydrogen, Hubbard models, spin chains.

use std::sync::OnceLock;

use headstart_domain::{Problem, Result, Starts, Stream, Target};

use super::starts::{NOT_OF_CURVES, NOT_OF_MOLECULES, OF_SPINS, SPECIAL};
use super::{DmrgDomain, data, molecules};
use crate::ci::full_ci;
use crate::molecule::{Basis, Hydrogens, Orbitals};
use crate::problem::{self, Model, System};

/// Work budget of a trial with the user's data: some minutes.
pub(super) const BUDGET: f64 = 1e6;
/// Most half-sweeps of a trial.
const HALF_SWEEPS: usize = 20;
/// Final energies closer than this count as equal; a trial is solved this close to its target.
const CLOSE: f64 = 1e-6;
/// Half-sweeps and bond dimension in tests: enough to see how a trial behaves.
const TEST: (usize, usize) = (3, 10);

/// The problems with electrons at the registration of the claims about them.
pub(super) const ELECTRONIC: &[&str] = &[
    "n2",
    "c2",
    "lif",
    "be",
    "h2-dimer",
    "h10-1.8-canonical",
    "h10-3.6-canonical",
    "h10-1.8-lowdin",
    "h10-3.6-lowdin",
    "h8-jittered",
    "h8-ring",
    "h12-ring",
    "h10-alternating",
    "hubbard-16",
    "hubbard-16-quarter",
    "hubbard-10-momentum",
    "hubbard-10-shuffled",
];

pub(super) const PROBLEMS: &[Problem<DmrgDomain>] = &[
    electrons("n2", "N2 at 2.0 angstrom, STO-3G, canonical RHF orbitals; m = 60", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| shipped(data::N2, 60, -107.455_155_597_755_4))
    })
    .budget(10_000.0)
    .hard(),
    electrons("c2", "C2 at 1.25 angstrom, STO-3G, canonical orbitals; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| shipped(data::C2, 40, -74.690_585_670_441_56))
    })
    .budget(20_000.0)
    .hard(),
    electrons("lif", "LiF at 4 angstrom, STO-3G, canonical orbitals; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| shipped(data::LIF, 40, -105.303_366_609_922_83))
    })
    .budget(10_000.0)
    .hard(),
    electrons("be", "the Be atom, 6-31G*, canonical orbitals; m = 32", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| shipped(data::BE, 32, -14.613_942_530_868_572))
    })
    .budget(10_000.0)
    .hard(),
    electrons("h2-dimer", "two H2 molecules, cc-pVDZ, canonical orbitals; dynamic correlation; m = 32", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| shipped(data::H2_DIMER, 32, -2.326_747_948_422_816))
    })
    .budget(30_000.0)
    .hard(),
    electrons("h10-1.8-canonical", "chain of 10 H atoms at 1.8 bohr, STO-6G, canonical orbitals; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| chain(1.8, Orbitals::Canonical, -5.424_385_376_332_681_5))
    })
    .budget(20_000.0)
    .hard(),
    electrons("h10-3.6-canonical", "chain of 10 H atoms at 3.6 bohr, STO-6G, canonical orbitals; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| chain(3.6, Orbitals::Canonical, -4.818_700_812_470_035))
    })
    .budget(20_000.0)
    .hard(),
    electrons("h10-1.8-lowdin", "as h10-1.8-canonical, in local (Löwdin) orbitals", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| chain(1.8, Orbitals::Lowdin, -5.424_385_376_332_681_5))
    })
    .budget(10_000.0)
    .hard(),
    electrons("h10-3.6-lowdin", "as h10-3.6-canonical, in local (Löwdin) orbitals", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| chain(3.6, Orbitals::Lowdin, -4.818_700_812_470_035))
    })
    .budget(10_000.0)
    .hard(),
    Problem::new(
        "h8-jittered",
        "chain of 8 H atoms, random bonds within 2% of 1.8 bohr, STO-6G, Löwdin orbitals; m = 80; target: full CI",
        jittered,
        Target::Known(|model: &Model| model.exact.unwrap_or(f64::NEG_INFINITY) + CLOSE),
    )
    .starts(Starts::Except(SPECIAL))
    .resolution(CLOSE)
    .budget(10_000.0),
    Problem::new(
        "h8-jittered-canonical",
        "as h8-jittered, in canonical orbitals; m = 60; every replicate is a different molecule",
        jittered_canonical,
        Target::Known(|model: &Model| model.exact.unwrap_or(f64::NEG_INFINITY) + CLOSE),
    )
    .starts(Starts::Except(SPECIAL))
    .resolution(CLOSE)
    .budget(10_000.0)
    .hard(),
    electrons("h8-ring", "ring of 8 H atoms, 1.8 bohr between neighbours, STO-6G, canonical orbitals; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| hydrogens(&Hydrogens::ring(8, 1.8, Basis::Sto6g)?, Orbitals::Canonical, 40))
    })
    .budget(10_000.0)
    .hard(),
    electrons("h12-ring", "ring of 12 H atoms, 1.8 bohr between neighbours, STO-6G, Löwdin orbitals; m = 16", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| hydrogens(&Hydrogens::ring(12, 1.8, Basis::Sto6g)?, Orbitals::Lowdin, 16))
    })
    .budget(20_000.0)
    .hard(),
    electrons(
        "h10-alternating",
        "chain of 10 H atoms with alternating bonds of 1.4 and 2.5 bohr, STO-6G, Löwdin orbitals; m = 32",
        |_| {
            static MADE: Cached = Cached::new();
            MADE.get(|| hydrogens(&Hydrogens::alternating(10, 1.4, 2.5, Basis::Sto6g)?, Orbitals::Lowdin, 32))
        },
    )
    .budget(20_000.0)
    .hard(),
    electrons("hubbard-16", "open Hubbard chain of 16 sites, U = 8, half filling; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| {
            let model = problem::hubbard(&along(16), 8.0, (8, 8), width(40))?;
            Ok(ended(model).with_exact(-5.037_134_091_652_218))
        })
    })
    .budget(10_000.0)
    .hard(),
    electrons("hubbard-16-quarter", "open Hubbard chain of 16 sites, U = 8, quarter filling; m = 40", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| Ok(ended(problem::hubbard(&along(16), 8.0, (4, 4), width(40))?)))
    })
    .budget(10_000.0)
    .hard(),
    electrons("hubbard-10-momentum", "Hubbard ring of 10 sites in momentum space, U = 4, half filling; m = 24", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(
            || Ok(ended(problem::hubbard_momentum(10, 4.0, (5, 5), width(24))?).with_exact(-5.834_322_635_772_185)),
        )
    })
    .budget(30_000.0)
    .hard(),
    electrons(
        "hubbard-10-shuffled",
        "open Hubbard chain of 10 sites, U = 8, half filling, sites in shuffled order; m = 40",
        |_| {
            static MADE: Cached = Cached::new();
            MADE.get(|| {
                let model = problem::hubbard(&[3, 7, 0, 5, 9, 2, 6, 1, 8, 4], 8.0, (5, 5), width(40))?;
                Ok(ended(model).with_exact(-3.074_388_982_905_954))
            })
        },
    )
    .budget(20_000.0)
    .hard(),
    electrons("h20-1.8-lowdin", "chain of 20 H atoms at 1.8 bohr, STO-6G, Löwdin orbitals; m = 24", |_| {
        static MADE: Cached = Cached::new();
        MADE.get(|| {
            let model = hydrogens(&Hydrogens::chain(20, 1.8, Basis::Sto6g)?, Orbitals::Lowdin, 24)?;
            Ok(model.with_exact(-10.825_878_87))
        })
    })
    .budget(60_000.0)
    .hard(),
    molecules(
        "molecules",
        "25 small molecules, one per replicate, each in its ground state; canonical orbitals by energy; m = 100; target: 1 \
         millihartree above full CI",
        molecules::given,
    ),
    molecules(
        "molecules-fiedler",
        "as molecules, in the order of the Fiedler vector of the exchange integrals",
        molecules::fiedler,
    ),
    molecules("molecules-local", "as molecules, in localised orbitals (Pipek and Mezey)", molecules::local),
    molecules(
        "n2-curve",
        "N2 from 1.0 to 2.4 angstrom, one point of the curve per replicate, STO-3G; m = 60; target: 1 millihartree above full \
         CI",
        molecules::curve,
    )
    .starts(Starts::Except(NOT_OF_CURVES))
    .members(molecules::POINTS),
    molecules(
        "molecules-near",
        "24 of these molecules, each with a neighbouring point of its potential curve, whose bonds are 0.1 angstrom longer; \
         m = 100; target: 1 millihartree above full CI",
        molecules::near,
    )
    .starts(Starts::Except(NOT_OF_CURVES))
    .members(molecules::WITH_NEIGHBOUR),
    Problem::new(
        "majumdar-ghosh-32",
        "32 spins, coupling 1 of nearest and 1/2 of next-nearest neighbours (exact ground state: singlets); m = 16",
        |_| {
            static MADE: Cached = Cached::new();
            MADE.get(|| Ok(ended(problem::majumdar_ghosh(32, 16)?)))
        },
        Target::Known(|_: &Model| -12.0 + CLOSE),
    )
    .starts(Starts::Only(OF_SPINS))
    .resolution(CLOSE)
    .budget(1000.0),
    Problem::new(
        "heisenberg-64",
        "open Heisenberg chain of 64 spins; m = 32",
        |_| {
            static MADE: Cached = Cached::new();
            MADE.get(|| Ok(ended(problem::heisenberg(64, width(32))?).with_exact(-28.175_424_859_743_188)))
        },
        Target::Reference { within: CLOSE },
    )
    .starts(Starts::Only(OF_SPINS))
    .resolution(CLOSE)
    .budget(10_000.0)
    .hard(),
];

const fn electrons(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Model>,
) -> Problem<DmrgDomain> {
    Problem::new(name, about, make, Target::Reference { within: CLOSE })
        .starts(Starts::Except(SPECIAL))
        .resolution(CLOSE)
}

/// Chemical accuracy, as a distance from full CI in Hartree.
const ACCURATE: f64 = 1e-3;

const fn molecules(
    name: &'static str,
    about: &'static str,
    make: fn(&mut Stream) -> Result<Model>,
) -> Problem<DmrgDomain> {
    let target = Target::Known(|model: &Model| model.exact.unwrap_or(f64::NEG_INFINITY) + ACCURATE);
    Problem::new(name, about, make, target)
        .starts(Starts::Except(NOT_OF_MOLECULES))
        .resolution(CLOSE)
        .budget(100_000.0)
        .members(super::molecules::COUNT)
        .hard()
}

/// Builds a fixed Hamiltonian once per process.
struct Cached(OnceLock<Model>);

impl Cached {
    const fn new() -> Self {
        Self(OnceLock::new())
    }

    fn get(&self, make: impl FnOnce() -> Result<Model>) -> Result<Model> {
        if let Some(made) = self.0.get() {
            return Ok(made.clone());
        }
        let made = make()?;
        Ok(self.0.get_or_init(|| made).clone())
    }
}

/// Tests check how trials behave, not how low their energies are.
pub(super) fn width(bond_dimension: usize) -> usize {
    if cfg!(test) { bond_dimension.min(TEST.1) } else { bond_dimension }
}

pub(super) fn ended(mut model: Model) -> Model {
    model.half_sweeps = if cfg!(test) { TEST.0 } else { HALF_SWEEPS };
    model
}

fn along(sites: usize) -> Vec<usize> {
    (0..sites).collect()
}

/// A molecule of data/manifest.toml with its full CI energy.
fn shipped(file: &[u8], bond_dimension: usize, exact: f64) -> Result<Model> {
    Ok(ended(problem::filled(data::integrals(file)?, width(bond_dimension))?).with_exact(exact))
}

fn hydrogens(atoms: &Hydrogens, orbitals: Orbitals, bond_dimension: usize) -> Result<Model> {
    Ok(ended(problem::hydrogens(atoms, orbitals, width(bond_dimension))?))
}

/// Ten atoms, with the full CI energy.
fn chain(spacing: f64, orbitals: Orbitals, exact: f64) -> Result<Model> {
    Ok(hydrogens(&Hydrogens::chain(10, spacing, Basis::Sto6g)?, orbitals, 40)?.with_exact(exact))
}

fn jittered(stream: &mut Stream) -> Result<Model> {
    chain_of_its_own(Orbitals::Lowdin, 80, stream)
}

fn jittered_canonical(stream: &mut Stream) -> Result<Model> {
    chain_of_its_own(Orbitals::Canonical, 60, stream)
}

fn chain_of_its_own(orbitals: Orbitals, bond_dimension: usize, stream: &mut Stream) -> Result<Model> {
    let atoms = Hydrogens::jittered(8, 1.8, 0.02, Basis::Sto6g, stream)?;
    let model = ended(problem::hydrogens(&atoms, orbitals, bond_dimension)?);
    let exact = match &model.system {
        System::Electrons { integrals, .. } => full_ci(integrals)?.energy,
        System::Spins { .. } => return Ok(model),
    };
    Ok(model.with_exact(exact))
}
