//! The largest set of starts and problems in which every start runs on every problem. Controls, oracles and other
//! algorithms are excluded.

use crate::compare::Study;
use headstart_domain::info::DomainInfo;

pub(super) struct Block<'a> {
    pub(super) starts: Vec<&'a str>,
    pub(super) studies: Vec<&'a Study>,
    pub(super) left_out: Vec<String>,
}

/// Adds starts in descending order of the number of problems on which they run (ties: in the domain's order). Of the
/// sets that arise, takes the one with the most (start, problem) combinations (ties: the one with more starts). The
/// choice depends on coverage, never on outcomes. `None` unless two starts share a problem.
pub(super) fn largest<'a>(info: &'a DomainInfo, studies: &[&'a Study]) -> Option<Block<'a>> {
    // Controls, oracles and other algorithms would change the ranks of the starts that users can choose, and an alias
    // repeats a start.
    let known = info.starts.iter().map(|start| start.name.as_ref()).filter(|name| info.is_candidate(name));
    let takes = |study: &Study, start: &str| study.cells.contains_key(start);
    let count = |start: &str| studies.iter().filter(|study| takes(study, start)).count();
    let mut order: Vec<&str> = known.filter(|start| count(start) > 0).collect();
    order.sort_by_key(|start| std::cmp::Reverse(count(start)));
    let sets = (2..=order.len()).map(|starts| {
        let starts = &order[..starts];
        let all = studies.iter().copied().filter(|study| starts.iter().all(|start| takes(study, start)));
        (starts, all.collect::<Vec<_>>())
    });
    let (chosen, taken) = sets.max_by_key(|(starts, studies)| starts.len() * studies.len())?;
    if taken.is_empty() {
        return None;
    }
    let names = info.starts.iter().map(|start| start.name.as_ref());
    let starts: Vec<&str> = names.filter(|name| chosen.contains(name)).collect();
    let without = order.iter().filter(|start| !chosen.contains(start)).map(|&start| start.to_owned());
    let others = studies.iter().map(|study| &*study.problem.name);
    let others = others.filter(|name| !taken.iter().any(|study| study.problem.name == *name));
    let left_out = without.chain(others.map(str::to_owned)).collect();
    Some(Block { starts, studies: taken, left_out })
}
