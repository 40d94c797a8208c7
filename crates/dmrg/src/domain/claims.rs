//! The claims of this domain, registered before any data. Claims added later carry their own date.

use headstart_domain::{Claim, Estimand, Kind, Rule, Sign};

/// Molecules in canonical orbitals: tabulated ones and hydrogen chains.
const MOLECULES: &[&str] = &["n2", "c2", "lif", "be", "h2-dimer", "h10-1.8-canonical", "h10-3.6-canonical"];
/// All problems with electrons.
const ELECTRONIC: &[&str] = super::problems::ELECTRONIC;

/// A molecule that is redrawn for every replicate. On a fixed molecule a deterministic start gives a single value, so
/// the seven molecules above cannot decide a claim about two deterministic starts.
const REDRAWN: &[&str] = &["h8-jittered-canonical"];
/// Registration date of the claims on redrawn molecules, before that problem was first run.
const ADDED: &str = "2026-11-26";

/// Registration date of the first claims.
const REGISTERED: &str = "2026-11-23";
/// Registration date of dmrg-8b, after the rows of the record. In dmrg-8, runs with noise count as starts, although
/// noise opens sectors after the start.
const FAIR: &str = "2026-11-30";

/// Registration date of the claims on independent molecules and on a potential curve, before these problems were run.
const INDEPENDENT: &str = "2026-11-30";
/// Claims about the published form of CI-DEAS, the order of the orbitals and independent neighbouring geometries, registered
/// before those starts and problems were run.
const PUBLISHED: &str = "2026-12-01";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new(
        "dmrg-1",
        "on molecules in canonical orbitals, one determinant (hartree-fock) gets stuck: it ends higher in energy than \
         a random state (random)",
        "this project's hypothesis",
        REGISTERED,
        better("random", "hartree-fock", MILLI),
    )
    .over(MOLECULES)
    .expected("supported"),
    Claim::new(
        "dmrg-2",
        "on molecules in canonical orbitals, CI-DEAS (ci-deas) ends lower in energy than one determinant \
         (hartree-fock)",
        "this project's hypothesis; cf. Legeza and Sólyom 2003, Physical Review B 68",
        REGISTERED,
        better("ci-deas", "hartree-fock", MILLI),
    )
    .over(MOLECULES)
    .rule(Rule::Pooled)
    .control("ci-shuffled")
    .expected("supported"),
    Claim::new(
        "dmrg-2b",
        "on chains of 8 H atoms redrawn for every replicate, CI-DEAS (ci-deas) ends lower in energy than one \
         determinant (hartree-fock)",
        "this project's hypothesis; cf. Legeza and Sólyom 2003, Physical Review B 68",
        ADDED,
        better("ci-deas", "hartree-fock", MILLI),
    )
    .over(REDRAWN)
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-2c",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, CI-DEAS (ci-deas) ends lower in \
         energy than one determinant (hartree-fock), by more than 1 millihartree",
        "this project's hypothesis; cf. Legeza and Sólyom 2003, Physical Review B 68",
        INDEPENDENT,
        better("ci-deas", "hartree-fock", MILLI),
    )
    .over(&["molecules"])
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-2d",
        "as dmrg-2c, with the orbitals in the order of the Fiedler vector of the exchange integrals",
        "this project's hypothesis; cf. Legeza and Sólyom 2003, Physical Review B 68",
        INDEPENDENT,
        better("ci-deas", "hartree-fock", MILLI),
    )
    .over(&["molecules-fiedler"])
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-2e",
        "as dmrg-2c, in localised orbitals",
        "this project's hypothesis; cf. Legeza and Sólyom 2003, Physical Review B 68",
        INDEPENDENT,
        better("ci-deas", "hartree-fock", MILLI),
    )
    .over(&["molecules-local"])
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-2f",
        "as dmrg-2c, for CI-DEAS as published (ci-deas-warm-up): the determinants are states of the environment in a warm-up",
        "this project's hypothesis; cf. Barcza et al. 2011, Physical Review A 83",
        PUBLISHED,
        better("ci-deas-warm-up", "hartree-fock", MILLI),
    )
    .over(&["molecules"])
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-3",
        "on molecules in canonical orbitals, CI-DEAS (ci-deas), its CI included, needs less work than a random state \
         (random)",
        "this project's hypothesis; cf. Barcza et al. 2011, Physical Review A 83",
        REGISTERED,
        cheaper("ci-deas"),
    )
    .over(MOLECULES)
    .rule(Rule::Pooled)
    .control("ci-shuffled")
    .expected("inconclusive"),
    Claim::new(
        "dmrg-3b",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, CI-DEAS (ci-deas), its CI \
         included, comes within 1 millihartree of full CI with less work than a random state (random)",
        "this project's hypothesis; cf. Barcza et al. 2011, Physical Review A 83",
        INDEPENDENT,
        cheaper("ci-deas"),
    )
    .over(&["molecules"])
    .control("ci-shuffled"),
    Claim::new(
        "dmrg-3c",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, CI-DEAS as published \
         (ci-deas-warm-up), its short run included, comes within 1 millihartree of full CI with less work than a warm-up with \
         the lowest states of each block (warm-up)",
        "this project's hypothesis; cf. Barcza et al. 2011, Physical Review A 83",
        PUBLISHED,
        Kind::superior("ci-deas-warm-up", "warm-up", Estimand::Work { charged: true }, 1.2),
    )
    .over(&["molecules"]),
    Claim::new(
        "dmrg-4",
        "on two H2 molecules and Be, where correlation is dynamic, a CI with singles and doubles (ci-cisd), its cost \
         included, needs less work than a random state (random)",
        "this project's hypothesis",
        REGISTERED,
        cheaper("ci-cisd"),
    )
    .over(&["h2-dimer", "be"])
    .control("ci-shuffled")
    .expected("supported on the dimer"),
    Claim::new(
        "dmrg-5",
        "on molecules in canonical orbitals, one determinant with noise (hartree-fock+noise) ends at the same energy \
         as CI-DEAS without noise (ci-deas)",
        "this project's hypothesis; cf. White 2005, Physical Review B 72",
        REGISTERED,
        Kind::equivalent("hartree-fock+noise", "ci-deas", Estimand::metric("energy"), 1e-5),
    )
    .over(MOLECULES)
    .rule(Rule::Pooled)
    .expected("open"),
    Claim::new(
        "dmrg-5b",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, one determinant with noise \
         (hartree-fock+noise) ends at the same energy as CI-DEAS without noise (ci-deas), within 0.01 millihartree",
        "this project's hypothesis; cf. White 2005, Physical Review B 72",
        INDEPENDENT,
        Kind::equivalent("hartree-fock+noise", "ci-deas", Estimand::metric("energy"), 1e-5),
    )
    .over(&["molecules"]),
    Claim::new(
        "dmrg-6",
        "the weights of the determinants matter: on molecules in canonical orbitals, CI-DEAS (ci-deas) ends lower in \
         energy than CI-DEAS with all weights 1 (ci-deas-unit)",
        "this project's hypothesis; cf. Keller and Reiher 2014, Chimia",
        REGISTERED,
        better("ci-deas", "ci-deas-unit", 1e-4),
    )
    .over(MOLECULES)
    .rule(Rule::Pooled)
    .expected("refuted"),
    Claim::new(
        "dmrg-6b",
        "on chains of 8 H atoms redrawn for every replicate, CI-DEAS (ci-deas) ends lower in energy than CI-DEAS with \
         all weights 1 (ci-deas-unit)",
        "this project's hypothesis; cf. Keller and Reiher 2014, Chimia",
        ADDED,
        better("ci-deas", "ci-deas-unit", 1e-4),
    )
    .over(REDRAWN),
    Claim::new(
        "dmrg-6c",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, CI-DEAS (ci-deas) ends lower in \
         energy than CI-DEAS with all weights 1 (ci-deas-unit), by more than 0.1 millihartree",
        "this project's hypothesis; cf. Keller and Reiher 2014, Chimia",
        INDEPENDENT,
        better("ci-deas", "ci-deas-unit", 1e-4),
    )
    .over(&["molecules"]),
    Claim::new(
        "dmrg-7",
        "on C2 and LiF, a small complete active space (ci-cas) is enough: it ends lower in energy than a random state \
         (random)",
        "this project's hypothesis",
        REGISTERED,
        better("ci-cas", "random", MILLI),
    )
    .over(&["c2", "lif"])
    .expected("refuted"),
    Claim::new(
        "dmrg-8",
        "on electronic problems, the more charge sectors a start has, the lower the energy at which the run ends: the \
         sectors predict it, not the energy of the start",
        "this project's hypothesis",
        REGISTERED,
        // Within a problem the error is the energy minus a constant, so both rank the starts the same way. The energy
        // is available even where the exact one is unknown.
        Kind::Association { of: Estimand::metric("sectors"), with: Estimand::metric("energy"), sign: Sign::Negative },
    )
    .over(ELECTRONIC)
    .rule(Rule::Pooled)
    .control("start-energy")
    .expected("supported"),
    Claim::new(
        "dmrg-8b",
        "on electronic problems, among starts without noise in the schedule, the more charge sectors a start has, the \
         lower the energy at which the run ends",
        "this project's hypothesis",
        FAIR,
        Kind::Association { of: Estimand::metric("sectors"), with: Estimand::metric("energy"), sign: Sign::Negative },
    )
    .starts_only()
    .over(ELECTRONIC)
    .rule(Rule::Pooled)
    .control("start-energy"),
    Claim::new(
        "dmrg-9",
        "along the potential curve of N2, the final state of the neighbouring point (neighbour), whose run is not counted \
         because the curve needs it anyway, comes within 1 millihartree of full CI with less work than CI-DEAS (ci-deas)",
        "this project's hypothesis",
        INDEPENDENT,
        Kind::superior("neighbour", "ci-deas", Estimand::Work { charged: false }, 1.2),
    )
    .over(&["n2-curve"]),
    Claim::new(
        "dmrg-9b",
        "on 24 small molecules, the final state at a neighbouring geometry (neighbour), whose run is not counted because a \
         potential curve needs it anyway, comes within 1 millihartree of full CI with less work than CI-DEAS (ci-deas)",
        "this project's hypothesis",
        PUBLISHED,
        Kind::superior("neighbour", "ci-deas", Estimand::Work { charged: false }, 1.2),
    )
    .over(&["molecules-near"]),
    Claim::new(
        "dmrg-10",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, first-order amplitudes are \
         enough: they (first-order) end at the same energy as CI-DEAS (ci-deas), within 1 millihartree",
        "this project's hypothesis",
        INDEPENDENT,
        Kind::equivalent("first-order", "ci-deas", Estimand::metric("energy"), MILLI),
    )
    .over(&["molecules"]),
    Claim::new(
        "dmrg-11",
        "on 25 small molecules, each in its ground state and in canonical orbitals by energy, CI-DEAS as published \
         (ci-deas-warm-up) ends at the same energy as CI-DEAS made as one state (ci-deas), within 1 millihartree",
        "this project's hypothesis",
        PUBLISHED,
        Kind::equivalent("ci-deas-warm-up", "ci-deas", Estimand::metric("energy"), MILLI),
    )
    .over(&["molecules"]),
    Claim::new(
        "dmrg-12",
        "on 25 small molecules, each in its ground state, CI-DEAS with its orbitals in the order of the Fiedler vector \
         (ci-deas+fiedler) comes within 1 millihartree of full CI with less work than CI-DEAS in the order of the file (ci-deas)",
        "this project's hypothesis; cf. Barcza et al. 2011, Physical Review A 83",
        PUBLISHED,
        Kind::superior("ci-deas+fiedler", "ci-deas", Estimand::Work { charged: true }, 1.2),
    )
    .over(&["molecules"]),
];

/// 1 millihartree.
const MILLI: f64 = 1e-3;

/// `start` ends lower in energy than `rival`, by `margin` Hartree.
const fn better(start: &'static str, rival: &'static str, margin: f64) -> Kind {
    Kind::superior(start, rival, Estimand::metric("energy"), margin)
}

/// The start needs less work than a random state by a factor of 1.2, its own cost included.
const fn cheaper(start: &'static str) -> Kind {
    Kind::superior(start, "random", Estimand::Work { charged: true }, 1.2)
}
