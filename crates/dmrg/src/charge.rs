//! What is conserved, and how the states of a bond fall into sectors.

use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// The conserved charges U(1) x U(1): the number of particles and twice the z component of the spin. Spins have no
/// particles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Charge {
    /// Number of particles.
    pub particles: i32,
    /// Up minus down, 2 Sz.
    pub twice_sz: i32,
}

impl Charge {
    /// A charge from both numbers.
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

/// The states of a bond: sectors in ascending order of the charge to their left, each with its width.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    sectors: Vec<(Charge, usize)>,
}

impl Bond {
    /// A bond of these sectors; those of width 0 are left out and equal charges are put together.
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

    /// One state of this charge: the ends of a chain.
    pub(crate) fn single(charge: Charge) -> Self {
        Self { sectors: vec![(charge, 1)] }
    }

    /// Number of sectors.
    pub fn len(&self) -> usize {
        self.sectors.len()
    }

    /// Whether there is no state at all.
    pub fn is_empty(&self) -> bool {
        self.sectors.is_empty()
    }

    /// The charge of a sector.
    pub fn charge(&self, sector: usize) -> Charge {
        self.sectors[sector].0
    }

    /// The number of states of a sector.
    pub fn width(&self, sector: usize) -> usize {
        self.sectors[sector].1
    }

    /// Sectors as (charge, width), ascending.
    pub fn sectors(&self) -> &[(Charge, usize)] {
        &self.sectors
    }

    /// The sector of a charge.
    pub fn find(&self, charge: Charge) -> Option<usize> {
        self.sectors.binary_search_by_key(&charge, |sector| sector.0).ok()
    }

    /// The bond dimension: the number of states of all sectors.
    pub fn dimension(&self) -> usize {
        self.sectors.iter().map(|sector| sector.1).sum()
    }
}
