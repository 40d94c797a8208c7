//! Buffers and sums over the rows of a batch.

use crate::Real;

/// Returns the buffer at this length. Allocates only when it must grow.
pub(crate) fn fit<T: Real>(buffer: &mut Vec<T>, length: usize) -> &mut [T] {
    if buffer.len() < length {
        buffer.resize(length, T::zero());
    }
    &mut buffer[..length]
}

/// Sums over rows: `to[j] = sum_i rows[i][j]`.
pub(crate) fn column_sums<T: Real>(rows: &[T], to: &mut [T]) {
    let width = to.len();
    headstart_simd::widely!({
        let (blocks, rest) = pulp::as_arrays_mut::<16, T>(to);
        // Blocks of sixteen columns, which stay in registers.
        for (block, to) in blocks.iter_mut().enumerate() {
            let mut sums = [T::zero(); 16];
            for row in rows.chunks_exact(width) {
                if let Some(row) = row[16 * block..].first_chunk::<16>() {
                    for (sum, &value) in sums.iter_mut().zip(row) {
                        *sum += value;
                    }
                }
            }
            *to = sums;
        }
        let mut sums = [T::zero(); 16];
        let done = width - rest.len();
        for row in rows.chunks_exact(width) {
            for (sum, &value) in sums.iter_mut().zip(&row[done..]) {
                *sum += value;
            }
        }
        rest.copy_from_slice(&sums[..rest.len()]);
    });
}

/// `to += from`.
pub(crate) fn add<T: Real>(to: &mut [T], from: &[T]) {
    headstart_simd::widely!({
        for (to, &from) in to.iter_mut().zip(from) {
            *to += from;
        }
    });
}
