//! What is measured of a motif when the climbs have ended, off the clock.

use headstart_domain::{Figure, Logo, Metric, Result, Run};

use super::dataset::Truth;
use super::search::Found;
use super::{Dataset, Seeds, user_data};
use crate::quality::{above_oracle, performance};
use crate::{Fit, Site, Windows, sites};

/// Letters by which a found motif may be out of phase with the planted one.
const SHIFT: usize = 3;
/// Share of letters in common above which a motif counts as found.
const FOUND: f64 = 0.5;

pub(super) const METRICS: &[Metric] = &[
    Metric::higher("llr", "log-likelihood ratio at the end, nats"),
    Metric::higher("found", "whether the motif was found: nPC above 0.5").share(),
    Metric::higher(
        "npc",
        "nucleotide performance coefficient (Pevzner and Sze 2000): letters in planted and found sites alike, over letters \
         in either; up to 3 letters out of phase",
    ),
    Metric::higher(
        "above-oracle",
        "log-likelihood ratio above that of the climb from the planted matrix, nats: above 0 something else than the motif \
         is more likely",
    ),
    Metric::higher("hit-rate", "share of the start's climbs that found the motif, where they are draws of one kind")
        .share(),
    Metric::lower(
        "climbs-to-hit",
        "climbs from such draws that the first hit is expected to take: (n + 1) / (hits + 1) of n climbs, which stays \
         finite where none hit",
    ),
    Metric::lower("work-to-hit", "iterations that these climbs are expected to cost, charge included"),
    Metric::higher("bits", "information of the motif against the background's letters"),
    Metric::higher("sites", "sites found"),
    Metric::higher("width", "letters of the motif, where several widths were tried"),
];

/// All that is recorded of the end of a trial.
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
            "of several widths the log-likelihood ratio less (3 W / 2) log n counts, n sequences, and this is the value; \
             the metric llr is without it",
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

/// How much of sites the sites of a fit cover.
fn against(data: &Dataset, windows: &Windows, fit: &Fit, planted: &[Site]) -> f64 {
    let found: Vec<Site> = sites(windows, data.em.model, fit).into_iter().map(|found| found.site).collect();
    performance(planted, windows.width(), &found, windows.width(), SHIFT)
}

/// How often a draw hits, and what the first hit is expected to take. Planted problems have one width.
fn restarts(data: &Dataset, truth: &Truth, seeds: &Seeds, climbs: &[Fit], run: &mut Run) {
    let hits = climbs.iter().filter(|fit| against(data, &data.ladder[0], fit, &truth.sites) > FOUND).count() as f64;
    let n = climbs.len() as f64;
    let expected = (n + 1.0) / (hits + 1.0);
    let passes: u64 = climbs.iter().map(|fit| fit.iterations).sum();
    run.metric("hit-rate", hits / n);
    run.metric("climbs-to-hit", expected);
    run.metric("work-to-hit", expected * (seeds.charge + passes as f64) / n);
}
