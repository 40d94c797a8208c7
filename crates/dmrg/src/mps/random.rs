//! Random states of a given bond dimension and charge.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::Mps;
use crate::tensor::Tensor;
use crate::{Bond, Charge, Error, Site};

impl Mps {
    /// Creates a random state of the given charge with bonds of up to `bond_dimension` states. The sectors of a bond
    /// share these states in proportion to the number of ways in which the two parts of the chain can have their
    /// charges. Entries are normally distributed.
    ///
    /// Errors: no site, a bond dimension of 0, a charge that these sites cannot have.
    pub fn random(sites: &[Site], charge: Charge, bond_dimension: usize, rng: &mut impl Rng) -> Result<Self, Error> {
        if sites.is_empty() {
            return Err(Error::Length { what: "sites", found: 0, expected: 1 });
        }
        if bond_dimension == 0 {
            return Err(Error::BondDimension { found: 0 });
        }
        let n = sites.len();
        let ways = ways(sites, charge);
        if ways[0].is_empty() {
            return Err(Error::Unreachable { charge, sites: n });
        }
        // A random product state guarantees a path through all bonds, however small they are.
        let mut path = vec![Charge::default()];
        for (site, kind) in sites.iter().enumerate() {
            let before = path[site];
            let open: Vec<Charge> = kind
                .charges()
                .iter()
                .map(|change| before + *change)
                .filter(|next| ways[site + 1].iter().any(|way| way.charge == *next))
                .collect();
            path.push(open[rng.random_range(0..open.len())]);
        }
        let mut bonds: Vec<Bond> = (0..=n).map(|bond| share(&both(&ways[bond]), path[bond], bond_dimension)).collect();
        bonds[0] = Bond::single(Charge::default());
        bonds[n] = Bond::single(charge);
        limit(sites, &mut bonds);
        let mut tensors = Vec::with_capacity(n);
        for (site, kind) in sites.iter().enumerate() {
            let mut tensor = Tensor::zeros(bonds[site].clone(), kind.charges().to_vec(), bonds[site + 1].clone());
            tensor.data.iter_mut().for_each(|x| *x = StandardNormal.sample(rng));
            // Scaled so that products of many tensors stay within range.
            let norm = tensor.norm_squared().sqrt().max(f64::MIN_POSITIVE);
            tensor.data.iter_mut().for_each(|x| *x /= norm);
            tensors.push(tensor);
        }
        let mut state = Self { sites: sites.to_vec(), tensors, charge, center: 0 };
        state.canonicalise(0.0)?;
        Ok(state)
    }
}

/// A charge of a bond that both parts can have, and how many states of each part have it.
pub(super) struct Ways {
    charge: Charge,
    left: f64,
    right: f64,
}

/// The charges of every bond.
pub(super) fn ways(sites: &[Site], charge: Charge) -> Vec<Vec<Ways>> {
    let count = |sites: &mut dyn Iterator<Item = &Site>, begin: Charge, forward: bool| {
        let mut all = vec![vec![(begin, 1.0)]];
        for site in sites {
            let last = all.last().map_or(&[][..], Vec::as_slice);
            let mut next: Vec<(Charge, f64)> = Vec::new();
            for &(charge, ways) in last {
                for &change in site.charges() {
                    next.push((if forward { charge + change } else { charge - change }, ways));
                }
            }
            next.sort_by_key(|way| way.0);
            next.dedup_by(|way, kept| {
                let same = way.0 == kept.0;
                if same {
                    kept.1 += way.1;
                }
                same
            });
            all.push(next);
        }
        all
    };
    let left = count(&mut sites.iter(), Charge::default(), true);
    let mut right = count(&mut sites.iter().rev(), charge, false);
    right.reverse();
    let both = |from_left: &[(Charge, f64)], from_right: &[(Charge, f64)]| {
        let common = from_left.iter().filter_map(|&(charge, left)| {
            let at = from_right.binary_search_by_key(&charge, |way| way.0).ok()?;
            Some(Ways { charge, left, right: from_right[at].1 })
        });
        common.collect()
    };
    left.iter().zip(&right).map(|(left, right)| both(left, right)).collect()
}

/// A sector of a bond: its part of the states, and the most states that it can have.
pub(super) struct Claimant {
    charge: Charge,
    part: f64,
    most: f64,
}

/// Sectors for a state: the smaller part of the chain limits the states of a sector.
fn both(ways: &[Ways]) -> Vec<Claimant> {
    let claimant =
        |way: &Ways| Claimant { charge: way.charge, part: way.left.min(way.right), most: way.left.min(way.right) };
    ways.iter().map(claimant).collect()
}

/// Sectors for a block on the right, without regard to the left part.
pub(super) fn right_only(ways: &[Ways]) -> Vec<Claimant> {
    let claimant = |way: &Ways| Claimant { charge: way.charge, part: way.left.min(way.right), most: way.right };
    ways.iter().map(claimant).collect()
}

/// Divides the states of a bond among the sectors in proportion to their parts, with at least one for `path`; the largest
/// remainders get the leftover states.
pub(super) fn share(sectors: &[Claimant], path: Charge, bond_dimension: usize) -> Bond {
    if sectors.iter().map(|sector| sector.most).sum::<f64>() <= bond_dimension as f64 {
        return Bond::new(sectors.iter().map(|sector| (sector.charge, sector.most as usize)));
    }
    let total: f64 = sectors.iter().map(|sector| sector.part).sum();
    let free = bond_dimension - 1;
    let mut shares: Vec<(Charge, usize, f64)> = sectors
        .iter()
        .map(|&Claimant { charge, part, .. }| {
            let part = free as f64 * part / total;
            (charge, part.floor() as usize + usize::from(charge == path), part.fract())
        })
        .collect();
    let left = bond_dimension.saturating_sub(shares.iter().map(|share| share.1).sum());
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|a, b| shares[*b].2.total_cmp(&shares[*a].2));
    order.iter().take(left).for_each(|at| shares[*at].1 += 1);
    let capped = shares.into_iter().zip(sectors);
    Bond::new(capped.map(|((charge, width, _), sector)| (charge, width.min(sector.most as usize))))
}

/// Limits each sector to the states that its neighbours on either side allow.
fn limit(sites: &[Site], bonds: &mut [Bond]) {
    let n = sites.len();
    let width = |bond: &Bond, charge: Charge| bond.find(charge).map_or(0, |sector| bond.width(sector));
    for bond in 1..=n {
        let most = |charge: Charge| {
            sites[bond - 1].charges().iter().map(|c| width(&bonds[bond - 1], charge - *c)).sum::<usize>()
        };
        bonds[bond] = Bond::new(bonds[bond].sectors().iter().map(|&(charge, width)| (charge, width.min(most(charge)))));
    }
    for bond in (0..n).rev() {
        let most =
            |charge: Charge| sites[bond].charges().iter().map(|c| width(&bonds[bond + 1], charge + *c)).sum::<usize>();
        bonds[bond] = Bond::new(bonds[bond].sectors().iter().map(|&(charge, width)| (charge, width.min(most(charge)))));
    }
}
