//! Density matrices of two sites and mutual information (Rissler, Noack & White 2006).

use headstart_linalg::{eigh, product};
use ndarray::Array2;

use crate::mps::view;
use crate::tensor::Tensor;
use crate::truncation::entropy;
use crate::{Charge, Error, Mps};

/// For every sector of the bra, a sector of the ket and the matrix between the two.
type Between = Vec<Option<(usize, Array2<f64>)>>;

/// One matrix per charge of a pair of sites.
type Blocks = Vec<Array2<f64>>;

impl Mps {
    /// Returns the mutual information of all pairs of sites, `I_ij = s_i + s_j - s_ij` in nats, shape (n, n), zero on
    /// the diagonal. The signs of electrons between the two sites are included: `s_ij` is the entropy of two fermion
    /// orbitals.
    ///
    /// Errors: a decomposition that failed.
    pub fn mutual_information(&self) -> Result<Array2<f64>, Error> {
        let n = self.len();
        let single = self.site_entropies()?;
        let mut information = Array2::zeros((n, n));
        for i in 0..n {
            for (j, density) in self.pair_densities(i)? {
                let mut weights = Vec::new();
                for matrix in density {
                    weights.extend(eigh(matrix.view())?.values.iter().map(|x| x.max(0.0)));
                }
                let value = single[i] + single[j] - entropy(&weights);
                (information[[i, j]], information[[j, i]]) = (value, value);
            }
        }
        Ok(information)
    }

    /// For every site after `i`, the density matrix of both as one block per charge of the pair.
    fn pair_densities(&self, i: usize) -> Result<Vec<(usize, Blocks)>, Error> {
        let mut state = self.clone();
        state.move_center(i)?;
        let center = state.tensor(i);
        let first = center.local().to_vec();
        // The transitions |a><b| on site i.
        let transitions: Vec<(usize, usize)> = (0..first.len()).flat_map(|a| (0..=a).map(move |b| (a, b))).collect();
        let mut open: Vec<Between> = transitions.iter().map(|&(a, b)| opened(center, a, b)).collect();
        let mut all = Vec::new();
        for j in i + 1..state.len() {
            let tensor = state.tensor(j);
            let second = tensor.local();
            let pairs: Vec<(usize, usize)> =
                (0..first.len()).flat_map(|a| (0..second.len()).map(move |t| (a, t))).collect();
            let mut charges: Vec<Charge> = pairs.iter().map(|&(a, t)| first[a] + second[t]).collect();
            charges.sort_unstable();
            charges.dedup();
            let mut density = Vec::with_capacity(charges.len());
            for charge in charges {
                let of: Vec<(usize, usize)> =
                    pairs.iter().copied().filter(|&(a, t)| first[a] + second[t] == charge).collect();
                let mut matrix = Array2::zeros((of.len(), of.len()));
                for (row, &(a, t)) in of.iter().enumerate() {
                    for (column, &(b, u)) in of.iter().enumerate() {
                        if let Some(at) = transitions.iter().position(|pair| *pair == (a, b)) {
                            let value = closed(&open[at], tensor, t, u);
                            (matrix[[row, column]], matrix[[column, row]]) = (value, value);
                        }
                    }
                }
                density.push(matrix);
            }
            all.push((j, density));
            for (between, &(a, b)) in open.iter_mut().zip(&transitions) {
                let odd = (first[a].particles - first[b].particles) % 2 != 0;
                *between = passed(between, tensor, odd);
            }
        }
        Ok(all)
    }
}

/// The matrices right of the centre, with the bra in local state a and the ket in local state b.
fn opened(center: &Tensor, a: usize, b: usize) -> Between {
    let mut between = vec![None; center.right().len()];
    for sector in 0..center.left().len() {
        if let (Some(bra), Some(ket)) = (center.block(sector, a), center.block(sector, b)) {
            add(&mut between, bra.right, ket.right, product(&view(center, bra).t(), &view(center, ket)));
        }
    }
    between
}

/// Traces out one more site, with (-1)^N if an odd number of electrons is moved past it.
fn passed(between: &Between, tensor: &Tensor, odd: bool) -> Between {
    let mut next = vec![None; tensor.right().len()];
    for (sector, (other, matrix)) in between.iter().enumerate().filter_map(|(at, found)| Some((at, found.as_ref()?))) {
        for (state, charge) in tensor.local().iter().enumerate() {
            if let (Some(bra), Some(ket)) = (tensor.block(sector, state), tensor.block(*other, state)) {
                let sign = if odd && charge.particles % 2 != 0 { -1.0 } else { 1.0 };
                let moved = product(matrix, &view(tensor, ket));
                add(&mut next, bra.right, ket.right, product(&view(tensor, bra).t(), &moved) * sign);
            }
        }
    }
    next
}

/// The trace with site j in local state t (bra) and u (ket).
fn closed(between: &Between, tensor: &Tensor, t: usize, u: usize) -> f64 {
    let mut sum = 0.0;
    for (sector, (other, matrix)) in between.iter().enumerate().filter_map(|(at, found)| Some((at, found.as_ref()?))) {
        if let (Some(bra), Some(ket)) = (tensor.block(sector, t), tensor.block(*other, u))
            && bra.right == ket.right
        {
            sum += (&product(matrix, &view(tensor, ket)) * &view(tensor, bra)).sum();
        }
    }
    sum
}

fn add(between: &mut Between, bra: usize, ket: usize, matrix: Array2<f64>) {
    match &mut between[bra] {
        Some((_, sum)) => *sum += &matrix,
        empty => *empty = Some((ket, matrix)),
    }
}
