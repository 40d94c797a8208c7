//! The user's data: a molecule from an FCIDUMP file.

use std::path::Path;

use headstart_domain::{Opt, Options, Result, Stream};

use crate::ci::{self, Determinant, Reference};
use crate::order;
use crate::problem::Model;
use crate::state::{Target, are_irreps, multiplicity};
use crate::{Error, Fcidump, Integrals};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("bond-dim", "M", "largest bond dimension").default("100"),
    Opt::new("spin", "S", "find the lowest state of this total spin: 0, 1/2, 1, .. [default: the lowest of any spin]"),
    Opt::new("ms2", "M", "spins up minus spins down, 2 Sz [default: 2 S with --spin, else MS2 of the file]"),
    Opt::new(
        "irrep",
        "K",
        "find the lowest state of this irreducible representation, 1 to 8 as in ORBSYM, or of `any` [default: ISYM of the \
         file; its value 1 means any]",
    ),
    Opt::new(
        "occupied",
        "LIST",
        "orbitals of the reference determinant, numbered from 1 as in the file: 1,2,5 or 1-4,6; an open shell lists those \
         of spin up and of spin down: 1-5/1-4; a start whose cheap calculation ends in another irreducible representation \
         takes a determinant of that one [default: the determinant of lowest energy among a few]",
    ),
    Opt::new(
        "order",
        "ORDER",
        "order of the orbitals along the chain: given (as in the file), fiedler (by exchange integrals), mutual (by \
         mutual information from singles and doubles), reversed or random (a new one for each replicate)",
    )
    .default("given"),
    Opt::new("half-sweeps", "N", "largest number of half-sweeps").default("30"),
];

/// Larger bond dimensions take minutes per half-sweep.
const WIDEST: usize = 10_000;

pub(super) fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Model> {
    // The harness names the file.
    let file = Fcidump::read(path).map_err(|error| match error {
        Error::File { source, .. } => format!("cannot be read: {source}"),
        Error::Gzip { source, .. } => format!("the gzip data are damaged or cut off ({source}); copy the file again"),
        Error::NotText { .. } => "is not text; give an FCIDUMP file, or one that was compressed with gzip".to_owned(),
        other => other.to_string(),
    })?;
    if let Some((integral, product)) = forbidden(&file.integrals) {
        return Err(format!(
            "ORBSYM contradicts the integrals: {integral} is not zero, but its orbitals have the product {product} of \
             representations instead of 1; correct ORBSYM, or set all labels to 1"
        )
        .into());
    }
    let n = file.integrals.orbitals();
    if n < 2 {
        return Err("the file has one orbital; at least two are needed".into());
    }
    let bond_dimension = count(options, "bond-dim", WIDEST)?.unwrap_or(100);
    let half_sweeps = count(options, "half-sweeps", 1000)?.unwrap_or(30);
    let (target, integrals) = state(&file, options)?;
    let reference = match options.get("occupied") {
        Some(list) => Reference {
            determinant: occupied(list, &integrals).map_err(|why| format!("--occupied {list}: {why}"))?,
            origin: "given by --occupied",
        },
        None => ci::reference(&integrals, target.irrep).map_err(|error| {
            let given = ["irrep", "spin", "ms2"].into_iter().find_map(|name| Some((name, options.get(name)?)));
            given.map_or_else(|| error.to_string(), |(name, value)| format!("--{name} {value}: {error}"))
        })?,
    };
    if let (Some(list), Some(irrep), Some(found)) =
        (options.get("occupied"), target.irrep, ci::irrep_of(&integrals, reference.determinant))
        && irrep != found
    {
        return Err(format!(
            "--occupied {list}: this determinant has the irreducible representation {found}, and the state has {irrep}; give \
             other orbitals, or --irrep {found}"
        )
        .into());
    }
    let order = match options.get("order").unwrap_or("given") {
        "given" => (0..n).collect(),
        "fiedler" => order::fiedler(order::exchange_matrix(&integrals).view())?,
        "mutual" => mutual(&integrals, reference.determinant)?,
        "reversed" => order::reversed(n),
        "random" => order::random(n, stream),
        other => return Err(format!("--order {other}: must be given, fiedler, mutual, reversed or random").into()),
    };
    let chain = integrals.permuted(&order)?;
    let mut model = Model::electrons_in(target, chain, reference.determinant.permuted(&order), bond_dimension)?;
    model.half_sweeps = half_sweeps;
    model.notes = notes(&file, &integrals, &reference, target);
    Ok(model)
}

/// The state that the options or the file ask for, and the integrals with its numbers of electrons.
fn state(file: &Fcidump, options: &Options) -> Result<(Target, Integrals)> {
    let integrals = file.integrals.clone();
    let electrons = integrals.alpha() + integrals.beta();
    // All electrons of one spin, or all holes.
    let most = electrons.min(2 * integrals.orbitals() - electrons);
    let is_possible = |twice: usize| twice <= most && twice % 2 == electrons % 2;
    let spin = options.get("spin");
    let twice_spin = spin.map(|text| {
        let found = twice(text).filter(|twice| is_possible(*twice));
        found.ok_or_else(|| {
            format!("--spin {text}: {electrons} electrons in these orbitals have a spin of {}", spins(most))
        })
    });
    let twice_spin = twice_spin.transpose()?;
    let given = options.get("ms2").map(|text| {
        let found = text.parse::<i32>().ok().filter(|ms2| is_possible(ms2.unsigned_abs() as usize));
        let parity = if electrons.is_multiple_of(2) { "even" } else { "odd" };
        found.map(|ms2| ms2 as isize).ok_or_else(|| {
            format!(
                "--ms2 {text}: {electrons} electrons in these orbitals need an {parity} integer from -{most} to {most}"
            )
        })
    });
    let given = given.transpose()?;
    if let (Some(spin), Some(ms2)) = (twice_spin, given)
        && spin.cast_signed() != ms2
    {
        return Err(format!(
            "--spin {} and --ms2 {ms2} do not go together: a state of spin S is computed at 2 Sz = 2 S; leave --ms2 out or \
             give --ms2 {spin}",
            options.get("spin").unwrap_or_default()
        )
        .into());
    }
    let of_file = integrals.alpha().cast_signed() - integrals.beta().cast_signed();
    let ms2 = given.or(twice_spin.map(usize::cast_signed)).unwrap_or(of_file);
    let alpha = (electrons.cast_signed() + ms2).unsigned_abs() / 2;
    let integrals = integrals.with_electrons(alpha, electrons - alpha)?;
    let irrep = match options.get("irrep") {
        None => file.irrep,
        Some("any") => None,
        Some(text) => {
            let irrep = text.parse().ok().filter(|irrep| (1..=8).contains(irrep));
            let irrep = irrep.ok_or_else(|| format!("--irrep {text}: must be an integer from 1 to 8, or any"))?;
            if !are_irreps(integrals.symmetry()) || irrep > 1 && !is_labelled(&integrals) {
                return Err(format!(
                    "--irrep {text}: ORBSYM of the file does not give its orbitals different representations of D2h (1 to 8); \
                     write the file with symmetry"
                )
                .into());
            }
            Some(irrep)
        }
    };
    Ok((Target { twice_spin, irrep }, integrals))
}

/// An integral that the symmetry of the orbitals forbids, and the product of their representations.
fn forbidden(integrals: &Integrals) -> Option<(String, u32)> {
    /// Integrals below this are rounding errors, in Hartree.
    const ZERO: f64 = 1e-6;
    let labels = integrals.symmetry();
    if !is_labelled(integrals) {
        return None;
    }
    let product = |orbitals: &[usize]| orbitals.iter().fold(0, |product, i| product ^ (labels[*i] - 1)) + 1;
    let n = integrals.orbitals();
    for (i, j) in (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))) {
        if product(&[i, j]) != 1 && integrals.one(i, j).abs() > ZERO {
            return Some((format!("({}|h|{})", i + 1, j + 1), product(&[i, j])));
        }
        for (k, l) in (0..n).flat_map(|k| (0..=k).map(move |l| (k, l))) {
            if product(&[i, j, k, l]) != 1 && integrals.two(i, j, k, l).abs() > ZERO {
                let name = format!("({} {}|{} {})", i + 1, j + 1, k + 1, l + 1);
                return Some((name, product(&[i, j, k, l])));
            }
        }
    }
    None
}

/// Whether the orbitals have labels of D2h or a subgroup that are more than a default.
pub(super) fn is_labelled(integrals: &Integrals) -> bool {
    let labels = integrals.symmetry();
    are_irreps(labels) && labels.iter().any(|label| *label != 1)
}

/// Twice a spin that is written as 1, 0.5 or 1/2.
fn twice(text: &str) -> Option<usize> {
    let spin = match text.split_once('/') {
        Some((number, "2")) => 0.5 * number.trim().parse::<f64>().ok()?,
        Some(_) => return None,
        None => text.parse::<f64>().ok()?,
    };
    let twice = 2.0 * spin;
    ((0.0..=128.0).contains(&twice) && twice.fract() == 0.0).then_some(twice as usize)
}

/// All spins up to half of `most`, in steps of 1.
fn spins(most: usize) -> String {
    let one = |twice: usize| if twice.is_multiple_of(2) { (twice / 2).to_string() } else { format!("{twice}/2") };
    (most % 2..=most).step_by(2).map(one).collect::<Vec<_>>().join(", ")
}

/// The determinant of a list such as 1-4,6 or 1-5/1-4.
fn occupied(list: &str, integrals: &Integrals) -> std::result::Result<Determinant, String> {
    let n = integrals.orbitals();
    let word = |text: &str| -> std::result::Result<u64, String> {
        let mut word = 0_u64;
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let orbital = |text: &str| {
                let found = text.trim().parse::<usize>().ok().filter(|orbital| (1..=n).contains(orbital));
                found.ok_or_else(|| format!("{text:?} is not an orbital from 1 to {n}"))
            };
            let (first, last) = (orbital(first)?, orbital(last)?);
            if first > last {
                return Err(format!("{part} is reversed: write {last}-{first}"));
            }
            for orbital in first..=last {
                if word >> (orbital - 1) & 1 == 1 {
                    return Err(format!("orbital {orbital} is listed twice"));
                }
                word |= 1 << (orbital - 1);
            }
        }
        Ok(word)
    };
    let (alpha, beta) = match list.split_once('/') {
        Some((alpha, beta)) => (word(alpha)?, word(beta)?),
        None if integrals.alpha() == integrals.beta() => (word(list)?, word(list)?),
        None => {
            return Err(format!(
                "list the orbitals of spin up and of spin down, as in 1-{}/1-{}",
                integrals.alpha(),
                integrals.beta()
            ));
        }
    };
    for (found, needed, spin) in [(alpha, integrals.alpha(), "up"), (beta, integrals.beta(), "down")] {
        if found.count_ones() as usize != needed {
            return Err(format!("{} orbitals for {needed} electrons of spin {spin}", found.count_ones()));
        }
    }
    Ok(Determinant { alpha, beta })
}

/// The state, the reference determinant and anything odd about the file.
fn notes(file: &Fcidump, integrals: &Integrals, reference: &Reference, target: Target) -> Vec<String> {
    let wanted = match (target.twice_spin, target.irrep) {
        (None, None) => "of any spin and representation".to_owned(),
        (Some(spin), None) => format!("of spin S = {} ({})", spin as f64 / 2.0, multiplicity(spin)),
        (None, Some(irrep)) => format!("of irreducible representation {irrep}"),
        (Some(spin), Some(irrep)) => {
            format!("of spin S = {} ({}) and irreducible representation {irrep}", spin as f64 / 2.0, multiplicity(spin))
        }
    };
    let twice_sz = integrals.alpha().cast_signed() - integrals.beta().cast_signed();
    let state = format!("The runs look for the lowest state {wanted} at 2 Sz = {twice_sz}");
    let raised = "by a penalty of at least 2 Hartree for each";
    let cure = match (target.twice_spin, target.irrep) {
        (None, None) => "; `--spin` and `--irrep` choose one".to_owned(),
        (Some(_), None) => format!("; other spins are raised {raised} unit of S^2"),
        (None, Some(_)) => format!("; other representations are raised {raised} generator of the point group"),
        (Some(_), Some(_)) => {
            format!("; other states are raised {raised} unit of S^2 and each generator of the point group")
        }
    };
    let d = reference.determinant;
    let occupied = if d.alpha == d.beta { ranges(d.alpha) } else { format!("{}/{}", ranges(d.alpha), ranges(d.beta)) };
    let mut notes =
        vec![format!("{state}{cure}."), format!("Reference determinant: orbitals {occupied} ({}).", reference.origin)];
    if !are_irreps(integrals.symmetry()) && integrals.symmetry().iter().any(|label| *label > 0) {
        notes.push(
            "ORBSYM holds labels outside 1 to 8, so the file's symmetry is not used. PySCF writes labels from 1 with \
             `fcidump.from_scf(mf, path, molpro_orbsym=True)`."
                .to_owned(),
        );
    }
    if integrals.one_matrix().iter().all(|value| *value == 0.0) {
        notes.push("The file has no one-electron integrals; check that it is complete.".to_owned());
    }
    if file.largest_difference > 0.0 {
        notes.push(format!(
            "The file gives some integrals twice, with values that differ by up to {:.1e} Hartree; the last one counts.",
            file.largest_difference
        ));
    }
    notes
}

/// Orbitals from 1 as 1-4,6.
fn ranges(word: u64) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for orbital in (0..64).filter(|i| word >> i & 1 == 1).map(|i| i + 1) {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == orbital => *last = orbital,
            _ => parts.push((orbital, orbital)),
        }
    }
    let text = |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    if parts.is_empty() { "none".to_owned() } else { parts.iter().map(text).collect::<Vec<_>>().join(",") }
}

fn mutual(integrals: &Integrals, reference: Determinant) -> Result<Vec<usize>> {
    let vector = ci::diagonalise(integrals, &ci::cisd(integrals.orbitals(), reference))?;
    Ok(order::fiedler(ci::entropies(&vector)?.mutual.view())?)
}

/// Parses an integer option from 1 to `most`.
fn count(options: &Options, name: &str, most: usize) -> Result<Option<usize>> {
    let Some(text) = options.get(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    Ok(Some(number.ok_or_else(|| format!("--{name} {text}: must be an integer from 1 to {most}"))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn lists_of_orbitals_are_read() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let plain = crate::testing::random_integrals(6, (3, 3), &mut rng);
        let integrals = |(alpha, beta)| plain.clone().with_electrons(alpha, beta).unwrap();
        let read = |list: &str, electrons| occupied(list, &integrals(electrons));
        assert_eq!(read("1,2,5", (3, 3)), Ok(Determinant { alpha: 0b10011, beta: 0b10011 }));
        assert_eq!(read("1-3/2, 6", (3, 2)), Ok(Determinant { alpha: 0b111, beta: 0b10_0010 }));
        for (list, electrons, why) in [
            ("1,2", (3, 3), "2 orbitals for 3 electrons"),
            ("1,2,7", (3, 3), "1 to 6"),
            ("1,2,2", (3, 3), "twice"),
            ("1,2,x", (3, 3), "\"x\""),
            ("1-3", (3, 2), "1-3/1-2"),
            ("3-1", (1, 1), "1-3"),
        ] {
            assert!(read(list, electrons).is_err_and(|error| error.contains(why)), "{list}");
        }
        assert_eq!((ranges(0b101_1101), ranges(0), ranges(0b1)), ("1,3-5,7".into(), "none".into(), "1".into()));
    }

    #[test]
    fn labels_that_contradict_the_integrals_are_found() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let plain = crate::testing::random_integrals(3, (1, 1), &mut rng);
        assert_eq!(forbidden(&plain), None, "no labels");
        let labelled = plain.with_symmetry(vec![1, 2, 1]).unwrap();
        assert_eq!(forbidden(&labelled).map(|(_, product)| product), Some(2));
        let ring = Fcidump::parse(include_str!("../../tests/data/ring-isym7.fcidump")).unwrap().integrals;
        assert_eq!(forbidden(&ring), None);
    }

    #[test]
    fn spins_are_read() {
        let found = ["0", "1/2", "0.5", "1", "3/2", "2.0"].map(twice);
        assert_eq!(found, [Some(0), Some(1), Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(["-1", "0.3", "1/3", "x", "1e9", "nan"].map(twice), [None; 6]);
    }
}
