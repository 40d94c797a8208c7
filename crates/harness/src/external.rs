//! Domains in any language: a program that says what it is and answers trials, a line of JSON at a time.
//! docs/EXTERNAL.md is the reference of the protocol.

mod description;
mod program;

use std::path::{Path, PathBuf};

use rand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::digest;
use crate::domain::Result;
use crate::entry::{Bench, Bill, Entry, Erased, Outcome, deterministic, settle};
use crate::error::Error;
use crate::info::DomainInfo;
use crate::knob::Panel;
use crate::record::Row;
use crate::run::{Finished, Goal, Run};
use crate::seed::Seeds;
use crate::trial::{OwnData, Purpose, Trial};

use description::Description;
use program::{Program, Reply};

/// The file that names a program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The program and its arguments; run in the folder of the file.
    command: Vec<String>,
}

const CURE: &str = "a file for --external or `check` is TOML with one key, as in command = [\"python3\", \"mine.py\"] \
                    (docs/EXTERNAL.md)";

/// A domain that another program is.
struct External {
    info: DomainInfo,
    command: Vec<String>,
    folder: PathBuf,
    /// The file that named it.
    file: PathBuf,
}

/// Asks the program that a file names what it is.
pub(crate) fn load(path: &Path) -> std::result::Result<Entry, Error> {
    let bad = |message: String| Error::BadFile { path: path.to_owned(), message };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let text = String::from_utf8(bytes).map_err(|_| bad(format!("it is no text; {CURE}")))?;
    let File { command } = toml::from_str(&text).map_err(|error| {
        let error = error.to_string();
        bad(format!("it does not say which program to run: {}; {CURE}", error.trim_end()))
    })?;
    if command.is_empty() {
        return Err(bad("command is empty: name a program and its arguments, as in [\"python3\", \"mine.py\"]".into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(Error::io("find", folder))?;
    let described = Program::start(&command, &folder, &json!({"headstart": 1, "ask": "describe"}))
        .and_then(|mut program| program.description())
        .map_err(|error| bad(format!("{command:?} does not describe itself: {error}")))?;
    let info = Description::parse(described).map_err(|error| bad(format!("{command:?}: {error}")))?;
    // Entries live as long as the program; there are as many as files that were named.
    let file = path.canonicalize().map_err(Error::io("find", path))?;
    Ok(Entry(Box::leak(Box::new(External { info, command, folder, file }))))
}

impl External {
    fn seeds(trial: &Trial) -> (Seeds, u64) {
        let judged = Seeds::new(trial.seed, &trial.domain, &trial.problem, trial.replicate);
        let (seeds, instance) = match trial.purpose {
            Purpose::Judged => (judged.clone(), judged.instance()),
            Purpose::Reference(attempt) => (judged.reference(attempt), judged.instance()),
            Purpose::Tuning => (judged.tuning(), judged.tuning().instance()),
        };
        (seeds, number(instance))
    }

    fn start(&self, trial: &Trial) -> Result<Program> {
        let (seeds, instance) = Self::seeds(trial);
        let request = json!({
            "headstart": 1,
            "ask": "trial",
            "problem": trial.problem,
            "start": trial.start,
            "replicate": trial.replicate,
            "budget": trial.budget,
            "seeds": {
                "instance": instance,
                "shared": number(seeds.shared("")),
                "start": number(seeds.start(&trial.start)),
                "solver": number(seeds.solver()),
            },
        });
        Program::start(&self.command, &self.folder, &request)
    }

    fn goal(&self, trial: &Trial, known: Option<f64>, instance: digest::Digest, bench: &mut Bench) -> Result<Goal> {
        let problem = self.info.problem(&trial.problem).ok_or_else(|| format!("no problem `{}`", trial.problem))?;
        let target = match (problem.within, trial.purpose) {
            (_, Purpose::Reference(_)) | (Some(_), Purpose::Tuning) => None,
            (None, _) => {
                Some(known.ok_or("the instance has no target, and its problem no `within`: give one of both")?)
            }
            (Some(within), Purpose::Judged) => {
                let best = bench.reference(trial, instance)?.value;
                let sign = self.info.direction.cost(1.0);
                Some(best + sign * within)
            }
        };
        Ok(Goal {
            budget: trial.budget,
            target,
            direction: self.info.direction,
            stop_at_target: problem.stop_at_target,
            trace_points: trial.trace_points,
            keeps_files: false,
        })
    }

    fn attempt(
        &self,
        trial: &Trial,
        bench: &mut Bench,
        row: &mut Row,
        made: &mut dyn FnMut(Bill),
    ) -> Result<(Finished, bool)> {
        let mut program = self.start(trial)?;
        let (instance, target) = program.instance()?;
        row.instance = digest::of_value(&instance)?;
        let goal = self.goal(trial, target, row.instance, bench)?;
        row.target = goal.target;
        let began = std::time::Instant::now();
        let (charge, state) = program.made()?;
        if !(charge.is_finite() && charge >= 0.0) {
            return Err(format!("the start charges {charge} units of work: it must be finite and not negative").into());
        }
        (row.start_work, row.start_seconds) = (charge, began.elapsed().as_secs_f64());
        made(Bill { start_work: row.start_work, start_seconds: row.start_seconds });
        row.state = digest::of_value(&state)?;
        let mut run = Run::new(Self::seeds(trial).0.solver(), goal, Panel::new(&[], &trial.knobs)?);
        let ended = self.follow(&mut program, &mut run);
        let finished = run.finish();
        let late = *ended.as_ref().unwrap_or(&false);
        match ended {
            Err(error) => row.message = error.to_string(),
            Ok(_) => row.message = finished.fault.clone().unwrap_or_default(),
        }
        Ok((finished, late))
    }

    /// Reads what the program reports until it has ended, or until it was told to stop and had its time; tells whether it
    /// had to be ended.
    fn follow(&self, program: &mut Program, run: &mut Run) -> Result<bool> {
        let mut stopped = false;
        loop {
            match program.next()? {
                // What a program sends before it has read that it should stop is not held against it.
                Some(Reply::Observation { .. }) if stopped => {}
                Some(Reply::Observation { work, value }) => {
                    if run.observe(work, || value).is_break() {
                        stopped = true;
                        program.stop();
                    }
                }
                Some(Reply::Metric { metric, value }) => {
                    if self.info.direction_of(&metric).is_none() {
                        return Err(format!("the metric `{metric}` is not among those described").into());
                    }
                    run.metric(&metric, value);
                }
                Some(Reply::Remark { remark }) => run.remark(remark),
                Some(Reply::Basin { basin }) => run.basin(&basin),
                Some(Reply::End { end: true }) => return program.farewell(),
                None if stopped => return Ok(program.is_late()),
                None => return Err(program.obituary("it ended without {\"end\": true}").into()),
                Some(other) => return Err(format!("{other:?} after the start was made: observations follow").into()),
            }
        }
    }
}

/// A seed that every language's numbers can hold.
fn number(mut stream: impl Rng) -> u64 {
    stream.next_u64() >> 11
}

impl Erased for External {
    fn info(&self) -> DomainInfo {
        self.info.clone()
    }

    fn run(&self, trial: &Trial, bench: &mut Bench, made: &mut dyn FnMut(Bill)) -> Outcome {
        let (mut row, mut observed_after_break) = (Row::blank(trial), false);
        match self.attempt(trial, bench, &mut row, made) {
            Err(error) => row.message = error.to_string(),
            Ok((finished, late)) => {
                observed_after_break = late;
                settle(&mut row, finished);
            }
        }
        row.digest = deterministic(&row, &[]);
        Outcome { row, observed_after_break, knobs_read: std::collections::BTreeSet::new(), unkept: None }
    }

    fn open(&self, own: &OwnData, _: u64) -> Result<()> {
        Err(format!("{} takes no data of your own (asked to read {})", self.info.name, own.path.display()).into())
    }

    fn arguments(&self) -> Vec<String> {
        vec!["--external".into(), self.file.display().to_string()]
    }

    fn identify(&self, trial: &Trial) -> Result<String> {
        let (instance, _): (Value, _) = self.start(trial)?.instance()?;
        Ok(digest::of_value(&instance)?.to_string())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::conformance;
    use crate::hostile::{memory, mutation};
    use crate::record::Status;

    const DESCRIPTION: &str = r#"{"name":"sh","question":"?","budget":5,"problems":[{"name":"p","about":"one"}],
        "starts":[{"name":"a","about":"first"},{"name":"b","about":"second"}],
        "metrics":[{"name":"m","about":"some","direction":"minimise"}]}"#;

    /// A whole trial.
    const SAID: &str = "{\"instance\":[1,{\"a\":2.5}],\"target\":0}\n{\"made\":9,\"charge\":1}\n{\"work\":1,\"value\":7}\n\
        {\"metric\":\"m\",\"value\":2}\n{\"work\":2,\"value\":3.5}\n{\"remark\":\"a remark\"}\n{\"basin\":\"b\"}\n{\"end\":true}\n";

    /// A program for the shell, which answers a trial with these lines of the shell.
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
            knobs: crate::knob::Settings::default(),
            budget: 5.0,
            trace_points: 50,
            references: None,
            own: None,
            files: None,
        };
        entry.0.run(&trial, &mut Bench::default(), &mut |_| {}).row
    }

    #[test]
    fn a_program_is_a_domain_like_any_other() {
        let dir = tempfile::tempdir().unwrap();
        let entry = program(dir.path(), &good()).unwrap();
        assert_eq!(conformance::findings(entry), Vec::<String>::new());
        let row = row(entry);
        assert_eq!(
            (row.status, row.work_to_target, row.start_work),
            (Status::Reached, Some(2.0), 1.0),
            "{}",
            row.message
        );
        assert_eq!(row.work, 5.0, "the budget ends it");
        assert_eq!(row.metrics.iter().collect::<Vec<_>>(), [("m", 2.0)]);
    }

    #[test]
    fn hostile_programs_become_failed_rows_with_the_reason() {
        let cases = [
            ("echo lorem ipsum".to_owned(), "\"lorem ipsum\" is no line of the protocol"),
            ("printf '{\"instance\":1'".to_owned(), "its last line is cut off"),
            ("exit 0".to_owned(), "it ended before its instance"),
            ("echo '{\"instance\":1}'; exit".to_owned(), "the instance has no target"),
            (format!("{BEGIN}; echo oops >&2; exit 3"), "oops"),
            (format!("{BEGIN}; echo '{{\"work\":1,\"value\":3}}'; exit 3"), "without {\"end\": true} (exit status: 3)"),
            (format!("{BEGIN}; echo '{{\"work\":1,\"value\":3}}'; echo '{{\"end\":true}}'; exit 4"), "exit status: 4"),
            (format!("{BEGIN}; echo '{{\"work\":2,\"value\":3}}'; echo '{{\"work\":1,\"value\":3}}'"), "work"),
            (format!("{BEGIN}; echo '{{\"work\":1,\"value\":NaN}}'"), "is no line of the protocol"),
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
        let endless =
            format!("{BEGIN}; w=0; while :; do w=$((w + 1)); echo \"{{\\\"work\\\":$w,\\\"value\\\":1}}\"; done");
        let entry = program(dir.path(), &endless).unwrap();
        assert_eq!(row(entry).status, Status::Budget);
        let findings = conformance::findings(entry).join("; ");
        assert!(findings.contains("goes on observing after `Break`"), "{findings}");
    }

    /// It writes faster than it is read: there is always another line.
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
        fn whatever_a_program_says_is_a_row_or_a_reason(mutations in mutation::mutations(), say in 0..3_usize) {
            let dir = tempfile::tempdir_in(memory::folder()).unwrap();
            let said = mutation::mutated(SAID.as_bytes(), &mutations);
            std::fs::write(dir.path().join("said"), &said).unwrap();
            let row = row(program(dir.path(), "cat said").unwrap());
            prop_assert_eq!(row.message.is_empty(), row.status.is_sound(), "{}", row.message);
            prop_assert!(row.value.is_none_or(f64::is_finite) && row.start_work.is_finite() && row.start_work >= 0.0);
            // The same of what it says of itself.
            let described = [said, mutation::mutated(DESCRIPTION.as_bytes(), &mutations), b"\"".to_vec()];
            std::fs::write(dir.path().join("said"), &described[say]).unwrap();
            let file = dir.path().join("mine.toml");
            std::fs::write(&file, "command = ['cat', 'said']").unwrap();
            if let Err(error) = load(&file) {
                prop_assert!(error.to_string().contains("mine.toml: "), "{}", error);
            }
        }

        #[test]
        fn a_damaged_file_names_a_program_or_is_refused_by_name(mutations in mutation::mutations()) {
            let dir = tempfile::tempdir_in(memory::folder()).unwrap();
            let file = dir.path().join("mine.toml");
            std::fs::write(&file, mutation::mutated(b"command = ['/no/such/program', 'a']\n", &mutations)).unwrap();
            let error = load(&file).err().unwrap().to_string();
            prop_assert!(error.contains("mine.toml"), "{}", error);
        }
    }

    #[test]
    fn bad_files_are_refused_in_words() {
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
                error.contains("x.toml: it does not say which program to run") && error.contains("mine.py"),
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
            assert!(error.contains(&format!("`{to}`: a name is lower-case letters")), "{error}");
        }
    }
}
