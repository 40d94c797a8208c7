//! Rules for names, and suggestions for unknown ones.

use std::borrow::Cow;

use crate::error::Error;

/// A name or a text: borrowed in the constants of a domain, owned if it was read from rows.
pub type Name = Cow<'static, str>;

/// Whether a name is safe in paths and pages, also if it comes from another program: lower-case letters, digits, `-`,
/// `_`, `.` and `+`, and no `.` first, so that a path cannot leave its folder.
pub(crate) fn is_plain(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_.+".contains(letter);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}

/// Checks that a name is safe in paths and pages.
pub fn check_plain(kind: &str, name: &str) -> Result<(), String> {
    if is_plain(name) {
        return Ok(());
    }
    Err(format!(
        "{kind} `{}`: a name may have only lower-case letters, digits, `-`, `_`, `.` and `+`, and must not begin with \
         `.`",
        name.escape_debug()
    ))
}

/// Checks that a name is known. The error has the nearest name and the list of all.
pub fn check<'a>(
    kind: &'static str,
    name: &str,
    place: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Result<(), Error> {
    let known: Vec<&str> = known.into_iter().collect();
    if known.contains(&name) {
        return Ok(());
    }
    Err(Error::UnknownName {
        kind,
        name: name.to_owned(),
        place: place.to_owned(),
        suggestion: nearest(name, &known).map_or(".".to_owned(), |near| format!("; did you mean `{near}`?")),
        known: listed(known),
    })
}

/// Returns the known names, each once; only the number and the first ones if they do not fit a few lines.
fn listed(mut known: Vec<&str>) -> String {
    const FEW: usize = 20;
    let mut seen = std::collections::HashSet::new();
    known.retain(|name| seen.insert(*name));
    let all = known.len();
    if all <= FEW {
        return known.join(", ");
    }
    known.truncate(FEW / 2);
    format!("{}, .. ({all} in all; `headstart list DOMAIN` shows them)", known.join(", "))
}

/// Returns the most similar known name, if one is similar enough.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|&candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_of_a_folder_or_into_a_page_are_not_plain() {
        for name in
            ["bfgs", "wine-2", "hartree-fock+noise", "ci-cisd+random", "bias-plus-0.1", "first-step-0.01", "a_b"]
        {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", ".", "..", ".a", "../a", "a/b", "a\\b", "A", "a b", "<b>", "a&b", "\"", "`", "a\n", "\u{e4}"] {
            let error = check_plain("start", name).unwrap_err();
            assert!(error.starts_with("start `") && error.contains("lower-case letters"), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn an_unknown_name_gets_a_suggestion_and_the_list() {
        let error = check("start", "pilot-ful", " of domain bfgs", ["identity", "pilot-full"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown start `pilot-ful` of domain bfgs; did you mean `pilot-full`? Known: identity, pilot-full"
        );
        assert!(nearest("zzz", &["identity"]).is_none());
    }
}
