//! Checks the header of an array before memory is allocated for it.

use std::io::Read;

/// Maximum length of a header, as in `NumPy`.
const LONGEST: usize = 10_000;

/// Refuses a header that declares more numbers than a file of this length can hold, or that is too long or too nested
/// to parse safely. Files that do not begin like an array are left to the reader.
pub(super) fn check(mut file: impl Read, length: u64) -> Result<(), String> {
    let cut = |_| "it ends within its header".to_owned();
    let mut begin = [0; 8];
    if file.read_exact(&mut begin).is_err() || !begin.starts_with(b"\x93NUMPY") {
        return Ok(());
    }
    let size = if begin[6] == 1 {
        let mut size = [0; 2];
        file.read_exact(&mut size).map_err(cut)?;
        usize::from(u16::from_le_bytes(size))
    } else {
        let mut size = [0; 4];
        file.read_exact(&mut size).map_err(cut)?;
        u32::from_le_bytes(size) as usize
    };
    if size > LONGEST {
        return Err(format!("its header has {size} bytes; at most {LONGEST} are allowed"));
    }
    let mut header = vec![0; size];
    file.read_exact(&mut header).map_err(cut)?;
    let header = String::from_utf8_lossy(&header);
    let Some(axes) = shape(&header) else {
        return Err("its header does not give the shape of an array of plain numbers".into());
    };
    let numbers = axes.iter().try_fold(1_u64, |all, axis| all.checked_mul(*axis));
    // A number has at least one byte.
    if axes.iter().any(|axis| *axis > length) || numbers.is_none_or(|numbers| numbers > length) {
        return Err(format!("its header declares the shape {axes:?}, but the file has only {length} bytes"));
    }
    Ok(())
}

/// Returns the lengths of the axes, if the shape is the only tuple in the header.
fn shape(header: &str) -> Option<Vec<u64>> {
    let brackets = header.matches(['(', '[', '{']).count();
    let (_, after) = header.split_once("'shape'").or_else(|| header.split_once("\"shape\""))?;
    let after = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('(')?;
    let (axes, _) = after.split_once(')').filter(|_| brackets == 2)?;
    axes.split(',').map(str::trim).filter(|axis| !axis.is_empty()).map(|axis| axis.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_found_and_nothing_else_is_taken_for_one() {
        let of = |shape: &str| super::shape(&format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"));
        assert_eq!(of("(2, 3)"), Some(vec![2, 3]));
        assert_eq!((of("(2,)"), of("()")), (Some(vec![2]), Some(vec![])));
        for odd in ["(2, x)", "(-1, 2)", "2", "((2, 3))", "(2, 3", "(99999999999999999999,)"] {
            assert_eq!(of(odd), None, "{odd}");
        }
        assert_eq!(shape("{'descr': [('a', '<f8')], 'shape': (2,)}"), None);
    }

    #[test]
    fn no_axis_is_larger_than_the_file_even_beside_one_of_length_0() {
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4000), }";
        let mut file = b"\x93NUMPY\x01\x00".to_vec();
        file.extend((header.len() as u16).to_le_bytes());
        file.extend(header.as_bytes());
        assert!(check(file.as_slice(), 100).unwrap_err().contains("declares the shape [0, 4000]"));
        assert_eq!(check(file.as_slice(), 4000), Ok(()));
    }
}
