//! Matrix product operators: a Hamiltonian as a product of sparse matrices of local operators.

mod adjoint;
mod build;
pub(crate) mod coupling;
mod cover;
mod integrals;
mod local;
mod strings;

use std::sync::OnceLock;

use crate::{Charge, Error, Integrals, OperatorSum, Site};
pub(crate) use coupling::Coupling;
pub(crate) use local::LocalOp;

/// One entry of the matrix of a site: a multiple of a local operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) op: usize,
    pub(crate) coefficient: f64,
}

/// The indices of a bond of the operator that share a charge: they stand side by side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    /// What the operators to the left of the bond add to the charge.
    pub(crate) charge: Charge,
    /// The first index.
    pub(crate) begin: usize,
    /// How many there are.
    pub(crate) len: usize,
    /// The first index stands for the unit operator on all that is left of the bond.
    pub(crate) left_identity: bool,
    /// The last index stands for the unit operator on all that is right of the bond.
    pub(crate) right_identity: bool,
}

/// The indices of a bond of the operator, in classes ascending by charge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classes {
    pub(crate) classes: Vec<Class>,
}

impl Classes {
    pub(crate) fn dimension(&self) -> usize {
        self.classes.iter().map(|class| class.len).sum()
    }

    /// Class and place in it of an index.
    pub(crate) fn place(&self, index: usize) -> (usize, usize) {
        let class = self.classes.partition_point(|class| class.begin <= index) - 1;
        (class, index - self.classes[class].begin)
    }
}

/// A Hamiltonian as a matrix product operator, exact to rounding.
///
/// On every bond the products of the terms to its left and to its right make a bipartite graph with the terms as edges; the
/// indices of the bond are a minimal vertex cover of it (Ren, Li, Jiang & Shuai 2020). What is chosen on the left is a
/// normal operator, what is chosen on the right is multiplied by its complementary operator (White & Martin 1999):
/// of a molecule the pair of orbitals from the smaller half. No coefficient is divided by another and nothing is cut off.
#[derive(Clone, Debug)]
pub struct Mpo {
    sites: Vec<Site>,
    /// One more than there are sites.
    bonds: Vec<Classes>,
    entries: Vec<Vec<Entry>>,
    operators: Vec<LocalOp>,
    constant: f64,
    /// Number of operators on each bond of which none is the adjoint of another.
    unpaired: Vec<usize>,
    single: Vec<OnceLock<[Coupling; 2]>>,
    double: Vec<OnceLock<Coupling>>,
}

impl Mpo {
    /// Of any sum of terms. Terms with the same product of operators are added up first.
    ///
    /// Errors: no site or no term.
    pub fn new(sum: &OperatorSum) -> Result<Self, Error> {
        build::build(sum.sites(), strings::of_sum(sum), sum.constant)
    }

    /// Of electrons in orbitals, one site an orbital in the given order: `order[i]` is the orbital of site i. Integrals below
    /// 1e-15 of the largest count as the zeros that rounding made them of.
    ///
    /// Errors: an order that is no permutation of the orbitals.
    pub fn from_integrals(integrals: &Integrals, order: &[usize]) -> Result<Self, Error> {
        Self::new(&integrals::sum(integrals, order)?)
    }

    /// The sites of the chain.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Number of sites.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Never: there is at least one site.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// The number that is added to what the terms give.
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// The number of indices of every bond, the two ends included.
    pub fn bond_dimensions(&self) -> Vec<usize> {
        self.bonds.iter().map(Classes::dimension).collect()
    }

    /// The same with an operator and its adjoint counted once: one is the transpose of the other, as other programs store
    /// them.
    pub fn bond_dimensions_up_to_adjoints(&self) -> &[usize] {
        &self.unpaired
    }

    /// The classes of a bond; bond k is left of site k.
    pub(crate) fn classes(&self, bond: usize) -> &Classes {
        &self.bonds[bond]
    }

    pub(crate) fn entries(&self, site: usize) -> &[Entry] {
        &self.entries[site]
    }

    pub(crate) fn operator(&self, op: usize) -> &LocalOp {
        &self.operators[op]
    }

    /// What one site does between its bonds, from left to right.
    pub(crate) fn rightwards(&self, site: usize) -> &Coupling {
        &self.single(site)[0]
    }

    /// The same from right to left.
    pub(crate) fn leftwards(&self, site: usize) -> &Coupling {
        &self.single(site)[1]
    }

    fn single(&self, site: usize) -> &[Coupling; 2] {
        self.single[site].get_or_init(|| {
            let elements = coupling::of_site(self, site);
            let local = self.sites[site].charges().to_vec();
            [
                Coupling::new(local.clone(), &elements, &self.bonds[site], &self.bonds[site + 1]),
                Coupling::reversed(local, &elements, &self.bonds[site], &self.bonds[site + 1]),
            ]
        })
    }

    /// What two sites do together, from left to right.
    pub(crate) fn pair(&self, site: usize) -> &Coupling {
        self.double[site].get_or_init(|| {
            let elements = coupling::of_pair(self, site);
            let local = pair_charges(self.sites[site], self.sites[site + 1]);
            Coupling::new(local, &elements, &self.bonds[site], &self.bonds[site + 2])
        })
    }
}

/// Charges of the pairs of states of two sites, the left one's state counting slower.
pub(crate) fn pair_charges(left: Site, right: Site) -> Vec<Charge> {
    left.charges().iter().flat_map(|a| right.charges().iter().map(move |b| *a + *b)).collect()
}
