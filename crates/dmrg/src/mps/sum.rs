//! Exact sums of product states, and sums of two states.

use std::collections::{BTreeMap, HashMap};

use super::{Mps, charge_of};
use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Site};

impl Mps {
    /// Creates the normalised sum of product states, each given by the local state of every site, in the order of the
    /// sites, and by its coefficient with all signs applied. A determinant in [`Site::Fermion`] is c† of all occupied
    /// spin orbitals on the vacuum, sites ascending and up before down on a site. Relative to "all up before all down",
    /// the sign is (-1)^(number of pairs with an up on a later site than a down).
    ///
    /// The sum is exact for any number of states: left of the middle every distinct beginning is a state of the bond,
    /// right of it every distinct end. Use [`compress`](Self::compress) to truncate it. Coefficients of repeated states
    /// are added.
    ///
    /// Errors: no state, lists of different lengths, local states out of range, states of different charge,
    /// coefficients that are not finite or cancel.
    pub fn from_product_states(sites: &[Site], states: &[(Vec<u8>, f64)]) -> Result<Self, Error> {
        let mut charge = None;
        let mut sum: BTreeMap<&[u8], f64> = BTreeMap::new();
        for (locals, coefficient) in states {
            if !coefficient.is_finite() {
                return Err(Error::NotFinite { what: "the coefficient of a product state" });
            }
            let found = charge_of(sites, locals)?;
            let expected = *charge.get_or_insert(found);
            if found != expected {
                return Err(Error::Charge { found, expected });
            }
            *sum.entry(locals.as_slice()).or_insert(0.0) += coefficient;
        }
        sum.retain(|_, coefficient| *coefficient != 0.0);
        let Some(charge) = charge.filter(|_| !sum.is_empty()) else {
            return Err(Error::Norm { norm: 0.0 });
        };
        let distinct = |begin: bool, bond: usize| {
            let parts: std::collections::BTreeSet<&[u8]> =
                sum.keys().map(|locals| if begin { &locals[..bond] } else { &locals[bond..] }).collect();
            parts.len()
        };
        // The site where beginnings meet ends: the first whose right bond has at most as many ends as beginnings.
        let last = sites.len() - 1;
        let meeting = (0..last).find(|site| distinct(false, site + 1) <= distinct(true, site + 1)).unwrap_or(last);
        let labels = |bond: usize| Labels::new(sites, sum.keys().copied(), bond, bond <= meeting);
        let labels: Vec<Labels> = (0..=sites.len()).map(labels).collect();
        let mut state = Self::assembled(sites, &sum, charge, (meeting, &labels));
        state.canonicalise(0.0)?;
        Ok(state)
    }

    /// Creates a product state whose bonds have more states than it needs: right of every bond, the distinct ends of
    /// `others` and of the state itself, which are orthonormal. A sweep from the left can use all of them at once. The bond
    /// after the first site has one state: the first step of a sweep is on two sites and replaces it. The centre is on the
    /// first site.
    ///
    /// Errors: lists of different lengths, local states out of range, states of different charge.
    pub fn product_with_ends(sites: &[Site], state: &[u8], others: &[Vec<u8>]) -> Result<Self, Error> {
        let charge = charge_of(sites, state)?;
        let mut sum: BTreeMap<&[u8], f64> = BTreeMap::new();
        for other in others {
            let found = charge_of(sites, other)?;
            if found != charge {
                return Err(Error::Charge { found, expected: charge });
            }
            sum.insert(other, 0.0);
        }
        sum.insert(state, 1.0);
        let labels = (0..=sites.len()).map(|bond| {
            let alone = std::iter::once(state).filter(|_| bond < 2);
            Labels::new(sites, alone.chain(sum.keys().copied().filter(|_| bond >= 2)), bond, bond == 0)
        });
        Ok(Self::assembled(sites, &sum, charge, (0, &labels.collect::<Vec<_>>())))
    }

    /// The tensors of a sum of product states. `labels` are the states of the bonds, beginnings up to the site `meeting` and
    /// ends beyond it; the coefficients are on `meeting`. A product state has no part on a site whose bonds lack its labels.
    fn assembled(
        sites: &[Site],
        sum: &BTreeMap<&[u8], f64>,
        charge: Charge,
        (meeting, labels): (usize, &[Labels]),
    ) -> Self {
        let n = sites.len();
        let mut tensors: Vec<Tensor> = (0..n)
            .map(|site| {
                Tensor::zeros(labels[site].bond.clone(), sites[site].charges().to_vec(), labels[site + 1].bond.clone())
            })
            .collect();
        for (locals, coefficient) in sum {
            for site in 0..n {
                let places = (labels[site].place(locals, site), labels[site + 1].place(locals, site + 1));
                let (Some((l, row)), Some((_, column))) = places else { continue };
                if let Some(block) = tensors[site].block(l, usize::from(locals[site])).copied() {
                    let value = if site == meeting { *coefficient } else { 1.0 };
                    tensors[site].data[block.offset + row * block.columns + column] = value;
                }
            }
        }
        Self { sites: sites.to_vec(), tensors, charge, center: 0 }
    }

    /// Returns the exact normalised sum `a` |self> + `b` |other>. Its bond dimensions are the sums of both.
    ///
    /// Errors: different sites or charge, coefficients that are not finite, a sum that cancels.
    pub fn add(&self, a: f64, other: &Self, b: f64) -> Result<Self, Error> {
        self.check_like(other)?;
        if !a.is_finite() || !b.is_finite() {
            return Err(Error::NotFinite { what: "the coefficient of a state" });
        }
        let n = self.len();
        let bond = |site: usize| match site {
            0 => Bond::single(Charge::default()),
            site if site == n => Bond::single(self.charge),
            site => {
                let both = [self.tensors[site].left(), other.tensors[site].left()];
                Bond::new(both.into_iter().flat_map(|bond| bond.sectors().iter().copied()))
            }
        };
        let mut tensors = Vec::with_capacity(n);
        for site in 0..n {
            let mut sum = Tensor::zeros(bond(site), self.sites[site].charges().to_vec(), bond(site + 1));
            for (second, (state, factor)) in [(self, a), (other, b)].into_iter().enumerate() {
                let part = &state.tensors[site];
                for block in part.blocks() {
                    let (left, right) = (part.left().charge(block.left), part.right().charge(block.right));
                    let Some(to) = sum.left().find(left).and_then(|l| sum.block(l, block.local)).copied() else {
                        continue;
                    };
                    let shift = |charge: Charge, bond: &Bond, end: bool| {
                        if second == 0 || end { 0 } else { bond.find(charge).map_or(0, |sector| bond.width(sector)) }
                    };
                    let row = shift(left, self.tensors[site].left(), site == 0);
                    let column = shift(right, self.tensors[site].right(), site + 1 == n);
                    let factor = if site == 0 { factor } else { 1.0 };
                    for i in 0..block.rows {
                        for j in 0..block.columns {
                            sum.data[to.offset + (row + i) * to.columns + column + j] +=
                                factor * part.data[block.offset + i * block.columns + j];
                        }
                    }
                }
            }
            tensors.push(sum);
        }
        let mut state = Self { sites: self.sites.clone(), tensors, charge: self.charge, center: 0 };
        // A smaller norm is the rounding error of terms that cancel.
        state.canonicalise(1e-12 * (a.abs() + b.abs()))?;
        Ok(state)
    }

    pub(crate) fn check_like(&self, other: &Self) -> Result<(), Error> {
        self.check_sites(&other.sites, "the other state")?;
        if self.charge != other.charge {
            return Err(Error::Charge { found: other.charge, expected: self.charge });
        }
        Ok(())
    }
}

/// The distinct beginnings (or ends) of product states at a bond, which are the states of that bond.
struct Labels {
    beginnings: bool,
    bond: Bond,
    /// Sector and position in it.
    places: HashMap<Vec<u8>, (usize, usize)>,
}

impl Labels {
    fn new<'a>(sites: &[Site], states: impl Iterator<Item = &'a [u8]>, bond: usize, beginnings: bool) -> Self {
        let charge = |locals: &[u8]| {
            let all = sites.iter().zip(locals).take(bond);
            all.fold(Charge::default(), |sum, (site, state)| sum + site.charges()[usize::from(*state)])
        };
        let mut parts: BTreeMap<&[u8], Charge> = BTreeMap::new();
        for locals in states {
            parts.insert(if beginnings { &locals[..bond] } else { &locals[bond..] }, charge(locals));
        }
        let sectors = Bond::new(parts.values().map(|charge| (*charge, 1)));
        let mut filled = vec![0; sectors.len()];
        let places = parts.iter().filter_map(|(part, charge)| {
            let sector = sectors.find(*charge)?;
            filled[sector] += 1;
            Some((part.to_vec(), (sector, filled[sector] - 1)))
        });
        let places = places.collect();
        Self { beginnings, bond: sectors, places }
    }

    fn place(&self, locals: &[u8], bond: usize) -> Option<(usize, usize)> {
        let part = if self.beginnings { &locals[..bond] } else { &locals[bond..] };
        self.places.get(part).copied()
    }
}
