//! The starts as the harness calls them. Each is charged for its CI or its preliminary run, in the solver's unit of
//! work.

use std::rc::Rc;

use headstart_domain::{Result, Role, Setup, Start as DomainStart};

use super::DmrgDomain;
use crate::ci::Determinant;
use crate::problem::{Model, System};
use crate::start::{self, Interaction, Start};
use crate::{Dmrg, Integrals};

pub(super) const STARTS: &[DomainStart<DmrgDomain>] = &[
    DomainStart::new("random", "random state of the right charge at the run's bond dimension", |model, setup| {
        random(model, setup)
    }),
    DomainStart::new("random-small", "random state of bond dimension 4", |model: &Model, setup| {
        charged(start::random_small(model.sites(), model.charge(), setup.stream())?, setup)
    }),
    DomainStart::new(
        "hartree-fock",
        "one determinant: Hartree-Fock in canonical orbitals, Néel in local orbitals and on lattices",
        single,
    ),
    DomainStart::new(
        "ci-cas",
        "the 200 largest determinants of a CI in a complete active space of six orbitals",
        |model, setup| {
            let (integrals, reference) = electrons(model)?;
            charged(start::cas(integrals, reference, model.target.irrep, model.bond_dimension)?, setup)
        },
    ),
    DomainStart::new(
        "ci-cisd",
        "the 200 largest determinants of a CI with singles and doubles",
        |model: &Model, setup| {
            let interaction = interaction(model, setup)?;
            shared(start::cisd(&interaction, model.bond_dimension)?, &interaction, setup)
        },
    ),
    DomainStart::new(
        "first-order",
        "the 200 largest determinants of first-order perturbation theory (Epstein and Nesbet); nothing is diagonalised",
        |model: &Model, setup| {
            let (integrals, reference) = electrons(model)?;
            charged(start::first_order(integrals, reference, model.target.irrep, model.bond_dimension)?, setup)
        },
    ),
    DomainStart::new(
        "ci-deas",
        "200 determinants chosen by orbital entropies, weights from diagonalising H (Legeza and Sólyom 2003)",
        deas,
    ),
    DomainStart::new(
        "ci-deas-unit",
        "determinants chosen by orbital entropies until a bond is full, all weights 1, as in QCMaquis",
        |model, setup| {
            let (integrals, _) = electrons(model)?;
            let interaction = interaction(model, setup)?;
            let start = start::deas_unit(integrals, &interaction, model.bond_dimension)?;
            shared(start, &interaction, setup)
        },
    ),
    DomainStart::new(
        "ci-deas-warm-up",
        "CI-DEAS as published: determinants as states of the environment, entropies from a short run (Barcza et al. 2011)",
        |model: &Model, setup| {
            let (integrals, reference) = electrons(model)?;
            let (hamiltonian, width) = (model.hamiltonian(), model.bond_dimension);
            let irrep = model.target.irrep;
            charged(start::deas_warm_up(hamiltonian, integrals, reference, irrep, width, setup.stream())?, setup)
        },
    ),
    DomainStart::new(
        "warm-up",
        "blocks grown from the right end of the chain, each with the lowest eigenstates of its own Hamiltonian (Wilson 1975)",
        |model: &Model, setup| {
            let product = match &model.system {
                System::Electrons { integrals, reference } => reference.sites(integrals.orbitals()),
                System::Spins { spins, .. } => (0..*spins).map(|site| (site % 2) as u8).collect(),
            };
            charged(start::warm_up(model.hamiltonian(), &product, model.bond_dimension)?, setup)
        },
    ),
    DomainStart::new("ci-cisd+random", "ci-cisd plus a small random state", |model: &Model, setup| {
        let interaction = interaction(model, setup)?;
        let start = start::cisd_with_random(&interaction, model.charge(), model.bond_dimension, setup.stream())?;
        shared(start, &interaction, setup)
    }),
    DomainStart::new(
        "low-bond-dmrg",
        "final state of a run at bond dimension 20 from a random state",
        |model: &Model, setup| charged(start::low_bond(model.hamiltonian(), model.charge(), setup.stream())?, setup),
    ),
    DomainStart::new(
        "neighbour",
        "final state at the neighbouring point of a potential curve, from a random state with noise; its run is the charge",
        neighbour,
    )
    .needs_truth(),
    // Noise is part of the solver's schedule, so these change more than the start.
    DomainStart::new("hartree-fock+noise", "hartree-fock, with noise in the first six half-sweeps", |model, setup| {
        Ok(single(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new("ci-deas+noise", "ci-deas, with noise in the first six half-sweeps", |model, setup| {
        Ok(deas(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new("random+noise", "random, with noise in the first six half-sweeps", |model, setup| {
        Ok(random(model, setup)?.with_noise())
    })
    .role(Role::Algorithm),
    DomainStart::new(
        "random-small+ramp",
        "random-small, with noise and a rising bond dimension in the first six half-sweeps: a quarter, then a half",
        |model: &Model, setup| {
            let start = start::random_small(model.sites(), model.charge(), setup.stream())?;
            Ok(charged(start, setup)?.with_ramp(model.bond_dimension))
        },
    )
    .role(Role::Algorithm),
    DomainStart::new(
        "ci-deas+fiedler",
        "ci-deas, with the orbitals in the order of the Fiedler vector of the exchange integrals (Barcza et al. 2011)",
        |model: &Model, setup| {
            let (integrals, reference) = electrons(model)?;
            let order = model.fiedler_order().to_vec();
            let (irrep, width) = (model.target.irrep, model.bond_dimension);
            charged(start::deas_in_order(integrals, reference, irrep, order, width)?, setup)
        },
    )
    // Another order along the chain changes the problem of the solver as well. For the user's data there is `--order`.
    .role(Role::Algorithm)
    .needs_truth(),
    DomainStart::new(
        "ci-shuffled",
        "control: the weights of ci-deas on random determinants of the same excitation levels",
        |model, setup| {
            let (integrals, _) = electrons(model)?;
            let interaction = interaction(model, setup)?;
            let start =
                start::shuffled(integrals, &interaction, model.target.irrep, model.bond_dimension, setup.stream())?;
            shared(start, &interaction, setup)
        },
    )
    .role(Role::Control),
    // Spin chains are built in; the user's data always have electrons, so `try` skips these starts.
    DomainStart::new("dimers", "spins: product of nearest-neighbour singlets", |model, setup| {
        charged(start::dimers(spins(model)?, setup.stream())?, setup)
    })
    .needs_truth(),
    DomainStart::new(
        "random-product",
        "spins: random product state with equal numbers of up and down",
        |model, setup| charged(start::random_product(spins(model)?, setup.stream())?, setup),
    )
    .needs_truth(),
    DomainStart::new("domain-wall", "spins: first half up, second half down", |model, setup| {
        charged(start::domain_wall(spins(model)?)?, setup)
    })
    .needs_truth(),
];

/// The starts for spins.
pub(super) const OF_SPINS: &[&str] = &[
    "random",
    "random-small",
    "hartree-fock",
    "low-bond-dmrg",
    "warm-up",
    "hartree-fock+noise",
    "random+noise",
    "random-small+ramp",
    "dimers",
    "random-product",
    "domain-wall",
];
/// The starts for some problems only: spins, a potential curve, and molecules whose target does not depend on the order of
/// the orbitals, as the best energy at a bond dimension does.
pub(super) const SPECIAL: &[&str] = &["dimers", "random-product", "domain-wall", "neighbour", "ci-deas+fiedler"];
/// The starts that are not for molecules with a known energy.
pub(super) const NOT_OF_MOLECULES: &[&str] = &["dimers", "random-product", "domain-wall", "neighbour"];
/// The starts that are not for a potential curve.
pub(super) const NOT_OF_CURVES: &[&str] = &["dimers", "random-product", "domain-wall"];

fn charged(start: Start, setup: &mut Setup) -> Result<Start> {
    setup.charge(start.work);
    Ok(start)
}

/// The cost of the shared CI is charged where the CI is computed.
fn shared(start: Start, interaction: &Interaction, setup: &mut Setup) -> Result<Start> {
    setup.charge(start.work - interaction.work());
    Ok(start)
}

fn neighbour(model: &Model, setup: &mut Setup) -> Result<Start> {
    let Some(near) = model.neighbour() else {
        return Err("this start needs a potential curve, and this problem is a single molecule".into());
    };
    let start = start::random(near.sites(), near.charge(), near.bond_dimension, setup.stream())?.with_noise();
    let options = start.options(near.half_sweeps, near.bond_dimension, super::CONVERGED);
    let run = Dmrg::new(near.hamiltonian(), &options)?;
    let found = run.run(start.state, setup.stream(), |_| std::ops::ControlFlow::Continue(()))?;
    charged(Start { work: found.work, ..Start::free(found.state) }, setup)
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
    let (integrals, _) = electrons(model)?;
    let interaction = interaction(model, setup)?;
    shared(start::deas(integrals, &interaction, model.bond_dimension)?, &interaction, setup)
}

/// The CI with singles and doubles that several starts share.
fn interaction(model: &Model, setup: &mut Setup) -> Result<Rc<Interaction>> {
    let (integrals, reference) = electrons(model)?;
    setup.shared("cisd", |_| {
        let made = Interaction::new(integrals, reference, model.target.irrep)?;
        let work = made.work();
        Ok((made, work))
    })
}

fn electrons(model: &Model) -> Result<(&Integrals, Determinant)> {
    match &model.system {
        System::Electrons { integrals, reference } => Ok((integrals, *reference)),
        System::Spins { .. } => Err("a CI start needs a problem with electrons, but this one has spins".into()),
    }
}

fn spins(model: &Model) -> Result<usize> {
    match &model.system {
        System::Spins { spins, .. } => Ok(*spins),
        System::Electrons { .. } => Err("this start needs a problem with spins, but this one has electrons".into()),
    }
}
