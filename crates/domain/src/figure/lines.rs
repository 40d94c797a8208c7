//! Curves over one axis.

use serde::{Deserialize, Serialize};

use super::{MOST_POINTS, thin};

/// Curves over one axis: a quantity by layer, or by time. All panels of a problem have the same scales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lines {
    /// The curves, in the order of their colours.
    pub curves: Vec<Curve>,
    /// Label of the horizontal axis, with the unit.
    pub x_label: String,
    /// Label of the vertical axis, with the unit.
    pub y_label: String,
}

/// One curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Name in the legend.
    pub name: String,
    /// First coordinates, ascending.
    pub x: Vec<f32>,
    /// Second coordinates; as many as `x`.
    pub y: Vec<f32>,
}

impl Lines {
    pub(super) fn fault(&self) -> Option<String> {
        self.curves.iter().find_map(|Curve { name, x, y }| {
            if x.len() != y.len() {
                let (x, y) = (x.len(), y.len());
                return Some(format!(
                    "the curve {name:?} of a figure has {x} first and {y} second coordinates: there must be equally many"
                ));
            }
            let odd = x.iter().chain(y).find(|number| !number.is_finite())?;
            Some(format!("the curve {name:?} of a figure holds {odd}: its numbers must be finite"))
        })
    }

    pub(super) fn thinned(mut self) -> Self {
        for Curve { x, y, .. } in &mut self.curves {
            let step = x.len().div_ceil(MOST_POINTS).max(1);
            (*x, *y) = (thin(x, step), thin(y, step));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(x: Vec<f32>, y: Vec<f32>) -> Lines {
        Lines { curves: vec![Curve { name: "a".into(), x, y }], x_label: "layer".into(), y_label: "log10 q".into() }
    }

    #[test]
    fn a_curve_that_cannot_be_drawn_is_named() {
        assert_eq!(lines(vec![0.0, 1.0], vec![2.0, 3.0]).fault(), None);
        assert!(lines(vec![0.0], vec![2.0, 3.0]).fault().unwrap().contains("1 first and 2 second coordinates"));
        assert!(lines(vec![0.0], vec![f32::NAN]).fault().unwrap().contains("holds NaN"));
    }

    #[test]
    fn long_curves_are_thinned() {
        let numbers: Vec<f32> = (0..5000_u16).map(f32::from).collect();
        let Curve { x, y, .. } = &lines(numbers.clone(), numbers).thinned().curves[0];
        assert!(x.len() <= MOST_POINTS && x.len() > MOST_POINTS / 2);
        assert_eq!(x, y);
    }
}
