//! Times half-sweeps from a random state and prints one JSON object. The benchmarks in benchmarks/peers/dmrg run it
//! beside other programs.
//!
//! ```text
//! timed heisenberg SITES BOND_DIMENSION HALF_SWEEPS RESIDUAL
//! timed hubbard SITES BOND_DIMENSION HALF_SWEEPS RESIDUAL          (U = 8, half filling)
//! timed fcidump PATH BOND_DIMENSION HALF_SWEEPS RESIDUAL
//! timed write-chain ATOMS canonical|lowdin PATH                    (STO-6G, 1.8 bohr: writes the FCIDUMP)
//!
//! The first three take the weight to discard as an optional last argument (1e-14 by default).
//! ```

use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use headstart_dmrg::molecule::{Basis, Hydrogens, Orbitals};
use headstart_dmrg::{Charge, Dmrg, Mpo, Mps, Options, Stage, lattice, read_fcidump, write_fcidump};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, of, third, rest @ ..] = &arguments[..] else {
        return Err("expected MODEL and its arguments; see the top of examples/timed.rs".into());
    };
    if model == "write-chain" {
        let orbitals = if third == "lowdin" { Orbitals::Lowdin } else { Orbitals::Canonical };
        let integrals = Hydrogens::chain(of.parse()?, 1.8, Basis::Sto6g)?.hamiltonian(orbitals)?;
        return Ok(write_fcidump(Path::new(rest.first().ok_or("the output path is missing")?), &integrals)?);
    }
    let [half_sweeps, residual, weight @ ..] = rest else { return Err("HALF_SWEEPS and RESIDUAL are missing".into()) };
    let built = Instant::now();
    let (hamiltonian, charge) = hamiltonian(model, of)?;
    let built = built.elapsed().as_secs_f64();
    let bond_dimension: usize = third.parse()?;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let start = Mps::random(hamiltonian.sites(), charge, bond_dimension, &mut rng)?;
    let mut stage = Stage::new(half_sweeps.parse()?, bond_dimension).with_residual(residual.parse()?);
    if let Some(weight) = weight.first() {
        stage.truncation.weight = weight.parse()?;
    }
    let options = Options { schedule: vec![stage], energy_tolerance: 0.0 };
    let mut seconds = Vec::new();
    let mut begin = Instant::now();
    let outcome = Dmrg::new(&hamiltonian, &options)?.run(start, &mut rng, |step| {
        if step.ends_half_sweep {
            seconds.push(begin.elapsed().as_secs_f64());
            begin = Instant::now();
        }
        ControlFlow::Continue(())
    })?;
    let energies: Vec<f64> = outcome.half_sweeps.iter().map(|half| half.lowest).collect();
    let discarded: Vec<f64> = outcome.half_sweeps.iter().map(|half| half.discarded).collect();
    println!(
        "{{\"seconds\": {seconds:?}, \"energies\": {energies:?}, \"discarded\": {discarded:?}, \"work\": {}, \"built\": {built}, \
         \"operator\": {}, \"peak_mib\": {}}}",
        outcome.work,
        hamiltonian.bond_dimensions().into_iter().max().unwrap_or(0),
        peak_mib()
    );
    Ok(())
}

fn hamiltonian(model: &str, of: &str) -> Result<(Mpo, Charge), Box<dyn Error>> {
    Ok(match model {
        "heisenberg" => (Mpo::new(&lattice::heisenberg(of.parse()?)?)?, Charge::default()),
        "hubbard" => {
            let order: Vec<usize> = (0..of.parse()?).collect();
            let particles = i32::try_from(order.len())?;
            (Mpo::new(&lattice::hubbard(&order, 8.0)?)?, Charge::new(particles, particles % 2))
        }
        "fcidump" => {
            let integrals = read_fcidump(Path::new(of))?;
            let (up, down) = (i32::try_from(integrals.alpha())?, i32::try_from(integrals.beta())?);
            let order: Vec<usize> = (0..integrals.orbitals()).collect();
            (Mpo::from_integrals(&integrals, &order)?, Charge::new(up + down, up - down))
        }
        other => {
            return Err(format!("unknown model {other}: must be heisenberg, hubbard, fcidump or write-chain").into());
        }
    })
}

/// Peak memory of this process in MiB; 0 if the system does not report it.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib / 1024)
}
