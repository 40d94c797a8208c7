//! One figure a problem: a panel for each start, its band beside the baseline's.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::number::tick;
use crate::compare::{ProblemResults, Quartiles, Scale, StartResults};
use crate::info::DomainInfo;

type Drawn<T> = Result<T, Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Okabe and Ito's blue and a grey: told apart by every eye and in print.
const START: RGBColor = RGBColor(0, 114, 178);
const BASELINE: RGBColor = RGBColor(110, 110, 110);
const TARGET: RGBColor = RGBColor(213, 94, 0);

const COLUMNS: usize = 4;
const PANEL: (u32, u32) = (290, 220);
const HEADER: u32 = 96;

/// Convergence bands: the best value so far over charged work, median and quartiles over replicates.
pub(super) fn convergence(info: &DomainInfo, problem: &ProblemResults) -> Drawn<String> {
    let Some((baseline, others)) = problem.starts.split_first() else { return Ok(String::new()) };
    // A run of the baseline alone still deserves its curve.
    let panels: Vec<&StartResults> = if others.is_empty() { vec![baseline] } else { others.iter().collect() };
    let columns = panels.len().min(COLUMNS);
    let rows = panels.len().div_ceil(columns);
    let size = (PANEL.0 * columns.max(3) as u32, HEADER + PANEL.1 * rows as u32);
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        root.fill(&WHITE)?;
        let (head, body) = root.split_vertically(HEADER);
        header(&head, info, problem, baseline)?;
        let view = View::new(problem);
        for (area, start) in body.split_evenly((rows, columns)).iter().zip(panels) {
            view.panel(area, start, baseline)?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn header(area: &Area, info: &DomainInfo, problem: &ProblemResults, baseline: &StartResults) -> Drawn<()> {
    let text = |size: u32, color: &RGBColor| ("sans-serif", size).into_font().color(color);
    area.draw(&Text::new(format!("{} / {}", info.name, problem.info.name), (12, 8), text(20, &BLACK)))?;
    let lines = [
        format!(
            "Best value so far ({}) over charged work ({}s, log axis): median and quartiles of {} replicates.",
            y_label(problem),
            info.work_unit,
            baseline.n
        ),
        "The charge for making a start shifts its curve to the right; dotted: the median without it.".to_owned(),
    ];
    for (line, y) in lines.into_iter().zip([33, 49]) {
        area.draw(&Text::new(line, (12, y), text(12, &BLACK)))?;
    }
    for (x, color, label) in [
        (12, START, "the start named above the panel".to_owned()),
        (240, BASELINE, format!("baseline: {}", baseline.name)),
        (460, TARGET, "target".to_owned()),
    ] {
        area.draw(&Rectangle::new([(x, 74), (x + 22, 84)], color.mix(0.25).filled()))?;
        area.draw(&PathElement::new([(x, 79), (x + 22, 79)], color.stroke_width(2)))?;
        area.draw(&Text::new(label, (x + 28, 73), text(13, &BLACK)))?;
    }
    Ok(())
}

fn y_label(problem: &ProblemResults) -> String {
    match problem.scale {
        Scale::Gap { .. } => format!("{} above the best known", problem.info.value_label),
        Scale::Log { .. } | Scale::Linear => problem.info.value_label.clone(),
    }
}

/// What all panels have in common: axes, in powers of ten where they are logarithmic.
struct View {
    x: std::ops::Range<f64>,
    y: std::ops::Range<f64>,
    log: bool,
    target: Option<f64>,
}

impl View {
    fn new(problem: &ProblemResults) -> Self {
        let log = problem.scale != Scale::Linear;
        let place = |value: f64| if log { value.log10() } else { value };
        let all = || problem.starts.iter().flat_map(|start| &start.curve.points);
        let right = all().map(|point| point.0).fold(2.0, f64::max).log10();
        let target = problem.target.map(|target| place(problem.scale.target(target))).filter(|y| y.is_finite());
        let ys = all().flat_map(|point| [point.1, point.3]).map(place).chain(target).filter(|y| y.is_finite());
        let (low, high) = ys.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
        let (low, high) = if low < high { (low, high) } else { (-1.0, 1.0) };
        let pad = 0.04 * (high - low);
        Self { x: 0.0..right, y: low - pad..high + pad, log, target }
    }

    fn panel(&self, area: &Area, start: &StartResults, baseline: &StartResults) -> Drawn<()> {
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .caption(&start.name, ("sans-serif", 14))
            .x_label_area_size(24)
            .y_label_area_size(52)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        let power = |exponent: &f64| tick(10_f64.powf(*exponent));
        let plain = |value: &f64| tick(*value);
        chart
            .configure_mesh()
            .x_labels(5)
            .y_labels(6)
            .x_label_formatter(&power)
            .y_label_formatter(if self.log { &power } else { &plain })
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.1))
            .label_style(("sans-serif", 11))
            .draw()?;
        if let Some(target) = self.target {
            let ends = [(self.x.start, target), (self.x.end, target)];
            chart.draw_series(DashedLineSeries::new(ends, 5, 4, TARGET.stroke_width(1)))?;
        }
        // Without its charge, the same curve begins further to the left.
        let uncharged: Vec<(f64, f64)> = self.line(&start.curve.uncharged, |point| point.2);
        if start.charge.0 > 0.0 {
            chart.draw_series(DashedLineSeries::new(uncharged, 2, 3, START.stroke_width(1)))?;
        }
        for (curve, color) in [(&baseline.curve, BASELINE), (&start.curve, START)] {
            let upper = self.line(&curve.points, |point| point.3);
            let band: Vec<(f64, f64)> =
                self.line(&curve.points, |point| point.1).into_iter().chain(upper.into_iter().rev()).collect();
            chart.draw_series(std::iter::once(Polygon::new(band, color.mix(0.22).filled())))?;
            chart.draw_series(LineSeries::new(self.line(&curve.points, |point| point.2), color.stroke_width(2)))?;
        }
        Ok(())
    }

    /// A quartile or the median of a curve, in axis coordinates.
    fn line(&self, points: &[Quartiles], of: fn(&Quartiles) -> f64) -> Vec<(f64, f64)> {
        // What failed is infinitely bad: drawn at the edge.
        let place = |y: f64| (if self.log { y.log10() } else { y }).clamp(self.y.start, self.y.end);
        points.iter().map(|point| (point.0.log10(), place(of(point)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_has_a_panel_and_the_axes_are_explained() {
        let comparison = crate::report::tests::comparison();
        let domain = &comparison.domains[0];
        let svg = convergence(&domain.info, &domain.problems[0]).unwrap();
        for text in ["toy / bowl", "pilot", "far-again", "baseline: far", "charged work (steps, log axis)", "target"] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
    }
}
