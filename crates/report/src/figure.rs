//! Figures as SVG. Each panel has one colour for the start and one for the baseline, distinguishable with
//! colour-blindness and in print.

mod break_even;
mod convergence;
mod forest;
mod gallery;
mod steps;
mod ticks;

pub(super) use convergence::y_label;
pub(super) use gallery::escape;
use plotters::coord::Shift;
use plotters::prelude::*;

pub(super) use break_even::break_even;
pub(super) use convergence::convergence;
pub(super) use forest::forest;
pub(super) use gallery::gallery;
pub(super) use steps::{profiles, runtimes};

pub(super) type Drawn<T> = Result<T, Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Blue and vermilion of Okabe and Ito, and a grey.
const START: RGBColor = RGBColor(0, 114, 178);
const BASELINE: RGBColor = RGBColor(110, 110, 110);
const TARGET: RGBColor = RGBColor(213, 94, 0);

const COLUMNS: usize = 4;
const PANEL: (u32, u32) = (290, 220);
const HEADER: u32 = 96;

/// Title, text and legend above the panels.
struct Head {
    title: String,
    lines: [String; 2],
    legend: Vec<(RGBColor, String)>,
}

impl Head {
    fn draw(&self, area: &Area) -> Drawn<()> {
        let text = |size: u32| ("sans-serif", size).into_font().color(&BLACK);
        area.draw(&Text::new(self.title.clone(), (12, 8), text(20)))?;
        for (line, y) in self.lines.iter().zip([33, 49]) {
            area.draw(&Text::new(line.clone(), (12, y), text(12)))?;
        }
        let mut x = 12;
        for (color, label) in &self.legend {
            area.draw(&Rectangle::new([(x, 74), (x + 22, 84)], color.mix(0.25).filled()))?;
            area.draw(&PathElement::new([(x, 79), (x + 22, 79)], color.stroke_width(2)))?;
            area.draw(&Text::new(label.clone(), (x + 28, 73), text(13)))?;
            // Fonts are not measured: seven pixels per letter suffice.
            x = label.chars().fold(x + 48, |x, _| x + 7);
        }
        Ok(())
    }
}

/// Returns a figure of `count` panels under a head; `draw` takes the index of the panel.
fn panels(head: &Head, count: usize, draw: impl Fn(&Area, usize) -> Drawn<()>) -> Drawn<String> {
    let columns = count.clamp(1, COLUMNS);
    let rows = count.div_ceil(columns);
    let size = (PANEL.0 * columns.max(3) as u32, HEADER + PANEL.1 * rows as u32);
    figure(size, |root| {
        let (top, body) = root.split_vertically(HEADER);
        head.draw(&top)?;
        for (index, area) in body.split_evenly((rows, columns)).iter().enumerate().take(count) {
            draw(area, index)?;
        }
        Ok(())
    })
}

/// Returns a figure on white; `size` is in pixels.
fn figure(size: (u32, u32), draw: impl FnOnce(&Area) -> Drawn<()>) -> Drawn<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE)?;
        draw(&root)?;
        root.present()?;
    }
    Ok(svg)
}
