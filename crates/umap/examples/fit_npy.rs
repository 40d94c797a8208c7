//! Lays out a `.npy` table of 32-bit floats and prints the seconds of each stage as JSON. `benchmarks/peers/umap` runs
//! it.
//!
//! `RAYON_NUM_THREADS=1 cargo run --release -p headstart-umap --example fit_npy -- DATA.npy LAYOUT.npy [SEED]`

use std::error::Error;
use std::time::Instant;

use headstart_umap::{Umap, start};
use ndarray::Array2;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (data, layout, seed) = match &args[..] {
        [data, layout] => (data, layout, 42),
        [data, layout, seed] => (data, layout, seed.parse()?),
        _ => return Err("usage: fit_npy DATA.npy LAYOUT.npy [SEED]".into()),
    };
    let data: Array2<f32> = ndarray_npy::read_npy(data)?;
    let clock = Instant::now();
    let fitted = Umap::default().fit(data.view(), start::spectral, seed)?;
    let whole = clock.elapsed().as_secs_f64();
    ndarray_npy::write_npy(layout, &fitted.layout)?;
    let seconds = fitted.seconds;
    let applications = match fitted.health.and_then(|health| health.eigensolver) {
        Some(start::Eigensolver::Lanczos { applications }) => applications,
        _ => 0,
    };
    println!(
        "{{\"whole\": {whole}, \"neighbours\": {}, \"graph\": {}, \"start\": {}, \"descent\": {}, \"edge_samples\": {}, \
         \"applications\": {applications}, \"peak_mib\": {}}}",
        seconds.neighbours,
        seconds.graph,
        seconds.start,
        seconds.descent,
        fitted.edge_samples,
        peak_mib().map_or("null".into(), |mib| format!("{mib:.1}")),
    );
    Ok(())
}

/// Peak memory of this process in MiB, if the system reports it (`VmHWM` on Linux).
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}
