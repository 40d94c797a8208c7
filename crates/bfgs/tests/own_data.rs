//! User tables: the problems made from them, and the errors for faulty ones.

use std::path::{Path, PathBuf};

use headstart_bfgs::problem::{Function, Loss, OwnTable, TableError, read_table};
use headstart_table::{Error as Fault, ReadOptions, Task};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A file that is removed when the test ends.
struct Table(PathBuf);

impl Table {
    fn new(name: &str, text: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("headstart-bfgs-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn open(path: &Path, options: &ReadOptions) -> Result<OwnTable, TableError> {
    read_table(path, options, 1e-3, &mut ChaCha8Rng::seed_from_u64(1))
}

fn read_as(name: &str, text: &str, options: &ReadOptions) -> Result<OwnTable, TableError> {
    open(&Table::new(name, text.as_bytes()).0, options)
}

fn read(name: &str, text: &str, label: Option<&str>) -> Result<OwnTable, TableError> {
    read_as(name, text, &ReadOptions { label: label.map(str::to_owned), ..ReadOptions::default() })
}

fn loss(data: &OwnTable) -> Loss {
    match &data.instance.function {
        Function::LinearModel(model) => model.loss(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_values_make_a_classification() {
    let text = "a, same, b, kind\n1, 7, 2, yes\n2, 7, 1, no\n3, 7, 5, yes\n4,7,0,no\n";
    let data = read("classes", text, None).unwrap();
    assert_eq!(loss(&data), Loss::Logistic);
    assert_eq!((data.label.as_str(), data.features.join(" ").as_str()), ("kind", "a b"));
    assert_eq!(data.dropped, ["same"]);
    assert_eq!(data.classes, Some(["no".to_owned(), "yes".to_owned()]));
    assert_eq!(data.instance.x0.len(), 3);
    // Numbers are compared by value: 10 is greater than 9, and 9.0 equals 9.
    let data = read("numbers", "t,a\n10,1\n9,2\n9.0,3\n", Some("t")).unwrap();
    assert_eq!((loss(&data), data.classes), (Loss::Logistic, Some(["9".to_owned(), "10".to_owned()])));
}

#[test]
fn more_numbers_make_least_squares() {
    let data = read("regression", "a,b,t\n1,2,3\n2,5,5\n3,1,7\n", None).unwrap();
    assert_eq!((loss(&data), data.classes), (Loss::Squared, None));
}

#[test]
fn features_are_standardised() {
    let data = read("scale", "a,b,t\n1000000001,1e-9,x\n1000000002,2e-9,y\n1000000003,4e-9,x\n", None).unwrap();
    let hessian = data.instance.hessian(&[0.0; 3]).unwrap();
    // At zero each row has weight 1/4: the Hessian is a quarter of the correlation matrix plus the ridge.
    assert!((hessian[[0, 0]] - 0.251).abs() < 1e-9 && (hessian[[1, 1]] - 0.251).abs() < 1e-9);
    assert!(hessian[[0, 2]].abs() < 1e-9 && (hessian[[2, 2]] - 0.25).abs() < 1e-12);
}

#[test]
fn faults_are_named_with_line_and_column() {
    let fault = |name: &str, text: &str| read(name, text, None).unwrap_err();
    assert_eq!(fault("ragged", "a,b\n1,2\n3\n"), TableError::Table(Fault::Ragged { line: 3, given: 1, expected: 2 }));
    assert_eq!(fault("long", "a,b\n1,2,3\n3,4\n"), TableError::Table(Fault::Ragged { line: 2, given: 3, expected: 2 }));
    assert_eq!(fault("empty", "a,b\n1,2\n ,4\n"), TableError::Table(Fault::EmptyCell { line: 3, column: "a".into() }));
    for bad in ["inf", "1e200"] {
        let expected = TableError::Table(Fault::NotFinite { column: "a".into(), line: 3, value: bad.into() });
        assert_eq!(fault("finite", &format!("a,b\n1,2\n{bad},4\n5,5\n")), expected);
    }
    let expected = TableError::Table(Fault::Missing { column: "a".into(), line: 3, value: "NaN".into() });
    assert_eq!(fault("missing", "a,b\n1,2\nNaN,4\n5,5\n"), expected);
    let expected = TableError::Table(Fault::TextFeature { column: "a".into(), line: 4, value: "red".into() });
    assert_eq!(fault("text", "a,b\n1,2\n2,4\nred,5\n"), expected);
    let expected = TableError::Table(Fault::ManyClasses { column: "t".into(), classes: 3, rows: 3, most: 100 });
    assert_eq!(fault("target", "a,t\n1,x\n2,y\n3,z\n"), expected);
    let expected = TableError::Table(Fault::MixedLabel { column: "t".into(), line: 5, value: "z".into() });
    assert_eq!(fault("mixed", "a,t\n1,1\n2,2\n3,3\n4,z\n"), expected);
    let expected = TableError::Table(Fault::Missing { column: "t".into(), line: 4, value: "nan".into() });
    assert_eq!(fault("nan-target", "a,t\n1,1\n2,2\n3,nan\n"), expected);
    assert_eq!(fault("one-row", "a,b\n1,2\n"), TableError::Table(Fault::TooFewRows { given: 1 }));
    assert_eq!(fault("no-row", "a,b\n"), TableError::Table(Fault::TooFewRows { given: 0 }));
    assert_eq!(fault("nothing", ""), TableError::Table(Fault::Empty));
    assert_eq!(fault("narrow", "a\n1\n2\n"), TableError::Table(Fault::TooFewColumns { given: 1 }));
    assert_eq!(
        fault("twice", "a,a,b\n1,2,3\n1,2,3\n"),
        TableError::Table(Fault::DuplicateColumn { name: "a".into(), column: 2 })
    );
    let expected = TableError::Table(Fault::OneClass { column: "b".into(), class: "2".into(), rows: 2 });
    assert_eq!(fault("constant", "a,b\n1,2\n3,2\n"), expected);
    let expected = TableError::Table(Fault::NoFeatures { constant: vec!["a".into()] });
    assert_eq!(fault("featureless", "a,b\n1,2\n1,3\n"), expected);
}

#[test]
fn more_than_two_classes_are_refused_with_a_hint_if_they_are_numbers() {
    let text = "a,grade\n1,3\n2,4\n3,5\n4,3\n5,4\n6,5.0\n";
    let refused = read("grades", text, None).unwrap_err();
    assert_eq!(refused, TableError::Classes { column: "grade".into(), classes: 3, numbers: true });
    assert!(refused.to_string().contains("--task regression"), "{refused}");
    let refused = read("kinds", &text.replace(",3", ",x"), None).unwrap_err().to_string();
    assert!(refused.contains("3 classes") && !refused.contains("--task"), "{refused}");
    let options = ReadOptions { task: Some(Task::Regression), ..ReadOptions::default() };
    assert_eq!(loss(&read_as("grades-too", text, &options).unwrap()), Loss::Squared);
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let missing = open(Path::new("/nowhere/at/all.csv"), &ReadOptions::default()).unwrap_err();
    assert!(matches!(&missing, TableError::Table(Fault::Open { path, .. }) if path.contains("all.csv")));
    let binary = Table::new("binary", b"a,b\n1,2\n\xff\xfe,3\n");
    assert!(matches!(open(&binary.0, &ReadOptions::default()), Err(TableError::Table(Fault::Read { .. }))));
    assert!(matches!(
        open(&std::env::temp_dir(), &ReadOptions::default()),
        Err(TableError::Table(Fault::Open { .. } | Fault::Read { .. }))
    ));
}

#[test]
fn an_unknown_label_gets_a_suggestion() {
    let error = read("unknown", "alcohol,quality\n1,2\n3,4\n", Some("Qualty")).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("did you mean \"quality\"?") && message.contains("alcohol, quality"), "{message}");
}

#[test]
fn a_bad_ridge_is_refused() {
    let table = Table::new("ridge", b"a,b\n1,2\n3,4\n");
    for ridge in [-1.0, f64::NAN] {
        let refused = read_table(&table.0, &ReadOptions::default(), ridge, &mut ChaCha8Rng::seed_from_u64(1));
        assert!(matches!(refused, Err(TableError::Problem(_))));
    }
}
