//! Hamiltonians as sums of products of operators on sites.

use crate::{Charge, Error, Op, Site};

/// A sum of terms over a chain of sites, plus a constant.
#[derive(Clone, Debug)]
pub struct OperatorSum {
    sites: Vec<Site>,
    terms: Vec<(f64, Vec<(usize, Op)>)>,
    /// Constant added to all energies.
    pub constant: f64,
}

impl OperatorSum {
    /// Creates an empty sum over these sites.
    pub fn new(sites: Vec<Site>) -> Self {
        Self { sites, terms: Vec::new(), constant: 0.0 }
    }

    /// Returns the sites of the chain.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Returns the terms as (coefficient, factors). Each is the product of its factors as written, the last one acting
    /// first.
    pub fn terms(&self) -> &[(f64, Vec<(usize, Op)>)] {
        &self.terms
    }

    /// Adds `coefficient` times the product of the factors (site, operator), the last one acting first. A term with
    /// coefficient 0 is dropped. If a term is not Hermitian, the caller must also add its adjoint.
    ///
    /// Errors: a site out of range, an operator of another kind of site, a coefficient that is not finite, a product
    /// that does not conserve the charges.
    pub fn add(&mut self, coefficient: f64, factors: &[(usize, Op)]) -> Result<(), Error> {
        if !coefficient.is_finite() {
            return Err(Error::NotFinite { what: "the coefficient of a term" });
        }
        let mut change = Charge::default();
        for &(at, op) in factors {
            let Some(&site) = self.sites.get(at) else {
                return Err(Error::Site { site: at, sites: self.sites.len() });
            };
            if site != op.site() {
                return Err(Error::Operator { op, site: at, kind: site });
            }
            change = change + charge_of(op);
        }
        if change != Charge::default() {
            return Err(Error::NotConserved { factors: format!("{factors:?}"), change });
        }
        if coefficient != 0.0 {
            self.terms.push((coefficient, factors.to_vec()));
        }
        Ok(())
    }
}

fn charge_of(op: Op) -> Charge {
    match op {
        Op::Raise => Charge::new(0, 2),
        Op::Lower => Charge::new(0, -2),
        Op::CreateUp => Charge::new(1, 1),
        Op::CreateDown => Charge::new(1, -1),
        Op::AnnihilateUp => Charge::new(-1, -1),
        Op::AnnihilateDown => Charge::new(-1, 1),
        Op::Sz | Op::NumberUp | Op::NumberDown | Op::Parity => Charge::default(),
    }
}
