//! Starts of attention layers.

use headstart_nn::{Network, Real, Tensor};
use ndarray::Array2;
use rand::Rng;

use crate::streams::Streams;
use crate::{Error, init};

/// Mimetic attention (Trockman & Kolter 2023): for every attention layer with one head of the model's width, Wq Wk^T =
/// a1 Z1 + b1 I and Wv Wo = a2 Z2 - b2 I with normal Z of variance 1 / d, split by singular value decomposition. The
/// paper's values of `[a1, b1, a2, b2]` are 0.7, 0.7, 0.4, 0.4. Other parameters are left unchanged. Returns the number
/// of such layers.
pub fn mimetic<T: Real>(
    network: &mut Network<T>,
    [a1, b1, a2, b2]: [f64; 4],
    rng: &mut impl Rng,
) -> Result<usize, Error> {
    let streams = Streams::new(rng);
    let tensors = network.tensors().to_vec();
    let mut found = 0;
    for (i, query) in tensors.iter().enumerate() {
        let Some(layer) = query.name.strip_suffix(".query") else { continue };
        let part = |name: &str| tensors.iter().find(|tensor| tensor.name == format!("{layer}.{name}"));
        let (Some(key), Some(value), Some(out)) = (part("key"), part("value"), part("out")) else { continue };
        if query.shape[0] != query.shape[1] {
            return Err(Error::Shape {
                initialiser: "mimetic attention",
                needs: "one head of the model's width",
                tensor: query.name.clone(),
                shape: query.shape.clone(),
            });
        }
        pair(network, [query, key], [a1, b1], true, &mut streams.of(i, 1))?;
        pair(network, [value, out], [a2, -b2], false, &mut streams.of(i, 2))?;
        found += 1;
    }
    Ok(found)
}

/// Returns two square matrices with the product `noise` Z + `identity` I; if `turned`, the second is transposed in the
/// product.
fn pair<T: Real>(
    network: &mut Network<T>,
    [first, second]: [&Tensor; 2],
    [noise, identity]: [f64; 2],
    turned: bool,
    rng: &mut impl Rng,
) -> Result<(), Error> {
    let d = first.shape[0];
    let mut z = vec![0.0; d * d];
    init::normal(&mut z, noise / (d as f64).sqrt(), rng);
    let product = Array2::from_shape_fn((d, d), |(i, j)| z[i * d + j] + if i == j { identity } else { 0.0 });
    let svd = headstart_linalg::svd(product.view())?;
    let roots = svd.values.map(|value| value.sqrt());
    let (left, right) = (&svd.u * &roots, &svd.vt.t() * &roots);
    for i in 0..d {
        for j in 0..d {
            let parameters = network.parameters_mut();
            parameters[first.offset + i * d + j] = T::of(left[[i, j]]);
            parameters[second.offset + i * d + j] = T::of(if turned { right[[i, j]] } else { right[[j, i]] });
        }
    }
    Ok(())
}
