//! The molecules shipped with the crate, described in data/manifest.toml.

use std::io::Read;

use headstart_domain::Result;

use crate::{Integrals, parse_fcidump};

pub(super) const N2: &[u8] = include_bytes!("../../data/n2-sto3g-2.0A.fcidump.gz");
pub(super) const C2: &[u8] = include_bytes!("../../data/c2-sto3g-1.25A.fcidump.gz");
pub(super) const LIF: &[u8] = include_bytes!("../../data/lif-sto3g-4.0A.fcidump.gz");
pub(super) const BE: &[u8] = include_bytes!("../../data/be-631gs.fcidump.gz");
pub(super) const H2_DIMER: &[u8] = include_bytes!("../../data/h2dimer-ccpvdz.fcidump.gz");

pub(super) fn integrals(compressed: &[u8]) -> Result<Integrals> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(compressed).read_to_string(&mut text)?;
    Ok(parse_fcidump(&text)?)
}
