//! Full disks, blocked paths and damaged row files.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::tests::Lab;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("a_failed_write_is_an_error", a_failed_write_is_an_error),
    ("an_unwritable_output_is_not_a_failed_trial", an_unwritable_output_is_not_a_failed_trial),
    ("a_damaged_header_is_written_again", a_damaged_header_is_written_again),
    ("an_invalid_row_is_left_out_and_run_again", an_invalid_row_is_left_out_and_run_again),
];

fn a_failed_write_is_an_error() {
    let lab = Lab::new();
    fs::write(lab.path().join("file"), "").unwrap();
    let (code, _, err) = lab.run("run --suite quiet --out file/below");
    assert_eq!(code, 1);
    assert!(err.contains("cannot make the folder file/below"), "{err}");
    #[cfg(target_os = "linux")]
    {
        // A limit on file sizes acts like a full disk: writing fails in the middle of the run. The limit is the size of
        // the header and of a fifth of the rows of a run without limit.
        lab.good("run --suite quiet --out free");
        let text = fs::read_to_string(lab.path().join("free/rows.jsonl")).unwrap();
        let header = text.find('\n').unwrap() + 1;
        let rows = text.len() - header;
        // POSIX counts blocks of 512 bytes, some shells of 1024: in both cases some rows fit, but not all.
        let blocks = (header + rows / 5).div_ceil(512);
        assert!(2 * 512 * blocks < header + rows, "a header of {header} bytes and rows of {rows} leave no room");
        let program = std::env::current_exe().unwrap();
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" run --suite quiet --out full");
        let output = Command::new("sh").args(["-c", &script]).arg(program).current_dir(lab.path()).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{err}");
        assert!(err.contains("File too large") && err.contains("stay valid"), "{err}");
        let written = lab.digests("full");
        assert!(!written.is_empty() && written.len() < 18, "{} rows", written.len());
        lab.good("run --suite quiet --out full");
        let whole = lab.digests("full");
        assert!(whole.len() == 18 && written.iter().all(|(key, digest)| whole[key] == *digest));
    }
}

fn an_unwritable_output_is_not_a_failed_trial() {
    let lab = Lab::new();
    let in_the_way = lab.path().join("a/files/hazard/calm");
    fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
    fs::write(&in_the_way, "").unwrap();
    let (code, _, err) = lab.run("run --suite quiet --out a");
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("cannot write a/files/hazard/calm/end-") && err.contains("the same command resumes"), "{err}");
    assert!(lab.trials("a").iter().all(|row| row["status"] == "reached"), "the disk has failed, not the trials");
    fs::remove_file(&in_the_way).unwrap();
    lab.good("run --suite quiet --out a");
    lab.good("run --suite quiet --out undisturbed");
    assert_eq!(lab.digests("a"), lab.digests("undisturbed"));
    assert!(in_the_way.join("end-calmer.txt").exists());
}

fn a_damaged_header_is_written_again() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out a");
    let path = lab.path().join("a/rows.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("hazard", "h\u{7f}zard", 1)).unwrap();
    let (_, _, err) = lab.run("run --suite quiet --replicates 2 --out a");
    assert!(err.contains("6 trials, 6 done before") && err.contains("rows.jsonl:1: "), "{err}");
    assert_eq!(lab.lines("a").last().unwrap()["kind"], "header");
    lab.good("report a --out r");
    lab.good("run --suite quiet --replicates 2 --out a");
    assert_eq!(lab.lines("a").len(), 8, "the header is written only once");
}

fn an_invalid_row_is_left_out_and_run_again() {
    let lab = Lab::new();
    lab.good("run --suite quiet --replicates 2 --out a");
    let path = lab.path().join("a/rows.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let is_reached = |line: &&str| line.contains("\"status\":\"reached\"");
    let line = text.lines().find(is_reached).unwrap();
    let row: Value = serde_json::from_str(line).unwrap();
    // Row and header without checksums, as another program might write them.
    let without = |line: &str| format!("{}}}", line.rsplit_once(",\"sum\"").unwrap().0);
    let (known, wrong) = (format!("\"work_to_target\":{}", row["work_to_target"]), "\"work_to_target\":-5.0");
    let bad = without(line).replace(&known, wrong);
    assert_ne!(bad, without(line));
    let lines = text.lines().map(|one| if one == line { bad.clone() } else { without(one) } + "\n");
    fs::write(&path, lines.collect::<String>()).unwrap();
    let (_, _, err) = lab.run("run --suite quiet --replicates 2 --out a");
    let told = "inconsistent trial: work_to_target is -5.0: it must be from 0 to 1e30";
    assert!(err.contains(told) && err.contains("6 trials, 5 done before"), "{err}");
}
