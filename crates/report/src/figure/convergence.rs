//! Convergence bands: best value so far over charged work, with a panel for each start against the baseline.

use plotters::prelude::*;

use super::ticks::Axis;
use super::{Area, BASELINE, Drawn, START, TARGET, panels};
use crate::compare::{ProblemResults, Quartiles, Scale, StartResults};
use crate::number::tick;
use headstart_domain::info::DomainInfo;

/// Draws median and quartiles over replicates.
pub(crate) fn convergence(info: &DomainInfo, problem: &ProblemResults) -> Drawn<String> {
    let Some((baseline, others)) = problem.starts.split_first() else { return Ok(String::new()) };
    // The baseline is drawn even if it is the only start.
    let shown: Vec<&StartResults> = if others.is_empty() { vec![baseline] } else { others.iter().collect() };
    let head = super::Head {
        title: format!("{} / {}", info.name, problem.info.name),
        lines: [
            format!(
                "Best value so far ({}) over charged work ({}s, log axis): median and quartiles of {} replicates.",
                y_label(problem),
                info.work_unit,
                baseline.n
            ),
            "The charge for making a start shifts its curve to the right; dotted: median without the charge."
                .to_owned(),
        ],
        legend: vec![
            (START, "the start named above the panel".to_owned()),
            (BASELINE, format!("baseline: {}", baseline.name)),
            (TARGET, "target".to_owned()),
        ],
    };
    let view = View::new(problem);
    panels(&head, shown.len(), |area, index| view.panel(area, shown[index], baseline))
}

/// Returns the label of the vertical axis.
pub(crate) fn y_label(problem: &ProblemResults) -> String {
    match problem.scale {
        Scale::Gap { .. } => format!("{} above the best known", problem.info.value_label),
        Scale::Log { .. } | Scale::Linear => problem.info.value_label.to_string(),
    }
}

/// Axes that all panels share, in powers of ten if they are logarithmic.
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
            .margin_right(14)
            .caption(&start.name, ("sans-serif", 14))
            .x_label_area_size(24)
            .y_label_area_size(52)
            .build_cartesian_2d(
                Axis::log(self.x.clone()),
                if self.log { Axis::log(self.y.clone()) } else { Axis::linear(self.y.clone()) },
            )?;
        let power = |exponent: &f64| tick(10_f64.powf(*exponent));
        let plain = |value: &f64| tick(*value);
        chart
            .configure_mesh()
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
        // The dotted median has no charge, so it begins further to the left.
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
        // Failed trials have infinite values and are drawn at the edge.
        let place = |y: f64| (if self.log { y.log10() } else { y }).clamp(self.y.start, self.y.end);
        points.iter().map(|point| (point.0.log10(), place(of(point)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_has_a_panel_and_the_axes_are_explained() {
        let comparison = crate::files::tests::comparison();
        let domain = &comparison.domains[0];
        let svg = convergence(&domain.info, &domain.problems[0]).unwrap();
        for text in ["toy / bowl", "pilot", "far-again", "baseline: far", "charged work (steps, log axis)", "target"] {
            assert!(svg.contains(text), "{text} is not in the figure");
        }
    }
}
