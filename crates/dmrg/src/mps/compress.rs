//! Compression by singular values.

use headstart_check::check;
use headstart_linalg::{Svd, svd};
use ndarray::{Array2, Axis};

use super::Mps;
use super::canonical::{on_right, stacked};
use crate::{Error, Truncation};

impl Mps {
    /// Truncates every bond by its singular values, from left to right, and normalises again. Returns the sum of the
    /// discarded weights. The centre ends on the last site.
    ///
    /// Errors: a bond dimension of 0, a weight outside [0, 1), a decomposition that failed.
    pub fn compress(&mut self, truncation: Truncation) -> Result<f64, Error> {
        truncation.check()?;
        self.move_center(0)?;
        let mut lost = 0.0;
        for site in 0..self.len() - 1 {
            let factors = self.singular_values(site)?;
            let spectra: Vec<Vec<f64>> = factors.iter().map(|f| f.values.iter().map(|x| x * x).collect()).collect();
            let (widths, discarded) = truncation.choose(&spectra);
            lost += discarded;
            let rests: Vec<Array2<f64>> =
                factors.iter().map(|f| &f.vt * &f.values.view().insert_axis(Axis(1))).collect();
            let (left, right) = on_right(
                &self.tensors[site],
                &self.tensors[site + 1],
                &widths,
                |sector| factors[sector].u.view(),
                |sector| rests[sector].view(),
            );
            self.put_pair(site, left, right, site + 1);
            self.normalise()?;
        }
        Ok(lost)
    }

    /// The singular values of the bond right of the centre, one decomposition per sector. `site` must be the centre.
    pub(crate) fn singular_values(&self, site: usize) -> Result<Vec<Svd>, Error> {
        let tensor = &self.tensors[site];
        let matrix = |(sector, blocks): (usize, &Vec<_>)| stacked(tensor, blocks, tensor.right().width(sector));
        let all = tensor.by_right();
        Ok(all.iter().enumerate().map(|part| svd(matrix(part).view())).collect::<Result<_, _>>()?)
    }
}

impl Truncation {
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.bond_dimension == 0 {
            return Err(Error::BondDimension { found: 0 });
        }
        check((0.0..1.0).contains(&self.weight), "the discarded weight", self.weight, "at least 0 and below 1")?;
        Ok(())
    }
}
