//! Losses: means over the batch, and their gradients with respect to the network's output.

use headstart_check::check;
use headstart_simd::Portable;
use serde::{Deserialize, Serialize};

use crate::error::check_length;
use crate::{Error, Real};

/// A loss. All losses are means over the samples of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Loss {
    /// The mean of (y - target)^2 over outputs and samples, as in PyTorch's `MSELoss`.
    MeanSquared,
    /// -ln softmax(y)\[class\], as in PyTorch's `CrossEntropyLoss`.
    CrossEntropy,
    /// The mean over outputs and samples of e^2 / 2 for |e| up to the bound d, and d (|e| - d / 2) beyond, as in
    /// PyTorch's `HuberLoss`.
    Huber(f64),
    /// (|y|^2 + n ln 2 pi) / 2. Subtracting the log-determinants of the couplings (see [`crate::Network::log_det`])
    /// gives the negative log-likelihood of a flow. Takes no target.
    NormalFlow,
}

/// The target of a loss.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a, T> {
    /// Numbers, `batch x outputs`.
    Values(&'a [T]),
    /// The class of each sample, from 0.
    Classes(&'a [u32]),
    /// No target, for losses of the output alone.
    Nothing,
}

impl Loss {
    /// Returns the loss of `batch` outputs and writes its gradient.
    pub fn of<T: Real>(
        self,
        output: &[T],
        target: Target<'_, T>,
        batch: usize,
        gradient: &mut [T],
    ) -> Result<T, Error> {
        check_length("the gradient", output.len(), gradient.len())?;
        let share = |n: usize| T::one() / T::of(n as f64);
        match (self, target) {
            (Self::MeanSquared, Target::Values(values)) => {
                check_length("the targets", output.len(), values.len())?;
                let share = share(output.len());
                let mut sum = T::zero();
                for ((&y, &value), to) in output.iter().zip(values).zip(gradient) {
                    sum += (y - value) * (y - value);
                    *to = (share + share) * (y - value);
                }
                Ok(sum * share)
            }
            (Self::Huber(bound), Target::Values(values)) => {
                check(bound > 0.0 && bound.is_finite(), "the bound of the Huber loss", bound, "positive")?;
                check_length("the targets", output.len(), values.len())?;
                let (share, bound, half) = (share(output.len()), T::of(bound), T::of(0.5));
                let mut sum = T::zero();
                for ((&y, &value), to) in output.iter().zip(values).zip(gradient) {
                    let error = y - value;
                    let near = error.abs() <= bound;
                    sum += if near { half * error * error } else { bound * (error.abs() - half * bound) };
                    *to = share * if near { error } else { bound * error.signum() };
                }
                Ok(sum * share)
            }
            (Self::CrossEntropy, Target::Classes(classes)) => {
                check_length("the classes", batch, classes.len())?;
                let outputs = output.len() / batch.max(1);
                let share = share(batch);
                let mut sum = T::zero();
                let lines = output.chunks_exact(outputs).zip(gradient.chunks_exact_mut(outputs));
                for (sample, (&class, (y, to))) in classes.iter().zip(lines).enumerate() {
                    let at = class as usize;
                    if at >= outputs {
                        return Err(Error::Class { sample, class, classes: outputs });
                    }
                    sum += softmax(y, to) - y[at];
                    to[at] -= T::one();
                    for to in to.iter_mut() {
                        *to *= share;
                    }
                }
                Ok(sum * share)
            }
            (Self::NormalFlow, Target::Nothing) => {
                let share = share(batch);
                let squares = output.iter().map(|&y| y * y).sum::<T>();
                for (&y, to) in output.iter().zip(gradient) {
                    *to = share * y;
                }
                let constant = (2.0 * std::f64::consts::PI).portable_ln() * output.len() as f64;
                Ok((squares + T::of(constant)) * T::of(0.5) * share)
            }
            (Self::MeanSquared, _) => Err(Error::Target { loss: "the mean squared error", needs: "values" }),
            (Self::Huber(_), _) => Err(Error::Target { loss: "the Huber loss", needs: "values" }),
            (Self::CrossEntropy, _) => Err(Error::Target { loss: "cross-entropy", needs: "classes" }),
            (Self::NormalFlow, _) => Err(Error::Target { loss: "a flow's likelihood", needs: "no target" }),
        }
    }
}

/// Writes the softmax of `logits`. Returns the logarithm of the sum of their exponentials.
pub(crate) fn softmax<T: Real>(logits: &[T], to: &mut [T]) -> T {
    let top = logits.iter().copied().fold(T::neg_infinity(), |top, logit| if logit <= top { top } else { logit });
    let sum = headstart_simd::widely!({
        for (to, &logit) in to.iter_mut().zip(logits) {
            *to = (logit - top).fast_exp();
        }
        let sum = to.iter().copied().sum::<T>();
        let share = T::one() / sum;
        for to in to.iter_mut() {
            *to *= share;
        }
        sum
    });
    top + sum.portable_ln()
}
