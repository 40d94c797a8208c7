//! Inertia and number of distances from each start, on 20 clusters in the plane.

use std::ops::ControlFlow;

use headstart_kmeans::{lloyd, mixture, start};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

fn main() -> Result<(), headstart_kmeans::Error> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let task = mixture(20, 50, 2, 60.0, &mut rng)?;
    let starts = [
        ("random", start::random(&task, &mut rng)?),
        ("k-means++", start::plus_plus(&task, &mut rng)?),
        ("k-means||", start::parallel(&task, &mut rng)?),
        ("furthest first", start::furthest_first(&task, &mut rng)?),
    ];
    for (name, begin) in starts {
        let mut spent = begin.distances;
        let centres = lloyd(&task, begin.centres, |work, _| {
            spent = begin.distances + work;
            ControlFlow::Continue(())
        })?;
        println!("{name}: inertia {:.3} after {spent} distances", task.inertia(&centres));
    }
    Ok(())
}
