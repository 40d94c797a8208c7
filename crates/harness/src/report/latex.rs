//! Tables for a paper: LaTeX with booktabs; captions name n, test and interval.

use std::fmt::Write;

use super::table::{self, Table};
use crate::claim::Estimand;
use crate::compare::{DomainResults, ProblemResults};

/// All tables of a domain, to be taken in with `\input`.
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
            "{}: published claims with verdicts. Both directions of all claims form one Holm family at 0.05; one-sided \
             signed-rank (work, final values), difference of paired proportions (success) or Kendall permutation tests; \
             n is the number of pairs on the smallest problem.",
            info.name
        );
        let mut table =
            Table { head: ["claim", "statement", "n", "verdict"].map(str::to_owned).to_vec(), rows: vec![] };
        table.rows = domain
            .claims
            .iter()
            .map(|judged| {
                let info = &judged.info;
                vec![info.id.clone(), info.statement.clone(), judged.n.to_string(), judged.verdict.to_string()]
            })
            .collect();
        text += &render(&table, &caption, &format!("{}-claims", info.name));
    }
    text
}

fn caption(domain: &DomainResults, results: &ProblemResults) -> String {
    let n = results.starts.first().map_or(0, |start| start.n);
    let interval = match &results.info.headline {
        Estimand::Work { .. } => "an asterisk marks a charged speed-up",
        Estimand::Final(_) | Estimand::FinalRatio(_) | Estimand::Success | Estimand::Rate(_) => {
            "an asterisk marks a headline effect"
        }
    };
    format!(
        "{} / {}: n = {n} paired replicates, budget {} {}s. Speed-ups against {}: Hodges-Lehmann pseudo-medians of paired \
         ratios of work to target, with 95% intervals that invert the exact signed-rank test; {interval} whose interval, \
         simultaneous over the starts (Bonferroni), excludes no effect. Solved: with Wilson 95% intervals. ERT: expected \
         charged work to one success. End gained: paired difference of the final value, an exclamation mark where worse.",
        domain.info.name,
        results.info.name,
        super::number::number(results.budget),
        domain.info.work_unit,
        domain.info.baseline(),
    )
}

fn render(table: &Table, caption: &str, label: &str) -> String {
    let line = |cells: &[String]| cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" & ");
    let mut text =
        format!("\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{tab:{label}}}\n", escape(caption));
    let columns = "l".repeat(table.head.len());
    let _ = write!(text, "\\resizebox{{\\textwidth}}{{!}}{{%\n\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n\\toprule\n");
    let _ = writeln!(text, "{} \\\\\n\\midrule", line(&table.head));
    for row in &table.rows {
        let _ = writeln!(text, "{} \\\\", line(row));
    }
    text + "\\bottomrule\n\\end{tabular}}\n\\end{table}\n"
}

/// Text as LaTeX takes it.
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
            // A table row must not begin with an optional argument.
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
    fn tables_are_whole_and_captions_name_n_test_and_interval() {
        let comparison = crate::report::tests::comparison();
        let text = domain(&comparison.domains[0]);
        for (part, count) in [("\\begin{table}", 3), ("\\end{table}", 3), ("\\toprule", 3), ("\\bottomrule", 3)] {
            assert_eq!(text.matches(part).count(), count, "{part}");
        }
        for part in ["n = 20 paired replicates", "exact signed-rank test", "95\\% intervals", "\\label{tab:toy-bowl}"] {
            assert!(text.contains(part), "{part} is missing");
        }
        assert!(text.contains("starts over problems, n = 20 paired replicates"));
        // As many cells in every row as its table has columns.
        for table in text.split("\\begin{tabular}{@{}").skip(1) {
            let columns = table.find("@{}}").unwrap();
            let body = &table[table.find("\\midrule").unwrap()..table.find("\\bottomrule").unwrap()];
            let rows: Vec<&str> = body.lines().filter(|line| line.ends_with("\\\\")).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| row.matches(" & ").count() + 1 == columns), "{body}");
        }
    }

    #[test]
    fn nothing_that_latex_reads_as_a_command_is_left() {
        assert_eq!(escape("a_b & 5% {x} \\ [1, ∞]"), "a\\_b \\& 5\\% \\{x\\} \\textbackslash{} {[}1, $\\infty${]}");
    }
}
