//! docs/METHODOLOGY.md as a section of the page.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Symbolic link to the project's document, so that the package of this crate contains it.
const METHODS: &str = include_str!("assets/methodology.md");

/// Returns the document as HTML, with its headings two levels down.
pub(super) fn methods() -> String {
    let body = METHODS.split_once('\n').map_or(METHODS, |(_, body)| body);
    let lower = |level| match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    };
    let events = Parser::new_ext(body, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn headings_are_below_the_section() {
        let text = super::methods();
        assert!(text.contains("<h3>Known bias</h3>") && !text.contains("<h1>") && !text.contains("<h2>"));
    }
}
