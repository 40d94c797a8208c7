//! Which state a run finds: files whose lowest states differ in spin or irreducible representation. Energies are those of
//! full CI with `PySCF` 2.14.0, by spin and representation. The files are in canonical orbitals: `tests/data/README.md`.

use std::ops::ControlFlow;
use std::path::Path;

use headstart_dmrg::ci::{self, full_ci, full_ci_of};
use headstart_dmrg::problem::{Model, System};
use headstart_dmrg::start::{self, Interaction, Start};
use headstart_dmrg::state::{Target, twice_spin};
use headstart_dmrg::{Dmrg, Fcidump, Mps, Options};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn file(name: &str) -> Fcidump {
    Fcidump::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// The model of a state; its spin sets the numbers of electrons.
fn model(name: &str, target: Target, bond_dimension: usize) -> Model {
    let mut integrals = file(name).integrals;
    if let Some(spin) = target.twice_spin {
        let electrons = integrals.alpha() + integrals.beta();
        integrals = integrals.with_electrons(electrons.midpoint(spin), (electrons - spin) / 2).unwrap();
    }
    let reference = ci::reference(&integrals, target.irrep).unwrap().determinant;
    Model::electrons_in(target, integrals, reference, bond_dimension).unwrap()
}

fn parts(model: &Model) -> (&headstart_dmrg::Integrals, ci::Determinant) {
    match &model.system {
        System::Electrons { integrals, reference } => (integrals, *reference),
        System::Spins { .. } => unreachable!("a molecule"),
    }
}

/// Energy, 2 S and representation of the end of a run.
fn end(model: &Model, start: Start) -> (f64, Option<usize>, Option<u32>, Mps) {
    let options = start.options(30, model.bond_dimension, 1e-9);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let run = Dmrg::new(model.hamiltonian(), &options).unwrap();
    let outcome = run.run(start.state, &mut rng, |_| ControlFlow::Continue(())).unwrap();
    let state = outcome.state;
    let lowest = outcome.half_sweeps.iter().map(|sweep| sweep.lowest).fold(f64::INFINITY, f64::min);
    let (spin, irrep) = (state.spin_squared().unwrap(), state.irrep(parts(model).0.symmetry()).unwrap());
    (lowest, twice_spin(spin), irrep, state)
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} instead of {expected}");
}

fn with_noise(model: &Model) -> Start {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    start::random(model.sites(), model.charge(), model.bond_dimension, &mut rng).unwrap().with_noise()
}

/// At 2 Sz = 0 the triplet of O2 lies below its singlets.
#[test]
fn oxygen_has_the_state_that_is_asked_for() {
    let (triplet, singlet) = (-147.744_789_391_9, -147.706_614_488_7);
    let of = |twice_spin: Option<usize>| model("o2-ms0.fcidump", Target { twice_spin, irrep: None }, 120);
    let any = of(None);
    let (energy, spin, irrep, _) = end(&any, with_noise(&any));
    near(energy, triplet, 1e-6);
    assert_eq!((spin, irrep), (Some(2), Some(2)));
    for (twice_spin, expected) in [(0, singlet), (2, triplet)] {
        let model = of(Some(twice_spin));
        let (energy, spin, _, _) = end(&model, with_noise(&model));
        near(energy, expected, 1e-6);
        assert_eq!(spin, Some(twice_spin));
        let (integrals, reference) = parts(&model);
        let interaction = Interaction::new(integrals, reference, None).unwrap();
        let (energy, spin, _, _) = end(&model, start::deas(integrals, &interaction, 120).unwrap().with_noise());
        near(energy, expected, 1e-6);
        assert_eq!(spin, Some(twice_spin), "from a CI");
    }
}

/// The lowest state has another representation than the determinant of lowest energy. CI-DEAS takes that of the CI.
#[test]
fn a_square_of_hydrogen_ends_in_its_ground_state() {
    let model = model("h4square.fcidump", Target::default(), 100);
    let (integrals, reference) = parts(&model);
    let interaction = Interaction::new(integrals, reference, None).unwrap();
    for start in [
        start::deas(integrals, &interaction, 100).unwrap(),
        start::deas_unit(integrals, &interaction, 100).unwrap(),
        start::deas(integrals, &interaction, 100).unwrap().with_noise(),
    ] {
        let (energy, spin, irrep, _) = end(&model, start);
        near(energy, -2.048_772_035_6, 1e-7);
        assert_eq!((spin, irrep), (Some(0), Some(2)));
    }
    let first = self::model("h4square.fcidump", Target { twice_spin: Some(0), irrep: Some(1) }, 100);
    let (energy, _, irrep, _) = end(&first, with_noise(&first));
    near(energy, -1.980_249_920_6, 1e-7);
    assert_eq!(irrep, Some(1));
}

/// A random state of F2 ends in excited states as well, of triplets and of other representations. Each is named; one state
/// that is asked for is found.
#[test]
fn a_random_start_of_f2_is_told_to_find_the_singlet() {
    let random = |model: &Model, seed: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        end(model, start::random(model.sites(), model.charge(), 60, &mut rng).unwrap())
    };
    let one = model("f2-2.0.fcidump", Target { twice_spin: Some(0), irrep: Some(1) }, 60);
    let any = model("f2-2.0.fcidump", Target::default(), 60);
    for seed in 0..4 {
        let (energy, spin, irrep, _) = random(&one, seed);
        assert_eq!((spin, irrep), (Some(0), Some(1)), "{energy}");
        near(energy, -195.984_138_020_6, 1e-6);
        let (energy, spin, irrep, _) = random(&any, seed);
        let expected = match (spin, irrep) {
            (Some(0), Some(1)) => -195.984_138_020_6,
            (Some(2), Some(7 | 8)) => -195.972_141_973_5,
            (Some(0), Some(7 | 8)) => -195.968_228_699_9,
            (Some(0), Some(3 | 4)) => -195.966_091_655_5,
            (Some(2), Some(3 | 4)) => -195.965_939_340_5,
            _ => continue,
        };
        near(energy, expected, 1e-6);
    }
}

/// ISYM of the file is 7; 2 is asked for.
#[test]
fn the_representation_of_the_file_or_of_the_user_is_found() {
    let name = "ring-isym7.fcidump";
    assert_eq!(file(name).irrep, Some(7));
    for (irrep, expected) in [(7, -2.863_571_137_9), (2, -2.839_635_437_8), (1, -2.922_177_170_1)] {
        let model = model(name, Target { twice_spin: None, irrep: Some(irrep) }, 64);
        let (integrals, reference) = parts(&model);
        near(full_ci_of(integrals, Some(irrep)).unwrap().energy, expected, 1e-9);
        let interaction = Interaction::new(integrals, reference, Some(irrep)).unwrap();
        for start in [
            with_noise(&model),
            start::determinant(integrals.orbitals(), reference).unwrap().with_noise(),
            start::deas(integrals, &interaction, 64).unwrap(),
            start::cas(integrals, reference, Some(irrep), 64).unwrap(),
        ] {
            let (energy, _, found, _) = end(&model, start);
            near(energy, expected, 1e-8);
            assert_eq!(found, Some(irrep));
        }
    }
    let integrals = file(name).integrals;
    near(full_ci(&integrals).unwrap().energy, -2.922_177_170_1, 1e-9);
    assert!(full_ci_of(&integrals.with_electrons(6, 0).unwrap(), Some(7)).is_err(), "one determinant, of another kind");
}

/// States of two representations 4.6 Hartree apart: the penalty grows with the distance of determinants.
#[test]
fn states_far_above_the_ground_state_are_found() {
    let model = model("be2plus.fcidump", Target { twice_spin: Some(0), irrep: Some(5) }, 60);
    for seed in 0..3 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (energy, spin, irrep, _) = end(&model, start::random(model.sites(), model.charge(), 60, &mut rng).unwrap());
        near(energy, -9.029_822_753_3, 1e-7);
        assert_eq!((spin, irrep), (Some(0), Some(5)));
    }
}

/// The variance tells a run that is stuck from one that has found an eigenstate.
#[test]
fn a_run_that_is_stuck_is_not_an_eigenstate() {
    let model = model("o2-ms0.fcidump", Target { twice_spin: Some(0), irrep: None }, 250);
    let (integrals, reference) = parts(&model);
    let stuck = end(&model, start::determinant(integrals.orbitals(), reference).unwrap());
    let free = end(&model, with_noise(&model));
    let variance = |state: &Mps| state.variance(model.hamiltonian()).unwrap();
    assert!(stuck.0 > free.0 + 1e-3, "{} {}", stuck.0, free.0);
    assert!(variance(&stuck.3) > 1e-4 && variance(&free.3) < 1e-8, "{} {}", variance(&stuck.3), variance(&free.3));
}

#[test]
fn a_schedule_without_half_sweeps_is_refused() {
    let model = model("ring-isym7.fcidump", Target::default(), 10);
    for options in [Options::new(0, 10), Options { schedule: Vec::new(), energy_tolerance: 0.0 }] {
        let error = Dmrg::new(model.hamiltonian(), &options).unwrap_err().to_string();
        assert!(error.contains("no half-sweep"), "{error}");
    }
}

/// The energy of a random state lies far inside the spectrum, where the differences to diagonal entries have both signs.
#[test]
fn random_starts_reach_the_ground_state_of_small_systems() {
    // The energy of independent electrons is twice the sum of the three lowest orbital energies, plus the core.
    let independent = 2.0 * (-1.668_134_416_807_917 - 2.0 * 1.594_889_267_533_8) + 3.223_307_062_745_592;
    for (name, electrons, exact) in [
        ("n-atom.fcidump", (5, 2), -53.719_010_162_6),
        ("n-atom.fcidump", (4, 3), -53.719_010_162_6),
        ("b-atom.fcidump", (3, 2), -24.189_264_917_1),
        ("he2-plus.fcidump", (1, 0), -0.581_666_969_0),
        ("one-particle.fcidump", (3, 3), independent),
    ] {
        let integrals = file(name).integrals.with_electrons(electrons.0, electrons.1).unwrap();
        near(full_ci(&integrals).unwrap().energy, exact, 1e-8);
        let reference = ci::reference(&integrals, None).unwrap().determinant;
        let model = Model::electrons_in(Target::default(), integrals, reference, 100).unwrap();
        for seed in 0..20 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let start = start::random(model.sites(), model.charge(), model.bond_dimension, &mut rng).unwrap();
            near(end(&model, start).0, exact, 1e-7);
        }
    }
}
