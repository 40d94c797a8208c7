//! Cost per use of a start that is made once and used K times, with a panel for each start that has a charge.

use plotters::prelude::*;

use super::ticks::Axis;
use super::{Area, BASELINE, Drawn, Head, START, TARGET, panels};
use crate::compare::{ProblemResults, StartResults};
use crate::number::tick;
use crate::table::uses;
use headstart_domain::info::DomainInfo;
use headstart_stats::BreakEven;

/// Upper end of the axis of uses.
const MOST: f64 = 1000.0;

/// Draws mean work per use, including its share of the charge, over the number of uses.
pub(crate) fn break_even(info: &DomainInfo, problem: &ProblemResults) -> Drawn<String> {
    let Some((baseline, others)) = problem.starts.split_first() else { return Ok(String::new()) };
    let shown: Vec<&StartResults> = others.iter().filter(|start| start.break_even.is_some()).collect();
    if shown.is_empty() {
        return Ok(String::new());
    }
    let head = Head {
        title: format!("{} / {}: reuse", info.name, problem.info.name),
        lines: [
            format!(
                "Mean {}s per use if the start is made once and used K times: charge / K + work, cut at the budget (both \
                 axes log).",
                info.work_unit
            ),
            "In brackets and as a band: uses that pay back the charge, 95% interval (Fieller); never: no significant \
             saving."
                .to_owned(),
        ],
        legend: vec![
            (START, "the start named above the panel".to_owned()),
            (BASELINE, format!("baseline: {}", baseline.name)),
            (TARGET, "break-even".to_owned()),
        ],
    };
    let cost = |start: &StartResults, uses: f64| start.means.0 / uses + start.means.1;
    let all = shown.iter().flat_map(|start| [cost(start, 1.0), cost(start, MOST)]).chain([cost(baseline, 1.0)]);
    let all: Vec<f64> = all.filter(|cost| *cost > 0.0).collect();
    let low = all.iter().copied().fold(f64::INFINITY, f64::min);
    let high = all.iter().copied().fold(0.0, f64::max);
    let view = View { low: low.log10() - 0.05, high: high.log10() + 0.05, baseline: cost(baseline, MOST) };
    panels(&head, shown.len(), |area, index| view.panel(area, shown[index], |uses| cost(shown[index], uses)))
}

struct View {
    low: f64,
    high: f64,
    baseline: f64,
}

impl View {
    fn panel(&self, area: &Area, start: &StartResults, cost: impl Fn(f64) -> f64) -> Drawn<()> {
        let most = MOST.log10();
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .margin_right(14)
            .caption(format!("{} ({})", start.name, when(start.break_even)), ("sans-serif", 13))
            .x_label_area_size(24)
            .y_label_area_size(52)
            .build_cartesian_2d(Axis::log(0.0..most), Axis::log(self.low..self.high))?;
        let power = |exponent: &f64| tick(10_f64.powf(*exponent));
        chart
            .configure_mesh()
            .x_label_formatter(&power)
            .y_label_formatter(&power)
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.1))
            .label_style(("sans-serif", 11))
            .draw()?;
        if let Some(BreakEven::After { uses, low, high }) = start.break_even {
            let place = |uses: f64| uses.clamp(1.0, MOST).log10();
            let band = Rectangle::new([(place(low), self.low), (place(high), self.high)], TARGET.mix(0.12).filled());
            chart.draw_series(std::iter::once(band))?;
            if (1.0..=MOST).contains(&uses) {
                let ends = [(place(uses), self.low), (place(uses), self.high)];
                chart.draw_series(DashedLineSeries::new(ends, 5, 4, TARGET.stroke_width(1)))?;
            }
        }
        let flat = [(0.0, self.baseline.log10()), (most, self.baseline.log10())];
        chart.draw_series(LineSeries::new(flat, BASELINE.stroke_width(2)))?;
        let curve = (0..=60).map(|step| {
            let x = most * f64::from(step) / 60.0;
            (x, cost(10_f64.powf(x)).log10())
        });
        chart.draw_series(LineSeries::new(curve, START.stroke_width(2)))?;
        Ok(())
    }
}

/// Formats the break-even for a caption.
fn when(break_even: Option<BreakEven>) -> String {
    if matches!(break_even, Some(BreakEven::Never { .. })) { "never".into() } else { uses(break_even) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_starts_with_a_charge_have_a_panel() {
        let comparison = crate::files::tests::comparison();
        let domain = &comparison.domains[0];
        let svg = break_even(&domain.info, &domain.problems[0]).unwrap();
        assert!(svg.contains("pilot (after ") && svg.contains("charge / K + work"), "{svg}");
        assert!(!svg.contains("far-again"));
    }
}
