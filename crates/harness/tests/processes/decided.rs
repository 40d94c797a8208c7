//! `--until-decided`: replicates are added until claims are decided.

use serde_json::Value;

use crate::knobs::lab;
use crate::tests::Lab;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("replicates_are_added_until_claims_are_decided", replicates_are_added_until_claims_are_decided),
    ("decided_claims_are_not_run_again", decided_claims_are_not_run_again),
    ("until_decided_needs_a_whole_run_with_claims", until_decided_needs_a_whole_run_with_claims),
];

const RUN: &str = "run --suite both --until-decided --max-replicates 60";

fn digests(lab: &Lab, dir: &str) -> Vec<String> {
    let mut digests: Vec<String> = lab.trials(dir).iter().map(|row| row["digest"].to_string()).collect();
    digests.sort();
    digests
}

fn verdicts(lab: &Lab, dir: &str) -> Vec<(String, Value)> {
    let claims: Vec<Value> = serde_json::from_str(&lab.good(&format!("claims {dir} --json"))).unwrap();
    claims.iter().map(|claim| (claim["verdict"].as_str().unwrap().to_owned(), claim["n"].clone())).collect()
}

/// The number of replicates depends on the results, not on the number of workers.
fn replicates_are_added_until_claims_are_decided() {
    let lab = lab();
    for workers in [1, 2, 4] {
        let (code, out, err) = lab.run(&format!("{RUN} --out w{workers} --workers {workers}"));
        assert_eq!(code, 0, "{out}{err}");
        assert!(
            err.contains("gears valley ends after 0 replicates, since no more reference values are stored"),
            "{err}"
        );
        assert!(err.contains("0 claims are open, 0 of 1 problems continue"), "{err}");
    }
    let all = digests(&lab, "w1");
    assert_eq!((&digests(&lab, "w2"), &digests(&lab, "w4")), (&all, &all));
    let replicates = all.len() / 2;
    assert!((9..40).contains(&replicates), "two clearly different starts, {replicates} replicates");
    assert!(
        lab.lines("w1").iter().filter(|line| line["kind"] == "header").all(|header| header["until_decided"] == true)
    );
    let found = verdicts(&lab, "w1");
    let on_slope = [("supported".into(), replicates.into()), ("refuted".into(), replicates.into())];
    assert_eq!(found[..2], on_slope);
    assert_eq!(found[2].0, "not-judged");
    lab.good("report w1 --out report --quiet");
    let page = std::fs::read_to_string(lab.path().join("report/claims.md")).unwrap();
    assert!(page.contains("confidence sequences"), "{page}");
}

fn decided_claims_are_not_run_again() {
    let lab = lab();
    lab.good(&format!("{RUN} --out a"));
    let once = lab.lines("a").len();
    lab.good(&format!("{RUN} --out a"));
    assert_eq!(lab.lines("a").len(), once, "nothing is left to run, and the header is not repeated");
    // Replicates end where stored targets end.
    lab.good("reference gears --suite both --replicates 3");
    let (code, out, err) = lab.run(&format!("{RUN} --out d"));
    assert!(code == 0 && err.contains("gears valley ends after 3 replicates"), "{out}{err}");
    assert!(lab.trials("d").iter().all(|row| row["status"] == "reached"));
    // Rows of a run of fixed size are used. From then on, its verdicts are valid whenever the run stops.
    lab.good("run --suite both --out b --replicates 5");
    lab.good(&format!("{RUN} --out b"));
    let slope = |dir: &str| lab.trials(dir).iter().filter(|row| row["problem"] == "slope").count();
    assert_eq!(slope("b"), slope("a"));
    assert_eq!(verdicts(&lab, "b")[..2], verdicts(&lab, "a")[..2]);
    // `--max-replicates` ends a run that cannot be decided.
    lab.good("run --suite both --until-decided --max-replicates 3 --out c");
    assert_eq!((slope("c"), verdicts(&lab, "c")[0].0.as_str()), (6, "inconclusive"));
}

fn until_decided_needs_a_whole_run_with_claims() {
    let lab = lab();
    for wrong in ["--shard 1/2", "--replicates 4"] {
        let (code, _, err) = lab.run(&format!("{RUN} --out a {wrong}"));
        assert!(code == 2 && err.contains("cannot be used with"), "{err}");
    }
    let (code, _, err) = lab.run("run --suite quiet --until-decided --out a");
    assert!(code == 2 && err.contains("no claim compares two starts"), "{err}");
    let (code, _, err) = lab.run("run --suite both --until-decided --max-replicates 0 --out a");
    assert!(code == 2 && err.contains("replicates is 0"), "{err}");
}
