//! Environments. States are `f64`, and the dynamics are those of the published code.

mod acrobot;
mod cart_pole;
mod contract;
mod deep_sea;
mod known;
mod mountain_car;
mod plan;
mod tabular;
mod world;

pub use self::acrobot::Acrobot;
pub use self::cart_pole::CartPole;
pub use self::contract::{End, Environment, Observation, Step};
pub use self::deep_sea::DeepSea;
pub use self::known::{chain, four_rooms, river_swim};
pub use self::mountain_car::MountainCar;
pub use self::plan::Plan;
pub use self::tabular::{Tabular, Transition};
pub use self::world::World;
