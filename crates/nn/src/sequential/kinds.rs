//! A builder method for each type of layer.

use headstart_simd::Portable;
use std::ops::Range;

use super::Sequential;
use crate::layer::{
    Activate, Activation, Affine, Attention, BatchNorm, Conv, Coupling, Dense, Dropout, LayerNorm, Local, Lookup,
    PRelu, Pool, PoolKind, Select, Sum, Window,
};
use crate::{Layer, Real, Shape};

impl<T: Real> Sequential<T> {
    /// [`Dense`] with a bias.
    #[must_use]
    pub fn dense(self, outputs: usize) -> Self {
        let layer = Dense::new(self.output(), outputs, true);
        self.made(layer)
    }

    /// [`Dense`] without a bias.
    #[must_use]
    pub fn linear(self, outputs: usize) -> Self {
        let layer = Dense::new(self.output(), outputs, false);
        self.made(layer)
    }

    /// [`Dense::pointwise`] with a bias.
    #[must_use]
    pub fn pointwise(self, channels: usize) -> Self {
        let layer = Dense::pointwise(self.output(), channels, true);
        self.made(layer)
    }

    /// [`Lookup`] with a bias; samples must be indices.
    #[must_use]
    pub fn lookup(self, rows: usize, outputs: usize) -> Self {
        self.made(Lookup::new(rows, outputs, true))
    }

    /// [`Conv`] with a bias.
    #[must_use]
    pub fn conv(self, channels: usize, window: Window) -> Self {
        let layer = Conv::new(self.output(), channels, window, true);
        self.made(layer)
    }

    /// [`Local`] with a bias.
    #[must_use]
    pub fn local(self, channels: usize, window: Window) -> Self {
        let layer = Local::new(self.output(), channels, window, true);
        self.made(layer)
    }

    /// [`Pool`] over a window.
    #[must_use]
    pub fn pool(self, window: Window, kind: PoolKind) -> Self {
        let layer = Pool::new(self.output(), window, kind);
        self.made(layer)
    }

    /// [`Pool::global`], the mean of every channel.
    #[must_use]
    pub fn global_mean(self) -> Self {
        let layer = Pool::global(self.output());
        self.made(layer)
    }

    /// An [`Activation`].
    #[must_use]
    pub fn activation(self, function: Activation) -> Self {
        let shape = self.output();
        self.layer(Activate { function, shape })
    }

    /// [`PRelu`] with one slope.
    #[must_use]
    pub fn prelu(self) -> Self {
        let layer = PRelu::new(self.output(), false);
        self.made(layer)
    }

    /// [`Dropout`] with this probability.
    #[must_use]
    pub fn dropout(self, probability: f64) -> Self {
        let layer = Dropout::new(self.output(), probability);
        self.made(layer)
    }

    /// [`Affine`] with one multiplier and one bias.
    #[must_use]
    pub fn affine(self) -> Self {
        let layer = Affine::new(self.output(), false, [true, true]);
        self.made(layer)
    }

    /// [`BatchNorm`] with PyTorch's settings.
    #[must_use]
    pub fn batch_norm(self) -> Self {
        let layer = BatchNorm::new(self.output(), 1e-5, 0.1);
        self.made(layer)
    }

    /// [`LayerNorm`] with PyTorch's settings.
    #[must_use]
    pub fn layer_norm(self) -> Self {
        let layer = LayerNorm::new(self.output(), 1e-5);
        self.made(layer)
    }

    /// [`Attention`] whose heads split the channels, with scale 1 / sqrt(width) and without biases.
    #[must_use]
    pub fn attention(self, heads: usize) -> Self {
        let shape = self.output();
        let width = shape.channels / heads.max(1);
        self.made(Attention::new(shape, heads, width, (width.max(1) as f64).portable_powf(-0.5), false, false))
    }

    /// [`Select`] of a range of channels.
    #[must_use]
    pub fn select(self, channels: Range<usize>) -> Self {
        let layer = Select::new(self.output(), channels);
        self.made(layer)
    }

    /// [`Sum`] of the branches that the functions build from an empty sequence.
    #[must_use]
    pub fn sum<const N: usize>(self, branches: [&dyn Fn(Self) -> Self; N]) -> Self {
        let start = self.output();
        let branches = branches.map(|branch| branch(Self::new(start)));
        self.branches(branches.into())
    }

    /// [`Sum`] of these branches.
    #[must_use]
    pub fn branches(self, branches: Vec<Self>) -> Self {
        let branches: Result<Vec<_>, _> = branches.into_iter().map(Self::check).collect();
        self.made(branches.and_then(Sum::new))
    }

    /// [`Sum`] of the identity and the block that the function builds from an empty sequence.
    #[must_use]
    pub fn residual(self, block: impl Fn(Self) -> Self) -> Self {
        self.sum([&|identity| identity, &block])
    }

    /// [`Coupling`] by the network that the function builds. The first half of a vector passes through; with `turned`,
    /// the last half.
    #[must_use]
    pub fn coupling(self, turned: bool, bound: Option<f64>, network: impl Fn(Self, usize) -> Self) -> Self {
        let inputs = self.output().numbers();
        let kept = if turned { inputs - inputs / 2 } else { inputs / 2 };
        let network = network(Self::new(Shape::vector(kept)), 2 * (inputs - kept)).check();
        self.made(network.and_then(|network| Coupling::new(inputs, kept, turned, bound, network)))
    }
}
