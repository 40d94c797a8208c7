//! Contents of the tables, for all output formats.

mod agreement;
mod knobs;
mod metrics;
mod optima;
mod overall;
mod problem;
mod reuse;

pub(super) use agreement::{agreement_words, agreements};
pub(super) use knobs::{KNOBS_LEGEND, knobs};
pub(super) use metrics::{METRICS_LEGEND, metrics};
pub(super) use optima::optima;
pub(super) use overall::{OVERALL_LEGEND, basis, overall};
pub(super) use problem::{LEGEND, common_headline, headline, paper, problem};
pub(super) use reuse::{REUSE_LEGEND, reuse, uses};

use super::number::{effect, effect_of, estimate, number, optional, p_value};
use headstart_domain::claim::{Claim, Estimand, Kind, Rule, Sign};

use crate::compare::{
    By, Change, Changes, Comparison, Count, DomainResults, Effect, Judged, ProblemResults, Selected, StartResults,
    Verdict,
};

/// Head and rows of a table, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { head: head.map(str::to_owned).to_vec(), rows: Vec::new() }
    }

    /// Returns the table without the columns that are empty in all rows. A table without rows keeps its head.
    pub(super) fn without_empty_columns(&self) -> Self {
        let has_value = |column: &usize| {
            self.rows.is_empty() || self.rows.iter().any(|row| row.get(*column).is_some_and(|cell| cell != "-"))
        };
        let kept: Vec<usize> = (0..self.head.len()).filter(has_value).collect();
        let keep = |cells: &[String]| kept.iter().map(|column| cells[*column].clone()).collect::<Vec<_>>();
        Self { head: keep(&self.head), rows: self.rows.iter().map(|row| keep(row)).collect() }
    }

    /// Returns the transposed table; `corner` is the head of its first column.
    fn transposed(&self, corner: &str) -> Self {
        let column = |index: usize| self.rows.iter().map(move |row| row[index].clone());
        let head = std::iter::once(corner.to_owned()).chain(column(0)).collect();
        let row = |(index, name): (usize, &String)| std::iter::once(name.clone()).chain(column(index)).collect();
        Self { head, rows: self.head.iter().enumerate().skip(1).map(row).collect() }
    }
}

/// Note on claims whose replicates were added until they were decided.
pub(super) const UNTIL_DECIDED: &str = " Replicates were added until claims were decided: effects are medians of the pairs \
     (means for success), p-values are valid at any stopping time, and intervals are confidence sequences (betting; \
     Waudby-Smith and Ramdas 2024).";

/// Returns all claims of one domain with evidence and verdicts.
pub(super) fn claims(domain: &DomainResults) -> Table {
    let mut table = Table::new([
        "id",
        "claim",
        "criterion",
        "observed",
        "n",
        "p (Holm)",
        "verdict",
        "as registered",
        "expected",
        "kind",
        "source",
        "registered",
    ]);
    table.rows = domain.claims.iter().map(claim).collect();
    table
}

fn claim(judged: &Judged) -> Vec<String> {
    let info = &judged.info;
    let mut seen: Vec<String> =
        judged.effects.iter().map(|on| format!("{}: {}", on.problem, effect_of(Some(on.effect), judged.n))).collect();
    seen.extend(judged.spread.map(spread));
    let control = info.control.as_ref().map_or(String::new(), |control| format!("; control {control}"));
    let verdict = if judged.note.is_empty() {
        judged.verdict_text()
    } else {
        format!("{}: {}", judged.verdict_text(), judged.note)
    };
    vec![
        info.id.to_string(),
        format!("{}{control}", info.statement),
        needs(info),
        seen.join("; "),
        judged.n.to_string(),
        judged.p.map_or_else(|| "-".into(), |(yes, no)| format!("for {}, against {}", p_value(yes), p_value(no))),
        verdict,
        as_registered(judged).unwrap_or_else(|| "-".into()),
        or_dash(&info.expected),
        kind(info).into(),
        source(info),
        info.registered.to_string(),
    ]
}

/// Formats the range of estimates over the problems of a pooled claim.
pub(super) fn spread((low, high): (f64, f64)) -> String {
    format!("single problems: {} to {}", number(low), number(high))
}

/// Returns the verdict by the rules at registration, and the reason for the correction.
pub(super) fn as_registered(judged: &Judged) -> Option<String> {
    let registered = judged.registered.as_ref()?;
    Some(format!("{}; corrected {}: {}", registered.verdict, registered.corrected, registered.why))
}

/// Returns whether a claim is published or a hypothesis.
pub(super) fn kind(claim: &Claim) -> &'static str {
    if claim.published.is_some() { "published" } else { "hypothesis" }
}

/// Returns the publication with its statement; for a hypothesis, its source.
pub(super) fn source(claim: &Claim) -> String {
    claim.published.as_ref().map_or_else(|| claim.source.to_string(), ToString::to_string)
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".into() } else { text.to_owned() }
}

/// Returns the ledger in five columns, for a terminal.
pub(super) fn verdicts(domain: &DomainResults) -> Table {
    let mut table = Table::new(["claim", "verdict", "expected", "kind", "statement"]);
    let row = |judged: &Judged| {
        let info = &judged.info;
        [&*info.id, &judged.verdict_text(), &or_dash(&info.expected), kind(info), &*info.statement]
            .map(str::to_owned)
            .to_vec()
    };
    table.rows = domain.claims.iter().map(row).collect();
    table
}

/// Returns how many claims are supported, refuted and open.
pub(super) fn verdict_counts<'a>(claims: impl Iterator<Item = &'a Judged>) -> [usize; 3] {
    let mut counts = [0; 3];
    for judged in claims {
        counts[match judged.verdict {
            Verdict::Supported | Verdict::HoldsOnList => 0,
            Verdict::Refuted | Verdict::FailsOnList => 1,
            _ => 2,
        }] += 1;
    }
    counts
}

/// Returns the summary of all domains, one row each.
pub(super) fn summary(comparison: &Comparison) -> Table {
    let mut table = Table::new([
        "domain",
        "problems",
        "a start matters on",
        "baseline beaten on",
        "speed-up of the best start, charged",
        "most often best",
        "not significantly worse than the best mean rank",
        "published claims",
        "hypotheses",
    ]);
    for domain in &comparison.domains {
        let summary = &domain.summary;
        let of = |count: usize| format!("{count} of {}", summary.problems);
        table.rows.push(vec![
            domain.info.name.clone(),
            summary.problems.to_string(),
            count(summary.matters, summary.problems),
            count(summary.baseline_beaten, summary.problems),
            summary.best_speedup.map_or_else(|| "-".into(), selected),
            summary
                .most_often_best
                .as_ref()
                .map_or_else(|| "-".into(), |(names, n)| format!("{} ({})", names.join(", "), of(*n))),
            not_shown_worse(domain),
            counts(domain.claims.iter().filter(|judged| judged.info.published.is_some())),
            counts(domain.claims.iter().filter(|judged| judged.info.published.is_none())),
        ]);
    }
    table
}

/// Formats a number of problems and its lower bound.
pub(super) fn count(count: Count, of: usize) -> String {
    format!("{} of {of} (at least {})", count.shown, count.at_least)
}

/// Formats a speed-up over problems with its interval.
pub(super) fn selected(selected: Selected) -> String {
    let [estimate, low, high] = [selected.estimate, selected.low, selected.high].map(number);
    let plural = if selected.problems == 1 { "" } else { "s" };
    format!("{estimate} [{low}, {high}] on {} problem{plural}", selected.problems)
}

/// Formats the starts that are not significantly worse than the best mean rank.
fn not_shown_worse(domain: &DomainResults) -> String {
    match (&domain.summary.not_shown_worse, &domain.overall) {
        (Some(names), Some(overall)) if names.len() == overall.starts.len() => format!("all {}", names.len()),
        (Some(names), _) => names.join(", "),
        (None, Some(overall)) if overall.ranking.as_ref().is_some_and(|ranking| ranking.cliques.is_none()) => {
            "not computed: the problems rank starts by different measures".into()
        }
        (None, overall) => {
            let common = overall.as_ref().map_or(0, |overall| overall.problems.len());
            format!("too few common problems ({common} of {})", domain.summary.problems)
        }
    }
}

/// How to read [`summary`].
pub(super) const SUMMARY_LEGEND: &str = "\
A start *matters* on a problem if it differs significantly from the baseline (95% interval, simultaneous over the \
starts of the problem). The baseline is *beaten* if at least one start is significantly better and its final result \
is not significantly worse. *At least*: the number of problems that remain if the intervals are also simultaneous \
over all problems, a lower bound with 95% confidence. Where most pairs of runs miss the target, starts are compared \
by their final results. *Most often best*: problems on which the start alone has the first rank. The speed-up of the \
best start is the median over the problems on which at least one start and the baseline solve at least half of their \
pairs; where solvers stop by themselves, it is the ratio of the expected costs of a success. The best start is \
selected on one half of the replicates and measured on the held-out half, both ways; the interval resamples \
replicates. Controls, oracles and other algorithms are shown in the tables but not counted here. Work is never pooled \
across domains.";

/// Returns the differences between two runs, one row per cell.
pub(super) fn changes(changes: &Changes) -> Table {
    let mut table = Table::new([
        "domain",
        "problem",
        "start",
        "n",
        "identical",
        "work, old / new",
        "seconds, old / new",
        "end gained",
        "success gained",
        "significant",
    ]);
    table.rows = changes.cells.iter().map(change).collect();
    table
}

fn change(change: &Change) -> Vec<String> {
    vec![
        change.domain.clone(),
        change.problem.clone(),
        change.start.clone(),
        change.n.to_string(),
        change.identical.to_string(),
        effect(change.work),
        effect(change.seconds),
        effect(change.end),
        effect(change.success),
        change.beyond_noise.join(", "),
    ]
}

/// Summarises the differences between two runs in one sentence.
pub(super) fn change_words(changes: &Changes) -> String {
    let marked = changes.cells.iter().filter(|cell| !cell.beyond_noise.is_empty()).count();
    let (same, all) = (changes.cells.iter().filter(|cell| cell.identical == cell.n).count(), changes.cells.len());
    format!(
        "{marked} of {all} cells changed significantly (Holm over all cells and measures at 0.05); {same} are identical \
         except for seconds"
    )
}

/// Counts claims by verdict.
fn counts<'a>(claims: impl Iterator<Item = &'a Judged>) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for judged in claims {
        *counts.entry(judged.verdict).or_insert(0) += 1;
    }
    let texts: Vec<String> =
        counts.into_iter().map(|(verdict, count): (_, usize)| format!("{count} {verdict}")).collect();
    if texts.is_empty() { "-".into() } else { texts.join(", ") }
}

/// How to read [`headlines`].
pub(super) const HEADLINES_LEGEND: &str = "\
Effect of each start against the baseline. Speed-ups include the charge, the cost of making the start (in brackets: \
without the charge); above 1 the start needs less work. If starts are ranked by another quantity, the first cell or \
the column names it; these effects are gains, and above 0 is better. `*`: significant (95% interval, simultaneous \
over the starts of the problem); `c`: ratio of the expected costs of a success, since some runs stopped by themselves \
short of the target; `end`: gain in the final result, since most pairs of runs miss the target; `not reached`: most \
pairs miss the target, and runs end at their target, so they cannot be compared; `>` and `<`: a bound, since one of \
the two starts never succeeded (simultaneous over the starts, so it is wider than the one in the problem's table); \
`!`: final result significantly worse; `-`: the start is not run there.";

/// Returns the headline of every start on every problem; a charged speed-up is followed by the uncharged one in
/// brackets.
pub(super) fn headlines(domain: &DomainResults) -> Table {
    let mut table = Table { head: vec!["start".into()], rows: Vec::new() };
    // A headline that all problems share is named once.
    let common = common_headline(domain);
    let name = |problem: &ProblemResults| match headline(&problem.info).filter(|_| common.is_none()) {
        None => problem.info.name.to_string(),
        Some(headline) => format!("{}: {headline}", problem.info.name),
    };
    table.head.extend(domain.problems.iter().map(name));
    for info in domain.info.starts.iter().skip(1) {
        let cells = domain.problems.iter().map(|problem| {
            let Some(start) = problem.starts.iter().find(|start| start.name == info.name) else { return "-".into() };
            let worse = if start.ends_worse() { " !" } else { "" };
            let uncharged = match headline(&problem.info) {
                None if start.by == By::Itself => format!(" ({})", plain(start.speedup_uncharged)),
                _ => String::new(),
            };
            format!("{}{uncharged}{worse}", glance(start))
        });
        let row: Vec<String> = std::iter::once(info.name.to_string()).chain(cells).collect();
        if row[1..].iter().any(|cell| cell != "-") {
            table.rows.push(row);
        }
    }
    // Pages have more room for rows than for columns.
    let turned = domain.problems.len() > table.rows.len();
    let mut table = if turned { table.transposed("problem") } else { table };
    if let Some(what) = common {
        table.head[0] = format!("{}: {what}", table.head[0]);
    }
    table
}

fn plain(effect: Option<Effect>) -> String {
    optional(effect.map(|effect| effect.estimate))
}

/// Formats the headline of a start as a short cell.
pub(super) fn glance(start: &StartResults) -> String {
    let star = if start.headline.is_some_and(|effect| effect.is_clear()) { "*" } else { "" };
    let shown = |none: f64| start.headline.map_or_else(|| "-".into(), |effect| estimate(effect, none));
    match start.by {
        By::Itself => format!("{}{star}", shown(1.0)),
        By::Cost => format!("{}{star} c", shown(1.0)),
        By::End => format!("end {}{star}", shown(0.0)),
        By::NotReached => "not reached".into(),
    }
}

/// Returns the criterion for a claim to be supported.
pub(super) fn needs(claim: &Claim) -> String {
    let rule = match (claim.rule, claim.problems.as_slice()) {
        (_, [one]) => format!("on {one}"),
        (Rule::Each, _) => "on each problem".into(),
        (Rule::Any, _) => "on any problem".into(),
        (Rule::Pooled, _) => "pooled over problems".into(),
    };
    let bound = |estimand: &Estimand, bound: f64| {
        if estimand.is_ratio() { format!("x{bound}") } else { number(bound) }
    };
    match &claim.kind {
        Kind::Superior { start, rival, estimand, margin } => {
            format!("{start} > {rival} by {} in {}, {rule}", bound(estimand, *margin), measured(estimand))
        }
        Kind::Equivalent { start, rival, estimand, within } => {
            format!("{start} = {rival} within {} in {}, {rule}", bound(estimand, *within), measured(estimand))
        }
        Kind::Association { of, with, sign } => {
            let way = match sign {
                Sign::Positive => "rises",
                Sign::Negative => "falls",
            };
            format!("{} {way} with {} over the starts (Kendall's tau), {rule}", measured(with), measured(of))
        }
    }
}

/// Returns the measured quantity as a phrase.
fn measured(estimand: &Estimand) -> String {
    match estimand {
        Estimand::Work { charged: true } => "charged work".into(),
        Estimand::Work { charged: false } => "work without the charge".into(),
        Estimand::Final(metric) | Estimand::FinalRatio(metric) => format!("final {metric}"),
        Estimand::Success => "success rate".into(),
        Estimand::Rate(metric) => format!("rate of {metric}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn empty_columns_are_left_out() {
        let mut table = Table::new(["start", "p", "q"]);
        table.rows = vec![vec!["a".into(), "-".into(), "1".into()], vec!["b".into(), "-".into(), "-".into()]];
        let shown = table.without_empty_columns();
        assert_eq!(
            (shown.head, shown.rows),
            (
                vec!["start".to_owned(), "q".into()],
                vec![vec!["a".to_owned(), "1".into()], vec!["b".into(), "-".into()]]
            )
        );
    }

    #[test]
    fn a_table_is_transposed() {
        let mut table = Table::new(["start", "p", "q"]);
        table.rows = vec![vec!["a".into(), "1".into(), "2".into()]];
        let turned = table.transposed("problem");
        assert_eq!(turned.head, ["problem", "a"]);
        assert_eq!(turned.rows, [["p", "1"], ["q", "2"]]);
        assert_eq!(turned.transposed("start"), table);
    }
}
