//! Updates the domain descriptions in recorded headers with those of this program: wording, roles of starts, publications of
//! claims, how metrics are printed, and claims that were registered later.

use headstart_domain::claim::Claim;
use headstart_domain::info::DomainInfo;
use headstart_rows::Header;

/// Amends the descriptions in headers with those of the same domains in this program. Numbers do not change. What decides a
/// claim (starts, measure, margin, problems, rule, control and date) stays as in the header. The wording of a claim is
/// amended only if all of these are the same in this program.
pub(super) fn amend(headers: &mut [Header], known: &[DomainInfo]) {
    for described in headers.iter_mut().flat_map(|header| &mut header.domains) {
        let Ok(mut info) = serde_json::from_value::<DomainInfo>(described.clone()) else { continue };
        let Some(here) = known.iter().find(|here| here.name == info.name) else { continue };
        amend_one(&mut info, here);
        if let Ok(amended) = serde_json::to_value(&info) {
            *described = amended;
        }
    }
}

fn amend_one(info: &mut DomainInfo, here: &DomainInfo) {
    info.about.clone_from(&here.about);
    info.own_value_label.clone_from(&here.own_value_label);
    info.value_decimals = here.value_decimals;
    info.own_distance.clone_from(&here.own_distance);
    info.states = here.states;
    for problem in &mut info.problems {
        if let Some(known) = here.problems.iter().find(|known| known.name == problem.name) {
            problem.about.clone_from(&known.about);
        }
    }
    for start in &mut info.starts {
        if let Some(known) = here.starts.iter().find(|known| known.name == start.name) {
            start.about.clone_from(&known.about);
            start.role = known.role;
        }
    }
    for metric in &mut info.metrics {
        if let Some(known) = here.metrics.iter().find(|known| known.name == metric.name) {
            *metric = known.clone();
        }
    }
    for claim in &mut info.claims {
        if let Some(known) = here.claims.iter().find(|known| known.id == claim.id) {
            claim.published.clone_from(&known.published);
            if decides(claim) == decides(known) {
                claim.statement.clone_from(&known.statement);
                claim.source.clone_from(&known.source);
            }
        }
    }
    // Each later claim is inserted after the claim that it follows in this program.
    for (place, later) in here.claims.iter().enumerate() {
        if info.claims.iter().any(|claim| claim.id == later.id) {
            continue;
        }
        let before = here.claims[..place].iter().rev().find_map(|one| info.claims.iter().position(|c| c.id == one.id));
        info.claims.insert(before.map_or(0, |before| before + 1), later.clone());
    }
}

/// Returns everything of a claim but its words.
fn decides(claim: &Claim) -> Option<serde_json::Value> {
    let words_left_out = Claim {
        statement: "".into(),
        source: "".into(),
        expected: "".into(),
        published: None,
        // An older header does not say it.
        starts_only: false,
        ..claim.clone()
    };
    serde_json::to_value(words_left_out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::{Role, toy};

    #[test]
    fn words_are_amended_unless_what_decides_the_claim_differs() {
        let mut here = toy::info();
        here.starts[1].role = Role::Control;
        here.claims[0].statement = "another wording".into();
        here.claims[1].statement = "another claim".into();
        here.claims[1].rule = headstart_domain::Rule::Any;
        here.claims[0].published =
            headstart_domain::Claim::new("x", "x", "x", "2026-11-30", here.claims[0].kind.clone())
                .published("Gauss", 1809, "section 1", "so")
                .published;
        let mut later = here.claims[0].clone();
        (later.id, later.registered) = ("toy-1b".into(), "2026-11-30".into());
        here.claims.insert(1, later);
        let mut headers = vec![headstart_rows::sample::header(&[toy::entry()], "test")];
        amend(&mut headers, &[here]);
        let info = headers[0].domains().next().unwrap();
        assert_eq!(info.starts[1].role, Role::Control);
        assert_eq!(info.claims[0].statement, "another wording");
        assert_eq!(info.claims[2].statement, toy::info().claims[1].statement, "its rule differs");
        assert_eq!(info.claims[0].published.as_ref().map(|one| one.year), Some(1809));
        let ids: Vec<&str> = info.claims.iter().map(|claim| &*claim.id).collect();
        assert_eq!(ids, ["toy-1", "toy-1b", "toy-2"]);
    }
}
