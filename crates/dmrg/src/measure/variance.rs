//! The variance of the energy, <(H - E)^2>.

use headstart_linalg::{Truncation as Cut, product, qr, svd_truncated};
use ndarray::{Array2, Axis, concatenate, s};

use crate::mps::view;
use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Mpo, Mps};

/// Largest part of H |psi> that may be truncated at a bond, relative to its norm: only rounding.
const LOST: f64 = 1e-14;

/// The part of H |psi> and of |psi> right of a bond, in an orthonormal basis of its states. For each index of the
/// operator (plus one index for |psi>) and each sector of the ket it has a matrix of shape (ket, basis).
struct RightPart {
    basis: Bond,
    /// `parts[index][sector]`.
    parts: Vec<Vec<Array2<f64>>>,
    /// Charge that each index takes from its right.
    charges: Vec<Charge>,
}

impl Mps {
    /// Returns the variance `<H^2> - <H>^2`, computed as the squared norm of `(H - E) |psi>`: 0 for an eigenstate,
    /// without the cancellation of two large numbers.
    ///
    /// H |psi> is built from the right with an orthonormal basis at each bond, and only rounding (1e-14) is truncated.
    /// The basis can be as large as the smaller of the rest of the chain and the operator's bond times the state's.
    ///
    /// Errors: a Hamiltonian of different sites; a decomposition that failed.
    pub fn variance(&self, hamiltonian: &Mpo) -> Result<f64, Error> {
        let energy = self.expectation(hamiltonian)? - hamiltonian.constant();
        let mut state = self.clone();
        state.move_center(0)?;
        let n = state.len();
        let end = Bond::single(state.charge());
        let mut right =
            RightPart { parts: vec![vec![Array2::ones((1, 1))]; 2], charges: vec![Charge::default(); 2], basis: end };
        for site in (0..n).rev() {
            right = right.over(state.tensor(site), hamiltonian, site)?;
        }
        let sum = &right.parts[0][0] - &(&right.parts[1][0] * energy);
        Ok(sum.iter().map(|x| x * x).sum())
    }
}

impl Mps {
    /// Estimates the multiply-adds of [`variance`](Self::variance).
    pub fn variance_work(&self, hamiltonian: &Mpo) -> f64 {
        let operators = hamiltonian.bond_dimensions();
        let mut basis = 1.0;
        let mut work = 0.0;
        for (site, tensor) in self.tensors().iter().enumerate().rev() {
            let rows = (operators[site] * tensor.left().dimension()) as f64;
            // Blocks of equal charge are decomposed one by one.
            let sectors = tensor.left().len().max(tensor.right().len()) as f64;
            let columns = tensor.local().len() as f64 * basis;
            work += rows * columns.min(rows) * columns / (sectors * sectors);
            basis = rows.min(columns);
        }
        work
    }
}

impl RightPart {
    fn over(&self, tensor: &Tensor, hamiltonian: &Mpo, site: usize) -> Result<Self, Error> {
        let local = tensor.local();
        let dimension = hamiltonian.bond_dimensions()[site];
        let mut charges = vec![Charge::default(); dimension + 1];
        for class in &hamiltonian.classes(site).classes {
            charges[class.begin..class.begin + class.len].fill(class.charge);
        }
        // For each sector of the new basis, its columns (local state, sector of the old basis).
        let mut sectors: Vec<(Charge, Vec<(usize, usize)>)> = Vec::new();
        for (at, &(charge, _)) in self.basis.sectors().iter().enumerate() {
            for (state, &change) in local.iter().enumerate() {
                match sectors.iter_mut().find(|sector| sector.0 == charge - change) {
                    Some(sector) => sector.1.push((state, at)),
                    None => sectors.push((charge - change, vec![(state, at)])),
                }
            }
        }
        sectors.sort_by_key(|sector| sector.0);
        // [index][ket sector]: shape (ket, columns of the sector that it couples to).
        let width = |list: &[(usize, usize)]| list.iter().map(|column| self.basis.width(column.1)).sum::<usize>();
        let met = |index: usize, ket: usize| {
            sectors.binary_search_by_key(&(tensor.left().charge(ket) + charges[index]), |s| s.0).ok()
        };
        let mut images: Vec<Vec<Array2<f64>>> = (0..=dimension)
            .map(|index| {
                let columns = |ket: usize| met(index, ket).map_or(0, |sector| width(&sectors[sector].1));
                (0..tensor.left().len()).map(|ket| Array2::zeros((tensor.left().width(ket), columns(ket)))).collect()
            })
            .collect();
        let mut add = |index: usize, ket: usize, from: usize, (out, input): (usize, usize), value: f64| {
            let (Some(sector), Some(block)) = (met(index, ket), tensor.block(ket, input)) else { return };
            let target = tensor.right().charge(block.right) + self.charges[from];
            let Some(old) = self.basis.find(target) else { return };
            let mut begin = 0;
            for &(state, at) in &sectors[sector].1 {
                let end = begin + self.basis.width(at);
                if (state, at) == (out, old) {
                    let image = product(&view(tensor, block), &self.parts[from][block.right]);
                    images[index][ket].slice_mut(s![.., begin..end]).scaled_add(value, &image);
                }
                begin = end;
            }
        };
        for ket in 0..tensor.left().len() {
            for entry in hamiltonian.entries(site) {
                for &(out, input, value) in &hamiltonian.operator(entry.op).elements {
                    add(entry.left, ket, entry.right, (out, input), value * entry.coefficient);
                }
            }
            for state in 0..local.len() {
                add(dimension, ket, self.charges.len() - 1, (state, state), 1.0);
            }
        }
        let mut widths = Vec::with_capacity(sectors.len());
        let mut parts: Vec<Vec<Array2<f64>>> =
            images.iter().map(|list| list.iter().map(|image| Array2::zeros((image.nrows(), 0))).collect()).collect();
        for (sector, (charge, columns)) in sectors.iter().enumerate() {
            let rows: Vec<(usize, usize)> = (0..=dimension)
                .flat_map(|index| (0..tensor.left().len()).map(move |ket| (index, ket)))
                .filter(|&(index, ket)| met(index, ket) == Some(sector))
                .collect();
            if rows.is_empty() || width(columns) == 0 {
                continue;
            }
            let views: Vec<_> = rows.iter().map(|&(index, ket)| images[index][ket].view()).collect();
            let Ok(stacked) = concatenate(Axis(0), &views) else { continue };
            let factor = if stacked.nrows() > stacked.ncols() { qr(stacked.view())?.r } else { stacked.clone() };
            let (found, _) = svd_truncated(factor.view(), Cut { rank: usize::MAX, tolerance: LOST })?;
            widths.push((*charge, found.values.len()));
            let turned = product(&stacked, &found.vt.t());
            let mut begin = 0;
            for &(index, ket) in &rows {
                let end = begin + tensor.left().width(ket);
                parts[index][ket] = turned.slice(s![begin..end, ..]).to_owned();
                begin = end;
            }
        }
        Ok(Self { basis: Bond::new(widths), parts, charges })
    }
}
