//! The user's data: a molecule from an FCIDUMP file.

use std::path::Path;

use headstart_domain::{Opt, Options, Result, Stream};

use crate::ci::{self, Determinant};
use crate::order;
use crate::problem::{Model, reordered};
use crate::{Integrals, read_fcidump};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("bond-dim", "M", "largest bond dimension").default("100"),
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
    let integrals = read_fcidump(path)?;
    let n = integrals.orbitals();
    if n < 2 {
        return Err("the file has one orbital; at least two are needed".into());
    }
    let bond_dimension = count(options, "bond-dim", WIDEST)?.unwrap_or(100);
    let half_sweeps = count(options, "half-sweeps", 1000)?.unwrap_or(30);
    let order = match options.get("order").unwrap_or("given") {
        "given" => (0..n).collect(),
        "fiedler" => order::fiedler(order::exchange_matrix(&integrals).view())?,
        "mutual" => mutual(&integrals)?,
        "reversed" => order::reversed(n),
        "random" => order::random(n, stream),
        other => return Err(format!("--order {other}: must be given, fiedler, mutual, reversed or random").into()),
    };
    let mut model = reordered(&integrals, &order, bond_dimension)?;
    model.half_sweeps = half_sweeps;
    Ok(model)
}

fn mutual(integrals: &Integrals) -> Result<Vec<usize>> {
    let reference = Determinant::lowest(integrals.alpha(), integrals.beta());
    let vector = ci::diagonalise(integrals, &ci::cisd(integrals.orbitals(), reference))?;
    Ok(order::fiedler(ci::entropies(&vector)?.mutual.view())?)
}

/// Parses an integer option from 1 to `most`.
fn count(options: &Options, name: &str, most: usize) -> Result<Option<usize>> {
    let Some(text) = options.get(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    Ok(Some(number.ok_or_else(|| format!("--{name} {text}: must be an integer from 1 to {most}"))?))
}
