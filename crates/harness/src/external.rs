//! Domains in any language: a program describes itself and runs trials, with messages in lines of JSON.
//! docs/EXTERNAL.md specifies the protocol.

mod description;
mod program;

use std::path::{Path, PathBuf};

use rand::Rng;
use serde::Deserialize;
use serde_json::{Value, json};

use headstart_domain::Quantity;
use headstart_domain::digest;
use headstart_domain::entry::{Bill, Entry, Erased, Outcome, deterministic, settle};
use headstart_domain::error::Error;
use headstart_domain::error::Result;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::KnobReader;
use headstart_domain::names::Name;
use headstart_domain::run::{Finished, Goal, Run};
use headstart_domain::seed::Seeds;
use headstart_domain::trial::{OwnData, Purpose, Trial};
use headstart_domain::workspace::Workspace;
use headstart_rows::Row;

use description::Description;
use program::{Program, Reply};

/// The file that names a program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The program and its arguments. It runs in the folder of the file.
    command: Vec<String>,
}

const CURE: &str = "a file for --external or `check` must be TOML with one key, as in command = [\"python3\", \"mine.py\"] \
                    (docs/EXTERNAL.md)";

/// A domain that another program implements.
struct External {
    info: DomainInfo,
    command: Vec<String>,
    folder: PathBuf,
    /// The file that names the program.
    file: PathBuf,
}

/// Asks the program that a file names for its description.
pub(crate) fn load(path: &Path) -> std::result::Result<Entry, Error> {
    let bad = |message: String| Error::BadFile { path: path.to_owned(), message };
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let text = String::from_utf8(bytes).map_err(|_| bad(format!("the file is not UTF-8 text; {CURE}")))?;
    let File { command } = toml::from_str(&text).map_err(|error| {
        let error = error.to_string();
        bad(format!("the file does not name a program to run: {}; {CURE}", error.trim_end()))
    })?;
    if command.is_empty() {
        return Err(bad("command is empty: name a program and its arguments, as in [\"python3\", \"mine.py\"]".into()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(Error::io("find", folder))?;
    let described = Program::start(&command, &folder, &json!({"headstart": 1, "ask": "describe"}))
        .and_then(|mut program| program.description())
        .map_err(|error| bad(format!("{command:?} did not describe itself: {error}")))?;
    let info = Description::parse(described).map_err(|error| bad(format!("{command:?}: {error}")))?;
    // Entries live until this program ends. One is leaked for each file on the command line.
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

    fn goal(
        &self,
        trial: &Trial,
        known: Option<f64>,
        instance: digest::Digest,
        workspace: &mut Workspace,
    ) -> Result<Goal> {
        let problem = self.info.problem(&trial.problem).ok_or_else(|| format!("no problem `{}`", trial.problem))?;
        let target = match (problem.within, trial.purpose) {
            (_, Purpose::Reference(_)) | (Some(_), Purpose::Tuning) => None,
            (None, _) => {
                Some(known.ok_or("the instance has no target and its problem has no `within`: give one of them")?)
            }
            (Some(within), Purpose::Judged) => {
                let best = workspace.reference(trial, instance)?.value;
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
        workspace: &mut Workspace,
        row: &mut Row,
        made: &mut dyn FnMut(Bill),
    ) -> Result<(Finished, bool)> {
        let mut program = self.start(trial)?;
        let (instance, target) = program.instance()?;
        row.instance = digest::of_value(&instance)?;
        let goal = self.goal(trial, target, row.instance, workspace)?;
        row.target = goal.target;
        let began = std::time::Instant::now();
        let (charge, state) = program.made()?;
        if !(charge.is_finite() && charge >= 0.0) {
            return Err(format!(
                "the start charges {charge} units of work: the charge must be finite and not negative"
            )
            .into());
        }
        (row.start_work, row.start_seconds) = (charge, began.elapsed().as_secs_f64());
        made(Bill { start_work: row.start_work, start_seconds: row.start_seconds });
        row.state = digest::of_value(&state)?;
        let mut run = Run::new(Self::seeds(trial).0.solver(), goal, KnobReader::new(&[], &trial.knobs)?);
        let ended = self.follow(&mut program, &mut run);
        let finished = run.finish();
        let late = *ended.as_ref().unwrap_or(&false);
        match ended {
            Err(error) => row.message = error.to_string(),
            Ok(_) => row.message = finished.fault.clone().unwrap_or_default(),
        }
        Ok((finished, late))
    }

    /// Reads the program's messages until it ends, or until its time is up after it was told to stop. Returns whether it
    /// was late and had to be killed.
    fn follow(&self, program: &mut Program, run: &mut Run) -> Result<bool> {
        let mut stopped = false;
        loop {
            match program.next()? {
                // The program may send observations before it reads the request to stop. They are ignored.
                Some(Reply::Observation { .. }) if stopped => {}
                Some(Reply::Observation { work, value }) => {
                    if run.observe(work, || value).is_break() {
                        stopped = true;
                        program.stop();
                    }
                }
                Some(Reply::Metric { metric, value }) => {
                    if self.info.direction_of(&Quantity::from(Name::Owned(metric.clone()))).is_none() {
                        return Err(format!("the metric `{metric}` is not among those of its description").into());
                    }
                    run.metric(&metric, value);
                }
                Some(Reply::Remark { remark }) => run.remark(remark),
                Some(Reply::Basin { basin }) => run.basin(&basin),
                Some(Reply::End { end: true }) => return program.farewell(),
                None if stopped => return Ok(program.is_late()),
                None => return Err(program.obituary("it ended without {\"end\": true}").into()),
                Some(other) => {
                    return Err(format!("unexpected {other:?} after the start was made; expected observations").into());
                }
            }
        }
    }
}

/// A seed of 53 bits, which the numbers of every language can hold.
fn number(mut stream: impl Rng) -> u64 {
    stream.next_u64() >> 11
}

impl Erased for External {
    fn info(&self) -> DomainInfo {
        self.info.clone()
    }

    fn run(&self, trial: &Trial, workspace: &mut Workspace, made: &mut dyn FnMut(Bill)) -> Outcome {
        let (mut row, mut observed_after_break) = (Row::blank(trial), false);
        match self.attempt(trial, workspace, &mut row, made) {
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
        Err(format!("{} does not support own data (asked to read {})", self.info.name, own.path.display()).into())
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
mod tests;
