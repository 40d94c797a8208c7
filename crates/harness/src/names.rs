//! Unknown names, answered with what is meant.

use crate::Error;

/// Refuses a name that is not among the known ones, with the nearest and the whole list.
pub(crate) fn check<'a>(
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
        known: known.join(", "),
    })
}

/// The known name that is most like this one, if any is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
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
    fn an_unknown_name_gets_a_suggestion_and_the_list() {
        let error = check("start", "pilot-ful", " of domain bfgs", ["identity", "pilot-full"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no start `pilot-ful` of domain bfgs; did you mean `pilot-full`? Known: identity, pilot-full"
        );
        assert!(nearest("zzz", &["identity"]).is_none());
    }
}
