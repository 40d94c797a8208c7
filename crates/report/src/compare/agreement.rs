//! Agreement of two runs of the same trials, by domain: how many digests differ, and which results change.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::Verdict;
use super::pairs::same_instance;
use headstart_rows::{Header, Row, Rows, Status};

/// Agreement of two runs on one domain, over the trials that both hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Name of the domain.
    pub domain: String,
    /// Number of trials that both runs hold, on the same instance.
    pub trials: usize,
    /// Trials whose digests differ.
    pub digests: usize,
    /// Trials whose statuses differ.
    pub statuses: usize,
    /// Trials that reach their target in only one of the runs.
    pub reached_by_one: usize,
    /// Work to target, old / new, of the trials that reach it in both runs with different digests: minimum, median,
    /// maximum.
    pub work: Option<[f64; 3]>,
    /// Problems with trials that reach their target in only one of the runs, most affected first.
    pub sensitive: Vec<Sensitive>,
    /// Number of claims that at least one run judges on these trials.
    pub claims: usize,
    /// Claims whose verdicts on these trials differ.
    pub verdicts: Vec<OtherVerdict>,
}

/// A problem with trials that reach their target in only one of the runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitive {
    /// Name of the problem.
    pub problem: String,
    /// Number of trials that both runs hold.
    pub trials: usize,
    /// Number of trials that reach their target in only one of the runs.
    pub reached_by_one: usize,
}

/// A claim that the two runs judge differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherVerdict {
    /// Id of the claim.
    pub claim: String,
    /// Verdict in the old run.
    pub old: String,
    /// Verdict in the new run.
    pub new: String,
}

type Key = (String, String, String, u64);

/// Compares two runs by domain. Only the trials that both runs hold, on the same instance and with the same hyperparameters
/// and budget, are counted and judged: the others differ by more than rounding.
pub fn agreements(old: &Rows, new: &Rows) -> Vec<Agreement> {
    let before: HashMap<Key, &Row> = old.rows.iter().map(|row| (key(row), row)).collect();
    let both: Vec<(&Row, &Row)> = new
        .rows
        .iter()
        .filter_map(|row| Some((*before.get(&key(row))?, row)))
        .filter(|(old, new)| same_instance(old, new) && old.knobs == new.knobs && old.budget == new.budget)
        .collect();
    let verdicts = [verdicts(old, both.iter().map(|pair| pair.0)), verdicts(new, both.iter().map(|pair| pair.1))];
    let mut domains: BTreeMap<&str, Vec<(&Row, &Row)>> = BTreeMap::new();
    for pair in &both {
        domains.entry(&pair.1.domain).or_default().push(*pair);
    }
    domains.into_iter().map(|(domain, pairs)| agreement(domain, &pairs, &verdicts)).collect()
}

fn key(row: &Row) -> Key {
    (row.domain.to_string(), row.problem.to_string(), row.start.to_string(), row.replicate)
}

type Verdicts = BTreeMap<(String, String), String>;

/// Verdicts, keyed by domain and claim.
fn verdicts<'a>(of: &Rows, rows: impl Iterator<Item = &'a Row>) -> Verdicts {
    let rows = Rows { headers: of.headers.clone(), rows: rows.cloned().collect(), damaged: Vec::new() };
    let names: Vec<String> = of.headers.iter().flat_map(Header::domains).map(|info| info.name.clone()).collect();
    let compared = super::compare(rows);
    let found = compared.domains.iter().filter(|domain| names.contains(&domain.info.name));
    found
        .flat_map(|domain| {
            let name = &domain.info.name;
            domain
                .claims
                .iter()
                .map(move |judged| ((name.clone(), judged.info.id.to_string()), judged.verdict.to_string()))
        })
        .collect()
}

fn agreement(domain: &str, pairs: &[(&Row, &Row)], [old, new]: &[Verdicts; 2]) -> Agreement {
    let count = |differs: &dyn Fn(&Row, &Row) -> bool| pairs.iter().filter(|(old, new)| differs(old, new)).count();
    let reached = |row: &Row| row.status == Status::Reached;
    let mut ratios: Vec<f64> = pairs
        .iter()
        .filter(|(old, new)| old.digest != new.digest)
        .filter_map(|(old, new)| Some(old.work_to_target? / new.work_to_target?))
        .filter(|ratio| ratio.is_finite())
        .collect();
    ratios.sort_by(f64::total_cmp);
    let middle = headstart_stats::median(&ratios);
    let work = ratios.first().zip(middle).zip(ratios.last()).map(|((least, middle), most)| [*least, middle, *most]);
    let mut problems: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (old, new) in pairs {
        let counts = problems.entry(&new.problem).or_default();
        counts.0 += 1;
        counts.1 += usize::from(reached(old) != reached(new));
    }
    let mut sensitive: Vec<Sensitive> = problems
        .into_iter()
        .filter(|(_, (_, other))| *other > 0)
        .map(|(problem, (trials, reached_by_one))| Sensitive { problem: problem.to_owned(), trials, reached_by_one })
        .collect();
    sensitive.sort_by_key(|one| std::cmp::Reverse(one.reached_by_one));
    let not_judged = Verdict::NotJudged.to_string();
    let of = |verdicts: &Verdicts, key| verdicts.get(key).cloned().unwrap_or_else(|| not_judged.clone());
    let claims: BTreeSet<_> = old.keys().chain(new.keys()).filter(|(name, _)| name == domain).collect();
    let judged: Vec<OtherVerdict> = claims
        .into_iter()
        .map(|key| OtherVerdict { claim: key.1.clone(), old: of(old, key), new: of(new, key) })
        .filter(|both| both.old != not_judged || both.new != not_judged)
        .collect();
    Agreement {
        domain: domain.to_owned(),
        trials: pairs.len(),
        digests: count(&|old, new| old.digest != new.digest),
        statuses: count(&|old, new| old.status != new.status),
        reached_by_one: count(&|old, new| reached(old) != reached(new)),
        work,
        sensitive,
        claims: judged.len(),
        verdicts: judged.into_iter().filter(|both| both.old != both.new).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::toy;
    use headstart_domain::toy::trials;

    fn rows() -> Rows {
        let headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        Rows { headers, rows: trials(3, 20), damaged: Vec::new() }
    }

    #[test]
    fn the_same_run_agrees() {
        let found = agreements(&rows(), &rows());
        assert_eq!(found.len(), 1);
        let Agreement { trials, digests, statuses, reached_by_one, work, sensitive, verdicts, .. } = found[0].clone();
        assert_eq!((trials, digests, statuses, reached_by_one, work), (60, 0, 0, 0, None));
        assert!(sensitive.is_empty() && verdicts.is_empty());
    }

    #[test]
    fn trials_with_other_hyperparameters_are_not_counted() {
        let mut new = rows();
        for row in new.rows.iter_mut().filter(|row| &*row.start == "far") {
            row.knobs = row.knobs.clone().with("rate", 0.5);
            row.digest = "other".into();
        }
        let found = agreements(&rows(), &new).remove(0);
        assert_eq!((found.trials, found.digests), (40, 0));
    }

    #[test]
    fn other_bits_and_what_they_change_are_counted() {
        let mut new = rows();
        let far = new.rows.iter_mut().filter(|row| &*row.start == "far");
        for row in far.take(4) {
            row.digest = "other".into();
            row.work_to_target = row.work_to_target.map(|work| work / 2.0);
        }
        if let Some(row) = new.rows.iter_mut().find(|row| &*row.start == "far") {
            (row.status, row.work_to_target) = (Status::Budget, None);
        }
        let found = agreements(&rows(), &new).remove(0);
        assert_eq!((found.trials, found.digests, found.statuses, found.reached_by_one), (60, 4, 1, 1));
        assert_eq!(found.work, Some([2.0; 3]));
        assert_eq!(found.sensitive.iter().map(|one| (one.trials, one.reached_by_one)).collect::<Vec<_>>(), [(60, 1)]);
    }

    #[test]
    fn a_claim_that_the_runs_judge_differently_is_named() {
        let mut new = rows();
        for row in &mut new.rows {
            let factor = if &*row.start == "pilot" { 50.0 } else { 1.0 };
            row.work_to_target = row.work_to_target.map(|work| work * factor);
        }
        let found = agreements(&rows(), &new).remove(0);
        assert!(found.claims > 0 && !found.verdicts.is_empty(), "{found:?}");
        assert!(found.verdicts.iter().all(|other| other.old != other.new));
    }
}
