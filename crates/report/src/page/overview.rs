//! Overview of a domain: headline effects of every start on every problem.

use super::names::{id, plain};
use super::table::{Cell, RowView, TableView, text};
use crate::compare::{By, DomainResults, ProblemResults, StartResults};
use crate::number::optional;
use crate::table::{common_headline, glance, headline};

/// Returns the table with problems as rows and starts as columns.
pub(super) fn overview(domain: &DomainResults) -> TableView {
    let starts: Vec<&str> = domain
        .info
        .starts
        .iter()
        .skip(1)
        .map(|start| start.name.as_ref())
        .filter(|name| domain.problems.iter().any(|problem| find(problem, name).is_some()))
        .collect();
    let common = common_headline(domain);
    let row = |problem: &ProblemResults| {
        let own = headline(&problem.info).filter(|_| common.is_none());
        let name = own.map_or_else(String::new, |what| text(&format!(", {}", plain(&what))));
        let (id, problem_name) = (text(&id(domain, problem)), text(&problem.info.name));
        let link = format!("<a href=\"#{id}\">{problem_name}</a>{name}");
        let cells = starts.iter().map(|start| {
            find(problem, start).map_or_else(|| Cell::new("-"), |start| cell(start, headline(&problem.info).is_none()))
        });
        let first = Cell { html: link, class: "" };
        RowView { mark: None, class: "", cells: std::iter::once(first).chain(cells).collect() }
    };
    TableView {
        label: format!("{}: headline effect of every start on every problem", domain.info.name),
        head: std::iter::once("problem").chain(starts.iter().copied()).map(str::to_owned).collect(),
        rows: domain.problems.iter().map(row).collect(),
    }
}

/// Returns the legend of the overview.
pub(super) fn note(domain: &DomainResults) -> String {
    let by_work = domain.problems.iter().any(|problem| headline(&problem.info).is_none());
    let what = match common_headline(domain) {
        Some(what) => format!("The {} against `{}`", plain(&what), domain.info.baseline()),
        None if by_work => format!(
            "Charged speed-up against `{}` (in brackets: without the charge), or the effect that the problem's row names",
            domain.info.baseline()
        ),
        None => format!("The headline effect against `{}`", domain.info.baseline()),
    };
    format!(
        "{what}. Green and \u{25b2}: significantly better than the baseline (95% interval, simultaneous over the starts of the problem); \
         red and \u{25bc}: significantly worse; no mark: not significant. `c`: ratio of the expected costs of a success; `end`: gain in \
         the final result, since most pairs of runs miss the target. `!`: final result significantly worse."
    )
}

fn find<'a>(problem: &'a ProblemResults, name: &str) -> Option<&'a StartResults> {
    problem.starts.iter().find(|start| start.name == name)
}

fn cell(start: &StartResults, by_work: bool) -> Cell {
    let uncharged = if by_work && start.by == By::Itself {
        let shown = optional(start.speedup_uncharged.map(|effect| effect.estimate));
        format!(" <span class=\"ci\">({shown})</span>")
    } else {
        String::new()
    };
    let worse = if start.ends_worse() { " !" } else { "" };
    Cell {
        html: format!("{}{uncharged}{worse}", text(&glance(start).replace('*', ""))),
        class: match start.headline.and_then(|effect| effect.favours) {
            Some(true) => "good",
            Some(false) => "bad",
            None => "",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headstart_domain::claim::Estimand;

    #[test]
    fn names_of_problems_are_escaped() {
        let mut comparison = crate::files::tests::comparison();
        let domain = &mut comparison.domains[0];
        let cell = |domain: &DomainResults| overview(domain).rows[0].cells[0].html.clone();
        assert_eq!(cell(domain), "<a href=\"#toy--bowl\">bowl</a>");
        domain.problems[0].info.name = "a\"><b>".into();
        let name = "a&quot;&gt;&lt;b&gt;";
        assert_eq!(cell(domain), format!("<a href=\"#toy--{name}\">{name}</a>"));
        // With a second problem, the first names its headline in its row.
        domain.problems[0].info.name = "bowl".into();
        let second = domain.problems[0].clone();
        domain.problems.push(second);
        domain.problems[0].info.headline = Estimand::metric("<i>");
        assert_eq!(cell(domain), "<a href=\"#toy--bowl\">bowl</a>, gain in &lt;i&gt;");
    }
}
