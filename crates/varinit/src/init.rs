//! Initialisers of one tensor, under the names of `torch.nn.init` and timm. Each overwrites the slice.

mod correlated;
mod independent;
mod structured;

pub use self::correlated::{Scaling, effective_rank, mahalanobis};
pub use self::independent::{
    Fan, Shape, TRUNCATED_DEVIATION, constant, kaiming_normal, kaiming_uniform, lecun_normal, normal, torch_default,
    truncated_normal, uniform, variance_scaling, with_variance, xavier_normal, xavier_uniform,
};
pub use self::structured::{dirac, orthogonal, sparse};
