//! Finds the ground state of a molecule from an FCIDUMP file, starting from its CI with singles and doubles: `cargo run
//! --release -p headstart-dmrg --example molecule my.fcidump 200`. Without a file it uses ten hydrogen atoms.

use std::ops::ControlFlow;

use headstart_dmrg::molecule::{Basis, Hydrogens, Orbitals};
use headstart_dmrg::start::{self, Interaction};
use headstart_dmrg::{Dmrg, Mpo, ci, order, read_fcidump};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let given = match arguments.next() {
        Some(path) => read_fcidump(path.as_ref())?,
        None => Hydrogens::chain(10, 1.8, Basis::Sto6g)?.hamiltonian(Orbitals::Canonical)?,
    };
    let bond_dimension = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let order = order::fiedler(order::exchange_matrix(&given).view())?;
    let integrals = given.permuted(&order)?;
    let reference = ci::Determinant::lowest(given.alpha(), given.beta()).permuted(&order);
    let start = start::cisd(&Interaction::new(&integrals, reference, None)?, bond_dimension)?;
    let sites: Vec<usize> = (0..integrals.orbitals()).collect();
    let hamiltonian = Mpo::from_integrals(&integrals, &sites)?;
    let options = start.options(20, bond_dimension, 1e-7);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let outcome = Dmrg::new(&hamiltonian, &options)?.run(start.state, &mut rng, |step| {
        if step.ends_half_sweep {
            println!(
                "half-sweep {:2}  {:.9} Hartree  {:.0} million multiply-adds",
                step.half_sweeps, step.energy, step.work
            );
        }
        ControlFlow::Continue(())
    })?;
    println!("entropies of the orbitals: {:.3?}", outcome.state.site_entropies()?);
    Ok(())
}
