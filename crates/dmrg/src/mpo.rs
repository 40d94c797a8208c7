//! Matrix product operators (MPO): a Hamiltonian as a product of sparse matrices of local operators.

mod adjoint;
mod build;
pub(crate) mod coupling;
mod cover;
mod integrals;
mod local;
mod strings;

use std::sync::OnceLock;

use crate::{Charge, Error, Integrals, OperatorSum, Site};
pub(crate) use build::Holder;
pub(crate) use coupling::Coupling;
pub(crate) use integrals::sum as molecule;
pub(crate) use local::LocalOp;

/// One entry of a site's matrix: a multiple of a local operator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) left: usize,
    pub(crate) right: usize,
    pub(crate) op: usize,
    pub(crate) coefficient: f64,
}

/// The indices of an operator bond that share a charge; they are contiguous.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Class {
    /// Charge that the operators left of the bond add.
    pub(crate) charge: Charge,
    /// First index.
    pub(crate) begin: usize,
    /// Number of indices.
    pub(crate) len: usize,
    /// Whether the first index is the unit operator on everything left of the bond.
    pub(crate) left_identity: bool,
    /// Whether the last index is the unit operator on everything right of the bond.
    pub(crate) right_identity: bool,
}

/// The indices of an operator bond, in classes ascending by charge.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classes {
    pub(crate) classes: Vec<Class>,
}

impl Classes {
    pub(crate) fn dimension(&self) -> usize {
        self.classes.iter().map(|class| class.len).sum()
    }

    /// Returns the class of an index and its position in that class.
    pub(crate) fn place(&self, index: usize) -> (usize, usize) {
        let class = self.classes.partition_point(|class| class.begin <= index) - 1;
        (class, index - self.classes[class].begin)
    }
}

/// The entry that holds a term, and the factor by which the term is that entry's string; `None` for a term that is zero.
pub(crate) type HeldTerm = Option<(Holder, f64)>;

/// A Hamiltonian as a matrix product operator, exact to rounding.
///
/// On every bond, the parts of the terms to its left and to its right form a bipartite graph whose edges are the terms.
/// The indices of the bond are a minimal vertex cover of this graph (Ren, Li, Jiang & Shuai 2020). A vertex on the left
/// is a normal operator, a vertex on the right is multiplied by its complementary operator (White & Martin 1999); for a
/// molecule these are pairs of orbitals from the smaller half. No coefficient is divided by another, and nothing is
/// truncated.
#[derive(Clone, Debug)]
pub struct Mpo {
    sites: Vec<Site>,
    /// One more bond than sites.
    bonds: Vec<Classes>,
    entries: Vec<Vec<Entry>>,
    operators: Vec<LocalOp>,
    constant: f64,
    /// Number of operators on each bond, an operator and its adjoint counted once.
    unpaired: Vec<usize>,
    single: Vec<OnceLock<[Coupling; 2]>>,
    double: Vec<OnceLock<Coupling>>,
}

impl Mpo {
    /// Builds the operator of any sum of terms. Terms with the same product of operators are added first.
    ///
    /// Errors: no site, no term.
    pub fn new(sum: &OperatorSum) -> Result<Self, Error> {
        Ok(build::build(sum.sites(), strings::of_sum(sum), sum.constant)?.0)
    }

    /// Builds the Hamiltonian of electrons in orbitals, one orbital per site: `order[i]` is the orbital of site i.
    /// Integrals below 1e-15 of the largest are rounding errors and treated as zeros.
    ///
    /// Errors: `order` is not a permutation of the orbitals.
    pub fn from_integrals(integrals: &Integrals, order: &[usize]) -> Result<Self, Error> {
        Self::new(&integrals::sum(integrals, order)?)
    }

    /// Returns an operator that holds every term of a sum with coefficient 1, the entry that holds it, and the factor by
    /// which the term is that entry's string; `None` for a term that is zero.
    pub(crate) fn of_terms(sum: &OperatorSum) -> Result<(Self, Vec<HeldTerm>), Error> {
        let (strings, terms) = strings::of_terms(sum);
        let (mpo, holders) = build::build(sum.sites(), strings, 0.0)?;
        Ok((mpo, terms.into_iter().map(|term| term.map(|(string, factor)| (holders[string], factor))).collect()))
    }

    /// Returns the sites of the chain.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Returns the number of sites.
    pub fn len(&self) -> usize {
        self.sites.len()
    }

    /// Returns false: there is at least one site.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }

    /// Returns the constant that is added to the terms.
    pub fn constant(&self) -> f64 {
        self.constant
    }

    /// Returns the number of indices of every bond, including the two ends.
    pub fn bond_dimensions(&self) -> Vec<usize> {
        self.bonds.iter().map(Classes::dimension).collect()
    }

    /// Returns the same numbers with an operator and its adjoint counted once. The adjoint is the transpose, and other
    /// programs store only one of the two.
    pub fn bond_dimensions_up_to_adjoints(&self) -> &[usize] {
        &self.unpaired
    }

    /// Returns the classes of a bond; bond k is left of site k.
    pub(crate) fn classes(&self, bond: usize) -> &Classes {
        &self.bonds[bond]
    }

    pub(crate) fn entries(&self, site: usize) -> &[Entry] {
        &self.entries[site]
    }

    pub(crate) fn operator(&self, op: usize) -> &LocalOp {
        &self.operators[op]
    }

    /// The coupling of one site between its bonds, from left to right.
    pub(crate) fn rightwards(&self, site: usize) -> &Coupling {
        &self.single(site)[0]
    }

    /// The coupling of one site from right to left.
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

    /// The joint coupling of two sites, from left to right.
    pub(crate) fn pair(&self, site: usize) -> &Coupling {
        self.double[site].get_or_init(|| {
            let elements = coupling::of_pair(self, site);
            let local = pair_charges(self.sites[site], self.sites[site + 1]);
            Coupling::new(local, &elements, &self.bonds[site], &self.bonds[site + 2])
        })
    }
}

/// Charges of the pairs of local states of two sites; the state of the right site varies fastest.
pub(crate) fn pair_charges(left: Site, right: Site) -> Vec<Charge> {
    left.charges().iter().flat_map(|a| right.charges().iter().map(move |b| *a + *b)).collect()
}
