//! One colour and dash for each start of a domain, the same on the whole page.

use askama::Template;
use serde::Serialize;

use headstart_domain::info::DomainInfo;

/// Colours beside the baseline's grey. Seven are told apart by every eye; more starts take other dashes.
const COLOURS: usize = 7;

/// How a start is drawn: `slot` is its colour (7 is the baseline's grey), `dash` how its line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Template)]
#[template(path = "mark.html")]
pub(super) struct Mark {
    pub(super) slot: usize,
    pub(super) dash: usize,
}

impl Mark {
    /// By the start's place in its domain.
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
