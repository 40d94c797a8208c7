//! Stores the compiler's version for the header of a run.

use std::process::Command;

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version =
        version.map_or_else(|_| "unknown".into(), |output| String::from_utf8_lossy(&output.stdout).into_owned());
    println!("cargo::rustc-env=HEADSTART_RUSTC={}", version.trim());
    println!("cargo::rerun-if-changed=build.rs");
}
