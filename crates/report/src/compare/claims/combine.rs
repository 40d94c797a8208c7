//! Combines the p-values of several problems.

use headstart_domain::claim::Rule;

/// Returns the rule of the opposite direction: "not on each" means "the reverse on any".
pub(super) fn opposite(rule: Rule) -> Rule {
    match rule {
        Rule::Each => Rule::Any,
        Rule::Any => Rule::Each,
        Rule::Pooled => Rule::Pooled,
    }
}

/// Returns one p-value for the rule: "each" takes the largest (intersection-union), "any" the smallest times their
/// number (Bonferroni).
pub(super) fn combine(rule: Rule, p: &[f64]) -> f64 {
    match rule {
        // Without problems there is no evidence.
        _ if p.is_empty() => 1.0,
        Rule::Each | Rule::Pooled => p.iter().copied().fold(0.0, f64::max),
        Rule::Any => (p.iter().copied().fold(1.0, f64::min) * p.len() as f64).min(1.0),
    }
}
