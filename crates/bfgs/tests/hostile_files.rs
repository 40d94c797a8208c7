//! Malformed and random tables: each gives a valid regression problem or an error message.

#[path = "../../table/tests/memory/mod.rs"]
mod memory;
#[path = "../../table/tests/mutation/mod.rs"]
mod mutation;

use headstart_bfgs::problem::read_table;
use headstart_table::ReadOptions;
use mutation::{mutated, mutations};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const CLASSES: &str = "a,b,kind\n1,2,x\n3,4,y\n5,-6,x\n7,8e2,y\n9,1,x\n";
const NUMBERS: &str = "a,b,t\n1,2,0.5\n3,4,1.5\n5,-6,2.5\n7,8e2,-1\n9,1,4\n";

fn use_table(bytes: &[u8]) {
    let file = tempfile::NamedTempFile::new_in(memory::folder()).unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    match read_table(file.path(), &ReadOptions::default(), 1e-3, &mut ChaCha8Rng::seed_from_u64(1)) {
        Ok(data) => {
            assert!(data.instance.x0.iter().all(|x| x.is_finite()) && !data.features.is_empty());
        }
        Err(error) => assert!(error.to_string().len() > 20),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_problem_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        use_table(&bytes);
    }

    #[test]
    fn a_damaged_table_is_a_problem_or_an_error(mutations in mutations()) {
        use_table(&mutated(CLASSES.as_bytes(), &mutations));
        use_table(&mutated(NUMBERS.as_bytes(), &mutations));
    }
}
