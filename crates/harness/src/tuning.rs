//! Tuning one problem: every start with the same settings on the same replicates, on streams that no judged trial uses.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use crate::plan::Plan;
use crate::tuned::{self, best, points};
use headstart_domain::catalogue::ProblemInfo;
use headstart_domain::claim::{Estimand, Quantity};
use headstart_domain::error::Error;
use headstart_domain::info::DomainInfo;
use headstart_domain::knob::Knob;
use headstart_domain::knob::Settings;
use headstart_domain::recipe::Recipe;
use headstart_domain::seed::Seeds;
use headstart_domain::trial::{Purpose, Trial, key};
use headstart_report::compare::{aim, final_cost, succeeded, work_spent};
use headstart_rows::Row;
use headstart_rows::{Tried, TunedProblem, TunedStart};
use headstart_stats as stats;

/// Points that a trace keeps: a target that is a best value is known only when a replicate has ended, and then it is looked
/// up in them.
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
    /// Whether this is what the same tuning would find again.
    pub(crate) fn is_done(&self, known: &TunedProblem) -> bool {
        (known.seed, known.replicates, known.version) == (self.seed, self.replicates, self.info.version)
            && known.budget == self.budget
            && self.problem.starts.iter().all(|start| known.start.contains_key(start))
            && tuned::check(known, self.info, self.problem).is_ok()
    }

    /// Every start with every setting, one group a replicate: all that is compared shares its instance.
    pub(crate) fn plan(&self) -> Result<Plan, Error> {
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
        let points = points(&self.info.knobs_of(&self.problem.name));
        let mut plan = Plan::default();
        for replicate in 0..self.replicates {
            let mut group = Vec::new();
            for start in &self.problem.starts {
                let trial = recipe.trial(self.seed, replicate, start, None)?;
                for knobs in &points {
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

    /// An empty collection of evidence.
    pub(crate) fn evidence(&self) -> Evidence<'_> {
        let points = points(&self.info.knobs_of(&self.problem.name));
        let cell = || points.iter().map(|_| vec![None; self.replicates as usize]).collect();
        let seen = self.problem.starts.iter().map(|start| (start.clone(), cell())).collect();
        Evidence { tuning: self, points, open: BTreeMap::new(), seen }
    }
}

/// What the trials said so far.
pub(crate) struct Evidence<'a> {
    tuning: &'a Tuning<'a>,
    points: Vec<Settings>,
    /// Rows of replicates of which some trials have not ended.
    open: BTreeMap<u64, Vec<Row>>,
    /// By start, setting and replicate.
    seen: BTreeMap<String, Vec<Vec<Option<Seen>>>>,
}

/// What counts of one trial; costs are smaller where better, infinite where there is none.
#[derive(Clone, Debug)]
struct Seen {
    reached: bool,
    sound: bool,
    work: f64,
    end: f64,
    headline: f64,
    spent: f64,
}

impl Evidence<'_> {
    /// Takes a row; rows may come in any order.
    pub(crate) fn take(&mut self, row: Row) {
        let all = self.points.len() * self.tuning.problem.starts.len();
        let replicate = row.replicate;
        let rows = self.open.entry(replicate).or_default();
        rows.push(row);
        if rows.len() == all
            && let Some(rows) = self.open.remove(&replicate)
        {
            self.close(replicate, rows);
        }
    }

    fn close(&mut self, replicate: u64, mut rows: Vec<Row>) {
        let Tuning { info, problem, .. } = self.tuning;
        if let Some(within) = problem.within {
            // The reference of this instance is not known: the best value of all these trials takes its place.
            let costs = rows.iter().filter_map(|row| row.best(info.direction)).map(|best| info.direction.cost(best));
            let target = costs.fold(f64::INFINITY, f64::min) + within;
            rows.iter_mut().filter(|row| row.status.is_sound()).for_each(|row| aim(row, info.direction, target));
        }
        for row in rows {
            let point = self.points.iter().position(|point| *point == row.knobs);
            let cells = self.seen.get_mut(&*row.start);
            let cell = cells.zip(point).and_then(|(cells, point)| cells[point].get_mut(replicate as usize));
            if let Some(cell) = cell {
                *cell = Some(Seen::new(&row, info, problem));
            }
        }
    }

    /// The choice for every start; `None` where trials are missing.
    pub(crate) fn choose(&self) -> Option<TunedProblem> {
        let Tuning { info, problem, seed, replicates, budget } = self.tuning;
        let knobs = info.knobs_of(&problem.name);
        let mut start = BTreeMap::new();
        for (name, cells) in &self.seen {
            let mut tried = Vec::new();
            let mut spent = 0.0;
            for (knobs, cell) in self.points.iter().zip(cells) {
                let seen: Vec<&Seen> = cell.iter().map(Option::as_ref).collect::<Option<_>>()?;
                spent += seen.iter().map(|one| one.spent).sum::<f64>();
                tried.push(self.summarise(knobs, &seen));
            }
            let chosen = best(&tried, info, problem)?.knobs.clone();
            let is_edge = |knob: &&&Knob| {
                let value = chosen.get(&knob.name);
                value == knob.grid.first().copied() || value == knob.grid.last().copied()
            };
            let at_edge = knobs.iter().filter(is_edge).map(|knob| knob.name.to_string()).collect();
            start.insert(name.clone(), TunedStart { knobs: chosen, at_edge, cost: spent, tried });
        }
        let grid = knobs.iter().map(|knob| (knob.name.to_string(), knob.grid.to_vec())).collect();
        let (seed, replicates, budget) = (*seed, *replicates, *budget);
        Some(TunedProblem { version: info.version, seed, replicates, budget, grid, start })
    }

    fn summarise(&self, knobs: &Settings, seen: &[&Seen]) -> Tried {
        let Tuning { info, problem, .. } = self.tuning;
        let median = |of: fn(&Seen) -> f64| {
            let values: Vec<f64> = seen.iter().map(|one| of(one)).collect();
            stats::median(&values).filter(|median| median.is_finite())
        };
        // A cost is turned back by the turn that made it.
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
            failed: count(|one| !one.sound),
            work: median(|one| one.work),
            end: value(&problem.judged_by, median(|one| one.end)),
            headline,
        }
    }
}

impl Seen {
    fn new(row: &Row, info: &DomainInfo, problem: &ProblemInfo) -> Self {
        let charged = !matches!(problem.headline, Estimand::Work { charged: false });
        let to_target = work_spent(row, charged);
        Self {
            reached: to_target.reached,
            sound: row.status.is_sound(),
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::exec::inline;
    use crate::tuned::Tuned;
    use headstart_domain::digest::Digest;
    use headstart_domain::entry::Entry;
    use headstart_domain::toy::Geared;

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

    fn tuned(info: &DomainInfo, problem: &str, backwards: bool) -> TunedProblem {
        let problem = info.problem(problem).unwrap();
        let tuning = Tuning { info, problem, seed: 7, replicates: 5, budget: info.budget };
        let mut rows = rows(&tuning.plan().unwrap());
        if backwards {
            rows.reverse();
        }
        let mut evidence = tuning.evidence();
        assert_eq!(evidence.choose(), None, "nothing is chosen on part of the trials");
        for row in rows {
            evidence.take(row);
        }
        evidence.choose().unwrap()
    }

    #[test]
    fn every_start_gets_the_same_trials_and_its_own_best_setting() {
        let info = entry().0.info();
        for problem in ["known", "sought"] {
            let found = tuned(&info, problem, false);
            assert_eq!(found, tuned(&info, problem, true), "whatever the order in which trials end");
            let [calm, wild] = ["calm", "wild"].map(|start| &found.start[start]);
            assert_eq!((calm.knobs.get("rate"), &calm.at_edge), (Some(0.9), &vec!["rate".to_owned()]), "{problem}");
            assert_eq!((wild.knobs.get("rate"), wild.at_edge.len()), (Some(0.5), 0), "{problem}: {wild:?}");
            for start in [calm, wild] {
                let tried: Vec<(String, u64)> = start.tried.iter().map(|one| (one.knobs.to_string(), one.n)).collect();
                let expected = ["rate = 0.01", "rate = 0.1", "rate = 0.5", "rate = 0.9"];
                assert_eq!(tried, expected.map(|text| (text.to_owned(), 5)));
            }
            assert_eq!(tuned::check(&found, &info, info.problem(problem).unwrap()), Ok(()));
        }
        let fixed = info.problem("fixed").unwrap();
        let tuning = Tuning { info: &info, problem: fixed, seed: 7, replicates: 5, budget: 10.0 };
        assert_eq!(tuning.plan().unwrap().trials().filter(|trial| !trial.knobs.is_empty()).count(), 0);
    }

    /// Neither an instance nor a trial of the tuning is one that judges, with the same seed and the same replicates.
    #[test]
    fn judged_trials_are_never_touched() {
        let info = entry().0.info();
        let problem = info.problem("known").unwrap();
        let tuning = Tuning { info: &info, problem, seed: 7, replicates: 20, budget: info.budget };
        let plan = tuning.plan().unwrap();
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
    fn the_file_comes_back_and_what_does_not_fit_is_refused_with_the_cure() {
        let info = entry().0.info();
        let problem = info.problem("known").unwrap();
        let found = tuned(&info, "known", false);
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
                "no knob `rat` (known: rate)",
            ),
            (
                |entry| calm(entry).knobs = Settings::default().with("rate", 0.2),
                "rate is 0.2, which is not on its grid [0.01, 0.1, 0.5, 0.9]",
            ),
            (|entry| calm(entry).knobs = Settings::default().with("rate", 0.5), "its evidence is for rate = 0.9"),
            (
                |entry| drop(calm(entry).tried.pop()),
                "was not tried with all 4 settings on all 5 replicates, as its rivals were",
            ),
            (|entry| calm(entry).tried[0].n = 50, "was not tried with all 4 settings"),
            (|entry| drop(entry.grid.insert("speed".into(), vec![1.0])), "no knob `speed` (known: rate)"),
            (|entry| drop(entry.grid.insert("rate".into(), vec![0.1, 0.5])), "its grid is [0.01, 0.1, 0.5, 0.9] now"),
            (|entry| drop(entry.grid.insert("rate".into(), vec![7.0])), "rate is 7, which is not on its grid"),
            (|entry| entry.grid.clear(), "the knob `rate` was not tuned"),
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
            failed: 0,
            work,
            end,
            headline: None,
        };
        let pick = |tried: &[Tried]| best(tried, &info, problem).unwrap().knobs.get("rate").unwrap();
        assert_eq!(pick(&[tried(0.0, Some(9.0), 10, Some(0.0)), tried(1.0, Some(8.0), 6, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 2, Some(0.0)), tried(1.0, None, 3, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 0, Some(6.0)), tried(1.0, None, 0, Some(5.0))]), 1.0);
        assert_eq!(pick(&[tried(0.0, None, 0, None), tried(1.0, None, 0, None)]), 0.0);
        let mut metric = problem.clone();
        metric.headline = Estimand::VALUE;
        let by = |headline| Tried { headline, ..tried(0.0, None, 0, None) };
        assert_eq!(best(&[by(Some(3.0)), by(Some(2.0)), by(None)], &info, &metric).unwrap().headline, Some(2.0));
        metric.headline = Estimand::Rate("near".into());
        assert_eq!(best(&[by(Some(0.3)), by(Some(0.7))], &info, &metric).unwrap().headline, Some(0.7));
    }

    #[test]
    fn settings_are_the_product_of_the_grids() {
        let knob = |name, grid: &'static [f64]| Knob::new(name, "", grid, grid[0]);
        let knobs = [knob("b", &[1.0, 2.0]), knob("a", &[3.0, 4.0])];
        let points = points(&knobs.iter().collect::<Vec<_>>());
        let texts: Vec<String> = points.iter().map(Settings::to_string).collect();
        assert_eq!(texts, ["a = 3, b = 1", "a = 4, b = 1", "a = 3, b = 2", "a = 4, b = 2"]);
    }
}
