//! The metrics of a motif. They are computed after the climbs and are not timed.

use headstart_domain::{Figure, Logo, Metric, Result, Run};

use super::dataset::Truth;
use super::search::Found;
use super::{Dataset, Seeds, user_data};
use crate::quality::{above_oracle, performance};
use crate::{Fit, Site, Windows, sites};

/// Maximum shift, in letters, of a found motif relative to the planted one.
const SHIFT: usize = 3;
/// A motif counts as found if its nPC is above this.
const FOUND: f64 = 0.5;

pub(super) const METRICS: &[Metric] = &[
    Metric::higher("llr", "final log-likelihood ratio in nats").decimals(2).result(),
    Metric::higher("found", "whether the motif was found: nPC above 0.5").share(),
    Metric::higher(
        "npc",
        "nucleotide performance coefficient (Pevzner and Sze 2000): letters in both planted and found sites, divided \
         by letters in either; shifts of up to 3 letters are allowed",
    ),
    Metric::higher(
        "above-oracle",
        "log-likelihood ratio minus that of the climb from the planted matrix, in nats: above 0, something other than \
         the motif is more likely",
    ),
    Metric::higher("hit-rate", "share of the start's climbs that found the motif, for starts of independent draws")
        .share(),
    Metric::lower(
        "climbs-to-hit",
        "expected number of climbs to the first hit, for starts of independent draws: (n + 1) / (hits + 1) for n \
         climbs, which is finite without any hit",
    ),
    Metric::lower("work-to-hit", "expected iterations of the climbs to the first hit, including the charge"),
    Metric::higher("bits", "information of the motif relative to the background's letters, in bits")
        .decimals(1)
        .result(),
    Metric::higher("sites", "number of sites found").decimals(0).result(),
    Metric::higher("width", "width of the motif in letters, if several widths were tried").decimals(0).result(),
];

/// Records the metrics of a finished trial.
pub(super) fn record(data: &Dataset, seeds: &Seeds, found: &Found, climbs: &[Fit], run: &mut Run) -> Result<()> {
    let windows = &data.ladder[found.rung];
    let fit = &found.fit;
    let bits: f64 = fit.pwm.information(windows.background().letters()).iter().sum();
    run.metric("llr", fit.llr);
    run.metric("bits", bits);
    run.metric("sites", sites(windows, data.em.model, fit).len() as f64);
    if data.ladder.len() > 1 {
        run.metric("width", windows.width() as f64);
        run.remark(
            "with several widths, the value is the log-likelihood ratio minus (3 W / 2) log n for n sequences; the \
             metric llr does not contain this penalty",
        );
    }
    for warning in &data.warnings {
        run.remark(warning.to_string());
    }
    let mut caption = format!("{}, LLR {:.1}", fit.pwm.consensus(), fit.llr);
    if let Some(truth) = &data.truth {
        let npc = against(data, windows, fit, &truth.sites);
        caption = format!("{caption}, nPC {npc:.2}");
        run.metric("npc", npc);
        run.metric("found", f64::from(u8::from(npc > FOUND)));
        run.metric("above-oracle", above_oracle(&data.em, windows, fit, &truth.pwm)?);
        let rival = against(data, windows, fit, &truth.rivals);
        run.basin(if npc > FOUND {
            "planted"
        } else if rival > FOUND {
            "the weaker motif"
        } else {
            "something else"
        });
        if seeds.draws {
            restarts(data, truth, seeds, climbs, run);
        }
    } else {
        run.basin(&user_data::name(data, fit));
    }
    if run.keeps_files() {
        run.figure(Figure::Logo(Logo { columns: fit.pwm.columns().to_vec(), caption }));
        user_data::outputs(data, windows, fit, run);
    }
    Ok(())
}

/// nPC of the sites of a fit with planted sites.
fn against(data: &Dataset, windows: &Windows, fit: &Fit, planted: &[Site]) -> f64 {
    let found: Vec<Site> = sites(windows, data.em.model, fit).into_iter().map(|found| found.site).collect();
    performance(planted, windows.width(), &found, windows.width(), SHIFT)
}

/// Records how often a draw hits, and the expected cost of the first hit. Planted problems have one width.
fn restarts(data: &Dataset, truth: &Truth, seeds: &Seeds, climbs: &[Fit], run: &mut Run) {
    let hits = climbs.iter().filter(|fit| against(data, &data.ladder[0], fit, &truth.sites) > FOUND).count() as f64;
    let n = climbs.len() as f64;
    let expected = (n + 1.0) / (hits + 1.0);
    let passes: u64 = climbs.iter().map(|fit| fit.iterations).sum();
    run.metric("hit-rate", hits / n);
    run.metric("climbs-to-hit", expected);
    run.metric("work-to-hit", expected * (seeds.charge + passes as f64) / n);
}
