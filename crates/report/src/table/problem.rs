//! Table of all starts of a problem.

use super::Table;
use crate::compare::{By, DomainResults, Effect, ProblemResults, StartResults};
use crate::number::{effect_of, ert, fixed, number, percent};
use headstart_domain::Quantity;
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::Estimand;

/// How to read the table of a problem.
pub(crate) const LEGEND: &str = "\
Speed-ups are pseudo-medians (Hodges-Lehmann) of paired ratios of work to target against the baseline; above 1 the \
start needs less work. Brackets hold the 95% interval that inverts the exact signed-rank test. A run that was cut at \
the budget counts as the budget; a run whose solver stopped by itself, short of the target, counts as the work that \
it spent. Neither is ever faster than a run that reached the target, and a pair that neither start solved is a tie. \
Work below one unit counts as one. `cost ratio`: expected cost of a success, baseline over start (ratio of `ERT`), \
with a paired bootstrap interval. The headline is the effect that the problem names. If that is work, it is the end \
gained if most pairs were solved by neither start (`ends compared`; `not reached` if runs end at their target, so \
that they cannot be compared), otherwise the cost ratio if a solver stopped by itself, otherwise the charged \
speed-up. `>` and `<`: one of the two starts never succeeded, and only this bound is known. `*`: the headline is \
significant (interval simultaneous over the starts of the problem, Bonferroni). Charged: the work spent on making the \
start counts. `wins`: share of replicates with less charged work than the baseline (ties count half). `mean work`: \
restricted mean of charged work (a run that missed its target counts as the budget), with a bootstrap interval. \
`ERT`: expected charged work to one success if failures are followed by fresh trials, with a bootstrap interval (`>`: \
no run succeeded; a lower bound with 97.5% confidence); a trial whose solver stopped by itself counts as the work \
that it spent, not as the budget. `end`: median of the final metric; `end gained`: its paired difference from the \
baseline, above 0 if better, with `!` if significantly worse. `solved`: trials that reached the target, with the \
Wilson interval of their share.";

/// Returns the table of all starts of a problem.
pub(crate) fn problem(results: &ProblemResults) -> Table {
    let mut table = Table::new([
        "start",
        "solved",
        "speed-up charged",
        "uncharged",
        "cost ratio",
        "in seconds",
        "wins",
        "charge",
        "mean work",
        "ERT",
        "end",
        "end gained",
    ]);
    let headline = headline(&results.info);
    if let Some(name) = &headline {
        table.head.insert(1, name.clone());
    }
    table.rows = results.starts.iter().map(|one| start(one, headline.is_some(), results.decimals)).collect();
    table
}

/// Returns the effect by which starts are ranked; `None` for charged work.
pub(crate) fn headline(problem: &ProblemInfo) -> Option<String> {
    match &problem.headline {
        Estimand::Work { charged: true } => None,
        Estimand::Work { charged: false } => Some("speed-up uncharged (headline)".into()),
        Estimand::Final(Quantity::Value) => Some(format!("gain in {} (headline)", problem.value_label)),
        Estimand::Final(metric) => Some(format!("gain in {metric} (headline)")),
        Estimand::FinalRatio(metric) => Some(format!("ratio of {metric} (headline)")),
        Estimand::Success => Some("gain in success rate (headline)".into()),
        Estimand::Rate(metric) => Some(format!("gain in the rate of {metric} (headline)")),
    }
}

/// Returns the effect by which all problems of a domain rank starts; `None` for charged work, or if problems differ.
pub(crate) fn common_headline(domain: &DomainResults) -> Option<String> {
    let mut all = domain.problems.iter().map(|problem| headline(&problem.info));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first)).then_some(first)
}

fn start(start: &StartResults, own_headline: bool, decimals: Option<u8>) -> Vec<String> {
    let shown = |effect: Option<Effect>| effect_of(effect, start.n);
    let is_clear = start.headline.is_some_and(|effect| effect.is_clear());
    let star = |by: By| if is_clear && start.by == by { " *" } else { "" };
    let worse = if start.ends_worse() { " !" } else { "" };
    let mean = start.restricted_mean.map_or_else(
        || "-".into(),
        |(mean, low, high)| format!("{} [{}, {}]", number(mean), number(low), number(high)),
    );
    let mut cells = vec![
        start.name.clone(),
        format!("{}/{} [{}, {}]", start.reached, start.n, percent(start.success.0), percent(start.success.1)),
        match start.by {
            By::End => "ends compared".into(),
            By::NotReached => "not reached".into(),
            By::Itself | By::Cost => {
                format!("{}{}", shown(start.speedup), if own_headline { "" } else { star(By::Itself) })
            }
        },
        shown(start.speedup_uncharged),
        format!("{}{}", shown(start.cost_ratio), star(By::Cost)),
        shown(start.speedup_seconds),
        start.win_rate.map_or_else(|| "-".into(), percent),
        number(start.charge.0),
        mean,
        ert(start.ert, start.ert_interval, start.n),
        start.end.map_or_else(|| "-".into(), |end| fixed(end, decimals)),
        format!("{}{worse}{}", shown(start.end_difference), star(By::End)),
    ];
    if own_headline {
        cells.insert(1, format!("{}{}", shown(start.headline), star(By::Itself)));
    }
    cells
}

/// Returns the columns of [`problem`] that fit into a paper.
pub(crate) fn paper(results: &ProblemResults) -> Table {
    let mut table = problem(results);
    let kept: Vec<usize> = (0..table.head.len())
        .filter(|column| !["in seconds", "wins", "mean work", "end"].contains(&table.head[*column].as_str()))
        .collect();
    let keep = |cells: &[String]| kept.iter().map(|column| cells[*column].clone()).collect::<Vec<_>>();
    table.head = keep(&table.head);
    table.rows = table.rows.iter().map(|row| keep(row)).collect();
    table
}
