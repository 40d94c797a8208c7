//! Sequence logos (T. D. Schneider & R. M. Stephens, Nucleic Acids Research 18 (1990) 6097) as SVG, without a font.
//!
//! ```
//! let columns = [[1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.0, 0.5]];
//! assert_eq!(headstart_logo::information(&columns[1]), 1.0);
//! assert!(headstart_logo::logo(&columns, "AW").starts_with("<svg"));
//! ```

use std::fmt::Write;

/// Outlines of A, C, G and T in a unit square, y downwards, to be scaled to any height.
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

/// Returns the information content, in bits, of a column of probabilities of A, C, G and T relative to the uniform
/// distribution: `2 + sum_a p_a log2 p_a`.
pub fn information(column: &[f64; 4]) -> f64 {
    let term = |p: &f64| if *p > 0.0 { p * p.log2() } else { 0.0 };
    2.0 + column.iter().map(term).sum::<f64>()
}

/// Position and size of the stacks of letters, in units of the page.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Left edge of the first column.
    pub left: f64,
    /// The base line of the letters.
    pub bottom: f64,
    /// Width of a column.
    pub column: f64,
    /// Height of a bit.
    pub bit: f64,
}

/// Returns the letters of a logo, without axes, as SVG elements. The height of a column is its information content,
/// shared among its letters by their probabilities, with the most probable on top.
pub fn stacks(columns: &[[f64; 4]], place: Layout) -> String {
    let mut svg = String::new();
    let gap = 0.04 * place.column;
    for (k, column) in columns.iter().enumerate() {
        let bits = information(column);
        let mut order = [0, 1, 2, 3];
        order.sort_by(|&a, &b| column[a].total_cmp(&column[b]));
        let (x, wide) = (place.left + place.column * k as f64 + gap, place.column - 2.0 * gap);
        let mut y = place.bottom;
        for a in order {
            let tall = place.bit * bits * column[a];
            y -= tall;
            // Thinner letters are invisible. Writing to a string cannot fail.
            if tall >= 0.2 {
                let _ = writeln!(
                    svg,
                    "<path fill=\"{}\" fill-rule=\"evenodd\" transform=\"translate({x:.2} {y:.3}) scale({wide:.2} \
                     {tall:.3})\" d=\"{}\"/>",
                    COLOURS[a], GLYPHS[a]
                );
            }
        }
    }
    svg
}

/// Returns a complete SVG of a logo, with an axis of bits and column numbers. Viewers show `title` as a tooltip.
pub fn logo(columns: &[[f64; 4]], title: &str) -> String {
    let (width, height) = (LEFT + COLUMN * columns.len() as f64 + 12.0, TOP + 2.0 * BIT + BELOW);
    let bottom = TOP + 2.0 * BIT;
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
    svg += &stacks(columns, Layout { left: LEFT, bottom, column: COLUMN, bit: BIT });
    for k in 0..columns.len() {
        let (centre, below) = (LEFT + COLUMN * (k as f64 + 0.5), bottom + 18.0);
        let _ = writeln!(svg, "<text x=\"{centre}\" y=\"{below}\" text-anchor=\"middle\">{}</text>", k + 1);
    }
    svg.push_str("</svg>\n");
    svg
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::*;

    /// A column with one certain letter is two bits high, one with two equal letters one bit, and a uniform one is
    /// empty.
    #[test]
    fn stacks_are_as_high_as_their_information() {
        let columns = [[0.0, 0.0, 1.0, 0.0], [0.5, 0.0, 0.0, 0.5], [0.25; 4]];
        assert_eq!(columns.map(|column| information(&column)), [2.0, 1.0, 0.0]);
        let svg = stacks(&columns, Layout { left: 0.0, bottom: 100.0, column: 10.0, bit: 50.0 });
        let lines: Vec<&str> = svg.lines().collect();
        assert_eq!(lines.len(), 3, "a uniform column has no letters");
        assert!(lines[0].contains(COLOURS[2]) && lines[0].contains("translate(0.40 0.000) scale(9.20 100.000)"));
        assert!(lines[1].contains(COLOURS[0]) && lines[1].contains("translate(10.40 75.000) scale(9.20 25.000)"));
        assert!(lines[2].contains(COLOURS[3]) && lines[2].contains("translate(10.40 50.000) scale(9.20 25.000)"));
    }

    #[test]
    fn titles_are_escaped() {
        let svg = logo(&[[0.25; 4]], "a <b> & c");
        assert!(svg.contains("<title>a &lt;b&gt; &amp; c</title>") && svg.ends_with("</svg>\n"));
    }
}
