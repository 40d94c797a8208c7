//! Figures of a trial's result, as data. A report draws those of a problem's starts side by side.

mod lines;

use serde::{Deserialize, Serialize};

pub use lines::{Curve, Lines};

/// A figure of a result. Rows have it for the first replicate of each start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Figure {
    /// Points in the plane, with the same unit of length on both axes.
    Scatter(Scatter),
    /// The sequence logo of a motif in DNA.
    Logo(Logo),
    /// A matrix of numbers, drawn as colours.
    HeatMap(HeatMap),
    /// Curves over one axis.
    Lines(Lines),
}

/// A matrix of numbers, drawn as colours (such as the mutual information of two parts), with a bar over each column
/// (such as the entropy of one part).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatMap {
    /// The rows, all of the same length; the numbers must be finite and not negative.
    pub cells: Vec<Vec<f32>>,
    /// One bar per column, finite and not negative; empty for no bars.
    pub bars: Vec<f32>,
    /// The quantity shown by the colours, with its unit.
    pub label: String,
    /// The quantity shown by the bars, with its unit.
    pub bars_label: String,
}

/// A motif in DNA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logo {
    /// Probabilities of A, C, G and T, column by column.
    pub columns: Vec<[f64; 4]>,
    /// Caption below the logo.
    pub caption: String,
}

/// Points in the plane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scatter {
    /// First coordinates.
    pub x: Vec<f32>,
    /// Second coordinates; as many as `x`.
    pub y: Vec<f32>,
    /// How the points are coloured.
    pub shade: Shade,
}

/// How the points of a scatter plot are coloured, with one entry per point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Shade {
    /// One colour for all points.
    Nothing,
    /// By group.
    Groups {
        /// Index of each point's group in `names`.
        of: Vec<u32>,
        /// Names of the groups.
        names: Vec<String>,
    },
    /// By a quantity.
    Scale {
        /// Its value at each point.
        of: Vec<f32>,
        /// Name of the quantity, with its unit.
        label: String,
    },
}

/// Most points of a figure in a row: a panel cannot show more, so they are thinned evenly.
const MOST_POINTS: usize = 2000;

impl Figure {
    /// Returns what is wrong with the figure, if anything.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Scatter(scatter) => scatter.fault(),
            Self::Logo(logo) => logo.fault(),
            Self::HeatMap(map) => map.fault(),
            Self::Lines(lines) => lines.fault(),
        }
    }

    /// Returns the figure with at most as many points as a panel can show.
    #[must_use]
    pub fn thinned(self) -> Self {
        match self {
            Self::Scatter(scatter) => Self::Scatter(scatter.thinned()),
            Self::Lines(lines) => Self::Lines(lines.thinned()),
            other @ (Self::Logo(_) | Self::HeatMap(_)) => other,
        }
    }
}

impl Logo {
    fn fault(&self) -> Option<String> {
        let is_distribution = |column: &&[f64; 4]| {
            let sum: f64 = column.iter().sum();
            column.iter().all(|p| (0.0..=1.0).contains(p)) && (sum - 1.0).abs() < 1e-6
        };
        let odd = self.columns.iter().find(|column| !is_distribution(column))?;
        Some(format!("a logo has the column {odd:?}: it must hold four probabilities that sum to 1"))
    }
}

impl HeatMap {
    fn fault(&self) -> Option<String> {
        let columns = self.cells.first().map_or(0, Vec::len);
        if let Some(row) = self.cells.iter().find(|row| row.len() != columns) {
            return Some(format!(
                "a heat map has rows of {columns} and of {} cells: all rows must be equally long",
                row.len()
            ));
        }
        if !self.bars.is_empty() && self.bars.len() != columns {
            return Some(format!(
                "a heat map has {columns} columns and {} bars: it needs one bar per column, or no bars",
                self.bars.len()
            ));
        }
        let fits = |number: &&f32| !(number.is_finite() && **number >= 0.0);
        let odd = self.cells.iter().flatten().chain(&self.bars).find(fits)?;
        Some(format!("a heat map holds {odd}: its numbers must be finite and not negative"))
    }
}

impl Scatter {
    fn fault(&self) -> Option<String> {
        let Self { x, y, shade } = self;
        let shades = match shade {
            Shade::Nothing => x.len(),
            Shade::Groups { of, names } => {
                if let Some(group) = of.iter().find(|group| **group as usize >= names.len()) {
                    return Some(format!(
                        "a figure has a point of group {group} (counted from 0), but only {} group names",
                        names.len()
                    ));
                }
                of.len()
            }
            Shade::Scale { of, .. } => of.len(),
        };
        if x.len() != y.len() || x.len() != shades {
            let (x, y) = (x.len(), y.len());
            return Some(format!(
                "a figure has {x} first coordinates, {y} second coordinates and {shades} shades: there must be equally \
                 many"
            ));
        }
        let scale: &[f32] = if let Shade::Scale { of, .. } = shade { of } else { &[] };
        let odd = x.iter().chain(y).chain(scale).find(|number| !number.is_finite())?;
        Some(format!("a figure holds {odd}: its numbers must be finite"))
    }

    fn thinned(self) -> Self {
        let Self { x, y, shade } = self;
        let step = x.len().div_ceil(MOST_POINTS).max(1);
        let shade = match shade {
            Shade::Nothing => Shade::Nothing,
            Shade::Groups { of, names } => Shade::Groups { of: thin(&of, step), names },
            Shade::Scale { of, label } => Shade::Scale { of: thin(&of, step), label },
        };
        Self { x: thin(&x, step), y: thin(&y, step), shade }
    }
}

fn thin<T: Copy>(all: &[T], step: usize) -> Vec<T> {
    all.iter().copied().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scatter(x: Vec<f32>, shade: Shade) -> Figure {
        Figure::Scatter(Scatter { y: vec![0.0; 3], x, shade })
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        let fault = |x: Vec<f32>, shade| scatter(x, shade).fault();
        assert_eq!(fault(vec![1.0; 3], Shade::Nothing), None);
        assert!(fault(vec![1.0; 2], Shade::Nothing).unwrap().contains("2 first coordinates, 3 second"));
        assert!(fault(vec![f32::NAN; 3], Shade::Nothing).unwrap().contains("holds NaN"));
        let groups = Shade::Groups { of: vec![0, 1, 1], names: vec!["a".into()] };
        assert!(fault(vec![1.0; 3], groups).unwrap().contains("group 1 (counted from 0), but only 1 group names"));
        let scale = Shade::Scale { of: vec![0.0, f32::INFINITY, 0.0], label: "s".into() };
        assert!(fault(vec![1.0; 3], scale).unwrap().contains("holds inf"));
    }

    #[test]
    fn logos_are_made_of_distributions() {
        let logo = |column| Figure::Logo(Logo { columns: vec![[0.25; 4], column], caption: String::new() });
        assert_eq!(logo([0.1, 0.2, 0.3, 0.4]).fault(), None);
        for column in [[0.1, 0.2, 0.3, 0.3], [-0.1, 0.4, 0.3, 0.4], [f64::NAN; 4]] {
            assert!(logo(column).fault().unwrap().contains("four probabilities"));
        }
    }

    #[test]
    fn heat_maps_are_rectangles_with_a_bar_a_column() {
        let fault = |cells: Vec<Vec<f32>>, bars: Vec<f32>| {
            Figure::HeatMap(HeatMap { cells, bars, label: "I".into(), bars_label: "s".into() }).fault()
        };
        assert_eq!(fault(vec![vec![0.0, 1.0]; 2], vec![0.5, 0.5]), None);
        assert_eq!(fault(vec![vec![0.0, 1.0]], Vec::new()), None);
        assert!(fault(vec![vec![0.0], vec![0.0, 1.0]], Vec::new()).unwrap().contains("equally long"));
        assert!(fault(vec![vec![0.0, 1.0]], vec![1.0]).unwrap().contains("2 columns and 1 bars"));
        assert!(fault(vec![vec![-1.0]], Vec::new()).unwrap().contains("holds -1"));
    }

    #[test]
    fn many_points_are_thinned_evenly_with_their_shades() {
        let n = 5000_u16;
        let numbers: Vec<f32> = (0..n).map(f32::from).collect();
        let shade = Shade::Groups { of: (0..n).map(u32::from).collect(), names: vec![String::new(); n.into()] };
        let figure = Figure::Scatter(Scatter { x: numbers.clone(), y: numbers, shade });
        let Figure::Scatter(Scatter { x, y, shade: Shade::Groups { of, .. } }) = figure.thinned() else {
            panic!("groups stay groups")
        };
        assert!(x.len() <= MOST_POINTS && x.len() > MOST_POINTS / 2, "{}", x.len());
        assert_eq!(x, y);
        assert!(x.iter().zip(&of).all(|(x, group)| *x as u32 == *group));
    }
}
