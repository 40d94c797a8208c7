//! Entropies of bonds and of single sites.

use crate::truncation::entropy;
use crate::{Error, Mps};

impl Mps {
    /// Returns the entanglement entropy of every bond between the sites, -sum p ln p over squared singular values, in
    /// nats.
    ///
    /// Errors: a decomposition that failed.
    pub fn bond_entropies(&self) -> Result<Vec<f64>, Error> {
        let mut state = self.clone();
        let mut entropies = Vec::with_capacity(state.len());
        for site in 0..state.len() - 1 {
            state.move_center(site)?;
            let factors = state.singular_values(site)?;
            let weights: Vec<f64> = factors.iter().flat_map(|f| f.values.iter().map(|x| x * x)).collect();
            entropies.push(entropy(&weights));
        }
        Ok(entropies)
    }

    /// Returns the probabilities of the local states of every site. The local states have different charges, so the
    /// density matrix of a site is diagonal.
    ///
    /// Errors: a decomposition that failed.
    pub fn occupations(&self) -> Result<Vec<Vec<f64>>, Error> {
        let mut state = self.clone();
        let mut all = Vec::with_capacity(state.len());
        for site in 0..state.len() {
            state.move_center(site)?;
            let tensor = state.tensor(site);
            let mut weights = vec![0.0; tensor.local().len()];
            for block in tensor.blocks() {
                weights[block.local] += tensor.entries(block).iter().map(|x| x * x).sum::<f64>();
            }
            all.push(weights);
        }
        Ok(all)
    }

    /// Returns the entropy of every single site (orbital), in nats: at most ln 4 for an orbital.
    ///
    /// Errors: a decomposition that failed.
    pub fn site_entropies(&self) -> Result<Vec<f64>, Error> {
        Ok(self.occupations()?.iter().map(entropy).collect())
    }
}
