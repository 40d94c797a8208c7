//! The next trial step, interpolated from known values and slopes (section 4 of Moré & Thuente).

/// A step, with φ and φ' at that step.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) step: f64,
    pub(super) value: f64,
    pub(super) slope: f64,
}

impl End {
    /// The same step for φ plus a line of slope `tilt`.
    pub(super) fn tilted(self, tilt: f64) -> Self {
        Self { value: self.value + tilt * self.step, slope: self.slope + tilt, ..self }
    }
}

/// Proposes a step after the trial `now`, and moves the interval [best, other] so that it still contains a minimum.
///
/// `best` has the lowest value; once `bracketed`, φ decreases from `best` towards `other`. `lower` and `upper` bound
/// the proposal until a minimum is bracketed.
pub(super) fn next_step(
    best: &mut End,
    other: &mut End,
    now: End,
    bracketed: &mut bool,
    lower: f64,
    upper: f64,
) -> f64 {
    let turned = now.slope * best.slope.signum() < 0.0;
    let step = if now.value > best.value {
        // 1. Higher value: a minimum lies in between. Take the minimum of the cubic if it is closer to `best` than that
        // of the quadratic, otherwise the midpoint of the two.
        *bracketed = true;
        let cubic = cubic(best, &now).step;
        let chord = (best.value - now.value) / (now.step - best.step);
        let quadratic = best.step + 0.5 * (best.slope / (chord + best.slope)) * (now.step - best.step);
        if (cubic - best.step).abs() < (quadratic - best.step).abs() {
            cubic
        } else {
            cubic + 0.5 * (quadratic - cubic)
        }
    } else if turned {
        // 2. Lower value, slope of opposite sign: a minimum lies in between. Take the cubic or the secant step,
        // whichever is farther from the trial.
        *bracketed = true;
        let (cubic, secant) = (cubic(&now, best).step, secant(&now, best));
        if (cubic - now.step).abs() > (secant - now.step).abs() { cubic } else { secant }
    } else if now.slope.abs() < best.slope.abs() {
        // 3. Lower value, slope of the same sign and smaller: the cubic may have no minimum ahead; use the bound in its
        // place.
        let ahead = if now.step > best.step { upper } else { lower };
        let found = cubic(&now, best);
        let cubic = if found.ratio < 0.0 && found.root != 0.0 { found.step } else { ahead };
        let secant = secant(&now, best);
        let cubic_is_nearer = (cubic - now.step).abs() < (secant - now.step).abs();
        if *bracketed {
            let nearer = if cubic_is_nearer { cubic } else { secant };
            let limit = now.step + super::SHRINK * (other.step - now.step);
            if now.step > best.step { nearer.min(limit) } else { nearer.max(limit) }
        } else {
            (if cubic_is_nearer { secant } else { cubic }).max(lower).min(upper)
        }
    } else if *bracketed {
        // 4. Lower value, slope of the same sign and not smaller: the minimum lies towards `other`.
        cubic(&now, other).step
    } else if now.step > best.step {
        upper
    } else {
        lower
    };

    if now.value > best.value {
        *other = now;
    } else {
        if turned {
            *other = *best;
        }
        *best = now;
    }
    step
}

/// The minimum of a cubic: its step, the step as a fraction of the interval, and the root of the discriminant.
struct Cubic {
    step: f64,
    ratio: f64,
    root: f64,
}

/// Interpolates values and slopes at both ends by a cubic. `ratio` counts from `from` towards `to`.
fn cubic(from: &End, to: &End) -> Cubic {
    let theta = 3.0 * (from.value - to.value) / (to.step - from.step) + from.slope + to.slope;
    // Divided by the largest, so that the squares do not overflow.
    let scale = theta.abs().max(from.slope.abs()).max(to.slope.abs());
    let discriminant = (theta / scale).powi(2) - (from.slope / scale) * (to.slope / scale);
    let root = (scale * discriminant.max(0.0).sqrt()).copysign(to.step - from.step);
    let ratio = ((root - from.slope) + theta) / (((root - from.slope) + root) + to.slope);
    Cubic { step: from.step + ratio * (to.step - from.step), ratio, root }
}

/// The zero of the line through both slopes.
fn secant(from: &End, to: &End) -> f64 {
    from.step + from.slope / (from.slope - to.slope) * (to.step - from.step)
}
