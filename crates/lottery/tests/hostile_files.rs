//! Malformed masks, tables and MNIST files give an error message, whatever bytes they contain.

#[path = "../../table/tests/memory/mod.rs"]
mod memory;
#[path = "../../table/tests/mutation/mod.rs"]
mod mutation;

use std::fs;
use std::io::Write;
use std::path::Path;

use headstart_lottery::{LayerMask, Mask, Samples, samples};
use headstart_table::ReadOptions;
use memory::folder;
use mutation::{mutated, mutations};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

const MASK: &str = "{\"format\":\"headstart-mask\",\"version\":1,\"layers\":[{\"name\":\"0.weight\",\"shape\":[2,3],\
    \"runs\":[1,2,3]},{\"name\":\"2.weight\",\"shape\":[4],\"runs\":[0,4]}]}";
const TABLE: &str = "a,b,kind\n1,2,x\n3,4,y\n5,-6,x\n7,8e2,y\n9,1,x\n2,3,y\n4,5,x\n6,7,y\n8,9,x\n";
const NAMES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
const MOST_BYTES: u64 = 64 << 20;

fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let head = [0, 0, 8, sizes.len() as u8].into_iter();
    head.chain(sizes.iter().flat_map(|size| size.to_be_bytes())).chain(bytes.iter().copied()).collect()
}

/// Three training images and two test images of 2 x 2 pixels.
fn mnist() -> [Vec<u8>; 4] {
    [idx(&[3, 2, 2], &[7; 12]), idx(&[3], &[1, 0, 2]), idx(&[2, 2, 2], &[200; 8]), idx(&[2], &[0, 1])]
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn use_mask(bytes: &[u8]) {
    let used = allocation_counter::measure(|| match Mask::from_json(&String::from_utf8_lossy(bytes)) {
        Ok(mask) => {
            assert!(mask.count() <= mask.weights());
            if mask.weights() < 1000 {
                assert_eq!(Mask::from_json(&mask.to_json()).unwrap(), mask);
            }
        }
        Err(error) => assert!(error.to_string().len() > 20),
    });
    // A mask of the maximal size has a byte per weight.
    assert!(used.bytes_max < (1 << 28) + MOST_BYTES, "{} bytes", used.bytes_max);
}

fn use_samples(found: headstart_lottery::Result<Samples>, place: &str) {
    match found {
        Ok(samples) => {
            assert!(samples.inputs > 0 && samples.x.len() == samples.inputs * samples.classes.len());
            assert!(samples.x.iter().all(|x| x.is_finite()));
            assert!(samples.classes.iter().all(|class| (*class as usize) < samples.classes_in_all));
            let all = samples.train.iter().chain(&samples.test);
            assert!(all.clone().count() == samples.classes.len());
            assert!(all.clone().all(|sample| (*sample as usize) < samples.classes.len()));
        }
        Err(error) => assert!(error.to_string().contains(place) || error.to_string().len() > 40, "{error}"),
    }
}

fn use_idx(files: &[Vec<u8>; 4], end: &str) {
    let dir = TempDir::new_in(folder()).unwrap();
    for (name, bytes) in NAMES.iter().zip(files) {
        fs::write(dir.path().join(format!("{name}{end}")), bytes).unwrap();
    }
    let used = allocation_counter::measure(|| use_samples(samples::idx(dir.path()), "idx"));
    assert!(used.bytes_max < MOST_BYTES, "{} bytes", used.bytes_max);
}

fn read(path: &Path) -> headstart_lottery::Result<Samples> {
    let found = samples::table(path, &ReadOptions::default(), &mut ChaCha8Rng::seed_from_u64(1));
    found.map(|(samples, _)| samples)
}

fn use_table(bytes: &[u8]) {
    let dir = TempDir::new_in(folder()).unwrap();
    let path = dir.path().join("own.csv");
    fs::write(&path, bytes).unwrap();
    use_samples(read(&path), "own.csv");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_mask_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_mask(&bytes);
        use_mask(&[b"{\"format\":\"headstart-mask\",\"version\":1,\"layers\":", bytes.as_slice()].concat());
    }

    #[test]
    fn a_damaged_mask_is_a_mask_or_an_error(mutations in mutations()) {
        use_mask(&mutated(MASK.as_bytes(), &mutations));
    }

    #[test]
    fn masks_come_back_as_they_were_written(layers in prop::collection::vec(prop::collection::vec(any::<bool>(), 0..40), 0..4)) {
        let layer = |(i, kept): (usize, Vec<bool>)| LayerMask { name: format!("{i}.\"weight\""), shape: vec![1, kept.len()], kept };
        let mask = Mask { layers: layers.into_iter().enumerate().map(layer).collect() };
        prop_assert_eq!(Mask::from_json(&mask.to_json()).unwrap(), mask);
    }

    #[test]
    fn damaged_pictures_are_samples_or_an_error(of in 0..4_usize, mutations in mutations()) {
        let mut files = mnist();
        files[of] = mutated(&files[of], &mutations);
        use_idx(&files, "");
        let mut files = mnist().map(|file| zipped(&file));
        files[of] = mutated(&files[of], &mutations);
        use_idx(&files, ".gz");
    }

    #[test]
    fn pictures_of_any_size_are_samples_or_an_error(
        train in any::<[u32; 3]>(), sizes in prop::array::uniform3(0..4_u32), labels in 0..4_u32,
        bytes in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        let [_, own, test, test_labels] = mnist();
        use_idx(&[idx(&train, &bytes), own.clone(), test.clone(), test_labels.clone()], "");
        use_idx(&[idx(&sizes, &bytes[..(sizes.iter().product::<u32>() as usize).min(bytes.len())]), idx(&[labels], &bytes), test, test_labels], "");
        use_idx(&[idx(&[0, u32::MAX, u32::MAX], &[]), idx(&[0], &[]), idx(&[0, u32::MAX, u32::MAX], &[]), idx(&[0], &[])], "");
    }

    #[test]
    fn a_damaged_table_is_samples_or_an_error(mutations in mutations()) {
        use_table(&mutated(TABLE.as_bytes(), &mutations));
    }
}

#[test]
fn a_mask_that_declares_too_many_weights_is_refused() {
    let with =
        |numbers: &str| MASK.replace("[2,3]", &format!("[{numbers}]")).replace("[1,2,3]", &format!("[{numbers}]"));
    for numbers in ["1000000000000000000", "300000000", "9223372036854775807"] {
        let error = Mask::from_json(&with(numbers)).unwrap_err().to_string();
        assert!(error.contains("268435456 weights"), "{error}");
    }
    let layer = "{\"name\":\"a\",\"shape\":[200000000],\"runs\":[200000000]}";
    let text = format!("{{\"format\":\"headstart-mask\",\"version\":1,\"layers\":[{layer},{layer}]}}");
    assert!(Mask::from_json(&text).unwrap_err().to_string().contains("268435456 weights"));
}

#[test]
fn pictures_without_pixels_are_refused() {
    let dir = TempDir::new_in(folder()).unwrap();
    let files = [idx(&[3, 0, 2], &[]), idx(&[3], &[1, 0, 2]), idx(&[2, 0, 2], &[]), idx(&[2], &[0, 1])];
    for (name, bytes) in NAMES.iter().zip(files) {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let error = samples::idx(dir.path()).unwrap_err().to_string();
    assert!(error.contains("train-images-idx3-ubyte") && error.contains("no pixels"), "{error}");
}

#[test]
fn numbers_that_single_precision_does_not_hold_are_standardised_first() {
    let dir = TempDir::new_in(folder()).unwrap();
    let path = dir.path().join("own.csv");
    fs::write(&path, TABLE.replace("8e2", "8e100")).unwrap();
    let samples = read(&path).unwrap();
    // One of nine rows is far from all others: it lies at sqrt(8) standard deviations.
    assert!((samples.x[7] - 8.0_f32.sqrt()).abs() < 1e-6, "{}", samples.x[7]);
    fs::write(&path, TABLE.replace("8e2", "8e200")).unwrap();
    let error = read(&path).unwrap_err().to_string();
    assert!(error.contains("line 5") && error.contains("1e150"), "{error}");
}
