//! Damaged files: each is read, or refused with an error that names it.

#[path = "../../table/tests/memory/mod.rs"]
pub(crate) mod memory;
#[path = "../../table/tests/mutation/mod.rs"]
pub(crate) mod mutation;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use tempfile::TempDir;

use crate::machine;
use crate::reference;
use crate::suite::Suite;
use crate::tuned::Tuned;
use headstart_domain::Entry;
use headstart_domain::figure::{Curve, Figure, HeatMap, Lines, Logo, Scatter, Shade};
use headstart_domain::toy::{self, Toy};
use headstart_report::compare::compare;
use headstart_rows::{Header, Row, Rows, Writer, archive_path, rows_path};
use mutation::{Mutation, mutated, mutations};

const SUITE: &str = "name = 'x'\nseed = 1\nreplicates = 2\nlimit_seconds = 2.5\nlimit_memory_mib = 100\n[domain.toy]\n\
    problems = ['bowl']\nstarts = ['far']\nreplicates = 3\nbudget = { bowl = 9 }\n";
const REFERENCES: &str =
    "[instance.0123456789abcdef0123456789abcdef]\nproblem = \"bowl\"\nvalue = 0.5\nruns = 3\nbudget = 100.0\n";
const TUNED: &str = "[problem.\"bowl\"]\nversion = 1\nseed = 5\nreplicates = 4\nbudget = 40.0\ngrid = { gear = [0.1, 0.2] }\n\
    [problem.\"bowl\".start.\"far\"]\nknobs = { gear = 0.1 }\nat_edge = [\"gear\"]\ncost = 12.5\ntried = [\n\
    { knobs = { gear = 0.1 }, n = 4, reached = 4, failed = 0, work = 3.0, end = 0.5 },\n\
    { knobs = { gear = 0.2 }, n = 4, reached = 0, failed = 4 },\n]\n";

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn folder() -> TempDir {
    TempDir::new_in(memory::folder()).unwrap()
}

/// Made once, because it needs the digest of this program.
static HEADER: LazyLock<Header> = LazyLock::new(|| machine::header(&[Entry::of::<Toy>()], "quick", 1, 2).unwrap());

fn rows() -> Vec<Row> {
    let row = |start, replicate, work| headstart_rows::sample::row(start, replicate, work);
    let mut rows: Vec<Row> =
        (0..3).flat_map(|i| [row("far", i, Some(9.0 + i as f64)), row("pilot", i, Some(2.0))]).collect();
    rows.push(row("far", 3, None));
    rows[0].metrics.insert("distance", 0.5);
    rows[0].basin = Some("left".into());
    rows[0].remarks = vec!["a remark".into()];
    rows[0].figures = figures();
    rows
}

/// One figure of every kind.
fn figures() -> Vec<Figure> {
    let groups = Shade::Groups { of: vec![0, 1, 1], names: vec!["left".into(), "right".into()] };
    let scale = Shade::Scale { of: vec![0.5, 1.5, 2.5], label: "depth".into() };
    let scatter = |shade| Figure::Scatter(Scatter { x: vec![0.0, 1.0, 2.5], y: vec![0.5, -4.0, 2.0], shade });
    let curve = Curve { name: "one".into(), x: vec![1.0, 2.0], y: vec![0.5, 0.25] };
    vec![
        scatter(groups),
        scatter(scale),
        Figure::Lines(Lines { curves: vec![curve], x_label: "layer".into(), y_label: "q".into() }),
        Figure::HeatMap(HeatMap {
            cells: vec![vec![0.0, 0.5], vec![0.5, 1.0]],
            bars: vec![0.25, 1.5],
            label: "I".into(),
            bars_label: "s".into(),
        }),
        Figure::Logo(Logo { columns: vec![[0.25; 4], [0.5, 0.5, 0.0, 0.0]], caption: "NW".into() }),
    ]
}

/// A row file, as it is written.
fn row_file() -> Vec<u8> {
    let dir = folder();
    let mut writer = Writer::open(dir.path()).unwrap();
    writer.header(&HEADER).unwrap();
    for row in rows() {
        writer.row(&row).unwrap();
    }
    drop(writer);
    std::fs::read(rows_path(dir.path())).unwrap()
}

/// The same file without checksums, as another program might write it: a damaged line may then pass as a row.
fn foreign_row_file() -> Vec<u8> {
    let text = String::from_utf8(row_file()).unwrap();
    let lines = text.lines().map(|line| line.rsplit_once(",\"sum\"").unwrap().0.to_owned() + "}\n");
    lines.collect::<String>().into_bytes()
}

fn read(bytes: &[u8], packed: bool) -> Result<Rows, String> {
    let dir = folder();
    let path: fn(&Path) -> PathBuf = if packed { archive_path } else { rows_path };
    std::fs::write(path(dir.path()), bytes).unwrap();
    headstart_rows::read(&[dir.path().to_owned()]).map_err(|error| {
        let error = error.to_string();
        assert!(error.contains("rows.jsonl"), "{error}");
        error
    })
}

/// Checks that an error names the file.
fn named<T, E: std::fmt::Display>(file: &Path, read: impl Fn(&Path) -> Result<T, E>, bytes: &[u8]) {
    std::fs::write(file, bytes).unwrap();
    if let Err(error) = read(file) {
        let error = error.to_string();
        assert!(error.contains(file.file_name().unwrap().to_str().unwrap()), "{error}");
    }
}

/// Passes the bytes to all readers of TOML files.
fn use_toml(bytes: &[u8]) {
    let dir = folder();
    named(&dir.path().join("suite.toml"), |path| Suite::load(path.to_str().unwrap(), None), bytes);
    named(&dir.path().join("references.toml"), reference::read, bytes);
    named(&dir.path().join("tuned.toml"), Tuned::read, bytes);
}

/// Whether a checksum must detect the mutation: damage by a disk. Edits within a line can remove the checksum as well.
fn is_of_a_disk(mutation: &Mutation) -> bool {
    use Mutation::{Cut, DoubleLine, Flip, SwapLines, Word};
    matches!(mutation, Flip(..) | Cut(_) | Word(..) | SwapLines(..) | DoubleLine(_))
}

#[test]
fn the_files_are_valid_before_mutation() {
    let dir = folder();
    let file = |text: &str| {
        let path = dir.path().join("x.toml");
        std::fs::write(&path, text).unwrap();
        path
    };
    Suite::load(file(SUITE).to_str().unwrap(), None).unwrap();
    assert_eq!(reference::read(&file(REFERENCES)).unwrap().instance.len(), 1);
    assert_eq!(Tuned::read(&file(TUNED)).unwrap().unwrap().problem.len(), 1);
    for text in [row_file(), foreign_row_file()] {
        let found = read(&text, false).unwrap();
        assert_eq!((found.rows, found.headers, found.damaged.len()), (rows(), vec![HEADER.clone()], 0));
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn only_written_rows_are_read_from_a_damaged_row_file(mutations in mutations()) {
        let (bytes, whole) = (row_file(), rows());
        // No mutation makes reading fail.
        read(&mutated(&bytes, &mutations), false).unwrap();
        let of_a_disk: Vec<Mutation> = mutations.into_iter().filter(is_of_a_disk).collect();
        let found = read(&mutated(&bytes, &of_a_disk), false).unwrap();
        for row in &found.rows {
            prop_assert!(whole.contains(row), "{:?}", row);
        }
        prop_assert!(found.headers.iter().all(|found| *found == *HEADER));
    }

    #[test]
    fn any_bytes_are_rows_or_damage(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes, false).unwrap().rows.is_empty());
        let line = [b"{\"kind\":\"trial\",", bytes.as_slice()].concat();
        prop_assert!(read(&line, false).unwrap().rows.is_empty());
        let _ = read(&bytes, true);
    }

    #[test]
    fn any_bytes_are_settings_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_toml(&bytes);
    }

    #[test]
    fn damaged_settings_are_settings_or_an_error(mutations in mutations()) {
        for text in [SUITE, REFERENCES, TUNED] {
            use_toml(&mutated(text.as_bytes(), &mutations));
        }
    }
}

proptest! {
    #![proptest_config(config(50))]

    /// Rows of a real run are never refused as invalid.
    #[test]
    fn trials_that_were_run_are_rows(seed in any::<u64>(), replicates in 1..4_u64) {
        let rows = toy::trials(seed, replicates);
        let dir = folder();
        let mut writer = Writer::open(dir.path()).unwrap();
        writer.header(&HEADER).unwrap();
        for row in &rows {
            writer.row(row).unwrap();
        }
        drop(writer);
        let found = headstart_rows::read(&[dir.path().to_owned()]).unwrap();
        prop_assert_eq!((found.rows.len(), found.damaged), (rows.len(), Vec::new()));
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_damaged_archive_is_refused_or_read(mutations in mutations()) {
        let dir = folder();
        headstart_rows::archive(&Rows { headers: vec![HEADER.clone()], rows: rows(), ..Rows::default() }, &archive_path(dir.path())).unwrap();
        let bytes = std::fs::read(archive_path(dir.path())).unwrap();
        if let Ok(found) = read(&mutated(&bytes, &mutations), true) {
            prop_assert!(found.rows.len() <= rows().len());
        }
    }

    /// Rows of another program, with numbers that Headstart would not write.
    #[test]
    fn damaged_rows_that_can_be_read_can_be_reported(mutations in mutations()) {
        let found = read(&mutated(&foreign_row_file(), &mutations), false).unwrap();
        if !found.headers.is_empty() && !found.rows.is_empty() {
            let comparison = compare(found);
            let dir = folder();
            headstart_report::write(&comparison, None, dir.path()).unwrap();
            prop_assert!(!headstart_report::tables(&comparison).is_empty());
        }
    }
}
