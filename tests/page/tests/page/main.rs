//! Tests the page of a report, made from the committed record, in a real browser. Skipped with a message if no browser
//! is installed (Debian: apt-get install chromium). `HEADSTART_SCREENSHOTS=DIR` also saves screenshots of its sections.

mod browser;
mod rows;

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use browser::{Browser, Look};

/// The problem that most tests use, by its anchor.
const SHOWN: &str = "bfgs--lennard-jones-13";

/// Wide and narrow screens, light and dark.
const LOOKS: [Look; 4] = [
    Look { width: 1400, dark: false },
    Look { width: 1400, dark: true },
    Look { width: 400, dark: false },
    Look { width: 400, dark: true },
];

/// Returns the path of `headstart`, which `just test-page` builds first. Cargo has no variable for programs of other
/// packages.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("headstart").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(built.exists(), "{} is missing: cargo build --bin headstart", built.display());
    built
}

/// Returns the page with failures and with changes since another run; made once for all tests.
fn page() -> &'static PathBuf {
    static PAGE: OnceLock<PathBuf> = OnceLock::new();
    PAGE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("page");
        // A report needs its own folder.
        let (rows, report) = (folder.join("rows"), folder.join("report"));
        std::fs::create_dir_all(&rows).unwrap();
        let [old, new] = [rows.join("old.jsonl"), rows.join("new.jsonl")];
        for (path, rows) in [&old, &new].into_iter().zip(crate::rows::two_runs()) {
            std::fs::write(path, rows).unwrap();
        }
        let mut command = Command::new(program());
        command.args(["report", "--quiet", "--out"]).arg(&report).arg("--against").arg(&old).arg(&new);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        report.join("index.html")
    })
}

/// Opens the page; prints a message and returns `None` if no browser is found.
fn open(look: Look) -> Option<Browser> {
    let Some(browser) = Browser::start(look) else {
        eprintln!("skipped: no Chromium or Chrome is found (Debian: apt-get install chromium; or set CHROME)");
        return None;
    };
    browser.open(page());
    Some(browser)
}

#[test]
fn it_has_no_errors_works_offline_and_fits_the_screen() {
    for look in LOOKS {
        let Some(browser) = open(look) else { return };
        let sections = browser.list("all('main > section').map((one) => one.id)");
        assert!(sections.len() > 6 && sections.contains(&"changes".into()), "{sections:?}");
        let problems = browser.list("all('.domain').map((one) => one.querySelector('.problem').id)");
        for id in sections.iter().chain(&problems) {
            browser.show(id);
            browser.keep_picture(id);
            let wider = browser.number("document.documentElement.scrollWidth - innerWidth");
            assert!(wider <= 0.0, "{look:?}: with {id} visible the page is {wider} pixels wider than the screen");
        }
        assert_eq!(browser.complaints(), Vec::<String>::new(), "{look:?}");
        assert_eq!(browser.requests(), [browser.address()], "{look:?}: the page requests only itself");
    }
}

#[test]
fn no_plot_is_empty_and_starts_keep_their_colours() {
    let Some(browser) = open(LOOKS[0]) else { return };
    for id in browser.list("all('.domain').map((one) => one.querySelector('.problem').id)") {
        browser.show(&id);
        let empty = browser.list(&format!(
            "all('.plot', document.getElementById('{id}')).filter((plot) => !all('.trace path', plot).some((path) => \
             path.getBoundingClientRect().width > 0)).map((plot) => plot.dataset.kind)"
        ));
        assert_eq!(empty, Vec::<String>::new(), "{id} has plots without a curve");
        // The line of a start in the plot has the colour of the mark at its name.
        let strangers = browser.list(&format!(
            "(() => {{ const problem = document.getElementById('{id}'); const plot = \
             problem.querySelector('[data-kind=convergence]'); return all('.chip:has([data-start]:checked)', problem)\
             .filter((chip) => {{ const name = chip.textContent.trim(); const line = plot.data.find((one) => one.name === \
             name); const probe = document.createElement('i'); probe.style.color = line.line.color; document.body.append(probe); \
             const same = getComputedStyle(probe).color === getComputedStyle(chip.querySelector('path')).stroke; \
             probe.remove(); return !same; }}).map((chip) => chip.textContent); }})()"
        ));
        assert_eq!(strangers, Vec::<String>::new(), "{id}");
    }
    let buttons = browser.list("[...new Set(all('.modebar-btn').map((one) => one.dataset.title))]");
    assert!(!buttons.is_empty() && !buttons.iter().any(|title| title.contains("Cloud")), "{buttons:?}");
    // Plots of the domain and of the summary.
    let kinds = "profile runtime strip".split(' ');
    for kind in kinds {
        let count = browser.number(&format!(
            "(() => {{ const plot = document.querySelector('.plot[data-kind={kind}]'); draw(plot); return all('.trace path', \
             plot).length; }})()"
        ));
        assert!(count > 0.0, "{kind} is empty");
    }
}

#[test]
fn tables_sort_and_filter_with_mouse_and_keys() {
    let Some(browser) = open(LOOKS[0]) else { return };
    browser.show(SHOWN);
    let numbers = "[...document.querySelector('[id=\"bfgs--lennard-jones-13\"] .table tbody').rows].map((row) => \
                   row.cells[2].textContent).filter((text) => /\\d/.test(text)).map(parseFloat)";
    let head = "document.querySelectorAll('[id=\"bfgs--lennard-jones-13\"] .table thead button')[2]";
    let before = browser.numbers(numbers);
    browser.run(&format!("{head}.click()"));
    let ascending = browser.numbers(numbers);
    assert!(ascending.is_sorted() && before.len() == ascending.len() && before != ascending, "{ascending:?}");
    browser.run(&format!("{head}.focus()"));
    browser.press("Enter");
    assert!(browser.numbers(numbers).iter().rev().is_sorted(), "the second click sorts in descending order");
    let order = browser.text(&format!("{head}.closest('th').getAttribute('aria-sort')"));
    assert_eq!(order, "descending");
    let rows = "all('[id=\"bfgs--lennard-jones-13\"] .table')[0].querySelectorAll('tbody tr:not([hidden])').length";
    assert!(browser.number(rows) > 3.0);
    browser.run("document.querySelector('[id=\"bfgs--lennard-jones-13\"] .filter').focus()");
    browser.press("o");
    browser.press("r");
    browser.press("a");
    assert_eq!(browser.number(rows), 1.0, "the oracle alone");
}

#[test]
fn toggles_change_what_is_drawn() {
    let Some(browser) = open(LOOKS[0]) else { return };
    browser.show(SHOWN);
    let problem = "document.getElementById('bfgs--lennard-jones-13')";
    let plot = format!("{problem}.querySelector('[data-kind=convergence]')");
    let traces = || browser.number(&format!("{plot}.data.length"));
    let title = || browser.text(&format!("{plot}.layout.xaxis.title.text"));
    let first = || browser.number(&format!("{plot}.data.find((one) => one.name === 'oracle').x[0]"));
    let click = |what: &str| browser.run(&format!("{problem}.querySelector('{what}').click()"));
    assert_eq!((traces(), title().as_str()), (8.0, "charged evaluations"), "band and median of four starts");
    let charged = first();
    click("[data-bands]");
    assert_eq!(traces(), 4.0);
    click("[data-all=\"1\"]");
    assert_eq!(traces(), 13.0);
    click("[data-start=\"0\"]");
    assert_eq!(traces(), 12.0);
    click("[data-charge]");
    assert!(title().contains("without the charge") && first() < charged, "{}", title());
    click("input[value=seconds]");
    assert!(title().contains("seconds"), "{}", title());
    // With the keyboard only: space deselects a start.
    browser.run(&format!("{problem}.querySelector('[data-start=\"1\"]').focus()"));
    browser.press(" ");
    assert_eq!(traces(), 11.0);
    click("[data-all=\"0\"]");
    assert_eq!(traces(), 0.0);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    // The theme of the plots switches too.
    let ink = || browser.text(&format!("{plot}.layout.font.color"));
    let light = ink();
    browser.run("document.getElementById('theme').click()");
    assert_ne!(ink(), light);
}

#[test]
fn failures_and_changes_are_shown() {
    let Some(browser) = open(LOOKS[2]) else { return };
    let failure = browser.text("document.querySelector('#bfgs .failure').textContent");
    for text in [rows::FAILED, "2 crashed", "tail of the <log>"] {
        assert!(failure.contains(text), "{text} is not in: {failure}");
    }
    let seen = "all('#changes tbody tr:not([hidden])').length";
    let moved = browser.number(seen);
    browser.run("document.querySelector('[data-only]').click()");
    let all = browser.number(seen);
    assert!(moved > 0.0 && moved < all, "{moved} of {all} cells changed significantly");
    let starts = browser.list("all('#changes tbody tr.moved').map((row) => row.cells[2].textContent)");
    assert!(starts.iter().all(|start| start == rows::SLOWED), "{starts:?}");
    // In print, controls are hidden, and the selected starts serve as the legend.
    browser.print_media();
    assert_eq!(
        browser.number("all('.chip input, fieldset button, .top, .filter').filter((one) => one.offsetParent).length"),
        0.0
    );
    assert!(browser.pdf().starts_with(b"%PDF"));
}
