//! Reading and writing of integrals in the FCIDUMP format (Knowles & Handy 1989).

mod header;

use std::io::Read;
use std::path::Path;

use ndarray::Array2;

use crate::{Error, Integrals};
use header::{Header, wrong};

/// Largest difference between two lines for the same integral, relative to the larger of 1 Hartree and the integral:
/// the rounding of a file with eight digits.
const EQUAL: f64 = 1e-7;
/// A larger difference than this is reported in [`Fcidump::largest_difference`].
const ROUNDING: f64 = 1e-12;

/// The contents of an FCIDUMP file.
#[derive(Clone, Debug, PartialEq)]
pub struct Fcidump {
    /// The integrals, with the numbers of electrons and the irreducible representations of the orbitals.
    pub integrals: Integrals,
    /// The irreducible representation of the state (ISYM), if the file asks for one: 2 to 8. Programs write 1 if none was
    /// asked for, so 1, 0 and a missing ISYM give `None`: the lowest state of any representation.
    pub irrep: Option<u32>,
    /// Largest difference between two lines for the same integral, in Hartree; 0 if all agree to 1e-12. The last line
    /// counts.
    pub largest_difference: f64,
}

impl Fcidump {
    /// Reads a file in FCIDUMP format, as quantum chemistry programs write it; a file that was compressed with gzip is
    /// decompressed. Errors: a file that cannot be read, and those of [`Fcidump::parse`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let wrong = |source| Error::File { path: path.display().to_string(), source };
        let mut bytes = std::fs::read(path).map_err(wrong)?;
        if bytes.starts_with(&GZIP) {
            let mut text = Vec::new();
            let damaged = |source| Error::Gzip { path: path.display().to_string(), source };
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(damaged)?;
            bytes = text;
        }
        Self::parse(&String::from_utf8(bytes).map_err(|_| Error::NotText { path: path.display().to_string() })?)
    }

    /// Parses integrals in FCIDUMP format. A namelist with NORB, NELEC, MS2 (default 0), ORBSYM and ISYM is followed by
    /// lines of a value and four indices from 1: `i j k l` for (ij|kl) in any of its eight equivalent orders, `i j 0 0`
    /// for (i|h|j), `i 0 0 0` for orbital energies (skipped), and `0 0 0 0` for the core energy. Missing integrals are
    /// zero. Text after `!` or `#` is a comment; commas may separate the fields.
    ///
    /// Errors: anything else, with the line number; integrals of unrestricted orbitals.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse(text)
    }
}

/// The first bytes of a file that was compressed with gzip (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads the integrals of a file: [`Fcidump::read`] without its other fields.
pub fn read_fcidump(path: &Path) -> Result<Integrals, Error> {
    Ok(Fcidump::read(path)?.integrals)
}

/// Parses the integrals of a text: [`Fcidump::parse`] without its other fields.
pub fn parse_fcidump(text: &str) -> Result<Integrals, Error> {
    Ok(Fcidump::parse(text)?.integrals)
}

fn parse(text: &str) -> Result<Fcidump, Error> {
    // Windows editors may begin a file with a byte order mark, DOS ends one with Ctrl-Z, and old Macs end lines with CR alone.
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_end_matches(['\u{1a}', '\0'])
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let (header, body) = Header::parse(&text)?;
    let n = header.orbitals;
    let mut tables = Tables {
        one: Array2::from_elem((n, n), f64::NAN),
        two: Array2::from_elem((n * n, n * n), f64::NAN),
        core: f64::NAN,
        largest_difference: 0.0,
    };
    let mut integrals = 0;
    for (number, line) in body {
        let line = without_comment(line);
        if line.trim().is_empty() {
            continue;
        }
        let (value, indices) = entry(number, line, n)?;
        tables.set(number, value, indices)?;
        integrals += 1;
    }
    if integrals == 0 {
        return Err(wrong(text.lines().count(), "the file ends without an integral; check that it is complete".into()));
    }
    let zero = |x: f64| if x.is_nan() { 0.0 } else { x };
    let (one, two) = (tables.one.mapv(zero), tables.two.mapv(zero));
    let integrals = Integrals::new(one.view(), two.view(), zero(tables.core), header.electrons)?;
    Ok(Fcidump {
        integrals: integrals.with_symmetry(header.symmetry)?,
        irrep: header.irrep,
        largest_difference: tables.largest_difference,
    })
}

/// The part of a line before a comment: Fortran begins one with `!`, some programs with `#`.
fn without_comment(line: &str) -> &str {
    line.find(['!', '#']).map_or(line, |at| &line[..at])
}

/// A line of a value and four indices, between blanks or commas.
fn entry(number: usize, line: &str, n: usize) -> Result<(f64, [usize; 4]), Error> {
    if line.trim_start().starts_with('(') {
        let reason = format!("{} is a complex number, but only real integrals are supported", line.trim());
        return Err(wrong(number, reason));
    }
    let fields: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || c == ',').filter(|field| !field.is_empty()).collect();
    let [value, rest @ ..] = fields.as_slice() else { return Err(wrong(number, "the line is empty".into())) };
    let Ok(rest) = <[&str; 4]>::try_from(rest) else {
        return Err(wrong(
            number,
            format!("the line has {} fields, but a value and four indices are needed", fields.len()),
        ));
    };
    let parsed = fortran(value).filter(|x| x.is_finite());
    let Some(parsed) = parsed else { return Err(wrong(number, format!("{value:?} is not a finite number"))) };
    let mut indices = [0; 4];
    for (index, text) in indices.iter_mut().zip(rest) {
        *index = text
            .parse()
            .ok()
            .filter(|i| *i <= n)
            .ok_or_else(|| wrong(number, format!("index {text:?} is out of range (0..=NORB, NORB = {n})")))?;
    }
    Ok((parsed, indices))
}

/// A number as Fortran writes it: `1.0D-05`, and `1.0-105` where an exponent has three digits.
fn fortran(text: &str) -> Option<f64> {
    let text = text.replace(['D', 'd'], "E");
    text.parse().ok().or_else(|| {
        let sign = text.rfind(['+', '-']).filter(|at| *at > 0)?;
        let (value, exponent) = text.split_at(sign);
        let is_plain =
            value.ends_with(|last: char| last.is_ascii_digit() || last == '.') && !value.contains(['e', 'E']);
        if is_plain { format!("{value}E{exponent}").parse().ok() } else { None }
    })
}

/// The integrals read so far; NaN marks missing ones.
struct Tables {
    one: Array2<f64>,
    two: Array2<f64>,
    core: f64,
    largest_difference: f64,
}

impl Tables {
    fn set(&mut self, number: usize, value: f64, indices: [usize; 4]) -> Result<(), Error> {
        let n = self.one.nrows();
        let known = match indices {
            [0, 0, 0, 0] => &mut self.core,
            [_, 0, 0, 0] => return Ok(()),
            [i, j, 0, 0] if i > 0 && j > 0 => &mut self.one[[i - 1, j - 1]],
            [i, j, k, l] if i > 0 && j > 0 && k > 0 && l > 0 => {
                &mut self.two[[(i - 1) * n + j - 1, (k - 1) * n + l - 1]]
            }
            _ => {
                let reason = "the indices match none of the forms `i j k l`, `i j 0 0`, `i 0 0 0` and `0 0 0 0`";
                return Err(wrong(number, reason.into()));
            }
        };
        if !known.is_nan() {
            let difference = (*known - value).abs();
            if difference > EQUAL * value.abs().max(1.0) {
                let reason = format!(
                    "this line gives {value:e} for an integral that an earlier line gives as {known:e}; with real orbitals \
                     (ij|kl) = (ji|kl) = (kl|ij) is the same integral: write it once"
                );
                return Err(wrong(number, reason));
            }
            if difference > ROUNDING {
                self.largest_difference = self.largest_difference.max(difference);
            }
        }
        *known = value;
        if let [i, j, 0, 0] = indices
            && i > 0
        {
            self.one[[j - 1, i - 1]] = value;
        } else if let [i, j, k, l] = indices
            && l > 0
        {
            for (i, j) in [(i - 1, j - 1), (j - 1, i - 1)] {
                for (k, l) in [(k - 1, l - 1), (l - 1, k - 1)] {
                    self.two[[i * n + j, k * n + l]] = value;
                    self.two[[k * n + l, i * n + j]] = value;
                }
            }
        }
        Ok(())
    }
}

/// Returns the integrals as FCIDUMP text that restores every bit. Errors: orbitals that are not real.
pub fn fcidump_text(integrals: &Integrals) -> Result<String, Error> {
    use std::fmt::Write;
    if !integrals.is_eightfold() {
        return Err(Error::NotReal);
    }
    let n = integrals.orbitals();
    let (electrons, ms2) = (
        integrals.alpha() + integrals.beta(),
        i64::from(integrals.alpha() as u32) - i64::from(integrals.beta() as u32),
    );
    let labels: Vec<String> = integrals.symmetry().iter().map(u32::to_string).collect();
    let mut text =
        format!("&FCI NORB={n},NELEC={electrons},MS2={ms2},\n ORBSYM={},\n ISYM=1,\n&END\n", labels.join(","));
    let mut line = |value: f64, i: usize, j: usize, k: usize, l: usize| {
        if value != 0.0 {
            let _ = writeln!(text, "{value:>24.16e} {i:>3} {j:>3} {k:>3} {l:>3}");
        }
    };
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    for (at, &(i, j)) in pairs.iter().enumerate() {
        for &(k, l) in &pairs[..=at] {
            line(integrals.two(i, j, k, l), i + 1, j + 1, k + 1, l + 1);
        }
    }
    for (i, j) in pairs {
        line(integrals.one(i, j), i + 1, j + 1, 0, 0);
    }
    line(integrals.core, 0, 0, 0, 0);
    Ok(text)
}

/// Writes [`fcidump_text`] to a file. Errors: orbitals that are not real; a file that cannot be written.
pub fn write_fcidump(path: &Path, integrals: &Integrals) -> Result<(), Error> {
    let text = fcidump_text(integrals)?;
    std::fs::write(path, text).map_err(|source| Error::File { path: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random_integrals;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn writing_and_reading_restores_every_bit() {
        for electrons in [(2, 2), (3, 1), (0, 1)] {
            let plain = random_integrals(4, electrons, &mut ChaCha8Rng::seed_from_u64(1));
            let integrals = plain.with_symmetry(vec![1, 5, 1, 3]).unwrap();
            let text = fcidump_text(&integrals).unwrap();
            assert_eq!(parse_fcidump(&text).unwrap(), integrals);
        }
        let plane_waves = crate::testing::fourfold(&random_integrals(3, (1, 1), &mut ChaCha8Rng::seed_from_u64(1)));
        assert!(fcidump_text(&plane_waves).unwrap_err().to_string().contains("real"));
    }

    #[test]
    fn dialects_of_the_format_are_read_equally() {
        let integrals = |text: &str| parse_fcidump(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let plain = integrals(
            "&FCI NORB=2,NELEC=2,MS2=0,\n ORBSYM=1,2,\n ISYM=1,\n&END\n 0.5 1 1 1 1\n 0.25 2 1 2 1\n 0.125 2 2 1 1\n\
             -1.0 1 1 0 0\n -0.5 2 2 0 0\n -0.7 1 0 0 0\n 0.75 0 0 0 0\n",
        );
        assert_eq!(
            (plain.one(0, 0), plain.two(0, 1, 1, 0), plain.two(0, 0, 1, 1), plain.core),
            (-1.0, 0.25, 0.125, 0.75)
        );
        assert_eq!((plain.two(1, 1, 1, 1), plain.alpha(), plain.beta(), plain.symmetry()), (0.0, 1, 1, &[1, 2][..]));
        let other = integrals(
            " $fci norb = 2 , nelec= 2 orbsym = 1 2\n/\n 0.5D+00 1 1 1 1\n\n2.5E-1 1 2 2 1\n 0.125d0 1 1 2 2\n -1 1 1 0 0\n\
             -5e-1 2 2 0 0\n .75 0 0 0 0",
        );
        assert_eq!(other, plain);
        let commented = integrals(
            "! made by hand\r# NORB=7\r &FCI NORB=2, NELEC=2, ! NORB=9\r ORBSYM=1,2, ! of a/b\r ! &END\r&END ! integrals\r0.5, 1, 1, 1, 1\r\
             # two\r 0.25,2,1,2,1 ! exchange\r 0.125 2 2 1 1\r -1 1 1 0 0\r -.5 2 2 0 0\r .75 0 0 0 0\r\u{1a}",
        );
        assert_eq!(commented, plain);
        let spread = integrals("&FCI\nNORB=2,\nNELEC=2,\nMS2=2,\nORBSYM=2*1,\n&END\n1.0 1 1 0 0\n");
        assert_eq!((spread.alpha(), spread.beta(), spread.core, spread.symmetry()), (2, 0, 0.0, &[1, 1][..]));
    }

    #[test]
    fn the_last_of_two_nearly_equal_lines_counts_and_the_difference_is_told() {
        let text =
            |second: &str| format!("&FCI NORB=2,NELEC=2,\n&END\n 0.25 2 1 2 1\n {second} 1 2 1 2\n -1 1 1 0 0\n");
        let found = Fcidump::parse(&text("0.250000003")).unwrap();
        assert_eq!(found.integrals.two(0, 1, 0, 1), 0.250_000_003);
        assert!((found.largest_difference - 3e-9).abs() < 1e-15, "{}", found.largest_difference);
        assert_eq!(Fcidump::parse(&text("0.25")).unwrap().largest_difference, 0.0);
        assert!(Fcidump::parse(&text("0.2500003")).is_err());
    }

    #[test]
    fn the_state_is_that_of_the_header_and_one_means_any() {
        let of = |header: &str| {
            Fcidump::parse(&format!("&FCI NORB=2,NELEC=2,ORBSYM=1,7,{header}\n&END\n -1 1 1 0 0\n"))
                .map(|file| file.irrep)
        };
        let found = ["", "ISYM=1,", "ISYM=0,", "ISYM=7,"].map(|header| of(header).unwrap());
        assert_eq!(found, [None, None, None, Some(7)]);
        for header in ["ISYM=9,", "ISYM=-1,", "ISYM=A1,"] {
            assert!(of(header).unwrap_err().to_string().contains("ISYM"), "{header}");
        }
        let unlabelled = Fcidump::parse("&FCI NORB=2,NELEC=2,ISYM=2,\n&END\n -1 1 1 0 0\n").unwrap_err().to_string();
        assert!(unlabelled.contains("ORBSYM"), "{unlabelled}");
    }

    #[test]
    fn numbers_of_fortran_are_read() {
        for (text, value) in [("1.0D-05", 1e-5), ("0.1-105", 1e-106), ("-2.5+101", -2.5e101), (".5", 0.5), ("3", 3.0)] {
            assert_eq!(fortran(text), Some(value), "{text}");
        }
        for text in ["1-", "-", "1e-5-3", "a-105", "1 -5"] {
            assert_eq!(fortran(text), None, "{text}");
        }
    }

    #[test]
    fn malformed_files_are_refused_with_line_and_cure() {
        let head = "&FCI NORB=2,NELEC=2,MS2=0,\n ORBSYM=1,1,\n&END\n";
        for (text, line, cure) in [
            (String::new(), 1, "&FCI"),
            ("1.0 1 1 0 0\n".into(), 1, "&FCI"),
            ("&FCI NORB=2,NELEC=2,\n 1.0 1 1 0 0\n".into(), 2, "&END"),
            ("&FCI NELEC=2,\n&END\n1.0 1 1 0 0".into(), 1, "NORB"),
            ("&FCI NORB=two,NELEC=2,\n&END\n".into(), 1, "NORB"),
            ("&FCI NORB=0,NELEC=2,\n&END\n".into(), 1, "1 to 64"),
            ("&FCI NORB=900,NELEC=2,\n&END\n".into(), 1, "1 to 64"),
            ("&FCI NORB=2,NELEC=3,MS2=0,\n&END\n1.0 1 1 0 0".into(), 1, "MS2"),
            ("&FCI NORB=2,NELEC=3,\n&END\n1.0 1 1 0 0".into(), 1, "add MS2=1"),
            ("&FCI NORB=2,NELEC=9,MS2=1,\n&END\n1.0 1 1 0 0".into(), 1, "at most 4"),
            ("&FCI NORB=2,NELEC=2,\n ORBSYM=1,\n&END\n1.0 1 1 0 0".into(), 2, "ORBSYM"),
            ("&FCI NORB=2,NELEC=2,IUHF=1,\n&END\n1.0 1 1 0 0".into(), 1, "restricted"),
            ("&FCI NORB=2,NELEC=2,\n IUHF=.TRUE.,\n&END\n1.0 1 1 0 0".into(), 2, "restricted"),
            ("&FCI NORB=2,NELEC=2,\n NELEC=1,\n&END\n1.0 1 1 0 0".into(), 2, "twice"),
            ("&FCI NORB=2,NELEC=2,MS2=-4,\n&END\n1.0 1 1 0 0".into(), 1, "-2 to 2"),
            ("&FCI NORB=2,NELEC=2,\n ORBSYM=-1,1,\n&END\n1.0 1 1 0 0".into(), 2, "1 to 8"),
            ("&FCI NORB=2,NELEC=2,\n UHF=.TRUE.,\n&END\n1.0 1 1 0 0".into(), 2, "restricted"),
            (format!("{head} 1.0 1 1 0\n"), 4, "4 fields"),
            (format!("{head} 1.0 1 1 0 0\n one 1 1 0 0\n"), 5, "\"one\""),
            (format!("{head} nan 1 1 0 0\n"), 4, "finite"),
            (format!("{head} 1.0 3 1 0 0\n"), 4, "0..=NORB, NORB = 2"),
            (format!("{head} 1.0 -1 1 0 0\n"), 4, "0..=NORB, NORB = 2"),
            (format!("{head} 1.0 1 1 0 2\n"), 4, "i j k l"),
            (format!("{head} 0,25 1 1 1 1\n"), 4, "6 fields"),
            (format!("{head} ! 1.0 1 1 0 0\n"), 4, "without an integral"),
            (format!("{head} (1.0,0.0) 1 1 1 1\n"), 4, "complex"),
            (format!("{head} 1.0 2 1 2 1\n 1.1 1 2 1 2\n"), 5, "write it once"),
            (head.to_owned(), 3, "complete"),
        ] {
            let message = parse_fcidump(&text).unwrap_err().to_string();
            assert!(message.contains(&format!("line {line} ")) && message.contains(cure), "{text:?}: {message}");
        }
    }
}
