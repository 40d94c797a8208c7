//! Tunes one problem: every start with the same settings on the same replicates, on streams that no judged trial uses.
//!
//! If the best setting of a start lies on the edge of its grid, the grid is widened there, for all starts of the problem.
//! This is repeated until no best setting lies on an edge, or the grids have been widened six times. The decision depends
//! only on the rows of all trials of a round, so the same seed gives the same picks for any number of workers.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;

use crate::grid::{End, Grid, WIDENINGS};
use crate::plan::Plan;
use crate::tuned::{self, best, points};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::{Estimand, Quantity};
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Settings;
use headstart_domain::recipe::Recipe;
use headstart_domain::seed::Seeds;
use headstart_domain::trace;
use headstart_domain::trial::{Purpose, Trial, key};
use headstart_report::compare::{aim as set_target, final_cost, succeeded, work_spent};
use headstart_rows::Row;
use headstart_rows::{Aim, Tried, TunedProblem, TunedStart};
use headstart_stats as stats;

/// Points that a trace keeps. A target that is a best value is known only when all trials of a replicate have ended; it is
/// then looked up in the traces.
const TRACE_POINTS: usize = 5_000;

/// The tuning of one problem.
pub(crate) struct Tuning<'a> {
    pub(crate) info: &'a DomainInfo,
    pub(crate) problem: &'a ProblemInfo,
    pub(crate) seed: u64,
    pub(crate) replicates: u64,
    pub(crate) budget: f64,
}

impl Tuning<'_> {
    /// Whether `known` is a result of this same tuning.
    pub(crate) fn is_done(&self, known: &TunedProblem) -> bool {
        (known.seed, known.replicates, known.version) == (self.seed, self.replicates, self.info.version)
            && known.budget == self.budget
            && known.picked_for.as_ref() == Some(&tuned::aim(self.info, self.problem))
            && self.problem.starts.iter().all(|start| known.start.contains_key(start))
            && tuned::check(known, self.info, self.problem).is_ok()
    }

    /// Tunes in rounds. `run` must pass all rows of a plan to the evidence; returns `None` if some are missing.
    pub(crate) fn search(
        &self,
        mut run: impl FnMut(Plan, &mut Evidence) -> Result<(), Error>,
    ) -> Result<Option<TunedProblem>, Error> {
        let mut evidence = self.evidence();
        loop {
            run(self.plan(&evidence)?, &mut evidence)?;
            let Some(found) = evidence.choose() else { return Ok(None) };
            if !evidence.widen(&found) {
                return Ok(Some(found));
            }
        }
    }

    /// Returns the trials of the next round: every start with every setting not tried yet. There is one group for each
    /// replicate, so that all trials that are compared share an instance.
    pub(crate) fn plan(&self, evidence: &Evidence) -> Result<Plan, Error> {
        let recipe = Recipe {
            domain: self.info.name.clone(),
            version: self.info.version,
            problem: self.problem.name.to_string(),
            starts: self.problem.starts.clone(),
            budget: self.budget,
            trace_points: TRACE_POINTS,
            references: None,
            own: None,
            knobs: None,
        };
        let mut plan = Plan::default();
        for replicate in 0..self.replicates {
            let mut group = Vec::new();
            for start in &self.problem.starts {
                let trial = recipe.trial(self.seed, replicate, start, None)?;
                for knobs in evidence.open() {
                    let key = key(trial.experiment, start, replicate, knobs)?;
                    group.push(Trial { purpose: Purpose::Tuning, key, knobs: knobs.clone(), ..trial.clone() });
                }
            }
            let seeds = Seeds::new(self.seed, &self.info.name, &self.problem.name, replicate).tuning();
            group.shuffle(&mut seeds.order());
            plan.groups.push(group);
        }
        Ok(plan)
    }

    /// Returns empty evidence with the declared grids.
    pub(crate) fn evidence(&self) -> Evidence<'_> {
        let knobs = self.info.knobs_of(&self.problem.name);
        let grids: Vec<Grid> = knobs.iter().map(|knob| Grid::declared(knob)).collect();
        let settings = points(&grids);
        Evidence {
            tuning: self,
            aim: tuned::aim(self.info, self.problem),
            grids,
            settings,
            tried: 0,
            rows: BTreeMap::new(),
            widened: 0,
        }
    }
}

/// Results of the trials so far.
pub(crate) struct Evidence<'a> {
    tuning: &'a Tuning<'a>,
    aim: Aim,
    grids: Vec<Grid>,
    /// All settings, in the order in which they are tried.
    settings: Vec<Settings>,
    /// Number of settings tried before the last widening.
    tried: usize,
    /// Rows by start, index of the setting, and replicate.
    rows: BTreeMap<(String, usize, u64), Row>,
    /// Number of widenings so far.
    widened: u32,
}

/// The relevant quantities of one trial. Smaller costs are better; a missing cost is infinite.
#[derive(Clone, Debug)]
struct Seen {
    reached: bool,
    sound: bool,
    succeeded: bool,
    work: f64,
    end: f64,
    headline: f64,
    spent: f64,
}

impl Evidence<'_> {
    /// The settings to try next.
    fn open(&self) -> &[Settings] {
        &self.settings[self.tried..]
    }

    /// Returns how often the grids were widened.
    pub(crate) fn widened(&self) -> u32 {
        self.widened
    }

    /// Returns the current grids as text, for messages.
    pub(crate) fn grids(&self) -> String {
        let texts: Vec<String> = self.grids.iter().map(|grid| format!("{} {:?}", grid.name, grid.values)).collect();
        texts.join(", ")
    }

    /// Adds a row. Rows may come in any order.
    pub(crate) fn take(&mut self, mut row: Row) {
        let Some(setting) = self.settings.iter().position(|known| *known == row.knobs) else { return };
        if self.tuning.problem.within.is_some() {
            // The target moves with every better value, but only points that improve on all earlier ones can reach it first.
            trace::resample(&mut row.trace, TRACE_POINTS, self.tuning.info.direction);
            row.trace.shrink_to_fit();
        } else {
            row.trace = Vec::new();
        }
        self.rows.insert((row.start.to_string(), setting, row.replicate), row);
    }

    /// The target of each replicate, as a cost, in place of a stored reference: the best value of all these trials, plus
    /// the problem's distance `within`.
    fn targets(&self) -> BTreeMap<u64, f64> {
        let Tuning { info, problem, .. } = self.tuning;
        let mut targets = BTreeMap::new();
        let Some(within) = problem.within else { return targets };
        for row in self.rows.values() {
            let target = row.best(info.direction).map_or(f64::INFINITY, |best| info.direction.cost(best) + within);
            let known = targets.entry(row.replicate).or_insert(f64::INFINITY);
            *known = target.min(*known);
        }
        targets
    }

    fn seen(&self, row: &Row, targets: &BTreeMap<u64, f64>) -> Seen {
        let Tuning { info, problem, .. } = self.tuning;
        let target = targets.get(&row.replicate).filter(|_| row.status.is_sound());
        let Some(target) = target else { return Seen::new(row, info, problem, &self.aim) };
        let mut row = row.clone();
        set_target(&mut row, info.direction, *target);
        Seen::new(&row, info, problem, &self.aim)
    }

    /// Picks the best setting of every start; `None` if trials are missing.
    pub(crate) fn choose(&self) -> Option<TunedProblem> {
        let Tuning { info, problem, seed, replicates, budget } = self.tuning;
        let targets = self.targets();
        let mut start = BTreeMap::new();
        for name in &problem.starts {
            let mut tried = Vec::new();
            let mut spent = 0.0;
            for knobs in points(&self.grids) {
                let setting = self.settings.iter().position(|known| *known == knobs)?;
                let row = |replicate| self.rows.get(&(name.clone(), setting, replicate));
                let seen = (0..*replicates).map(|replicate| Some(self.seen(row(replicate)?, &targets)));
                let seen: Vec<Seen> = seen.collect::<Option<_>>()?;
                spent += seen.iter().map(|one| one.spent).sum::<f64>();
                tried.push(self.summarise(&knobs, &seen));
            }
            let chosen = best(&tried, info, problem, &self.aim)?.knobs.clone();
            let at_edge = self.grids.iter().filter(|grid| grid.end_at(value_of(&chosen, grid)).is_some());
            let at_edge = at_edge.map(|grid| grid.name.clone()).collect();
            start.insert(name.clone(), TunedStart { knobs: chosen, at_edge, cost: spent, tried });
        }
        Some(TunedProblem {
            version: info.version,
            seed: *seed,
            replicates: *replicates,
            budget: *budget,
            picked_for: Some(self.aim.clone()),
            grid: self.grids.iter().map(|grid| (grid.name.clone(), grid.values.clone())).collect(),
            widened: self.widened,
            start,
        })
    }

    /// Widens the grids on whose edges picks lie, for all starts. Returns `false` if no grid can be widened, or if they have
    /// been widened `WIDENINGS` times.
    pub(crate) fn widen(&mut self, found: &TunedProblem) -> bool {
        if self.widened == WIDENINGS {
            return false;
        }
        let mut is_wider = false;
        for (knob, end) in self.ends(found) {
            is_wider |= self.grids[knob].widen(end);
        }
        if is_wider {
            self.widened += 1;
            self.tried = self.settings.len();
            let new: Vec<Settings> =
                points(&self.grids).into_iter().filter(|point| !self.settings.contains(point)).collect();
            self.settings.extend(new);
        }
        is_wider
    }

    /// The ends on which a pick lies, with the index of the grid. If all settings of a start are equally good (it diverges
    /// with each), the first is picked, so the grid is extended downwards.
    fn ends(&self, found: &TunedProblem) -> BTreeSet<(usize, End)> {
        let mut ends = BTreeSet::new();
        for start in found.start.values() {
            for (place, grid) in self.grids.iter().enumerate() {
                ends.extend(grid.end_at(value_of(&start.knobs, grid)).map(|end| (place, end)));
            }
        }
        ends
    }

    fn summarise(&self, knobs: &Settings, seen: &[Seen]) -> Tried {
        let Tuning { info, problem, .. } = self.tuning;
        let median = |of: fn(&Seen) -> f64| {
            let values: Vec<f64> = seen.iter().map(of).collect();
            stats::median(&values).filter(|median| median.is_finite())
        };
        // `Direction::cost` is its own inverse.
        let value = |quantity: &Quantity, cost: Option<f64>| Some(info.direction_of(quantity)?.cost(cost?));
        let count = |of: fn(&Seen) -> bool| seen.iter().filter(|one| of(one)).count() as u64;
        let headline = match &problem.headline {
            Estimand::Work { .. } | Estimand::Success => None,
            Estimand::Final(metric) | Estimand::FinalRatio(metric) => value(metric, median(|one| one.headline)),
            Estimand::Rate(_) => Some(seen.iter().map(|one| one.headline).sum::<f64>() / seen.len() as f64),
        };
        Tried {
            knobs: knobs.clone(),
            n: seen.len() as u64,
            reached: count(|one| one.reached),
            succeeded: matches!(self.aim, Aim::Rate(_)).then(|| count(|one| one.succeeded)),
            failed: count(|one| !one.sound),
            work: median(|one| one.work),
            end: value(&problem.judged_by, median(|one| one.end)),
            headline,
        }
    }
}

/// The value of a hyperparameter; NaN if the settings lack it.
fn value_of(knobs: &Settings, grid: &Grid) -> f64 {
    knobs.get(&grid.name).unwrap_or(f64::NAN)
}

impl Seen {
    fn new(row: &Row, info: &DomainInfo, problem: &ProblemInfo, aim: &Aim) -> Self {
        let charged = !matches!(problem.headline, Estimand::Work { charged: false });
        let to_target = work_spent(row, charged);
        Self {
            reached: to_target.reached,
            sound: row.status.is_sound(),
            succeeded: matches!(aim, Aim::Rate(metric) if succeeded(row, &Estimand::Rate(metric.clone().into()))),
            work: if to_target.reached { to_target.work } else { f64::INFINITY },
            end: final_cost(row, &problem.judged_by, info),
            headline: match &problem.headline {
                Estimand::Work { .. } | Estimand::Success => 0.0,
                Estimand::Final(metric) | Estimand::FinalRatio(metric) => final_cost(row, metric, info),
                Estimand::Rate(_) => f64::from(u8::from(succeeded(row, &problem.headline))),
            },
            spent: row.start_work + row.work,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::inline;
    use crate::tuned::Tuned;
    use headstart_domain::claim::{Claim, Kind, Sign};
    use headstart_domain::digest::Digest;
    use headstart_domain::entry::Entry;
    use headstart_domain::knob::Knob;
    use headstart_domain::toy::Geared;
    use headstart_rows::Status;

    fn entry() -> Entry {
        Entry::of::<Geared>()
    }

    fn rows(plan: &Plan) -> Vec<Row> {
        let mut rows = Vec::new();
        inline(plan, &[entry()], |_, outcome| {
            rows.push(outcome.row);
            Ok(())
        })
        .unwrap();
        rows
    }

    fn tuned(info: &DomainInfo, problem: &str, change: impl Fn(&mut [Row])) -> TunedProblem {
        let problem = info.problem(problem).unwrap();
        let tuning = Tuning { info, problem, seed: 7, replicates: 5, budget: info.budget };
        let found = tuning.search(|plan, evidence| {
            assert_eq!(evidence.choose(), None, "nothing is picked on part of the trials");
            let mut rows = rows(&plan);
            change(&mut rows);
            for row in rows {
                evidence.take(row);
            }
            Ok(())
        });
        let found = found.unwrap().unwrap();
        assert_eq!(tuned::check(&found, info, problem), Ok(()));
        assert!(tuning.is_done(&found));
        found
    }

    fn plain(info: &DomainInfo, problem: &str) -> TunedProblem {
        tuned(info, problem, |_| ())
    }

    #[test]
    fn every_start_gets_the_same_trials_and_its_own_best_setting() {
        let info = entry().0.info();
        for problem in ["known", "sought"] {
            let found = plain(&info, problem);
            assert_eq!(found, tuned(&info, problem, <[Row]>::reverse), "independent of the order in which trials end");
            let [calm, wild] = ["calm", "wild"].map(|start| &found.start[start]);
            assert_eq!((calm.knobs.get("rate"), calm.at_edge.len()), (Some(0.9), 0), "{problem}: {calm:?}");
            assert_eq!((wild.knobs.get("rate"), wild.at_edge.len()), (Some(0.5), 0), "{problem}: {wild:?}");
            // One pick lay on an edge; the grid was widened for both starts.
            assert_eq!(found.widened, 1);
            for start in [calm, wild] {
                let tried: Vec<(String, u64)> = start.tried.iter().map(|one| (one.knobs.to_string(), one.n)).collect();
                let expected = ["rate = 0.01", "rate = 0.1", "rate = 0.5", "rate = 0.9", "rate = 1.62"];
                assert_eq!(tried, expected.map(|text| (text.to_owned(), 5)));
            }
        }
        let fixed = info.problem("fixed").unwrap();
        let tuning = Tuning { info: &info, problem: fixed, seed: 7, replicates: 5, budget: 10.0 };
        assert_eq!(
            tuning.plan(&tuning.evidence()).unwrap().trials().filter(|trial| !trial.knobs.is_empty()).count(),
            0
        );
    }

    fn with_grid(values: &[f64]) -> DomainInfo {
        let mut info = entry().0.info();
        info.knobs[0].grid = values.to_vec().into();
        info
    }

    #[test]
    fn a_pick_on_an_edge_widens_the_grid() {
        let found = plain(&with_grid(&[0.01, 0.03]), "known");
        assert_eq!((&found.grid["rate"], found.widened), (&vec![0.01, 0.03, 0.09, 0.27, 0.81, 2.43], 4));
        assert_eq!(found.start["calm"].knobs.get("rate"), Some(0.81));
        assert!(found.start.values().all(|start| start.at_edge.is_empty() && start.tried.len() == 6));
        // The cost includes all settings tried, whichever start caused the widening.
        let few = plain(&with_grid(&[0.01, 0.03, 0.09, 0.27, 0.81, 2.43]), "known");
        assert_eq!((few.widened, &few.start), (0, &found.start), "the same as with a wider declared grid");

        // At most six times; then a note names the edge.
        let found = plain(&with_grid(&[0.001, 0.0011]), "known");
        assert_eq!((found.grid["rate"].len(), found.widened), (8, 6));
        assert_eq!(found.start["calm"].at_edge, ["rate"]);
        let info = with_grid(&[0.001, 0.0011]);
        let problem = info.problem("known").unwrap();
        let mut assignment =
            crate::assignment::defaults(&info, "known", &info.knobs_of("known"), problem.starts.iter());
        (assignment.source, assignment.tuning) = (headstart_rows::Source::Tuned, Some(found));
        let notes = assignment.summary();
        assert!(notes[0].contains("8 settings, on 5 held-out replicates"), "{notes:?}");
        assert!(notes[1].contains("lies at the edge of the grid even after widening it 6 times"), "{notes:?}");
    }

    #[test]
    fn a_natural_limit_is_not_an_edge() {
        let found = plain(&with_grid(&[0.0, 0.5, 1.0]), "known");
        let calm = &found.start["calm"];
        assert_eq!((calm.knobs.get("rate"), calm.at_edge.len(), found.widened), (Some(1.0), 0, 0), "{calm:?}");
    }

    #[test]
    fn a_start_whose_trials_all_fail_is_tried_further_down() {
        let fail = |row: &mut Row| {
            if row.knobs.get("rate").is_some_and(|rate| rate > 2e-4) {
                (row.status, row.work_to_target, row.seconds_to_target) = (Status::Failed, None, None);
            }
        };
        let found = tuned(&entry().0.info(), "known", |rows| rows.iter_mut().for_each(fail));
        let calm = &found.start["calm"];
        // 0.001 fails as well, 0.0001 does not, 0.00001 ends higher.
        assert_eq!((calm.knobs.get("rate"), calm.at_edge.len(), found.widened), (Some(1e-4), 0, 3));

        // The same if every setting diverges without failing. If widening does not help, the edge is recorded.
        let miss = |row: &mut Row| {
            (row.status, row.value) = (Status::Budget, Some(4.0));
            (row.work_to_target, row.seconds_to_target) = (None, None);
        };
        let found = tuned(&entry().0.info(), "known", |rows| rows.iter_mut().for_each(miss));
        let calm = &found.start["calm"];
        assert_eq!((calm.knobs.get("rate"), &calm.at_edge, found.widened), (Some(1e-8), &vec!["rate".to_owned()], 6));
    }

    fn claim(kind: Kind, problem: &str) -> Claim {
        Claim { problems: vec![problem.to_owned()], ..Claim::new("geared-1", "", "this file", "2026-11-30", kind) }
    }

    #[test]
    fn the_criterion_follows_the_claims() {
        let aim = |kinds: Vec<Kind>| {
            let mut info = entry().0.info();
            info.claims = kinds.into_iter().map(|kind| claim(kind, "known")).collect();
            assert_eq!(tuned::aim(&info, info.problem("sought").unwrap()), Aim::Headline, "another problem");
            tuned::aim(&info, info.problem("known").unwrap())
        };
        let superior = |estimand| Kind::superior("calm", "wild", estimand, 0.1);
        let work = || superior(Estimand::Work { charged: true });
        assert_eq!(aim(Vec::new()), Aim::Headline);
        assert_eq!(aim(vec![work(), superior(Estimand::VALUE)]), Aim::Headline);
        assert_eq!(aim(vec![work(), superior(Estimand::Success), work()]), Aim::Success);
        assert_eq!(aim(vec![superior(Estimand::rate("near")), work()]), Aim::Rate("near".into()));
        assert_eq!(aim(vec![superior(Estimand::rate("near")), superior(Estimand::Success)]), Aim::Success);
        let order = Kind::Association { of: Estimand::VALUE, with: Estimand::Success, sign: Sign::Negative };
        assert_eq!(aim(vec![order]), Aim::Success);
    }

    /// 816 units with 4 of 5 successes, and 888 units with 5 of 5.
    fn surer_or_sooner(rows: &mut [Row]) {
        for row in rows {
            let work = match (row.knobs.get("rate"), row.replicate) {
                (Some(0.1), 0..4) => Some(816.0),
                (Some(0.5), _) => Some(888.0),
                _ => None,
            };
            row.budget = 2000.0;
            row.status = if work.is_some() { Status::Reached } else { Status::Budget };
            (row.work_to_target, row.seconds_to_target) = (work, work);
            row.metrics.insert("near", f64::from(u8::from(row.knobs.get("rate") == Some(0.5))));
        }
    }

    #[test]
    fn the_surer_setting_is_picked_for_success_and_the_sooner_for_work() {
        let mut info = entry().0.info();
        let pick = |info: &DomainInfo| {
            let found = tuned(info, "known", surer_or_sooner);
            let wild = found.start["wild"].knobs.get("rate");
            assert_eq!(found.start["calm"].knobs.get("rate"), wild);
            (wild.unwrap(), found.picked_for.clone().unwrap(), found)
        };
        let (rate, aim, by_work) = pick(&info);
        assert_eq!((rate, aim), (0.1, Aim::Headline));
        for (estimand, expected) in
            [(Estimand::Success, Aim::Success), (Estimand::rate("near"), Aim::Rate("near".into()))]
        {
            info.claims = vec![claim(Kind::superior("calm", "wild", estimand, 0.1), "known")];
            let (rate, aim, found) = pick(&info);
            assert_eq!((rate, &aim), (0.5, &expected));
            let succeeded = found.start["calm"].tried.iter().map(|tried| tried.succeeded).collect::<Vec<_>>();
            let counted = expected != Aim::Success;
            assert_eq!(succeeded, [0, 0, 5, 0].map(|count| counted.then_some(count)));
            round_trip(&found);

            // A pick made by another rule stays valid, but the tuning does not count as done.
            let problem = info.problem("known").unwrap();
            let tuning = Tuning { info: &info, problem, seed: 7, replicates: 5, budget: info.budget };
            let old = TunedProblem { picked_for: None, ..by_work.clone() };
            assert_eq!(tuned::check(&old, &info, problem), Ok(()));
            assert!(!tuning.is_done(&old) && !tuning.is_done(&by_work));
            let relabelled = TunedProblem { picked_for: Some(Aim::Success), ..by_work.clone() };
            let refusal = tuned::check(&relabelled, &info, problem).unwrap_err();
            assert!(refusal.contains("the pick is rate = 0.1, but the evidence favours rate = 0.5"), "{refusal}");
        }
    }

    fn round_trip(found: &TunedProblem) {
        let tuned = Tuned { problem: [("known".to_owned(), found.clone())].into() };
        let dir = tempfile::tempdir().unwrap();
        let path = Tuned::path(dir.path(), "geared");
        tuned.write(&path).unwrap();
        assert_eq!(Tuned::read(&path).unwrap(), Some(tuned));
    }

    /// An older file, without `picked_for` and `widened`, is written and read back without them.
    #[test]
    fn old_files_can_be_told_from_new_ones() {
        let new = plain(&entry().0.info(), "known");
        let old = TunedProblem { picked_for: None, widened: 0, ..new.clone() };
        let text = |entry: &TunedProblem| {
            let dir = tempfile::tempdir().unwrap();
            let path = Tuned::path(dir.path(), "geared");
            Tuned { problem: [("known".to_owned(), entry.clone())].into() }.write(&path).unwrap();
            std::fs::read_to_string(path).unwrap().split_once("\n\n").unwrap().1.to_owned()
        };
        assert!(text(&new).contains("\npicked_for = \"headline\"\n") && text(&new).contains("\nwidened = 1\n"));
        assert!(!text(&old).contains("picked_for") && !text(&old).contains("widened"));
        let json = serde_json::to_string(&old).unwrap();
        assert!(!json.contains("picked_for") && !json.contains("widened") && !json.contains("succeeded"));
        round_trip(&old);
        round_trip(&new);
    }

    /// With the same seed and replicates, tuning and judged trials share no instance and no trial.
    #[test]
    fn tuning_shares_nothing_with_judged_trials() {
        let info = entry().0.info();
        let problem = info.problem("known").unwrap();
        let tuning = Tuning { info: &info, problem, seed: 7, replicates: 20, budget: info.budget };
        let plan = tuning.plan(&tuning.evidence()).unwrap();
        let judged = |trial: &Trial| Trial { purpose: Purpose::Judged, ..trial.clone() };
        let groups = plan.groups.iter().map(|group| group.iter().map(judged).collect()).collect();
        let (tuning, judged) = (rows(&plan), rows(&Plan { groups, ..Plan::default() }));
        assert_eq!((tuning.len(), judged.len()), (160, 160));
        let all = |rows: &[Row], of: fn(&Row) -> Digest| rows.iter().map(of).collect::<BTreeSet<_>>();
        for of in [|row: &Row| row.instance, |row: &Row| row.state, |row: &Row| row.digest] {
            let (tuning, judged) = (all(&tuning, of), all(&judged, of));
            assert!(tuning.len() >= 20 && tuning.is_disjoint(&judged));
        }
    }

    fn calm(entry: &mut TunedProblem) -> &mut TunedStart {
        entry.start.get_mut("calm").unwrap()
    }

    #[test]
    fn the_file_is_read_back_and_bad_entries_are_refused() {
        let info = entry().0.info();
        let problem = info.problem("known").unwrap();
        let found = plain(&info, "known");
        let tuned = Tuned { problem: [("known".to_owned(), found)].into() };
        let dir = tempfile::tempdir().unwrap();
        let path = Tuned::path(dir.path(), "geared");
        assert_eq!(Tuned::read(&path).unwrap(), None);
        tuned.write(&path).unwrap();
        assert_eq!(Tuned::read(&path).unwrap().as_ref(), Some(&tuned));

        let refusal = |change: fn(&mut TunedProblem)| {
            let mut entry = tuned.problem["known"].clone();
            change(&mut entry);
            tuned::check(&entry, &info, problem).unwrap_err()
        };
        for (change, expected) in [
            (
                (|entry| calm(entry).knobs = Settings::default().with("rat", 0.1)) as fn(&mut TunedProblem),
                "hyperparameter `rat` is unknown (known: rate)",
            ),
            (
                |entry| calm(entry).knobs = Settings::default().with("rate", 0.2),
                "rate is 0.2, which is not on its grid [0.01, 0.1, 0.5, 0.9, 1.62]",
            ),
            (|entry| calm(entry).knobs = Settings::default().with("rate", 0.5), "the evidence favours rate = 0.9"),
            (
                |entry| drop(calm(entry).tried.pop()),
                "was not tried with all 5 settings on all 5 replicates, as the other starts were",
            ),
            (|entry| calm(entry).tried[0].n = 50, "was not tried with all 5 settings"),
            (
                |entry| drop(entry.grid.insert("speed".into(), vec![1.0])),
                "hyperparameter `speed` is unknown (known: rate)",
            ),
            (
                |entry| drop(entry.grid.insert("rate".into(), vec![0.1, 0.5])),
                "neither the declared grid [0.01, 0.1, 0.5, 0.9] nor",
            ),
            (
                |entry| drop(entry.grid.insert("rate".into(), vec![7.0])),
                "rate was tuned over [7.0], which is neither the declared grid [0.01,",
            ),
            (
                |entry| drop(entry.grid.insert("rate".into(), vec![0.01, 0.1, 0.5, 0.9])),
                "was not tried with all 4 settings on all 5 replicates",
            ),
            (|entry| entry.grid.clear(), "the hyperparameter `rate` was not tuned"),
        ] {
            let found = refusal(change);
            assert!(found.contains(expected) && found.contains("`known`"), "{expected} is not in: {found}");
        }
    }

    #[test]
    fn the_best_is_by_headline_then_reached_then_end_then_the_first() {
        let info = entry().0.info();
        let problem = info.problem("known").unwrap();
        let tried = |index: f64, work: Option<f64>, reached: u64, end: Option<f64>| Tried {
            knobs: Settings::default().with("rate", index),
            n: 10,
            reached,
            succeeded: None,
            failed: 0,
            work,
            end,
            headline: None,
        };
        let pick = |tried: &[Tried]| best(tried, &info, problem, &Aim::Headline).unwrap().knobs.get("rate").unwrap();
        assert_eq!(pick(&[tried(0.0, Some(9.0), 10, Some(0.0)), tried(1.0, Some(8.0), 6, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 2, Some(0.0)), tried(1.0, None, 3, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 0, Some(6.0)), tried(1.0, None, 0, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 0, None), tried(1.0, None, 0, None)]), 0.0);
        let mut metric = problem.clone();
        metric.headline = Estimand::VALUE;
        let by = |headline| Tried { headline, ..tried(0.0, None, 0, None) };
        assert_eq!(
            best(&[by(Some(3.0)), by(Some(2.0)), by(None)], &info, &metric, &Aim::Headline).unwrap().headline,
            Some(2.0)
        );
        metric.headline = Estimand::Rate("near".into());
        assert_eq!(best(&[by(Some(0.3)), by(Some(0.7))], &info, &metric, &Aim::Headline).unwrap().headline, Some(0.7));
    }

    #[test]
    fn settings_are_the_product_of_the_grids() {
        let knob = |name, grid: &'static [f64]| Knob::new(name, "", grid, grid[0]);
        let knobs = [knob("b", &[1.0, 2.0]), knob("a", &[3.0, 4.0])];
        let points = points(&knobs.iter().map(Grid::declared).collect::<Vec<_>>());
        let texts: Vec<String> = points.iter().map(Settings::to_string).collect();
        assert_eq!(texts, ["a = 3, b = 1", "a = 4, b = 1", "a = 3, b = 2", "a = 4, b = 2"]);
    }
}
