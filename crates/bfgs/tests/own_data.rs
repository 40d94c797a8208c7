//! User tables: the problems made from them, and the errors for faulty ones.

use std::path::{Path, PathBuf};

use headstart_bfgs::problem::{Fit, Function, Loss, OwnTable, TableError, read_table};
use headstart_bfgs::{Options, minimize, start};
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
    assert_eq!(data.classes, ["no", "yes"]);
    assert_eq!(data.instance.x0.len(), 3);
    // Numbers are compared by value: 10 is greater than 9, and 9.0 equals 9.
    let data = read("numbers", "t,a\n10,1\n9,2\n9.0,3\n", Some("t")).unwrap();
    assert_eq!(loss(&data), Loss::Logistic);
    assert_eq!(data.classes, ["9", "10"]);
}

#[test]
fn more_numbers_make_least_squares() {
    let data = read("regression", "a,b,t\n1,2,3\n2,5,5\n3,1,7\n", None).unwrap();
    assert!(loss(&data) == Loss::Squared && data.classes.is_empty());
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
fn more_than_two_classes_make_a_softmax_regression() {
    let text = "a,grade\n1,3\n2,4\n3,5\n4,3\n5,4\n6,5.0\n";
    let data = read("grades", text, None).unwrap();
    assert!(matches!(data.instance.function, Function::Softmax(_)));
    assert_eq!(data.classes, ["3", "4", "5"]);
    assert_eq!(data.instance.x0.len(), 6);
    let options = ReadOptions { task: Some(Task::Regression), ..ReadOptions::default() };
    assert_eq!(loss(&read_as("grades-too", text, &options).unwrap()), Loss::Squared);
}

/// Columns a and b, a quantity t, two classes k, and three classes g.
const TABLE: &str = "a,b,t,k,g
92.0,-0.0192,50.18,0,x
86.8,0.032,45.95,1,y
97.5,0.0041,49.94,1,z
104.2,-0.0346,56.23,0,x
111.4,-0.0017,57.79,1,y
101.1,-0.0233,54.31,0,z
94.5,-0.0126,49.46,0,y
92.2,-0.0098,49.51,0,x
107.5,-0.0143,57.28,0,z
116.3,0.0111,60.4,1,y
102.7,-0.0013,53.35,0,x
87.7,-0.0118,46.93,1,z
";

/// Fits one of the labels from the columns a and b.
fn fitted(label: &str, ridge: f64) -> Fit {
    let drop = ["t", "k", "g"].into_iter().filter(|name| *name != label).map(str::to_owned).collect();
    let options = ReadOptions { label: Some(label.to_owned()), drop, ..ReadOptions::default() };
    let table = Table::new(&format!("fit-{label}-{ridge}"), TABLE.as_bytes());
    let data = read_table(&table.0, &options, ridge, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let options = Options { gradient_tolerance: 1e-12, ..Options::default() };
    let silent = &mut |_: &headstart_bfgs::Progress<'_>| std::ops::ControlFlow::Continue(());
    let end = minimize(&data.instance, &data.instance.x0, &start::nocedal_wright().0, &options, silent).unwrap();
    data.fit(&end.x)
}

fn close(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within * expected.abs().max(1e-3), "{found} instead of {expected}");
}

/// statsmodels 0.15.0, `OLS` with a constant.
#[test]
fn least_squares_has_the_coefficients_and_errors_of_statsmodels() {
    let fit = fitted("t", 0.0);
    let expected = [
        ("a", 0.478_223_625_515_488, 0.024_517_912_436_408_364),
        ("b", -37.187_085_528_324_3, 13.189_242_949_902_704),
        ("intercept", 4.779_315_394_587_769, 2.443_280_777_329_446_3),
    ];
    for (term, (name, coefficient, error)) in fit.terms.iter().zip(expected) {
        assert_eq!(term.name, name);
        close(term.coefficient, coefficient, 1e-7);
        close(term.standard_error.unwrap(), error, 1e-7);
    }
    close(fit.r2.unwrap(), 0.978_017_382_246_838, 1e-9);
    close(fit.deviance, 5.167_051_490_142_439, 1e-8);
    assert!(fit.terms[0].scale.is_some() && fit.terms[2].scale.is_none() && fit.accuracy.is_none());
}

/// statsmodels 0.15.0, `Logit` with a constant.
#[test]
fn logistic_regression_has_the_coefficients_and_errors_of_statsmodels() {
    let fit = fitted("k", 0.0);
    let expected = [
        (-0.085_952_837_234_869_68, 0.142_933_648_803_850_37),
        (270.626_254_926_298_8, 190.121_770_887_489_84),
        (9.974_339_874_204_15, 15.088_589_243_251_31),
    ];
    for (term, (coefficient, error)) in fit.terms.iter().zip(expected) {
        close(term.coefficient, coefficient, 1e-6);
        close(term.standard_error.unwrap(), error, 1e-6);
        assert_eq!(term.class.as_deref(), Some("1"));
    }
    close(fit.deviance, 7.735_223_683_597_308, 1e-8);
    assert!(!fit.is_separated);
    assert!(fitted("k", 0.01).terms.iter().all(|term| term.standard_error.is_none()), "a ridge biases the errors");
}

/// scikit-learn 1.9.1, `LogisticRegression` on standardised columns with C = 1 / (rows ridge).
#[test]
fn ridges_are_those_of_scikit_learn() {
    let two = fitted("k", 0.01);
    for (term, expected) in
        two.terms.iter().zip([-0.218_028_151_536_309_67, 2.666_624_716_858_876, -0.370_706_605_201_304])
    {
        close(term.standardised, expected, 1e-6);
    }
    let fit = fitted("g", 0.01);
    let expected = [
        ["x", "-0.3109160571767774", "-0.840402406709911", "-0.02761289573843076"],
        ["y", "0.4532139366061657", "1.1315501131293255", "-0.19591357928782382"],
        ["z", "-0.1422978794294164", "-0.29114770641941645", "0.22352647502635722"],
    ];
    let mean =
        fit.terms.iter().filter(|term| term.name == "intercept").map(|term| term.standardised).sum::<f64>() / 3.0;
    for (terms, [class, a, b, intercept]) in fit.terms.chunks(3).zip(expected) {
        assert_eq!(terms[0].class.as_deref(), Some(class));
        close(terms[0].standardised, a.parse().unwrap(), 1e-6);
        close(terms[1].standardised, b.parse().unwrap(), 1e-6);
        // The sum of the intercepts is not determined; scikit-learn's is zero.
        close(terms[2].standardised - mean, intercept.parse().unwrap(), 1e-5);
    }
    close(fit.accuracy.unwrap(), 0.5, 1e-12);
    close(fit.deviance, 20.298_128_574_996_22, 1e-7);
}

#[test]
fn dependent_columns_have_no_standard_errors() {
    let rows = TABLE.lines().skip(1).map(|line| {
        let cells: Vec<f64> = line.split(',').take(3).map(|cell| cell.parse().unwrap()).collect();
        format!("{},{},{},{}\n", cells[0], cells[1], cells[0] - 3.0 * cells[1], cells[2])
    });
    let text = std::iter::once("a,b,c,t\n".to_owned()).chain(rows).collect::<String>();
    let table = Table::new("dependent", text.as_bytes());
    let data = read_table(&table.0, &ReadOptions::default(), 0.0, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let options = Options { gradient_tolerance: 1e-10, ..Options::default() };
    let silent = &mut |_: &headstart_bfgs::Progress<'_>| std::ops::ControlFlow::Continue(());
    let end = minimize(&data.instance, &data.instance.x0, &start::nocedal_wright().0, &options, silent).unwrap();
    let fit = data.fit(&end.x);
    assert!(fit.expects_errors && fit.terms.iter().all(|term| term.standard_error.is_none()), "{:?}", fit.terms);
    close(fit.r2.unwrap(), 0.978_017_382_246_838, 1e-8);
    // Nor does a point that is not the minimum.
    let fit = data.fit(&data.instance.x0);
    assert!(fit.terms.iter().all(|term| term.standard_error.is_none()));
}

/// One class lies apart, the other two overlap.
#[test]
fn partly_separable_classes_are_named() {
    let text = "a,k\n1,p\n2,q\n3,p\n4,q\n5,p\n100,r\n110,r\n120,r\n";
    let table = Table::new("partly", text.as_bytes());
    let data = read_table(&table.0, &ReadOptions::default(), 0.0, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    let silent = &mut |_: &headstart_bfgs::Progress<'_>| std::ops::ControlFlow::Continue(());
    let options = Options { gradient_tolerance: 1e-10, ..Options::default() };
    let end = minimize(&data.instance, &data.instance.x0, &start::nocedal_wright().0, &options, silent).unwrap();
    assert!(data.fit(&end.x).is_separated);
}

#[test]
fn separable_classes_are_named() {
    let text = "a,k\n1,no\n2,no\n3,yes\n4,yes\n";
    for (ridge, is_separated) in [(0.0, true), (1e-3, false)] {
        let table = Table::new(&format!("separable-{ridge}"), text.as_bytes());
        let data = read_table(&table.0, &ReadOptions::default(), ridge, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let silent = &mut |_: &headstart_bfgs::Progress<'_>| std::ops::ControlFlow::Continue(());
        let start = start::nocedal_wright().0;
        let end = minimize(&data.instance, &data.instance.x0, &start, &Options::default(), silent).unwrap();
        let fit = data.fit(&end.x);
        assert_eq!(fit.is_separated, is_separated);
        assert!(!is_separated || fit.terms.iter().all(|term| term.standard_error.is_none()));
    }
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
