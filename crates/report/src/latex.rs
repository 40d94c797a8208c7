//! LaTeX tables for papers, with booktabs. Captions name n, test and interval.

use std::fmt::Write;

use super::number::{effect, number, p_value};
use super::table::{self, Table};
use crate::compare::{DomainResults, Judged, ProblemResults};
use headstart_domain::claim::Estimand;

/// Columns with cells longer than this, in characters, wrap their text.
const LONG: usize = 50;

/// Returns all tables of a domain, for `\input`.
pub(super) fn domain(domain: &DomainResults) -> String {
    let info = &domain.info;
    let mut text = String::from("% Needs \\usepackage{booktabs} and \\usepackage{graphicx}.\n");
    if let (Some(overall), Some(table)) = (&domain.overall, table::overall(domain)) {
        let n = domain.problems.iter().flat_map(|problem| &problem.starts).map(|start| start.n).max().unwrap_or(0);
        let (basis, legend) = (table::basis(overall), table::OVERALL_LEGEND);
        let caption =
            format!("{}: starts over problems, n = {n} paired replicates of each. {basis} {legend}", info.name);
        text += &render(&table, &caption, &format!("{}-overall", info.name));
    }
    for results in &domain.problems {
        let label = format!("{}-{}", info.name, results.info.name);
        text += &render(&table::paper(results), &caption(domain, results), &label);
    }
    if !domain.claims.is_empty() {
        let caption = format!(
            "{}: registered claims with verdicts. Both directions of all claims form one Holm family at 0.05 (claims added after the first record: a separate one); {}; \
             n is the number of pairs on the problem that has the fewest. Effects above 1 (ratios) or 0 (differences) favour \
             the claim's start; their intervals are simultaneous over that family; for several problems, the smallest and the \
             largest estimate are given. p: Holm-adjusted, for the claim and against it.",
            info.name,
            tests(domain)
        );
        let head = ["claim", "statement", "n", "effect", "p for", "p against", "verdict"].map(str::to_owned).to_vec();
        let table = Table { head, rows: domain.claims.iter().map(claim).collect() };
        text += &render(&table, &caption, &format!("{}-claims", info.name));
    }
    text
}

fn tests(domain: &DomainResults) -> &'static str {
    if domain.until_decided {
        return "replicates were added until claims were decided; the one-sided betting tests (Waudby-Smith and Ramdas 2024) of \
                the median (work, final values) or of the difference of success rates are valid at any stopping time";
    }
    "one-sided signed-rank tests (work, final values), tests of paired proportions (success) or Kendall permutation tests"
}

fn claim(judged: &Judged) -> Vec<String> {
    let p = |of: fn((f64, f64)) -> f64| judged.p.map_or_else(|| "-".into(), |both| p_value(of(both)));
    let estimates = || judged.effects.iter().map(|on| on.effect.estimate);
    let effect = match judged.effects.as_slice() {
        [] => "-".into(),
        [one] => effect(Some(one.effect)),
        several => {
            let (least, most) =
                (estimates().fold(f64::INFINITY, f64::min), estimates().fold(f64::NEG_INFINITY, f64::max));
            format!("{} to {} on {} problems", number(least), number(most), several.len())
        }
    };
    let info = &judged.info;
    vec![
        info.id.to_string(),
        info.statement.to_string(),
        judged.n.to_string(),
        effect,
        p(|both| both.0),
        p(|both| both.1),
        judged.verdict_text(),
    ]
}

fn caption(domain: &DomainResults, results: &ProblemResults) -> String {
    let n = results.starts.first().map_or(0, |start| start.n);
    let interval = match &results.info.headline {
        Estimand::Work { .. } => "an asterisk marks a significant charged speed-up",
        Estimand::Final(_) | Estimand::FinalRatio(_) | Estimand::Success | Estimand::Rate(_) => {
            "an asterisk marks a significant headline effect"
        }
    };
    format!(
        "{} / {}: n = {n} paired replicates, budget {} {}s. Speed-ups against {}: Hodges-Lehmann pseudo-medians of paired \
         ratios of work to target, with 95% intervals that invert the exact signed-rank test; {interval} (interval \
         simultaneous over the starts, Bonferroni). Solved: with Wilson 95% intervals. ERT: expected charged work to one \
         success. End gained: paired difference of the final value; an exclamation mark if significantly worse.",
        domain.info.name,
        results.info.name,
        number(results.budget),
        domain.info.work_unit,
        domain.info.baseline(),
    )
}

fn render(table: &Table, caption: &str, label: &str) -> String {
    let line = |cells: &[String]| cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" & ");
    let mut text =
        format!("\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{tab:{label}}}\n", escape(caption));
    let is_long = |column: usize| table.rows.iter().any(|row| row[column].chars().count() > LONG);
    let columns: String = (0..table.head.len()).map(|column| if is_long(column) { "p{60mm}" } else { "l" }).collect();
    let _ = write!(text, "\\resizebox{{\\textwidth}}{{!}}{{%\n\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n\\toprule\n");
    let _ = writeln!(text, "{} \\\\\n\\midrule", line(&table.head));
    for row in &table.rows {
        let _ = writeln!(text, "{} \\\\", line(row));
    }
    text + "\\bottomrule\n\\end{tabular}}\n\\end{table}\n"
}

/// Escapes text for LaTeX.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', letter]),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("$<$"),
            '>' => escaped.push_str("$>$"),
            '*' => escaped.push_str("$^{*}$"),
            '∞' => escaped.push_str("$\\infty$"),
            '`' => {}
            // LaTeX reads a bracket at the beginning of a table row as an optional argument.
            '[' => escaped.push_str("{[}"),
            ']' => escaped.push_str("{]}"),
            '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_complete_and_captions_name_n_test_and_interval() {
        let comparison = crate::files::tests::comparison();
        let text = domain(&comparison.domains[0]);
        for (part, count) in [("\\begin{table}", 3), ("\\end{table}", 3), ("\\toprule", 3), ("\\bottomrule", 3)] {
            assert_eq!(text.matches(part).count(), count, "{part}");
        }
        for part in ["n = 20 paired replicates", "exact signed-rank test", "95\\% intervals", "\\label{tab:toy-bowl}"] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(text.contains("starts over problems, n = 20 paired replicates"));
        assert!(text.contains("it takes fewer steps & 20 & ") && text.contains("p: Holm-adjusted"));
        // Every row has as many cells as its table has columns.
        for table in text.split("\\begin{tabular}{@{}").skip(1) {
            let columns = table[..table.find("@{}}").unwrap()].matches(['l', 'p']).count();
            let body = &table[table.find("\\midrule").unwrap()..table.find("\\bottomrule").unwrap()];
            let rows: Vec<&str> = body.lines().filter(|line| line.ends_with("\\\\")).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| row.matches(" & ").count() + 1 == columns), "{body}");
        }
    }

    #[test]
    fn latex_commands_are_escaped() {
        assert_eq!(escape("a_b & 5% {x} \\ [1, ∞]"), "a\\_b \\& 5\\% \\{x\\} \\textbackslash{} {[}1, $\\infty${]}");
    }
}
