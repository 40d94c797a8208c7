//! Type erasure: a domain as a value, without its type parameters.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::digest::{self, Digest};
use crate::direction::Direction;
use crate::domain::{Domain, Problem, Start, Target};
use crate::error::Result;
use crate::info::DomainInfo;
use crate::knob::KnobReader;
use crate::metrics::Metrics;
use crate::row::{Row, Status};
use crate::run::{Finished, Goal, Run};
use crate::seed::Seeds;
use crate::setup::{Setup, Shared};
use crate::trial::{OwnData, Purpose, Trial};
use crate::workspace::{Drawn, Workspace};

/// A domain as a value, for the list passed to `headstart_harness::main`.
#[derive(Clone, Copy)]
pub struct Entry(pub &'static dyn Erased);

impl Entry {
    /// Returns the entry of a domain.
    pub const fn of<D: Domain>() -> Self {
        Self(&Of::<D>(PhantomData))
    }
}

/// A domain without its types of instance and state: the interface for programs that run trials.
pub trait Erased: Sync {
    /// Returns the domain's names and texts.
    fn info(&self) -> DomainInfo;

    /// Runs one trial. Errors inside it are recorded in the row. `made` is called with the charge as soon as the start
    /// is made, so that a trial that dies later is still charged.
    fn run(&self, trial: &Trial, workspace: &mut Workspace, made: &mut dyn FnMut(Bill)) -> Outcome;

    /// Checks that a user's own file can be read.
    fn open(&self, own: &OwnData, seed: u64) -> Result<()>;

    /// Returns the digest of this trial's instance.
    fn identify(&self, trial: &Trial) -> Result<String>;

    /// Returns the command-line arguments that a worker process needs to have this domain.
    fn arguments(&self) -> Vec<String> {
        Vec::new()
    }
}

/// The cost of making a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// Work charged by the start.
    pub start_work: f64,
    /// Seconds spent on making the start.
    pub start_seconds: f64,
}

/// A row, with details for the conformance check.
pub struct Outcome {
    /// The row.
    pub row: Row,
    /// Whether the solver went on observing after `Break`.
    pub observed_after_break: bool,
    /// The hyperparameters that the start and the solver read.
    pub knobs_read: BTreeSet<String>,
    /// Set if an output file could not be written. This is not an error of the start, so the trial is not recorded.
    pub unkept: Option<String>,
}

struct Of<D>(PhantomData<fn() -> D>);

impl<D: Domain> Of<D> {
    fn problem(trial: &Trial) -> Result<Option<&'static Problem<D>>> {
        if trial.own.is_some() {
            return Ok(None);
        }
        let found = D::PROBLEMS.iter().find(|problem| problem.info.name == trial.problem);
        found.map(Some).ok_or_else(|| format!("no problem `{}` in {}", trial.problem, D::ABOUT.name).into())
    }

    fn start(trial: &Trial) -> Result<&'static Start<D>> {
        let found = D::STARTS.iter().find(|start| start.info.name == trial.start);
        found.ok_or_else(|| format!("no start `{}` in {}", trial.start, D::ABOUT.name).into())
    }

    /// Returns the instance of this replicate, drawn once for all its starts.
    fn drawn<'a>(trial: &Trial, workspace: &'a mut Workspace) -> Result<&'a mut Drawn> {
        let own = trial.own.as_ref().map(|own| own.digest.clone());
        let name = (trial.domain.clone(), trial.problem.clone(), trial.replicate, trial.seed, own, trial.purpose);
        if workspace.drawn.as_ref().is_none_or(|drawn| drawn.name != name) {
            // Own data are the same in all replicates, and large ones take long to open.
            let is_same = |drawn: &Drawn| {
                let mut other = name.clone();
                other.2 = drawn.name.2;
                trial.own.is_some() && drawn.is_fixed && drawn.name == other
            };
            let kept = workspace.drawn.take().filter(is_same);
            let judged = Seeds::new(trial.seed, &trial.domain, &trial.problem, trial.replicate);
            // Reference runs use the instance of the judged trials; tuning must use others.
            let (seeds, mut stream) = match trial.purpose {
                Purpose::Judged => (judged.clone(), judged.instance()),
                Purpose::Reference(attempt) => (judged.reference(attempt), judged.instance()),
                Purpose::Tuning => (judged.tuning(), judged.tuning().instance()),
            };
            if let Some(own) = &trial.own {
                unchanged(own)?;
            }
            let shared = Shared::default();
            if let Some(kept) = kept {
                workspace.drawn = Some(Drawn { name, seeds, shared, ..kept });
            } else {
                let instance = match (&trial.own, Self::problem(trial)?) {
                    (Some(own), _) => D::open(&own.path, &own.options, &mut stream)?,
                    (None, Some(problem)) => (problem.make)(&mut stream)?,
                    (None, None) => return Err("a trial has either a problem or own data".into()),
                };
                let (digest, is_fixed) = (digest::of_value(&instance)?, !stream.is_used());
                workspace.drawn = Some(Drawn { name, instance: Rc::new(instance), digest, is_fixed, seeds, shared });
            }
        }
        workspace.drawn.as_mut().ok_or_else(|| "the instance is gone".into())
    }

    fn goal(trial: &Trial, instance: &D::Instance, digest: Digest, workspace: &mut Workspace) -> Result<Goal> {
        let problem = Self::problem(trial)?;
        let direction = D::ABOUT.direction;
        let target = match (problem.map(|problem| &problem.target), trial.purpose) {
            (None, _) | (_, Purpose::Reference(_)) | (Some(Target::Reference { .. }), Purpose::Tuning) => None,
            (Some(Target::Known(target)), _) => Some(target(instance)),
            (Some(Target::Reference { within }), Purpose::Judged) => {
                let best = workspace.reference(trial, digest)?.value;
                Some(match direction {
                    Direction::Minimise => best + within,
                    Direction::Maximise => best - within,
                })
            }
        };
        if let Some(target) = target.filter(|target| !target.is_finite()) {
            return Err(format!("the target of this instance is {target}: it must be finite").into());
        }
        Ok(Goal {
            budget: trial.budget,
            target,
            direction,
            stop_at_target: problem.is_some_and(|problem| problem.info.stop_at_target),
            trace_points: trial.trace_points,
            keeps_files: trial.files.is_some(),
        })
    }

    fn attempt(
        trial: &Trial,
        workspace: &mut Workspace,
        row: &mut Row,
        made: &mut dyn FnMut(Bill),
    ) -> Result<Finished> {
        let drawn = Self::drawn(trial, workspace)?;
        row.instance = drawn.digest;
        let instance = Rc::clone(&drawn.instance).downcast::<D::Instance>().map_err(|_| "another domain's instance")?;
        let goal = Self::goal(trial, &instance, row.instance, workspace)?;
        row.target = goal.target;
        let drawn = Self::drawn(trial, workspace)?;

        let knobs = KnobReader::new(D::KNOBS, &trial.knobs)?;
        let mut setup = Setup::new(&drawn.seeds, &trial.start, &mut drawn.shared, knobs);
        let began = Instant::now();
        let state = (Self::start(trial)?.make)(&instance, &mut setup);
        let seconds = began.elapsed().as_secs_f64();
        let (work, seconds_of_others, knobs) = setup.bill();
        if !(work.is_finite() && work >= 0.0) {
            return Err(
                format!("the start charges {work} units of work: the charge must be finite and not negative").into()
            );
        }
        (row.start_work, row.start_seconds) = (work, seconds + seconds_of_others);
        made(Bill { start_work: row.start_work, start_seconds: row.start_seconds });
        let state = state?;
        row.state = digest::of_value(&state)?;

        let mut run = Run::new(drawn.seeds.solver(), goal, knobs);
        let solved = D::solve(&instance, state, &mut run);
        let finished = run.finish();
        match solved {
            Err(error) => row.message = chain(&*error),
            Ok(()) => row.message = finished.fault.clone().unwrap_or_default(),
        }
        Ok(finished)
    }
}

impl<D: Domain> Erased for Of<D> {
    fn info(&self) -> DomainInfo {
        DomainInfo::of::<D>()
    }

    fn run(&self, trial: &Trial, workspace: &mut Workspace, made: &mut dyn FnMut(Bill)) -> Outcome {
        let mut row = Row::blank(trial);
        let (mut observed_after_break, mut timings, mut knobs_read) = (false, Vec::new(), BTreeSet::new());
        let mut unkept = None;
        match Self::attempt(trial, workspace, &mut row, made) {
            Err(error) => row.message = chain(&*error),
            Ok(mut finished) => {
                observed_after_break = finished.observed_after_break;
                timings.clone_from(&finished.timings);
                knobs_read.clone_from(&finished.knobs_read);
                let files = std::mem::take(&mut finished.files);
                settle(&mut row, finished);
                if row.status.is_sound() {
                    unkept = keep_files(&files, trial).err();
                }
            }
        }
        row.digest = deterministic(&row, &timings);
        Outcome { row, observed_after_break, knobs_read, unkept }
    }

    fn open(&self, own: &OwnData, seed: u64) -> Result<()> {
        let mut stream = Seeds::new(seed, D::ABOUT.name, "", 0).instance();
        D::open(&own.path, &own.options, &mut stream).map(|_| ())
    }

    fn identify(&self, trial: &Trial) -> Result<String> {
        Ok(Self::drawn(trial, &mut Workspace::default())?.digest.to_string())
    }
}

impl Row {
    /// Creates a row of a trial that has not run yet, with status `failed`.
    pub fn blank(trial: &Trial) -> Self {
        Self {
            key: trial.key,
            experiment: trial.experiment,
            own: trial.own.is_some(),
            seed: trial.seed,
            domain: trial.domain.as_str().into(),
            problem: trial.problem.as_str().into(),
            start: trial.start.as_str().into(),
            replicate: trial.replicate,
            knobs: trial.knobs.clone(),
            status: Status::Failed,
            message: String::new(),
            budget: trial.budget,
            target: None,
            value: None,
            work: 0.0,
            seconds: 0.0,
            work_to_target: None,
            seconds_to_target: None,
            start_work: 0.0,
            start_seconds: 0.0,
            peak_rss_bytes: 0,
            trace: Vec::new(),
            metrics: Metrics::default(),
            basin: None,
            remarks: Vec::new(),
            figures: Vec::new(),
            instance: Digest::default(),
            state: Digest::default(),
            digest: Digest::default(),
        }
    }
}

/// Refuses a file that changed during the run: two data sets would share one key.
fn unchanged(own: &OwnData) -> Result<()> {
    if digest::of_path(&own.path)?.to_string() == own.digest {
        return Ok(());
    }
    Err(format!("{} has changed since the run began: start a new run", own.path.display()).into())
}

/// Fills a row from the record of a finished run.
pub fn settle(row: &mut Row, finished: Finished) {
    if let Some(last) = finished.last {
        (row.work, row.seconds, row.value) = (last.work, last.seconds, Some(last.value));
    } else if row.message.is_empty() {
        "the solver returned without an observation within the budget".clone_into(&mut row.message);
    }
    row.trace = finished.trace;
    row.metrics = finished.metrics;
    row.metrics.keep_finite();
    row.basin = finished.basin.map(Into::into);
    row.remarks = finished.remarks.into_iter().map(Into::into).collect();
    row.figures = finished.figures;
    row.status = match (row.message.is_empty(), finished.crossing) {
        (false, _) => Status::Failed,
        (true, Some(crossing)) => {
            row.work_to_target = Some(crossing.work);
            row.seconds_to_target = Some(crossing.seconds);
            Status::Reached
        }
        (true, None) if finished.stopped => Status::Budget,
        (true, None) => Status::Converged,
    };
}

fn keep_files(files: &[(String, Vec<u8>)], trial: &Trial) -> std::result::Result<(), String> {
    let Some(folder) = &trial.files else { return Ok(()) };
    for (name, bytes) in files {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
        let path = folder.join(format!("{stem}-{}.{extension}", trial.start));
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, bytes));
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

/// Returns the digest of the deterministic part of a row. It leaves out seconds, metrics that are `timings`, and names,
/// so that replicates without randomness have equal digests.
pub fn deterministic(row: &Row, timings: &[String]) -> Digest {
    #[derive(Serialize)]
    struct Fixed<'a> {
        status: Status,
        message: &'a str,
        target: Option<f64>,
        value: Option<f64>,
        work: (f64, Option<f64>, f64),
        trace: Vec<(f64, f64)>,
        metrics: &'a Metrics,
        basin: Option<&'a str>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        remarks: &'a [std::sync::Arc<str>],
        state: Digest,
    }
    let metrics = row.metrics.without(timings);
    let fixed = Fixed {
        status: row.status,
        message: &row.message,
        target: row.target,
        value: row.value,
        work: (row.work, row.work_to_target, row.start_work),
        trace: row.trace.iter().map(|point| (point.work, point.value)).collect(),
        metrics: &metrics,
        basin: row.basin.as_deref(),
        remarks: &row.remarks,
        state: row.state,
    };
    digest::of_value(&fixed).unwrap_or_default()
}

/// Returns the text of an error and of its causes.
fn chain(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let next_text = next.to_string();
        if !text.contains(&next_text) {
            text = format!("{text}: {next_text}");
        }
        cause = next.source();
    }
    text
}
