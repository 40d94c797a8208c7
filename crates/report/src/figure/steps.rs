//! Performance profiles and runtime distributions, with a panel for each start against the baseline.

use plotters::prelude::*;

use super::ticks::Axis;
use super::{Area, BASELINE, Drawn, Head, START, panels};
use crate::compare::{Against, DomainResults, Overall, Steps};
use crate::number::tick;

/// Draws pairwise performance profiles (Dolan and Moré 2002; Gould and Scott 2016).
pub(crate) fn profiles(domain: &DomainResults, overall: &Overall) -> Drawn<String> {
    let lines = [
        "Share of (problem, replicate) solved within a ratio to the smaller charged work of the pair (log axis); with more \
         starts the order can change."
            .to_owned(),
        "In brackets: number of problems; areas over the linear ratio axis, start / baseline.".to_owned(),
    ];
    let of = |against: &Against| Some((against.profile.0.clone(), against.profile.1.clone()));
    draw(domain, overall, "performance profiles", lines, of, tick)
}

/// Draws runtime distributions over (problem, replicate, target) (Hansen et al. 2022).
pub(crate) fn runtimes(domain: &DomainResults, overall: &Overall) -> Drawn<String> {
    let (targets, dropped) = overall
        .against
        .iter()
        .filter_map(|against| against.runtime.as_ref())
        .fold((0, 0), |(targets, dropped): (usize, usize), runtime| {
            (targets.max(runtime.targets), dropped.max(runtime.dropped))
        });
    let lines = [
        "Share of (problem, replicate, target) met, over charged work as a share of the budget (log axis). In brackets: \
         problems; areas, start / baseline."
            .to_owned(),
        format!(
            "21 targets from the baseline's first value to the problem's resolution: {targets} count, the baseline met {dropped} \
             at once."
        ),
    ];
    let of = |against: &Against| {
        let runtime = against.runtime.as_ref()?;
        Some((runtime.start.clone(), runtime.baseline.clone()))
    };
    draw(domain, overall, "runtime distributions", lines, of, tick)
}

fn draw(
    domain: &DomainResults,
    overall: &Overall,
    what: &str,
    lines: [String; 2],
    of: impl Fn(&Against) -> Option<(Steps, Steps)>,
    label: impl Fn(f64) -> String,
) -> Drawn<String> {
    let shown: Vec<(&Against, (Steps, Steps))> =
        overall.against.iter().filter_map(|against| Some((against, of(against)?))).collect();
    if shown.is_empty() {
        return Ok(String::new());
    }
    let head = Head {
        title: format!("{}: {what}", domain.info.name),
        lines,
        legend: vec![
            (START, "the start named above the panel".to_owned()),
            (BASELINE, format!("baseline: {}", domain.info.baseline())),
        ],
    };
    panels(&head, shown.len(), |area, index| {
        let (against, curves) = &shown[index];
        panel(area, against, curves, &label)
    })
}

fn panel(
    area: &Area,
    against: &Against,
    (start, baseline): &(Steps, Steps),
    label: &impl Fn(f64) -> String,
) -> Drawn<()> {
    let ends = |steps: &Steps| (steps.points.first().map(|point| point.0), steps.points.last().map(|point| point.0));
    let (Some(from), Some(to)) = ends(start) else { return Ok(()) };
    let caption = format!("{} ({}: {:.2} / {:.2})", against.start, against.problems, start.area, baseline.area);
    let mut chart = ChartBuilder::on(area)
        .margin(6)
        .margin_right(14)
        .caption(caption, ("sans-serif", 13))
        .x_label_area_size(24)
        .y_label_area_size(40)
        .build_cartesian_2d(Axis::log(from.log10()..to.log10()), Axis::linear(0.0..1.0))?;
    let power = |exponent: &f64| label(10_f64.powf(*exponent));
    chart
        .configure_mesh()
        .x_label_formatter(&power)
        .y_label_formatter(&|share| tick(*share))
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.1))
        .label_style(("sans-serif", 11))
        .draw()?;
    for (steps, color) in [(baseline, BASELINE), (start, START)] {
        let points = steps.points.iter().map(|(x, share)| (x.log10(), *share));
        chart.draw_series(LineSeries::new(stairs(points), color.stroke_width(2)))?;
    }
    Ok(())
}

/// Adds the corners of a step curve, which is constant between its rises.
fn stairs(points: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut path: Vec<(f64, f64)> = Vec::new();
    for (x, y) in points {
        if let Some(&(_, before)) = path.last()
            && before != y
        {
            path.push((x, before));
        }
        path.push((x, y));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_figures_name_starts_and_axes() {
        let comparison = crate::files::tests::comparison();
        let domain = &comparison.domains[0];
        let overall = domain.overall.as_ref().unwrap();
        let profiles = profiles(domain, overall).unwrap();
        let runtimes = runtimes(domain, overall).unwrap();
        for text in ["toy: performance profiles", "pilot (1: ", "far-again (1: ", "baseline: far", "ratio"] {
            assert!(profiles.contains(text), "{text} is not in the figure");
        }
        for text in ["toy: runtime distributions", "pilot (1: ", "share of the budget", "targets"] {
            assert!(runtimes.to_lowercase().contains(text), "{text} is not in the figure");
        }
    }

    #[test]
    fn steps_are_drawn_as_steps() {
        assert_eq!(
            stairs([(0.0, 0.0), (1.0, 0.0), (2.0, 0.5)].into_iter()),
            [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 0.5)]
        );
    }
}
