//! Growing a chain from its right end, block by block.

use std::collections::BTreeMap;

use headstart_linalg::eigh;
use ndarray::{Array2, ArrayView2, s};

use super::random::{right_only, share, ways};
use super::{Mps, charge_of};
use crate::environment::{Environment, Side};
use crate::mpo::Classes;
use crate::mpo::coupling::{Element, of_site};
use crate::solver::Workspace;
use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Mpo};

/// Multiply-adds of all eigenvectors of a symmetric matrix of order n, divided by n^3 (Golub & Van Loan, chapter 8).
const EIGENVECTORS: f64 = 4.5;

impl Mps {
    /// Grows a chain from its right end: each site is added to the block on its right, and of every charge sector the
    /// lowest eigenstates of the block's own Hamiltonian are kept (Wilson 1975; the warm-up of early DMRG programs). The
    /// sectors of a bond share `bond_dimension` states as in [`Mps::random`]. With the last site the block is the chain, and
    /// the result is its lowest state. Returns the state and the multiply-adds spent.
    ///
    /// `product` is a product state of the wanted charge, one local state per site; its sectors are always kept.
    ///
    /// Errors: a product state of other sites, a bond dimension of 0, a decomposition that failed.
    pub fn grown(hamiltonian: &Mpo, product: &[u8], bond_dimension: usize) -> Result<(Self, f64), Error> {
        let sites = hamiltonian.sites();
        let charge = charge_of(sites, product)?;
        if bond_dimension == 0 {
            return Err(Error::BondDimension { found: 0 });
        }
        let (n, ways) = (sites.len(), ways(sites, charge));
        let mut workspace = Workspace::default();
        let mut right = Bond::single(charge);
        let mut environment = Environment::end(Side::Right, &right, hamiltonian.classes(n));
        let (mut path, mut work) = (charge, 0.0);
        let mut tensors = Vec::with_capacity(n);
        for (site, kind) in sites.iter().enumerate().rev() {
            path = path - kind.charges()[usize::from(product[site])];
            let wanted =
                if site == 0 { Bond::single(path) } else { share(&right_only(&ways[site]), path, bond_dimension) };
            let mut kept: Vec<(Charge, Vec<Part>, Array2<f64>)> = Vec::new();
            for (sector, states) in enlarged(&right, kind.charges(), &wanted) {
                let block = Block { hamiltonian, site, environment: &environment, right: &right, states };
                let (matrix, spent) = block.matrix(sector, kind.charges());
                let order = matrix.nrows();
                let width = wanted.find(sector).map_or(0, |at| wanted.width(at)).min(order);
                work += spent + EIGENVECTORS * (order as f64).powi(3);
                kept.push((sector, block.states, columns(eigh(matrix.view())?.vectors, width)));
            }
            let left = Bond::new(kept.iter().map(|(sector, _, vectors)| (*sector, vectors.ncols())));
            let mut tensor = Tensor::zeros(left, kind.charges().to_vec(), right);
            for (sector, states, vectors) in &kept {
                let Some(l) = tensor.left().find(*sector) else { continue };
                for part in states {
                    let Some(to) = tensor.block(l, part.local).copied() else { continue };
                    let from = rows(vectors, part.begin, part.width);
                    tensor.data[to.range()].iter_mut().zip(from.t()).for_each(|(to, from)| *to = *from);
                }
            }
            if site > 0 {
                let (grown, spent) = environment.grow(&tensor, hamiltonian, site, &mut workspace);
                environment = grown;
                work += spent;
            }
            right = tensor.left().clone();
            tensors.push(tensor);
        }
        tensors.reverse();
        let mut state = Self { sites: sites.to_vec(), tensors, charge, center: 0 };
        state.normalise()?;
        Ok((state, work))
    }
}

// Outside of the methods: `s!` expands to unsafe code, which methods of a type that is read from files must not have.
fn columns(matrix: Array2<f64>, width: usize) -> Array2<f64> {
    matrix.slice_move(s![.., ..width])
}

fn rows(matrix: &Array2<f64>, begin: usize, count: usize) -> ArrayView2<'_, f64> {
    matrix.slice(s![begin..begin + count, ..])
}

/// The states of an enlarged block that have one local state on the new site.
struct Part {
    local: usize,
    /// Sector of the block without the new site.
    sector: usize,
    begin: usize,
    width: usize,
}

/// The states of every wanted sector of the block with a new site.
fn enlarged(right: &Bond, local: &[Charge], wanted: &Bond) -> BTreeMap<Charge, Vec<Part>> {
    let mut all: BTreeMap<Charge, Vec<Part>> = BTreeMap::new();
    for (sector, &(charge, width)) in right.sectors().iter().enumerate() {
        for (state, &change) in local.iter().enumerate() {
            if wanted.find(charge - change).is_some() {
                let parts = all.entry(charge - change).or_default();
                let begin = parts.last().map_or(0, |last| last.begin + last.width);
                parts.push(Part { local: state, sector, begin, width });
            }
        }
    }
    all
}

/// The states of one sector of a block with a new site.
struct Block<'a> {
    hamiltonian: &'a Mpo,
    site: usize,
    /// The block without the new site.
    environment: &'a Environment,
    right: &'a Bond,
    states: Vec<Part>,
}

impl Block<'_> {
    /// The Hamiltonian of the block in these states, and the multiply-adds spent.
    fn matrix(&self, sector: Charge, local: &[Charge]) -> (Array2<f64>, f64) {
        let order = self.states.last().map_or(0, |last| last.begin + last.width);
        let mut matrix = Array2::zeros((order, order));
        let mut work = 0.0;
        // The terms that lie wholly in the block have the unit operator left of it.
        let Some(unit) = left_identity(self.hamiltonian.classes(self.site)) else { return (matrix, work) };
        let classes = self.hamiltonian.classes(self.site + 1);
        let part = |state: usize| {
            let at = self.right.find(sector + local[state])?;
            self.states.iter().find(|part| part.local == state && part.sector == at)
        };
        for element in of_site(self.hamiltonian, self.site).iter().filter(|element| element.left == unit) {
            let &Element { out, input, right, value, .. } = element;
            let (Some(bra), Some(ket)) = (part(out), part(input)) else { continue };
            let (class, place) = classes.place(right);
            let stored = self.environment.stored(class);
            if stored.identity == Some(place) {
                (0..bra.width.min(ket.width)).for_each(|i| matrix[[ket.begin + i, bra.begin + i]] += value);
                continue;
            }
            let Some(blocks) = self.environment.blocks(class, bra.sector).filter(|b| b.ket == ket.sector) else {
                continue;
            };
            let entries = &self.environment.data[blocks.offset + (place - stored.begin) * blocks.size()..];
            for i in 0..blocks.rows {
                for j in 0..blocks.columns {
                    matrix[[ket.begin + i, bra.begin + j]] += value * entries[i * blocks.columns + j];
                }
            }
            work += blocks.size() as f64;
        }
        (matrix, work)
    }
}

/// The index of a bond that is the unit operator on everything left of it.
fn left_identity(classes: &Classes) -> Option<usize> {
    classes.classes.iter().find(|class| class.left_identity).map(|class| class.begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ci::{Determinant, full_ci};
    use crate::testing::random_integrals;
    use crate::{Site, lattice};
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    /// If nothing is discarded, the last block is the chain: its lowest state is the ground state.
    #[test]
    fn without_truncation_the_result_is_the_ground_state() {
        let integrals = random_integrals(5, (2, 2), &mut ChaCha8Rng::seed_from_u64(1));
        let hamiltonian = Mpo::from_integrals(&integrals, &[0, 1, 2, 3, 4]).unwrap();
        let product = Determinant::lowest(2, 2).sites(5);
        let (state, work) = Mps::grown(&hamiltonian, &product, 1000).unwrap();
        let exact = full_ci(&integrals).unwrap().energy;
        assert!((state.expectation(&hamiltonian).unwrap() - exact).abs() < 1e-10);
        assert!(work > 0.0);
    }

    #[test]
    fn truncated_blocks_are_orthonormal_and_keep_the_bond_dimension() {
        let hamiltonian = Mpo::new(&lattice::heisenberg(12).unwrap()).unwrap();
        let neel: Vec<u8> = (0..12).map(|site| site % 2).collect();
        let (state, _) = Mps::grown(&hamiltonian, &neel, 8).unwrap();
        assert!(state.largest_bond() <= 8, "{:?}", state.bond_dimensions());
        let energy = state.expectation(&hamiltonian).unwrap();
        // The exact energy of 12 spins is -5.142; the Néel state has -2.75.
        assert!(energy < -4.0 && energy > -5.1421, "{energy}");
        let mut moved = state.clone();
        moved.move_center(11).unwrap();
        assert!((moved.overlap(&state).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn wrong_input_is_refused() {
        let hamiltonian = Mpo::new(&lattice::heisenberg(4).unwrap()).unwrap();
        assert!(Mps::grown(&hamiltonian, &[0, 1], 4).is_err());
        assert!(Mps::grown(&hamiltonian, &[0, 1, 0, 1], 0).is_err());
        assert_eq!(hamiltonian.sites()[0], Site::Spin);
    }
}
