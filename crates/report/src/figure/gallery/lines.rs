//! Curves, with the same axes in all panels.

use std::fmt::Write;

use super::super::ticks;
use super::scatter::GROUPS;
use super::{Frame, escape};
use crate::number::tick;
use headstart_domain::figure::{Figure, Lines};

/// Margins of a panel; those on the left and below hold the numbers of the axes.
const LEFT: f64 = 46.0;
const BELOW: f64 = 22.0;
const TOP: f64 = 8.0;
const RIGHT: f64 = 10.0;

/// Ranges of both axes over all panels.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    x: (f64, f64),
    y: (f64, f64),
}

impl Scale {
    pub(super) fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let none = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut x, mut y) = (none, none);
        let grow = |ends: &mut (f64, f64), value: &f32| {
            *ends = (ends.0.min(f64::from(*value)), ends.1.max(f64::from(*value)));
        };
        for figure in figures {
            if let Figure::Lines(lines) = figure {
                lines.curves.iter().flat_map(|curve| &curve.x).for_each(|value| grow(&mut x, value));
                lines.curves.iter().flat_map(|curve| &curve.y).for_each(|value| grow(&mut y, value));
            }
        }
        // A constant curve is drawn in the middle.
        let wide = |ends: (f64, f64)| if ends.0 < ends.1 { ends } else { (ends.0 - 0.5, ends.1 + 0.5) };
        Self { x: wide(x), y: wide(y) }
    }
}

/// Draws the legend of curves and axes.
pub(super) fn legend(svg: &mut String, lines: &Lines) {
    let mut x = 12.0;
    for (curve, colour) in lines.curves.iter().zip(GROUPS.iter().cycle()) {
        let _ = writeln!(svg, "<path d=\"M{x} 66h18\" stroke=\"{colour}\" stroke-width=\"3\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"70\" font-size=\"12\">{}</text>", x + 24.0, escape(&curve.name));
        // Fonts are not measured: seven pixels per letter suffice.
        x += 42.0 + 7.0 * curve.name.chars().count() as f64;
    }
    let axes = escape(&format!("vertical: {}; horizontal: {}", lines.y_label, lines.x_label));
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"70\" font-size=\"12\" fill=\"#555\">{axes}</text>");
}

/// Draws the curves of one start.
pub(super) fn panel(svg: &mut String, lines: &Lines, scale: Scale, panel: Frame) {
    let (left, bottom) = (panel.left + LEFT, panel.top + panel.height - BELOW);
    let (width, height) = (panel.width - LEFT - RIGHT, panel.height - BELOW - TOP);
    let across = |x: f64| left + width * (x - scale.x.0) / (scale.x.1 - scale.x.0);
    let up = |y: f64| bottom - height * (y - scale.y.0) / (scale.y.1 - scale.y.0);
    for mark in ticks::linear(scale.y.0, scale.y.1) {
        let (x, y, text) = (left - 5.0, up(mark), tick(mark));
        let _ = writeln!(svg, "<path d=\"M{left:.1} {y:.1}h{width:.1}\" stroke=\"#e4e4e4\"/>");
        let y = y + 4.0;
        let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"11\" text-anchor=\"end\">{text}</text>");
    }
    for mark in ticks::linear(scale.x.0, scale.x.1) {
        let (x, y, text) = (across(mark), bottom + 15.0, tick(mark));
        let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"11\" text-anchor=\"middle\">{text}</text>");
    }
    for (curve, colour) in lines.curves.iter().zip(GROUPS.iter().cycle()) {
        let mut path = String::new();
        for (x, y) in curve.x.iter().zip(&curve.y) {
            let pen = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{pen}{:.1} {:.1}", across(f64::from(*x)), up(f64::from(*y)));
        }
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\" fill=\"none\"/>"
        );
    }
}
