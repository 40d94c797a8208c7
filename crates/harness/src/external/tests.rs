//! Shell scripts as external programs, correct and hostile.

use proptest::prelude::*;

use super::*;
use crate::mutation_tests::{memory, mutation};
use headstart_domain::conformance;
use headstart_rows::Status;

const DESCRIPTION: &str = r#"{"name":"sh","question":"?","budget":5,"problems":[{"name":"p","about":"one"}],
    "starts":[{"name":"a","about":"first"},{"name":"b","about":"second"}],
    "metrics":[{"name":"m","about":"some","direction":"minimise"}]}"#;

/// All messages of one trial.
const SAID: &str = "{\"instance\":[1,{\"a\":2.5}],\"target\":0}\n{\"made\":9,\"charge\":1}\n{\"work\":1,\"value\":7}\n\
    {\"metric\":\"m\",\"value\":2}\n{\"work\":2,\"value\":3.5}\n{\"remark\":\"a remark\"}\n{\"basin\":\"b\"}\n{\"end\":true}\n";

/// A shell script that answers a trial with these shell commands.
fn program(dir: &Path, trial: &str) -> std::result::Result<Entry, Error> {
    let description = DESCRIPTION.replace('\n', " ");
    let script = format!(
        "read line\ncase \"$line\" in *describe*) echo '{description}'; exit;; esac\n\
         case \"$line\" in *'\"start\":\"a\"'*) x=9;; *) x=4;; esac\n{trial}\n"
    );
    std::fs::write(dir.join("mine.sh"), script).unwrap();
    let file = dir.join("mine.toml");
    std::fs::write(&file, "command = ['sh', 'mine.sh']").unwrap();
    load(&file)
}

const BEGIN: &str = r#"echo '{"instance":1,"target":0}'; echo "{\"made\":$x,\"charge\":1}""#;

fn good() -> String {
    format!(
        "{BEGIN}\nfor w in 1 2 3 4 5 6 7; do x=$((x > 0 ? x - 2 : 0)); echo \"{{\\\"work\\\":$w,\\\"value\\\":$x}}\"; done\n\
         echo '{{\"metric\":\"m\",\"value\":2}}'; echo '{{\"end\":true}}'"
    )
}

fn row(entry: Entry) -> Row {
    let digest = digest::Digest::default();
    let trial = Trial {
        key: digest,
        experiment: digest,
        domain: "sh".into(),
        problem: "p".into(),
        start: "b".into(),
        replicate: 0,
        seed: 1,
        purpose: Purpose::Judged,
        knobs: headstart_domain::knob::Settings::default(),
        budget: 5.0,
        trace_points: 50,
        references: None,
        own: None,
        files: None,
    };
    entry.0.run(&trial, &mut Workspace::default(), &mut |_| {}).row
}

#[test]
fn a_program_is_a_domain_like_any_other() {
    let dir = tempfile::tempdir().unwrap();
    let entry = program(dir.path(), &good()).unwrap();
    assert_eq!(conformance::findings(entry), Vec::<String>::new());
    let row = row(entry);
    assert_eq!((row.status, row.work_to_target, row.start_work), (Status::Reached, Some(2.0), 1.0), "{}", row.message);
    assert_eq!(row.work, 5.0, "the budget ends it");
    assert_eq!(row.metrics.iter().collect::<Vec<_>>(), [("m", 2.0)]);
}

#[test]
fn hostile_programs_become_failed_rows_with_the_reason() {
    let cases = [
        ("echo lorem ipsum".to_owned(), "\"lorem ipsum\" is not a line of the protocol"),
        ("printf '{\"instance\":1'".to_owned(), "its last line is cut off"),
        ("exit 0".to_owned(), "it ended before its instance"),
        ("echo '{\"instance\":1}'; exit".to_owned(), "the instance has no target"),
        (format!("{BEGIN}; echo oops >&2; exit 3"), "oops"),
        (format!("{BEGIN}; echo '{{\"work\":1,\"value\":3}}'; exit 3"), "without {\"end\": true} (exit status: 3)"),
        (format!("{BEGIN}; echo '{{\"work\":1,\"value\":3}}'; echo '{{\"end\":true}}'; exit 4"), "exit status: 4"),
        (format!("{BEGIN}; echo '{{\"work\":2,\"value\":3}}'; echo '{{\"work\":1,\"value\":3}}'"), "work"),
        (format!("{BEGIN}; echo '{{\"work\":1,\"value\":NaN}}'"), "is not a line of the protocol"),
        (format!("{BEGIN}; echo '{{\"metric\":\"q\",\"value\":1}}'"), "the metric `q` is not among"),
        (format!("{BEGIN}; echo '{{\"end\":true}}'"), "without an observation"),
        (BEGIN.replace("\\\"charge\\\":1", "\\\"charge\\\":-1"), "charges -1"),
    ];
    for (trial, reason) in cases {
        let dir = tempfile::tempdir().unwrap();
        let row = row(program(dir.path(), &trial).unwrap());
        assert_eq!(row.status, Status::Failed, "{trial}: {}", row.message);
        assert!(row.message.contains(reason), "{trial}: {}", row.message);
    }
}

#[test]
fn a_program_that_goes_on_is_ended_and_breaks_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let endless = format!("{BEGIN}; w=0; while :; do w=$((w + 1)); echo \"{{\\\"work\\\":$w,\\\"value\\\":1}}\"; done");
    let entry = program(dir.path(), &endless).unwrap();
    assert_eq!(row(entry).status, Status::Budget);
    let findings = conformance::findings(entry).join("; ");
    assert!(findings.contains("goes on observing after `Break`"), "{findings}");
}

/// The program writes faster than it is read, so there is always another line.
#[test]
fn a_program_that_floods_is_ended() {
    let flood = "exec yes '{\"metric\":\"m\",\"value\":1}'";
    for (last, status) in [
        ("echo '{\"work\":5,\"value\":3}'", Status::Budget),
        ("echo '{\"work\":1,\"value\":3}'; echo '{\"end\":true}'", Status::Converged),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let row = row(program(dir.path(), &format!("{BEGIN}; {last}; {flood}")).unwrap());
        assert_eq!(row.status, status, "{last}: {}", row.message);
    }
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_output_of_a_program_becomes_a_row_or_an_error(mutations in mutation::mutations(), say in 0..3_usize) {
        let dir = tempfile::tempdir_in(memory::folder()).unwrap();
        let said = mutation::mutated(SAID.as_bytes(), &mutations);
        std::fs::write(dir.path().join("said"), &said).unwrap();
        let row = row(program(dir.path(), "cat said").unwrap());
        prop_assert_eq!(row.message.is_empty(), row.status.is_sound(), "{}", row.message);
        prop_assert!(row.value.is_none_or(f64::is_finite) && row.start_work.is_finite() && row.start_work >= 0.0);
        // The same for its description.
        let described = [said, mutation::mutated(DESCRIPTION.as_bytes(), &mutations), b"\"".to_vec()];
        std::fs::write(dir.path().join("said"), &described[say]).unwrap();
        let file = dir.path().join("mine.toml");
        std::fs::write(&file, "command = ['cat', 'said']").unwrap();
        if let Err(error) = load(&file) {
            prop_assert!(error.to_string().contains("mine.toml: "), "{}", error);
        }
    }

    #[test]
    fn a_damaged_file_is_named_in_the_error(mutations in mutation::mutations()) {
        let dir = tempfile::tempdir_in(memory::folder()).unwrap();
        let file = dir.path().join("mine.toml");
        std::fs::write(&file, mutation::mutated(b"command = ['/no/such/program', 'a']\n", &mutations)).unwrap();
        let error = load(&file).err().unwrap().to_string();
        prop_assert!(error.contains("mine.toml"), "{}", error);
    }
}

#[test]
fn bad_files_are_refused_with_a_message() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.toml");
    let refusal = |text: &str| {
        std::fs::write(&file, text).unwrap();
        load(&file).err().unwrap().to_string()
    };
    assert!(refusal("command = []").contains("command is empty"));
    assert!(refusal("comand = ['a']").contains("unknown field `comand`"));
    for text in ["import sys\nprint(1)\n", "{\"command\": [\"a\"]}", "", "command = 'a'"] {
        let error = refusal(text);
        assert!(
            error.contains("x.toml: the file does not name a program to run") && error.contains("mine.py"),
            "{error}"
        );
    }
    std::fs::write(&file, b"\x7fELF\xff\xfe").unwrap();
    let error = load(&file).err().unwrap().to_string();
    assert!(error.contains("x.toml") && error.contains("mine.py"), "{error}");
    assert!(refusal("command = ['/no/such/program']").contains("cannot run \"/no/such/program\""));
    assert!(refusal("command = ['true']").contains("ended without an answer"));
    assert!(refusal("command = ['echo', '{\"name\":\"x\",\"budgets\":1}']").contains("unknown field `budgets`"));
    for (from, to) in [("sh", "../sh"), ("p", "<b>"), ("a", "A start")] {
        let [from, named] = [from, to].map(|name| format!("\"name\":\"{name}\""));
        let description = DESCRIPTION.replace('\n', " ").replacen(&from, &named, 1);
        let error = refusal(&format!("command = ['echo', '{description}']"));
        assert!(error.contains(&format!("`{to}`: a name may have only lower-case letters")), "{error}");
    }
}
