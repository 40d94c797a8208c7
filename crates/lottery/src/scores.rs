//! Which class the scores of a sample speak for.

/// Index of the largest score, the first of equal ones.
pub(crate) fn best(scores: impl Iterator<Item = f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (place, score) in scores.enumerate() {
        if score > best.1 {
            best = (place, score);
        }
    }
    best.0
}
