//! Exact diagonalisation in the basis of product states, independent of the crate: operators act on bit strings.

use headstart_dmrg::{Charge, Mpo, Mps, Op, OperatorSum, Site};
use headstart_linalg::eigh;
use ndarray::Array2;

/// The product states of a charge, ascending, as local states.
pub(crate) fn basis(sites: &[Site], charge: Charge) -> Vec<Vec<u8>> {
    let mut all = vec![(Vec::new(), Charge::default())];
    for site in sites {
        all = all
            .into_iter()
            .flat_map(|(states, sum)| {
                site.charges().iter().enumerate().map(move |(state, change)| {
                    let mut next: Vec<u8> = states.clone();
                    next.push(state as u8);
                    (next, sum + *change)
                })
            })
            .collect();
    }
    all.into_iter().filter(|(_, sum)| *sum == charge).map(|(states, _)| states).collect()
}

/// The Hamiltonian in that basis, without the constant.
pub(crate) fn matrix(sum: &OperatorSum, basis: &[Vec<u8>]) -> Array2<f64> {
    let mut matrix = Array2::zeros((basis.len(), basis.len()));
    for (column, state) in basis.iter().enumerate() {
        for (coefficient, factors) in sum.terms() {
            let mut image = Some((state.clone(), *coefficient));
            for &(site, op) in factors.iter().rev() {
                image = image.and_then(|(state, value)| act(sum.sites(), state, value, site, op));
            }
            if let Some((image, value)) = image {
                let row = basis.binary_search(&image).expect("charges are conserved");
                matrix[[row, column]] += value;
            }
        }
    }
    matrix
}

/// The lowest energy, including the constant.
pub(crate) fn ground(sum: &OperatorSum, charge: Charge) -> f64 {
    let matrix = matrix(sum, &basis(sum.sites(), charge));
    eigh(matrix.view()).expect("a finite matrix").values[0] + sum.constant
}

fn act(sites: &[Site], mut state: Vec<u8>, value: f64, site: usize, op: Op) -> Option<(Vec<u8>, f64)> {
    // Spin orbitals in the order of creation: bit 1 of a site is up, bit 2 is down (states 0, 1, 2, 3).
    let electrons = |states: &[u8]| states.iter().map(|s| s.count_ones()).sum::<u32>();
    let before = |upto: u32| if upto.is_multiple_of(2) { value } else { -value };
    let fermion = |state: &Vec<u8>, bit: u8| electrons(&state[..site]) + u32::from(bit == 2 && state[site] & 1 == 1);
    let (bit, create) = match op {
        Op::Sz => return Some((state.clone(), value * if state[site] == 0 { 0.5 } else { -0.5 })),
        Op::Raise | Op::Lower => {
            let from = u8::from(op == Op::Raise);
            if state[site] != from {
                return None;
            }
            state[site] = 1 - from;
            return Some((state, value));
        }
        Op::NumberUp => return (state[site] & 1 == 1).then_some((state, value)),
        Op::NumberDown => return (state[site] & 2 == 2).then_some((state, value)),
        Op::Parity => return Some((state.clone(), if [1, 2].contains(&state[site]) { -value } else { value })),
        Op::CreateUp => (1, true),
        Op::CreateDown => (2, true),
        Op::AnnihilateUp => (1, false),
        Op::AnnihilateDown => (2, false),
    };
    assert_eq!(sites[site], Site::Fermion);
    if (state[site] & bit != 0) == create {
        return None;
    }
    let sign = before(fermion(&state, bit));
    state[site] ^= bit;
    Some((state, sign))
}

pub(crate) fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} against {expected}: {:e}", found - expected);
}

/// Compares every matrix element of a Hamiltonian, from expectation values of one and two product states.
pub(crate) fn assert_same_matrix(hamiltonian: &Mpo, exact: &Array2<f64>, sites: &[Site], basis: &[Vec<u8>]) {
    let value = |states: &[(Vec<u8>, f64)]| {
        let state = Mps::from_product_states(sites, states).unwrap();
        state.expectation(hamiltonian).unwrap() - hamiltonian.constant()
    };
    for (i, a) in basis.iter().enumerate() {
        near(value(&[(a.clone(), 1.0)]), exact[[i, i]], 1e-12);
        for (j, b) in basis.iter().enumerate().take(i) {
            let both = value(&[(a.clone(), 1.0), (b.clone(), 1.0)]);
            near(both - f64::midpoint(exact[[i, i]], exact[[j, j]]), exact[[i, j]], 1e-12);
        }
    }
}
