//! Claims on the page.

use super::table::{cell, text};
use crate::compare::{DomainResults, Judged, OnProblem, Verdict};
use crate::number::{effect_of, p_value};
use crate::table::{as_registered, kind, needs, source, spread};

pub(super) struct ClaimView<'a> {
    pub(super) id: &'a str,
    pub(super) statement: &'a str,
    pub(super) verdict: String,
    pub(super) before: String,
    pub(super) kind: &'static str,
    pub(super) class: &'static str,
    pub(super) source: String,
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
        let seen = |on: &OnProblem| cell(&format!("{}: {}", on.problem, effect_of(Some(on.effect), judged.n)));
        Self {
            id: &info.id,
            statement: &info.statement,
            verdict: judged.verdict_text(),
            before: as_registered(judged).unwrap_or_default(),
            kind: kind(info),
            class: match judged.verdict {
                Verdict::Supported | Verdict::HoldsOnList => "supported",
                Verdict::Refuted | Verdict::FailsOnList => "refuted",
                _ => "",
            },
            source: source(info),
            registered: &info.registered,
            expected: if info.expected.is_empty() { String::new() } else { format!(", expected: {}", info.expected) },
            needs: needs(info),
            control: info.control.as_ref().map_or_else(|| "none".into(), |control| text(&format!("`{control}`"))),
            seen: judged.effects.iter().map(seen).chain(judged.spread.map(|ends| text(&spread(ends)))).collect(),
            evidence: format!("n = {}{p}", judged.n),
            note: text(&judged.note),
        }
    }
}

/// Returns the numbers of claims by verdict as sentences, separately for published claims and hypotheses.
pub(super) fn words(domain: &DomainResults) -> Option<String> {
    let of = |is_published: bool, what: &str| {
        let claims: Vec<&Judged> =
            domain.claims.iter().filter(|judged| judged.info.published.is_some() == is_published).collect();
        (!claims.is_empty()).then(|| sentence(&claims, what))
    };
    let both = [of(true, "published claim"), of(false, "hypothesis of this project")];
    let both: Vec<String> = both.into_iter().flatten().collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn sentence(claims: &[&Judged], what: &str) -> String {
    let all = [
        (Verdict::Supported, "is supported", "are supported"),
        (Verdict::Refuted, "is refuted", "are refuted"),
        (Verdict::Inconclusive, "is inconclusive", "are inconclusive"),
        (
            Verdict::Unspecific,
            "is unspecific (holds for its control too)",
            "are unspecific (hold for their controls too)",
        ),
        (Verdict::Invalid, "is invalid (worse final result)", "are invalid (worse final results)"),
        (Verdict::HoldsOnList, "holds on its list of problems", "hold on their lists of problems"),
        (Verdict::FailsOnList, "fails on its list of problems", "fail on their lists of problems"),
        (Verdict::Floor, "has success rates too low to tell", "have success rates too low to tell"),
        (Verdict::Ceiling, "has success rates too high to tell", "have success rates too high to tell"),
        (Verdict::NotJudged, "cannot be judged from these rows", "cannot be judged from these rows"),
    ];
    let count = |verdict: Verdict| claims.iter().filter(|judged| judged.verdict == verdict).count();
    let part = |(verdict, one, more): (Verdict, &str, &str)| match count(verdict) {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {more}")),
    };
    let parts: Vec<String> = all.into_iter().filter_map(part).collect();
    let plural = match claims.len() {
        1 => what.to_owned(),
        _ if what.starts_with("hypothesis") => what.replace("hypothesis", "hypotheses"),
        _ => format!("{what}s"),
    };
    format!("{} {plural}: {}.", claims.len(), parts.join(", "))
}
