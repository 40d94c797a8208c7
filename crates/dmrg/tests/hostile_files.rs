//! Malformed FCIDUMP files must give integrals or an error with a message, and never panic.

#[path = "../../table/tests/mutation/mod.rs"]
mod mutation;

use headstart_dmrg::{fcidump_text, parse_fcidump, read_fcidump};
use mutation::{mutated, mutations};
use proptest::prelude::*;

const FCIDUMP: &str = "&FCI NORB=2,NELEC=2,MS2=0,\n ORBSYM=1,2*1,\n ISYM=1,\n&END\n 0.5 1 1 1 1\n 0.25D0 2 1 2 1\n\
    0.125 2 2 1 1\n -1.0 1 1 0 0\n -0.5 2 2 0 0\n -0.7 1 0 0 0\n 0.75 0 0 0 0\n";

/// Parses the bytes and checks the integrals.
fn use_integrals(bytes: &[u8]) {
    match parse_fcidump(&String::from_utf8_lossy(bytes)) {
        Ok(integrals) => {
            let n = integrals.orbitals();
            assert!((1..=64).contains(&n) && integrals.alpha() <= n && integrals.beta() <= n);
            assert!(integrals.core.is_finite() && integrals.symmetry().len() == n);
            // Large ones are slow.
            if n <= 4 {
                assert_eq!(parse_fcidump(&fcidump_text(&integrals).unwrap()).unwrap(), integrals);
            }
        }
        Err(error) => assert!(error.to_string().len() > 20),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_integrals_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_integrals(&bytes);
        use_integrals(&[b"&FCI NORB=2,NELEC=2,\n", bytes.as_slice()].concat());
        use_integrals(&[b"&FCI NORB=2,NELEC=2,\n&END\n", bytes.as_slice()].concat());
    }

    #[test]
    fn a_damaged_file_is_integrals_or_an_error(mutations in mutations()) {
        use_integrals(&mutated(FCIDUMP.as_bytes(), &mutations));
    }

    #[test]
    fn a_header_of_any_numbers_is_integrals_or_an_error(
        orbitals in prop_oneof![1 => Just(64_i64), 20 => -1..5_i64, 20 => any::<i64>()],
        electrons in prop_oneof![-1..5_i64, any::<i64>(), Just(i64::MAX), Just(i64::MIN)],
        ms2 in prop_oneof![-3..3_i64, any::<i64>(), Just(i64::MAX), Just(i64::MIN)],
        symmetry in prop_oneof![Just(String::new()), "[0-9]{1,20}\\*[0-9]{1,11},", "[0-9*, ]{0,30}"],
    ) {
        let text = format!("&FCI NORB={orbitals},NELEC={electrons},MS2={ms2},\n ORBSYM={symmetry}\n&END\n 1.0 1 1 0 0\n");
        use_integrals(text.as_bytes());
    }
}

#[test]
fn extreme_electron_numbers_are_refused() {
    for ms2 in [i64::MAX, i64::MIN] {
        let text = format!("&FCI NORB=2,NELEC=2,MS2={ms2},\n&END\n1.0 1 1 0 0\n");
        assert!(parse_fcidump(&text).unwrap_err().to_string().contains("do not fit 2 orbitals"));
    }
}

#[test]
fn errors_name_the_file() {
    let error = read_fcidump("/no/such/file.fcidump".as_ref()).unwrap_err().to_string();
    assert!(error.contains("/no/such/file.fcidump"), "{error}");
}
