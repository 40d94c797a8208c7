//! Notes for the reader of a problem's tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Study;
use super::super::pairs::{self, Cell};
use headstart_domain::info::DomainInfo;
use headstart_rows::Row;

/// Returns the notes of a problem.
pub(super) fn notes(info: &DomainInfo, study: &Study) -> Vec<String> {
    let cells = &study.cells;
    let mut notes = Vec::new();
    if study.left_out > 0 {
        let count = study.left_out;
        notes.push(format!(
            "{count} rows of other runs (another seed, budget, version, data or hyperparameters) are left out"
        ));
    }
    let names: Vec<&str> =
        info.starts.iter().map(|start| &*start.name).filter(|name| cells.contains_key(*name)).collect();
    for (index, first) in names.iter().enumerate() {
        for second in &names[index + 1..] {
            notes.extend(coincidence(info, first, second, &cells[*first], &cells[*second]));
        }
    }
    let most = cells.values().map(|cell| cell.rows.len()).max().unwrap_or(0);
    for (name, cell) in names.iter().map(|name| (name, &cells[*name])).filter(|(_, cell)| cell.rows.len() < most) {
        let count = cell.rows.len();
        notes.push(format!(
            "`{name}` has rows of only {count} of {most} replicates: it is compared on these; tables over problems use the \
             replicates that all starts have"
        ));
    }
    notes.extend(remarks(info, cells));
    for (name, cell) in cells {
        let unsound: Vec<&Row> = cell.rows.values().filter(|row| !row.status.is_sound()).collect();
        if let Some(row) = unsound.first() {
            let (count, n, first) = (unsound.len(), cell.rows.len(), row.message.lines().next().unwrap_or(""));
            notes.push(format!("`{name}`: {count} of {n} trials failed (replicate {}: {first})", row.replicate));
        }
    }
    notes
}

/// The starts that have a remark, by the number of replicates with it and of all replicates.
type Sayers<'a> = BTreeMap<(usize, usize), Vec<&'a str>>;

/// Returns the remarks of solvers, a line each, with the starts that have it and their counts.
fn remarks(info: &DomainInfo, cells: &BTreeMap<String, Cell>) -> Vec<String> {
    let mut said: BTreeMap<Arc<str>, Sayers<'_>> = BTreeMap::new();
    for (name, cell) in info.starts.iter().filter_map(|start| cells.get_key_value(&*start.name)) {
        let mut counts: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
        for remark in cell.rows.values().flat_map(|row| &row.remarks) {
            *counts.entry(remark).or_insert(0) += 1;
        }
        for (remark, count) in counts {
            said.entry(Arc::clone(remark)).or_default().entry((count, cell.rows.len())).or_default().push(name);
        }
    }
    let line = |(remark, groups): (Arc<str>, Sayers<'_>)| {
        if groups.values().map(Vec::len).sum::<usize>() == cells.len() && groups.keys().all(|(count, n)| count == n) {
            return remark.to_string();
        }
        let group = |((count, n), names): (&(usize, usize), &Vec<&str>)| {
            format!("`{}` ({count} of {n} replicates)", names.join("`, `"))
        };
        format!("{}: {remark}", groups.iter().map(group).collect::<Vec<_>>().join(", "))
    };
    said.into_iter().map(line).collect()
}

/// Notes two starts that made the same state, or whose instances differ.
fn coincidence(info: &DomainInfo, first: &str, second: &str, a: &Cell, b: &Cell) -> Vec<String> {
    let same = pairs::pairs(a, b).filter(|(a, b)| !a.state.is_none() && a.state == b.state).count();
    let apart = a.rows.iter().filter(|(key, a)| b.rows.get(key).is_some_and(|b| !pairs::same_instance(a, b))).count();
    let n = a.rows.len();
    let mut notes = Vec::new();
    if same > 0 && info.original(first) != info.original(second) {
        notes.push(format!("`{first}` and `{second}` made the same state in {same} of {n} replicates"));
    }
    if apart > 0 {
        notes.push(format!(
            "`{first}` and `{second}` have different instances in {apart} of {n} replicates, which are left out: the \
             instance must depend only on its own random stream"
        ));
    }
    notes
}
