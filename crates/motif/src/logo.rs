use crate::Pwm;

/// A sequence logo as SVG (T. D. Schneider & R. M. Stephens, Nucleic Acids Research 18 (1990) 6097): a column as high as its
/// information against even letters, its letters as high as their share, the most probable on top. `title` is shown by
/// viewers when the pointer rests on it.
pub fn logo(pwm: &Pwm, title: &str) -> String {
    headstart_logo::logo(pwm.columns(), title)
}
