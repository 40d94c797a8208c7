//! Simulates the gains and costs of adding pairs until a claim is decided.
//!
//! Differences of pairs are normal with standard deviation 1 about an effect. The claim is that the median exceeds 0,
//! tested as one of twelve directions (six claims) at 0.05. The example compares 20 pairs with the signed-rank test,
//! the betting test after each pair (at most 20 and at most 100), and, as a counterexample, the signed-rank test after
//! each pair. Run it with `cargo run --release -p headstart-stats --example stopping`.

use headstart_stats::{Step, anytime_median_test, fewest_pairs, signed_rank};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

const RUNS: u64 = 2000;
const LEVEL: f64 = 0.05 / 12.0;
const FIXED: usize = 20;
const MOST: usize = 100;

/// Returns the number of pairs at which the test stops, at most `n`, and whether the claim was shown by then.
fn stop(n: usize, shown: impl Fn(usize) -> bool) -> (usize, bool) {
    let first = (1..=n).find(|&n| shown(n));
    (first.unwrap_or(n), first.is_some())
}

fn main() {
    println!("columns `shown`: the share of claims shown; this is an error at effect 0, and the power otherwise");
    println!("at least {} pairs are needed for significance\n", fewest_pairs(LEVEL).unwrap_or(0));
    println!(
        "| effect | fixed 20: shown | betting, at most 20: shown, pairs | betting, at most 100: shown, pairs | repeated signed-rank tests, at most 100: shown |"
    );
    println!("|---|---|---|---|---|");
    for effect in [0.0, 0.25, 0.5, 1.0, 2.0, 4.0] {
        let (mut fixed, mut short, mut long, mut peeked) = (0, (0, 0), (0, 0), 0);
        for run in 0..RUNS {
            let mut stream = ChaCha8Rng::seed_from_u64(run);
            let differences: Vec<f64> =
                (0..MOST).map(|_| effect + Distribution::<f64>::sample(&StandardNormal, &mut stream)).collect();
            let steps: Vec<Step> = differences.iter().map(|&difference| Step { difference, silent: false }).collect();
            let rank = |n: usize| signed_rank(&differences[..n], 0.0).is_some_and(|test| test.p_greater <= LEVEL);
            let bet = |n: usize| anytime_median_test(&steps[..n], 0.0).is_some_and(|test| test.p_greater <= LEVEL);
            fixed += usize::from(rank(FIXED));
            for (most, tally) in [(FIXED, &mut short), (MOST, &mut long)] {
                let (pairs, shown) = stop(most, bet);
                tally.0 += usize::from(shown);
                tally.1 += pairs;
            }
            peeked += usize::from(stop(MOST, rank).1);
        }
        let share = |count: usize| format!("{:.3}", count as f64 / RUNS as f64);
        let pairs = |count: usize| format!("{:.1}", count as f64 / RUNS as f64);
        println!(
            "| {effect} | {} | {}, {} | {}, {} | {} |",
            share(fixed),
            share(short.0),
            pairs(short.1),
            share(long.0),
            pairs(long.1),
            share(peeked)
        );
    }
}
