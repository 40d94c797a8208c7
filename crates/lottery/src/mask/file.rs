//! Masks on disk: JSON with run lengths.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{LayerMask, Mask};
use crate::{Error, Result};

const FORMAT: &str = "headstart-mask";
const VERSION: u32 = 1;
/// The most weights in all layers together.
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
    /// Cut and kept in turn, beginning with cut.
    runs: Vec<usize>,
}

impl Mask {
    /// As JSON.
    pub fn to_json(&self) -> String {
        let layer = |layer: &LayerMask| StoredLayer {
            name: layer.name.clone(),
            shape: layer.shape.clone(),
            runs: runs(&layer.kept),
        };
        let stored =
            Stored { format: FORMAT.to_owned(), version: VERSION, layers: self.layers.iter().map(layer).collect() };
        // Strings and whole numbers: nothing that JSON could not hold.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// From JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        read(text).map_err(|reason| Error::MaskFile { place: "in this text".to_owned(), reason })
    }

    /// Writes it to a file.
    pub fn save(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.to_json()).map_err(|error| at(path, format!("it cannot be written ({error})")))
    }

    /// Reads it from a file.
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
            "it says format {:?}, version {}, but {FORMAT:?}, version {VERSION} is needed",
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
        // A line of text may promise more than any memory holds.
        room = sum.and_then(|sum| room.checked_sub(sum)).ok_or_else(|| {
            format!(
                "with layer {name:?} of shape {shape:?} it has more than {MOST_WEIGHTS} weights, the most that are read"
            )
        })?;
        let kept = runs.iter().enumerate().flat_map(|(turn, &run)| std::iter::repeat_n(turn % 2 == 1, run)).collect();
        layers.push(LayerMask { name, shape, kept });
    }
    Ok(Mask { layers })
}
