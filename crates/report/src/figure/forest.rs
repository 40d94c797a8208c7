//! Forest plot: the effect of every start against the baseline, with its interval.

use plotters::prelude::*;

use super::{Area, BASELINE, Drawn, START, figure, ticks};
use crate::compare::{Effect, ProblemResults};
use crate::number::{effect, tick};
use crate::table;
use headstart_domain::claim::Estimand;
use headstart_domain::info::DomainInfo;

const LINE: i32 = 30;
const WIDTH: i32 = 900;
const NAMES: i32 = 190;
const NUMBERS: i32 = 230;
const TOP: i32 = 84;
const FOOT: i32 = 40;

/// Draws charged and uncharged speed-ups on a logarithmic axis, or the headline if the problem ranks starts by another
/// effect.
pub(crate) fn forest(info: &DomainInfo, problem: &ProblemResults) -> Drawn<String> {
    let is_work = matches!(problem.info.headline, Estimand::Work { .. });
    let rows: Vec<(&str, [Option<Effect>; 2])> = problem
        .starts
        .iter()
        .skip(1)
        .map(|start| {
            let effects = if is_work { [start.speedup, start.speedup_uncharged] } else { [start.headline, None] };
            (start.name.as_ref(), effects)
        })
        .collect();
    if rows.is_empty() {
        return Ok(String::new());
    }
    let axis = Axis::new(&rows, is_work || problem.info.headline.is_ratio());
    let baseline = problem.starts.first().map_or("", |start| &start.name);
    let n = problem.starts.first().map_or(0, |start| start.n);
    let height = (0..rows.len()).fold(TOP + FOOT, |height, _| height + LINE);
    figure((WIDTH.unsigned_abs(), height.unsigned_abs()), |root| {
        let title = format!("{} / {}", info.name, problem.info.name);
        root.draw(&Text::new(title, (12, 8), ("sans-serif", 20).into_font().color(&BLACK)))?;
        let what = match table::headline(&problem.info).filter(|_| !is_work) {
            None => format!("Speed-up in {}s to target against {baseline} (log axis)", info.work_unit),
            Some(headline) => format!("{headline} against {baseline}"),
        };
        let line = if is_work {
            format!("{what}: pseudo-median of {n} pairs, 95% interval (exact signed-rank).")
        } else {
            format!("{what}: pseudo-median of {n} pairs, 95% interval (simultaneous over the starts).")
        };
        let small = || ("sans-serif", 12).into_font().color(&BLACK);
        root.draw(&Text::new(line, (12, 33), small()))?;
        if is_work {
            mark(root, (18, 62), true)?;
            root.draw(&Text::new("charged (numbers on the right)", (28, 55), small()))?;
            mark(root, (238, 62), false)?;
            root.draw(&Text::new("without the work of making the start", (248, 55), small()))?;
        }
        axis.draw(root, height)?;
        for (index, (name, effects)) in (0..).zip(&rows) {
            let y = TOP + LINE * index + LINE / 2;
            root.draw(&Text::new((*name).to_owned(), (12, y - 7), small()))?;
            root.draw(&Text::new(effect(effects[0]), (WIDTH - NUMBERS + 14, y - 7), small()))?;
            let offset = if is_work { 4 } else { 0 };
            for (effect, y, filled) in [(effects[0], y - offset, true), (effects[1], y + offset + 1, false)] {
                if let Some(effect) = effect {
                    axis.interval(root, effect, y, filled)?;
                }
            }
        }
        Ok(())
    })
}

fn mark(area: &Area, at: (i32, i32), filled: bool) -> Drawn<()> {
    let fill = if filled { START.filled() } else { WHITE.filled() };
    area.draw(&Circle::new(at, 4, fill))?;
    Ok(area.draw(&Circle::new(at, 4, START.stroke_width(1)))?)
}

/// Maps effects to pixels.
struct Axis {
    low: f64,
    high: f64,
    is_ratio: bool,
}

impl Axis {
    /// Covers all estimates, and the intervals up to a limited distance. Ends beyond it are drawn as arrows.
    fn new(rows: &[(&str, [Option<Effect>; 2])], is_ratio: bool) -> Self {
        let place = |x: f64| if is_ratio { x.max(f64::MIN_POSITIVE).ln() } else { x };
        let finite = |x: &f64| x.is_finite();
        let effects = || rows.iter().flat_map(|(_, effects)| effects.iter().flatten());
        let estimates: Vec<f64> = effects().map(|effect| place(effect.estimate)).filter(finite).chain([0.0]).collect();
        let (least, most) = range(&estimates);
        let reach = (most - least).max(if is_ratio { 2.0_f64.ln() } else { 1e-9 });
        let ends = effects().flat_map(|effect| [place(effect.low), place(effect.high)]).filter(finite);
        let all: Vec<f64> = ends.map(|end| end.clamp(least - reach, most + reach)).chain(estimates.clone()).collect();
        let (low, high) = range(&all);
        let pad = 0.05 * (high - low).max(reach);
        Self { low: low - pad, high: high + pad, is_ratio }
    }

    /// Returns the position of an effect, and whether it lies outside of the axis.
    fn x(&self, effect: f64) -> (i32, bool) {
        let place = if self.is_ratio { effect.max(f64::MIN_POSITIVE).ln() } else { effect };
        let share = (place - self.low) / (self.high - self.low);
        let width = f64::from(WIDTH - NUMBERS - NAMES);
        (NAMES + (share.clamp(0.0, 1.0) * width) as i32, !(0.0..=1.0).contains(&share))
    }

    fn draw(&self, area: &Area, height: i32) -> Drawn<()> {
        let bottom = height - FOOT;
        for value in self.ticks() {
            let (x, outside) = self.x(value);
            if outside {
                continue;
            }
            let is_none = value == if self.is_ratio { 1.0 } else { 0.0 };
            let style = if is_none { BASELINE.stroke_width(2) } else { BLACK.mix(0.12).stroke_width(1) };
            area.draw(&PathElement::new([(x, TOP), (x, bottom)], style))?;
            let label = tick(value);
            let left = label.chars().fold(x, |left, _| left - 3);
            area.draw(&Text::new(label, (left, bottom + 8), ("sans-serif", 12).into_font().color(&BLACK)))?;
        }
        Ok(())
    }

    fn ticks(&self) -> Vec<f64> {
        if !self.is_ratio {
            return ticks::linear(self.low, self.high);
        }
        let exponent = |log: f64| log / std::f64::consts::LN_10;
        let marks = ticks::log(exponent(self.low), exponent(self.high));
        // Powers may round: the mark of no effect must be exactly 1.
        marks.into_iter().map(|mark| if mark == 0.0 { 1.0 } else { 10_f64.powf(mark) }).collect()
    }

    fn interval(&self, area: &Area, effect: Effect, y: i32, filled: bool) -> Drawn<()> {
        let ((low, low_out), (high, high_out)) = (self.x(effect.low), self.x(effect.high));
        area.draw(&PathElement::new([(low, y), (high, y)], START.stroke_width(if filled { 2 } else { 1 })))?;
        for (x, outside, way) in [(low, low_out, 6), (high, high_out, -6)] {
            let tip =
                if outside { vec![(x + way, y - 4), (x, y), (x + way, y + 4)] } else { vec![(x, y - 3), (x, y + 3)] };
            area.draw(&PathElement::new(tip, START.stroke_width(1)))?;
        }
        mark(area, (self.x(effect.estimate).0, y), filled)
    }
}

fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_start_has_a_line_and_its_numbers() {
        let comparison = crate::files::tests::comparison();
        let domain = &comparison.domains[0];
        let svg = forest(&domain.info, &domain.problems[0]).unwrap();
        for start in &domain.problems[0].starts[1..] {
            assert!(svg.contains(&start.name) && svg.contains(&effect(start.speedup)), "{}", start.name);
        }
        assert!(svg.contains("against far (log axis): pseudo-median of 20 pairs"));
    }

    #[test]
    fn an_axis_covers_estimates_and_marks_distant_ends() {
        let effect = |estimate, low, high| Effect { estimate, low, high, p: Some(0.5), favours: None };
        let axis = Axis::new(&[("a", [Some(effect(2.0, 0.5, 1e9)), None])], true);
        assert!(!axis.x(2.0).1 && !axis.x(1.0).1 && !axis.x(0.5).1);
        assert!(axis.x(1e9).1 && axis.x(0.0).1);
        assert!(axis.ticks().into_iter().filter(|tick| !axis.x(*tick).1).count() >= 3);
        let linear = Axis::new(&[("a", [Some(effect(-0.2, -0.4, 0.1)), None])], false);
        assert!(!linear.x(0.0).1 && linear.ticks().contains(&0.0));
    }
}
