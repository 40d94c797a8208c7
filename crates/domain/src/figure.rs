//! Pictures of what a trial found, as data: a report draws them, the starts of a problem side by side.

mod lines;

use serde::{Deserialize, Serialize};

pub use lines::{Curve, Lines};

/// A picture of a result. Rows carry it for the first replicate of each start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Figure {
    /// Points in the plane, both axes in one unit of length.
    Scatter(Scatter),
    /// The sequence logo of a motif in DNA.
    Logo(Logo),
    /// A table of numbers as colours.
    HeatMap(HeatMap),
    /// Curves over one axis.
    Lines(Lines),
}

/// A table of numbers as colours (how much two parts share), with a bar over every column (how much each has by itself).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatMap {
    /// Rows, all of one length; none of the numbers is negative.
    pub cells: Vec<Vec<f32>>,
    /// One a column, none negative; empty for no bars.
    pub bars: Vec<f32>,
    /// What the colours are, with the unit.
    pub label: String,
    /// What the bars are, with the unit.
    pub bars_label: String,
}

/// A motif in DNA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logo {
    /// Probabilities of A, C, G and T, column by column.
    pub columns: Vec<[f64; 4]>,
    /// A line under it.
    pub caption: String,
}

/// Points in the plane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scatter {
    /// First coordinates.
    pub x: Vec<f32>,
    /// Second coordinates, as many.
    pub y: Vec<f32>,
    /// What colours the points.
    pub shade: Shade,
}

/// What colours the points of a picture, one entry a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Shade {
    /// Nothing: one colour.
    Nothing,
    /// The group that each point belongs to.
    Groups {
        /// Index into the names.
        of: Vec<u32>,
        /// Names of the groups.
        names: Vec<String>,
    },
    /// A quantity.
    Scale {
        /// Its value at each point.
        of: Vec<f32>,
        /// What it is, with its unit.
        label: String,
    },
}

/// Points that a row keeps: more than a panel can show are thinned evenly.
const MOST_POINTS: usize = 2000;

impl Figure {
    /// What is wrong with it, if anything.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Scatter(scatter) => scatter.fault(),
            Self::Logo(logo) => logo.fault(),
            Self::HeatMap(map) => map.fault(),
            Self::Lines(lines) => lines.fault(),
        }
    }

    /// With at most as many points as a panel can show.
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
        Some(format!("a logo has the column {odd:?}: it must be four probabilities that sum to 1"))
    }
}

impl HeatMap {
    fn fault(&self) -> Option<String> {
        let columns = self.cells.first().map_or(0, Vec::len);
        if let Some(row) = self.cells.iter().find(|row| row.len() != columns) {
            return Some(format!(
                "a heat map has rows of {columns} and of {} cells: all must be equally long",
                row.len()
            ));
        }
        if !self.bars.is_empty() && self.bars.len() != columns {
            return Some(format!(
                "a heat map has {columns} columns and {} bars: one a column is needed",
                self.bars.len()
            ));
        }
        let fits = |number: &&f32| !(number.is_finite() && **number >= 0.0);
        let odd = self.cells.iter().flatten().chain(&self.bars).find(fits)?;
        Some(format!("a heat map holds {odd}: all of its numbers must be finite and none negative"))
    }
}

impl Scatter {
    fn fault(&self) -> Option<String> {
        let Self { x, y, shade } = self;
        let shades = match shade {
            Shade::Nothing => x.len(),
            Shade::Groups { of, names } => {
                if let Some(group) = of.iter().find(|group| **group as usize >= names.len()) {
                    return Some(format!("a figure has a point of group {group}, but {} names of groups", names.len()));
                }
                of.len()
            }
            Shade::Scale { of, .. } => of.len(),
        };
        if x.len() != y.len() || x.len() != shades {
            let (x, y) = (x.len(), y.len());
            return Some(format!("a figure has {x} first coordinates, {y} second ones and {shades} shades"));
        }
        let scale: &[f32] = if let Shade::Scale { of, .. } = shade { of } else { &[] };
        let odd = x.iter().chain(y).chain(scale).find(|number| !number.is_finite())?;
        Some(format!("a figure holds {odd}: all of its numbers must be finite"))
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
        assert!(fault(vec![1.0; 3], groups).unwrap().contains("group 1, but 1 names"));
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
