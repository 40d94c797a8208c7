//! Independent small molecules in one state each: problems whose replicates are molecules. Integrals and energies are those
//! of `data/dmrg` (see the script there): full CI with `PySCF` 2.14.0.

use std::io::Read;

use headstart_domain::{Result, Stream};

use crate::ci::{self, Determinant};
use crate::order;
use crate::problem::Model;
use crate::state::Target;
use crate::{Fcidump, Integrals};

/// A molecule and the state that all runs are to find: its ground state.
struct Molecule {
    canonical: &'static [u8],
    local: &'static [u8],
    /// The molecule with all distances scaled, the shortest by 0.1 angstrom; an atom has none.
    near: &'static [u8],
    twice_spin: usize,
    irrep: u32,
    /// Full CI, in Hartree.
    energy: f64,
}

/// How the orbitals are chosen and ordered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Orbitals {
    /// Canonical, by energy.
    Given,
    /// Canonical, in the order of the Fiedler vector of the exchange integrals.
    Fiedler,
    /// Localised.
    Local,
}

/// Number of molecules.
pub(super) const COUNT: u64 = MOLECULES.len() as u64;
/// Largest bond dimension of a run: that of `try`.
const BOND_DIMENSION: usize = 100;

macro_rules! file {
    ($name:literal, $kind:literal) => {
        include_bytes!(concat!("../../../../data/dmrg/", $name, $kind, ".fcidump.gz"))
    };
}

macro_rules! molecule {
    ($name:literal, $twice_spin:literal, $irrep:literal, $energy:literal) => {
        molecule!($name, $twice_spin, $irrep, $energy, file!($name, "-near"))
    };
    ($name:literal, $twice_spin:literal, $irrep:literal, $energy:literal, $near:expr) => {
        Molecule {
            canonical: file!($name, ""),
            local: file!($name, "-local"),
            near: $near,
            twice_spin: $twice_spin,
            irrep: $irrep,
            energy: $energy,
        }
    };
}

/// In the order of the replicates.
const MOLECULES: [Molecule; 25] = [
    molecule!("n2-1.1", 0, 1, -107.654_122_447_5),
    molecule!("n2-2.0", 0, 1, -107.455_155_597_8),
    molecule!("n2-2.5", 0, 1, -107.440_416_501_2),
    molecule!("c2-1.25", 0, 1, -74.690_585_670_4),
    molecule!("c2-1.8", 2, 2, -74.554_504_076_1),
    molecule!("f2-2.0", 0, 1, -195.984_138_020_6),
    molecule!("co-1.8", 0, 1, -111.147_679_402_7),
    molecule!("cn-1.17", 1, 1, -91.172_778_539_5),
    molecule!("no-1.15", 1, 2, -127.658_988_798_9),
    molecule!("b2-1.6", 4, 8, -48.524_035_620_5),
    molecule!("o2-1.21", 2, 4, -147.744_789_391_9),
    molecule!("ch2", 2, 2, -38.979_960_064_2),
    molecule!("beh2", 0, 1, -15.799_480_831_7),
    molecule!("lih-1.6", 0, 1, -7.998_358_365_7),
    molecule!("lih-3.5", 0, 1, -7.938_112_746_3),
    molecule!("hf-2.0", 0, 1, -99.966_334_007_5),
    molecule!("h2o", 0, 1, -76.119_955_187_9),
    molecule!("h4-square", 0, 4, -2.068_341_877_5),
    molecule!("h6-ring", 0, 1, -3.181_436_621_9),
    molecule!("benzene-pi", 0, 1, -227.997_024_016_9),
    molecule!("naphthalene-pi", 0, 1, -378.853_920_591_3),
    molecule!("h2-dimer", 0, 1, -2.303_301_093_0),
    molecule!("be", 0, 1, -14.613_942_530_9, &[]),
    molecule!("nh-1.04", 2, 4, -55.012_167_777_9),
    molecule!("lif-3.0", 0, 1, -105.311_211_135_4),
];

/// A point of the potential curve of N2: integrals, and full CI in Hartree. The orbitals of all points are in one order and
/// have the same signs.
struct Point(&'static [u8], f64);

macro_rules! point {
    ($name:literal, $energy:literal) => {
        Point(file!($name, ""), $energy)
    };
}

const CURVE: [Point; 8] = [
    point!("curve-n2-1.0", -107.549_300_957_9),
    point!("curve-n2-1.2", -107.677_339_749_2),
    point!("curve-n2-1.4", -107.623_174_178_1),
    point!("curve-n2-1.6", -107.542_085_766_0),
    point!("curve-n2-1.8", -107.483_457_350_7),
    point!("curve-n2-2.0", -107.455_155_597_8),
    point!("curve-n2-2.2", -107.444_858_549_0),
    point!("curve-n2-2.4", -107.441_306_285_1),
];
/// Number of points of the curve.
pub(super) const POINTS: u64 = CURVE.len() as u64;
/// Largest bond dimension on the curve.
const ON_THE_CURVE: usize = 60;

/// A point of the curve, with its neighbour: the point before it, or the second for the first.
pub(super) fn curve(stream: &mut Stream) -> Result<Model> {
    let at = (stream.replicate() % POINTS) as usize;
    let neighbour = if at == 0 { 1 } else { at - 1 };
    let point = |at: usize| -> Result<Model> {
        let Point(compressed, energy) = CURVE[at];
        let integrals = read(compressed)?;
        let reference = Determinant::lowest(integrals.alpha(), integrals.beta());
        let target = Target { twice_spin: Some(0), irrep: Some(1) };
        let width = super::problems::width(ON_THE_CURVE);
        let model = Model::electrons_in(target, integrals, reference, width)?;
        Ok(super::problems::ended(model).with_exact(energy))
    };
    Ok(point(at)?.with_neighbour(point(neighbour)?))
}

fn read(compressed: &[u8]) -> Result<Integrals> {
    Ok(file(compressed)?.integrals)
}

fn file(compressed: &[u8]) -> Result<Fcidump> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(compressed).read_to_string(&mut text)?;
    Ok(Fcidump::parse(&text)?)
}

pub(super) fn given(stream: &mut Stream) -> Result<Model> {
    model(stream, Orbitals::Given)
}

pub(super) fn fiedler(stream: &mut Stream) -> Result<Model> {
    model(stream, Orbitals::Fiedler)
}

pub(super) fn local(stream: &mut Stream) -> Result<Model> {
    model(stream, Orbitals::Local)
}

/// Number of molecules with a neighbouring geometry: all but the atom.
pub(super) const WITH_NEIGHBOUR: u64 = COUNT - 1;

/// A molecule with its neighbouring geometry. The reference is the same determinant at both.
pub(super) fn near(stream: &mut Stream) -> Result<Model> {
    let mut all = MOLECULES.iter().filter(|molecule| !molecule.near.is_empty());
    let at = (stream.replicate() % WITH_NEIGHBOUR) as usize;
    let molecule = all.nth(at).ok_or("there are fewer molecules than replicates")?;
    let reference = ci::reference(&molecule.integrals(molecule.canonical)?, Some(molecule.irrep))?.determinant;
    let target = Target { twice_spin: Some(molecule.twice_spin), irrep: Some(molecule.irrep) };
    let width = super::problems::width(BOND_DIMENSION);
    let at = |compressed| -> Result<Model> {
        let model = Model::electrons_in(target, molecule.integrals(compressed)?, reference, width)?;
        Ok(super::problems::ended(model))
    };
    Ok(at(molecule.canonical)?.with_exact(molecule.energy).with_neighbour(at(molecule.near)?))
}

fn model(stream: &Stream, orbitals: Orbitals) -> Result<Model> {
    let molecule = &MOLECULES[(stream.replicate() % COUNT) as usize];
    let is_local = orbitals == Orbitals::Local;
    let integrals = molecule.integrals(if is_local { molecule.local } else { molecule.canonical })?;
    // Localised orbitals have no symmetry.
    let irrep = (!is_local).then_some(molecule.irrep);
    let reference = ci::reference(&integrals, irrep)?.determinant;
    let target = Target { twice_spin: Some(molecule.twice_spin), irrep };
    let order: Vec<usize> = match orbitals {
        Orbitals::Fiedler => order::fiedler(order::exchange_matrix(&integrals).view())?,
        Orbitals::Given | Orbitals::Local => (0..integrals.orbitals()).collect(),
    };
    let chain = integrals.permuted(&order)?;
    let model = Model::electrons_in(target, chain, reference.permuted(&order), super::problems::width(BOND_DIMENSION))?;
    Ok(super::problems::ended(model).with_exact(molecule.energy))
}

impl Molecule {
    /// The integrals, with 2 Sz = 2 S of the state.
    fn integrals(&self, compressed: &[u8]) -> Result<Integrals> {
        let integrals = read(compressed)?;
        let electrons = integrals.alpha() + integrals.beta();
        let alpha = electrons.midpoint(self.twice_spin);
        Ok(integrals.with_electrons(alpha, electrons - alpha)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::{full_ci, full_ci_of};

    /// Our full CI gives the energies of the manifest, in both sets of orbitals. The smaller molecules.
    #[test]
    fn full_ci_has_the_energies_of_the_manifest() {
        let mut checked = 0;
        for molecule in &MOLECULES {
            let integrals = molecule.integrals(molecule.canonical).unwrap();
            let electrons = integrals.alpha() + integrals.beta();
            if electrons > 4 || integrals.orbitals() > 12 {
                continue;
            }
            let raised = |integrals: &Integrals| integrals.with_spin_penalty(molecule.twice_spin, 2.0).unwrap();
            let canonical = full_ci_of(&raised(&integrals), Some(molecule.irrep)).unwrap().energy;
            let local = molecule.integrals(molecule.local).unwrap();
            let local = full_ci(&raised(&local)).unwrap().energy;
            assert!((canonical - molecule.energy).abs() < 1e-8, "{canonical} {}", molecule.energy);
            assert!((local - molecule.energy).abs() < 1e-8, "{local} {}", molecule.energy);
            checked += 1;
        }
        assert_eq!(checked, 5);
    }

    #[test]
    fn points_of_the_curve_have_the_energies_of_the_manifest() {
        let Point(compressed, energy) = CURVE[4];
        let found = full_ci_of(&read(compressed).unwrap(), Some(1)).unwrap().energy;
        assert!((found - energy).abs() < 1e-8, "{found}");
    }

    /// A start that brings the Fiedler order has the order of the problem that is in this order.
    #[test]
    fn the_order_of_a_model_does_not_depend_on_the_penalty() {
        for molecule in &MOLECULES {
            let integrals = molecule.integrals(molecule.canonical).unwrap();
            let reference = ci::reference(&integrals, Some(molecule.irrep)).unwrap().determinant;
            let target = Target { twice_spin: Some(molecule.twice_spin), irrep: Some(molecule.irrep) };
            let plain = order::fiedler(order::exchange_matrix(&integrals).view()).unwrap();
            if integrals.orbitals() <= 10 {
                let model = Model::electrons_in(target, integrals, reference, 4).unwrap();
                assert_eq!(model.fiedler_order(), plain);
            }
        }
    }

    /// The orbitals at the neighbouring geometry correspond to those of the molecule: its ground state is nearly that of the
    /// molecule, which needs the same order and the same signs.
    #[test]
    fn neighbouring_geometries_have_corresponding_orbitals() {
        for molecule in MOLECULES.iter().filter(|molecule| !molecule.near.is_empty()) {
            let (here, near) = (file(molecule.canonical).unwrap(), file(molecule.near).unwrap());
            assert_eq!(here.integrals.symmetry(), near.integrals.symmetry());
            assert_eq!(
                (here.integrals.alpha(), here.integrals.beta()),
                (near.integrals.alpha(), near.integrals.beta())
            );
            let (here, near) =
                (molecule.integrals(molecule.canonical).unwrap(), molecule.integrals(molecule.near).unwrap());
            if here.orbitals() > 8 || here.alpha() + here.beta() > 6 || molecule.twice_spin > 0 {
                continue;
            }
            let vector = full_ci_of(&near, Some(molecule.irrep)).unwrap();
            let sites = vec![crate::Site::Fermion; here.orbitals()];
            let state = crate::Mps::from_product_states(&sites, &vector.product_states()).unwrap();
            let order: Vec<usize> = (0..here.orbitals()).collect();
            let energy = state.expectation(&crate::Mpo::from_integrals(&here, &order).unwrap()).unwrap();
            let reference = ci::reference(&here, Some(molecule.irrep)).unwrap().determinant;
            let single = ci::diagonal_element(&here, reference);
            let part = (single - energy) / (single - molecule.energy);
            assert!(part > 0.8, "{part} of the correlation energy");
        }
    }

    /// The tables above are those of data/dmrg/manifest.toml.
    #[test]
    fn tables_are_those_of_the_manifest() {
        let manifest = include_str!("../../../../data/dmrg/manifest.toml");
        let stated = |what: &str| {
            let energies = manifest.lines().filter_map(move |line| line.strip_prefix(what)?.strip_suffix(" }"));
            energies.map(str::to_owned).collect::<Vec<_>>()
        };
        let states = stated("state = { ");
        assert_eq!(states.len() as u64, COUNT + POINTS);
        for (molecule, state) in MOLECULES.iter().zip(&states) {
            for compressed in [molecule.canonical, molecule.local] {
                assert_eq!(file(compressed).unwrap().largest_difference, 0.0, "each integral is written once");
            }
            let Molecule { twice_spin, irrep, energy, .. } = molecule;
            assert_eq!(*state, format!("twice_spin = {twice_spin}, irrep = {irrep}, energy = {energy:.10}"));
        }
        for (Point(_, energy), state) in CURVE.iter().zip(&states[COUNT as usize..]) {
            assert_eq!(*state, format!("twice_spin = 0, irrep = 1, energy = {energy:.10}"));
        }
    }
}
