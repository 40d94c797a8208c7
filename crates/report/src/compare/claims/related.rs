//! Evidence on claims that two quantities are associated over the starts of a problem (Kendall's tau).

use super::combine::{combine, opposite};
use super::{Evidence, Fact, OnProblem, Verdict};
use crate::compare::pairs::{self, Cell, Rules};
use crate::compare::{ALPHA, Effect, Study};
use headstart_domain::claim::Claim;
use headstart_domain::claim::{Estimand, Rule, Sign};
use headstart_domain::info::DomainInfo;
use headstart_domain::{Quantity, Role};
use headstart_rows::Row;
use headstart_stats::{self as stats, Association};

/// Number and seed of the permutations that are drawn where the null distribution cannot be enumerated.
const PERMUTATIONS: u64 = 99_999;
const SEED: u64 = 2;
/// A control is as good as the claimed quantity if its tau falls short by at most this much. Claims of association have
/// no margin; a tenth of the range from no association to the same order was fixed before any such claim had rows.
const CONTROL_WITHIN: f64 = 0.1;

type Points = Vec<(f64, f64)>;

/// A claim of association with its data and unadjusted p-values.
pub(super) struct Related<'a> {
    claim: &'a Claim,
    sign: Sign,
    names: Vec<&'a str>,
    /// Points by problem, one for each start.
    points: Vec<Points>,
    /// With a control: the points of the claim, and those with the control in place of the claimed quantity, for the
    /// starts that have both.
    control: Option<(Vec<Points>, Vec<Points>)>,
    /// One test for each problem, or a single one if pooled.
    tests: Vec<Association>,
}

impl<'a> Related<'a> {
    pub(super) fn new(
        info: &DomainInfo,
        claim: &'a Claim,
        studies: &'a [Study],
        (of, with): (&Estimand, &Estimand),
        sign: Sign,
        rules: Rules,
    ) -> Result<Self, String> {
        let mut on = Vec::new();
        for name in &claim.problems {
            let study = studies.iter().find(|study| !study.own && study.problem.name == *name);
            on.push(study.ok_or_else(|| format!("rows of problem {name} are missing"))?);
        }
        let view = |study| View { info, study, rules, starts_only: claim.starts_only };
        let measured: Vec<Points> = on.iter().map(|study| points(&view(study), of, with)).collect();
        let names: Vec<&str> = claim.problems.iter().map(String::as_str).collect();
        let tests = match claim.rule {
            Rule::Pooled => vec![test(&measured, "these problems")?],
            Rule::Each | Rule::Any => {
                let each = measured.iter().zip(&names);
                each.map(|(points, name)| test(&[points], name)).collect::<Result<_, String>>()?
            }
        };
        let control = claim.control.as_ref().map(|metric| {
            let control = Estimand::Final(Quantity::from(metric.clone()));
            on.iter().map(|study| both(&view(study), (of, &control), with)).unzip()
        });
        Ok(Self { claim, sign, names, points: measured, control, tests })
    }

    /// One-sided p-values of the claimed direction and of the opposite one.
    fn turned(&self, test: &Association) -> (f64, f64) {
        match self.sign {
            Sign::Positive => (test.p_greater, test.p_less),
            Sign::Negative => (test.p_less, test.p_greater),
        }
    }

    /// The strata of each test.
    fn strata(points: &[Points], rule: Rule) -> Vec<&[Points]> {
        if rule == Rule::Pooled { vec![points] } else { points.chunks(1).collect() }
    }

    fn effect(&self, points: &[Points], test: &Association, level: f64) -> Option<Effect> {
        let (low, high) = stats::association_interval(points, level, level)?;
        let (wanted, unwanted) = match self.sign {
            Sign::Positive => (low > 0.0, high < 0.0),
            Sign::Negative => (high < 0.0, low > 0.0),
        };
        let favours = if wanted { Some(true) } else { unwanted.then_some(false) };
        Some(Effect { estimate: test.tau, low, high, p: Some(test.p_two_sided), favours })
    }
}

impl Evidence for Related<'_> {
    fn n(&self) -> usize {
        self.points.iter().map(Vec::len).min().unwrap_or(0)
    }

    fn independent(&self) -> (usize, &'static str) {
        let counts = self.points.iter().map(Vec::len);
        let count = match self.claim.rule {
            Rule::Each => counts.min().unwrap_or(0),
            Rule::Any => counts.max().unwrap_or(0),
            Rule::Pooled => counts.sum(),
        };
        (count, "starts")
    }

    fn least_p(&self) -> f64 {
        combine(self.claim.rule, &self.tests.iter().map(|test| test.least_p).collect::<Vec<_>>())
    }

    fn p(&self) -> (f64, f64) {
        let (wanted, unwanted): (Vec<f64>, Vec<f64>) = self.tests.iter().map(|test| self.turned(test)).unzip();
        (combine(self.claim.rule, &wanted), combine(opposite(self.claim.rule), &unwanted))
    }

    fn effects(&self, level: f64) -> Vec<OnProblem> {
        let names = if self.claim.rule == Rule::Pooled { vec!["pooled"] } else { self.names.clone() };
        let strata = Self::strata(&self.points, self.claim.rule);
        let on = names.into_iter().zip(strata).zip(&self.tests);
        on.filter_map(|((problem, points), test)| {
            Some(OnProblem { problem: problem.to_owned(), effect: self.effect(points, test, level)? })
        })
        .collect()
    }

    fn note(&self) -> String {
        String::new()
    }

    /// `None`: an association over starts is always tested, even if each start has one value.
    fn fact(&self) -> Option<Fact> {
        None
    }

    fn saturation(&self) -> Option<Verdict> {
        None
    }

    fn control_reaches(&self) -> Option<String> {
        None
    }

    fn spread(&self) -> Option<(f64, f64)> {
        let taus = self.points.iter().filter_map(|points| Some(test(&[points], "it").ok()?.tau));
        let ends = taus.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), tau| (low.min(tau), high.max(tau)));
        (self.claim.rule == Rule::Pooled && self.points.len() > 1 && ends.0 <= ends.1).then_some(ends)
    }

    /// None: more replicates do not add starts.
    fn wanting(&self, _: Verdict, _: f64) -> Vec<&str> {
        Vec::new()
    }

    /// Unspecific if the control orders the starts as well as the claimed quantity does.
    fn objection(&self) -> Option<(Verdict, String)> {
        let (ours, theirs) = self.control.as_ref()?;
        let (ours, theirs) = (Self::strata(ours, self.claim.rule), Self::strata(theirs, self.claim.rule));
        let shortfall = |(ours, theirs): (&[Points], &[Points])| {
            let (_, (low, high)) = stats::association_difference(ours, theirs, ALPHA, ALPHA)?;
            Some(match self.sign {
                Sign::Positive => high,
                Sign::Negative => -low,
            })
        };
        let shown: Vec<bool> = ours
            .into_iter()
            .zip(theirs)
            .map(|pair| shortfall(pair).is_some_and(|most| most <= CONTROL_WITHIN))
            .collect();
        let too = if self.claim.rule == Rule::Any { shown.contains(&true) } else { !shown.contains(&false) };
        let name = self.claim.control.as_ref()?;
        too.then(|| {
            (Verdict::Unspecific, format!("the control {name} orders the starts as well (tau within {CONTROL_WITHIN})"))
        })
    }
}

fn test<S: AsRef<[(f64, f64)]>>(strata: &[S], place: &str) -> Result<Association, String> {
    stats::stratified_association(strata, SEED, PERMUTATIONS).ok_or_else(|| {
        format!("an association needs at least two starts that differ in both quantities: too few on {place}")
    })
}

/// Source of the points.
struct View<'a> {
    info: &'a DomainInfo,
    study: &'a Study,
    rules: Rules,
    /// Whether oracles and other algorithms are left out.
    starts_only: bool,
}

/// Returns one point for each start: medians, or a rate, over its replicates. A start whose values are missing in most of
/// its trials has no point; an alias is left out, since it repeats a start.
fn points(view: &View, of: &Estimand, with: &Estimand) -> Points {
    let two = |cell| Some((typical(cell, of)?, typical(cell, with)?));
    let (of_all, with_all): (Vec<f64>, Vec<f64>) = view.cells().filter_map(two).unzip();
    view.tied(of, of_all).into_iter().zip(view.tied(with, with_all)).collect()
}

/// Returns the points of a claim and of its control, for the starts that have both.
fn both(view: &View, (of, control): (&Estimand, &Estimand), with: &Estimand) -> (Points, Points) {
    let three = |cell| Some((typical(cell, of)?, (typical(cell, control)?, typical(cell, with)?)));
    let (of_all, rest): (Vec<f64>, Vec<(f64, f64)>) = view.cells().filter_map(three).unzip();
    let (control_all, with_all): (Vec<f64>, Vec<f64>) = rest.into_iter().unzip();
    let (of, control) = (view.tied(of, of_all), view.tied(control, control_all));
    let with = view.tied(with, with_all);
    (of.into_iter().zip(with.iter().copied()).collect(), control.into_iter().zip(with).collect())
}

impl View<'_> {
    fn cells(&self) -> impl Iterator<Item = &Cell> {
        let is_taken = |name: &str| {
            let is_start = matches!(self.info.role(name), Role::Start | Role::Control);
            self.info.original(name) == name && (is_start || !self.starts_only)
        };
        self.study.cells.iter().filter(move |(name, _)| is_taken(name)).map(|(_, cell)| cell)
    }

    /// Ties final results that are closer than the problem's resolution, as all comparisons do.
    fn tied(&self, estimand: &Estimand, values: Vec<f64>) -> Vec<f64> {
        let is_end = matches!(estimand, Estimand::Final(_) | Estimand::FinalRatio(_));
        let Some(quantity) = estimand.quantity().filter(|_| is_end && self.rules == Rules::Corrected) else {
            return values;
        };
        tie(values, self.info.resolution(&quantity, &self.study.problem))
    }
}

fn typical(cell: &Cell, estimand: &Estimand) -> Option<f64> {
    let rows = || cell.rows.values();
    let of = |row: &Row| match estimand {
        Estimand::Work { charged } => Some(pairs::work_spent(row, *charged).work),
        Estimand::Success | Estimand::Rate(_) => Some(f64::from(u8::from(pairs::succeeded(row, estimand)))),
        Estimand::Final(metric) | Estimand::FinalRatio(metric) => {
            row.quantity(metric).filter(|_| row.status.is_sound())
        }
    };
    let values: Vec<f64> = rows().filter_map(of).collect();
    if 2 * values.len() < cell.rows.len() {
        return None;
    }
    match estimand {
        Estimand::Success | Estimand::Rate(_) => Some(values.iter().sum::<f64>() / values.len() as f64),
        _ => stats::median(&values),
    }
}

/// Sets each run of sorted values with gaps of at most `resolution` to its smallest value.
fn tie(mut values: Vec<f64>, resolution: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (mut group, mut last) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for place in order {
        let value = values[place];
        if value - last > resolution {
            group = value;
        }
        last = value;
        values[place] = group;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::claims::Inference;
    use crate::compare::claims::judge;
    use headstart_domain::toy;
    use headstart_rows::Row;
    use headstart_rows::sample::row;

    const STARTS: u32 = 8;

    /// Eight starts of ten replicates: the metric rises from start to start; `value` and `control` give the other
    /// quantities.
    fn study(name: &str, value: fn(f64) -> f64, control: fn(f64) -> f64) -> Study {
        let rows = (0..STARTS).flat_map(|start| {
            let x = f64::from(start);
            (0..10).map(move |replicate| {
                let noise = 0.01 * (replicate as f64 + 3.0 * x).sin();
                let mut row = Row { value: Some(value(x) + noise), ..row(&format!("s{start}"), replicate, Some(3.0)) };
                row.metrics.insert("distance", x + noise);
                row.metrics.insert("other", control(x) + noise);
                row
            })
        });
        Study::new(
            headstart_domain::catalogue::ProblemInfo {
                name: name.to_owned().into(),
                ..toy::info().problems[0].clone()
            },
            rows.collect(),
        )
    }

    fn verdict(sign: Sign, rule: Rule, control: bool, studies: &[Study]) -> (Verdict, String, Option<f64>) {
        let mut info = toy::info();
        info.claims.truncate(1);
        let claim = &mut info.claims[0];
        let distance = Estimand::metric("distance");
        claim.kind = headstart_domain::Kind::Association { of: distance, with: Estimand::VALUE, sign };
        (claim.rule, claim.control) = (rule, control.then(|| "other".into()));
        claim.problems = studies.iter().map(|study| study.problem.name.to_string()).collect();
        let judged = judge(&info, studies, Inference::FixedSize).remove(0);
        (judged.verdict, judged.note, judged.effects.first().map(|on| on.effect.estimate))
    }

    /// With differences below the resolution as ties, the same rows do not decide the claim.
    #[test]
    fn ends_closer_than_the_resolution_are_ties() {
        let on = |resolution: f64| {
            let mut one = study("p", |x| x, mixed);
            for row in one.cells.values_mut().flat_map(|cell| cell.rows.values_mut()) {
                row.value = row.metrics.get("distance").map(|distance| -1e-7 * distance);
            }
            one.problem.resolution = resolution;
            let mut info = toy::info();
            info.claims.truncate(1);
            let distance = Estimand::metric("distance");
            info.claims[0].kind =
                headstart_domain::Kind::Association { of: distance, with: Estimand::VALUE, sign: Sign::Negative };
            (info.claims[0].rule, info.claims[0].problems) = (Rule::Each, vec!["p".into()]);
            judge(&info, &[one], Inference::FixedSize).remove(0)
        };
        assert_eq!(on(0.0).verdict, Verdict::Supported);
        let tied = on(1e-6);
        assert_ne!(tied.verdict, Verdict::Supported);
        assert_eq!(tied.registered.map(|registered| registered.verdict), Some(Verdict::Supported));
        assert_eq!(tie(vec![3.0, 1.0, 1.05, 1.1, 2.0], 0.06), [3.0, 1.0, 1.0, 1.0, 2.0]);
        assert_eq!(tie(vec![1.0, 1.0, 2.0], 0.0), [1.0, 1.0, 2.0]);
    }

    fn mixed(x: f64) -> f64 {
        (x * 2.1).sin()
    }

    #[test]
    fn an_order_is_found_in_its_direction() {
        let falls = [study("p", |x| -x, mixed)];
        assert_eq!(verdict(Sign::Negative, Rule::Each, false, &falls), (Verdict::Supported, String::new(), Some(-1.0)));
        assert_eq!(verdict(Sign::Positive, Rule::Each, false, &falls).0, Verdict::Refuted);
        let nothing = [study("p", mixed, mixed)];
        assert_eq!(verdict(Sign::Negative, Rule::Each, false, &nothing).0, Verdict::Inconclusive);
    }

    #[test]
    fn problems_combine_by_the_rule() {
        let studies = || [study("p", |x| -x, mixed), study("q", |x| x, mixed)];
        assert_eq!(verdict(Sign::Negative, Rule::Each, false, &studies()).0, Verdict::Refuted);
        assert_eq!(verdict(Sign::Negative, Rule::Any, false, &studies()).0, Verdict::Supported);
        assert_eq!(verdict(Sign::Negative, Rule::Pooled, false, &studies()).0, Verdict::Inconclusive);
    }

    #[test]
    fn a_control_that_tells_the_order_as_well_makes_it_unspecific() {
        let same = [study("p", |x| -x, |x| 2.0 * x)];
        let (found, note, _) = verdict(Sign::Negative, Rule::Each, true, &same);
        assert_eq!(found, Verdict::Unspecific);
        assert!(note.contains("control other"), "{note}");
        let another = [study("p", |x| -x, mixed)];
        assert_eq!(verdict(Sign::Negative, Rule::Each, true, &another).0, Verdict::Supported);
    }

    #[test]
    fn too_few_starts_are_not_judged_and_the_note_says_why() {
        let mut few = study("p", |x| -x, mixed);
        few.cells.retain(|name, _| ["s0", "s1", "s2"].contains(&name.as_str()));
        let (found, note, _) = verdict(Sign::Negative, Rule::Each, false, &[few]);
        assert_eq!(found, Verdict::NotJudged);
        assert!(note.starts_with("3 starts cannot reach"), "{note}");
        let mut one = study("p", |x| -x, mixed);
        one.cells.retain(|name, _| name == "s0");
        let (found, note, _) = verdict(Sign::Negative, Rule::Each, false, &[one]);
        assert!(found == Verdict::NotJudged && note.contains("at least two starts"), "{note}");
    }
}
