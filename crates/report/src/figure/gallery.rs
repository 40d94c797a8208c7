//! Gallery of the first replicate of each start, side by side.
//!
//! Points are written as SVG paths, about ten bytes each; a plotting library needs about a hundred.

mod heat_map;
mod lines;
mod logo;
mod scatter;

use std::fmt::Write;
use std::mem::discriminant;

use crate::compare::{ProblemResults, StartResults};
use headstart_domain::figure::Figure;
use headstart_domain::info::DomainInfo;

/// Heights of the head, and of the caption with the start's name over each panel.
const HEADER: f64 = 92.0;
const CAPTION: f64 = 24.0;
const GAP: f64 = 12.0;

/// Layout of the panels of one kind of figure.
struct Sheet {
    columns: usize,
    width: f64,
    height: f64,
    about: &'static str,
}

const SCATTERS: Sheet = Sheet {
    columns: 4,
    width: 248.0,
    height: 248.0,
    about: "First replicate of each start, final result. Both axes of a panel have the same scale; scales differ between \
            panels.",
};
const LOGOS: Sheet = Sheet {
    columns: 3,
    width: 360.0,
    height: 130.0,
    about: "First replicate of each start, final result. The height of a column is its information content in bits.",
};
const HEAT_MAPS: Sheet = Sheet {
    columns: 4,
    width: 248.0,
    height: 292.0,
    about: "First replicate of each start, final result. All panels have the same colour scale.",
};

const LINES: Sheet = Sheet {
    columns: 3,
    width: 320.0,
    height: 210.0,
    about: "First replicate of each start. All panels have the same axes.",
};

/// Position and size of a panel on the page.
#[derive(Clone, Copy)]
struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// Returns one sheet for each kind of figure, with one panel for each start. Empty if no start has a figure.
pub(crate) fn gallery(info: &DomainInfo, problem: &ProblemResults) -> String {
    let panels: Vec<(&StartResults, &Figure)> =
        problem.starts.iter().flat_map(|start| start.figures.iter().map(move |figure| (start, figure))).collect();
    let mut kinds: Vec<Vec<(&StartResults, &Figure)>> = Vec::new();
    for panel in panels {
        let alike = |kind: &&mut Vec<(&StartResults, &Figure)>| discriminant(kind[0].1) == discriminant(panel.1);
        match kinds.iter_mut().find(alike) {
            Some(kind) => kind.push(panel),
            None => kinds.push(vec![panel]),
        }
    }
    let title = escape(&format!("{} / {}", info.name, problem.info.name));
    let sheets: Vec<(String, f64, f64)> = kinds.iter().map(|panels| sheet(&title, panels)).collect();
    if sheets.is_empty() {
        return String::new();
    }
    let width = sheets.iter().fold(0.0, |most, (_, width, _)| f64::max(most, *width));
    let height: f64 = sheets.iter().map(|(_, _, height)| height).sum();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    let mut top = 0.0;
    for (sheet, _, height) in sheets {
        let _ = writeln!(svg, "<g transform=\"translate(0 {top})\">\n{sheet}</g>");
        top += height;
    }
    svg + "</svg>\n"
}

/// Returns the panels of one kind under their head, with width and height.
fn sheet(title: &str, panels: &[(&StartResults, &Figure)]) -> (String, f64, f64) {
    let first = panels[0].1;
    let sheet = match first {
        Figure::Scatter(_) => SCATTERS,
        Figure::Logo(_) => LOGOS,
        Figure::HeatMap(_) => HEAT_MAPS,
        Figure::Lines(_) => LINES,
    };
    let columns = panels.len().min(sheet.columns);
    let (wide, high) = (sheet.width + GAP, sheet.height + CAPTION + GAP);
    // The head needs this width too.
    let width = (wide * columns as f64 + GAP).max(780.0);
    let height = HEADER + high * panels.len().div_ceil(columns) as f64;
    let mut svg = String::new();
    let _ = writeln!(svg, "<text x=\"12\" y=\"24\" font-size=\"20\">{title}</text>");
    let _ = writeln!(svg, "<text x=\"12\" y=\"44\" font-size=\"12\">{}</text>", sheet.about);
    let figures = || panels.iter().map(|(_, figure)| *figure);
    let (scale, axes) = (heat_map::Scale::of(figures()), lines::Scale::of(figures()));
    match first {
        Figure::Scatter(first) => scatter::legend(&mut svg, &first.shade),
        Figure::Logo(_) => {}
        Figure::HeatMap(first) => heat_map::legend(&mut svg, first, scale),
        Figure::Lines(first) => lines::legend(&mut svg, first),
    }
    let widest = |figure: &Figure| if let Figure::Logo(logo) = figure { logo.columns.len() } else { 0 };
    let most = figures().map(widest).max().unwrap_or(0);
    for (index, (start, figure)) in panels.iter().enumerate() {
        let (left, top) = (GAP + wide * (index % columns) as f64, HEADER + high * (index / columns) as f64);
        let (middle, line, name) = (left + sheet.width / 2.0, top + 16.0, escape(&start.name));
        let _ =
            writeln!(svg, "<text x=\"{middle}\" y=\"{line}\" font-size=\"14\" text-anchor=\"middle\">{name}</text>");
        let panel = Frame { left, top: top + CAPTION, width: sheet.width, height: sheet.height };
        frame(&mut svg, panel);
        match figure {
            Figure::Scatter(scatter) => scatter::panel(&mut svg, scatter, panel),
            Figure::Logo(logo) => logo::panel(&mut svg, logo, most, panel),
            Figure::HeatMap(map) => heat_map::panel(&mut svg, map, scale, panel),
            Figure::Lines(lines) => lines::panel(&mut svg, lines, axes, panel),
        }
    }
    (svg, width, height)
}

fn frame(svg: &mut String, Frame { left, top, width, height }: Frame) {
    let _ = writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#ddd\"/>"
    );
}

/// Escapes a text for XML and HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::scatter::{GROUPS, SCALE};
    use super::*;
    use headstart_domain::figure::{Curve, HeatMap, Lines, Logo, Scatter, Shade};

    fn of(figure: Figure) -> String {
        let mut comparison = crate::files::tests::comparison();
        let domain = &mut comparison.domains[0];
        domain.problems[0].starts[2].figures = vec![figure];
        gallery(&domain.info, &domain.problems[0])
    }

    fn drawn(shade: Shade) -> String {
        of(Figure::Scatter(Scatter { x: vec![0.0, 1.0, 2.0], y: vec![0.0, 4.0, 2.0], shade }))
    }

    #[test]
    fn logos_have_their_caption_and_the_name_of_their_start() {
        let columns = vec![[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]];
        let svg = of(Figure::Logo(Logo { columns, caption: "AK & more".into() }));
        for text in [">pilot<", "AK &amp; more", "in bits"] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
        assert_eq!(svg.matches("scale(").count(), 3, "three letters");
    }

    #[test]
    fn heat_maps_have_a_cell_for_each_number_and_a_bar_for_each_column() {
        let cells = vec![vec![0.0, 0.5], vec![0.5, 0.0]];
        let map = |cells| HeatMap {
            cells,
            bars: vec![0.2, 1.4],
            label: "I & J (nats)".into(),
            bars_label: "s (nats)".into(),
        };
        let svg = of(Figure::HeatMap(map(cells)));
        for text in [">pilot<", "I &amp; J (nats)", "s (nats)", SCALE[0], SCALE[11], ">0.5<", ">1.4<"] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
        // Two colours with two cells each, one path per colour; two bars.
        let drawn = |svg: &str| (svg.matches('V').count(), svg.matches("v-").count());
        assert_eq!(drawn(&svg), (4, 2));
        let alike = of(Figure::HeatMap(map(vec![vec![0.0, 0.0], vec![0.5, 0.0]])));
        assert_eq!(drawn(&alike), (3, 2), "neighbours of one colour are one rectangle");
    }

    #[test]
    fn curves_share_marked_axes() {
        let curve = |name: &str, y: f32| Curve { name: name.into(), x: vec![1.0, 2.0], y: vec![y, -y] };
        let curves = vec![curve("to & fro", 4.0), curve("back", 1.0)];
        let svg = of(Figure::Lines(Lines { curves, x_label: "layer".into(), y_label: "log10 q".into() }));
        for text in [">pilot<", "to &amp; fro", "vertical: log10 q; horizontal: layer", ">-4<", ">2<", GROUPS[1]] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
    }

    #[test]
    fn every_figure_has_a_panel_with_the_name_of_its_start() {
        let names = vec!["a<b".to_owned(), "two".to_owned()];
        let svg = drawn(Shade::Groups { of: vec![0, 1, 1], names });
        for text in ["toy / bowl", ">pilot<", "a&lt;b", "two", GROUPS[0], GROUPS[1]] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
        assert_eq!(svg.matches("h0").count(), 3);
        assert!(!svg.contains(">far<"), "a start without a figure has no panel");
    }

    #[test]
    fn quantities_and_many_groups_use_the_colour_scale() {
        let svg = drawn(Shade::Scale { of: vec![1.0, 5.0, 9.0], label: "depth (m)".into() });
        assert!([SCALE[0], SCALE[11], "depth (m)", ">1<", ">9<"].iter().all(|text| svg.contains(text)));
        let names: Vec<String> = (0..20).map(|group| format!("g{group}")).collect();
        let svg = drawn(Shade::Groups { of: vec![0, 10, 19], names });
        assert!([SCALE[0], SCALE[11], "20 groups", "g0", "g19"].iter().all(|text| svg.contains(text)));
    }

    #[test]
    fn every_kind_of_figure_has_a_sheet_with_its_legend() {
        let map = HeatMap { cells: vec![vec![0.5]], bars: vec![], label: "visits".into(), bars_label: String::new() };
        let curve = Curve { name: "Q".into(), x: vec![0.0, 1.0], y: vec![1.0, 0.5] };
        let lines = Lines { curves: vec![curve], x_label: "episode".into(), y_label: "Q unvisited".into() };
        let mut comparison = crate::files::tests::comparison();
        let domain = &mut comparison.domains[0];
        for start in &mut domain.problems[0].starts {
            start.figures = vec![Figure::HeatMap(map.clone()), Figure::Lines(lines.clone())];
        }
        let svg = gallery(&domain.info, &domain.problems[0]);
        assert_eq!(svg.matches("<g transform").count(), 2);
        assert!(["visits", "Q unvisited"].iter().all(|text| svg.contains(text)));
        assert_eq!(svg.matches(">pilot<").count(), 2);
    }

    #[test]
    fn without_figures_the_gallery_is_empty() {
        let comparison = crate::files::tests::comparison();
        let domain = &comparison.domains[0];
        assert_eq!(gallery(&domain.info, &domain.problems[0]), "");
    }
}
