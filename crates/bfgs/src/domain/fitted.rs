//! The model of the user's table, as the report and the files show it.

use std::fmt::Write;

use headstart_domain::Run;
use headstart_table::quoted;

use crate::problem::{Fit, Function, OwnTable};

/// Names the model of a table.
pub(super) fn model(table: &OwnTable) -> String {
    let OwnTable { label, classes, .. } = table;
    match &classes[..] {
        [] => format!("Least squares for {label:?}."),
        [zero, one] => format!(
            "Logistic regression of {label:?}: coefficients are log-odds of {one:?} (coded 1) against {zero:?} (coded 0)."
        ),
        _ => format!(
            "Softmax regression of {label:?} with {} classes: each class has its own coefficients, and only their differences \
             between classes count.",
            classes.len()
        ),
    }
}

/// What a reader must know about the coefficients.
pub(super) fn notes(table: &OwnTable) -> Vec<String> {
    let (model, classes) = (model(table), &table.classes);
    let ridge = match &table.instance.function {
        Function::LinearModel(model) => model.ridge(),
        Function::Softmax(model) => model.ridge(),
        _ => return table.notes.clone(),
    };
    let penalty = if ridge == 0.0 {
        "There is no ridge penalty.".to_owned()
    } else {
        format!(
            "The ridge penalty {ridge} shrinks the weights of standardised columns, not the intercept; --ridge 0 fits without it{}.",
            if classes.len() > 2 { "" } else { ", with standard errors" }
        )
    };
    let file = "The file has the coefficients in the units of the table and for standardised columns.";
    let mut notes = table.notes.clone();
    notes.push(format!("{model} {penalty} {file}"));
    notes
}

/// Records how well the model fits and writes its coefficients.
pub(super) fn record(fit: &Fit, run: &mut Run) {
    for (name, value) in [("accuracy", fit.accuracy), ("r2", fit.r2), ("deviance", Some(fit.deviance))] {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            run.metric(name, value);
        }
    }
    if fit.is_separated {
        run.remark(
            "Fitted probabilities are 0 or 1: a hyperplane separates some classes, and there is no ridge penalty. Then no minimum \
             exists, coefficients grow without bound, and comparing starts means little. Pass --ridge, such as --ridge 0.001.",
        );
    }
    let has_errors = fit.terms.iter().any(|term| term.standard_error.is_some());
    if fit.expects_errors && !has_errors {
        run.remark(
            "Standard errors are left out: columns depend on each other (as all levels of a text column do), there are too few rows, \
             or the run ended before its gradient was small.",
        );
    }
    if run.keeps_files() {
        run.file("coefficients.csv", csv(fit).into_bytes());
    }
}

fn csv(fit: &Fit) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let mut text = "term,class,coefficient,standard_error,standardised,mean,deviation\n".to_owned();
    for term in &fit.terms {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{}",
            quoted(&term.name),
            term.class.as_deref().map_or_else(String::new, quoted),
            term.coefficient,
            number(term.standard_error),
            term.standardised,
            number(term.scale.map(|scale| scale.mean)),
            number(term.scale.map(|scale| scale.deviation)),
        );
    }
    text
}
