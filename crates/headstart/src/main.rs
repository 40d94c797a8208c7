//! The `headstart` program: checks the level of vector instructions, then passes its domains to the harness.

use std::process::ExitCode;

use headstart_harness::Entry;

fn main() -> ExitCode {
    if let Err(error) = headstart_simd::check() {
        eprintln!("error: {error}");
        return ExitCode::from(2);
    }
    headstart_harness::main(&[
        Entry::of::<headstart_bfgs::Bfgs>(),
        Entry::of::<headstart_dmrg::DmrgDomain>(),
        Entry::of::<headstart_dqn::domain::DqnDomain>(),
        Entry::of::<headstart_kmeans::KMeansDomain>(),
        Entry::of::<headstart_lottery::domain::LotteryDomain>(),
        Entry::of::<headstart_motif::MotifDomain>(),
        Entry::of::<headstart_bfgs::Sequences>(),
        Entry::of::<headstart_umap::UmapDomain>(),
        Entry::of::<headstart_varinit::domain::VarinitDomain>(),
    ])
}
