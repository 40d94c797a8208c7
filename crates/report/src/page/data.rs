//! Data of the plots as JSON: values of `compare`, rounded to screen resolution.

use serde::Serialize;

use super::mark::Mark;
use super::names::plain;
use crate::compare::{
    Comparison, DomainResults, Effect, ProblemResults, Quartiles, Runtimes, Scale, StartResults, Steps,
};
use crate::figure::y_label;
use crate::table::headline;
use headstart_domain::claim::Estimand;
use headstart_domain::error::Error;
use headstart_stats::BreakEven;

#[derive(Serialize)]
struct ProblemData<'a> {
    unit: &'a str,
    y_label: String,
    log: bool,
    target: Option<f64>,
    by_work: bool,
    ratio: bool,
    effect: String,
    starts: Vec<StartData<'a>>,
}

/// Arrays of four hold charged work, work, charged seconds, seconds. Without a charge, the second entry is left out.
#[derive(Serialize)]
struct StartData<'a> {
    name: &'a str,
    #[serde(flatten)]
    mark: Mark,
    curves: [Option<Band>; 4],
    solved: [Option<Stairs>; 4],
    /// Effects charged, uncharged, in seconds, and headline: estimate and ends, null if infinite.
    effects: [Option<[f64; 3]>; 4],
    charge: f64,
    #[serde(rename = "use")]
    one_use: f64,
    pays: Option<[f64; 3]>,
}

/// Median and quartiles, without points inside constant stretches.
#[derive(Serialize)]
struct Band {
    x: Vec<f64>,
    low: Vec<f64>,
    middle: Vec<f64>,
    high: Vec<f64>,
}

#[derive(Serialize)]
struct Stairs {
    x: Vec<f64>,
    share: Vec<f64>,
}

/// Returns the data of all plots of a problem.
pub(super) fn problem(domain: &DomainResults, problem: &ProblemResults) -> Result<String, Error> {
    let target = problem.target.map(|target| problem.scale.target(target));
    let log = problem.scale != Scale::Linear;
    let frame = Frame::of(problem, log);
    json(&ProblemData {
        unit: &domain.info.work_unit,
        y_label: y_label(problem),
        log,
        target: target.filter(|target| target.is_finite() && (!log || *target > 0.0)),
        by_work: matches!(problem.info.headline, Estimand::Work { .. }),
        ratio: problem.info.headline.is_ratio(),
        effect: plain(&headline(&problem.info).unwrap_or_default()),
        starts: problem.starts.iter().map(|one| start(domain, one, &frame)).collect(),
    })
}

fn start<'a>(domain: &DomainResults, start: &'a StartResults, frame: &Frame) -> StartData<'a> {
    let (curve, solved) = (&start.curve, &start.solved);
    let is_free = start.charge.0 == 0.0;
    let curves = [&curve.points, &curve.uncharged, &curve.seconds, &curve.seconds_uncharged];
    let stairs = [&solved.work, &solved.uncharged, &solved.seconds, &solved.seconds_uncharged];
    let needed = |index: usize| index != 1 || !is_free;
    StartData {
        name: &start.name,
        mark: Mark::of(&domain.info, &start.name),
        curves: std::array::from_fn(|at| frame.band(curves[at]).filter(|_| needed(at))),
        solved: std::array::from_fn(|at| stairs_of(stairs[at]).filter(|_| needed(at))),
        effects: [start.speedup, start.speedup_uncharged, start.speedup_seconds, start.headline]
            .map(|effect| effect.map(three)),
        charge: digits(start.means.0),
        one_use: digits(start.means.1),
        pays: match start.break_even {
            Some(BreakEven::After { uses, low, high }) => Some([uses, low, high].map(digits)),
            Some(BreakEven::Never { .. }) | None => None,
        },
    }
}

fn three(effect: Effect) -> [f64; 3] {
    [effect.estimate, effect.low, effect.high].map(digits)
}

/// Settings that the curves of a problem share.
struct Frame {
    /// Smallest and largest finite value. Failed trials are drawn at the edge.
    ends: (f64, f64),
    /// Decimals on a linear axis.
    decimals: Option<usize>,
}

impl Frame {
    fn of(problem: &ProblemResults, log: bool) -> Self {
        let all = problem.starts.iter().flat_map(|start| &start.curve.points).flat_map(|point| [point.1, point.3]);
        let ends = all
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |ends, value| (ends.0.min(value), ends.1.max(value)));
        let step = ((ends.1 - ends.0) / 4000.0).log10().floor();
        Self { ends, decimals: (!log && step < 0.0 && step > -16.0).then_some(-step as usize) }
    }

    fn band(&self, points: &[Quartiles]) -> Option<Band> {
        if points.is_empty() || self.ends.0 > self.ends.1 {
            return None;
        }
        let y = |value: f64| {
            let value = value.clamp(self.ends.0, self.ends.1);
            match self.decimals {
                Some(decimals) => format!("{value:.decimals$}").parse().unwrap_or(value),
                None => digits(value),
            }
        };
        let rounded: Vec<Quartiles> = points.iter().map(|at| (digits(at.0), y(at.1), y(at.2), y(at.3))).collect();
        let flat = |a: &Quartiles, b: &Quartiles| (a.1, a.2, a.3) == (b.1, b.2, b.3);
        let is_bend = |index: usize| {
            let here = &rounded[index];
            let before = index.checked_sub(1).and_then(|at| rounded.get(at));
            let after = rounded.get(index + 1);
            !(before.is_some_and(|one| flat(one, here)) && after.is_some_and(|one| flat(here, one)))
        };
        let kept: Vec<&Quartiles> = (0..rounded.len()).filter(|at| is_bend(*at)).map(|at| &rounded[at]).collect();
        Some(Band {
            x: kept.iter().map(|at| at.0).collect(),
            low: kept.iter().map(|at| at.1).collect(),
            middle: kept.iter().map(|at| at.2).collect(),
            high: kept.iter().map(|at| at.3).collect(),
        })
    }
}

fn stairs_of(steps: &[(f64, f64)]) -> Option<Stairs> {
    let (x, share) = steps.iter().map(|(x, share)| (digits(*x), digits(*share))).unzip();
    (!steps.is_empty()).then_some(Stairs { x, share })
}

#[derive(Serialize)]
struct PairsData<'a> {
    baseline: MarkedName<'a>,
    pairs: Vec<PairData<'a>>,
}

#[derive(Serialize)]
struct MarkedName<'a> {
    name: &'a str,
    #[serde(flatten)]
    mark: Mark,
}

#[derive(Serialize)]
struct PairData<'a> {
    #[serde(flatten)]
    start: MarkedName<'a>,
    profile: [Area; 2],
    runtime: Option<[Area; 2]>,
}

#[derive(Serialize)]
struct Area {
    area: f64,
    #[serde(flatten)]
    stairs: Stairs,
}

/// Returns performance profiles and runtime distributions of a domain's starts, each with the baseline's.
pub(super) fn pairs(domain: &DomainResults) -> Result<String, Error> {
    let named = |name| MarkedName { name, mark: Mark::of(&domain.info, name) };
    let against = domain.overall.iter().flat_map(|overall| &overall.against);
    json(&PairsData {
        baseline: named(domain.info.baseline()),
        pairs: against
            .map(|against| PairData {
                start: named(&against.start),
                profile: [area(&against.profile.0), area(&against.profile.1)],
                runtime: against.runtime.as_ref().map(|Runtimes { start, baseline, .. }| [area(start), area(baseline)]),
            })
            .collect(),
    })
}

/// Keeps the ends of a step curve and the points at which it rises.
fn area(steps: &Steps) -> Area {
    let (points, last) = (&steps.points, steps.points.len().saturating_sub(1));
    let is_step = |index: usize| index == 0 || index == last || points[index].1 != points[index - 1].1;
    let (x, share) =
        (0..points.len()).filter(|at| is_step(*at)).map(|at| (digits(points[at].0), digits(points[at].1))).unzip();
    Area { area: digits(steps.area), stairs: Stairs { x, share } }
}

#[derive(Serialize)]
struct StripData<'a> {
    name: &'a str,
    points: Vec<StripPoint<'a>>,
}

#[derive(Serialize)]
struct StripPoint<'a> {
    problem: &'a str,
    start: String,
    x: f64,
}

/// Returns whether any problem ranks its starts by work.
pub(super) fn has_strip(comparison: &Comparison) -> bool {
    comparison.domains.iter().flat_map(|domain| &domain.summary.best).any(|best| best.speedup.is_some())
}

/// Returns the best start of every problem that ranks starts by work.
pub(super) fn strip(comparison: &Comparison) -> Result<String, Error> {
    let all = comparison.domains.iter().map(|domain| {
        let best = domain.summary.best.iter();
        let points = best.filter_map(|best| {
            let x = digits(best.speedup.filter(|x| *x > 0.0 && x.is_finite())?);
            Some(StripPoint { problem: &best.problem, start: best.starts.join(", "), x })
        });
        StripData { name: &domain.info.name, points: points.collect() }
    });
    json(&all.filter(|domain| !domain.points.is_empty()).collect::<Vec<_>>())
}

/// Rounds to four significant digits.
fn digits(value: f64) -> f64 {
    if value.is_finite() { format!("{value:.3e}").parse().unwrap_or(value) } else { value }
}

/// Returns JSON for a script element; `<` is escaped, so that no text ends the script.
fn json(value: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(value).map_err(|error| Error::Domain(error.into()))?;
    Ok(text.replace('<', "\\u003c"))
}
