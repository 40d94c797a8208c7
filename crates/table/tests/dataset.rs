//! Features and labels: one test for every rule of the README.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use headstart_table::{Dataset, Error, Label, Layout, Purpose, ReadOptions, Task, standardise};
use ndarray::{Array2, array};
use ndarray_npy::WriteNpyExt;

fn show() -> ReadOptions {
    ReadOptions::default()
}

fn shown(label: &str) -> ReadOptions {
    ReadOptions { label: Some(label.into()), ..show() }
}

fn learn() -> ReadOptions {
    ReadOptions { purpose: Purpose::Learn, ..show() }
}

fn as_task(task: Task) -> ReadOptions {
    ReadOptions { task: Some(task), ..learn() }
}

fn read_bytes(bytes: &[u8], options: &ReadOptions) -> Result<Dataset, Error> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    Dataset::read(file.path(), options)
}

fn read(text: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    read_bytes(text.as_bytes(), options)
}

fn refused(text: &str, options: &ReadOptions) -> String {
    read(text, options).unwrap_err().to_string()
}

/// A table with the column `y` and one that varies.
fn with_label(cells: &[&str]) -> String {
    let lines = cells.iter().enumerate().map(|(i, cell)| format!("{}.5,{cell}\n", i * i));
    std::iter::once("a,y\n".to_owned()).chain(lines).collect()
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn names(label: &Label) -> Vec<&str> {
    match label {
        Label::Classes { names, .. } => names.iter().map(String::as_str).collect(),
        other => panic!("{other:?}"),
    }
}

fn classes(cells: &[&str]) -> Vec<String> {
    names(&read(&with_label(cells), &shown("y")).unwrap().label).into_iter().map(str::to_owned).collect()
}

fn is_quantity(cells: &[&str]) -> bool {
    matches!(read(&with_label(cells), &shown("y")).unwrap().label, Label::Quantity(_))
}

#[test]
fn equal_numbers_are_one_class() {
    // The labels are 1 and 1.0 only.
    let label = Dataset::read(&case("label-1-and-1.0.csv"), &shown("y")).unwrap().label;
    assert_eq!(label, Label::Classes { names: vec!["1".into()], of_row: vec![0; 60] });
    let refused = Dataset::read(&case("label-1-and-1.0.csv"), &learn()).unwrap_err();
    assert_eq!(refused, Error::OneClass { column: "y".into(), class: "1".into(), rows: 60 });
    assert!(refused.to_string().contains("the label \"y\" is \"1\" in all 60 rows"), "{refused}");
    // The labels are 0, 0.0, 1 and 1.0.
    let data = Dataset::read(&case("lab.csv"), &learn()).unwrap();
    assert_eq!(names(&data.label), ["0", "1"]);
    let Label::Classes { of_row, .. } = &data.label else { unreachable!() };
    assert_eq!((of_row.len(), of_row.iter().sum::<usize>(), &of_row[..5]), (100, 54, &[0, 1, 0, 0, 1][..]));
    assert!(data.notes.contains(&"label \"y\": 2 classes (0, 1)".to_owned()), "{:?}", data.notes);
    assert_eq!(classes(&["-0", "0", "01", "1e0", "1.00"]), ["0", "1"]);
}

#[test]
fn the_rule_tells_classes_from_quantities() {
    assert_eq!(classes(&["red", "blue", "red"]), ["blue", "red"], "text");
    assert_eq!(classes(&["10", "9", "9.0"]), ["9", "10"], "numbers by size");
    assert_eq!(classes(&["0.5", "1.5", "0.5"]), ["0.5", "1.5"], "two values of any kind");
    assert_eq!(classes(&["3", "5", "7", "3", "5", "7"]), ["3", "5", "7"], "whole numbers that come again");
    assert!(is_quantity(&["3", "5", "7"]), "whole numbers that do not");
    assert!(is_quantity(&["0.5", "1.5", "2", "0.5", "1.5", "2"]), "fractions");
    let many: Vec<String> = (0..42).map(|i| (i % 21).to_string()).collect();
    assert!(is_quantity(&many.iter().map(String::as_str).collect::<Vec<_>>()), "21 whole numbers");
    assert_eq!(classes(&many[..40].iter().map(|x| if x == "20" { "0" } else { x }).collect::<Vec<_>>()).len(), 20);
    // Numbers come before text.
    assert_eq!(classes(&["10", "2", "3+", "2", "10"]), ["2", "10", "3+"]);
    assert_eq!(classes(&["1e300", "1e-9"]), ["1e-9", "1e300"]);
}

#[test]
fn the_task_overrides_the_rule() {
    let text = with_label(&["3", "5", "7", "3.0", "5", "7"]);
    assert_eq!(
        read(&text, &as_task(Task::Regression)).unwrap().label,
        Label::Quantity(vec![3.0, 5.0, 7.0, 3.0, 5.0, 7.0])
    );
    let text = with_label(&["0.5", "1.5", "2", "0.5", "1.5", "2"]);
    assert_eq!(names(&read(&text, &as_task(Task::Classification)).unwrap().label), ["0.5", "1.5", "2"]);
    let text = with_label(&["1", "2", "x", "1"]);
    let text = refused(&text, &as_task(Task::Regression));
    assert!(text.contains("the label \"y\" holds \"x\" in line 4") && text.contains("--task classification"), "{text}");
}

#[test]
fn a_quantity_with_text_in_it_is_refused() {
    let text = refused(&with_label(&["1.5", "2.5", "3.5", "4,5"]).replace("4,5", "\"4,5\""), &learn());
    assert!(text.contains("holds \"4,5\" in line 5, but its numbers have too many values to be classes"), "{text}");
}

#[test]
fn missing_values_are_refused_with_their_line() {
    let error = Dataset::read(&case("regnan2.csv"), &learn()).unwrap_err();
    assert_eq!(error, Error::Missing { column: "price".into(), line: 2, value: "NA".into() });
    assert!(error.to_string().starts_with("missing value in column \"price\": line 2 holds \"NA\""), "{error}");
    for mark in ["NA", "na", "nan", "NaN", "-nan", "NULL", "None", "?", "N/A", "#N/A", "<NA>"] {
        let missing = |column: &str| Error::Missing { column: column.into(), line: 3, value: mark.into() };
        assert_eq!(read(&format!("a,b\n1,2\n{mark},4\n5,6\n"), &show()), Err(missing("a")));
        assert_eq!(read(&format!("a,y\n1,x\n2,{mark}\n5,z\n"), &shown("y")), Err(missing("y")));
        let categorical = ReadOptions { categorical: vec!["y".into()], ..show() };
        assert_eq!(read(&format!("a,y\n1,x\n2,{mark}\n5,z\n"), &categorical), Err(missing("y")));
        // A column that is left out may hold missing values.
        let dropped = ReadOptions { drop: vec!["y".into()], ..show() };
        assert_eq!(read(&format!("a,y\n1,x\n2,{mark}\n5,\n"), &dropped).unwrap().x, array![[1.0], [2.0], [5.0]]);
    }
    assert_eq!(read("a,b\n1,2\n,4\n", &show()), Err(Error::EmptyCell { line: 3, column: "a".into() }));
    // In a text column `none` and `-` are classes.
    assert_eq!(classes(&["none", "-", "+", "none", "-", "+"]), ["+", "-", "none"]);
}

#[test]
fn numbers_that_are_too_large_are_refused() {
    for (bad, label) in [("inf", None), ("1e200", None), ("-inf", Some("b"))] {
        let options = ReadOptions { label: label.map(str::to_owned), ..show() };
        let error = read(&format!("a,b,c\n1,2,3\n{bad},{bad},4\n3,4,5\n7,8,9\n"), &options).unwrap_err();
        assert!(matches!(&error, Error::NotFinite { line: 3, value, .. } if value == bad), "{error}");
    }
    let data = read("a,b\n1,2\n3,1e31\n", &show()).unwrap();
    assert_eq!(data.singles(), Err(Error::TooLarge { column: "b".into(), line: 3, value: 1e31 }));
    let standard = read("a,b\n1,2\n3,1e31\n", &ReadOptions { standardise: true, ..show() }).unwrap();
    assert_eq!(standard.singles().unwrap(), array![[-1.0, -1.0], [1.0, 1.0]]);
}

#[test]
fn text_features_are_encoded_or_refused() {
    let text = "size,colour,y\n1,red,0\n2,blue,1\n3,10,0\n4,9,1\n5,red,1\n";
    let message = refused(text, &learn());
    assert!(message.starts_with("column \"colour\" holds \"red\" in line 2, which is not a number"), "{message}");
    assert!(message.contains("--categorical \"colour\"") && message.contains("remove it"), "{message}");
    let options = ReadOptions { categorical: vec!["colour".into()], ..learn() };
    let data = read(text, &options).unwrap();
    assert_eq!(data.features, ["size", "colour=9", "colour=10", "colour=blue", "colour=red"]);
    assert_eq!(data.x.row(0).to_vec(), [1.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(data.x.row(3).to_vec(), [4.0, 1.0, 0.0, 0.0, 0.0]);
    // The error for a decimal comma suggests another cure.
    let message = refused("a;b\n1,5;2\n2,5;3\n", &show());
    assert!(message.contains("\"1,5\" in line 2") && message.contains("decimal point"), "{message}");
    let many = (0..101).fold(String::new(), |text, i| format!("{text}{i},c{i}\n"));
    let message = refused(&format!("a,b\n{many}"), &ReadOptions { categorical: vec!["b".into()], ..show() });
    assert!(message.contains("101 different values; at most 100"), "{message}");
}

#[test]
fn columns_are_named_once_and_must_exist() {
    let text = "a,b,c\n1,2,3\n4,5,6\n";
    let list = |name: &str| vec![name.to_owned()];
    let message = refused(text, &ReadOptions { drop: list("d"), ..show() });
    assert!(message.contains("there is no column \"d\""), "{message}");
    let message = refused(text, &ReadOptions { drop: list("b"), categorical: list("b"), ..show() });
    assert!(message.starts_with("--categorical b: the column is also left out by --drop"), "{message}");
    let message = refused(text, &ReadOptions { categorical: list("b"), ..shown("b") });
    assert!(message.starts_with("--label b: the column is also a feature by --categorical"), "{message}");
    let message = refused(text, &ReadOptions { drop: list("b"), ..shown("b") });
    assert!(message.starts_with("--label b: the column is also left out by --drop"), "{message}");
    // The default label is the last column that is not left out.
    let data = read(text, &ReadOptions { drop: list("c"), ..learn() }).unwrap();
    assert_eq!((data.label_name.as_deref(), data.features.as_slice()), (Some("b"), &["a".to_owned()][..]));
}

#[test]
fn labels_that_are_identifiers_are_not_learned() {
    let ids: Vec<String> = (0..30).map(|i| format!("id{i}")).collect();
    let text = with_label(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let message = refused(&text, &learn());
    assert!(message.contains("30 classes in 30 rows") && message.contains("--label"), "{message}");
    assert_eq!(
        names(&read(&text, &shown("y")).unwrap().label).len(),
        30,
        "a label that is only shown may have any number of classes"
    );
    let many: Vec<String> = (0..202).map(|i| format!("c{}", i % 101)).collect();
    let message = refused(&with_label(&many.iter().map(String::as_str).collect::<Vec<_>>()), &learn());
    assert!(message.contains("101 classes in 202 rows; a classifier takes at most 100"), "{message}");
    let constant = refused(&with_label(&["2.5", "2.5", "2.5"]), &as_task(Task::Regression));
    assert!(constant.contains("is \"2.5\" in all 3 rows"), "{constant}");
}

#[test]
fn something_must_vary() {
    let none = |constant: &[&str]| Error::NoFeatures { constant: constant.iter().map(|&name| name.into()).collect() };
    assert_eq!(read("a,y\n1,0\n1,1\n", &learn()), Err(none(&["a"])));
    assert_eq!(read("a,y\n1,0\n1,1\n", &ReadOptions { drop: vec!["a".into()], ..learn() }), Err(none(&[])));
    let data = read("a,b,y\n1,7,0\n2,7,1\n", &ReadOptions { standardise: true, ..learn() }).unwrap();
    assert_eq!((data.varies.as_slice(), data.x.column(1).to_vec()), (&[true, false][..], vec![0.0, 0.0]));
    assert!(data.notes.contains(&"constant columns carry no information: b".to_owned()), "{:?}", data.notes);
}

#[test]
fn any_common_text_is_read() {
    let expected = read("height,weight\n1.5,2\n3,4\n", &show()).unwrap();
    let semicolons = "height;weight\n1.5;2\n3;4\n";
    for text in [
        "\u{feff}height,weight\n1.5,2\n3,4\n",
        "height,weight\r\n1.5,2\r\n3,4\r\n",
        "height,weight\r1.5,2\r3,4\r",
        "height,weight\n1.5,2\n3,4",
        "height\tweight\n1.5\t2\n3\t4\n",
        "\"height\" ; weight\n\"1.5\";2\n3;4\n",
        semicolons,
    ] {
        assert_eq!(read(text, &show()).unwrap(), expected, "{text:?}");
    }
    let piped = ReadOptions { layout: Layout { delimiter: Some(b'|'), header: None }, ..show() };
    assert_eq!(read("height|weight\n1.5|2\n3|4\n", &piped).unwrap(), expected);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(semicolons.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    assert_eq!(read_bytes(&packed, &show()).unwrap(), expected);
    let cut = read_bytes(&packed[..packed.len() - 9], &show()).unwrap_err().to_string();
    assert!(cut.contains("cannot be decompressed"), "{cut}");
    for (bytes, meant) in
        [(&b"\xff\xfea\0,\0"[..], "UTF-16"), (b"PK\x03\x04..", "Excel"), (b"a,b\n1,2\n\xff,3\n", "UTF-8")]
    {
        let message = read_bytes(bytes, &show()).unwrap_err().to_string();
        assert!(message.contains(meant), "{message}");
    }
}

#[test]
fn names_with_other_delimiters_do_not_mislead() {
    let data = read("length, cm;width, cm\n1;2\n3;4\n", &show()).unwrap();
    assert_eq!(data.features, ["length, cm", "width, cm"]);
    let data = read("\"a;b\",c\n1,2\n3,4\n", &show()).unwrap();
    assert_eq!(data.features, ["a;b", "c"]);
    let data = read("a;b,c\n1,2\n3,4\n", &show()).unwrap();
    assert_eq!(data.features, ["a;b", "c"]);
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let error = Dataset::read(&case("crlf2.csv"), &show()).unwrap_err();
    assert_eq!(error, Error::TextFeature { column: "a".into(), line: 4, value: "x".into() });
    let text = |line| Error::TextFeature { column: "a".into(), line, value: "x".into() };
    assert_eq!(read("a,b\n\n1,2\n\n\nx,3\n", &show()), Err(text(6)), "empty lines count");
    assert_eq!(read("a,b\r1,2\rx,3\r", &show()), Err(text(3)), "line ends of old Macs count");
    assert_eq!(read("a,\"b\nb\"\n1,2\nx,3\n", &show()), Err(text(4)), "line ends within a cell count");
}

#[test]
fn a_gzip_bomb_is_refused() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b'0'; 1 << 20];
    (0..257).for_each(|_| gzip.write_all(&zeros).unwrap());
    let message = read_bytes(&gzip.finish().unwrap(), &show()).unwrap_err().to_string();
    assert!(message.contains("more than 256 MiB") && message.contains("gunzip"), "{message}");
}

#[test]
fn arrays_are_tables_too() {
    let array = array![[1.0, 0.5, 0.0], [2.0, 1.5, 1.0], [3.0, 0.25, 1.0]];
    let mut bytes = Vec::new();
    array.write_npy(&mut bytes).unwrap();
    let data = read_bytes(&bytes, &learn()).unwrap();
    assert_eq!((data.features.join(" "), data.label_name.as_deref()), ("1 2".into(), Some("3")));
    assert_eq!(data.label, Label::Classes { names: vec!["0".into(), "1".into()], of_row: vec![0, 1, 1] });
    assert_eq!(data.x, array![[1.0, 0.5], [2.0, 1.5], [3.0, 0.25]]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&bytes).unwrap();
    assert_eq!(read_bytes(&gzip.finish().unwrap(), &learn()).unwrap(), data);
    let message = read_bytes(&bytes, &shown("kind")).unwrap_err().to_string();
    assert!(message.contains("there is no column \"kind\". The columns are 1, 2, 3"), "{message}");
    let mut empty = Vec::new();
    Array2::<f64>::zeros((0, 4)).write_npy(&mut empty).unwrap();
    assert_eq!(read_bytes(&empty, &show()), Err(Error::TooFewRows { given: 0 }));
}

#[test]
fn a_first_line_of_years_is_a_header() {
    let data = Dataset::read(&case("years_header.csv"), &show()).unwrap();
    assert_eq!((data.features.join(" "), data.x.nrows()), ("1999 2000 2001".into(), 60));
    assert!(data.notes[0].contains("(1999, 2000, 2001, ..) was read as names: pass --header no"), "{:?}", data.notes);
    let layout = |header| ReadOptions { layout: Layout { header: Some(header), delimiter: None }, ..show() };
    assert_eq!(Dataset::read(&case("years_header.csv"), &layout(false)).unwrap().x.nrows(), 61);
    // Consecutive whole numbers above whole numbers are data.
    let data = read("0,1\n3,4\n5,6\n", &show()).unwrap();
    assert_eq!((data.features.join(" "), data.x.nrows()), ("1 2".into(), 3));
    assert!(data.notes[0].contains("was read as data: pass --header yes"), "{:?}", data.notes);
    assert_eq!(read("0,1\n3,4\n5,6\n", &layout(true)).unwrap().features, ["0", "1"]);
    assert_eq!(read("0.5,1\n3,4\n5,6\n", &show()).unwrap().notes, [""; 0]);
}

#[test]
fn row_indices_are_left_out_and_identifiers_are_noted() {
    let data = Dataset::read(&case("rowindex.csv"), &show()).unwrap();
    assert_eq!((data.features.join(" "), data.x.dim()), ("a b c".into(), (60, 3)));
    assert_eq!(data.notes, ["the first column has no name and numbers the rows, so it is left out"]);
    let data = Dataset::read(&case("ids.csv"), &show()).unwrap();
    assert_eq!(data.features, ["id", "a", "b"]);
    assert!(data.notes[0].contains("--drop \"id\" if it numbers the rows"), "{:?}", data.notes);
    let data = Dataset::read(&case("zip.csv"), &show()).unwrap();
    assert!(data.notes[0].contains("column \"zip\" holds numbers with leading zeros (\"00501\")"), "{:?}", data.notes);
    let dropped = Dataset::read(&case("zip.csv"), &ReadOptions { drop: vec!["zip".into()], ..show() }).unwrap();
    assert_eq!((dropped.features.join(" "), dropped.notes.len()), ("a b".into(), 0));
    // An unnamed column that is not an index is named by its position.
    assert_eq!(read("a,,c\n1,2,3\n4,5,6\n", &show()).unwrap().features, ["a", "2", "c"]);
}

#[test]
fn standardised_columns_have_mean_0_and_deviation_1() {
    let mut table = array![[1.0, 7.0, 1e9 + 1.0, 2e-160], [2.0, 7.0, 1e9 + 2.0, 1e-160], [4.0, 7.0, 1e9 + 3.0, 3e-160]];
    assert_eq!(standardise(&mut table), [true, false, true, true]);
    let third = (1.5_f64).sqrt();
    for (found, expected) in table.column(2).iter().zip([-third, 0.0, third]) {
        assert!((found - expected).abs() < 1e-12, "{found}");
    }
    // Population deviation: sqrt(14 / 9) about the mean 7 / 3.
    let deviation = (14.0_f64 / 9.0).sqrt();
    for (found, x) in table.column(0).iter().zip([1.0, 2.0, 4.0]) {
        assert!((found - (x - 7.0 / 3.0) / deviation).abs() < 1e-14);
    }
    assert_eq!(table.column(1).to_vec(), [0.0; 3]);
    assert!(table.column(3).iter().all(|x| x.is_finite()) && (table.column(3).sum()).abs() < 1e-12);
}

#[test]
fn options_come_from_their_names() {
    let given = |pairs: &'static [(&'static str, &'static str)]| {
        ReadOptions::from_values(Purpose::Learn, |name| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1))
    };
    let all = given(&[
        ("label", "y"),
        ("task", "regression"),
        ("categorical", "a,\"b,c\""),
        ("drop", "d"),
        ("delimiter", "semicolon"),
        ("header", "no"),
        ("standardise", "yes"),
    ]);
    let expected = ReadOptions {
        purpose: Purpose::Learn,
        label: Some("y".into()),
        task: Some(Task::Regression),
        categorical: vec!["a".into(), "b,c".into()],
        drop: vec!["d".into()],
        layout: Layout { delimiter: Some(b';'), header: Some(false) },
        standardise: true,
    };
    assert_eq!(all, Ok(expected));
    assert_eq!(given(&[]), Ok(learn()));
    let refused = |pairs| given(pairs).unwrap_err().to_string();
    assert_eq!(refused(&[("task", "clustering")]), "--task clustering: must be classification or regression");
    assert_eq!(refused(&[("header", "maybe")]), "--header maybe: must be yes or no");
    assert_eq!(refused(&[("delimiter", "x")]), "--delimiter x: must be comma, semicolon, tab or pipe");
}

#[test]
fn a_first_line_of_data_with_text_is_noted() {
    let text = "0.1,1.25,yes\n0.2,1.5,no\n0.3,1.75,yes\n";
    let notes = read(text, &learn()).unwrap().notes;
    let told = |notes: &[String]| notes.iter().any(|note| note.contains("pass --header no if it is data"));
    assert!(told(&notes), "{notes:?}");
    let said = ReadOptions { layout: Layout { header: Some(false), ..Layout::default() }, ..learn() };
    let found = read(text, &said).unwrap();
    assert_eq!(found.x.nrows(), 3);
    assert!(!told(&found.notes));
    assert!(!told(&read("a,b,y\n1,2,yes\n2,3,no\n", &learn()).unwrap().notes));
}

#[test]
fn decimal_and_thousands_commas_have_their_own_cures() {
    let cure = |number: &str| refused(&format!("a;b;y\n{number};2;0\n3;4;1\n"), &learn());
    for number in ["1,000", "-12,345", "1,234,567"] {
        assert!(cure(number).contains("remove the thousands separator"), "{}", cure(number));
    }
    for number in ["0,094", "1,25", "3,1415"] {
        assert!(cure(number).contains("write a decimal point instead of the comma"), "{}", cure(number));
    }
}
