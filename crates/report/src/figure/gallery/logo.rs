//! Sequence logos.

use std::fmt::Write;

use headstart_logo::{Layout, stacks};

use super::{Frame, escape};
use headstart_domain::figure::Logo;

/// Margins for the scale on the left and for the caption below.
const AXIS: f64 = 26.0;
const CAPTION: f64 = 20.0;

/// Draws a logo on a scale of two bits; `most` is the number of columns of the widest logo.
pub(super) fn panel(svg: &mut String, logo: &Logo, most: usize, panel: Frame) {
    let bottom = panel.top + panel.height - CAPTION;
    let place = Layout {
        left: panel.left + AXIS,
        bottom,
        column: (panel.width - AXIS - 6.0) / most.max(1) as f64,
        bit: (panel.height - CAPTION - 8.0) / 2.0,
    };
    for bits in 0..=2 {
        let y = bottom - place.bit * f64::from(bits);
        let _ = writeln!(
            svg,
            "<path d=\"M{:.1} {y:.1}h-4\" stroke=\"#333\"/><text x=\"{:.1}\" y=\"{:.1}\" font-size=\"11\" \
             text-anchor=\"end\">{bits}</text>",
            place.left - 2.0,
            place.left - 8.0,
            y + 4.0
        );
    }
    *svg += &stacks(&logo.columns, place);
    let (x, y) = (place.left, bottom + 15.0);
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"12\">{}</text>", escape(&logo.caption));
}
