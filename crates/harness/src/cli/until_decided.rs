//! `headstart run --until-decided`: adds replicates while they may still decide a claim.

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

/// Minimum number of replicates, of all open problems together, that are run before claims are judged again. It is constant,
/// because the number of replicates must not depend on the number of workers.
const AT_ONCE: usize = 4;

/// The replicates of a problem that have not been run.
struct Left {
    domain: String,
    problem: String,
    groups: VecDeque<Vec<Trial>>,
    /// Stored best-known values, if its targets need them.
    references: Option<References>,
    /// The starts that open claims compare; all if `None`, as at first.
    starts: Option<BTreeSet<String>>,
}

/// Runs the plan, which has the maximum number of replicates, until all claims are decided.
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
            "--until-decided: no claim compares two starts on these problems; choose others, or run without this option".into(),
        ));
    }
    if !settings.quiet {
        remark(&format!(
            "{} problems with claims ({} others left out), {} workers, rows in {}",
            left.len(),
            all - left.len(),
            session.workers(),
            out.display()
        ));
    }
    // With fewer replicates no claim can be decided, for any outcome.
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
            remark(&format!("{most} replicates: {waiting} claims are open, {} of {was} problems continue", left.len()));
        }
        if left.is_empty() {
            break;
        }
        replicates = AT_ONCE.div_ceil(left.len());
    }
    session.end()
}

impl Left {
    /// Takes the next replicates. The problem ends before the first replicate without a stored target.
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
                            "note: {} {} ends after {} replicates, since no more reference values are stored; `headstart \
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

/// Splits a plan by problem. Each of its groups is a replicate, and they are in order.
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

/// Returns the smallest number of replicates with which a claim of the domain can be decided. At first, each of its claims is
/// tested at this level or a lower one.
fn fewest(info: &DomainInfo) -> Option<usize> {
    let claims = info.claims.iter().filter(|claim| claim.kind.pair().is_some()).count();
    fewest_pairs(ALPHA / (2 * claims) as f64)
}

/// Returns the starts that open claims compare, by domain and problem, and the number of open claims.
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

/// Copies the part of a row that verdicts need.
fn slim(row: &Row) -> Row {
    Row { trace: Vec::new(), figures: Vec::new(), ..row.clone() }
}
