//! Heat maps, with bars over their columns.

use std::fmt::Write;

use super::scatter::SCALE;
use super::{Frame, escape};
use crate::number::tick;
use headstart_domain::figure::{Figure, HeatMap};

const MARGIN: f64 = 8.0;
/// Height of the bars above the table.
const BARS: f64 = 44.0;
const BAR: &str = "#606060";

/// Largest cell and largest bar over all panels.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    cell: f64,
    bar: f64,
}

impl Scale {
    pub(super) fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let mut scale = Self { cell: 0.0, bar: 0.0 };
        for figure in figures {
            if let Figure::HeatMap(map) = figure {
                scale.cell = map.cells.iter().flatten().fold(scale.cell, |most, x| most.max(f64::from(*x)));
                scale.bar = map.bars.iter().fold(scale.bar, |most, x| most.max(f64::from(*x)));
            }
        }
        scale
    }
}

/// Draws the legend of colours and bars.
pub(super) fn legend(svg: &mut String, map: &HeatMap, scale: Scale) {
    let mut x = 12.0;
    let mut entry = |svg: &mut String, colour: &str, text: &str| {
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"60\" width=\"11\" height=\"11\" fill=\"{colour}\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"70\" font-size=\"12\">{}</text>", x + 16.0, escape(text));
        x += 34.0 + 7.0 * text.chars().count() as f64;
    };
    entry(svg, SCALE[0], "0");
    entry(svg, SCALE[SCALE.len() - 1], &tick(scale.cell));
    entry(svg, "#fff", &map.label);
    if !map.bars.is_empty() {
        entry(svg, BAR, &format!("{}, highest bar:", map.bars_label));
        entry(svg, "#fff", &tick(scale.bar));
    }
}

/// Draws the cells under their bars.
pub(super) fn panel(svg: &mut String, map: &HeatMap, scale: Scale, panel: Frame) {
    let columns = map.cells.first().map_or(0, Vec::len);
    if columns == 0 {
        return;
    }
    let (left, width) = (panel.left + MARGIN, panel.width - 2.0 * MARGIN);
    let bars = if map.bars.is_empty() { 0.0 } else { BARS };
    let (top, height) = (panel.top + MARGIN + bars, panel.height - 2.0 * MARGIN - bars);
    let (wide, high) = (width / columns as f64, height / map.cells.len() as f64);
    let mut paths = vec![String::new(); SCALE.len()];
    let slot = |cell: &f32| {
        let share = if scale.cell > 0.0 { f64::from(*cell) / scale.cell } else { 0.0 };
        ((share * (SCALE.len() - 1) as f64).round() as usize).min(SCALE.len() - 1)
    };
    for (i, row) in map.cells.iter().enumerate() {
        let slots: Vec<usize> = row.iter().map(slot).collect();
        let (y, below) = (top + high * i as f64, top + high * (i + 1) as f64);
        let mut j = 0;
        // Neighbours of one colour are joined, since a large table is mostly zeros. Absolute edges avoid the gaps that
        // rounded lengths would leave.
        for run in slots.chunk_by(|one, next| one == next) {
            let (x, right) = (left + wide * j as f64, left + wide * (j + run.len()) as f64);
            let _ = write!(paths[run[0]], "M{x:.1} {y:.1}H{right:.1}V{below:.1}H{x:.1}z");
            j += run.len();
        }
    }
    for (path, colour) in paths.iter().zip(SCALE).filter(|(path, _)| !path.is_empty()) {
        let _ = writeln!(svg, "<path d=\"{path}\" fill=\"{colour}\" shape-rendering=\"crispEdges\"/>");
    }
    let mut path = String::new();
    for (j, bar) in map.bars.iter().enumerate().filter(|(_, bar)| **bar > 0.0) {
        let height = (BARS - 4.0) * f64::from(*bar) / scale.bar;
        let (x, y, thin) = (left + wide * (j as f64 + 0.15), top - 3.0, wide * 0.7);
        let _ = write!(path, "M{x:.1} {y:.1}v-{height:.1}h{thin:.1}v{height:.1}");
    }
    if !path.is_empty() {
        let _ = writeln!(svg, "<path d=\"{path}\" fill=\"{BAR}\"/>");
    }
}
