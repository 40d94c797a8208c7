//! The starts, as the harness calls them: each is charged for its CI or its run, in the unit of the solver.

use std::rc::Rc;

use headstart_domain::{Result, Role, Setup, Start as DomainStart};

use super::DmrgDomain;
use crate::Integrals;
use crate::ci::Determinant;
use crate::problem::{Model, System};
use crate::start::{self, Interaction, Start};

pub(super) const STARTS: &[DomainStart<DmrgDomain>] = &[
    DomainStart::new("random", "a random state of the right charge with bonds as wide as the run's", |model, setup| {
        random(model, setup)
    }),
    DomainStart::new("random-small", "a random state of bond dimension 4", |model: &Model, setup| {
        charged(start::random_small(model.sites(), model.charge(), setup.stream())?, setup)
    }),
    DomainStart::new(
        "hartree-fock",
        "one determinant: of canonical orbitals Hartree-Fock's, of local ones and on lattices Néel's",
        single,
    ),
    DomainStart::new(
        "ci-cas",
        "the 200 largest determinants of a complete active space of six orbitals",
        |model, setup| {
            let (integrals, reference) = electrons(model)?;
            charged(start::cas(integrals, reference, model.bond_dimension)?, setup)
        },
    ),
    DomainStart::new("ci-cisd", "the 200 largest determinants of singles and doubles", |model: &Model, setup| {
        let interaction = interaction(model, setup)?;
        shared(start::cisd(&interaction, model.bond_dimension)?, &interaction, setup)
    }),
    DomainStart::new(
        "ci-deas",
        "200 determinants by the entropies of the orbitals, H diagonalised in them (Legeza and Sólyom 2003)",
        deas,
    ),
    DomainStart::new(
        "ci-deas-unit",
        "determinants by the entropies of the orbitals until a bond is full, every entry 1, as QCMaquis has it",
        |model, setup| {
            let (integrals, reference) = electrons(model)?;
            let interaction = interaction(model, setup)?;
            let start = start::deas_unit(integrals, reference, &interaction, model.bond_dimension)?;
            shared(start, &interaction, setup)
        },
    ),
    DomainStart::new("ci-cisd+random", "ci-cisd with a little of a random state", |model: &Model, setup| {
        let interaction = interaction(model, setup)?;
        let start = start::cisd_with_random(&interaction, model.charge(), model.bond_dimension, setup.stream())?;
        shared(start, &interaction, setup)
    }),
    DomainStart::new(
        "low-bond-dmrg",
        "the end of a run at bond dimension 20 from a random state",
        |model: &Model, setup| charged(start::low_bond(model.hamiltonian(), model.charge(), setup.stream())?, setup),
    ),
    // Noise is a schedule of the solver: these change more than where it begins.
    DomainStart::new("hartree-fock+noise", "hartree-fock, with noise in the first six half-sweeps", |model, setup| {
        Ok(single(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new("ci-deas+noise", "ci-deas, with noise in the first six half-sweeps", |model, setup| {
        Ok(deas(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new("random+noise", "a random state, with noise in the first six half-sweeps", |model, setup| {
        Ok(random(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "ci-shuffled",
        "control: the weights of ci-deas on random determinants of the same excitation levels",
        |model, setup| {
            let (integrals, reference) = electrons(model)?;
            let interaction = interaction(model, setup)?;
            let start = start::shuffled(integrals, reference, &interaction, model.bond_dimension, setup.stream())?;
            shared(start, &interaction, setup)
        },
    )
    .role(Role::Control),
    // Chains of spins are made here; own data are electrons, for which `try` leaves these out.
    DomainStart::new("dimers", "spins: singlets of neighbours, two by two", |model, setup| {
        charged(start::dimers(spins(model)?, setup.stream())?, setup)
    })
    .needs_truth(),
    DomainStart::new("random-product", "spins: as many ups as downs in any order", |model, setup| {
        charged(start::random_product(spins(model)?, setup.stream())?, setup)
    })
    .needs_truth(),
    DomainStart::new("domain-wall", "spins: the first half up, the second down", |model, setup| {
        charged(start::domain_wall(spins(model)?)?, setup)
    })
    .needs_truth(),
];

/// The starts that spins have.
pub(super) const OF_SPINS: &[&str] = &[
    "random",
    "random-small",
    "hartree-fock",
    "low-bond-dmrg",
    "hartree-fock+noise",
    "random+noise",
    "dimers",
    "random-product",
    "domain-wall",
];
/// The starts that electrons do not have.
pub(super) const OF_SPINS_ALONE: &[&str] = &["dimers", "random-product", "domain-wall"];

fn charged(start: Start, setup: &mut Setup) -> Result<Start> {
    setup.charge(start.work);
    Ok(start)
}

/// What the shared CI cost is charged where it is made.
fn shared(start: Start, interaction: &Interaction, setup: &mut Setup) -> Result<Start> {
    setup.charge(start.work - interaction.work());
    Ok(start)
}

fn random(model: &Model, setup: &mut Setup) -> Result<Start> {
    charged(start::random(model.sites(), model.charge(), model.bond_dimension, setup.stream())?, setup)
}

fn single(model: &Model, setup: &mut Setup) -> Result<Start> {
    let start = match &model.system {
        System::Electrons { integrals, reference } => start::determinant(integrals.orbitals(), *reference)?,
        System::Spins { spins, .. } => start::neel(*spins)?,
    };
    charged(start, setup)
}

fn deas(model: &Model, setup: &mut Setup) -> Result<Start> {
    let (integrals, reference) = electrons(model)?;
    let interaction = interaction(model, setup)?;
    shared(start::deas(integrals, reference, &interaction, model.bond_dimension)?, &interaction, setup)
}

/// Singles and doubles, on which several starts stand.
fn interaction(model: &Model, setup: &mut Setup) -> Result<Rc<Interaction>> {
    let (integrals, reference) = electrons(model)?;
    setup.shared("cisd", |_| {
        let made = Interaction::new(integrals, reference)?;
        let work = made.work();
        Ok((made, work))
    })
}

fn electrons(model: &Model) -> Result<(&Integrals, Determinant)> {
    match &model.system {
        System::Electrons { integrals, reference } => Ok((integrals, *reference)),
        System::Spins { .. } => Err("a CI needs electrons, and here are spins".into()),
    }
}

fn spins(model: &Model) -> Result<usize> {
    match &model.system {
        System::Spins { spins, .. } => Ok(*spins),
        System::Electrons { .. } => Err("this start is for spins, and here are electrons".into()),
    }
}
