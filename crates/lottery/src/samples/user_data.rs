//! User data: a table, or MNIST's files.

use std::io::Read;
use std::path::{Path, PathBuf};

use headstart_table::{Dataset, Label, Purpose, ReadOptions, standardise_column};
use ndarray::Array1;
use rand::Rng;

use super::Samples;
use crate::Result;
use crate::error::data;

/// Maximal size of an unpacked file in bytes, since a small compressed file may unpack to any size. MNIST has 47
/// million bytes.
const LONGEST: usize = 1 << 30;

/// Minimal number of rows of a table, of which a quarter are test samples.
const FEWEST: usize = 8;

/// Reads a table whose label (by default the last column) is the class of each row. Features are standardised. A random
/// quarter of the rows are test samples. Also returns notes on how the table was read.
pub fn table(path: &Path, options: &ReadOptions, rng: &mut dyn Rng) -> Result<(Samples, Vec<String>)> {
    let options = ReadOptions { purpose: Purpose::Learn, standardise: true, ..options.clone() };
    let found = Dataset::read(path, &options)?;
    let (rows, inputs) = found.x.dim();
    if rows < FEWEST {
        return Err(data(path, format!("it has {rows} rows; at least {FEWEST} are needed")));
    }
    let x = found.singles()?.iter().copied().collect();
    let (names, of_row) = match found.label {
        Label::Classes { names, of_row } => (names, of_row),
        Label::Quantity(_) => {
            let name = found.label_name.unwrap_or_default();
            return Err(data(
                path,
                format!(
                    "its label {name:?} is a quantity, but this domain needs classes; name a column of classes with \
                     --label, or pass --task classification to make every value a class"
                ),
            ));
        }
        Label::None => return Err(data(path, "it has no label; name its column with --label")),
    };
    let classes = of_row.into_iter().map(|class| class as u32).collect();
    Ok((Samples::split((inputs, names.len()), x, classes, (rows / 4).max(1), rng)?, found.notes))
}

/// Reads a folder with MNIST's four files, gzipped or not. The `t10k` files are the test samples. All pixels together
/// are scaled to mean 0 and mean square 1.
pub fn idx(folder: &Path) -> Result<Samples> {
    let mut x = Vec::new();
    let mut classes: Vec<u32> = Vec::new();
    let mut inputs = None;
    let mut ends = Vec::new();
    for part in ["train", "t10k"] {
        let (path, [count, height, width], pixels) = read(folder, &format!("{part}-images-idx3-ubyte"), 3)?;
        let (labels_path, [labels, ..], own) = read(folder, &format!("{part}-labels-idx1-ubyte"), 1)?;
        if count != labels {
            return Err(data(
                &labels_path,
                format!("it has {labels} labels, but {} has {count} images; use files of the same set", path.display()),
            ));
        }
        if count > 0 && height * width == 0 {
            return Err(data(&path, format!("its images are {height} x {width} and have no pixels")));
        }
        if *inputs.get_or_insert(height * width) != height * width {
            return Err(data(&path, format!("its images are {height} x {width}, unlike the training images")));
        }
        x.extend(pixels.iter().map(|&pixel| f32::from(pixel) / 255.0));
        classes.extend(own.iter().map(|&class| u32::from(class)));
        ends.push(classes.len() as u32);
    }
    // All pixels together, because a single pixel may be constant.
    let mut pixels: Array1<f64> = x.into_iter().map(f64::from).collect();
    standardise_column(&mut pixels.view_mut());
    let x = pixels.iter().map(|x| *x as f32).collect();
    let classes_in_all = classes.iter().max().map_or(0, |&last| last as usize + 1);
    if classes_in_all < 2 || ends[0] == 0 || ends[0] == ends[1] {
        return Err(data(folder, "it needs training and test images of at least two classes"));
    }
    Ok(Samples {
        inputs: inputs.unwrap_or(0),
        classes_in_all,
        x,
        classes,
        train: (0..ends[0]).collect(),
        test: (ends[0]..ends[1]).collect(),
    })
}

/// Reads a file with this name, or with `.gz` appended. Returns its path, sizes and bytes.
fn read(folder: &Path, name: &str, axes: usize) -> Result<(PathBuf, [usize; 3], Vec<u8>)> {
    let plain = folder.join(name);
    let zipped = folder.join(format!("{name}.gz"));
    let path = if plain.exists() { plain } else { zipped };
    let file = std::fs::File::open(&path).map_err(|error| {
        let need = "a folder of MNIST's files must contain train-images-idx3-ubyte, train-labels-idx1-ubyte and the same \
                    two for t10k, each with or without .gz";
        data(&path, format!("it cannot be opened ({error}); {need}"))
    })?;
    let mut bytes = Vec::new();
    let file = std::io::BufReader::new(file);
    let whole: Box<dyn Read> = if path.extension().is_some_and(|end| end == "gz") {
        Box::new(flate2::bufread::GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let done = whole.take(LONGEST as u64 + 1).read_to_end(&mut bytes);
    done.map_err(|error| data(&path, format!("it cannot be read ({error}); download it again")))?;
    if bytes.len() > LONGEST {
        return Err(data(&path, format!("it has more than {LONGEST} bytes; download it again, or use fewer images")));
    }
    let magic = [0, 0, 8, axes as u8];
    if !bytes.starts_with(&magic) {
        return Err(data(
            &path,
            format!("it does not begin with {magic:?}, the magic number for bytes with {axes} axes; download it again"),
        ));
    }
    let mut sizes = [1; 3];
    for (axis, size) in sizes.iter_mut().enumerate().take(axes) {
        let Some(word) = bytes.get(4 + 4 * axis..).and_then(|rest| rest.first_chunk::<4>()) else {
            return Err(data(&path, "it ends within its header; download it again"));
        };
        *size = u32::from_be_bytes(*word) as usize;
    }
    let body = bytes.split_off(4 + 4 * axes);
    let expected = sizes.iter().try_fold(1_usize, |all, &size| all.checked_mul(size));
    if expected != Some(body.len()) {
        return Err(data(
            &path,
            format!("its header declares sizes {sizes:?}, but {} bytes follow; download it again", body.len()),
        ));
    }
    Ok((path, sizes, body))
}
