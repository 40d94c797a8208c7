//! The solver against direct sums, brute force, and properties that hold for every input.

use std::ops::ControlFlow;

use headstart_motif::{Background, Em, Error, Model, Progress, Pwm, Sequences, Strands, Warning, Windows};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const MODELS: [Model; 3] = [Model::Oops, Model::Zoops, Model::Tcm];

fn sequences(letters: &[String]) -> Sequences {
    Sequences::from_letters(letters.iter().enumerate().map(|(i, letters)| (format!("s{i}"), letters))).unwrap()
}

/// The log ratios of all windows on each strand by the definition; windows with an ambiguous letter are left out.
fn log_ratios(codes: &[u8], background: &Background, pwm: &Pwm, strands: Strands) -> Vec<f64> {
    let width = pwm.width();
    let logs = background.log_probabilities(codes);
    let mut ratios = Vec::new();
    let matrices = match strands {
        Strands::Given => vec![pwm.clone()],
        Strands::Both => vec![pwm.clone(), pwm.reverse_complement()],
    };
    for matrix in &matrices {
        for (at, window) in codes.windows(width).enumerate() {
            if !window.contains(&4) {
                let motif: f64 = (0..width).map(|k| matrix.columns()[k][usize::from(window[k])].ln()).sum();
                ratios.push(motif - logs[at..at + width].iter().sum::<f64>());
            }
        }
    }
    ratios
}

/// The log-likelihood ratio by the formulas in the documentation of `Model`.
fn summed(all: &Sequences, background: &Background, pwm: &Pwm, strands: Strands, model: Model, fraction: f64) -> f64 {
    let mut llr = 0.0;
    for record in all.records() {
        let ratios = log_ratios(record.codes(), background, pwm, strands);
        if ratios.is_empty() {
            continue;
        }
        let mean = ratios.iter().map(|r| r.exp()).sum::<f64>() / ratios.len() as f64;
        llr += match model {
            Model::Oops => mean.ln(),
            Model::Zoops => ((1.0 - fraction) + fraction * mean).ln(),
            Model::Tcm => ratios.iter().map(|r| ((1.0 - fraction) + fraction * r.exp()).ln()).sum(),
        };
    }
    llr
}

fn letters(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    // One letter in twenty is N.
    let letter = prop_oneof![19 => prop::sample::select(vec!['A', 'C', 'G', 'T']), 1 => Just('N')];
    prop::collection::vec(prop::collection::vec(letter, lengths).prop_map(String::from_iter), 1..6)
}

fn matrix(width: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Pwm> {
    let column = [0.02..1.0, 0.02..1.0, 0.02..1.0, 0.02..1.0f64].prop_map(|column| {
        let sum: f64 = column.iter().sum();
        column.map(|entry| entry / sum)
    });
    prop::collection::vec(column, width).prop_map(|columns| Pwm::new(columns).unwrap())
}

fn strands() -> impl Strategy<Value = Strands> {
    prop::sample::select(vec![Strands::Given, Strands::Both])
}

/// Error bound of single precision: half a unit in the last place for every factor of every window, plus the rounding
/// of the tables.
fn rounding(all: &Sequences, width: usize) -> f64 {
    1.2e-7 * (width as f64 + 2.0) * all.letters() as f64
}

proptest! {
    #[test]
    fn llr_is_the_sum_written_out(
        text in letters(4..80), pwm in matrix(1..=12), order in 0..=5usize, strands in strands(), fraction in 0.01..0.99f64,
    ) {
        let all = sequences(&text);
        let background = Background::fit(&all, order, strands).unwrap();
        match Windows::new(&all, &background, pwm.width(), strands) {
            Ok(windows) => for model in MODELS {
                let llr = Em { model, ..Em::default() }.llr(&windows, &pwm, fraction).unwrap();
                let expected = summed(&all, &background, &pwm, strands, model, fraction);
                prop_assert!((llr - expected).abs() < rounding(&all, pwm.width()), "{model:?} {llr} {expected}");
            },
            Err(error) => prop_assert!(matches!(error, Error::NoWindows { .. }), "{}", error),
        }
    }

    #[test]
    fn a_step_is_the_one_written_out(
        text in letters(4..80), pwm in matrix(1..=30), order in 0..=5usize, strands in strands(), model in 0..3usize,
        fraction in 0.01..0.99f64,
    ) {
        let (all, model) = (sequences(&text), MODELS[model]);
        let background = Background::fit(&all, order, strands).unwrap();
        let Ok(windows) = Windows::new(&all, &background, pwm.width(), strands) else { return Ok(()) };
        // After two passes, the last scored point is one step from the seed.
        let em = Em { model, iterations: 2, shift: 0, tolerance: 0.0, fraction: Some(fraction), ..Em::default() };
        let fit = em.fit_parallel(&windows, std::slice::from_ref(&pwm)).unwrap();
        let (columns, sites) = step(&all, &background, (&pwm, fraction), strands, model, em.beta);
        // Responsibilities have the rounding error of their ratios: a few parts in 1e7 per column.
        let error = 1.2e-7 * (pwm.width() as f64 + 4.0);
        prop_assert!((fit.fraction - sites).abs() < 2.0 * error, "{} {sites}", fit.fraction);
        for (a, b) in fit.pwm.columns().iter().flatten().zip(columns.iter().flatten()) {
            prop_assert!((a - b).abs() < 4.0 * error, "{a} {b}");
        }
    }

    #[test]
    fn the_penalised_likelihood_never_decreases(
        text in letters(20..80), pwm in matrix(2..=9), order in 0..=5usize, strands in strands(), model in 0..3usize,
    ) {
        let all = sequences(&text);
        let background = Background::fit(&all, order, strands).unwrap();
        let Ok(windows) = Windows::new(&all, &background, pwm.width(), strands) else { return Ok(()) };
        let em = Em { model: MODELS[model], shift: 0, iterations: 100, ..Em::default() };
        let mut heard: Vec<Progress> = Vec::new();
        let fit = em.fit(&windows, std::slice::from_ref(&pwm), &mut |progress| {
            heard.push(*progress);
            ControlFlow::Continue(())
        }).unwrap();
        for pair in heard.windows(2) {
            let drop = pair[0].penalised - pair[1].penalised;
            prop_assert!(drop < rounding(&all, pwm.width()), "{drop} at {:?}", pair[1]);
        }
        prop_assert_eq!(fit.iterations, heard.len() as u64);
        prop_assert_eq!(fit.llr, heard.last().unwrap().llr);
    }

    #[test]
    fn the_other_strand_of_everything_is_the_same_problem(text in letters(10..60), pwm in matrix(2..=8), model in 0..3usize) {
        let all = sequences(&text);
        let turned = all.reverse_complement();
        let background = Background::fit(&all, 0, Strands::Both).unwrap();
        prop_assert_eq!(&Background::fit(&turned, 0, Strands::Both).unwrap(), &background);
        let em = Em { model: MODELS[model], ..Em::default() };
        for strands in [Strands::Given, Strands::Both] {
            let Ok(windows) = Windows::new(&all, &background, pwm.width(), strands) else { return Ok(()) };
            let others = Windows::new(&turned, &background, pwm.width(), strands).unwrap();
            let (a, b) = (em.llr(&windows, &pwm, 0.3).unwrap(), em.llr(&others, &pwm.reverse_complement(), 0.3).unwrap());
            prop_assert!((a - b).abs() < rounding(&all, pwm.width()), "{a} {b}");
            if strands == Strands::Both {
                let b = em.llr(&windows, &pwm.reverse_complement(), 0.3).unwrap();
                prop_assert!((a - b).abs() < rounding(&all, pwm.width()), "{a} {b}");
            }
        }
    }

    #[test]
    fn threads_do_not_change_a_bit(text in letters(20..80), seeds in prop::collection::vec(matrix(6..=6), 1..6)) {
        let all = sequences(&text);
        let background = Background::fit(&all, 0, Strands::Given).unwrap();
        let Ok(windows) = Windows::new(&all, &background, 6, Strands::Both) else { return Ok(()) };
        let em = Em { model: Model::Zoops, ..Em::default() };
        let alone = em.fit(&windows, &seeds, &mut |_| ControlFlow::Continue(())).unwrap();
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&pool.install(|| em.fit_parallel(&windows, &seeds)).unwrap(), &alone);
        }
    }
}

/// One EM step in double precision from Bailey & Elkan (1994, equations 3 to 9; 1995 for zero or one site): returns the
/// next matrix and share of sites.
fn step(
    all: &Sequences,
    background: &Background,
    (pwm, fraction): (&Pwm, f64),
    strands: Strands,
    model: Model,
    beta: f64,
) -> (Vec<[f64; 4]>, f64) {
    let width = pwm.width();
    let mut counts: Vec<[f64; 4]> = vec![background.letters().map(|p| beta * p); width];
    let (mut sites, mut trials) = (0.0, 0.0);
    for record in all.records() {
        let ratios: Vec<f64> = log_ratios(record.codes(), background, pwm, strands).iter().map(|r| r.exp()).collect();
        if ratios.is_empty() {
            continue;
        }
        let (m, sum) = (ratios.len() as f64, ratios.iter().sum::<f64>());
        let responsibility = |ratio: f64| match model {
            Model::Oops => ratio / sum,
            Model::Zoops => fraction / m * ratio / ((1.0 - fraction) + fraction / m * sum),
            Model::Tcm => fraction * ratio / ((1.0 - fraction) + fraction * ratio),
        };
        trials += if model == Model::Tcm { m } else { 1.0 };
        let windows: Vec<&[u8]> = record.codes().windows(width).filter(|window| !window.contains(&4)).collect();
        for (i, &ratio) in ratios.iter().enumerate() {
            let (window, z) = (windows[i % windows.len()], responsibility(ratio));
            sites += z;
            for (k, &code) in window.iter().enumerate() {
                let turned = i >= windows.len();
                let (column, letter) = if turned { (width - 1 - k, 3 - code) } else { (k, code) };
                counts[column][usize::from(letter)] += z;
            }
        }
    }
    for column in &mut counts {
        let sum: f64 = column.iter().sum();
        *column = column.map(|count| count / sum);
    }
    (counts, if model == Model::Oops { 1.0 } else { sites / trials })
}

/// Finds the optimum of a tiny set by iterating the step above from every choice of one site per sequence. The solver,
/// started from every subsequence, must find it and be at a fixed point of the step.
#[test]
fn the_optimum_of_tiny_sets_is_found() {
    let sets =
        [["ACGTACC", "TTACGAG", "GGACGTC"], ["AAAAAAA", "ACACACA", "CGCGTTT"], ["TGACTCA", "CCTGACT", "GACTGAC"]];
    let em = Em { tolerance: 1e-7, iterations: 5000, ..Em::default() };
    for set in sets {
        let all = Sequences::from_letters(set.map(|letters| ("s", letters))).unwrap();
        let background = Background::from_letters([0.25; 4]).unwrap();
        let windows = Windows::new(&all, &background, 3, Strands::Given).unwrap();
        let mut best = f64::NEG_INFINITY;
        for choice in 0..5usize.pow(3) {
            let mut counts = [[0.25; 4]; 3];
            for (i, record) in all.records().iter().enumerate() {
                let at = choice / 5usize.pow(i as u32) % 5;
                for k in 0..3 {
                    counts[k][usize::from(record.codes()[at + k])] += 1.0;
                }
            }
            let mut pwm = Pwm::new(counts.iter().map(|column| column.map(|count| count / 4.0)).collect()).unwrap();
            for _ in 0..3000 {
                pwm = Pwm::new(step(&all, &background, (&pwm, 1.0), Strands::Given, Model::Oops, em.beta).0).unwrap();
            }
            best = best.max(summed(&all, &background, &pwm, Strands::Given, Model::Oops, 1.0));
        }
        let words = set.iter().flat_map(|letters| (0..5).map(|at| Pwm::from_word(&letters[at..at + 3]).unwrap()));
        let fit = em.fit_parallel(&windows, &words.collect::<Vec<_>>()).unwrap();
        assert!((fit.llr - best).abs() < 1e-4, "{set:?}: {} instead of {best}", fit.llr);
        let next = step(&all, &background, (&fit.pwm, 1.0), Strands::Given, Model::Oops, em.beta).0;
        for (a, b) in fit.pwm.columns().iter().flatten().zip(next.iter().flatten()) {
            assert!((a - b).abs() < 1e-5, "{set:?}: {a} moves to {b}");
        }
    }
}

/// Every sequence has one copy of a word: EM must end in that word, with a likelihood known by hand.
#[test]
fn a_perfect_word_is_learnt() {
    let all = Sequences::from_letters((0..8).map(|i| (format!("s{i}"), "CCCCTGACTCACCCC"))).unwrap();
    let background = Background::from_letters([0.25; 4]).unwrap();
    let windows = Windows::new(&all, &background, 7, Strands::Given).unwrap();
    let fit = Em::default().fit_parallel(&windows, &[Pwm::from_word("TGACTCA").unwrap()]).unwrap();
    assert_eq!(fit.pwm.consensus(), "TGACTCA");
    // One window of nine has ratio 4^7 (slightly less because of the prior); the other ratios are almost 0.
    assert!((fit.llr - 8.0 * (4f64.powi(7) / 9.0).ln()).abs() < 8.0 * 7.0 * 0.01, "{}", fit.llr);
}

/// Wide motifs exceed the range of single precision: a sequence without a site has ratios below 1e-38 of the best
/// possible one.
#[test]
fn sequences_far_from_the_motif_do_not_underflow() {
    let word = "ACGT".repeat(20);
    let far = "GTTA".repeat(40);
    let all = Sequences::from_letters([("near", word.as_str()), ("far", far.as_str())]).unwrap();
    // So uneven that the largest ratios of the strands differ by a factor of 1e40.
    let background = Background::from_letters([0.3, 0.02, 0.28, 0.4]).unwrap();
    let sharp = |p: &[f64; 4]| p.map(|p| if p == 0.5 { 1.0 - 3e-4 } else { 1e-4 });
    let pwm = Pwm::new(Pwm::from_word(&word).unwrap().columns().iter().map(sharp).collect()).unwrap();
    for strands in [Strands::Given, Strands::Both] {
        let windows = Windows::new(&all, &background, 80, strands).unwrap();
        let models =
            [(Model::Oops, 1.0), (Model::Zoops, 0.999), (Model::Zoops, 1.0), (Model::Zoops, 0.5), (Model::Tcm, 0.01)];
        for (model, fraction) in models {
            let llr = Em { model, ..Em::default() }.llr(&windows, &pwm, fraction).unwrap();
            let expected = summed(&all, &background, &pwm, strands, model, fraction);
            assert!((llr - expected).abs() < 1e-4, "{model:?} {strands:?} {fraction}: {llr} instead of {expected}");
        }
    }
}

/// From a seed that is out of phase, EM alone does not find the motif, and EM with phase shifts does.
#[test]
fn phase_shifts_correct_a_seed_out_of_phase() {
    let word = "TTGACATGCAGC";
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut text = Vec::new();
    for _ in 0..20 {
        let mut letters: Vec<u8> = (0..100).map(|_| b"ACGT"[rng.random_range(0..4)]).collect();
        let at = rng.random_range(10..78);
        letters[at..at + 12].copy_from_slice(word.as_bytes());
        text.push(String::from_utf8(letters).unwrap());
    }
    let all = sequences(&text);
    let background = Background::fit(&all, 0, Strands::Given).unwrap();
    let windows = Windows::new(&all, &background, 12, Strands::Given).unwrap();
    let seed = [Pwm::from_word("GACATGCAGCAA").unwrap()];
    let fit = |shift| Em { shift, ..Em::default() }.fit_parallel(&windows, &seed).unwrap();
    assert_eq!(&fit(0).pwm.consensus()[..10], &word[2..]);
    assert_eq!(fit(3).pwm.consensus(), word);
    assert!(fit(3).llr > fit(0).llr + 20.0);
    // Shifts of one column find it as well, in two steps.
    assert_eq!(fit(1).pwm.consensus(), word);
}

#[test]
fn windows_with_ambiguous_letters_are_skipped() {
    let all = Sequences::from_letters([("a", "ACGNACGT"), ("b", "NNNNN"), ("c", "AC"), ("d", "")]).unwrap();
    let background = Background::from_letters([0.25; 4]).unwrap();
    let windows = Windows::new(&all, &background, 3, Strands::Given).unwrap();
    assert_eq!((windows.len(), windows.sequences(), windows.searched()), (3, 4, 1));
    let names: Vec<_> = windows
        .warnings()
        .iter()
        .map(|warning| match warning {
            Warning::NoWindow { record, length, .. } => (*record, *length),
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(names, [(2, 5), (3, 2), (4, 0)]);
    assert_eq!(Windows::new(&all, &background, 4, Strands::Both).unwrap().len(), 2);
    match Windows::new(&all, &background, 5, Strands::Given) {
        Err(Error::NoWindows { width: 5, longest: 4 }) => {}
        other => panic!("{other:?}"),
    }
    assert!(matches!(Windows::new(&all, &background, 0, Strands::Given), Err(Error::OutOfRange(_))));
}

#[test]
fn a_break_ends_a_run_at_once() {
    let all = Sequences::from_letters([("a", "ACGTACGGTCA"), ("b", "GGTACCATGAC")]).unwrap();
    let background = Background::fit(&all, 0, Strands::Given).unwrap();
    let windows = Windows::new(&all, &background, 4, Strands::Given).unwrap();
    let seeds = ["ACGT", "GGTA", "TTTT"].map(|word| Pwm::from_word(word).unwrap());
    let mut all_heard = Vec::new();
    let whole = Em::default().fit(&windows, &seeds, &mut |progress: &Progress| {
        all_heard.push(*progress);
        ControlFlow::Continue(())
    });
    assert_eq!(whole.unwrap().iterations, all_heard.len() as u64);
    for end in 1..=all_heard.len() {
        let mut heard = Vec::new();
        let fit = Em::default()
            .fit(&windows, &seeds, &mut |progress: &Progress| {
                heard.push(*progress);
                if heard.len() == end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        assert_eq!(heard, all_heard[..end]);
        assert_eq!(fit.iterations, end as u64);
    }
}

#[test]
fn bad_starts_and_options_are_refused() {
    let all = Sequences::from_letters([("a", "ACGTACGGTCA")]).unwrap();
    let background = Background::fit(&all, 0, Strands::Given).unwrap();
    let windows = Windows::new(&all, &background, 4, Strands::Given).unwrap();
    let fit = |em: &Em, seeds: &[Pwm]| em.fit_parallel(&windows, seeds).unwrap_err();
    assert!(matches!(fit(&Em::default(), &[]), Error::NoSeeds));
    let wide = Pwm::from_word("ACGTA").unwrap();
    assert!(matches!(fit(&Em::default(), &[wide]), Error::Width { given: 5, expected: 4 }));
    let seed = [Pwm::from_word("ACGT").unwrap()];
    for em in [
        Em { beta: 0.0, ..Em::default() },
        Em { beta: f64::NAN, ..Em::default() },
        Em { tolerance: f64::NAN, ..Em::default() },
        Em { iterations: 0, ..Em::default() },
        Em { fraction: Some(1.0), ..Em::default() },
    ] {
        assert!(matches!(fit(&em, &seed), Error::OutOfRange(_)), "{em:?}");
    }
    assert!(Pwm::new(vec![]).is_err() && Pwm::new(vec![[0.5, 0.5, 0.0, 0.0]]).is_err());
    assert!(Pwm::from_word("").is_err() && Pwm::from_word("ACGN").is_err());
}
