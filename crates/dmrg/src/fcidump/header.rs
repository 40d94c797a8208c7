//! The namelist at the beginning of an FCIDUMP file.

use crate::Error;
use crate::integrals::MOST_ORBITALS;

pub(super) struct Header {
    pub(super) orbitals: usize,
    pub(super) electrons: (usize, usize),
    pub(super) symmetry: Vec<u32>,
    /// ISYM, unless it is the default.
    pub(super) irrep: Option<u32>,
}

pub(super) fn wrong(line: usize, reason: String) -> Error {
    Error::Fcidump { line, reason }
}

/// A name of the namelist in capitals, its values and its line.
type Assigned<'a> = (String, Vec<&'a str>, usize);

impl Header {
    /// Parses the header. Returns it with the remaining numbered lines.
    pub(super) fn parse(text: &str) -> Result<(Self, impl Iterator<Item = (usize, &str)>), Error> {
        let mut lines = (1..).zip(text.lines());
        let mut inside: Vec<(usize, &str)> = Vec::new();
        let mut last = 1;
        let begins = |line: &str| {
            let upper = line.trim_start().to_ascii_uppercase();
            upper.starts_with("&FCI") || upper.starts_with("$FCI")
        };
        loop {
            let Some((number, line)) = lines.next() else {
                let reason = if inside.is_empty() {
                    "&FCI is missing at the start of the header"
                } else {
                    "&END (or /) is missing after the header"
                };
                return Err(wrong(last, format!("{reason}; check that this is an FCIDUMP file")));
            };
            last = number;
            let line = super::without_comment(line);
            if inside.is_empty() {
                if line.trim().is_empty() {
                    continue;
                }
                if !begins(line) {
                    let reason = format!("the file must begin with &FCI, but this line is {:?}", line.trim());
                    return Err(wrong(number, reason));
                }
            }
            let (line, ends) = until_the_end(line);
            inside.push((number, line));
            if ends {
                break;
            }
            if inside.len() > 1 && is_integral(line) {
                return Err(wrong(
                    number,
                    "an integral inside the header: &END (or /) is missing before this line".into(),
                ));
            }
        }
        Ok((Self::from(&inside)?, lines))
    }

    fn from(lines: &[(usize, &str)]) -> Result<Self, Error> {
        let assigned = assignments(lines);
        let first = lines.first().map_or(1, |(number, _)| *number);
        if let Some((name, _, line)) = assigned.iter().find(|(name, values, _)| {
            matches!(&**name, "IUHF" | "UHF") && values.first().is_some_and(|value| !is_false(value))
        }) {
            let reason =
                format!("{name} declares unrestricted orbitals; write integrals of restricted ones (RHF, ROHF)");
            return Err(wrong(*line, reason));
        }
        for (at, (name, _, line)) in assigned.iter().enumerate() {
            let is_used = matches!(&**name, "NORB" | "NELEC" | "MS2" | "ORBSYM" | "ISYM");
            if is_used && assigned[..at].iter().any(|(other, _, _)| other == name) {
                return Err(wrong(*line, format!("{name} is given twice in the header; give it once")));
            }
        }
        let number = |name: &str| -> Result<Option<(i64, usize)>, Error> {
            let Some((_, values, line)) = assigned.iter().find(|(known, _, _)| known == name) else { return Ok(None) };
            let value = values.first().and_then(|value| value.parse().ok());
            let value = value.ok_or_else(|| wrong(*line, format!("{name} is {values:?}: it must be an integer")))?;
            Ok(Some((value, *line)))
        };
        let needed = |name: &str| {
            number(name)?
                .ok_or_else(|| wrong(first, format!("{name} is missing in the header: add {name}=.. after &FCI")))
        };
        let (orbitals, line) = needed("NORB")?;
        let orbitals = usize::try_from(orbitals).ok().filter(|n| (1..=MOST_ORBITALS).contains(n)).ok_or_else(|| {
            wrong(
                line,
                format!("NORB is {orbitals}: 1 to {MOST_ORBITALS} are allowed; freeze the core or drop orbitals"),
            )
        })?;
        let (count, line) = needed("NELEC")?;
        let given = number("MS2")?.map(|(ms2, _)| ms2);
        let ms2 = given.unwrap_or(0);
        let room = 2 * i64::from(orbitals as u32);
        if !(0..=room).contains(&count) {
            return Err(wrong(
                line,
                format!("NELEC is {count}: {orbitals} orbitals hold at least 0 and at most {room} electrons"),
            ));
        }
        let (twice_alpha, twice_beta) = (count.saturating_add(ms2), count.saturating_sub(ms2));
        let fits = |twice: i64| twice % 2 == 0 && (0..=room).contains(&twice);
        if given.is_none() && count % 2 == 1 {
            let reason = format!(
                "NELEC = {count} is odd and MS2 is missing, which means 0: add MS2=1 (a doublet) or another odd value"
            );
            return Err(wrong(line, reason));
        }
        if !fits(twice_alpha) || !fits(twice_beta) {
            let most = count.min(room - count);
            let reason = format!(
                "NELEC = {count} and MS2 = {ms2} do not fit {orbitals} orbitals: MS2 is the number of spin-up electrons minus \
                 that of spin-down ones, here from -{most} to {most}, and must be even if and only if NELEC is"
            );
            return Err(wrong(line, reason));
        }
        let mut symmetry = vec![1; orbitals];
        if let Some((_, values, line)) = assigned.iter().find(|(name, _, _)| name == "ORBSYM") {
            let labels = repeated(values).filter(|labels| labels.len() == orbitals);
            let reason = || format!("ORBSYM is {values:?}: {orbitals} integers are needed, one per orbital");
            let labels = labels.ok_or_else(|| wrong(*line, reason()))?;
            if let Some(label) = labels.iter().find(|label| **label < 0) {
                let reason = format!(
                    "ORBSYM holds {label}: a label is 1 to 8 for an irreducible representation of D2h or a subgroup, or 0 \
                     if it is unknown"
                );
                return Err(wrong(*line, reason));
            }
            symmetry = labels.into_iter().map(|label| label as u32).collect();
        }
        let irrep = match number("ISYM")? {
            None | Some((0 | 1, _)) => None,
            Some((irrep @ 2..=8, line)) => {
                if !crate::state::are_irreps(&symmetry) || symmetry.iter().all(|label| *label == 1) {
                    let reason = format!(
                        "ISYM is {irrep}, but ORBSYM does not give every orbital its representation (1 to 8); add ORBSYM, or \
                         set ISYM=1"
                    );
                    return Err(wrong(line, reason));
                }
                Some(irrep as u32)
            }
            Some((other, line)) => {
                let reason = format!("ISYM is {other}: 1 to 8 are allowed (D2h and its subgroups); 1 means any state");
                return Err(wrong(line, reason));
            }
        };
        let electrons = ((twice_alpha / 2) as usize, (twice_beta / 2) as usize);
        Ok(Self { orbitals, electrons, symmetry, irrep })
    }
}

/// The text before &END, $END or a slash, and whether one of them is present.
fn until_the_end(line: &str) -> (&str, bool) {
    let upper = line.to_ascii_uppercase();
    let end = ["&END", "$END", "/"].iter().filter_map(|mark| upper.find(mark)).min();
    end.map_or((line, false), |at| (&line[..at], true))
}

/// Whether the line has a value and four indices.
fn is_integral(line: &str) -> bool {
    let fields: Vec<&str> = line.split_whitespace().collect();
    fields.len() == 5 && fields[1..].iter().all(|field| field.parse::<usize>().is_ok())
}

/// Reads `NAME = value, value, NAME = value` over the lines of the namelist.
fn assignments<'a>(lines: &[(usize, &'a str)]) -> Vec<Assigned<'a>> {
    let mut all: Vec<Assigned<'a>> = Vec::new();
    for &(number, line) in lines {
        let mut parts = line.split('=').peekable();
        while let Some(part) = parts.next() {
            let mut values: Vec<&str> = part.split([',', ' ', '\t']).filter(|value| !value.is_empty()).collect();
            let name = if parts.peek().is_some() { values.pop() } else { None };
            if let Some((_, list, _)) = all.last_mut() {
                list.extend(values);
            }
            all.extend(name.map(|name| (name.to_ascii_uppercase(), Vec::new(), number)));
        }
    }
    all
}

/// Whether a logical value of Fortran is false: `.FALSE.`, `F` or 0.
fn is_false(value: &str) -> bool {
    let value = value.trim_start_matches('.').to_ascii_uppercase();
    value.starts_with('F') || value == "0"
}

/// Parses integers; `3*1` stands for three ones.
fn repeated(values: &[&str]) -> Option<Vec<i32>> {
    let mut all = Vec::new();
    for value in values {
        let (count, label) = value.split_once('*').unwrap_or(("1", value));
        let count: usize = count.parse().ok().filter(|count| *count <= MOST_ORBITALS)?;
        all.extend(std::iter::repeat_n(label.parse::<i32>().ok()?, count));
    }
    Some(all)
}
