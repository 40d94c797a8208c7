//! Starts: exact sums of determinants in the right sector, with the energy of their CI and the right charge for its
//! work.

use headstart_dmrg::ci::{self, Determinant};
use headstart_dmrg::molecule::{Basis, Hydrogens, Orbitals};
use headstart_dmrg::problem::{self, Model, System};
use headstart_dmrg::start::{self, Interaction};
use headstart_dmrg::{Dmrg, Integrals, Mpo, Mps, Site};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn chain(orbitals: Orbitals) -> (Model, Integrals, Determinant) {
    let atoms = Hydrogens::chain(6, 2.4, Basis::Sto3g).unwrap();
    let model = problem::hydrogens(&atoms, orbitals, 64).unwrap();
    let System::Electrons { integrals, reference } = model.system.clone() else { panic!("atoms have electrons") };
    (model, integrals, reference)
}

/// The energies agree only if every sign to site order and every Jordan-Wigner string is right.
#[test]
fn a_ci_vector_is_a_state_of_the_same_energy() {
    for orbitals in [Orbitals::Canonical, Orbitals::Lowdin] {
        let (model, integrals, reference) = chain(orbitals);
        for vector in [
            ci::full_ci(&integrals).unwrap(),
            ci::diagonalise(&integrals, &ci::cisd(6, reference)).unwrap(),
            ci::diagonalise(&integrals, &ci::cas(&integrals, reference, 4)).unwrap(),
        ] {
            let state = Mps::from_product_states(model.sites(), &vector.product_states()).unwrap();
            let energy = state.expectation(model.hamiltonian()).unwrap();
            assert!((energy - vector.energy).abs() < 1e-9, "{orbitals:?}: {energy} and {}", vector.energy);
        }
    }
}

#[test]
fn plane_waves_have_the_same_energy_in_ci_and_mpo() {
    let model = problem::hubbard_momentum(6, 4.0, (3, 3), 64).unwrap();
    let System::Electrons { integrals, .. } = &model.system else { panic!("the model has electrons") };
    let exact = ci::full_ci(integrals).unwrap();
    let state = Mps::from_product_states(model.sites(), &exact.product_states()).unwrap();
    assert!((state.expectation(model.hamiltonian()).unwrap() - exact.energy).abs() < 1e-9);
}

#[test]
fn reordering_orbitals_keeps_the_energy() {
    let (_, integrals, reference) = chain(Orbitals::Canonical);
    let order = [4, 1, 5, 0, 3, 2];
    let moved = integrals.permuted(&order).unwrap();
    let model = Model::electrons(moved.clone(), reference.permuted(&order), 64).unwrap();
    let exact = ci::full_ci(&moved).unwrap();
    let state = Mps::from_product_states(model.sites(), &exact.product_states()).unwrap();
    let plain = ci::full_ci(&integrals).unwrap().energy;
    assert!((state.expectation(model.hamiltonian()).unwrap() - plain).abs() < 1e-9);
}

#[test]
fn entropies_of_mps_and_ci_agree() {
    let (model, integrals, _) = chain(Orbitals::Canonical);
    let exact = ci::full_ci(&integrals).unwrap();
    let state = Mps::from_product_states(model.sites(), &exact.product_states()).unwrap();
    let expected = ci::entropies(&exact).unwrap();
    let close = |a: f64, b: f64| (a - b).abs() < 1e-8;
    assert!(state.site_entropies().unwrap().iter().zip(&expected.single).all(|(a, b)| close(*a, *b)));
    assert!(state.mutual_information().unwrap().iter().zip(&expected.mutual).all(|(a, b)| close(*a, *b)));
}

#[test]
fn every_start_is_in_the_right_sector_and_charged_for_its_ci() {
    let (model, integrals, reference) = chain(Orbitals::Canonical);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (sites, charge, m) = (model.sites(), model.charge(), 16);
    let interaction = Interaction::new(&integrals, reference, None).unwrap();
    let energy = |state: &Mps| state.expectation(model.hamiltonian()).unwrap();
    let alone = energy(&start::determinant(6, reference).unwrap().state);
    assert!((alone - ci::diagonal_element(&integrals, reference)).abs() < 1e-9);
    let made = [
        ("random", start::random(sites, charge, m, &mut rng).unwrap()),
        ("small", start::random_small(sites, charge, &mut rng).unwrap()),
        ("cas", start::cas(&integrals, reference, None, m).unwrap()),
        ("cisd", start::cisd(&interaction, m).unwrap()),
        ("enriched", start::cisd_with_random(&interaction, charge, m, &mut rng).unwrap()),
        ("deas", start::deas(&integrals, &interaction, m).unwrap()),
        ("unit", start::deas_unit(&integrals, &interaction, m).unwrap()),
        ("shuffled", start::shuffled(&integrals, &interaction, None, m, &mut rng).unwrap()),
        ("low bond", start::low_bond(model.hamiltonian(), charge, &mut rng).unwrap()),
    ];
    for (name, start) in &made {
        assert_eq!(start.state.charge(), charge, "{name}");
        assert!(start.state.largest_bond() <= m.max(20), "{name}");
        assert_eq!(start.work > 0.0, !["random", "small"].contains(name), "{name} costs {}", start.work);
        assert!((start.state.overlap(&start.state).unwrap() - 1.0).abs() < 1e-9, "{name}");
    }
    let of = |wanted: &str| energy(&made.iter().find(|(name, _)| *name == wanted).unwrap().1.state);
    assert!(of("cisd") < alone - 1e-3 && of("deas") < alone - 1e-3 && of("cas") < alone - 1e-3);
    assert!(of("unit") > of("deas") && of("shuffled") > of("deas"));
}

/// A warm-up begins with environments as wide as the bond dimension, which the energy of its state does not show.
#[test]
fn warm_ups_reach_full_ci_from_wide_environments() {
    let (model, integrals, reference) = chain(Orbitals::Canonical);
    let (hamiltonian, m) = (model.hamiltonian(), 40);
    let exact = ci::full_ci(&integrals).unwrap().energy;
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let published = start::deas_warm_up(hamiltonian, &integrals, reference, None, m, &mut rng).unwrap();
    let blocks = start::warm_up(hamiltonian, &reference.sites(6), m).unwrap();
    let energy = published.state.expectation(hamiltonian).unwrap();
    assert!((energy - ci::diagonal_element(&integrals, reference)).abs() < 1e-9, "the state is the reference");
    for start in [published, blocks] {
        let widest = start.state.bond_dimensions()[1..].iter().copied().max().unwrap();
        assert!((m / 2..=m).contains(&widest), "{widest}");
        assert!(start.work > 0.0);
        let mut moved = start.state.clone();
        moved.move_center(5).unwrap();
        assert!((moved.overlap(&start.state).unwrap().abs() - 1.0).abs() < 1e-9, "right parts are orthonormal");
        let options = start.with_noise().options(12, 64, 1e-10);
        let run = Dmrg::new(hamiltonian, &options).unwrap();
        let end = run.run(moved, &mut rng, |_| std::ops::ControlFlow::Continue(())).unwrap();
        assert!((end.energy - exact).abs() < 1e-7, "{} {exact}", end.energy);
    }
}

#[test]
fn an_order_of_its_own_is_that_of_the_start() {
    let (model, integrals, reference) = chain(Orbitals::Canonical);
    let order = vec![2, 0, 3, 5, 1, 4];
    let start = start::deas_in_order(&integrals, reference, None, order.clone(), 64).unwrap();
    let moved = model.in_order(&order).unwrap();
    let interaction = Interaction::new(&integrals, reference, None).unwrap();
    let plain = start::deas(&integrals, &interaction, 64).unwrap();
    let energy = |state: &Mps, model: &Model| state.expectation(model.hamiltonian()).unwrap();
    let (here, there) = (energy(&plain.state, &model), energy(&start.state, &moved));
    assert!((here - there).abs() < 1e-6, "the same determinants: {here} {there}");
    assert!(energy(&start.state, &model) > there + 1e-3, "in another order it is another state");
    assert!(problem::heisenberg(4, 8).unwrap().in_order(&[0, 1, 2, 3]).is_err());
}

#[test]
fn starts_of_spins_have_the_right_energies() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let model = problem::majumdar_ghosh(12, 16).unwrap();
    let energy = |start: &start::Start| start.state.expectation(model.hamiltonian()).unwrap();
    let dimers = start::dimers(12, &mut rng).unwrap();
    assert!((energy(&dimers) - -4.5).abs() < 1e-9 && dimers.work > 0.0, "{}", energy(&dimers));
    // S_i . S_j is -1/4 for antiparallel and 1/4 for parallel spins: 11 bonds, and 10 of half their strength.
    assert!((energy(&start::neel(12).unwrap()) - (-11.0 / 4.0 + 10.0 / 8.0)).abs() < 1e-12);
    assert!((energy(&start::domain_wall(12).unwrap()) - (9.0 / 4.0 + 6.0 / 8.0)).abs() < 1e-12);
    let drawn = start::random_product(12, &mut rng).unwrap();
    assert_eq!((drawn.state.charge(), drawn.state.largest_bond()), (model.charge(), 1));
}

#[test]
fn noise_is_part_of_the_start_and_ends() {
    let plain = start::determinant(4, Determinant::lowest(2, 2)).unwrap();
    assert_eq!(plain.options(10, 30, 0.0).schedule.len(), 1);
    let options = plain.with_noise().options(10, 30, 0.0);
    assert!(options.schedule[0].noise > 0.0 && options.schedule.last().unwrap().noise == 0.0);
    assert_eq!(options.schedule.iter().map(|stage| stage.half_sweeps).sum::<usize>(), 10);
    let hamiltonian = Mpo::from_integrals(&Integrals::hubbard(&[0, 1], 4.0, (1, 1)).unwrap(), &[0, 1]).unwrap();
    assert_eq!(hamiltonian.sites(), [Site::Fermion; 2]);
}
