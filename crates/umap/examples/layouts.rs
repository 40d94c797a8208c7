//! Draws layouts of three problems from four starts each: `pictures/*.svg`, shown in the README of this crate.
//!
//! `cargo run --release -p headstart-umap --example layouts -- FOLDER`

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;

use headstart_umap::problem::{Shape, grid25, loop50, swiss_roll};
use headstart_umap::quality::{Reference, spearman};
use headstart_umap::start::{self, Input, Start};
use headstart_umap::{Stream, Umap};
use ndarray::{Array2, ArrayView2};

const POINTS: usize = 1000;
const SEED: u64 = 1;
/// Side of a panel and margins around it, in pixels.
const SIDE: f32 = 240.0;
const MARGIN: f32 = 20.0;
const TITLE: f32 = 16.0;
/// Number of colours.
const HUES: u32 = 25;

type MakeStart = fn(&Input<'_>, &mut Stream) -> Result<Start, headstart_umap::Error>;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: layouts FOLDER")?;
    let mut rng = Stream::new(SEED, 0);
    let problems = [
        ("grid25", grid25(POINTS, &mut rng)),
        ("loop50", loop50(POINTS, &mut rng)),
        ("swiss-roll", swiss_roll(POINTS, 3.0, 6.0, &mut rng)),
    ];
    let starts: [(&str, MakeStart); 4] = [
        ("spectral", start::spectral),
        ("spectral, parts by means", start::spectral_components),
        ("principal components", start::pca),
        ("random", start::random),
    ];
    for (name, shape) in problems {
        let reference = match &shape.intrinsic {
            Some(distances) => Reference::Distances(distances.view()),
            None => Reference::Points(shape.points.view()),
        };
        let colours = colours(&shape);
        let mut panels = String::new();
        for (place, (title, start)) in starts.into_iter().enumerate() {
            let layout = Umap::default().fit(shape.points.view(), start, SEED)?.layout;
            let order = spearman(reference, layout.view())?;
            panels.push_str(&panel(
                place as f32 * (SIDE + MARGIN),
                &format!("{title} ({order:.2})"),
                &layout,
                &colours,
            )?);
        }
        let (width, height) = (starts.len() as f32 * (SIDE + MARGIN) + MARGIN, SIDE + TITLE + 2.0 * MARGIN);
        let picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
             font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{panels}</svg>\n"
        );
        std::fs::write(Path::new(&folder).join(format!("{name}.svg")), picture)?;
    }
    Ok(())
}

/// The colour of each point: by cluster, or by distance along the shape from the point that is farthest from the first.
fn colours(shape: &Shape) -> Vec<u32> {
    if let Some(labels) = &shape.labels {
        return labels.iter().map(|label| label % HUES).collect();
    }
    let from = |i: usize| -> Vec<f32> {
        shape.intrinsic.as_ref().map_or(vec![0.0; POINTS], |distances| distances.row(i).to_vec())
    };
    let last = |along: &[f32]| (0..along.len()).max_by(|&i, &j| along[i].total_cmp(&along[j])).unwrap_or(0);
    let along = from(last(&from(0)));
    let longest = along[last(&along)].max(f32::MIN_POSITIVE);
    along.iter().map(|d| ((d / longest * HUES as f32) as u32).min(HUES - 1)).collect()
}

/// One layout with its aspect ratio kept, as a path of dots for each colour.
fn panel(left: f32, title: &str, layout: &Array2<f32>, colours: &[u32]) -> Result<String, std::fmt::Error> {
    let (low, extent) = frame(layout.view());
    let mut dots: BTreeMap<u32, String> = BTreeMap::new();
    for (row, &colour) in layout.rows().into_iter().zip(colours) {
        let [x, y] = [0, 1].map(|axis| (row[axis] - low[axis]) / extent * SIDE);
        write!(dots.entry(colour).or_default(), "M{:.0} {:.0}h0", x + left + MARGIN, y + TITLE + MARGIN)?;
    }
    let mut svg = format!("<text x=\"{}\" y=\"{TITLE}\">{title}</text>\n", left + MARGIN);
    for (colour, path) in dots {
        let hue = 300 * colour / HUES;
        writeln!(
            svg,
            "<path d=\"{path}\" stroke=\"hsl({hue},70%,45%)\" stroke-width=\"3\" stroke-linecap=\"round\"/>"
        )?;
    }
    Ok(svg)
}

/// The corner and the side of the square around a layout.
fn frame(layout: ArrayView2<'_, f32>) -> ([f32; 2], f32) {
    let ends = [0, 1].map(|axis| {
        let column = layout.column(axis);
        (column.iter().copied().fold(f32::INFINITY, f32::min), column.iter().copied().fold(f32::NEG_INFINITY, f32::max))
    });
    let extent = ends.iter().map(|(low, high)| high - low).fold(f32::MIN_POSITIVE, f32::max);
    (ends.map(|(low, high)| f32::midpoint(low, high) - extent / 2.0), extent)
}
