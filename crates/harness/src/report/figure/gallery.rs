//! What each start found: the pictures of the first replicate, side by side.
//!
//! Written as paths, a point ten bytes, where a plotting library would take a hundred.

use std::fmt::Write;

use crate::compare::{ProblemResults, StartResults};
use crate::figure::{Figure, Scatter, Shade};
use crate::info::DomainInfo;
use crate::report::number::tick;

/// Okabe and Ito's colours, for groups that must be told apart.
const GROUPS: [&str; 8] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8a7a00", "#404040"];
/// Viridis from low to high, for quantities and for more groups than there are colours.
const SCALE: [&str; 12] = [
    "#440154", "#482173", "#433e85", "#38588c", "#2d708e", "#25858e", "#1e9b8a", "#2ab07f", "#52c569", "#86d549",
    "#c2df23", "#fde725",
];
const COLUMNS: usize = 4;
const SIDE: f64 = 260.0;
const CAPTION: f64 = 24.0;
const HEADER: f64 = 92.0;
const MARGIN: f64 = 12.0;

/// A panel a start. Empty where no start has a picture.
pub(in crate::report) fn gallery(info: &DomainInfo, problem: &ProblemResults) -> String {
    let panels: Vec<(&StartResults, &Figure)> =
        problem.starts.iter().flat_map(|start| start.figures.iter().map(move |figure| (start, figure))).collect();
    let Some(&(_, Figure::Scatter(first))) = panels.first() else { return String::new() };
    let columns = panels.len().min(COLUMNS);
    let (width, height) = (
        // The head needs room as well.
        (SIDE * columns as f64).max(3.0 * SIDE),
        HEADER + (SIDE + CAPTION) * panels.len().div_ceil(columns) as f64 + MARGIN,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    let title = escape(&format!("{} / {}", info.name, problem.info.name));
    let _ = writeln!(svg, "<text x=\"12\" y=\"24\" font-size=\"20\">{title}</text>");
    let about = "What each start found: the end of its first replicate. Both axes of a panel are in one unit of length; \
                 every panel has its own.";
    let _ = writeln!(svg, "<text x=\"12\" y=\"44\" font-size=\"12\">{about}</text>");
    legend(&mut svg, &first.shade);
    for (index, (start, Figure::Scatter(scatter))) in panels.into_iter().enumerate() {
        let left = SIDE * (index % columns) as f64;
        let top = HEADER + (SIDE + CAPTION) * (index / columns) as f64;
        panel(&mut svg, &start.name, scatter, (left, top));
    }
    svg + "</svg>\n"
}

fn legend(svg: &mut String, shade: &Shade) {
    let mut x = 12.0;
    let mut entry = |svg: &mut String, colour: &str, text: &str| {
        let _ = writeln!(svg, "<circle cx=\"{}\" cy=\"66\" r=\"5\" fill=\"{colour}\"/>", x + 5.0);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"70\" font-size=\"12\">{}</text>", x + 16.0, escape(text));
        // No font is measured here: seven pixels a letter is enough for any.
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
            entry(svg, "#fff", &format!("{} groups, in their order from dark to light", names.len()));
        }
        Shade::Scale { of, label } => {
            let (low, high) = range(of);
            entry(svg, SCALE[0], &tick(low));
            entry(svg, SCALE[SCALE.len() - 1], &tick(high));
            entry(svg, "#fff", label);
        }
    }
}

fn panel(svg: &mut String, name: &str, scatter: &Scatter, (left, top): (f64, f64)) {
    let (x, y) = (range(&scatter.x), range(&scatter.y));
    let extent = (x.1 - x.0).max(y.1 - y.0);
    let inner = SIDE - 3.0 * MARGIN;
    let scale = if extent > 0.0 { inner / extent } else { 0.0 };
    let centre = (left + SIDE / 2.0, top + CAPTION + SIDE / 2.0 - MARGIN / 2.0);
    let place = |i: usize| {
        let (dx, dy) = (f64::from(scatter.x[i]) - x.0.midpoint(x.1), f64::from(scatter.y[i]) - y.0.midpoint(y.1));
        // Upwards is less on a page.
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
    let (middle, line) = (left + SIDE / 2.0, top + 16.0);
    let name = escape(name);
    let _ = writeln!(svg, "<text x=\"{middle}\" y=\"{line}\" font-size=\"14\" text-anchor=\"middle\">{name}</text>");
    let (frame_x, frame_y, frame) = (left + MARGIN / 2.0, top + CAPTION, SIDE - MARGIN);
    let _ = writeln!(
        svg,
        "<rect x=\"{frame_x}\" y=\"{frame_y}\" width=\"{frame}\" height=\"{frame}\" fill=\"none\" stroke=\"#ddd\"/>"
    );
    // Few points may be large.
    let dot = (60.0 / (scatter.x.len().max(1) as f64).sqrt()).clamp(1.6, 5.0);
    for (path, colour) in paths.iter().zip(colours).filter(|(path, _)| !path.is_empty()) {
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"{dot:.1}\" stroke-linecap=\"round\" fill=\"none\"/>"
        );
    }
}

/// The colour of every point.
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

/// A text for XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(shade: Shade) -> String {
        let mut comparison = crate::report::tests::comparison();
        let domain = &mut comparison.domains[0];
        let scatter = Scatter { x: vec![0.0, 1.0, 2.0], y: vec![0.0, 4.0, 2.0], shade };
        domain.problems[0].starts[2].figures = vec![Figure::Scatter(scatter)];
        gallery(&domain.info, &domain.problems[0])
    }

    #[test]
    fn every_picture_has_a_panel_under_its_start() {
        let names = vec!["a<b".to_owned(), "two".to_owned()];
        let svg = drawn(Shade::Groups { of: vec![0, 1, 1], names });
        for text in ["toy / bowl", ">pilot<", "a&lt;b", "two", GROUPS[0], GROUPS[1]] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
        assert_eq!(svg.matches("h0").count(), 3);
        assert!(!svg.contains(">far<"), "a start without a picture has no panel");
    }

    #[test]
    fn quantities_and_many_groups_take_the_scale() {
        let svg = drawn(Shade::Scale { of: vec![1.0, 5.0, 9.0], label: "depth (m)".into() });
        assert!([SCALE[0], SCALE[11], "depth (m)", ">1<", ">9<"].iter().all(|text| svg.contains(text)));
        let names: Vec<String> = (0..20).map(|group| format!("g{group}")).collect();
        let svg = drawn(Shade::Groups { of: vec![0, 10, 19], names });
        assert!([SCALE[0], SCALE[11], "20 groups", "g0", "g19"].iter().all(|text| svg.contains(text)));
    }

    #[test]
    fn without_pictures_there_is_no_figure() {
        let comparison = crate::report::tests::comparison();
        let domain = &comparison.domains[0];
        assert_eq!(gallery(&domain.info, &domain.problems[0]), "");
    }
}
