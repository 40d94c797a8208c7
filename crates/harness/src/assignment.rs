//! Assigns hyperparameters to the starts of a problem, with notes on their origin: tuned for each start on the same
//! settings, or the same for all starts.

use std::path::Path;

use crate::tuned::{self, Tuned};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Estimand;
use headstart_domain::digest::Digest;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Knob;
use headstart_domain::knob::Settings;
use headstart_domain::names;
use headstart_rows::{Aim, Assignment, Source, TunedProblem};

/// Returns the hyperparameters for a listed problem; `None` if it has none.
///
/// Either all starts are tuned or none: if the file lacks one start of the problem, all use the defaults.
pub(crate) fn listed(
    info: &DomainInfo,
    problem: &ProblemInfo,
    budget: f64,
    home: Option<&Path>,
    given: &[(String, f64)],
) -> Result<Option<Assignment>, Error> {
    let knobs = info.knobs_of(&problem.name);
    if knobs.is_empty() {
        return Ok(None);
    }
    let mut made = defaults(info, &problem.name, &knobs, problem.starts.iter());
    let cure = format!("run `headstart tune {}`", info.name);
    match home.map(|home| Tuned::path(home, &info.name)) {
        None => made.notes.push(format!("no folder benchmarks/tuned was found here or above; {cure}")),
        Some(path) => match Tuned::read(&path)? {
            None => made.notes.push(format!("the file benchmarks/tuned/{}.toml does not exist; {cure}", info.name)),
            Some(tuned) => match tuned.problem.get(&*problem.name) {
                None => made.notes.push(format!("not tuned on this problem; {cure}")),
                Some(entry) => {
                    tuned::check(entry, info, problem)
                        .map_err(|why| Error::BadFile { path, message: format!("{why}; {cure} again") })?;
                    take(&mut made, entry, info, problem, budget, &cure);
                }
            },
        },
    }
    give(&mut made, given, &knobs);
    Ok(Some(made))
}

/// Returns the hyperparameters for a user's own data: the defaults, or the values given on the command line.
pub(crate) fn own(info: &DomainInfo, problem: &str, starts: &[String], given: &[(String, f64)]) -> Option<Assignment> {
    let knobs: Vec<&Knob> = info.knobs.iter().collect();
    if knobs.is_empty() {
        return None;
    }
    let mut made = defaults(info, problem, &knobs, starts.iter());
    made.notes.push("not tuned on own data; --knob NAME=VALUE sets another value".into());
    give(&mut made, given, &knobs);
    Some(made)
}

/// Assigns every hyperparameter its default.
pub(crate) fn defaults<'a>(
    info: &DomainInfo,
    problem: &str,
    knobs: &[&Knob],
    starts: impl Iterator<Item = &'a String>,
) -> Assignment {
    let settings = knobs.iter().fold(Settings::default(), |all, knob| all.with(&knob.name, knob.default));
    Assignment {
        domain: info.name.clone(),
        problem: problem.to_owned(),
        experiment: Digest::default(),
        source: Source::Default,
        notes: Vec::new(),
        starts: starts.map(|start| (start.clone(), settings.clone())).collect(),
        tuning: None,
    }
}

fn take(
    made: &mut Assignment,
    entry: &TunedProblem,
    info: &DomainInfo,
    problem: &ProblemInfo,
    budget: f64,
    cure: &str,
) {
    let missing: Vec<&str> =
        problem.starts.iter().filter(|start| !entry.start.contains_key(*start)).map(String::as_str).collect();
    if !missing.is_empty() {
        let names = missing.join("`, `");
        made.notes.push(format!("not tuned for `{names}`, so all starts use the defaults; {cure}"));
        return;
    }
    for (start, settings) in &mut made.starts {
        settings.clone_from(&entry.start[start].knobs);
    }
    made.source = Source::Tuned;
    if entry.version != info.version {
        let (then, now) = (entry.version, info.version);
        made.notes.push(format!("tuned on version {then} of the domain, but this is version {now}; {cure} again"));
    }
    if entry.budget != budget {
        made.notes.push(format!("tuned with another budget, {}", entry.budget));
    }
    let (then, now) = (words(tuned::aim_of(entry), problem), words(&tuned::aim(info, problem), problem));
    if then != now {
        made.notes.push(format!("picked for {then}, but the current claims require {now}; {cure} again"));
    }
    made.tuning = Some(entry.clone());
}

/// The criterion by which settings are picked, as a phrase.
fn words(aim: &Aim, problem: &ProblemInfo) -> String {
    match (aim, &problem.headline) {
        (Aim::Success, _) | (Aim::Headline, Estimand::Success) => "the most trials at the target".into(),
        (Aim::Rate(metric), _) => format!("the most trials in which {metric} is 1"),
        (Aim::Headline, Estimand::Work { .. }) => "the least median work".into(),
        (Aim::Headline, Estimand::Final(metric) | Estimand::FinalRatio(metric)) => format!("the best median {metric}"),
        (Aim::Headline, Estimand::Rate(metric)) => format!("the highest rate of {metric}"),
    }
}

fn give(made: &mut Assignment, given: &[(String, f64)], knobs: &[&Knob]) {
    // Some of the given values may be for other problems.
    let given: Vec<&(String, f64)> =
        given.iter().filter(|(name, _)| knobs.iter().any(|knob| knob.name == *name)).collect();
    if given.is_empty() {
        return;
    }
    for (name, value) in &given {
        for settings in made.starts.values_mut() {
            *settings = std::mem::take(settings).with(name, *value);
        }
    }
    made.notes.clear();
    if !knobs.iter().all(|knob| given.iter().any(|(name, _)| *name == knob.name)) {
        let others = if made.source == Source::Tuned { "keep their tuned values" } else { "keep their defaults" };
        made.notes.push(format!("all others {others}"));
    }
    let names: Vec<String> = given.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    made.notes.insert(0, format!("set on the command line: {}", names.join(", ")));
    (made.source, made.tuning) = (Source::Given, None);
}

/// Refuses a hyperparameter on the command line that no domain of the run has.
pub(crate) fn check_given<'a>(
    given: &[(String, f64)],
    infos: impl IntoIterator<Item = &'a DomainInfo>,
) -> Result<(), Error> {
    let known: Vec<&str> = infos.into_iter().flat_map(|info| &info.knobs).map(|knob| &*knob.name).collect();
    if let (true, Some((name, _))) = (known.is_empty(), given.first()) {
        return Err(Error::Usage(format!(
            "--knob {name}: no domain of this run has hyperparameters; leave the option out"
        )));
    }
    given.iter().try_for_each(|(name, _)| names::check("hyperparameter", name, "", known.iter().copied()))
}

/// Parses the `NAME=VALUE` of `--knob`.
pub(crate) fn parse_given(text: &str) -> Result<(String, f64), String> {
    let parsed = text.split_once('=').and_then(|(name, value)| Some((name.to_owned(), value.parse::<f64>().ok()?)));
    match parsed {
        Some((name, value)) if value.is_finite() => Ok((name, value)),
        _ => Err("write NAME=VALUE with a finite number, such as rate=0.01".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::entry::Entry;
    use headstart_domain::toy::Geared;

    #[test]
    fn a_problem_notes_only_its_own_hyperparameters() {
        let mut info = Entry::of::<Geared>().0.info();
        let other = Knob { name: "other".into(), problems: vec!["fixed".into()], ..info.knobs[0].clone() };
        info.knobs.push(other);
        let assigned = |problem: &str, given: &[(String, f64)]| {
            listed(&info, info.problem(problem).unwrap(), 200.0, None, given).unwrap().unwrap()
        };
        let given = [("other".to_owned(), 0.9), ("rate".to_owned(), 0.5)];
        let known = assigned("known", &given);
        assert_eq!(
            (known.source, known.notes),
            (Source::Given, vec!["set on the command line: rate = 0.5".to_owned()])
        );
        assert!(known.starts.values().all(|knobs| knobs.get("rate") == Some(0.5) && knobs.get("other").is_none()));
        assert_eq!(assigned("fixed", &given).notes, ["set on the command line: other = 0.9"]);
        assert_eq!(assigned("known", &given[..1]).source, Source::Default);
    }
}
