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

/// The best value of long runs on streams of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The problem that drew the instance.
    pub problem: String,
    /// The best value.
    pub value: f64,
    /// How many long runs it is the best of.
    pub runs: u64,
    /// The work that each might spend.
    pub budget: f64,
}

impl References {
    /// Keeps the better of what was known and what was found; tells whether something changed.
    pub fn improve(&mut self, instance: String, found: Reference, direction: Direction) -> bool {
        if self.instance.get(&instance).is_some_and(|known| direction.cost(known.value) <= direction.cost(found.value))
        {
            return false;
        }
        self.instance.insert(instance, found);
        true
    }
}
