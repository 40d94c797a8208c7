//! Scatter plots.

use std::fmt::Write;

use super::{Frame, escape};
use crate::number::tick;
use headstart_domain::figure::{Scatter, Shade};

/// Colours of Okabe and Ito, for groups.
pub(super) const GROUPS: [&str; 8] =
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8a7a00", "#404040"];
/// Viridis from low to high, for quantities, and for more groups than [`GROUPS`] has colours.
pub(super) const SCALE: [&str; 12] = [
    "#440154", "#482173", "#433e85", "#38588c", "#2d708e", "#25858e", "#1e9b8a", "#2ab07f", "#52c569", "#86d549",
    "#c2df23", "#fde725",
];
const MARGIN: f64 = 12.0;

/// Draws the legend of colours.
pub(super) fn legend(svg: &mut String, shade: &Shade) {
    let mut x = 12.0;
    let mut entry = |svg: &mut String, colour: &str, text: &str| {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"66\" r=\"5\" fill=\"{colour}\"/>", x + 5.0);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"70\" font-size=\"12\">{}</text>", x + 16.0, escape(text));
        // Fonts are not measured: seven pixels per letter suffice.
        x += 34.0 + 7.0 * text.chars().count() as f64;
    };
    match shade {
        Shade::Nothing => {}
        Shade::Groups { names, .. } if names.len() <= GROUPS.len() => {
            names.iter().zip(GROUPS).for_each(|(name, colour)| entry(svg, colour, name));
        }
        Shade::Groups { names, .. } => {
            entry(svg, SCALE[0], names.first().map_or("", String::as_str));
            entry(svg, SCALE[SCALE.len() - 1], names.last().map_or("", String::as_str));
            entry(svg, "#fff", &format!("{} groups, in order from dark to light", names.len()));
        }
        Shade::Scale { of, label } => {
            let (low, high) = range(of);
            entry(svg, SCALE[0], &tick(low));
            entry(svg, SCALE[SCALE.len() - 1], &tick(high));
            entry(svg, "#fff", label);
        }
    }
}

/// Draws the points in a square, with the same scale on both axes.
pub(super) fn panel(svg: &mut String, scatter: &Scatter, panel: Frame) {
    let (x, y) = (range(&scatter.x), range(&scatter.y));
    let extent = (x.1 - x.0).max(y.1 - y.0);
    let inner = panel.width - 2.0 * MARGIN;
    let scale = if extent > 0.0 { inner / extent } else { 0.0 };
    let centre = (panel.left + panel.width / 2.0, panel.top + panel.height / 2.0);
    let place = |i: usize| {
        let (dx, dy) = (f64::from(scatter.x[i]) - x.0.midpoint(x.1), f64::from(scatter.y[i]) - y.0.midpoint(y.1));
        // SVG coordinates increase downwards.
        (centre.0 + scale * dx, centre.1 - scale * dy)
    };
    let mut paths = vec![String::new(); SCALE.len().max(GROUPS.len())];
    for (i, slot) in slots(&scatter.shade, scatter.x.len()).enumerate() {
        let (px, py) = place(i);
        let _ = write!(paths[slot], "M{px:.1} {py:.1}h0");
    }
    let colours: &[&str] = match &scatter.shade {
        Shade::Nothing => &GROUPS,
        Shade::Groups { names, .. } if names.len() <= GROUPS.len() => &GROUPS,
        Shade::Groups { .. } | Shade::Scale { .. } => &SCALE,
    };
    // Fewer points are drawn larger.
    let dot = (60.0 / (scatter.x.len().max(1) as f64).sqrt()).clamp(1.6, 5.0);
    for (path, colour) in paths.iter().zip(colours).filter(|(path, _)| !path.is_empty()) {
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{dot:.1}\" stroke-linecap=\"round\" fill=\"none\"/>"
        );
    }
}

/// Returns the index of the colour of every point.
fn slots(shade: &Shade, n: usize) -> Box<dyn Iterator<Item = usize> + '_> {
    let last = SCALE.len() - 1;
    match shade {
        Shade::Nothing => Box::new(std::iter::repeat_n(0, n)),
        Shade::Groups { of, names } if names.len() <= GROUPS.len() => Box::new(of.iter().map(|group| *group as usize)),
        Shade::Groups { of, names } => {
            Box::new(of.iter().map(move |group| *group as usize * last / (names.len() - 1).max(1)))
        }
        Shade::Scale { of, .. } => {
            let (low, high) = range(of);
            let step = if high > low { last as f64 / (high - low) } else { 0.0 };
            Box::new(of.iter().map(move |value| ((f64::from(*value) - low) * step).round() as usize))
        }
    }
}

fn range(values: &[f32]) -> (f64, f64) {
    let ends = values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
    if ends.0 <= ends.1 { (ends.0.into(), ends.1.into()) } else { (0.0, 0.0) }
}
