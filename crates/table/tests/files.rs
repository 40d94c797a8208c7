//! Tables and arrays from valid and invalid files.

use std::path::Path;

use headstart_table::{Error, Table, quoted, read_npy};
use ndarray::{Array2, array};
use ndarray_npy::WriteNpyExt;

fn read(text: &str) -> Result<Table, Error> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    Table::read(file.path())
}

#[test]
fn a_first_line_of_numbers_is_not_a_header() {
    let table = read("1,2\n3,4\r\n 5 , 6\n").unwrap();
    assert_eq!(table.header, ["1", "2"]);
    assert_eq!(table.numbers(1).unwrap().to_vec(), [2.0, 4.0, 6.0]);
    assert_eq!(table.rows[0].line, 1);
    let named = read("x,2\n3,4\n5,6\n").unwrap();
    assert_eq!((named.header[0].as_str(), named.rows[0].line, named.rows.len()), ("x", 2, 2));
}

#[test]
fn an_unknown_column_gets_the_nearest_name() {
    let table = read("height,width\n1,2\n3,4\n").unwrap();
    assert_eq!(table.column("width"), Ok(1));
    let text = table.column("Heigth").unwrap_err().to_string();
    assert_eq!(text, r#"there is no column "Heigth"; did you mean "height"? The columns are height, width"#);
    let text = table.column("zzz").unwrap_err().to_string();
    assert_eq!(text, r#"there is no column "zzz". The columns are height, width"#);
}

#[test]
fn ragged_rows_are_named_in_files_with_and_without_a_header() {
    assert_eq!(read("1,2\n3\n"), Err(Error::Ragged { line: 2, given: 1, expected: 2 }));
    assert_eq!(read("a,b\n1,2\n3,4,5\n"), Err(Error::Ragged { line: 3, given: 3, expected: 2 }));
}

fn saved<T: ndarray_npy::WritableElement>(array: &Array2<T>) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    array.write_npy(file.as_file()).unwrap();
    file
}

#[test]
fn arrays_of_any_real_type_and_order_are_read() {
    let expected = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    assert_eq!(read_npy(saved(&expected).path()).unwrap(), expected);
    assert_eq!(read_npy(saved(&expected.mapv(|x| x as f32)).path()).unwrap(), expected);
    assert_eq!(read_npy(saved(&expected.mapv(|x| x as u8)).path()).unwrap(), expected);
    assert_eq!(read_npy(saved(&expected.mapv(|x| x as i64)).path()).unwrap(), expected);
    assert_eq!(read_npy(saved(&array![[true, false]]).path()).unwrap(), array![[1.0, 0.0]]);
    // A transposed array is saved column by column.
    let turned = array![[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]].reversed_axes();
    assert!(!turned.is_standard_layout());
    assert_eq!(read_npy(saved(&turned).path()).unwrap(), expected);
}

#[test]
fn invalid_arrays_are_refused() {
    let refusal = |path: &Path| read_npy(path).unwrap_err().to_string();
    assert!(refusal(Path::new("/nowhere/x.npy")).contains("/nowhere/x.npy"));
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "a,b\n1,2\n").unwrap();
    assert!(refusal(text.path()).starts_with("cannot read the file as NPY"));
    let nan = array![[1.0, f64::NAN]];
    assert!(refusal(saved(&nan).path()).starts_with("entry (0, 1) of the array is NaN"));
    let mut half = Vec::new();
    array![[1_i16, 2]].write_npy(&mut half).unwrap();
    let at = half.windows(3).position(|bytes| bytes == b"<i2").unwrap();
    half[at + 1] = b'f';
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), half).unwrap();
    let message = refusal(file.path());
    assert!(message.contains("of type '<f2'; convert them with array.astype('f8')"), "{message}");
    let file = tempfile::NamedTempFile::new().unwrap();
    array![1.0, 2.0].write_npy(file.as_file()).unwrap();
    assert!(refusal(file.path()).starts_with("cannot read the file as NPY"));
}

#[test]
fn cells_come_back_through_quotation_marks() {
    for text in ["plain", "a,b", "say \"no\"", "two\nlines"] {
        let table = read(&format!("x,y\n{},1\n{},2\n", quoted(text), quoted("z"))).unwrap();
        assert_eq!(table.rows[0].cells[0], text);
    }
    assert_eq!(quoted("plain"), "plain");
}

#[test]
fn empty_files_and_other_encodings_are_named() {
    for text in ["", "\n\n", "  \n"] {
        assert!(matches!(read(text), Err(Error::Empty)), "{text:?}");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"a,b,y\n1,2,caf\xe9\n").unwrap();
    let latin = Table::read(file.path()).unwrap_err().to_string();
    assert!(latin.contains("line 2 is not UTF-8"), "{latin}");
}
