//! Complete searches and the files that they write.

use headstart_motif::start::{self, Start};
use headstart_motif::{
    ALPHABET, Discovery, Em, Error, Model, Pwm, Sequences, Strands, Warning, Windows, logo, problem, quality,
};
use problem::Size;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

const SIZE: Size = Size { sequences: 20, length: 200 };

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn words(windows: &Windows, rng: &mut ChaCha8Rng) -> Result<Start, Error> {
    start::enriched_kmers(windows, 20, rng)
}

#[test]
fn two_motifs_are_found_one_after_the_other() {
    for seed in 0..3 {
        let set = problem::two_motifs(SIZE, 12, 20.0, 18.0, &mut rng(seed)).unwrap();
        let search = Discovery { widths: vec![12], motifs: 2, ..Discovery::default() };
        let found = search.run(&set.sequences, words, &mut rng(seed)).unwrap();
        let covers = |truth: &[_], motif: usize| {
            let sites: Vec<_> = found.motifs[motif].sites.iter().map(|found| found.site).collect();
            quality::performance(truth, 12, &sites, 12, 3) > 0.5
        };
        // Either motif can be the stronger one in a given sample.
        let in_order = covers(&set.sites, 0) && covers(&set.rivals, 1);
        let swapped = covers(&set.rivals, 0) && covers(&set.sites, 1);
        assert!(in_order || swapped, "set {seed}");
    }
}

/// Erased sites are not found again: with one strong motif, the second search finds another motif.
#[test]
fn found_sites_are_erased() {
    for model in [Model::Oops, Model::Zoops, Model::Tcm] {
        let set = problem::pwm(SIZE, 12, 22.0, &mut rng(5)).unwrap();
        let em = Em { model, ..Em::default() };
        let search = Discovery { em, widths: vec![12], motifs: 2, ..Discovery::default() };
        let found = search.run(&set.sequences, words, &mut rng(5)).unwrap();
        let performance = |motif: usize| {
            let sites: Vec<_> = found.motifs[motif].sites.iter().map(|found| found.site).collect();
            quality::performance(&set.sites, 12, &sites, 12, 3)
        };
        assert!(performance(0) > 0.7, "{model:?}: {}", performance(0));
        assert!(performance(1) < 0.2, "{model:?}: {}", performance(1));
        assert!(found.motifs[1].llr < found.motifs[0].llr);
    }
}

#[test]
fn the_width_is_found_within_a_step_of_the_ladder() {
    let set = problem::pwm(Size { sequences: 40, length: 200 }, 11, 19.0, &mut rng(7)).unwrap();
    let search = Discovery { widths: vec![5, 8, 11, 16, 22], ..Discovery::default() };
    let width = search.run(&set.sequences, words, &mut rng(7)).unwrap().motifs[0].width();
    assert!([8, 11, 16].contains(&width), "{width}");
}

#[test]
fn controls_distinguish_a_motif_from_chance() {
    for order in [0, 2] {
        let search = Discovery { widths: vec![10], controls: 9, order, ..Discovery::default() };
        let with = problem::pwm(SIZE, 10, 18.0, &mut rng(1)).unwrap().sequences;
        let planted = search.run(&with, words, &mut rng(2)).unwrap();
        let significance = planted.motifs[0].significance.as_ref().unwrap();
        assert_eq!((significance.controls.len(), significance.p), (9, 0.1));
        assert!(significance.extrapolated < 1e-3, "order {order}: {significance:?}");
        let without = search.run(&with.shuffled(&mut rng(3)), words, &mut rng(2)).unwrap();
        let significance = without.motifs[0].significance.as_ref().unwrap();
        assert!(significance.extrapolated > 1e-3, "order {order}: {significance:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_search() {
    let set = problem::pwm(SIZE, 10, 14.0, &mut rng(1)).unwrap().sequences;
    let search = Discovery { controls: 2, motifs: 2, strands: Strands::Both, ..Discovery::default() };
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| search.run(&set, words, &mut rng(4)).unwrap())
    };
    assert_eq!(run(1), run(3));
}

#[test]
fn files_contain_the_found_motifs() {
    let text = [("first", "TTGACATCCCATGGTTTACC"), ("second", "CCGTTGACATCGGACCAGTA"), ("short", "ACG")];
    let all = Sequences::from_letters(text).unwrap();
    let search = Discovery { widths: vec![8, 30], strands: Strands::Both, ..Discovery::default() };
    let begin = |windows: &Windows, _: &mut ChaCha8Rng| {
        assert_eq!(windows.width(), 8);
        Ok(Start::given(vec![Pwm::from_word("TTGACATC")?]))
    };
    let found = search.run(&all, begin, &mut rng(1)).unwrap();
    assert_eq!(found.motifs[0].consensus, "TTGACATC");
    let no_window = |warning: &Warning| matches!(warning, Warning::NoWindow { record: 3, .. });
    assert!(found.warnings.iter().any(no_window));

    let table = found.sites_table(&found.motifs[0]);
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0][..3], rows[0][4]), (&["first", "1", "+"][..], "TTGACATC"));
    assert_eq!((&rows[1][..3], rows[1][4]), (&["second", "4", "+"][..], "TTGACATC"));

    let json: serde_json::Value = serde_json::from_str(&found.json()).unwrap();
    assert_eq!(json["motifs"][0]["consensus"], "TTGACATC");
    assert_eq!(json["motifs"][0]["sites"][1]["at"], 3);
    assert_eq!(json["names"][2], "short");

    // Parses the format: keys, then `w` rows of four numbers that sum to 1.
    let meme = found.meme_text();
    assert!(meme.starts_with("MEME version 4\n") && meme.contains("\nALPHABET= ACGT\n\nstrands: + -\n"));
    let (head, matrix) = meme.split_once("MOTIF 1-TTGACATC\n").unwrap();
    assert!(head.contains("Background letter frequencies\nA 0."));
    let mut lines = matrix.lines();
    assert_eq!(lines.next().unwrap(), "letter-probability matrix: alength= 4 w= 8 nsites= 2");
    let rows: Vec<Vec<f64>> =
        lines.map(|line| line.split_whitespace().map(|entry| entry.parse().unwrap()).collect()).collect();
    assert_eq!(rows.len(), 8);
    for (row, column) in rows.iter().zip(found.motifs[0].pwm.columns()) {
        assert!((row.iter().sum::<f64>() - 1.0).abs() < 3e-6);
        assert!(row.iter().zip(column).all(|(written, entry)| (written - entry).abs() <= 5.1e-7));
    }
}

/// Heights of a logo computed by hand: two bits for a certain column, one bit for a column of two letters, none for a
/// uniform column.
#[test]
fn logo_heights_equal_the_information() {
    let sure = 1.0 - 3e-9;
    let pwm = Pwm::new(vec![[1e-9, 1e-9, sure, 1e-9], [0.5 - 1e-9, 1e-9, 1e-9, 0.5 - 1e-9], [0.25; 4]]).unwrap();
    let svg = logo(&pwm, "a <b> & c");
    assert!(svg.contains("<title>a &lt;b&gt; &amp; c</title>"));
    let letters: Vec<(&str, f64)> = svg
        .lines()
        .filter_map(|line| {
            let colour = line.strip_prefix("<path fill=\"")?.split('"').next()?;
            let (_, scale) = line.split_once("scale(")?;
            Some((colour, scale.split([' ', ')']).nth(1)?.parse().unwrap()))
        })
        .collect();
    let colour = ["#109648", "#255c99", "#f7b32b", "#d62839"];
    let named: Vec<char> =
        letters.iter().map(|(own, _)| ALPHABET[colour.iter().position(|one| one == own).unwrap()]).collect();
    assert_eq!(named, ['G', 'A', 'T']);
    for ((_, height), bits) in letters.iter().zip([2.0, 0.5, 0.5]) {
        assert!((height - 80.0 * bits).abs() < 1e-2, "{height}");
    }
}

#[test]
fn invalid_searches_are_refused() {
    let all = Sequences::from_letters([("a", "ACGTACGT")]).unwrap();
    let refused = |search: Discovery| search.run(&all, words, &mut rng(1)).unwrap_err();
    assert!(matches!(refused(Discovery { widths: vec![], ..Discovery::default() }), Error::OutOfRange(_)));
    assert!(matches!(refused(Discovery { motifs: 0, ..Discovery::default() }), Error::OutOfRange(_)));
    assert!(matches!(refused(Discovery { order: 6, ..Discovery::default() }), Error::OutOfRange(_)));
    let none = refused(Discovery { widths: vec![9, 12], ..Discovery::default() });
    assert!(matches!(none, Error::NoWindows { longest: 8, .. }), "{none}");
}
