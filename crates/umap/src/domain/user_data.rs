//! The user's data: a table from a file, and the layouts returned to the user.

use std::path::Path;

use headstart_domain::{Figure, Opt, Options, Result, Run, Scatter, Shade, Stream};
use headstart_table::options;
use headstart_table::{Dataset, Label, Purpose, ReadOptions, quoted};
use ndarray::Array2;

use super::cloud::{Cloud, Colours, Settings};

pub(super) const OPTIONS: &[Opt] = &[
    Opt::of(options::LABEL_TO_SHOW.parts()),
    Opt::of(options::TASK.parts()),
    Opt::of(options::CATEGORICAL.parts()),
    Opt::of(options::DROP.parts()),
    Opt::of(options::DELIMITER.parts()),
    Opt::of(options::HEADER.parts()),
    Opt::of(options::STANDARDISE.parts()),
    Opt::new("neighbours", "K", "neighbours of each point, including itself (umap-learn's n_neighbors)").default("15"),
    Opt::new("min-dist", "X", "smallest distance of points in the layout (umap-learn's min_dist)").default("0.1"),
    Opt::new("metric", "NAME", "distance between rows: euclidean or cosine").default("euclidean"),
];

pub(super) fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Cloud> {
    let settings = Settings {
        neighbours: options.parse("neighbours")?.unwrap_or(15),
        min_dist: options.parse("min-dist")?.unwrap_or(0.1),
        cosine: is_cosine(options.get("metric").unwrap_or("euclidean"))?,
    };
    let mut data = Dataset::read(path, &ReadOptions::from_values(Purpose::Show, |name| options.get(name))?)?;
    let points = points(&mut data, settings.cosine)?;
    if points.rows().into_iter().skip(1).all(|row| row == points.row(0)) {
        return Err("all rows are identical; a layout needs rows that differ".into());
    }
    let colours = match data.label {
        Label::None => Colours::Nothing,
        Label::Classes { names, of_row } => {
            Colours::Groups(of_row.into_iter().map(|class| class as u32).collect(), names)
        }
        Label::Quantity(values) => {
            Colours::Scale(values.into_iter().map(|x| x as f32).collect(), data.label_name.unwrap_or_default())
        }
    };
    Ok(Cloud { notes: data.notes, ..Cloud::new(points, settings, colours, stream)? })
}

/// The features in single precision. The columns are centred first for Euclidean distances: these do not depend on the
/// origin, but their rounding errors do.
fn points(data: &mut Dataset, cosine: bool) -> Result<Array2<f32>> {
    if !cosine {
        for mut column in data.x.columns_mut() {
            let mean = column.mean().unwrap_or(0.0);
            column.mapv_inplace(|x| x - mean);
        }
    }
    Ok(data.singles()?)
}

fn is_cosine(metric: &str) -> Result<bool> {
    match metric {
        "euclidean" => Ok(false),
        "cosine" => Ok(true),
        other => Err(format!("--metric {other}: must be euclidean or cosine").into()),
    }
}

/// Writes the layout as a picture and as a file.
pub(super) fn outputs(cloud: &Cloud, layout: &Array2<f32>, run: &mut Run) {
    if !run.keeps_files() {
        return;
    }
    let shade = match &cloud.colours {
        Colours::Nothing => Shade::Nothing,
        Colours::Groups(of, names) => Shade::Groups { of: of.clone(), names: names.clone() },
        Colours::Scale(of, label) => Shade::Scale { of: of.clone(), label: label.clone() },
    };
    // More digits would not show in a picture.
    let short = |x: &f32| (x * 1e3).round() / 1e3;
    let (x, y) = (layout.column(0).iter().map(short).collect(), layout.column(1).iter().map(short).collect());
    run.figure(Figure::Scatter(Scatter { x, y, shade }));
    run.file("layout.csv", csv(cloud, layout).into_bytes());
}

/// `x,y,label`, one line per point.
fn csv(cloud: &Cloud, layout: &Array2<f32>) -> String {
    let label = |i: usize| match &cloud.colours {
        Colours::Nothing => String::new(),
        Colours::Groups(of, names) => quoted(&names[of[i] as usize]),
        Colours::Scale(of, _) => of[i].to_string(),
    };
    let lines = layout.rows().into_iter().enumerate().map(|(i, row)| format!("{},{},{}\n", row[0], row[1], label(i)));
    std::iter::once("x,y,label\n".to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_offset_keeps_the_digits_of_the_distances() {
        let path = std::env::temp_dir().join(format!("headstart-umap-{}-offset.csv", std::process::id()));
        let read = |offset: f64, cosine: bool| {
            let line = |i: i32| format!("{},{}\n", offset + f64::from(i) / 8.0, f64::from(i % 3));
            std::fs::write(&path, "a,b\n".to_owned() + &(0..20).map(line).collect::<Vec<_>>().concat()).unwrap();
            points(&mut Dataset::read(&path, &ReadOptions::default()).unwrap(), cosine).unwrap()
        };
        assert_eq!(read(5e7, false), read(0.0, false));
        assert_eq!(read(0.0, true)[[1, 0]], 0.125, "angles depend on the origin");
        std::fs::remove_file(path).unwrap();
    }
}
