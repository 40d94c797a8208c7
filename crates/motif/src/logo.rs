//! Sequence logos (T. D. Schneider & R. M. Stephens, Nucleic Acids Research 18 (1990) 6097).

use std::fmt::Write;

use crate::Pwm;

/// Outlines in a unit square, y downwards: letters are scaled to any height without a font.
const GLYPHS: [&str; 4] = [
    "M0 1L.38 0H.62L1 1H.79L.71 .77H.29L.21 1ZM.345 .6H.655L.5 .17Z",
    "M1 .33C.96 .12.78 0 .53 0C.2 0 0 .2 0 .5C0 .8.2 1 .53 1C.78 1 .96 .88 1 .67L.79 .62C.76 .77.67 .84.53 .84C.32 \
     .84.21 .72.21 .5C.21 .28.32 .16.53 .16C.67 .16.76 .23.79 .38Z",
    "M.98 .32C.94 .11.77 0 .53 0C.2 0 0 .2 0 .5C0 .8.2 1 .53 1C.72 1 .89 .95 1 .86V.45H.53V.61H.8V.77C.73 .82.64 .84.54 \
     .84C.32 .84.21 .72.21 .5C.21 .28.32 .16.53 .16C.67 .16.75 .23.78 .36Z",
    "M0 0H1V.17H.61V1H.39V.17H0Z",
];

/// The usual colours: A green, C blue, G orange, T red.
const COLOURS: [&str; 4] = ["#109648", "#255c99", "#f7b32b", "#d62839"];

const COLUMN: f64 = 40.0;
const BIT: f64 = 80.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 14.0;
const BELOW: f64 = 30.0;

/// A sequence logo as SVG: a column as high as its information against even letters, `2 + sum_a theta_a log2 theta_a` bits, its
/// letters as high as their share, the most probable on top. `title` is shown by viewers when the pointer rests on it.
pub fn logo(pwm: &Pwm, title: &str) -> String {
    let (width, height) = (LEFT + COLUMN * pwm.width() as f64 + 12.0, TOP + 2.0 * BIT + BELOW);
    let bottom = TOP + 2.0 * BIT;
    // Writing to a string cannot fail.
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"14\">\n<title>{}</title>\n<rect \
         width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n<path d=\"M{LEFT} {TOP}V{bottom}\" stroke=\"#333\"/>\n",
        escaped(title)
    );
    for bits in 0..=2 {
        let y = bottom - BIT * f64::from(bits);
        let _ = writeln!(
            svg,
            "<path d=\"M{} {y}H{LEFT}\" stroke=\"#333\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{bits}</text>",
            LEFT - 6.0,
            LEFT - 10.0,
            y + 5.0
        );
    }
    let middle = f64::midpoint(TOP, bottom);
    let _ = writeln!(svg, "<text transform=\"translate(18 {middle}) rotate(-90)\" text-anchor=\"middle\">bits</text>");
    for (k, (column, bits)) in pwm.columns().iter().zip(pwm.information([0.25; 4])).enumerate() {
        let mut order = [0, 1, 2, 3];
        order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let x = LEFT + COLUMN * k as f64;
        let mut y = bottom;
        for a in order {
            let tall = BIT * bits * column[a];
            y -= tall;
            // Thinner than a hair.
            if tall >= 0.2 {
                let _ = writeln!(
                    svg,
                    "<path fill=\"{}\" fill-rule=\"evenodd\" transform=\"translate({:.2} {y:.3}) scale({:.2} {tall:.3})\" \
                     d=\"{}\"/>",
                    COLOURS[a],
                    x + 1.5,
                    COLUMN - 3.0,
                    GLYPHS[a]
                );
            }
        }
        let (centre, below) = (x + COLUMN / 2.0, bottom + 18.0);
        let _ = writeln!(svg, "<text x=\"{centre}\" y=\"{below}\" text-anchor=\"middle\">{}</text>", k + 1);
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
