//! Hit rates of named optima.

use std::collections::BTreeMap;

use super::proportion::wilson;

/// One optimum, with the rate at which it was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hits<L> {
    /// Name of the optimum.
    pub optimum: L,
    /// Number of trials that ended there.
    pub count: u64,
    /// Their share of all trials, including those that reached no named optimum.
    pub rate: f64,
    /// Lower end of the Wilson interval of the rate.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The optima that the trials of one start reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Basins<L> {
    /// The optima reached at least once: the most frequent first, ties by name.
    pub hits: Vec<Hits<L>>,
    /// Number of trials that reached no named optimum.
    pub nowhere: u64,
    /// Entropy of the reached optimum, in nats, over the trials that reached one; `None` if no trial did.
    pub entropy: Option<f64>,
}

/// Returns the hit rates with Wilson intervals, and the entropy of the reached optimum. `reached` has one label per
/// trial, `None` for no named optimum.
///
/// H = - sum of p ln p with p = count / (trials that reached an optimum): 0 if all reach the same, ln m if m optima are
/// reached equally often. This plug-in estimate is too small by about (m - 1) / (2 n) (Miller 1955): compare starts at
/// the same number of trials. `None` without trials or for an alpha outside (0, 1).
pub fn basins<L: Ord + Clone>(reached: &[Option<L>], alpha: f64) -> Option<Basins<L>> {
    let n = reached.len() as u64;
    let mut counts: BTreeMap<&L, u64> = BTreeMap::new();
    for optimum in reached.iter().flatten() {
        *counts.entry(optimum).or_default() += 1;
    }
    let somewhere: u64 = counts.values().sum();
    // Returns `None` without trials or for an invalid alpha.
    wilson(somewhere, n, alpha)?;
    let hit = |(optimum, count): (&&L, &u64)| {
        let (low, high) = wilson(*count, n, alpha)?;
        Some(Hits { optimum: (*optimum).clone(), count: *count, rate: *count as f64 / n as f64, low, high })
    };
    let mut hits: Vec<Hits<L>> = counts.iter().map(hit).collect::<Option<_>>()?;
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.count));
    let surprise = |hit: &Hits<L>| {
        let p = hit.count as f64 / somewhere as f64;
        p * (1.0 / p).ln()
    };
    let entropy = (somewhere > 0).then(|| hits.iter().map(surprise).sum());
    Some(Basins { hits, nowhere: n - somewhere, entropy })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wilson limits of statsmodels for 15 of 148 as in `proportion.rs`; `scipy.stats.entropy([4, 2, 2])`.
    #[test]
    fn rates_and_entropy() {
        let mut reached = vec![Some("rare"); 15];
        reached.resize(148, None);
        let basins = basins(&reached, 0.05).unwrap();
        let hit = basins.hits[0];
        assert_eq!((hit.optimum, hit.count, basins.nowhere, basins.entropy), ("rare", 15, 133, Some(0.0)));
        assert!((hit.rate - 15.0 / 148.0).abs() < 1e-15);
        assert!((hit.low - 0.062_386_399_531).abs() < 1e-11 && (hit.high - 0.160_487_241_723).abs() < 1e-11);

        let labels = [3, 2, 1, 2, 3, 2, 1, 2].map(Some).into_iter().chain([None, None]).collect::<Vec<_>>();
        let basins = super::basins(&labels, 0.05).unwrap();
        assert_eq!(
            basins.hits.iter().map(|hit| (hit.optimum, hit.count)).collect::<Vec<_>>(),
            [(2, 4), (1, 2), (3, 2)]
        );
        assert_eq!((basins.hits[0].rate, basins.nowhere), (0.4, 2));
        assert!((basins.entropy.unwrap() - 1.039_720_770_839_918).abs() < 1e-12);
    }

    #[test]
    fn equal_shares_have_the_largest_entropy() {
        let labels: Vec<Option<u32>> = (0..20).map(|i| Some(i % 5)).collect();
        assert!((basins(&labels, 0.05).unwrap().entropy.unwrap() - 5f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn nowhere_and_bad_input() {
        let nowhere = basins::<u32>(&[None, None], 0.05).unwrap();
        assert_eq!((nowhere.hits.len(), nowhere.nowhere, nowhere.entropy), (0, 2, None));
        assert_eq!(basins::<u32>(&[], 0.05), None);
        assert_eq!(basins(&[Some(1)], 0.0), None);
        assert_eq!(basins(&[Some(1)], f64::NAN), None);
    }
}
