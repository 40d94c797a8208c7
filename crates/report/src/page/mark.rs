//! One colour and dash for each start of a domain, the same on the whole page.

use askama::Template;
use serde::Serialize;

use headstart_domain::info::DomainInfo;

/// Number of colours besides the baseline's grey. These seven are distinguishable with colour-blindness; further starts
/// get other dashes.
const COLOURS: usize = 7;

/// How a start is drawn: `slot` is its colour (7 is the baseline's grey), `dash` its line style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Template)]
#[template(path = "mark.html")]
pub(super) struct Mark {
    pub(super) slot: usize,
    pub(super) dash: usize,
}

impl Mark {
    /// Assigns colour and dash by the start's position in its domain.
    pub(super) fn of(info: &DomainInfo, start: &str) -> Self {
        match info.starts.iter().position(|known| known.name == start) {
            None | Some(0) => Self { slot: COLOURS, dash: 0 },
            Some(place) => Self { slot: (place - 1) % COLOURS, dash: ((place - 1) / COLOURS).min(3) },
        }
    }
}

/// A start with its colour.
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) mark: Mark,
}
