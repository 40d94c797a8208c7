//! The metrics of a trial: names and numbers.

use std::fmt;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Metrics by name, sorted; in rows, a JSON object. Stored as a list, which is the smallest map for few entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics(Vec<(Arc<str>, f64)>);

impl Metrics {
    /// Returns the metric of this name.
    pub fn get(&self, name: &str) -> Option<f64> {
        Some(self.0[self.place(name).ok()?].1)
    }

    /// Returns names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// Sets a metric.
    pub fn insert(&mut self, name: &str, value: f64) {
        match self.place(name) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (name.into(), value)),
        }
    }

    /// Returns all metrics except these.
    #[must_use]
    pub fn without(&self, names: &[String]) -> Self {
        let kept = self.0.iter().filter(|(known, _)| !names.iter().any(|name| **name == **known));
        Self(kept.cloned().collect())
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    /// Applies a function to every name. The new names must sort in the same order.
    pub fn rename(&mut self, mut name: impl FnMut(&mut Arc<str>)) {
        self.0.shrink_to_fit();
        self.0.iter_mut().for_each(|(known, _)| name(known));
    }

    /// Removes values that are not finite.
    pub(crate) fn keep_finite(&mut self) {
        self.0.retain(|(_, value)| value.is_finite());
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Metrics;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("an object of numbers")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metrics, A::Error> {
                let mut metrics = Metrics::default();
                while let Some((name, value)) = map.next_entry::<Arc<str>, f64>()? {
                    metrics.insert(&name, value);
                }
                Ok(metrics)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_comes_back_in_the_order_of_its_names() {
        let metrics: Metrics = serde_json::from_str(r#"{"b":2.5,"a":1.0,"b":3.0}"#).unwrap();
        assert_eq!(serde_json::to_string(&metrics).unwrap(), r#"{"a":1.0,"b":3.0}"#);
        assert_eq!((metrics.get("a"), metrics.get("b"), metrics.get("c")), (Some(1.0), Some(3.0), None));
        assert!(serde_json::from_str::<Metrics>(r#"{"a":"one"}"#).is_err());
    }
}
