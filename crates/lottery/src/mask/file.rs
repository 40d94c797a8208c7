//! Mask files: JSON with run lengths.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{LayerMask, Mask};
use crate::{Error, Result};

const FORMAT: &str = "headstart-mask";
const VERSION: u32 = 1;
/// Maximal number of weights of a mask file.
const MOST_WEIGHTS: usize = 1 << 28;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    version: u32,
    layers: Vec<StoredLayer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredLayer {
    name: String,
    shape: Vec<usize>,
    /// Lengths of cut and kept runs in turn, beginning with cut.
    runs: Vec<usize>,
}

impl Mask {
    /// Returns the mask as JSON.
    pub fn to_json(&self) -> String {
        let layer = |layer: &LayerMask| StoredLayer {
            name: layer.name.clone(),
            shape: layer.shape.clone(),
            runs: runs(&layer.kept),
        };
        let stored =
            Stored { format: FORMAT.to_owned(), version: VERSION, layers: self.layers.iter().map(layer).collect() };
        // Cannot fail: JSON can hold all strings and integers.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Parses a mask from JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        read(text).map_err(|reason| Error::MaskFile { place: "in this text".to_owned(), reason })
    }

    /// Writes the mask to a file.
    pub fn save(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.to_json()).map_err(|error| at(path, format!("it cannot be written ({error})")))
    }

    /// Reads a mask from a file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| at(path, format!("it cannot be read ({error})")))?;
        read(&text).map_err(|reason| at(path, reason))
    }
}

fn at(path: &Path, reason: String) -> Error {
    Error::MaskFile { place: path.display().to_string(), reason }
}

fn runs(kept: &[bool]) -> Vec<usize> {
    let mut runs = vec![0];
    let mut now = false;
    for &kept in kept {
        if kept != now {
            runs.push(0);
            now = kept;
        }
        if let Some(last) = runs.last_mut() {
            *last += 1;
        }
    }
    runs
}

fn read(text: &str) -> std::result::Result<Mask, String> {
    let stored: Stored = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if stored.format != FORMAT || stored.version != VERSION {
        return Err(format!(
            "its format is {:?}, version {}; it must be {FORMAT:?}, version {VERSION}",
            stored.format, stored.version
        ));
    }
    let (mut layers, mut room) = (Vec::new(), MOST_WEIGHTS);
    for StoredLayer { name, shape, runs } in stored.layers {
        let product = |sizes: &[usize]| sizes.iter().try_fold(1_usize, |all, &size| all.checked_mul(size));
        let sum = runs.iter().try_fold(0_usize, |all, &run| all.checked_add(run));
        if product(&shape).is_none() || product(&shape) != sum {
            return Err(format!("the runs of layer {name:?} do not add up to its shape {shape:?}"));
        }
        // A short text may declare more weights than fit into memory.
        room = sum.and_then(|sum| room.checked_sub(sum)).ok_or_else(|| {
            format!("with layer {name:?} of shape {shape:?} it has more than {MOST_WEIGHTS} weights, the maximum")
        })?;
        let kept = runs.iter().enumerate().flat_map(|(turn, &run)| std::iter::repeat_n(turn % 2 == 1, run)).collect();
        layers.push(LayerMask { name, shape, kept });
    }
    Ok(Mask { layers })
}
