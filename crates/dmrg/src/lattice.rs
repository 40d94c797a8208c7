//! Lattice Hamiltonians.

use crate::{Error, Op, OperatorSum, Site};
use headstart_simd::Portable;

/// Returns `sum J_ij S_i . S_j` over the given pairs (i, j, `J_ij`), for a chain of spins 1/2.
///
/// Errors: a pair with a site out of range, or of a site with itself.
pub fn heisenberg_on(sites: usize, pairs: &[(usize, usize, f64)]) -> Result<OperatorSum, Error> {
    let mut sum = OperatorSum::new(vec![Site::Spin; sites]);
    for &(i, j, coupling) in pairs {
        if i == j {
            return Err(Error::Pair { site: i });
        }
        sum.add(coupling, &[(i, Op::Sz), (j, Op::Sz)])?;
        sum.add(coupling / 2.0, &[(i, Op::Raise), (j, Op::Lower)])?;
        sum.add(coupling / 2.0, &[(i, Op::Lower), (j, Op::Raise)])?;
    }
    Ok(sum)
}

/// Returns the open Heisenberg chain, `sum S_i . S_(i+1)`, in units of J.
pub fn heisenberg(sites: usize) -> Result<OperatorSum, Error> {
    heisenberg_on(sites, &(1..sites).map(|j| (j - 1, j, 1.0)).collect::<Vec<_>>())
}

/// Returns the Heisenberg ring of more than two sites, in units of J.
pub fn heisenberg_ring(sites: usize) -> Result<OperatorSum, Error> {
    let mut pairs: Vec<_> = (1..sites).map(|j| (j - 1, j, 1.0)).collect();
    pairs.push((0, sites.saturating_sub(1), 1.0));
    heisenberg_on(sites, &pairs)
}

/// Returns the open chain with coupling 1 between neighbours and `j2` between next-nearest neighbours. At `j2` = 1/2
/// the ground states are products of singlets (Majumdar & Ghosh 1969), with energy -3/8 per site.
pub fn j1_j2(sites: usize, j2: f64) -> Result<OperatorSum, Error> {
    let first = (1..sites).map(|j| (j - 1, j, 1.0));
    let second = (2..sites).map(|j| (j - 2, j, j2));
    heisenberg_on(sites, &first.chain(second).collect::<Vec<_>>())
}

/// Returns the open Hubbard chain with hopping 1 and repulsion `u`, in units of t:
/// `H = -sum (c†_is c_(i+1)s + h.c.) + u sum n_i,up n_i,down`.
///
/// Position i of the chain is site `order[i]` of the tensors. The energy does not depend on the order, but the
/// difficulty of finding it does.
///
/// Errors: `order` is not a permutation.
pub fn hubbard(order: &[usize], u: f64) -> Result<OperatorSum, Error> {
    permutation(order)?;
    let mut sum = OperatorSum::new(vec![Site::Fermion; order.len()]);
    for pair in order.windows(2) {
        hop(&mut sum, pair[0], pair[1], -1.0)?;
        hop(&mut sum, pair[1], pair[0], -1.0)?;
    }
    for &site in order {
        sum.add(u, &[(site, Op::NumberUp), (site, Op::NumberDown)])?;
    }
    Ok(sum)
}

/// Returns the Hubbard ring of L = `order.len()` sites in momentum space, in units of t:
/// `H = -sum 2 cos(2 pi k / L) n_ks + u/L sum c†_(k+q),up c_k,up c†_(p-q),down c_p,down`.
/// Momentum k is site `order[k]` of the tensors.
///
/// Errors: `order` is not a permutation.
pub fn hubbard_momentum(order: &[usize], u: f64) -> Result<OperatorSum, Error> {
    permutation(order)?;
    let length = order.len();
    let mut sum = OperatorSum::new(vec![Site::Fermion; length]);
    for (k, &site) in order.iter().enumerate() {
        let energy = -2.0 * (2.0 * std::f64::consts::PI * k as f64 / length as f64).portable_cos();
        sum.add(energy, &[(site, Op::NumberUp)])?;
        sum.add(energy, &[(site, Op::NumberDown)])?;
    }
    for q in 0..length {
        for (k, &from_up) in order.iter().enumerate() {
            for (p, &from_down) in order.iter().enumerate() {
                let (to_up, to_down) = (order[(k + q) % length], order[(p + length - q) % length]);
                let factors = [
                    (to_up, Op::CreateUp),
                    (from_up, Op::AnnihilateUp),
                    (to_down, Op::CreateDown),
                    (from_down, Op::AnnihilateDown),
                ];
                sum.add(u / length as f64, &factors)?;
            }
        }
    }
    Ok(sum)
}

/// Adds the hopping from one site to another, for both spins.
fn hop(sum: &mut OperatorSum, to: usize, from: usize, coefficient: f64) -> Result<(), Error> {
    sum.add(coefficient, &[(to, Op::CreateUp), (from, Op::AnnihilateUp)])?;
    sum.add(coefficient, &[(to, Op::CreateDown), (from, Op::AnnihilateDown)])
}

fn permutation(order: &[usize]) -> Result<(), Error> {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if order.is_empty() || !sorted.into_iter().eq(0..order.len()) {
        return Err(Error::Permutation { orbitals: order.len().max(1), order: order.to_vec() });
    }
    Ok(())
}
