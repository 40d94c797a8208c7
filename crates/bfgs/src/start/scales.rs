//! Starts with more than one scale: one for each unknown, or one for the span of the pairs and one for the rest.

use ndarray::{Array1, Array2};

use super::{Charged, KEPT_PAIRS, Pilot, last_pair, low_rank};
use crate::Error;
use crate::h0::InitialInverseHessian;
use crate::low_rank::scale;
use crate::packed::PackedSymmetric;
use crate::pair::Pair;
use crate::vector::{dot, norm};

/// A vector with less than this share of its length outside the span adds no direction.
const NEW_DIRECTION: f64 = 1e-8;

/// Returns a diagonal H0, updated by every pair of the pilot: the diagonal of the direct BFGS update after Oren and
/// Luenberger's scaling (Gilbert & Lemaréchal, Math. Prog. 45 (1989) 407; the diagonal scaling of their code M1QN3).
pub fn pilot_diagonal(pilot: &Pilot) -> Result<Charged, Error> {
    let n = last_pair(pilot)?.s.len();
    let mut pairs = pilot.pairs.iter().filter(|pair| pair.is_curved()).peekable();
    let mut diagonal = vec![pairs.peek().map_or(1.0, |pair| pair.gamma()); n];
    for pair in pairs {
        if let Some(updated) = update_diagonal(&diagonal, pair) {
            diagonal = updated;
        }
    }
    let dense = Array2::from_diag(&Array1::from(diagonal));
    Ok((InitialInverseHessian::Dense(PackedSymmetric::symmetric_part(dense.view())).into(), pilot.evaluations))
}

/// `1 / d_i' = t / d_i + y_i² / s'y - t (s_i / d_i)² / s'D⁻¹s` with `t = y'Dy / s'y`; `None` if an entry leaves the range of numbers.
fn update_diagonal(d: &[f64], Pair { s, y }: &Pair) -> Option<Vec<f64>> {
    let sy = dot(s, y);
    let t = y.iter().zip(d).map(|(y, d)| y * y * d).sum::<f64>() / sy;
    let sds: f64 = s.iter().zip(d).map(|(s, d)| s * s / d).sum();
    let entry = |((d, s), y): ((&f64, &f64), &f64)| 1.0 / (t / d + y * y / sy - t * (s / d).powi(2) / sds);
    let updated: Vec<f64> = d.iter().zip(s).zip(y).map(entry).collect();
    updated.iter().all(|d| d.is_finite() && *d > 0.0).then_some(updated)
}

/// Returns H0 with two scales: in the span of the last 10 pairs the matrix of [`pilot_last_10`](super::pilot_last_10), and in its
/// orthogonal complement the smallest s'y / y'y of all pairs, so that directions without information get short steps.
///
/// It follows the dense initialisation of Brust, Burdakov, Erway & Marcia (Comput. Optim. Appl. 74 (2019) 677), which splits the
/// space in the same way; there the scale of the complement is the largest y'y / s'y of B0.
pub fn pilot_last_10_two_scales(pilot: &Pilot) -> Result<Charged, Error> {
    let n = last_pair(pilot)?.s.len();
    let kept = &pilot.pairs[pilot.pairs.len().saturating_sub(KEPT_PAIRS)..];
    let (start, cost) = low_rank(pilot, kept.to_vec())?;
    let InitialInverseHessian::LowRank(inside) = &start.h0 else { return Ok((start, cost)) };
    let curved = pilot.pairs.iter().filter(|pair| pair.is_curved());
    let outside = curved.map(Pair::gamma).fold(inside.gamma, f64::min);

    let mut basis = Vec::new();
    for vector in kept.iter().flat_map(|pair| [&pair.s, &pair.y]) {
        extend(&mut basis, vector);
    }
    let products = basis.iter().map(|row| inside.multiply(row)).collect::<Result<Vec<_>, _>>()?;
    let [basis, products] = [basis, products].map(|rows| Array2::from_shape_fn((rows.len(), n), |(i, j)| rows[i][j]));
    // H = outside (I - Q Q') + Q (Q' H10 Q) Q', with the basis as the columns of Q.
    let core = headstart_linalg::product(&products.view(), &basis.t());
    let core = core - Array2::<f64>::eye(basis.nrows()) * outside;
    let h = headstart_linalg::product(&basis.t(), &headstart_linalg::product(&core.view(), &basis.view()));
    let h = h + Array2::<f64>::eye(n) * outside;
    Ok((InitialInverseHessian::Dense(PackedSymmetric::symmetric_part(h.view())).into(), cost))
}

/// Adds the part of a vector that is orthogonal to the basis, as a vector of unit length.
fn extend(basis: &mut Vec<Vec<f64>>, vector: &[f64]) {
    let mut rest = vector.to_vec();
    // Twice: once leaves a part in the span where the vectors are nearly dependent.
    for _ in 0..2 {
        for unit in &*basis {
            let share = dot(unit, &rest);
            rest.iter_mut().zip(unit).for_each(|(rest, unit)| *rest -= share * unit);
        }
    }
    let left = norm(&rest);
    if left > NEW_DIRECTION * norm(vector) {
        scale(&mut rest, 1.0 / left);
        basis.push(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::quadratic;
    use ndarray::Axis;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// The update by one pair, from the diagonal of the full matrices.
    #[test]
    fn the_diagonal_is_that_of_the_scaled_direct_update() {
        let (d, s, y) = ([0.5, 2.0, 1.0], [1.0, -0.5, 0.25], [0.75, -1.0, 0.5]);
        let b = Array2::from_diag(&Array1::from(d.map(f64::recip).to_vec()));
        let (s1, y1) = (Array1::from(s.to_vec()), Array1::from(y.to_vec()));
        let outer = |a: &Array1<f64>| a.view().insert_axis(Axis(1)).dot(&a.view().insert_axis(Axis(0)));
        let dy = Array1::from(d.to_vec()) * &y1;
        let t = y1.dot(&dy) / y1.dot(&s1);
        let scaled = &b * t;
        let bs = scaled.dot(&s1);
        let full = &scaled - outer(&bs) / s1.dot(&bs) + outer(&y1) / y1.dot(&s1);
        let found = update_diagonal(&d, &Pair { s: s.to_vec(), y: y.to_vec() }).unwrap();
        assert!(found.iter().zip(full.diag()).all(|(d, b)| (d * b - 1.0).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn two_scales_are_the_pairs_inside_and_the_least_scale_outside() {
        let bowl = quadratic(40, 1e4, 1.0, &mut ChaCha8Rng::seed_from_u64(3)).unwrap();
        let pilot = Pilot::run(&bowl, &bowl.x0, 1e-6, 1000).unwrap();
        let (start, _) = pilot_last_10_two_scales(&pilot).unwrap();
        let InitialInverseHessian::Dense(h) = start.h0 else { panic!("a full matrix") };
        let dense = h.to_dense();
        // The last pair satisfies the secant equation H y = s.
        let last = pilot.pairs.last().unwrap();
        let hy = dense.dot(&Array1::from(last.y.clone()));
        let size = dot(&last.s, &last.s).sqrt();
        assert!(hy.iter().zip(&last.s).all(|(a, b)| (a - b).abs() < 1e-8 * size));
        let mut basis = Vec::new();
        pilot.pairs[pilot.pairs.len() - 10..].iter().for_each(|pair| {
            extend(&mut basis, &pair.s);
            extend(&mut basis, &pair.y);
        });
        extend(&mut basis, &bowl.x0);
        let outside = Array1::from(basis.pop().unwrap());
        let least = pilot.pairs.iter().map(Pair::gamma).fold(f64::INFINITY, f64::min);
        let gap = dense.dot(&outside) - &outside * least;
        assert!(gap.iter().all(|x| x.abs() < 1e-10));
        assert!(headstart_linalg::eigh(dense.view()).unwrap().values[0] > 0.0);
    }
}
