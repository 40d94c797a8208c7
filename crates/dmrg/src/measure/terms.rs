//! Expectation values of single terms, and the one- and two-particle reduced density matrices made of them.

use std::collections::HashMap;

use headstart_linalg::product;
use ndarray::{Array2, Array4, ArrayView2};

use crate::environment::{Environment, Side};
use crate::mpo::Holder;
use crate::mps::view;
use crate::solver::Workspace;
use crate::{Error, Mpo, Mps, Op, OperatorSum, Site};

/// The reduced density matrices of electrons, summed over spins, with orbitals in the order of the sites.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityMatrices {
    /// `sum_s <c†_ps c_qs>`, shape (n, n): its trace is the number of electrons.
    pub one: Array2<f64>,
    /// `sum_st <c†_ps c†_rt c_st c_qs>` at [p, q, r, s], shape (n, n, n, n): chemists' order, as in (pq|rs).
    pub two: Array4<f64>,
}

impl Mps {
    /// Returns the expectation value of every term of a sum, in its order, without coefficients: of products of operators
    /// such as `S^z_i S^z_j` or `c†_i c_j`.
    ///
    /// One sweep serves all terms: the derivatives of an expectation value with respect to the entries of a matrix product
    /// operator that holds every term once. For all pairs of orbitals of a molecule it costs about as much as a half-sweep.
    ///
    /// Errors: a sum over other sites or without a term; a decomposition that failed.
    pub fn expectations(&self, sum: &OperatorSum) -> Result<Vec<f64>, Error> {
        let (operator, terms) = Mpo::of_terms(sum)?;
        self.check_hamiltonian(&operator)?;
        let n = self.len();
        let mut by_site: Vec<Vec<(usize, Holder)>> = vec![Vec::new(); n];
        for (at, (holder, _)) in terms.iter().enumerate().filter_map(|(at, term)| Some((at, (*term)?))) {
            by_site[holder.site].push((at, holder));
        }
        let mut state = self.clone();
        state.move_center(0)?;
        let mut workspace = Workspace::default();
        let mut rights = vec![Environment::end(Side::Right, state.tensor(n - 1).right(), operator.classes(n))];
        for site in (1..n).rev() {
            let next = rights[rights.len() - 1].grow(state.tensor(site), &operator, site, &mut workspace).0;
            rights.push(next);
        }
        let mut left = Environment::end(Side::Left, state.tensor(0).left(), operator.classes(0));
        let mut values = vec![0.0; terms.len()];
        for (site, held) in by_site.iter().enumerate() {
            state.move_center(site)?;
            let Some(right) = rights.pop() else { break };
            let mut between = Between { operator: &operator, site, left: &left, state: &state, known: HashMap::new() };
            for &(at, holder) in held {
                values[at] = between.value(holder, &right);
            }
            if site + 1 < n {
                // This makes the tensor left-orthonormal.
                state.move_center(site + 1)?;
                left = left.grow(state.tensor(site), &operator, site, &mut workspace).0;
            }
        }
        Ok(values.iter().zip(&terms).map(|(value, term)| term.map_or(0.0, |(_, factor)| value * factor)).collect())
    }

    /// Returns the one- and two-particle reduced density matrices, summed over spins. With integrals over the same
    /// orbitals, `E = core + sum (p|h|q) one[p, q] + 1/2 sum (pq|rs) two[p, q, r, s]`.
    ///
    /// Errors: sites that are not orbitals; a decomposition that failed.
    pub fn density_matrices(&self) -> Result<DensityMatrices, Error> {
        let n = self.len();
        if let Some(site) = self.sites().iter().position(|site| *site != Site::Fermion) {
            return Err(Error::Operator { op: Op::CreateUp, site, kind: self.sites()[site] });
        }
        let spins = [(Op::CreateUp, Op::AnnihilateUp), (Op::CreateDown, Op::AnnihilateDown)];
        let mut sum = OperatorSum::new(self.sites().to_vec());
        // Where each term goes: one[p, q], or two[p, q, r, s] with a sign.
        let mut singles = Vec::new();
        let mut pairs = Vec::new();
        for (p, q) in (0..n).flat_map(|p| (0..=p).map(move |q| (p, q))) {
            for (create, annihilate) in spins {
                sum.add(1.0, &[(p, create), (q, annihilate)])?;
                singles.push((p, q));
            }
        }
        for p in 0..n {
            for r in 0..n {
                for q in 0..n {
                    for s in 0..n {
                        // The state is real, so a term and its adjoint have the same value.
                        if (p, r) < (q, s) {
                            continue;
                        }
                        sum.add(1.0, &[(p, spins[0].0), (r, spins[1].0), (s, spins[1].1), (q, spins[0].1)])?;
                        pairs.push(([p, q, r, s], false));
                        if p > r && q > s {
                            for (create, annihilate) in spins {
                                sum.add(1.0, &[(p, create), (r, create), (s, annihilate), (q, annihilate)])?;
                                pairs.push(([p, q, r, s], true));
                            }
                        }
                    }
                }
            }
        }
        let values = self.expectations(&sum)?;
        let (of_one, of_two) = values.split_at(singles.len());
        let mut one = Array2::zeros((n, n));
        for (&(p, q), value) in singles.iter().zip(of_one) {
            one[[p, q]] += value;
            if p != q {
                one[[q, p]] += value;
            }
        }
        let mut two = Array4::zeros((n, n, n, n));
        for (&([p, q, r, s], is_same_spin), value) in pairs.iter().zip(of_two) {
            let adjoint = ((p, r) != (q, s)).then_some([q, p, s, r]);
            for [p, q, r, s] in std::iter::once([p, q, r, s]).chain(adjoint) {
                // Either particle may be the first.
                two[[p, q, r, s]] += value;
                two[[r, s, p, q]] += value;
                if is_same_spin {
                    // Exchanging the creators or the annihilators changes the sign.
                    two[[r, q, p, s]] -= value;
                    two[[p, s, r, q]] -= value;
                }
            }
        }
        Ok(DensityMatrices { one, two })
    }
}

/// Index of the left bond, ket block, local state of the bra.
type Key = (usize, usize, usize);
/// The right sector of the bra's block, and K' L' B.
type Contracted = (usize, Array2<f64>);

/// What lies left of a site's operators, contracted with the site's tensor.
struct Between<'a> {
    operator: &'a Mpo,
    site: usize,
    left: &'a Environment,
    state: &'a Mps,
    known: HashMap<Key, Option<Contracted>>,
}

impl Between<'_> {
    /// The expectation value of the operator left of the site, the entry's, and that right of it.
    fn value(&mut self, holder: Holder, right: &Environment) -> f64 {
        let tensor = self.state.tensor(self.site);
        let (class, place) = self.operator.classes(self.site + 1).place(holder.right);
        let mut sum = 0.0;
        for &(out, input, factor) in &self.operator.operator(holder.op).elements {
            for (at, ket) in tensor.blocks().iter().enumerate().filter(|(_, ket)| ket.local == input) {
                let key = (holder.left, at, out);
                if !self.known.contains_key(&key) {
                    let made = self.contracted(key);
                    self.known.insert(key, made);
                }
                let Some(Some((sector, between))) = self.known.get(&key) else { continue };
                let Some(matrix) = matrix_of(right, class, place, *sector, ket.right) else { continue };
                sum += factor * matrix.dot_with(between);
            }
        }
        sum
    }

    fn contracted(&self, (index, at, out): Key) -> Option<Contracted> {
        let tensor = self.state.tensor(self.site);
        let ket = tensor.blocks()[at];
        let classes = self.operator.classes(self.site);
        let (class, place) = classes.place(index);
        let sector = tensor.left().find(tensor.left().charge(ket.left) + classes.classes[class].charge)?;
        let bra = tensor.block(sector, out)?;
        let turned = match matrix_of(self.left, class, place, sector, ket.left)? {
            Matrix::Unit => view(tensor, bra).to_owned(),
            Matrix::Dense(matrix) => product(&matrix.t(), &view(tensor, bra)),
        };
        Some((bra.right, product(&view(tensor, &ket).t(), &turned)))
    }
}

/// The matrix of one index of an environment between two sectors.
enum Matrix<'a> {
    Unit,
    Dense(ArrayView2<'a, f64>),
}

impl Matrix<'_> {
    /// The sum of products of the entries.
    fn dot_with(&self, other: &Array2<f64>) -> f64 {
        match self {
            Self::Unit => other.diag().sum(),
            Self::Dense(matrix) => matrix.iter().zip(other).map(|(a, b)| a * b).sum(),
        }
    }
}

fn matrix_of(environment: &Environment, class: usize, place: usize, bra: usize, ket: usize) -> Option<Matrix<'_>> {
    let stored = environment.stored(class);
    let blocks = environment.blocks(class, bra).filter(|blocks| blocks.ket == ket)?;
    if stored.identity == Some(place) {
        return Some(Matrix::Unit);
    }
    let begin = blocks.offset + (place - stored.begin) * blocks.size();
    let entries = &environment.data[begin..begin + blocks.size()];
    ArrayView2::from_shape((blocks.rows, blocks.columns), entries).ok().map(Matrix::Dense)
}
