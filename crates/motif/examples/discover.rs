//! Finds motifs in a FASTA file (plain or gzipped). Prints a table, and writes MEME text, JSON and logos to a folder.
//!
//! `cargo run --release -p headstart-motif --example discover FILE.fasta OUT-FOLDER [MOTIFS]`

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use headstart_motif::{Discovery, Em, LowerCase, Model, Strands, logo, read_fasta, start};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: discover FILE.fasta OUT-FOLDER [MOTIFS]".into());
    };
    let motifs = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let sequences = read_fasta(file, LowerCase::Mask)?;
    let em = Em { model: Model::Zoops, ..Em::default() };
    let search = Discovery { em, motifs, strands: Strands::Both, order: 2, controls: 9, ..Discovery::default() };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let found = search.run(&sequences, |windows, rng| start::enriched_kmers(windows, 20, rng), &mut rng)?;
    for warning in &found.warnings {
        eprintln!("note: {warning}");
    }
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("motifs.meme"), found.meme_text())?;
    fs::write(folder.join("motifs.json"), found.json())?;
    for (i, motif) in found.motifs.iter().enumerate() {
        let p = motif.significance.as_ref().map_or(1.0, |significance| significance.extrapolated);
        let (number, bits) = (i + 1, motif.information.iter().sum::<f64>());
        println!("motif {number}: {}, {bits:.1} bits, LLR {:.1}, p {p:.1e}", motif.consensus, motif.llr);
        print!("{}", found.sites_table(motif));
        fs::write(folder.join(format!("motif-{number}.svg")), logo(&motif.pwm, &motif.consensus))?;
    }
    Ok(())
}
