//! Own data: a table from a file, and the layouts that go back to the user.

use std::path::Path;

use headstart_domain::{Figure, Opt, Options, Result, Run, Scatter, Shade, Stream};
use headstart_table::{Table, number, quoted, read_npy};
use ndarray::Array2;

use super::cloud::{Cloud, Colours, Settings};
use super::problems::standardised;

pub(super) const OPTIONS: &[Opt] = &[
    Opt::new("label", "COLUMN", "column that is no feature: it colours the figure and stands beside the layout; numbers or text"),
    Opt::new("neighbours", "K", "neighbours of each point, itself counted (umap-learn's n_neighbors)").default("15"),
    Opt::new("min-dist", "X", "how close points may come in the layout (umap-learn's min_dist)").default("0.1"),
    Opt::new("metric", "NAME", "distance of rows: euclidean or cosine").default("euclidean"),
    Opt::new("standardise", "YES|NO", "whether columns are brought to mean 0 and standard deviation 1: yes or no").default("no"),
];

/// Labels of more values than these that are all numbers are a quantity.
const MOST_GROUPS: usize = 12;

pub(super) fn open(path: &Path, options: &Options, stream: &mut Stream) -> Result<Cloud> {
    let settings = Settings {
        neighbours: options.parse("neighbours")?.unwrap_or(15),
        min_dist: options.parse("min-dist")?.unwrap_or(0.1),
        cosine: one_of(options, "metric", ["euclidean", "cosine"])?,
    };
    let label = options.get("label");
    let is_npy = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"));
    let (table, colours) = match (is_npy, label) {
        (true, None) => (read_npy(path)?, Colours::Nothing),
        (true, Some(label)) => return from_npy(path, label, settings, options, stream),
        (false, label) => from_csv(path, label)?,
    };
    finish(&table, colours, settings, options, stream)
}

/// The label of an array is the number of its column, from 1.
fn from_npy(path: &Path, label: &str, settings: Settings, options: &Options, stream: &mut Stream) -> Result<Cloud> {
    let array = read_npy(path)?;
    let columns = array.ncols();
    let Some(label) = label.parse().ok().filter(|label| (1..=columns).contains(label) && columns > 1) else {
        return Err(format!(
            "--label {label}: the columns of an array have no names; give a number from 1 to {columns}, and leave at \
             least one column"
        )
        .into());
    };
    let kept: Vec<usize> = (0..columns).filter(|column| column + 1 != label).collect();
    let cells: Vec<String> = array.column(label - 1).iter().map(f64::to_string).collect();
    let colours = colours(&cells, &format!("column {label}"));
    finish(&array.select(ndarray::Axis(1), &kept), colours, settings, options, stream)
}

fn from_csv(path: &Path, label: Option<&str>) -> Result<(Array2<f64>, Colours)> {
    let table = Table::read(path)?;
    let label = label.map(|name| table.column(name)).transpose()?;
    let features: Vec<usize> = (0..table.header.len()).filter(|column| Some(*column) != label).collect();
    let mut numbers = Array2::zeros((table.rows.len(), features.len()));
    for (mut to, &column) in numbers.columns_mut().into_iter().zip(&features) {
        let found = table.numbers(column).map_err(|error| match label {
            None => format!("{error}; a column that is no feature is named with --label"),
            Some(_) => error.to_string(),
        })?;
        to.assign(&found);
    }
    let colours = label.map_or(Colours::Nothing, |column| {
        let cells: Vec<String> = table.rows.iter().map(|row| row.cells[column].clone()).collect();
        colours(&cells, &table.header[column])
    });
    Ok((numbers, colours))
}

fn finish(
    table: &Array2<f64>,
    colours: Colours,
    settings: Settings,
    options: &Options,
    stream: &mut Stream,
) -> Result<Cloud> {
    let points =
        if one_of(options, "standardise", ["no", "yes"])? { standardised(table) } else { table.mapv(|x| x as f32) };
    if points.rows().into_iter().skip(1).all(|row| row == points.row(0)) {
        return Err("all rows are the same: there is nothing to lay out".into());
    }
    Cloud::new(points, settings, colours, stream)
}

/// Whether the second of two words was given.
fn one_of(options: &Options, name: &str, words: [&str; 2]) -> Result<bool> {
    match options.get(name) {
        None => Ok(false),
        Some(word) if word == words[0] => Ok(false),
        Some(word) if word == words[1] => Ok(true),
        Some(word) => Err(format!("--{name} {word}: it is {} or {}", words[0], words[1]).into()),
    }
}

/// A quantity, or groups in the order of their names.
fn colours(cells: &[String], name: &str) -> Colours {
    let mut names: Vec<String> = cells.to_vec();
    let numbers: Option<Vec<f64>> = cells.iter().map(|cell| number(cell).filter(|x| x.is_finite())).collect();
    names.sort();
    names.dedup();
    match numbers {
        Some(numbers) if names.len() > MOST_GROUPS => {
            Colours::Scale(numbers.iter().map(|x| *x as f32).collect(), name.to_owned())
        }
        numbers => {
            if numbers.is_some() {
                names.sort_by(|a, b| number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)));
            }
            let group = |cell: &String| names.iter().position(|name| name == cell).unwrap_or(0) as u32;
            Colours::Groups(cells.iter().map(group).collect(), names)
        }
    }
}

/// The layout as a picture and as a file.
pub(super) fn outputs(cloud: &Cloud, layout: &Array2<f32>, run: &mut Run) {
    if !run.keeps_files() {
        return;
    }
    let shade = match &cloud.colours {
        Colours::Nothing => Shade::Nothing,
        Colours::Groups(of, names) => Shade::Groups { of: of.clone(), names: names.clone() },
        Colours::Scale(of, label) => Shade::Scale { of: of.clone(), label: label.clone() },
    };
    // Four digits are more than a picture shows.
    let short = |x: &f32| (x * 1e3).round() / 1e3;
    let (x, y) = (layout.column(0).iter().map(short).collect(), layout.column(1).iter().map(short).collect());
    run.figure(Figure::Scatter(Scatter { x, y, shade }));
    run.file("layout.csv", csv(cloud, layout).into_bytes());
}

/// `x,y` and the label, a line a point.
fn csv(cloud: &Cloud, layout: &Array2<f32>) -> String {
    let label = |i: usize| match &cloud.colours {
        Colours::Nothing => String::new(),
        Colours::Groups(of, names) => quoted(&names[of[i] as usize]),
        Colours::Scale(of, _) => of[i].to_string(),
    };
    let lines = layout.rows().into_iter().enumerate().map(|(i, row)| format!("{},{},{}\n", row[0], row[1], label(i)));
    std::iter::once("x,y,label\n".to_owned()).chain(lines).collect()
}
