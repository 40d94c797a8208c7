//! Arrays saved by `NumPy`.

mod header;

use std::io::{Cursor, Read, Seek};
use std::path::Path;

use ndarray::Array2;
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement};

use crate::Error;
use crate::file::{self, Content};
use crate::text::LARGEST;

/// Reads a two-dimensional array of numbers (`numpy.save`), plain or compressed with gzip: f4, f8, integers of 1 to 8
/// bytes, or booleans as 0 and 1.
///
/// Errors: a file that cannot be opened or is not such an array, or numbers that are not finite or above 1e150 in size.
pub fn read_npy(path: &Path) -> Result<Array2<f64>, Error> {
    match file::open(path)? {
        Content::Array(file, length) => read(file, length),
        Content::Text(bytes) | Content::Unpacked(bytes) => {
            let length = bytes.len() as u64;
            read(Cursor::new(bytes), length)
        }
    }
}

/// Reads an array from a file of `length` bytes.
pub(crate) fn read(mut file: impl Read + Seek, length: u64) -> Result<Array2<f64>, Error> {
    header::check(&mut file, length).map_err(|reason| Error::Npy { reason })?;
    // Only the attempt with the type that is stored in the file succeeds.
    let found = [
        read_as::<f64>(&mut file, |x| x)?,
        read_as::<f32>(&mut file, f64::from)?,
        read_as::<i64>(&mut file, |x| x as f64)?,
        read_as::<i32>(&mut file, f64::from)?,
        read_as::<i16>(&mut file, f64::from)?,
        read_as::<i8>(&mut file, f64::from)?,
        read_as::<u64>(&mut file, |x| x as f64)?,
        read_as::<u32>(&mut file, f64::from)?,
        read_as::<u16>(&mut file, f64::from)?,
        read_as::<u8>(&mut file, f64::from)?,
        read_as::<bool>(&mut file, f64::from)?,
    ];
    let array = found.into_iter().reduce(Result::or).unwrap_or_else(|| Err(String::new()));
    let array = array.map_err(|of_type| Error::Npy {
        reason: format!("its entries are of type {of_type}; convert them with array.astype('f8')"),
    })?;
    match array.indexed_iter().find(|(_, value)| !(value.abs() <= LARGEST)) {
        Some(((row, column), &value)) => Err(Error::NotFiniteEntry { row, column, value }),
        None => Ok(array),
    }
}

/// Returns the array if its entries have this type, otherwise the name of their type.
fn read_as<T: ReadableElement>(
    file: &mut (impl Read + Seek),
    number: fn(T) -> f64,
) -> Result<Result<Array2<f64>, String>, Error> {
    let unreadable = |reason: String| Error::Npy { reason };
    file.rewind().map_err(|error| unreadable(error.to_string()))?;
    match Array2::<T>::read_npy(&mut *file) {
        Ok(array) => {
            // The iterator gives the entries row by row, also if the file stores them by columns.
            let shape = array.raw_dim();
            let numbers = array.into_iter().map(number).collect();
            Ok(Ok(Array2::from_shape_vec(shape, numbers).map_err(|error| unreadable(error.to_string()))?))
        }
        Err(ReadNpyError::WrongDescriptor(of_type)) => Ok(Err(of_type.to_string())),
        Err(error) => Err(unreadable(error.to_string())),
    }
}
