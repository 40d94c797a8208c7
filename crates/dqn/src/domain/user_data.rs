//! User data: a finite process as a table of transitions.

use std::collections::HashMap;
use std::path::Path;

use headstart_domain::{Opt, Options, Result};
use headstart_table::{Row, Table};

use super::problems::{GAMMA, Instance, table};
use crate::environment::{Tabular, Transition};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("first", "STATE", "the state in which episodes begin; by default the state of the first row"),
    Opt::new("limit", "N", "maximal number of steps per episode").default("100"),
    Opt::new("gamma", "X", "discount factor per step").default("0.99"),
    Opt::new("prize", "REWARD", "rewards of at least this count as the prize; by default the largest reward"),
];

/// Maximal number of state-action pairs for a network with one-hot inputs.
const MOST: usize = 10_000;

/// Reads the columns `state`, `action`, `next_state` and `reward`, and optionally `probability` (default 1) and `done`
/// (default false).
pub(super) fn open(path: &Path, options: &Options) -> Result<Instance> {
    let file = Table::read(path)?;
    let optional = |name: &str| file.header.iter().position(|column| column == name);
    let [state, action, next] = ["state", "action", "next_state"].map(|name| file.column(name));
    let (state, action, next) = (state?, action?, next?);
    let rewards = file.numbers(file.column("reward")?)?;
    let probabilities = optional("probability").map(|column| file.numbers(column)).transpose()?;
    let done = optional("done");
    let (mut states, mut actions) = (Numbers::default(), Numbers::default());
    for row in &file.rows {
        states.of(&row.cells[state]);
        actions.of(&row.cells[action]);
    }
    let with_rows = states.names.len();
    let mut rows = Vec::new();
    for (place, row) in file.rows.iter().enumerate() {
        let done = done.map_or(Ok(false), |column| flag(row, column))?;
        let to = &row.cells[next];
        let next = states.of(to);
        if next >= with_rows && !done {
            return Err(format!(
                "line {}: the process continues in state {to:?}, but no row begins in that state; add rows for it, or \
                 set done to true in this line",
                row.line
            )
            .into());
        }
        let probability = probabilities.as_ref().map_or(1.0, |all| all[place]);
        if !(probability > 0.0 && probability <= 1.0) {
            return Err(format!(
                "line {}: the probability is {probability}; it must be above 0 and at most 1",
                row.line
            )
            .into());
        }
        let (state, action) = (states.of(&row.cells[state]), actions.of(&row.cells[action]));
        rows.push(Transition { state, action, next, reward: rewards[place], probability, done });
    }
    let (states, actions) = (states.names, actions.names);
    if states.len() * actions.len() > MOST {
        let (states, actions) = (states.len(), actions.len());
        return Err(
            format!("{states} states with {actions} actions: at most {MOST} state-action pairs are supported").into()
        );
    }
    let mut sums = vec![0.0; states.len() * actions.len()];
    for row in &rows {
        sums[row.state * actions.len() + row.action] += row.probability;
    }
    for (row, line) in rows.iter().zip(file.rows.iter().map(|row| row.line)) {
        let sums = &sums[row.state * actions.len()..][..actions.len()];
        check_state(&states[row.state], &actions, sums, line)?;
    }
    let first = match options.get("first") {
        None => 0,
        Some(name) => states[..with_rows].iter().position(|state| state == name).ok_or_else(|| {
            format!("--first {name}: no row begins in this state; choose one of {}", some(&states[..with_rows]))
        })?,
    };
    let limit = match options.parse("limit")?.unwrap_or(100) {
        0 => return Err("--limit 0: it must be at least 1".into()),
        limit => limit,
    };
    let gamma = options.parse("gamma")?.unwrap_or(GAMMA);
    if !(0.0..1.0).contains(&gamma) {
        return Err(format!("--gamma {gamma}: it must be at least 0 and below 1").into());
    }
    let mut process = Tabular::new([states.len(), actions.len()], rows, first, limit)?;
    if let Some(prize) = options.parse::<f64>("prize")? {
        if !(prize <= process.largest_reward()) {
            let largest = process.largest_reward();
            return Err(format!("--prize {prize}: no reward is that large; the largest is {largest}").into());
        }
        process = process.with_prize(prize);
    }
    table(process, 0, gamma)
}

/// Names numbered in order of appearance.
#[derive(Default)]
struct Numbers {
    names: Vec<String>,
    of: HashMap<String, usize>,
}

impl Numbers {
    /// Returns the number of a name; a new name gets the next number.
    fn of(&mut self, name: &str) -> usize {
        if let Some(number) = self.of.get(name) {
            return *number;
        }
        self.of.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.names.len() - 1
    }
}

/// Checks that the probabilities of each action sum to 1.
fn check_state(state: &str, actions: &[String], sums: &[f64], line: u64) -> Result<()> {
    for (action, sum) in actions.iter().zip(sums) {
        if (sum - 1.0).abs() > 1e-6 {
            let cure = if *sum == 0.0 { "add rows for that action" } else { "correct them" };
            return Err(format!(
                "line {line}: in state {state:?} the probabilities of action {action:?} sum to {sum}; they must sum to \
                 1: {cure}"
            )
            .into());
        }
    }
    Ok(())
}

fn flag(row: &Row, column: usize) -> Result<bool> {
    match row.cells[column].to_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        other => Err(format!("line {}: done is {other:?}; write true or false", row.line).into()),
    }
}

fn some(names: &[String]) -> String {
    let shown = names.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 12 { format!("{shown}, ...") } else { shown }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::environment::{Environment, Observation};

    fn read<const N: usize>(name: &str, text: &str, options: [(&str, &str); N]) -> Result<Instance> {
        let path = std::env::temp_dir().join(format!("headstart-dqn-{}-{name}.csv", std::process::id()));
        fs::write(&path, text)?;
        let opened = open(&path, &Options::from(options));
        fs::remove_file(path)?;
        opened
    }

    const BRIDGE: &str = "state,action,next_state,reward,probability,done\n\
        shore,walk,bridge,0,0.8,false\nshore,walk,shore,0,0.2,false\nshore,rest,shore,0.01,1,false\n\
        bridge,walk,island,5,1,true\nbridge,rest,shore,0,1,no\n";

    #[test]
    fn a_process_is_read_by_its_names() {
        let found = read("good", BRIDGE, [("limit", "4"), ("gamma", "0.5")]).unwrap();
        assert_eq!((found.world.actions(), found.world.observation()), (2, Observation::OneHot(3)));
        assert_eq!((found.states.as_slice(), found.columns, found.bound), ([0, 1].as_slice(), 0, 10.0));
        // On the bridge the next step is worth 5. In four steps it is reached unless three walks fail.
        assert_eq!(found.v_max, 5.0);
        assert!((found.prize_rate - (1.0 - 0.2_f64.powi(3))).abs() < 1e-12);
        let lower = read("prize", BRIDGE, [("prize", "0.01"), ("first", "bridge")]).unwrap();
        assert_eq!(lower.prize_rate, 1.0);
        let plain = read("plain", "state,action,next_state,reward\na,x,b,0\nb,x,a,1\n", []).unwrap();
        assert_eq!(plain.states, [0, 1]);
    }

    #[test]
    fn errors_name_the_line() {
        let with = |from: &str, to: &str| BRIDGE.replacen(from, to, 1);
        for (name, text, meant) in [
            (
                "sum",
                with("shore,0,0.2", "shore,0,0.1"),
                "line 2: in state \"shore\" the probabilities of action \"walk\"",
            ),
            ("action", with("bridge,rest,shore,0,1,no\n", ""), "line 5: in state \"bridge\""),
            ("on", with("island,5,1,true", "island,5,1,false"), "line 5: the process continues in state \"island\""),
            ("flag", with("false", "perhaps"), "line 2: done is \"perhaps\""),
            ("probability", with("0,0.2", "0,-0.2"), "line 3: the probability is -0.2"),
            ("reward", with("island,5", "island,much"), "\"much\" in line 5"),
            ("column", with("next_state", "next"), "\"next_state\""),
        ] {
            let error = read(name, &text, []).err().unwrap().to_string();
            assert!(error.contains(meant), "{meant} is not in {error}");
        }
        for (name, value, meant) in [
            ("first", "sea", "choose one of shore, bridge"),
            ("limit", "0", "--limit 0"),
            ("limit", "few", "--limit few"),
            ("gamma", "1", "--gamma 1"),
            ("prize", "9", "the largest is 5"),
        ] {
            let error = read(&format!("{name}{value}"), BRIDGE, [(name, value)]).err().unwrap().to_string();
            assert!(error.contains(meant), "{meant} is not in {error}");
        }
    }
}
