//! Table of the agreement of two runs of the same trials.

use super::super::number::number;
use super::Table;
use crate::compare::Agreement;

/// Returns the number of differing trials and verdicts, one row for each domain.
pub(crate) fn agreements(found: &[Agreement]) -> Table {
    let mut table = Table::new([
        "domain",
        "trials",
        "different digest",
        "different status",
        "reached in one run only",
        "work, old / new",
        "different verdicts",
    ]);
    table.rows = found.iter().map(agreement).collect();
    table
}

fn agreement(one: &Agreement) -> Vec<String> {
    let work = one.work.map_or_else(
        || "-".to_owned(),
        |[least, middle, most]| format!("{} ({} to {})", number(middle), number(least), number(most)),
    );
    let verdicts =
        if one.claims == 0 { "-".to_owned() } else { format!("{} of {} judged", one.verdicts.len(), one.claims) };
    vec![
        one.domain.clone(),
        one.trials.to_string(),
        one.digests.to_string(),
        one.statuses.to_string(),
        one.reached_by_one.to_string(),
        work,
        verdicts,
    ]
}

/// Names the problems and claims whose results differ between the runs.
pub(crate) fn agreement_words(found: &[Agreement]) -> Vec<String> {
    let mut words = Vec::new();
    for one in found {
        if !one.sensitive.is_empty() {
            let problems: Vec<String> = one
                .sensitive
                .iter()
                .map(|problem| format!("{} ({} of {})", problem.problem, problem.reached_by_one, problem.trials))
                .collect();
            words.push(format!(
                "{}: trials that reach their target in one run only, by problem: {}",
                one.domain,
                problems.join(", ")
            ));
        }
        for other in &one.verdicts {
            words.push(format!("{}: {} in the old run, {} in the new run", other.claim, other.old, other.new));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{OtherVerdict, Sensitive};

    #[test]
    fn digests_targets_and_verdicts_are_counted_separately() {
        let one = Agreement {
            domain: "dmrg".into(),
            trials: 585,
            digests: 573,
            statuses: 60,
            reached_by_one: 45,
            work: Some([0.47, 1.0, 1.87]),
            sensitive: vec![Sensitive { problem: "be".into(), trials: 39, reached_by_one: 12 }],
            claims: 8,
            verdicts: vec![OtherVerdict {
                claim: "dmrg-3".into(),
                old: "supported".into(),
                new: "inconclusive".into(),
            }],
        };
        let row = &agreements(std::slice::from_ref(&one)).rows[0];
        assert_eq!(row[..5], ["dmrg", "585", "573", "60", "45"]);
        assert_eq!(row[5..], ["1.00 (0.470 to 1.87)", "1 of 8 judged"]);
        let words = agreement_words(&[one]);
        assert_eq!(
            words,
            [
                "dmrg: trials that reach their target in one run only, by problem: be (12 of 39)",
                "dmrg-3: supported in the old run, inconclusive in the new run"
            ]
        );
    }
}
