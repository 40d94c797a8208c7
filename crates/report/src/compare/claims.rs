//! Judges the claims of a domain. Both directions of all claims of a family are corrected together (Holm).

mod combine;
mod paired;
mod related;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rayon::prelude::*;
use serde::Serialize;

use super::pairs::Rules;
use super::{ALPHA, Effect, Study};
use headstart_domain::claim::{Claim, Estimand, Kind, Rule};
use headstart_domain::info::DomainInfo;
use headstart_stats as stats;

/// Verdict on a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The effect significantly exceeds the margin; of an equivalence, it lies within the bound.
    Supported,
    /// The effect falls significantly short of the margin; of an equivalence, it lies outside the bound.
    Refuted,
    /// Neither direction is significant.
    Inconclusive,
    /// Supported, but the control falls short of the start by significantly less than the margin.
    Unspecific,
    /// Supported, but the final result is significantly worse.
    Invalid,
    /// Nothing is random in the trials, and the claim holds on its list of problems: a fact about these problems only.
    HoldsOnList,
    /// Nothing is random in the trials, and the claim fails on its list of problems.
    FailsOnList,
    /// Both success rates are below 10% on each problem, too low to show a difference.
    Floor,
    /// Both success rates are above 90% on each problem, too high to show a difference.
    Ceiling,
    /// The rows cannot decide the claim: a problem or the control is missing, or there are too few pairs.
    NotJudged,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Self::Supported => "supported",
            Self::Refuted => "refuted",
            Self::Inconclusive => "inconclusive",
            Self::Unspecific => "unspecific",
            Self::Invalid => "invalid",
            Self::HoldsOnList => "holds on the list",
            Self::FailsOnList => "fails on the list",
            Self::Floor => "no information (floor)",
            Self::Ceiling => "no information (ceiling)",
            Self::NotJudged => "not judged",
        })
    }
}

/// How the number of replicates was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inference {
    /// Fixed by the suite before the run.
    FixedSize,
    /// Replicates were added depending on the results: tests must be valid at any stopping time.
    Anytime,
}

/// A claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// The claim as it is registered.
    #[serde(flatten)]
    pub info: Claim,
    /// The verdict by the present rules.
    pub verdict: Verdict,
    /// Number of pairs on the problem that has the fewest; of an association, number of starts.
    pub n: usize,
    /// The effect on each problem, or the one pooled effect, with simultaneous intervals.
    pub effects: Vec<OnProblem>,
    /// Holm-adjusted p-values of "supported" and of "refuted".
    pub p: Option<(f64, f64)>,
    /// Smallest and largest estimate over the problems of a pooled claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<(f64, f64)>,
    /// Where nothing is random: on how many problems the claim holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
    /// The verdict by the rules at registration, if it differs.
    #[serde(rename = "as_registered", skip_serializing_if = "Option::is_none")]
    pub registered: Option<Registered>,
    /// Explanation of the verdict; empty if none is needed.
    pub note: String,
}

/// On how many problems a claim holds, where nothing is random in the trials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Number of problems on which the claim holds.
    pub holds: usize,
    /// Number of problems of the claim.
    pub of: usize,
    /// Number of problems on which the claim must hold.
    pub suffices: usize,
}

/// The verdict before the rules were corrected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Registered {
    /// The verdict by the earlier rules.
    pub verdict: Verdict,
    /// Date of the correction.
    pub corrected: &'static str,
    /// The corrected rule.
    pub why: &'static str,
}

/// Date on which rules were corrected (docs/METHODOLOGY.md, "Corrections").
pub const CORRECTED: &str = "2026-11-30";

/// An effect on one problem, or pooled over problems.
#[derive(Clone, Debug, Serialize)]
pub struct OnProblem {
    /// Name of the problem, or `pooled`.
    pub problem: String,
    /// Effect of the start against the rival; above 1 (ratios) or 0 (differences) it favours the start. Of an
    /// association, Kendall's tau.
    pub effect: Effect,
}

/// Evidence on one claim, before the correction over its family.
trait Evidence {
    /// Number of observations on the problem that has the fewest.
    fn n(&self) -> usize;
    /// Number of independent observations that the rule uses, and their unit.
    fn independent(&self) -> (usize, &'static str);
    /// Smallest one-sided p-value that this number of observations can give.
    fn least_p(&self) -> f64;
    /// Unadjusted one-sided p-values of "supported" and of "refuted".
    fn p(&self) -> (f64, f64);
    /// Effects with intervals; `level` is the error rate of each bound.
    fn effects(&self, level: f64) -> Vec<OnProblem>;
    /// Caveats on the verdict; may be empty.
    fn note(&self) -> String;
    /// Where nothing is random, the number of problems on which the claim holds. Such a claim is not tested.
    fn fact(&self) -> Option<Fact>;
    /// Floor or ceiling, if success rates on all problems are too low or too high to decide the claim.
    fn saturation(&self) -> Option<Verdict>;
    /// Smallest and largest estimate over pooled problems.
    fn spread(&self) -> Option<(f64, f64)>;
    /// Share of the effect that the control reaches, as a sentence.
    fn control_reaches(&self) -> Option<String>;
    /// Reason against a claim whose effect is significant: an invalid or unspecific verdict.
    fn objection(&self) -> Option<(Verdict, String)>;
    /// Problems on which more replicates may change this verdict; `level` is the error rate of each bound.
    fn wanting(&self, verdict: Verdict, level: f64) -> Vec<&str>;
}

fn evidence<'a>(
    info: &'a DomainInfo,
    claim: &'a Claim,
    studies: &'a [Study],
    (inference, rules): (Inference, Rules),
) -> Result<Box<dyn Evidence + Send + Sync + 'a>, String> {
    Ok(match &claim.kind {
        Kind::Superior { .. } | Kind::Equivalent { .. } => {
            Box::new(paired::Paired::new(info, claim, studies, (inference, rules))?)
        }
        Kind::Association { .. } if inference == Inference::Anytime => {
            return Err(
                "an association is tested over starts, so more replicates do not add observations: judge it from a run \
                 with a fixed number of replicates"
                    .into(),
            );
        }
        Kind::Association { of, with, sign } => {
            Box::new(related::Related::new(info, claim, studies, (of, with), *sign, rules)?)
        }
    })
}

/// Judges all claims of a domain by the corrected rules. If the rules at registration give another verdict, both are
/// returned.
pub(super) fn judge(info: &DomainInfo, studies: &[Study], inference: Inference) -> Vec<Judged> {
    let mut judged: Vec<(usize, Judged)> = Vec::new();
    for family in families(info, studies, inference) {
        judged.extend(family.places.iter().copied().zip(family.judged()));
    }
    judged.sort_by_key(|(place, _)| *place);
    let mut judged: Vec<Judged> = judged.into_iter().map(|(_, judged)| judged).collect();
    let older = Family::new(info, studies, (inference, Rules::Registered), is_older);
    for (place, before) in older.places.iter().zip(older.judged()) {
        let now = &mut judged[*place];
        if now.verdict != before.verdict {
            let why = correction(&now.info, now.verdict);
            now.registered = Some(Registered { verdict: before.verdict, corrected: CORRECTED, why });
        }
    }
    judged
}

/// Returns two families: claims that were added later must not change the correction of the earlier ones.
fn families<'a>(info: &'a DomainInfo, studies: &'a [Study], inference: Inference) -> [Family<'a>; 2] {
    let by = (inference, Rules::Corrected);
    [Family::new(info, studies, by, is_older), Family::new(info, studies, by, |claim| !is_older(claim))]
}

/// Whether a claim was registered before the rules were corrected.
fn is_older(claim: &Claim) -> bool {
    &*claim.registered < CORRECTED
}

/// Returns the corrected rule that changed the verdict on a claim.
fn correction(claim: &Claim, verdict: Verdict) -> &'static str {
    match (&claim.kind, verdict) {
        (_, Verdict::HoldsOnList | Verdict::FailsOnList) => {
            "nothing is random in these trials, so the claim is counted on the listed problems and not tested"
        }
        (_, Verdict::Floor | Verdict::Ceiling) => {
            "success rates that are both below 10% or both above 90% cannot refute a difference"
        }
        (Kind::Association { .. }, _) => "final results closer than the problem's resolution are ties",
        (Kind::Equivalent { .. }, _) if claim.rule == Rule::Pooled => {
            "an equivalence must hold on each problem: opposite differences cancel when they are pooled"
        }
        (Kind::Superior { estimand, .. } | Kind::Equivalent { estimand, .. }, _) => match estimand {
            Estimand::Work { .. } => "a pair that neither start solved is a tie, regardless of the charges",
            Estimand::Success | Estimand::Rate(_) => {
                "problems on which both success rates are below 10% or both above 90% provide no evidence"
            }
            // The tests of this claim are the same; only the size of its family differs.
            Estimand::Final(_) | Estimand::FinalRatio(_) => "another claim left the Holm family of the domain",
        },
    }
}

/// Claims that more replicates may decide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// Number of such claims.
    pub claims: usize,
    /// Starts of these claims, including controls, by problem.
    pub starts: BTreeMap<String, BTreeSet<String>>,
}

pub(super) fn open(info: &DomainInfo, studies: &[Study]) -> Open {
    let mut open = Open::default();
    let families = families(info, studies, Inference::Anytime);
    let judged = families.iter().flat_map(|family| {
        family.judged().into_iter().zip(&family.cases).map(|(judged, case)| (judged, case, family.level))
    });
    for (judged, case, level) in judged {
        let Ok(case) = case else { continue };
        let problems = case.wanting(judged.verdict, level);
        open.claims += usize::from(!problems.is_empty());
        for problem in problems {
            let starts = open.starts.entry(problem.to_owned()).or_default();
            let pair = judged.info.kind.pair();
            starts.extend(pair.into_iter().flat_map(|pair| [pair.start, pair.rival]).map(str::to_owned));
            starts.extend(judged.info.control.as_deref().map(str::to_owned));
        }
    }
    open
}

/// Claims of a domain that are corrected together, with their evidence.
struct Family<'a> {
    claims: Vec<&'a Claim>,
    /// Indices of these claims among all claims of the domain.
    places: Vec<usize>,
    cases: Vec<Result<Box<dyn Evidence + Send + Sync + 'a>, String>>,
    /// Level of each one-sided test if all claims with complete rows are tested.
    strictest: f64,
    /// Error rate of each bound of the simultaneous intervals.
    level: f64,
}

impl<'a> Family<'a> {
    fn new(
        info: &'a DomainInfo,
        studies: &'a [Study],
        by: (Inference, Rules),
        belongs: impl Fn(&Claim) -> bool,
    ) -> Self {
        let (places, claims): (Vec<usize>, Vec<&Claim>) =
            info.claims.iter().enumerate().filter(|(_, claim)| belongs(claim)).unzip();
        let cases: Vec<Result<_, String>> = claims.par_iter().map(|claim| evidence(info, claim, studies, by)).collect();
        let complete = cases.iter().flatten().count();
        let strictest = ALPHA / (2 * complete).max(1) as f64;
        let mut family = Self { claims, places, cases, strictest, level: strictest };
        family.level = ALPHA / (2 * family.members().count()).max(1) as f64;
        family
    }

    /// The claims that are tested. Claims about facts are left out, and claims with too few pairs to reach the level.
    /// This depends on the number of pairs and not on their values.
    fn members(&self) -> impl Iterator<Item = &(dyn Evidence + Send + Sync + 'a)> {
        let is_tested =
            |case: &&(dyn Evidence + Send + Sync + 'a)| case.fact().is_none() && case.least_p() <= self.strictest;
        self.cases.iter().flatten().map(|case| &**case).filter(is_tested)
    }

    fn judged(&self) -> Vec<Judged> {
        let raw: Vec<f64> = self.members().flat_map(|case| <[f64; 2]>::from(case.p())).collect();
        let adjusted = stats::holm(&raw).unwrap_or_default();
        let mut adjusted = adjusted.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        let judged = self.claims.iter().zip(&self.cases).map(|(claim, case)| match case {
            Err(why) => Judged::not(claim, why.clone()),
            Ok(case) if case.fact().is_some() => on_list(claim, &**case, self.level),
            Ok(case) if case.least_p() > self.strictest => {
                let why = too_few(&**case, self.strictest);
                let of = Judged::not(claim, why);
                let verdict = case.saturation().unwrap_or(of.verdict);
                Judged { verdict, n: case.n(), effects: case.effects(self.level), ..of }
            }
            Ok(case) => verdict(claim, &**case, adjusted.next().unwrap_or((1.0, 1.0)), self.level),
        });
        judged.collect()
    }
}

fn too_few(case: &dyn Evidence, strictest: f64) -> String {
    let ((n, what), least) = (case.independent(), case.least_p());
    let needed = if what == paired::UNIT {
        format!("; at least {} are needed", (1.0 / strictest).log2().ceil())
    } else {
        String::new()
    };
    format!("{n} {what} cannot reach p = {strictest:.2e} (smallest possible p: {least:.2e}){needed}")
}

fn verdict(claim: &Claim, case: &dyn Evidence, p: (f64, f64), level: f64) -> Judged {
    let (verdict, note) = match (p.0 <= ALPHA, p.1 <= ALPHA) {
        (true, _) => case.objection().unwrap_or_else(|| {
            let parts = [Some(case.note()).filter(|note| !note.is_empty()), case.control_reaches()];
            (Verdict::Supported, parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
        }),
        (false, true) => (Verdict::Refuted, case.note()),
        (false, false) => (case.saturation().unwrap_or(Verdict::Inconclusive), case.note()),
    };
    let of = Judged::not(claim, note);
    Judged { verdict, n: case.n(), effects: case.effects(level), p: Some(p), spread: case.spread(), ..of }
}

/// Judges a claim about problems without randomness: it is counted and not tested.
fn on_list(claim: &Claim, case: &dyn Evidence, level: f64) -> Judged {
    let Some(fact) = case.fact() else { return Judged::not(claim, String::new()) };
    let verdict = if fact.holds >= fact.suffices { Verdict::HoldsOnList } else { Verdict::FailsOnList };
    let note = format!(
        "holds on {} of {} problems; nothing is random in these trials, so this is a fact about these problems, not an \
         estimate for others",
        fact.holds, fact.of
    );
    let of = Judged::not(claim, note);
    Judged { verdict, n: case.n(), effects: case.effects(level), fact: Some(fact), ..of }
}

impl Judged {
    fn not(claim: &Claim, note: String) -> Self {
        let info = claim.clone();
        let (effects, p, spread, fact, registered) = (Vec::new(), None, None, None, None);
        Self { info, verdict: Verdict::NotJudged, n: 0, effects, p, spread, fact, registered, note }
    }

    /// Returns the verdict as tables show it; for a fact, with its counts.
    pub fn verdict_text(&self) -> String {
        match self.fact {
            Some(Fact { holds, of, .. }) => format!("holds on {holds} of {of} (fixed list)"),
            None => self.verdict.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::catalogue::ProblemInfo;
    use headstart_domain::toy;
    use headstart_rows::Status;
    use headstart_rows::sample::row;

    const N: u64 = 20;

    /// Work to target (`None`: cut at the budget) and final value of each replicate of one start.
    type Trials<'a> = &'a dyn Fn(u64) -> (Option<f64>, f64);

    /// Rows of the given starts on a copy of the toy domain's problem.
    fn study(name: &str, starts: &[(&str, Trials)]) -> Study {
        let problem = ProblemInfo { name: name.to_owned().into(), ..toy::info().problems[0].clone() };
        let rows = starts.iter().flat_map(|(start, trials)| {
            (0..N).map(move |replicate| {
                let (work, value) = trials(replicate);
                let mut row = row(start, replicate, work);
                row.value = Some(value);
                row.instance = format!("{name}-{replicate}").as_str().into();
                row
            })
        });
        Study::new(problem, rows.collect())
    }

    fn noise(replicate: u64) -> f64 {
        (replicate as f64 * 0.7).sin() * 0.1
    }

    /// A start that needs about this much work and ends at zero.
    fn about(work: f64) -> impl Fn(u64) -> (Option<f64>, f64) {
        move |replicate| (Some(work * noise(replicate).exp()), 0.0)
    }

    fn cut(replicate: u64) -> (Option<f64>, f64) {
        (None, noise(replicate))
    }

    fn claim(kind: Kind, rule: Rule, problems: &[&str], control: Option<&str>) -> Claim {
        let mut claim = toy::info().claims[0].clone();
        claim.kind = kind;
        claim.rule = rule;
        claim.problems = problems.iter().map(|&name| name.to_owned()).collect();
        claim.control = control.map(|control| control.to_owned().into());
        claim
    }

    fn superior(margin: f64) -> Kind {
        Kind::superior("a", "b", Estimand::Work { charged: true }, margin)
    }

    fn equivalent(within: f64) -> Kind {
        Kind::equivalent("a", "b", Estimand::Work { charged: true }, within)
    }

    fn verdict(claim: Claim, studies: &[Study]) -> (Verdict, String) {
        let info = DomainInfo { claims: vec![claim], ..toy::info() };
        let judged = judge(&info, studies, Inference::FixedSize).remove(0);
        (judged.verdict, judged.note)
    }

    #[test]
    fn a_margin_is_exceeded_missed_or_undecided() {
        let faster = [study("p", &[("a", &about(10.0)), ("b", &about(20.0))])];
        let on = |kind, studies: &[Study]| verdict(claim(kind, Rule::Each, &["p"], None), studies).0;
        assert_eq!(on(superior(1.5), &faster), Verdict::Supported);
        assert_eq!(on(superior(3.0), &faster), Verdict::Refuted);
        let spread = |replicate: u64| (Some(if replicate.is_multiple_of(2) { 10.0 } else { 30.0 }), 0.0);
        let unsure = [study("p", &[("a", &spread), ("b", &about(20.0))])];
        assert_eq!(on(superior(1.2), &unsure), Verdict::Inconclusive);
        assert_eq!(on(equivalent(1.2), &faster), Verdict::Refuted);
        let alike = |replicate: u64| (Some(20.0 * (noise(replicate) + 0.3 * noise(replicate + 5)).exp()), 0.0);
        let same = [study("p", &[("a", &alike), ("b", &about(20.0))])];
        assert_eq!(on(equivalent(1.2), &same), Verdict::Supported);
    }

    #[test]
    fn problems_combine_by_the_rule() {
        let studies = [
            study("fast", &[("a", &about(10.0)), ("b", &about(20.0))]),
            study("slow", &[("a", &about(20.0)), ("b", &about(10.0))]),
        ];
        let by = |rule| verdict(claim(superior(1.2), rule, &["fast", "slow"], None), &studies).0;
        assert_eq!(by(Rule::Each), Verdict::Refuted);
        assert_eq!(by(Rule::Any), Verdict::Supported);
        assert_ne!(by(Rule::Pooled), Verdict::Supported);
        let both = [
            study("fast", &[("a", &about(10.0)), ("b", &about(20.0))]),
            study("slow", &[("a", &about(30.0)), ("b", &about(45.0))]),
        ];
        for rule in [Rule::Each, Rule::Any, Rule::Pooled] {
            assert_eq!(verdict(claim(superior(1.2), rule, &["fast", "slow"], None), &both).0, Verdict::Supported);
        }
    }

    #[test]
    fn a_significantly_worse_end_makes_a_claim_invalid() {
        let worse = |replicate: u64| (Some(10.0 * noise(replicate).exp()), 1.0);
        let mut studies = [study("p", &[("a", &worse), ("b", &about(20.0))])];
        let claim = || claim(superior(1.2), Rule::Each, &["p"], None);
        let (found, note) = verdict(claim(), &studies);
        assert_eq!(found, Verdict::Invalid);
        assert!(note.contains("final value is significantly worse on p"), "{note}");
        studies[0].problem.resolution = 2.0;
        assert_eq!(verdict(claim(), &studies).0, Verdict::Supported, "differences within the resolution are ties");
        studies[0].problem.resolution = 0.0;
        studies[0].problem.stop_at_target = true;
        assert_eq!(
            verdict(claim(), &studies).0,
            Verdict::Supported,
            "ends are not compared where trials stop at the target"
        );
    }

    #[test]
    fn a_control_that_does_as_well_makes_it_unspecific() {
        let claim = || claim(superior(1.3), Rule::Each, &["p"], Some("c"));
        for (control, expected) in [(10.5, Verdict::Unspecific), (5.0, Verdict::Unspecific), (19.0, Verdict::Supported)]
        {
            let trials = [("a", &about(10.0) as Trials), ("b", &about(20.0)), ("c", &about(control))];
            assert_eq!(verdict(claim(), &[study("p", &trials)]).0, expected, "control at {control}");
        }
        let (found, note) = verdict(claim(), &[study("p", &[("a", &about(10.0)), ("b", &about(20.0))])]);
        assert_eq!(found, Verdict::NotJudged, "a control that was not run cannot clear the claim");
        assert!(note.contains("(and c)"), "{note}");
    }

    /// A control that is far better than the start does not explain an equivalence.
    #[test]
    fn a_control_of_an_equivalence_must_be_equivalent() {
        let alike = |replicate: u64| (Some(10.0 * (noise(replicate) + 0.1 * noise(replicate + 5)).exp()), 0.0);
        for (control, expected) in [(10.5, Verdict::Unspecific), (5.0, Verdict::Supported), (19.0, Verdict::Supported)]
        {
            let trials = [("a", &about(10.0) as Trials), ("b", &alike), ("c", &about(control))];
            let claim = claim(equivalent(1.3), Rule::Each, &["p"], Some("c"));
            assert_eq!(verdict(claim, &[study("p", &trials)]).0, expected, "control at {control}");
        }
    }

    #[test]
    fn missing_problems_and_repetitions_are_not_judged() {
        let fast = || study("p", &[("a", &about(10.0)), ("b", &about(20.0))]);
        for rule in [Rule::Each, Rule::Any, Rule::Pooled] {
            let (found, note) = verdict(claim(superior(1.2), rule, &["p", "q"], None), &[fast()]);
            assert_eq!(found, Verdict::NotJudged);
            assert!(note.contains("on q"), "{note}");
        }
        let mut repeated = study("p", &[("a", &|_| (Some(10.0), 0.0)), ("b", &|_| (Some(20.0), 0.0))]);
        for row in repeated.cells.values_mut().flat_map(|cell| cell.rows.values_mut()) {
            row.instance = "the same".into();
        }
        // Beside a random problem, the repetitions of one value count as one pair.
        let mut random = study("q", &[("a", &about(10.0)), ("b", &about(20.0))]);
        for cell in random.cells.values_mut() {
            cell.rows.retain(|replicate, _| *replicate < 3);
        }
        let (found, note) = verdict(claim(superior(1.2), Rule::Each, &["p", "q"], None), &[repeated, random]);
        assert_eq!(found, Verdict::NotJudged, "twenty copies of one value are one value");
        assert!(note.starts_with("1 independent pairs cannot reach"), "{note}");
    }

    fn judged(claim: Claim, studies: &[Study]) -> Judged {
        judge(&DomainInfo { claims: vec![claim], ..toy::info() }, studies, Inference::FixedSize).remove(0)
    }

    /// As in dmrg-2: seven molecules without randomness, and the start ends lower on each.
    #[test]
    fn a_claim_about_a_list_without_randomness_is_a_fact_about_the_list() {
        let fixed = |name: &str, ends: [f64; 2]| {
            let start = |end: f64| move |_| (Some(10.0), end);
            let mut fixed = study(name, &[("a", &start(ends[0])), ("b", &start(ends[1]))]);
            for row in fixed.cells.values_mut().flat_map(|cell| cell.rows.values_mut()) {
                row.instance = name.into();
            }
            fixed
        };
        let kind = || Kind::superior("a", "b", Estimand::VALUE, 0.1);
        let on = |ends: [f64; 2], rule| {
            judged(claim(kind(), rule, &["p", "q"], None), &[fixed("p", [0.0, 1.0]), fixed("q", ends)])
        };
        for rule in [Rule::Each, Rule::Pooled] {
            let holds = on([0.0, 0.2], rule);
            assert_eq!(
                (holds.verdict, holds.verdict_text().as_str()),
                (Verdict::HoldsOnList, "holds on 2 of 2 (fixed list)")
            );
            assert_eq!(holds.registered.map(|before| before.verdict), Some(Verdict::NotJudged));
            assert!(holds.p.is_none() && holds.note.contains("not an estimate for others"), "{}", holds.note);
            assert_eq!(on([0.0, 0.05], rule).verdict, Verdict::FailsOnList);
        }
        assert_eq!(on([0.0, 0.05], Rule::Any).verdict, Verdict::HoldsOnList);
    }

    /// As in kmeans-1: 3 of 50 against 0 of 50 successes cannot refute a claim.
    #[test]
    fn success_rates_at_the_floor_or_ceiling_are_no_information() {
        let first = |count: u64| move |replicate| (if replicate < count { Some(10.0) } else { None }, noise(replicate));
        let of = |a: u64, b: u64, rule| {
            let kind = Kind::superior("a", "b", Estimand::Success, 0.5);
            let judged = judged(claim(kind, rule, &["p"], None), &[study("p", &[("a", &first(a)), ("b", &first(b))])]);
            (judged.verdict, judged.registered.map(|before| before.verdict))
        };
        for rule in [Rule::Each, Rule::Any, Rule::Pooled] {
            assert_eq!(of(1, 0, rule), (Verdict::Floor, Some(Verdict::Refuted)));
            assert_eq!(of(20, 19, rule), (Verdict::Ceiling, Some(Verdict::Refuted)));
            assert_eq!(of(3, 0, rule), (Verdict::Refuted, None));
        }
    }

    /// As in dmrg-5: opposite differences cancel when they are pooled.
    #[test]
    fn an_equivalence_has_to_hold_on_each_problem() {
        let studies = [
            study("p", &[("a", &about(10.0)), ("b", &about(20.0))]),
            study("q", &[("a", &about(20.0)), ("b", &about(10.0))]),
        ];
        let pooled = judged(claim(equivalent(2.5), Rule::Pooled, &["p", "q"], None), &studies);
        assert_eq!((pooled.verdict, pooled.effects.len()), (Verdict::Supported, 2), "within the bound on either");
        let apart = judged(claim(equivalent(1.5), Rule::Pooled, &["p", "q"], None), &studies);
        assert_eq!(apart.verdict, Verdict::Refuted);
        assert_eq!(apart.spread, None, "each problem has its own line");
        let superior = judged(claim(superior(1.5), Rule::Pooled, &["p", "q"], None), &studies);
        let (low, high) = superior.spread.unwrap();
        assert!((low - 0.5).abs() < 1e-9 && (high - 2.0).abs() < 1e-9, "{low} {high}");
    }

    #[test]
    fn later_claims_form_their_own_family() {
        let studies = [study("p", &[("a", &about(10.0)), ("b", &about(20.0))])];
        let first = claim(superior(1.2), Rule::Each, &["p"], None);
        let alone = judged(first.clone(), &studies);
        let mut later = first.clone();
        later.registered = CORRECTED.into();
        let claims = std::iter::repeat_n(later, 9).chain([first]).collect();
        let all = judge(&DomainInfo { claims, ..toy::info() }, &studies, Inference::FixedSize);
        assert_eq!((all.len(), all[9].p), (10, alone.p));
        assert!(all[0].p.unwrap().0 > alone.p.unwrap().0, "nine are a larger family");
    }

    #[test]
    fn pairs_that_neither_start_solved_decide_nothing() {
        let unsolved = || [study("p", &[("a", &cut), ("b", &cut)])];
        for kind in [superior(1.2), equivalent(1.2)] {
            let (found, note) = verdict(claim(kind, Rule::Each, &["p"], None), &unsolved());
            assert_eq!(found, Verdict::Inconclusive);
            assert!(note.contains("solved by neither start on p"), "{note}");
        }
        let mixed = [study("p", &[("a", &cut), ("b", &cut)]), study("q", &[("a", &about(20.0)), ("b", &about(10.0))])];
        let on_both = |rule| verdict(claim(superior(1.2), rule, &["p", "q"], None), &mixed).0;
        assert_eq!(on_both(Rule::Each), Verdict::Refuted, "one problem is significant");
        assert_eq!(on_both(Rule::Any), Verdict::Inconclusive, "the claim may hold on the problem without evidence");
    }

    #[test]
    fn success_and_ends_are_judged_too() {
        let sometimes = |replicate: u64| (if replicate < 4 { Some(10.0) } else { None }, 1.0 + noise(replicate));
        let studies = [study("p", &[("a", &about(10.0)), ("b", &sometimes)])];
        let kind = |estimand, margin| Kind::superior("a", "b", estimand, margin);
        let on = |kind| verdict(claim(kind, Rule::Each, &["p"], None), &studies).0;
        assert_eq!(on(kind(Estimand::Success, 0.3)), Verdict::Supported);
        assert_eq!(on(kind(Estimand::Success, 0.95)), Verdict::Refuted);
        assert_eq!(on(kind(Estimand::VALUE, 0.5)), Verdict::Supported);
        assert_eq!(on(kind(Estimand::VALUE, 2.0)), Verdict::Refuted);
    }

    #[test]
    fn rows_of_another_experiment_are_never_paired() {
        let mut rows: Vec<_> = (0..N).map(|replicate| row("a", replicate, Some(10.0))).collect();
        rows.extend(
            (0..N).map(|replicate| headstart_rows::Row { experiment: "two".into(), ..row("b", replicate, Some(20.0)) }),
        );
        let study = Study::new(toy::info().problems[0].clone(), rows);
        assert_eq!((study.cells.len(), study.left_out), (1, N as usize));
        assert!(study.cells["b"].rows.values().all(|row| row.status == Status::Reached));
    }
}
