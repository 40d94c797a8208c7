//! A report overwrites neither folders nor rows of a user.

use std::fs;

use crate::tests::Lab;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("a_report_overwrites_no_other_files", a_report_overwrites_no_other_files),
    ("rows_that_were_kept_are_not_lost", rows_that_were_kept_are_not_lost),
    ("try_overwrites_no_other_files", try_overwrites_no_other_files),
];

fn a_report_overwrites_no_other_files() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out a");
    let mine = lab.path().join("mine");
    fs::create_dir(&mine).unwrap();
    for (name, text) in [("index.html", "<title>Headstart: my notes</title>"), ("README.md", "# Mine\n")] {
        fs::write(mine.join(name), text).unwrap();
        let (code, _, err) = lab.run("report a --out mine --keep-rows");
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains(&format!("mine is neither empty nor a report's folder, and `{name}` in it would be")),
            "{err}"
        );
        assert!(err.contains("--out DIR") && err.contains("--force"), "{err}");
        assert_eq!(fs::read_to_string(mine.join(name)).unwrap(), text);
        assert_eq!(fs::read_dir(&mine).unwrap().count(), 1, "nothing is written");
        if name == "index.html" {
            fs::remove_file(mine.join(name)).unwrap();
        }
    }
    lab.good("report a --out mine --force");
    assert!(fs::read_to_string(mine.join("README.md")).unwrap().starts_with("# How much"));
    lab.good("report a --out mine");
    // A report without a marker, as older versions wrote it, and the default folder.
    fs::remove_file(mine.join(".headstart-report")).unwrap();
    lab.good("report a --out mine");
    lab.good("report a");
    lab.good("report a");
    let (code, _, err) = lab.run("report a --splice reports/latest/README.md");
    assert!(code == 2 && err.contains("the report writes this file itself"), "{err}");
    let (code, _, err) = lab.run("report a --out a/rows.jsonl");
    assert!(code == 2 && err.contains("a/rows.jsonl is a file, and a report needs a folder"), "{err}");
}

fn rows_that_were_kept_are_not_lost() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out a");
    lab.good("report a --out kept --keep-rows");
    lab.good("run --suite quiet --replicates 3 --out a");
    lab.good("report a --out kept --keep-rows");
    lab.good("run --suite quiet --replicates 2 --seed 9 --out b");
    let archive = fs::read(lab.path().join("kept/rows.jsonl.gz")).unwrap();
    let (code, _, err) = lab.run("report b --out kept --keep-rows");
    assert!(code == 2 && err.contains("rows.jsonl.gz holds 9 trials that these runs have not"), "{err}");
    assert_eq!(fs::read(lab.path().join("kept/rows.jsonl.gz")).unwrap(), archive);
    lab.good("report b kept --out kept --keep-rows");
    lab.good("report b --out kept --keep-rows --force");
}

fn try_overwrites_no_other_files() {
    let lab = Lab::new();
    fs::write(lab.path().join("height.txt"), "2.5\n").unwrap();
    fs::create_dir_all(lab.path().join("t/report")).unwrap();
    fs::write(lab.path().join("t/report/README.md"), "# Mine\n").unwrap();
    let (code, _, err) = lab.run("try gears --data height.txt --replicates 2 --out t");
    assert!(code == 2 && err.contains("`README.md` in it would be overwritten: take another --out"), "{err}");
    assert!(!lab.path().join("t/rows.jsonl").exists(), "nothing is run");
    for (replicates, rows) in [(2, 4), (3, 6)] {
        lab.good(&format!("try gears --data height.txt --replicates {replicates} --out u"));
        assert_eq!(lab.trials("u").len(), rows, "more replicates are added");
    }
}
