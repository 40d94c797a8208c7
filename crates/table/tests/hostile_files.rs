//! Damaged and random tables and arrays: reading them gives a result or an error, never a panic.

mod memory;
mod mutation;

use std::io::Write;

use headstart_table::{Dataset, Label, Purpose, ReadOptions, Table, quoted, read_npy};
use memory::folder;
use mutation::{mutated, mutations};
use ndarray::{Array2, ArrayBase, DataMut, Ix2, array};
use ndarray_npy::WriteNpyExt;
use proptest::prelude::*;

const CSV: &str = "height,kind,\"in, all\"\n1.5,a,7\n2.5,\"b, c\",-3e2\r\n-4,\"d \"\"e\"\"\",0.5\n";
/// Memory limit; the files here have at most some thousand bytes.
const MOST_BYTES: u64 = 8 << 20;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() }
}

fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new_in(folder()).unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

/// Reads a table and calls all its functions, with limited memory.
fn use_table(bytes: &[u8]) {
    let file = written(bytes);
    let used = allocation_counter::measure(|| match Table::read(file.path()) {
        Ok(table) => {
            assert!(table.rows.len() >= 2 && table.rows.iter().all(|row| row.cells.len() == table.header.len()));
            for column in 0..table.header.len() {
                if let Ok(numbers) = table.numbers(column) {
                    assert!(numbers.iter().all(|x| x.abs() <= 1e150));
                }
            }
            assert!(table.column("no such").unwrap_err().to_string().len() > 20);
        }
        Err(error) => assert!(error.to_string().len() > 20),
    });
    assert!(used.bytes_max < MOST_BYTES, "{} bytes", used.bytes_max);
    let named = |name: &str| ReadOptions { label: Some(name.into()), categorical: vec!["height".into()], ..learn() };
    for options in [ReadOptions::default(), learn(), named("kind"), named("in, all")] {
        use_dataset(&file, &options);
    }
}

fn learn() -> ReadOptions {
    ReadOptions { purpose: Purpose::Learn, standardise: true, ..ReadOptions::default() }
}

fn use_dataset(file: &tempfile::NamedTempFile, options: &ReadOptions) {
    let used = allocation_counter::measure(|| match Dataset::read(file.path(), options) {
        Ok(data) => {
            let (rows, features) = data.x.dim();
            assert!(rows >= 2 && features >= 1 && data.features.len() == features && data.varies.len() == features);
            assert!(data.x.iter().all(|x| x.abs() <= 1e150));
            assert!(data.singles().is_ok() == data.x.iter().all(|x| x.abs() <= 1e30));
            match &data.label {
                Label::None => assert!(options.purpose == Purpose::Show && options.label.is_none()),
                Label::Classes { names, of_row } => {
                    assert!(of_row.len() == rows && of_row.iter().all(|class| *class < names.len()));
                    assert!(names.len() >= 2 && (0..names.len()).all(|class| of_row.contains(&class)));
                }
                Label::Quantity(values) => {
                    assert!(values.len() == rows && values.iter().all(|x| x.abs() <= 1e150));
                }
            }
        }
        Err(error) => assert!(error.to_string().len() > 20),
    });
    assert!(used.bytes_max < MOST_BYTES, "{} bytes", used.bytes_max);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn use_array(bytes: &[u8]) {
    let file = written(bytes);
    let used = allocation_counter::measure(|| match read_npy(file.path()) {
        Ok(array) => assert!(array.iter().all(|x| x.abs() <= 1e150)),
        Err(error) => assert!(error.to_string().len() > 20),
    });
    assert!(used.bytes_max < MOST_BYTES, "{} bytes", used.bytes_max);
}

fn saved<S: DataMut>(array: &ArrayBase<S, Ix2>) -> Vec<u8>
where
    ArrayBase<S, Ix2>: WriteNpyExt,
{
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    bytes
}

fn arrays() -> Vec<Vec<u8>> {
    let numbers = array![[1.0, -2.5, 3.0], [0.0, 1e9, 5.5]];
    vec![
        saved(&numbers),
        saved(&numbers.t().to_owned().reversed_axes()),
        saved(&numbers.mapv(|x| x as f32)),
        saved(&array![[1_u8, 2], [3, 250]]),
        saved(&array![[1_i64, -2], [3, i64::MAX]]),
    ]
}

/// An array with a given header.
fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    if version == 1 {
        bytes.extend((header.len() as u16).to_le_bytes());
    } else {
        bytes.extend((header.len() as u32).to_le_bytes());
    }
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

fn refused(bytes: &[u8]) -> String {
    let file = written(bytes);
    let mut text = String::new();
    let used = allocation_counter::measure(|| text = read_npy(file.path()).unwrap_err().to_string());
    assert!(used.bytes_max < MOST_BYTES, "{} bytes", used.bytes_max);
    text
}

#[test]
fn a_header_that_promises_more_than_the_file_holds_is_refused() {
    for shape in ["(1000000000000000000, 1)", "(100000000000, 2)", "(3000000000, 3000000000, 3000000000)", "(4, 4)"] {
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n");
        let text = refused(&npy(1, &header, &[0; 64]));
        assert!(text.contains("numpy.save"), "{shape}: {text}");
    }
    // Now a false length of the header itself.
    let mut bytes = npy(2, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }\n", &[0; 8]);
    bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    refused(&bytes);
}

#[test]
fn a_header_of_nested_brackets_is_refused() {
    for bracket in ["(", "[", "{"] {
        let header =
            format!("{{'descr': {}'<f8', 'fortran_order': False, 'shape': (1, 1), }}\n", bracket.repeat(60_000));
        assert!(refused(&npy(1, &header, &[0; 8])).contains("numpy.save"));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        use_table(&bytes);
        use_array(&bytes);
    }

    #[test]
    fn a_damaged_table_is_a_table_or_an_error(mutations in mutations()) {
        use_table(&mutated(CSV.as_bytes(), &mutations));
        use_table(&mutated(CSV.replace(',', ";").as_bytes(), &mutations));
    }

    #[test]
    fn a_damaged_packed_table_is_a_table_or_an_error(mutations in mutations()) {
        use_table(&mutated(&packed(CSV.as_bytes()), &mutations));
        use_table(&packed(&mutated(CSV.as_bytes(), &mutations)));
    }

    #[test]
    fn a_damaged_array_is_an_array_or_an_error(of in 0..5_usize, mutations in mutations()) {
        let bytes = mutated(&arrays()[of], &mutations);
        use_array(&bytes);
        use_table(&bytes);
        use_table(&packed(&bytes));
    }

    #[test]
    fn a_header_of_any_text_is_an_array_or_an_error(
        version in 1..4_u8,
        descr in prop_oneof![Just("'<f8'".to_owned()), Just("'|u1'".to_owned()), "[ -~]{0,12}"],
        shape in prop_oneof!["\\([0-9]{1,19}, [0-9]{1,19}\\)", "[ -~]{0,20}", Just("(2, 3)".to_owned())],
        data in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        use_array(&npy(version, &format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"), &data));
    }

    #[test]
    fn cells_come_back_as_they_were_written(
        rows in prop::collection::vec(prop::collection::vec("[a-z,\"\n]{0,6}[a-z]", 3), 2..6),
    ) {
        let line = |cells: &[String]| cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\n";
        let text = "x,y,z\n".to_owned() + &rows.iter().map(|row| line(row)).collect::<String>();
        let file = written(text.as_bytes());
        let table = Table::read(file.path()).unwrap();
        let found: Vec<Vec<String>> = table.rows.into_iter().map(|row| row.cells).collect();
        // Spaces and line ends around a cell are not part of it.
        let trimmed: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect()).collect();
        prop_assert_eq!(found, trimmed);
    }

    #[test]
    fn arrays_come_back_as_they_were_written(
        numbers in prop::collection::vec(-1e150..1e150_f64, 6),
        by_columns in any::<bool>(),
    ) {
        let array = Array2::from_shape_vec((2, 3), numbers).unwrap();
        let bytes = if by_columns { saved(&array.t().to_owned().reversed_axes()) } else { saved(&array) };
        let file = written(&bytes);
        prop_assert_eq!(read_npy(file.path()).unwrap(), array);
    }
}
