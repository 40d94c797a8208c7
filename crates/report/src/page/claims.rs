//! The ledger on the page.

use super::table::{cell, text};
use crate::compare::{DomainResults, Judged, OnProblem, Verdict};
use crate::number::{effect, p_value};
use crate::table::needs;

pub(super) struct ClaimView<'a> {
    pub(super) id: &'a str,
    pub(super) statement: &'a str,
    pub(super) verdict: String,
    pub(super) class: &'static str,
    pub(super) source: &'a str,
    pub(super) registered: &'a str,
    pub(super) expected: String,
    pub(super) needs: String,
    pub(super) control: String,
    pub(super) seen: Vec<String>,
    pub(super) evidence: String,
    pub(super) note: String,
}

impl<'a> ClaimView<'a> {
    pub(super) fn new(judged: &'a Judged) -> Self {
        let info = &judged.info;
        let p = judged.p.map_or_else(String::new, |(yes, no)| {
            format!("; Holm-adjusted p for {}, against {}", p_value(yes), p_value(no))
        });
        let seen = |on: &OnProblem| cell(&format!("{}: {}", on.problem, effect(Some(on.effect))));
        Self {
            id: &info.id,
            statement: &info.statement,
            verdict: judged.verdict.to_string(),
            class: match judged.verdict {
                Verdict::Supported => "supported",
                Verdict::Refuted => "refuted",
                _ => "",
            },
            source: &info.source,
            registered: &info.registered,
            expected: if info.expected.is_empty() { String::new() } else { format!(", expected: {}", info.expected) },
            needs: needs(info),
            control: info.control.as_ref().map_or_else(|| "none".into(), |control| text(&format!("`{control}`"))),
            seen: judged.effects.iter().map(seen).collect(),
            evidence: format!("n = {}{p}", judged.n),
            note: text(&judged.note),
        }
    }
}

/// The claims of a domain as a sentence.
pub(super) fn words(domain: &DomainResults) -> Option<String> {
    let all = [
        (Verdict::Supported, "holds", "hold"),
        (Verdict::Refuted, "is refuted", "are refuted"),
        (Verdict::Inconclusive, "is left open", "are left open"),
        (Verdict::Unspecific, "holds for its control as well", "hold for their controls as well"),
        (Verdict::Invalid, "holds at the price of a worse end", "hold at the price of a worse end"),
        (Verdict::NotJudged, "cannot be judged from these rows", "cannot be judged from these rows"),
    ];
    let part = |(verdict, one, more): (Verdict, &str, &str)| match count(domain, verdict) {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {more}")),
    };
    let parts: Vec<String> = all.into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("Of {} published claims, {}.", domain.claims.len(), parts.join(", ")))
}

fn count(domain: &DomainResults, verdict: Verdict) -> usize {
    domain.claims.iter().filter(|judged| judged.verdict == verdict).count()
}
