//! A step allocates nothing after the first updates.

use headstart_dqn::environment::{Acrobot, CartPole, DeepSea, MountainCar, World, river_swim};
use headstart_dqn::{Epsilon, Net, Settings, SustainedOptimism, TargetUpdate, TdLoss, Training, start};
use headstart_nn::{Activation, Method};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn a_step_allocates_nothing() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let worlds = [
        World::CartPole(CartPole::default()),
        World::MountainCar(MountainCar::default()),
        World::Acrobot(Acrobot::default()),
        World::DeepSea(DeepSea::draw(7, true, &mut rng).unwrap()),
        World::Tabular(river_swim().unwrap()),
    ];
    let plain = Settings { capacity: 300, warm_up: 20, epsilon: Epsilon::constant(0.3), ..Settings::BSUITE };
    let settings = [
        plain,
        Settings { double: true, n_step: 3, target: TargetUpdate::Soft { tau: 0.1 }, every: 2, ..plain },
        Settings { method: Method::SGD, loss: TdLoss::Huber(1.0), ..plain },
        Settings { method: Method::RMS_PROP, ..plain },
    ];
    let anchor = SustainedOptimism::Anchor { value: 1.0, weight: 0.1, inputs: 16 };
    for world in worlds {
        let is_finite = !world.states().is_empty();
        for settings in settings {
            for sustained_optimism in
                [SustainedOptimism::None, anchor, SustainedOptimism::Counts { scale: 1.0, power: 2.0 }]
            {
                if sustained_optimism != SustainedOptimism::None && !is_finite {
                    continue;
                }
                let net = Net::of(&world, &[24, 12], Activation::Relu);
                let start = start::he(&net, &mut rng).unwrap().with_sustained_optimism(sustained_optimism);
                let mut training = Training::new(world.clone(), &start, settings, &mut rng).unwrap();
                let mut run = |steps: usize| {
                    for _ in 0..steps {
                        training.step().unwrap();
                    }
                };
                run(60);
                let used = allocation_counter::measure(|| run(1000));
                assert_eq!(used.count_total, 0, "{world:?} {settings:?} {sustained_optimism:?}");
            }
        }
    }
}
