//! All numbers of a domain as CSV, one row for each start on each problem.

use crate::compare::{By, DomainResults, Effect, ProblemResults, StartResults};
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Settings;
use headstart_stats::{BreakEven, Ert};

const HEAD: [&str; 59] = [
    "domain",
    "problem",
    "start",
    "role",
    "n",
    "reached",
    "failed",
    "success_low",
    "success_high",
    "budget",
    "charge_work",
    "charge_seconds",
    "speedup",
    "speedup_low",
    "speedup_high",
    "speedup_p",
    "headline_by",
    "headline",
    "headline_low",
    "headline_high",
    "speedup_uncharged",
    "speedup_uncharged_low",
    "speedup_uncharged_high",
    "speedup_uncharged_p",
    "speedup_seconds",
    "speedup_seconds_low",
    "speedup_seconds_high",
    "speedup_seconds_p",
    "a12",
    "win_rate",
    "success_difference",
    "success_difference_low",
    "success_difference_high",
    "mcnemar_p",
    "restricted_mean",
    "restricted_mean_low",
    "restricted_mean_high",
    "ert",
    "ert_low",
    "ert_high",
    "cost_ratio",
    "cost_ratio_low",
    "cost_ratio_high",
    "end",
    "end_difference",
    "end_difference_low",
    "end_difference_high",
    "mean_charge",
    "mean_use",
    "break_even",
    "break_even_low",
    "break_even_high",
    "break_even_as_use",
    "break_even_as_use_low",
    "break_even_as_use_high",
    "half_solved_by",
    "log_rank_p",
    "knobs",
    "tuning_cost",
];

pub(super) fn domain(domain: &DomainResults) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Error::Domain(error.into());
    writer.write_record(HEAD).map_err(failed)?;
    for problem in &domain.problems {
        for start in &problem.starts {
            writer.write_record(record(&domain.info, problem, start)).map_err(failed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| Error::Domain(error.to_string().into()))?;
    String::from_utf8(bytes).map_err(|error| Error::Domain(error.into()))
}

fn record(domain: &DomainInfo, problem: &ProblemResults, start: &StartResults) -> Vec<String> {
    let mut record = vec![
        domain.name.clone(),
        problem.info.name.to_string(),
        start.name.clone(),
        domain.role(&start.name).name().to_owned(),
        start.n.to_string(),
        start.reached.to_string(),
        start.unsound.values().sum::<usize>().to_string(),
        start.success.0.to_string(),
        start.success.1.to_string(),
        problem.budget.to_string(),
        start.charge.0.to_string(),
        start.charge.1.to_string(),
    ];
    record.extend(four(start.speedup));
    record.push(by(start.by).to_owned());
    record.extend(four(start.headline)[..3].to_vec());
    record.extend(four(start.speedup_uncharged));
    record.extend(four(start.speedup_seconds));
    record.extend([text(start.a12), text(start.win_rate)]);
    record.extend(four(start.success_difference));
    let mean = start.restricted_mean;
    record.extend([text(mean.map(|mean| mean.0)), text(mean.map(|mean| mean.1)), text(mean.map(|mean| mean.2))]);
    record.push(match start.ert {
        Some(Ert::Finite(work)) => work.to_string(),
        // No trial succeeded. The tables print the lower bound.
        Some(Ert::AtLeast(_)) => "inf".into(),
        None => String::new(),
    });
    record.extend([text(start.ert_interval.map(|ends| ends.0)), text(start.ert_interval.map(|ends| ends.1))]);
    record.extend(four(start.cost_ratio)[..3].to_vec());
    record.push(text(start.end));
    record.extend(four(start.end_difference)[..3].to_vec());
    record.extend([start.means.0.to_string(), start.means.1.to_string()]);
    record.extend(uses(start.break_even));
    record.extend(uses(start.break_even_as_use));
    record.push(text(start.survival_median));
    record.push(text(start.log_rank.map(|test| test.p)));
    let knobs = problem.knobs.as_ref();
    record.push(knobs.and_then(|knobs| knobs.starts.get(&start.name)).map_or_else(String::new, Settings::to_string));
    let tuned = knobs.and_then(|knobs| knobs.tuning.as_ref()?.start.get(&start.name));
    record.push(text(tuned.map(|tuned| tuned.cost)));
    record
}

fn by(by: By) -> &'static str {
    match by {
        By::Itself => "itself",
        By::Cost => "cost",
        By::End => "end",
        By::NotReached => "not-reached",
    }
}

/// Break-even and its interval; infinite if there is no significant saving.
fn uses(break_even: Option<BreakEven>) -> [String; 3] {
    match break_even {
        None => [const { String::new() }; 3],
        Some(BreakEven::After { uses, low, high }) => [uses, low, high].map(|number| number.to_string()),
        Some(BreakEven::Never { .. }) => ["inf".into(), String::new(), String::new()],
    }
}

fn four(effect: Option<Effect>) -> [String; 4] {
    let part = |of: fn(&Effect) -> f64| text(effect.as_ref().map(of));
    [
        part(|effect| effect.estimate),
        part(|effect| effect.low),
        part(|effect| effect.high),
        text(effect.and_then(|effect| effect.p)),
    ]
}

/// A number, or an empty field if it is missing.
fn text(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_field_for_every_column() {
        let comparison = crate::files::tests::comparison();
        let text = domain(&comparison.domains[0]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), 3);
        assert!(records.iter().all(|record| record.len() == HEAD.len()));
    }
}
