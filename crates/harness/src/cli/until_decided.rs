//! `headstart run --until-decided`: replicates are added where they may still decide a claim.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use super::remark;
use super::session::{RunSettings, Session};
use crate::plan::Plan;
use crate::reference;
use headstart_domain::entry::Entry;
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::reference::References;
use headstart_domain::trial::Trial;
use headstart_report::compare::{self, ALPHA};
use headstart_rows::{Header, Row};
use headstart_stats::fewest_pairs;

/// Replicates of a problem that are run at once, at least, where few problems are left. A constant: the number of
/// replicates must not depend on the number of workers.
const AT_ONCE: usize = 4;

/// The replicates of a problem that have not been run.
struct Left {
    domain: String,
    problem: String,
    groups: VecDeque<Vec<Trial>>,
    /// Where its targets are stored, if they are.
    references: Option<References>,
    /// The starts that open claims are about; all at first.
    starts: Option<BTreeSet<String>>,
}

/// Runs the plan, which holds the most replicates there may be, as far as claims need it.
pub(super) fn run(plan: Plan, settings: RunSettings, out: &Path, earlier: &[PathBuf]) -> Result<(), Error> {
    let infos: BTreeMap<String, DomainInfo> =
        settings.entries.iter().map(|entry| entry.0.info()).map(|info| (info.name.clone(), info)).collect();
    let knobs = plan.knobs.clone();
    let mut session = Session::open(settings, out, earlier, |header| Header { knobs, until_decided: true, ..header })?;
    let planned: BTreeSet<_> = plan.trials().map(|trial| trial.key).collect();
    let mut rows: Vec<Row> = session.standing().filter(|row| planned.contains(&row.key)).map(slim).collect();
    let mut left = by_problem(plan)?;
    let all = left.len();
    left.retain(|left| is_claimed(infos.get(&left.domain), &left.problem));
    if left.is_empty() {
        return Err(Error::Usage(
            "--until-decided: no claim compares two starts on these problems; give others, or run without it".into(),
        ));
    }
    if !settings.quiet {
        remark(&format!(
            "{} problems that claims are about ({} more are left out), {} workers, rows in {}",
            left.len(),
            all - left.len(),
            session.workers(),
            out.display()
        ));
    }
    // So many replicates nothing can be decided with, however it goes.
    let domains = left.iter().filter_map(|left| infos.get(&left.domain));
    let mut replicates = domains.filter_map(fewest).min().unwrap_or(1);
    loop {
        let mut groups = Vec::new();
        for left in &mut left {
            let entry = settings.entries.iter().find(|entry| entry.0.info().name == left.domain);
            let entry = entry.ok_or_else(|| Error::Usage(format!("no domain `{}`", left.domain)))?;
            groups.extend(left.take(replicates, *entry, settings.quiet)?);
        }
        session.run(Plan { groups, knobs: Vec::new() }, |row| rows.push(slim(row)))?;
        left.retain(|left| !left.groups.is_empty());
        let (mut open, waiting) = open(&infos, &rows);
        let was = left.len();
        left.retain_mut(|left| {
            left.starts = open.remove(&(left.domain.clone(), left.problem.clone()));
            left.starts.is_some()
        });
        if !settings.quiet {
            let most = rows.iter().map(|row| row.replicate + 1).max().unwrap_or(0);
            remark(&format!("{most} replicates: {waiting} claims are open, {} of {was} problems go on", left.len()));
        }
        if left.is_empty() {
            break;
        }
        replicates = AT_ONCE.div_ceil(left.len());
    }
    session.end()
}

impl Left {
    /// The next replicates; where a target is missing, the problem ends before it.
    fn take(&mut self, replicates: usize, entry: Entry, quiet: bool) -> Result<Vec<Vec<Trial>>, Error> {
        let mut taken = Vec::new();
        while taken.len() < replicates
            && let Some(group) = self.groups.pop_front()
        {
            if let (Some(references), Some(trial)) = (&self.references, group.first()) {
                let instance = entry.0.identify(trial).map_err(Error::Domain)?;
                if !references.instance.contains_key(&instance) {
                    self.groups.clear();
                    if !quiet {
                        remark(&format!(
                            "note: {} {} ends with {} replicates, for which there are reference values; `headstart \
                             reference {}` computes more",
                            self.domain, self.problem, trial.replicate, self.domain
                        ));
                    }
                    break;
                }
            }
            let is_asked_for = |trial: &Trial| self.starts.as_ref().is_none_or(|starts| starts.contains(&trial.start));
            taken.push(group.into_iter().filter(is_asked_for).collect());
        }
        Ok(taken)
    }
}

/// Every group of a plan is a replicate, and they come in order.
fn by_problem(plan: Plan) -> Result<Vec<Left>, Error> {
    let mut problems: Vec<Left> = Vec::new();
    for group in plan.groups {
        let Some(first) = group.first() else { continue };
        let known = problems.iter_mut().find(|left| left.domain == first.domain && left.problem == first.problem);
        match known {
            Some(left) => left.groups.push_back(group),
            None => problems.push(Left {
                domain: first.domain.clone(),
                problem: first.problem.clone(),
                starts: None,
                references: first.references.as_deref().map(reference::read).transpose()?,
                groups: VecDeque::from([group]),
            }),
        }
    }
    Ok(problems)
}

fn is_claimed(info: Option<&DomainInfo>, problem: &String) -> bool {
    let mut claims = info.iter().flat_map(|info| &info.claims);
    claims.any(|claim| claim.kind.pair().is_some() && claim.problems.contains(problem))
}

/// Replicates before which no claim of a domain can be decided: all of its claims are tested at this level or a lower
/// one at first.
fn fewest(info: &DomainInfo) -> Option<usize> {
    let claims = info.claims.iter().filter(|claim| claim.kind.pair().is_some()).count();
    fewest_pairs(ALPHA / (2 * claims) as f64)
}

/// By domain and problem the starts that open claims are about, and how many claims those are.
fn open(infos: &BTreeMap<String, DomainInfo>, rows: &[Row]) -> (BTreeMap<(String, String), BTreeSet<String>>, usize) {
    let mut by_domain: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for row in rows {
        by_domain.entry(&row.domain).or_default().push(row.clone());
    }
    let (mut all, mut waiting) = (BTreeMap::new(), 0);
    for (domain, rows) in by_domain {
        let Some(info) = infos.get(domain) else { continue };
        let open = compare::open(info, rows);
        all.extend(open.starts.into_iter().map(|(problem, starts)| ((domain.to_owned(), problem), starts)));
        waiting += open.claims;
    }
    (all, waiting)
}

/// What verdicts need of a row.
fn slim(row: &Row) -> Row {
    Row { trace: Vec::new(), figures: Vec::new(), ..row.clone() }
}
