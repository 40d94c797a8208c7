//! Hyperparameters on the command line: tuned, stored, read, changed, and refused if they do not fit.

use std::fs;

use serde_json::Value;

use crate::tests::Lab;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("tuning_does_not_depend_on_the_number_of_workers", tuning_does_not_depend_on_the_number_of_workers),
    ("tuned_knobs_are_used_and_named", tuned_knobs_are_used_and_named),
    ("a_start_without_tuning_gives_all_the_defaults", a_start_without_tuning_gives_all_the_defaults),
    ("knobs_of_the_command_line_are_for_every_start", knobs_of_the_command_line_are_for_every_start),
    ("own_data_use_defaults_or_given_values", own_data_use_defaults_or_given_values),
    ("tuned_files_that_do_not_fit_are_refused", tuned_files_that_do_not_fit_are_refused),
];

const FILE: &str = "benchmarks/tuned/gears.toml";

pub(crate) fn lab() -> Lab {
    let lab = Lab::new();
    let head = "seed = 5\nreplicates = 4\nlimit_seconds = 60.0\n[domain.gears]\n";
    for (name, problems) in [("gears", "['slope']"), ("both", "[]")] {
        let text = format!("name = '{name}'\n{head}problems = {problems}\n");
        fs::write(lab.path().join(format!("benchmarks/suites/{name}.toml")), text).unwrap();
    }
    lab
}

fn file(lab: &Lab) -> String {
    fs::read_to_string(lab.path().join(FILE)).unwrap()
}

fn write(lab: &Lab, text: &str) {
    fs::write(lab.path().join(FILE), text).unwrap();
}

/// The values of the hyperparameter by start, in the rows after the first `skip` ones.
fn gears(lab: &Lab, dir: &str, skip: usize) -> Vec<(String, f64)> {
    let value = |row: &Value| (row["start"].as_str().unwrap().to_owned(), row["knobs"]["gear"].as_f64().unwrap());
    let mut found: Vec<_> = lab.trials(dir).iter().skip(skip).map(value).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    found.dedup();
    found
}

fn pairs(light: f64, heavy: f64) -> Vec<(String, f64)> {
    vec![("heavy".to_owned(), heavy), ("light".to_owned(), light)]
}

fn tuning_does_not_depend_on_the_number_of_workers() {
    let lab = lab();
    let mut files = Vec::new();
    for workers in [1, 2, 4] {
        let (code, out, err) = lab.run(&format!("tune gears --suite both --replicates 5 --again --workers {workers}"));
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("gears: 2 problems tuned, 0 tuned before"), "{out}");
        assert!(
            err.contains("warning: gears slope from heavy with gear = 0.8: ") && err.contains("signal: 6"),
            "{err}"
        );
        assert!(
            err.contains(
                "slope: 10 trials more, because a pick lies on the edge of its grid: gear [0.02, 0.2, 0.5, 0.8, 1.28]"
            ),
            "{err}"
        );
        files.push(file(&lab));
    }
    assert!(files[0] == files[1] && files[1] == files[2]);
    assert_eq!(files[0].matches("n = 5,").count(), 2 * 2 * 5, "every start of every problem with every setting");
    assert_eq!(files[0].matches("failed = 5").count(), 4, "{}", files[0]);
    assert_eq!(
        files[0]
            .matches("picked_for = \"headline\"\ngrid = { gear = [0.02, 0.2, 0.5, 0.8, 1.28] }\nwidened = 1")
            .count(),
        2
    );
    assert!(lab.good("tune gears --suite both --replicates 5").contains("0 problems tuned, 2 tuned before"));
    assert!(
        lab.good("tune --suite gears --replicates 4").contains("slope\n"),
        "with other settings the tuning is repeated"
    );
    assert!(lab.good("tune --suite wild").contains("suite `wild` does not include it"));
    assert!(lab.good("tune hazard --suite wild").contains("hazard: it has no hyperparameters"));
    assert_eq!(lab.run("tune gears --suite both --replicates 0").0, 2);
    assert_eq!(lab.run("tune gears --suite both --problem slop").0, 2);
}

fn tuned_knobs_are_used_and_named() {
    let lab = lab();
    let (code, out, err) = lab.run("run --suite gears --out a");
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("note: gears slope: every start has the default hyperparameters (gear = 0.2)"), "{err}");
    assert!(err.contains("the file benchmarks/tuned/gears.toml does not exist; run `headstart tune gears`"), "{err}");
    assert_eq!(gears(&lab, "a", 0), pairs(0.2, 0.2));
    assert_eq!(lab.lines("a")[0]["knobs"][0]["source"], "default");

    lab.good("tune gears --suite gears --replicates 5");
    let (_, _, err) = lab.run("run --suite gears --out a");
    assert!(err.contains("8 trials, 0 done before") && !err.contains("note: "), "other values are other trials: {err}");
    assert_eq!(gears(&lab, "a", 8), pairs(0.8, 0.5));
    let headers = lab.lines("a").into_iter().filter(|line| line["kind"] == "header").collect::<Vec<_>>();
    assert_eq!((headers.len(), &headers[1]["knobs"][0]["source"]), (2, &Value::from("tuned")));
    let (_, _, err) = lab.run("run --suite gears --out a");
    assert!(err.contains("8 trials, 8 done before"), "{err}");

    let report = lab.good("report a --out r --tables");
    for text in ["tuned over the same 5 settings, on 5 held-out replicates", "tuning cost", "8 rows of other runs"] {
        assert!(report.contains(text), "{text} is not in {report}");
    }
    assert!(!report.contains("`light` (gear)"), "no pick lies on an edge: {report}");
    let page = fs::read_to_string(lab.path().join("r/gears.md")).unwrap();
    assert!(page.contains("| light | 0.8 | no | 5 | 5/5 |") && page.contains("## Hyperparameters"), "{page}");
    let table = fs::read_to_string(lab.path().join("r/gears.csv")).unwrap();
    assert!(table.contains("gear = 0.8"), "{table}");

    // Rows do not depend on the number of workers. A domain without hyperparameters has none in its rows.
    lab.good("run --suite gears --workers 4 --out b");
    let of_b = lab.digests("b");
    assert!(of_b.len() == 8 && of_b.iter().all(|(key, digest)| lab.digests("a")[key] == *digest));
    lab.good("run --suite quiet --replicates 1 --out c");
    let lines = lab.lines("c");
    assert!(lines.len() == 4 && lines.iter().all(|line| line.get("knobs").is_none()));
}

fn a_start_without_tuning_gives_all_the_defaults() {
    let lab = lab();
    lab.good("tune gears --suite gears --replicates 5");
    let whole = file(&lab);
    let heavy = whole.find("[problem.\"slope\".start.\"heavy\"]").unwrap();
    let light = whole.find("[problem.\"slope\".start.\"light\"]").unwrap();
    write(&lab, &format!("{}{}", &whole[..heavy], &whole[light..]));
    let (_, _, err) = lab.run("run --suite gears --out a");
    assert!(err.contains("not tuned for `heavy`, so all starts use the defaults"), "{err}");
    assert_eq!(gears(&lab, "a", 0), pairs(0.2, 0.2));
    // The same with references. The long runs that compute them use the hyperparameters of the judged trials.
    lab.good("tune gears --suite both --replicates 5");
    assert!(lab.good("reference gears --suite both --attempts 1 --longer 1").contains("gears: 4 new values"));
    lab.good("run --suite both --out b");
    assert!(lab.trials("b").iter().all(|row| row["status"] == "reached" && row["knobs"]["gear"] != 0.2));
}

fn knobs_of_the_command_line_are_for_every_start() {
    let lab = lab();
    lab.good("tune gears --suite gears --replicates 5");
    let (_, _, err) = lab.run("run --suite gears --knob gear=0.3 --out a");
    assert!(
        err.contains("note: gears slope: hyperparameters were set on the command line, the same for all starts"),
        "{err}"
    );
    assert!(err.contains("hyperparameters: set on the command line: gear = 0.3"), "{err}");
    assert_eq!(gears(&lab, "a", 0), pairs(0.3, 0.3));
    for (knob, meant) in [("gaer=0.3", "did you mean `gear`?"), ("gear=fast", "NAME=VALUE"), ("gear=inf", "finite")] {
        let (code, _, err) = lab.run(&format!("run --suite gears --knob {knob} --out a"));
        assert!(code == 2 && err.contains(meant), "{err}");
    }
    assert_eq!(lab.run("run --suite quiet --knob gear=0.3 --out a").0, 2, "no domain of this suite has it");
}

fn own_data_use_defaults_or_given_values() {
    let lab = lab();
    lab.good("tune gears --suite gears --replicates 5");
    fs::write(lab.path().join("height.txt"), "2.5\n").unwrap();
    let (code, out, err) = lab.run("try gears --data height.txt --replicates 2 --out a");
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("not tuned on own data; --knob NAME=VALUE sets another value"), "{err}");
    assert_eq!(gears(&lab, "a", 0), pairs(0.2, 0.2));
    let (code, _, err) = lab.run("try gears --data height.txt --replicates 2 --knob gear=0.4 --out a");
    assert!(code == 1 && err.contains("take another --out"), "{err}");
    lab.good("try gears --data height.txt --replicates 2 --knob gear=0.4 --out b");
    assert_eq!(gears(&lab, "b", 0), pairs(0.4, 0.4));
    assert!(lab.good("compare a b").contains("2 cells were run with other hyperparameters"));
    assert_eq!(lab.run("try gears --data height.txt --knob gaer=0.4 --out c").0, 2);
}

fn tuned_files_that_do_not_fit_are_refused() {
    let lab = lab();
    lab.good("tune gears --suite gears --replicates 5");
    let whole = file(&lab);
    let picked = "knobs = { gear = 0.8 }\nat_edge";
    assert_eq!(whole.matches(picked).count(), 1, "{whole}");
    for (from, to, meant) in [
        (
            picked,
            "knobs = { gear = 0.3 }\nat_edge",
            "start `light`: gear is 0.3, which is not on its grid [0.02, 0.2, 0.5, 0.8, 1.28]",
        ),
        (picked, "knobs = { gaer = 0.8 }\nat_edge", "hyperparameter `gaer` is unknown (known: gear)"),
        (picked, "knobs = { gear = 0.2 }\nat_edge", "the evidence favours gear = 0.8"),
        ("grid = { gear", "grid = { pace", "hyperparameter `pace` is unknown (known: gear)"),
        (
            "replicates = 5",
            "replicates = 6",
            "was not tried with all 5 settings on all 6 replicates, as the other starts were",
        ),
        ("cost = ", "cots = ", "unknown field `cots`"),
        ("0.8, 1.28]", "0.8, 1.3]", "neither the declared grid [0.02, 0.2, 0.5, 0.8] nor a widening of it"),
        ("picked_for = \"headline\"", "picked_for = \"beauty\"", "unknown variant `beauty`"),
    ] {
        let text = whole.replace(from, to);
        assert_ne!(text, whole, "{from}");
        write(&lab, &text);
        let (code, _, err) = lab.run("run --suite gears --out a");
        assert!(code == 1 && err.contains(meant) && err.contains("gears.toml"), "{meant}: {err}");
    }
    assert!(!lab.path().join("a").exists(), "nothing is run");
    write(&lab, &whole.replace(picked, "knobs = { gear = 0.3 }\nat_edge"));
    let (_, _, err) = lab.run("run --suite gears --out a");
    assert!(err.contains("run `headstart tune gears` again"), "{err}");
    // Tuning again restores the file.
    lab.good("tune gears --suite gears --replicates 5");
    assert_eq!(file(&lab), whole);
    // An older file without `picked_for` is used as it is, but the next tuning replaces it.
    write(&lab, &whole.replace("picked_for = \"headline\"\n", ""));
    lab.good("run --suite gears --out b");
    assert_eq!(gears(&lab, "b", 0), pairs(0.8, 0.5));
    assert!(lab.good("tune gears --suite gears --replicates 5").contains("1 problems tuned, 0 tuned before"));
    assert_eq!(file(&lab), whole);
}
