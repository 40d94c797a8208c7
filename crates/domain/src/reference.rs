//! Best-known values of instances whose optimum is unknown, stored by the digest of the instance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::direction::Direction;

/// The best-known values of one domain: `benchmarks/references/DOMAIN.toml`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct References {
    /// By digest of the instance.
    #[serde(default)]
    pub instance: BTreeMap<String, Reference>,
}

/// The best value of long runs with separate random streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The problem that drew the instance.
    pub problem: String,
    /// The best value.
    pub value: f64,
    /// Number of long runs.
    pub runs: u64,
    /// The work that each run was allowed to spend.
    pub budget: f64,
}

impl References {
    /// Keeps the better of the known value and the one found; returns whether the value changed.
    pub fn improve(&mut self, instance: String, found: Reference, direction: Direction) -> bool {
        if self.instance.get(&instance).is_some_and(|known| direction.cost(known.value) <= direction.cost(found.value))
        {
            return false;
        }
        self.instance.insert(instance, found);
        true
    }
}
