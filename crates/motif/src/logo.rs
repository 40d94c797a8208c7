use crate::Pwm;

/// Draws a sequence logo as SVG (T. D. Schneider & R. M. Stephens, Nucleic Acids Research 18 (1990) 6097). The height
/// of a column is its information against uniform letters; each letter takes its share of it, with the most probable on
/// top. Viewers show `title` when the pointer rests on the logo.
pub fn logo(pwm: &Pwm, title: &str) -> String {
    headstart_logo::logo(pwm.columns(), title)
}
