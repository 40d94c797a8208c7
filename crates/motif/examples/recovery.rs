//! Prints how often each start finds a planted motif, by default in five sets of each kind.
//!
//! `cargo run --release -p headstart-motif --example recovery [FIRST-SEED] [SETS] [PART-OF-A-NAME]`

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;

use headstart_motif::start::{self, Start};
use headstart_motif::{Background, Em, Model, Strands, Windows, problem, quality, sites};
use problem::{Planted, Size};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

type Rng = ChaCha8Rng;
type Failure = headstart_motif::Error;
type Make = fn(&mut Rng) -> Result<Planted, Failure>;
type MakeStart = fn(&Windows, &mut Rng) -> Result<Start, Failure>;

const SIZE: Size = Size { sequences: 20, length: 600 };

/// Name, generator, width, order of the background, model.
const SETS: [(&str, Make, usize, usize, Model); 14] = [
    ("PWM 20 bits", |rng| problem::pwm(SIZE, 14, 20.0, rng), 14, 0, Model::Oops),
    ("PWM 16", |rng| problem::pwm(SIZE, 14, 16.0, rng), 14, 0, Model::Oops),
    ("PWM 14", |rng| problem::pwm(SIZE, 14, 14.0, rng), 14, 0, Model::Oops),
    ("PWM 12", |rng| problem::pwm(SIZE, 14, 12.0, rng), 14, 0, Model::Oops),
    ("AT-rich, order 0", |rng| problem::at_rich(SIZE, 14, 20.0, rng), 14, 0, Model::Oops),
    ("decoys, order 0", |rng| problem::decoys(SIZE, 14, 18.0, rng), 14, 0, Model::Oops),
    ("decoys, order 3", |rng| problem::decoys(SIZE, 14, 18.0, rng), 14, 3, Model::Oops),
    (
        "ZOOPS 40 x 300",
        |rng| problem::zero_or_one(Size { sequences: 40, length: 300 }, 20, 14, 20.0, rng),
        14,
        0,
        Model::Zoops,
    ),
    ("two motifs 18, 15", |rng| problem::two_motifs(SIZE, 14, 18.0, 15.0, rng), 14, 0, Model::Oops),
    ("planted (11,2)", |rng| problem::planted(SIZE, 11, 2, rng), 11, 0, Model::Oops),
    ("planted (13,3)", |rng| problem::planted(SIZE, 13, 3, rng), 13, 0, Model::Oops),
    ("planted (15,4)", |rng| problem::planted(SIZE, 15, 4, rng), 15, 0, Model::Oops),
    ("planted (12,3)", |rng| problem::planted(SIZE, 12, 3, rng), 12, 0, Model::Oops),
    ("planted (18,6)", |rng| problem::planted(SIZE, 18, 6, rng), 18, 0, Model::Oops),
];

const STARTS: [(&str, MakeStart); 10] = [
    ("random 200", |windows, rng| start::random_pwms(windows, 200, rng)),
    ("top 6-mer", start::top_kmer),
    ("shuffled", start::top_kmer_of_shuffled),
    ("enr. 1", start::enriched_kmer),
    ("enr. 20", |windows, rng| start::enriched_kmers(windows, 20, rng)),
    ("scan 1", |windows, rng| start::scan(windows, 1, usize::MAX, rng)),
    ("scan 10", |windows, rng| start::scan(windows, 10, usize::MAX, rng)),
    ("projection", |windows, rng| start::projection(windows, 20, rng)),
    ("gibbs", |windows, rng| start::gibbs(windows, 30, rng)),
    ("subseq.", start::random_subsequence),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let first: u64 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let sets: u64 = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let part = arguments.next().unwrap_or_default();
    print!("{:18} {:>6}", "set", "p");
    for (name, _) in STARTS {
        print!(" {name:>10}");
    }
    println!(" {:>15} seconds", "oracle/best");
    for (name, make, width, order, model) in SETS.into_iter().filter(|set| set.0.contains(&part)) {
        let began = Instant::now();
        let em = Em { model, ..Em::default() };
        let (mut hits, mut single, mut oracle, mut best) = ([0; STARTS.len()], 0, 0.0, 0.0);
        for seed in first..first + sets {
            let set = make(&mut Rng::seed_from_u64(seed))?;
            let background = Background::fit(&set.sequences, order, Strands::Given)?;
            let windows = Windows::new(&set.sequences, &background, width, Strands::Given)?;
            let climb = |start: &Start| -> Result<(bool, f64), Failure> {
                let fit = em.fit(&windows, &start.seeds, &mut |_| ControlFlow::Continue(()))?;
                let found: Vec<_> = sites(&windows, model, &fit).into_iter().map(|found| found.site).collect();
                Ok((quality::performance(&set.sites, width, &found, width, 3) > 0.5, fit.llr))
            };
            let from_truth = climb(&Start::given(vec![set.pwm.clone()]))?.1;
            let mut most = from_truth;
            for (hits, (_, begin)) in hits.iter_mut().zip(STARTS) {
                let start = begin(&windows, &mut Rng::seed_from_u64(1000 + seed))?;
                let (hit, llr) = climb(&start)?;
                *hits += u32::from(hit);
                most = most.max(llr);
            }
            let restarts = start::random_pwms(&windows, 200, &mut Rng::seed_from_u64(1000 + seed))?;
            for seed in restarts.seeds {
                single += u32::from(climb(&Start::given(vec![seed]))?.0);
            }
            oracle += from_truth / sets as f64;
            best += most / sets as f64;
        }
        print!("{name:18} {:6.3}", f64::from(single) / (200 * sets) as f64);
        for hits in hits {
            print!(" {hits:>10}");
        }
        println!(" {:>15} {:.1}", format!("{oracle:.1}/{best:.1}"), began.elapsed().as_secs_f64());
    }
    Ok(())
}
