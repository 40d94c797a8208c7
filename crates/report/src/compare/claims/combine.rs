//! One p-value from those of the problems.

use headstart_domain::claim::Rule;

/// "Not on each" is "on any", the other way round.
pub(super) fn opposite(rule: Rule) -> Rule {
    match rule {
        Rule::Each => Rule::Any,
        Rule::Any => Rule::Each,
        Rule::Pooled => Rule::Pooled,
    }
}

/// One p-value from those of the problems: the largest (intersection-union), or the smallest times their number.
pub(super) fn combine(rule: Rule, p: &[f64]) -> f64 {
    match rule {
        // Nothing shown on no problem.
        _ if p.is_empty() => 1.0,
        Rule::Each | Rule::Pooled => p.iter().copied().fold(0.0, f64::max),
        Rule::Any => (p.iter().copied().fold(1.0, f64::min) * p.len() as f64).min(1.0),
    }
}
