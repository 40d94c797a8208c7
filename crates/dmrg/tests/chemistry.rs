//! Integrals, Hartree-Fock and full CI of hydrogen chains, compared with `PySCF` 2.

use std::io::Read;
use std::ops::ControlFlow;

use headstart_dmrg::ci::{Determinant, diagonal_element, full_ci};
use headstart_dmrg::molecule::{Basis, Hydrogens, Orbitals};
use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Options, parse_fcidump};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Atoms, spacing in bohr, basis, energies of RHF and full CI in Hartree, weight of the RHF determinant in full CI.
type Chain = (usize, f64, Basis, f64, f64, f64);
const CHAINS: &[Chain] = &[
    (2, 1.4, Basis::Sto3g, -1.116_714_325_062_551, -1.137_275_943_617_043_9, 0.987_295_204_907_621_9),
    (4, 1.0, Basis::Sto3g, -1.739_934_578_114_384_7, -1.766_121_717_872_141_3, 0.989_104_743_645_794_5),
    (4, 1.4, Basis::Sto3g, -2.098_382_406_129_802, -2.139_442_549_060_047_5, 0.974_023_216_880_861_9),
    (4, 1.8, Basis::Sto3g, -2.113_428_915_126_412_3, -2.175_411_140_950_727_5, 0.945_539_133_857_777_7),
    (4, 3.6, Basis::Sto3g, -1.617_090_036_385_001_6, -1.908_670_784_430_821_3, 0.526_467_026_661_386),
    (6, 1.0, Basis::Sto3g, -2.393_528_593_864_616, -2.434_357_461_946_81, 0.983_061_280_586_84),
    (6, 1.4, Basis::Sto3g, -3.080_984_670_905_378_3, -3.143_507_980_687_969_5, 0.959_403_202_356_990_2),
    (6, 1.8, Basis::Sto3g, -3.152_316_250_253_464, -3.244_517_333_838_774_5, 0.916_192_143_086_831_7),
    (6, 3.6, Basis::Sto3g, -2.431_210_075_245_222, -2.863_700_765_389_968_4, 0.366_499_535_410_762_36),
    (8, 1.0, Basis::Sto3g, -3.041_251_537_893_927_5, -3.097_479_517_260_257_6, 0.976_409_364_895_888_6),
    (8, 1.4, Basis::Sto3g, -4.064_983_985_205_222, -4.149_424_194_603_291_5, 0.944_005_939_678_017_7),
    (8, 1.8, Basis::Sto3g, -4.193_121_632_806_978, -4.315_602_083_295_861, 0.886_380_526_407_473_2),
    (8, 3.6, Basis::Sto3g, -3.245_609_215_082_503_8, -3.818_852_078_366_886, 0.252_381_159_541_668_07),
    (10, 1.8, Basis::Sto3g, -5.234_841_577_591_503, -5.387_663_172_002_592, 0.856_477_908_696_414_6),
    (10, 1.8, Basis::Sto6g, -5.270_142_841_622_345, -5.424_385_376_332_681_5, 0.854_458_203_807_532),
    (10, 3.6, Basis::Sto6g, -4.104_931_980_512_22, -4.818_700_812_470_035, 0.173_069_344_773_625_87),
];

#[test]
fn energies_of_hydrogen_chains_agree_with_pyscf() {
    for &(atoms, spacing, basis, rhf, fci, weight) in CHAINS {
        let what = format!("H{atoms} {basis:?} at {spacing}");
        let chain = Hydrogens::chain(atoms, spacing, basis).unwrap();
        let field = chain.hartree_fock().unwrap();
        assert!((field.energy - rhf).abs() < 1e-8, "{what}: RHF {} and {rhf}", field.energy);
        let state = full_ci(&chain.hamiltonian(Orbitals::Canonical).unwrap()).unwrap();
        assert!((state.energy - fci).abs() < 1e-8, "{what}: full CI {} and {fci}", state.energy);
        let found = state.weight(Determinant::lowest(atoms / 2, atoms / 2));
        assert!((found - weight).abs() < 1e-5, "{what}: weight {found} and {weight}");
    }
}

/// Number of orbitals, energy of the lowest determinant, and full CI energy.
#[test]
fn energies_of_shipped_files_agree_with_pyscf() {
    for (name, orbitals, rhf, fci) in [
        ("n2-sto3g-2.0A", 10, -106.871_504_045_608_4, -107.455_155_597_755_4),
        ("c2-sto3g-1.25A", 10, -74.421_667_215_925_91, -74.690_585_670_441_56),
        ("lif-sto3g-4.0A", 10, -105.085_377_873_218_33, -105.303_366_609_922_83),
        ("be-631gs", 14, -14.566_764_033_509_635, -14.613_942_530_868_572),
        ("h2dimer-ccpvdz", 20, -2.257_372_677_563_932_2, -2.326_747_948_422_816),
    ] {
        let path = format!("{}/data/{name}.fcidump.gz", env!("CARGO_MANIFEST_DIR"));
        let mut text = String::new();
        flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        let integrals = parse_fcidump(&text).unwrap();
        assert_eq!(integrals.orbitals(), orbitals);
        let reference = Determinant::lowest(integrals.alpha(), integrals.beta());
        let energy = diagonal_element(&integrals, reference);
        assert!((energy - rhf).abs() < 1e-8, "{name}: RHF {energy} and {rhf}");
        let state = full_ci(&integrals).unwrap();
        assert!((state.energy - fci).abs() < 1e-8, "{name}: full CI {} and {fci}", state.energy);
    }
}

/// 16 atoms at 1.8 bohr. At bond dimension 400 (a minute) this crate reproduces the known energy to 1e-8.
#[test]
fn the_energy_of_sixteen_atoms_is_approached_from_above() {
    let chain = Hydrogens::chain(16, 1.8, Basis::Sto6g).unwrap();
    let order: Vec<usize> = (0..16).collect();
    let hamiltonian = Mpo::from_integrals(&chain.hamiltonian(Orbitals::Lowdin).unwrap(), &order).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(16);
    let start = Mps::random(hamiltonian.sites(), Charge::new(16, 0), 48, &mut rng).unwrap();
    let options = Options::new(3, 48);
    let outcome =
        Dmrg::new(&hamiltonian, &options).unwrap().run(start, &mut rng, |_| ControlFlow::Continue(())).unwrap();
    let above = outcome.energy + 8.664_761_40;
    // The error with 48 instead of 400 states is about 1e2 times the discarded weight.
    assert!((0.0..2e-4).contains(&above), "{above}");
}
