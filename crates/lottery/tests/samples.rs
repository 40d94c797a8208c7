//! Generated samples and user data.

use std::fs;
use std::io::Write;
use std::path::Path;

use headstart_lottery::samples::{self, shapes};
use headstart_table::ReadOptions;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn rng() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

fn idx(sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let head = [0, 0, 8, sizes.len() as u8].into_iter();
    head.chain(sizes.iter().flat_map(|size| size.to_be_bytes())).chain(bytes.iter().copied()).collect()
}

fn write_gz(path: &Path, bytes: &[u8]) {
    let mut file = flate2::write::GzEncoder::new(fs::File::create(path).unwrap(), flate2::Compression::fast());
    file.write_all(bytes).unwrap();
    file.finish().unwrap();
}

/// Two training images and one test image of 1 x 2 pixels.
fn mnist(folder: &Path) {
    write_gz(&folder.join("train-images-idx3-ubyte.gz"), &idx(&[2, 1, 2], &[0, 255, 255, 0]));
    fs::write(folder.join("train-labels-idx1-ubyte"), idx(&[2], &[1, 0])).unwrap();
    fs::write(folder.join("t10k-images-idx3-ubyte"), idx(&[1, 1, 2], &[255, 0])).unwrap();
    fs::write(folder.join("t10k-labels-idx1-ubyte"), idx(&[1], &[0])).unwrap();
}

#[test]
fn files_of_mnist() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let refused = || samples::idx(folder.path()).unwrap_err().to_string();
    assert!(refused().contains("train-images-idx3-ubyte.gz") && refused().contains("with or without .gz"));
    mnist(folder.path());
    let found = samples::idx(folder.path()).unwrap();
    assert_eq!((found.inputs, found.classes_in_all), (2, 2));
    assert_eq!((found.train, found.test, found.classes), (vec![0, 1], vec![2], vec![1, 0, 0]));
    // Three of each: mean 0 and mean square 1.
    assert_eq!(found.x, [-1.0, 1.0, 1.0, -1.0, 1.0, -1.0]);
    for (name, bytes, reason) in [
        ("t10k-labels-idx1-ubyte", idx(&[2], &[0, 1]), "2 labels, but"),
        ("t10k-labels-idx1-ubyte", idx(&[2], &[0]), "but 1 bytes follow"),
        ("t10k-labels-idx1-ubyte", vec![0, 0, 8, 1, 0], "ends within its header"),
        ("t10k-images-idx3-ubyte", idx(&[1, 2, 2], &[0; 4]), "2 x 2"),
        ("t10k-images-idx3-ubyte", vec![1, 2, 3], "does not begin with [0, 0, 8, 3]"),
        ("t10k-images-idx3-ubyte", idx(&[u32::MAX; 3], &[0]), "bytes follow"),
    ] {
        mnist(folder.path());
        fs::write(at(name), bytes).unwrap();
        let text = refused();
        assert!(text.contains(reason) && text.contains(name), "{text}");
    }
}

#[test]
fn tables() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let read = |text: &str, label: Option<&str>| {
        fs::write(&path, text).unwrap();
        let options = ReadOptions { label: label.map(str::to_owned), ..ReadOptions::default() };
        samples::table(&path, &options, &mut rng()).map(|(samples, _)| samples)
    };
    let rows = "1,a,5\n2,b,5\n3,a,5\n4,b,5\n5,a,5\n6,b,5\n7,a,5\n8,b,5\n";
    let found = read(&format!("x,kind,same\n{rows}"), Some("kind")).unwrap();
    assert_eq!((found.inputs, found.classes_in_all, found.train.len(), found.test.len()), (2, 2, 6, 2));
    assert!(found.x.iter().skip(1).step_by(2).all(|x| *x == 0.0), "a constant column says nothing");
    let square: f32 = found.x.iter().map(|x| x * x).sum();
    assert!((square - 8.0).abs() < 1e-4);
    let refused = |text: &str, label| read(text, label).unwrap_err().to_string();
    assert!(refused(&format!("x,kind,same\n{rows}"), None).contains("column \"kind\" holds \"a\" in line 2"));
    assert!(refused(&format!("x,same\n{}", "1,5\n".repeat(9)), None).contains("is \"5\" in all 9 rows"));
    assert!(refused("x,kind\n1,a\n2,b\n", None).contains("2 rows; at least 8"));
    assert!(refused("kind\na\nb\n", None).contains("header line has 1 column;"));
    let many = (0..200).fold(String::new(), |all, i| format!("{all}1,c{i}\n"));
    assert!(refused(&format!("x,kind\n{many}"), None).contains("200 classes in 200 rows"));
    // A quantity is not treated as classes unless the user asks for it.
    let quantity = (0..90).fold("x,y\n".to_owned(), |all, i| format!("{all}{i},{}.5\n", i % 30));
    assert!(refused(&quantity, None).contains("its label \"y\" is a quantity"));
    fs::write(&path, &quantity).unwrap();
    let said = ReadOptions { task: Some(headstart_table::Task::Classification), ..ReadOptions::default() };
    assert_eq!(samples::table(&path, &said, &mut rng()).unwrap().0.classes_in_all, 30);
    // Equal numbers are one class.
    let numbers = "1,0\n2,0.0\n3,1\n4,1.0\n5,0\n6,1\n7,0.0\n8,1.0\n";
    assert_eq!(read(&format!("x,kind\n{numbers}"), None).unwrap().classes, [0, 0, 1, 1, 0, 1, 0, 1]);
    assert!(refused(&format!("x,kind\n{}", numbers.replace(",0", ",1")), None).contains("is \"1\" in all 8 rows"));
}

#[test]
fn drawn_samples() {
    for (found, inputs, classes) in [
        (samples::digits(400, &mut rng()).unwrap(), 64, 10),
        (shapes::draw(400, &mut rng()).unwrap(), 256, shapes::SHAPES),
    ] {
        assert_eq!((found.inputs, found.classes_in_all, found.x.len()), (inputs, classes, 400 * inputs));
        assert_eq!((found.train.len(), found.test.len()), (300, 100));
        let mut all: Vec<u32> = found.train.iter().chain(&found.test).copied().collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..400), "every sample on one side");
        for class in 0..classes as u32 {
            assert!(found.classes.iter().filter(|own| **own == class).count() > 15);
        }
    }
    assert!(samples::digits(3, &mut rng()).unwrap_err().to_string().contains("test samples is 0"));
}
