//! `try dmrg` with a user's own molecule.

use std::fmt::Write as _;
use std::fs;

use super::{good, headstart};

/// The Hubbard chain of four sites as a file: hopping 1, repulsion 4, two electrons of each spin. Its ground state has the
/// energy -1.953145.
fn hubbard() -> String {
    let mut text = "&FCI NORB=4,NELEC=4,MS2=0,\n ORBSYM=1,1,1,1,\n ISYM=1,\n&END\n".to_owned();
    for site in 1..=4 {
        let _ = writeln!(text, "4.0 {site} {site} {site} {site}");
    }
    for site in 1..4 {
        let _ = writeln!(text, "-1.0 {site} {} 0 0", site + 1);
    }
    text + "0.0 0 0 0 0\n"
}

#[test]
fn starts_are_compared_on_own_molecules() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Chain.fcidump"), hubbard()).unwrap();
    let few = "--replicates 3 --start random --start hartree-fock --start ci-cisd --start ci-deas";
    for order in ["given", "fiedler", "mutual", "reversed", "random"] {
        good(dir.path(), &format!("try dmrg --data Chain.fcidump --bond-dim 16 --order {order} {few} --out {order}"));
    }
    let out = good(dir.path(), &format!("try dmrg --data Chain.fcidump --bond-dim 16 {few} --out given"));
    for text in ["Recommendation for chain", "random", "ci-deas", "-1.953145", "found by"] {
        assert!(out.contains(text), "{text} is not in {out}");
    }
    assert!(!out.contains("dimers"), "a start for spins is not used for electrons: {out}");
    let table = fs::read_to_string(dir.path().join("given/files/dmrg/chain/entropies-random.csv")).unwrap();
    assert!(table.starts_with("site,entropy_nats") && table.lines().count() == 5, "{table}");
    let energies = fs::read_to_string(dir.path().join("given/files/dmrg/chain/energies-ci-deas.csv")).unwrap();
    let last: f64 = energies.lines().last().unwrap().split(',').nth(1).unwrap().parse().unwrap();
    assert!((last - -1.953_145_308_684_551_8).abs() < 1e-9, "{energies}");
    let figure = fs::read_to_string(dir.path().join("given/report/figures/dmrg/chain.found.svg")).unwrap();
    for text in [">random<", ">ci-cisd<", "mutual information", "entropy of each site"] {
        assert!(figure.contains(text), "{text} is not in the figure");
    }
}

#[test]
fn errors_in_a_molecule_are_reported() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.fcidump"), hubbard()).unwrap();
    fs::write(dir.path().join("nothing.fcidump"), "").unwrap();
    fs::write(dir.path().join("far.fcidump"), hubbard().replace("4 4 4 4", "4 4 4 5")).unwrap();
    fs::write(dir.path().join("one.fcidump"), "&FCI NORB=1,NELEC=2,\n&END\n1.0 1 1 0 0\n").unwrap();
    for (args, code, meant) in [
        ("--data none.fcidump", 1, "none.fcidump"),
        ("--data nothing.fcidump", 1, "&FCI"),
        ("--data far.fcidump", 1, "line 8"),
        ("--data one.fcidump", 1, "at least two"),
        ("--data good.fcidump --bond-dim 0", 2, "--bond-dim 0"),
        ("--data good.fcidump --bond-dim x", 2, "--bond-dim x"),
        ("--data good.fcidump --half-sweeps 0", 2, "--half-sweeps 0"),
        ("--data good.fcidump --order best", 2, "given, fiedler"),
        ("--data good.fcidump --start guess", 2, "guess"),
    ] {
        let (found, _, err) = headstart(dir.path(), &format!("try dmrg {args} --replicates 1"));
        assert!(found == code && err.contains(meant) && !err.contains("panicked"), "{args}: {found} {err}");
    }
}
