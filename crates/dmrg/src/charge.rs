//! Conserved charges, and the charge sectors of a bond.

use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// The conserved charges U(1) x U(1): the particle number and twice the z component of the spin. Spin sites have
/// particle number 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Charge {
    /// Number of particles.
    pub particles: i32,
    /// 2 Sz: spins up minus spins down.
    pub twice_sz: i32,
}

impl Charge {
    /// Creates a charge.
    pub const fn new(particles: i32, twice_sz: i32) -> Self {
        Self { particles, twice_sz }
    }
}

impl Add for Charge {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.particles + other.particles, self.twice_sz + other.twice_sz)
    }
}

impl Sub for Charge {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.particles - other.particles, self.twice_sz - other.twice_sz)
    }
}

impl Neg for Charge {
    type Output = Self;
    fn neg(self) -> Self {
        Self::new(-self.particles, -self.twice_sz)
    }
}

impl std::fmt::Display for Charge {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "(N {}, 2Sz {})", self.particles, self.twice_sz)
    }
}

/// The states of a bond, grouped into sectors. A sector holds the states with one charge to the left of the bond;
/// sectors are in ascending order of that charge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    sectors: Vec<(Charge, usize)>,
}

impl Bond {
    /// Creates a bond. Sectors of width 0 are dropped, and sectors of equal charge are merged.
    pub(crate) fn new(sectors: impl IntoIterator<Item = (Charge, usize)>) -> Self {
        let mut all: Vec<(Charge, usize)> = sectors.into_iter().filter(|(_, width)| *width > 0).collect();
        all.sort_unstable();
        let mut sectors: Vec<(Charge, usize)> = Vec::with_capacity(all.len());
        for (charge, width) in all {
            match sectors.last_mut() {
                Some((last, sum)) if *last == charge => *sum += width,
                _ => sectors.push((charge, width)),
            }
        }
        Self { sectors }
    }

    /// A bond with a single state, as at the ends of a chain.
    pub(crate) fn single(charge: Charge) -> Self {
        Self { sectors: vec![(charge, 1)] }
    }

    /// Returns the number of sectors.
    pub fn len(&self) -> usize {
        self.sectors.len()
    }

    /// Returns whether the bond has no states.
    pub fn is_empty(&self) -> bool {
        self.sectors.is_empty()
    }

    /// Returns the charge of a sector.
    pub fn charge(&self, sector: usize) -> Charge {
        self.sectors[sector].0
    }

    /// Returns the number of states of a sector.
    pub fn width(&self, sector: usize) -> usize {
        self.sectors[sector].1
    }

    /// Returns the sectors as (charge, width), ascending.
    pub fn sectors(&self) -> &[(Charge, usize)] {
        &self.sectors
    }

    /// Returns the sector of a charge, if present.
    pub fn find(&self, charge: Charge) -> Option<usize> {
        self.sectors.binary_search_by_key(&charge, |sector| sector.0).ok()
    }

    /// Returns the bond dimension, the number of states of all sectors.
    pub fn dimension(&self) -> usize {
        self.sectors.iter().map(|sector| sector.1).sum()
    }
}
