//! Results of one problem: every start against the baseline.

mod measure;
mod notes;

use std::collections::BTreeMap;
use std::sync::Arc;

use measure::{
    Measure, all_spent, as_differences, break_even, cost_ratio, costs_apart, ert_interval, mean, rate, restricted_mean,
    to_target, win_rate,
};

use super::curve::{self, Curve, Reach, Scale};
use super::effect::effect;
use super::failure::{self, Failure};
use super::found::{self, Found};
use super::pairs::{self, Cell, Rules, Sample, Scope};
use super::solved::{self, Solved};
use super::{ALPHA, Effect, Study};
use headstart_domain::Quantity;
use headstart_domain::catalogue::{Metric, ProblemInfo};
use headstart_domain::claim::Estimand;
use headstart_domain::figure::Figure;
use headstart_domain::info::DomainInfo;
use headstart_rows::{Assignment, Digest, Row, Status};
use headstart_stats::{self as stats, Basins, BreakEven, Ert, KaplanMeier, LogRank};

/// Results of one problem.
#[derive(Clone, Debug)]
pub struct ProblemResults {
    /// Description of the problem.
    pub info: ProblemInfo,
    /// Budget of work, common to all starts.
    pub budget: f64,
    /// Starts in the domain's order, the baseline first.
    pub starts: Vec<StartResults>,
    /// Whether the trials ran on a user's own data.
    pub own: bool,
    /// Rows of other runs, which are left out.
    pub left_out: usize,
    /// The trial with the best end.
    pub found: Option<Found>,
    /// Decimals of the ends; `None` prints three significant digits.
    pub decimals: Option<u8>,
    /// Median target over replicates.
    pub target: Option<f64>,
    /// Scale on which values are drawn.
    pub scale: Scale,
    /// Notes for the reader: hyperparameters, rows left out, starts that coincide, remarks of solvers, failures.
    pub notes: Vec<String>,
    /// Hyperparameters of each start and their origin, if the problem has any.
    pub knobs: Option<Assignment>,
    /// Digest of the experiment to which all its rows belong.
    pub experiment: Digest,
}

/// Results of one start on one problem. Effects are against the baseline, which has none itself.
#[derive(Clone, Debug)]
pub struct StartResults {
    /// Name of the start.
    pub name: String,
    /// Number of trials.
    pub n: usize,
    /// Number of trials that reached the target.
    pub reached: usize,
    /// 95% interval of the success rate (Wilson).
    pub success: (f64, f64),
    /// Number of failed trials, by status.
    pub unsound: BTreeMap<Status, usize>,
    /// The first failed trials.
    pub failures: Vec<Failure>,
    /// Expected work to one success, charge included.
    pub ert: Option<Ert>,
    /// 95% interval of `ert` (bootstrap over replicates); the upper end is infinite if successes are rare.
    pub ert_interval: Option<(f64, f64)>,
    /// Mean of work cut at the budget, charge included, with its 95% interval (bootstrap over replicates).
    pub restricted_mean: Option<(f64, f64, f64)>,
    /// Speed-up in work, charge included. Like all effects on work, `None` if most pairs were solved by neither start.
    pub speedup: Option<Effect>,
    /// Ratio of the expected costs of a success, baseline over start, charge included.
    pub cost_ratio: Option<Effect>,
    /// Effect by which the start is ranked, with the interval that is simultaneous over the starts of this problem.
    /// `None` for the baseline, and where starts cannot be compared.
    pub headline: Option<Effect>,
    /// Quantity that the headline compares.
    pub by: By,
    /// Direction of the headline, if it is significant simultaneously over all problems of the domain.
    pub favours_over_all: Option<bool>,
    /// The headline without the charge, for a start that has one: the saving in each use of a start that is made once.
    pub reuse: Option<Effect>,
    /// Number of replicates that detect a difference of this size with a power of 80%.
    pub replicates_needed: Option<usize>,
    /// Speed-up in work, without the charge.
    pub speedup_uncharged: Option<Effect>,
    /// Speed-up in seconds, charge included.
    pub speedup_seconds: Option<Effect>,
    /// Probability that a trial of this start needs less charged work than one of the baseline (A12).
    pub a12: Option<f64>,
    /// Share of replicates in which the start needs less charged work than the baseline.
    pub win_rate: Option<f64>,
    /// Difference of success rates, with its 95% interval (Newcombe) and exact `McNemar` p-value.
    pub success_difference: Option<Effect>,
    /// Median of the quantity by which ends are judged.
    pub end: Option<f64>,
    /// Paired difference of that quantity from the baseline, above 0 if better.
    pub end_difference: Option<Effect>,
    /// Median charge in work units and in seconds.
    pub charge: (f64, f64),
    /// Mean charge, and mean work of one use without the charge (cut at the budget).
    pub means: (f64, f64),
    /// Number of uses that pay back the charge, with its 95% interval (Fieller).
    pub break_even: Option<BreakEven>,
    /// The same if making the start counts as one of the uses, for a start that is made by a use.
    pub break_even_as_use: Option<BreakEven>,
    /// Charged work by which half of the trials have reached their target (Kaplan-Meier).
    pub survival_median: Option<f64>,
    /// Log-rank test against the baseline. It treats replicates as unpaired; for illustration only.
    pub log_rank: Option<LogRank>,
    /// Rates of the optima that were reached, with 95% intervals (Wilson), if the domain names optima.
    pub basins: Option<Basins<Arc<str>>>,
    /// Optimum with the best value, and that value.
    pub best_optimum: Option<(Arc<str>, f64)>,
    /// Recorded metrics, in the domain's order.
    pub metrics: Vec<MetricResults>,
    /// Figures of the result of the first replicate that has any.
    pub figures: Vec<Figure>,
    /// Convergence over work and seconds.
    pub curve: Curve,
    /// Share of solved trials over work and seconds.
    pub solved: Solved,
    /// Whether all of several runs gave the same result for the same work, as without random numbers.
    pub is_one_value: bool,
}

/// Quantity that the headline of a start compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The quantity by which the problem ranks its starts: work to the target, a final metric or a rate.
    Itself,
    /// The expected work to one success with restarts, since some solvers stopped by themselves short of the target.
    Cost,
    /// The final result, since most pairs were solved by neither start.
    End,
    /// Not comparable: most pairs were solved by neither start, and trials end at their target.
    NotReached,
}

/// Results of one metric of a start.
#[derive(Clone, Debug)]
pub struct MetricResults {
    /// Name of the metric.
    pub name: String,
    /// Lower quartile, median and upper quartile over replicates.
    pub quartiles: (f64, f64, f64),
    /// For a share, the mean with its 95% interval: Wilson's for values 0 and 1, otherwise a bootstrap interval.
    pub rate: Option<(f64, f64, f64)>,
    /// Effect against the baseline, above 0 if better.
    pub gained: Option<Effect>,
    /// Decimals that matter; `None` prints three significant digits.
    pub decimals: Option<u8>,
}

impl StartResults {
    /// Returns whether the end is significantly worse than that of the baseline.
    pub fn ends_worse(&self) -> bool {
        let worse =
            |effect: Effect| if effect.p.is_none() { effect.estimate < 0.0 } else { effect.favours == Some(false) };
        self.end_difference.is_some_and(worse)
    }
}

/// Computes the results of one problem. `problems` is the number of problems of the domain, for simultaneous intervals.
pub(super) fn results(info: &DomainInfo, study: &Study, problems: usize) -> ProblemResults {
    let Study { problem, cells, .. } = study;
    let rows = || cells.values().flat_map(|cell| cell.rows.values());
    let is_common =
        |metric: &&str| rows().filter(|row| row.status.is_sound()).all(|row| row.metrics.get(metric).is_some());
    let view = View {
        info,
        problem,
        scope: study.scope(info, Rules::Shown),
        problems,
        budget: rows().map(|row| row.budget).fold(0.0, f64::max),
        tau_seconds: rows().filter(|row| row.status.is_sound()).map(|row| row.seconds).fold(0.0, f64::max),
        scale: curve::scale(info, problem, rows()),
        // All starts of the table, including controls and oracles.
        rivals: cells.len().saturating_sub(1).max(1),
        reach: Reach::of(cells.values().flat_map(|cell| cell.rows.values())),
        names_basins: rows().any(|row| row.basin.is_some()),
        common: info.metrics.iter().map(|metric| metric.name.as_ref()).filter(is_common).collect(),
    };
    let baseline = cells.get(info.baseline());
    let order = info.starts.iter().filter_map(|start| cells.get_key_value(&*start.name));
    let starts = order.map(|(name, cell)| view.start(name, cell, baseline)).collect();
    ProblemResults {
        info: problem.clone(),
        budget: view.budget,
        starts,
        target: stats::median(&rows().filter_map(|row| row.target).collect::<Vec<_>>()),
        own: study.own,
        left_out: study.left_out,
        found: found::found(info, study),
        decimals: found::decimals(info, &problem.judged_by),
        scale: view.scale,
        notes: notes::notes(info, study),
        knobs: None,
        experiment: rows().next().map(|row| row.experiment).unwrap_or_default(),
    }
}

struct View<'a> {
    info: &'a DomainInfo,
    problem: &'a ProblemInfo,
    scope: Scope<'a>,
    problems: usize,
    budget: f64,
    tau_seconds: f64,
    scale: Scale,
    rivals: usize,
    reach: Reach,
    names_basins: bool,
    /// Metrics that every trial recorded, except failed ones. Other metrics are not compared.
    common: Vec<&'a str>,
}

impl View<'_> {
    fn start(&self, name: &str, cell: &Cell, baseline: Option<&Cell>) -> StartResults {
        let rows: Vec<&Row> = cell.rows.values().collect();
        let reached = rows.iter().filter(|row| row.status == Status::Reached).count();
        let spent = all_spent(cell);
        let attempts: Vec<stats::Spent> = rows.iter().map(|row| pairs::attempt_spent(row, true)).collect();
        let mut unsound = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.status.is_sound()) {
            *unsound.entry(row.status).or_insert(0) += 1;
        }
        let ends: Vec<f64> = rows.iter().filter_map(|row| self.end(row)).collect();
        let rival = baseline.filter(|_| name != self.info.baseline());
        let works = |cell: &Cell| cell.rows.values().map(to_target).collect::<Vec<_>>();
        let effect = |estimand: &Estimand, alpha: f64| self.effect(cell, rival?, estimand, alpha);
        // If most pairs were solved by neither start, work is not compared.
        let solved = rival.filter(|rival| pairs::tell_work(cell, rival));
        let work = |estimand: &Estimand| self.effect(cell, solved?, estimand, ALPHA);
        let (by, headline) = rival.map_or((By::Itself, None), |rival| self.headline(cell, rival));
        let at = |alpha: f64| rival.and_then(|rival| self.measured(cell, rival, headline.as_ref()?, alpha));
        let simultaneous = ALPHA / self.rivals as f64;
        let charged = Estimand::Work { charged: true };
        let charges: Vec<f64> = rows.iter().map(|row| row.start_work).collect();
        let uses: Vec<f64> = rows.iter().map(|row| pairs::attempt_spent(row, false).work).collect();
        StartResults {
            name: name.to_owned(),
            n: rows.len(),
            reached,
            success: stats::wilson(reached as u64, rows.len() as u64, ALPHA).unwrap_or((0.0, 1.0)),
            unsound,
            failures: failure::failures(cell),
            ert: stats::ert(&attempts),
            ert_interval: ert_interval(&attempts),
            restricted_mean: restricted_mean(&spent),
            speedup: work(&charged),
            cost_ratio: solved.and_then(|rival| cost_ratio(cell, rival, true, ALPHA)),
            headline: at(simultaneous),
            by,
            favours_over_all: at(simultaneous / self.problems as f64).and_then(|effect| effect.favours),
            reuse: rival.filter(|_| charges.iter().any(|charge| *charge > 0.0)).and_then(|rival| {
                let saved = headline.as_ref()?.uncharged()?;
                self.measured(cell, rival, &saved, simultaneous)
            }),
            replicates_needed: rival.and_then(|rival| self.replicates_needed(cell, rival, headline.as_ref()?)),
            speedup_uncharged: work(&Estimand::Work { charged: false }),
            speedup_seconds: solved.and_then(|rival| self.seconds(cell, rival)),
            a12: solved.and_then(|rival| stats::a12(&works(cell), &works(rival))),
            win_rate: solved.and_then(|rival| win_rate(cell, rival)),
            success_difference: effect(&Estimand::Success, ALPHA),
            end: stats::median(&ends),
            // Trials that end at their target have no ends to compare.
            end_difference: effect(&Estimand::Final(self.problem.judged_by.clone()), ALPHA)
                .filter(|_| !self.problem.stop_at_target),
            charge: (
                stats::median(&charges).unwrap_or(0.0),
                stats::median(&rows.iter().map(|row| row.start_seconds).collect::<Vec<_>>()).unwrap_or(0.0),
            ),
            means: (mean(&charges), mean(&uses)),
            break_even: solved.and_then(|rival| break_even(cell, rival, false)),
            break_even_as_use: solved
                .filter(|_| self.info.starts.iter().any(|start| start.name == name && start.made_by_a_use))
                .and_then(|rival| break_even(cell, rival, true)),
            survival_median: KaplanMeier::new(&spent).as_ref().and_then(KaplanMeier::median),
            log_rank: solved
                .filter(|rival| !pairs::is_one_value(cell, rival, &charged))
                .and_then(|rival| stats::log_rank(&spent, &all_spent(rival))),
            basins: self.basins(&rows),
            best_optimum: self.best_optimum(&rows),
            metrics: self.metrics(&rows, &|estimand| effect(estimand, ALPHA)),
            figures: rows.iter().find(|row| !row.figures.is_empty()).map_or_else(Vec::new, |row| row.figures.clone()),
            solved: solved::of(cell),
            is_one_value: pairs::are_equal(&rows),
            curve: curve::of(cell, self.info.direction, self.scale, &self.reach),
        }
    }

    fn end(&self, row: &Row) -> Option<f64> {
        row.quantity(&self.problem.judged_by)
    }

    fn effect(&self, cell: &Cell, rival: &Cell, estimand: &Estimand, alpha: f64) -> Option<Effect> {
        let sample = pairs::sample(cell, rival, estimand, self.scope);
        let mut effect =
            effect(&sample, estimand, alpha / 2.0, alpha / 2.0, pairs::is_one_value(cell, rival, estimand))?;
        // Two differences may cancel up to rounding in a pseudo-median.
        if let Estimand::Final(quantity) = estimand
            && effect.estimate.abs() <= self.scope.noise(quantity)
        {
            effect.estimate = 0.0;
        }
        Some(effect)
    }

    /// Selects the effect by which a start is ranked. If most pairs were solved by neither start, work is not compared.
    /// If a solver stopped by itself short of the target, the costs of a success with restarts are compared.
    fn headline(&self, cell: &Cell, rival: &Cell) -> (By, Option<Measure>) {
        let stopped = |cell: &Cell| cell.rows.values().any(|row| row.status == Status::Converged);
        match &self.problem.headline {
            Estimand::Work { .. } if !pairs::tell_work(cell, rival) => {
                let end = Measure::Paired(Estimand::Final(self.problem.judged_by.clone()));
                if self.problem.stop_at_target { (By::NotReached, None) } else { (By::End, Some(end)) }
            }
            Estimand::Work { charged } if stopped(cell) || stopped(rival) => {
                (By::Cost, Some(Measure::Cost { charged: *charged }))
            }
            estimand => (By::Itself, Some(Measure::Paired(estimand.clone()))),
        }
    }

    fn measured(&self, cell: &Cell, rival: &Cell, measure: &Measure, alpha: f64) -> Option<Effect> {
        match measure {
            Measure::Paired(estimand) => self.effect(cell, rival, estimand, alpha),
            Measure::Cost { charged } => cost_ratio(cell, rival, *charged, alpha),
        }
    }

    /// Uses the normal approximation of the signed-rank test (efficiency 3 / pi), at the level of the headline and a
    /// power of 80%; for costs, the width of the interval, which shrinks with the square root of n.
    fn replicates_needed(&self, cell: &Cell, rival: &Cell, measure: &Measure) -> Option<usize> {
        let level = ALPHA / (2.0 * self.rivals as f64);
        let per_pair = match measure {
            Measure::Paired(estimand) => match pairs::sample(cell, rival, estimand, self.scope) {
                Sample::Differences(differences) => stats::standardised_mean(&differences)?,
                Sample::Outcomes(outcomes) => stats::standardised_mean(&as_differences(&outcomes))?,
                Sample::Steps { .. } => return None,
            },
            Measure::Cost { charged } => stats::standardised_mean(&costs_apart(cell, rival, *charged))?,
        };
        stats::replicates_needed(per_pair, level)
    }

    /// Returns `None` if no trial of the problem names an optimum.
    fn basins(&self, rows: &[&Row]) -> Option<Basins<Arc<str>>> {
        let reached: Vec<Option<Arc<str>>> = rows.iter().map(|row| row.basin.clone()).collect();
        self.names_basins.then(|| stats::basins(&reached, ALPHA))?
    }

    fn best_optimum(&self, rows: &[&Row]) -> Option<(Arc<str>, f64)> {
        let named = rows.iter().filter_map(|row| Some((row.basin.clone()?, row.value?)));
        named.min_by(|a, b| self.info.direction.cost(a.1).total_cmp(&self.info.direction.cost(b.1)))
    }

    fn metrics(&self, rows: &[&Row], gained: &dyn Fn(&Estimand) -> Option<Effect>) -> Vec<MetricResults> {
        let results = |metric: &Metric| {
            let name = metric.name.clone();
            let values: Vec<f64> = rows.iter().filter_map(|row| row.metrics.get(&name)).collect();
            let at = |share: f64| stats::quantile(&values, share);
            let happens = metric.counts_as_success() && values.iter().all(|value| [0.0, 1.0].contains(value));
            let estimand =
                if happens { Estimand::Rate(name.clone()) } else { Estimand::Final(Quantity::Metric(name.clone())) };
            Some(MetricResults {
                quartiles: (at(0.25)?, at(0.5)?, at(0.75)?),
                rate: if metric.share { rate(&values) } else { None },
                gained: gained(&estimand).filter(|_| self.common.contains(&&*name)),
                name: name.into_owned(),
                decimals: metric.decimals,
            })
        };
        self.info.metrics.iter().filter_map(results).collect()
    }

    /// A pair that neither start solved is a tie, as for work.
    fn seconds(&self, cell: &Cell, rival: &Cell) -> Option<Effect> {
        let ratio = |(a, b): (&Row, &Row)| {
            let (first, second) =
                (pairs::seconds_spent(a, self.tau_seconds), pairs::seconds_spent(b, self.tau_seconds));
            if first.reached || second.reached { (second.work / first.work).ln() } else { 0.0 }
        };
        let logs = pairs::pairs(cell, rival).map(ratio).collect();
        effect(&Sample::Differences(logs), &Estimand::Work { charged: true }, ALPHA / 2.0, ALPHA / 2.0, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::toy;
    use headstart_rows::sample::row;

    /// Twenty trials for each start. `trial` gives work to target (`None`: missed), charge and end.
    fn of(problem: fn(&mut ProblemInfo), trial: impl Fn(&str, u64) -> (Option<f64>, f64, f64)) -> ProblemResults {
        let info = toy::info();
        let rows = ["far", "pilot"].into_iter().flat_map(|start| (0..20).map(move |replicate| (start, replicate)));
        let rows = rows.map(|(start, replicate)| {
            let (work, charge, end) = trial(start, replicate);
            Row { start_work: charge, value: Some(end), ..row(start, replicate, work) }
        });
        let mut named = info.problems[0].clone();
        problem(&mut named);
        results(&info, &Study::new(named, rows.collect()), 1)
    }

    /// No trial reaches the target. The start with the higher charge has better ends and is better: the charge is
    /// ignored.
    #[test]
    fn if_no_trial_solves_the_ends_are_compared_without_the_charge() {
        let trial = |start: &str, replicate: u64| {
            let noise = (replicate as f64 * 0.7).sin();
            if start == "pilot" { (None, 50.0, noise - 5.0) } else { (None, 0.0, noise) }
        };
        let by_end = of(|problem| problem.stop_at_target = false, trial);
        let pilot = &by_end.starts[1];
        assert_eq!((pilot.by, pilot.headline.unwrap().favours), (By::End, Some(true)));
        assert_eq!((pilot.speedup, pilot.cost_ratio, pilot.win_rate), (None, None, None));
        let stopped = of(|problem| problem.stop_at_target = true, trial);
        assert_eq!((stopped.starts[1].by, stopped.starts[1].headline), (By::NotReached, None));
    }

    #[test]
    fn if_all_trials_solve_work_is_compared() {
        let results = of(
            |_| (),
            |start, replicate| {
                let work = 10.0 + replicate as f64 / 10.0;
                (Some(if start == "pilot" { work } else { 2.0 * work }), 0.0, 0.0)
            },
        );
        let pilot = &results.starts[1];
        assert_eq!(pilot.by, By::Itself);
        assert!((pilot.headline.unwrap().estimate - 2.0).abs() < 1e-9);
        assert!((pilot.cost_ratio.unwrap().estimate - 2.0).abs() < 1e-9);
    }
}
