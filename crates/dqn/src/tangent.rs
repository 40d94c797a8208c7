//! How much an update of one state changes the values of the others.

use crate::{Result, Start};

/// Returns rho: the mean off-diagonal over the mean diagonal entry of the tangent kernel <grad Q(s, a), grad Q(s', a)>
/// over one-hot states, both means also over the actions. If rho is near 1, an update of one state changes all: a
/// visited state pulls down the values of the unvisited. Frozen parameters are excluded.
pub fn rho(start: &Start, states: &[u32]) -> Result<f64> {
    let mut network = start.network()?;
    let free = start.parameters.len() - if start.holds_output_bias { start.net.actions } else { 0 };
    let actions = start.net.actions;
    let n = states.len() as f64;
    let (mut diagonal, mut all) = (0.0, 0.0);
    let square = |gradients: &[f32]| gradients.iter().map(|g| g * g).sum::<f32>();
    for action in 0..actions {
        // The square of the sum of all gradients is the sum of all entries.
        let inputs: Vec<f32> = states.iter().map(|state| *state as f32).collect();
        let by_output: Vec<f32> =
            (0..inputs.len() * actions).map(|i| if i % actions == action { 1.0 } else { 0.0 }).collect();
        network.forward(&inputs, None)?;
        network.backward(&inputs, &by_output, None)?;
        all += network.gradients()[..free].iter().map(|g| f64::from(*g).powi(2)).sum::<f64>();
        for input in inputs {
            network.forward(&[input], None)?;
            network.backward(&[input], &by_output[..actions], None)?;
            diagonal += network.gradients()[..free].chunks(256).map(|part| f64::from(square(part))).sum::<f64>();
        }
    }
    Ok((all - diagonal) / (n - 1.0) / diagonal)
}

#[cfg(test)]
mod tests {
    use headstart_nn::Activation;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::environment::Observation;
    use crate::{Net, start};

    #[test]
    fn by_hand() {
        let net = Net { observation: Observation::OneHot(6), hidden: vec![], activation: Activation::Relu, actions: 2 };
        let start = start::zero(&net).unwrap();
        let states: Vec<u32> = (0..6).collect();
        // Each state has its own weight and shares the bias: diagonal 2, off-diagonal 1.
        assert!((rho(&start, &states).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(rho(&start.holding_output_bias(), &states).unwrap(), 0.0);
    }

    /// Compares with the kernel computed entry by entry from finite differences of the network.
    #[test]
    fn by_differences() {
        let net =
            Net { observation: Observation::OneHot(4), hidden: vec![5], activation: Activation::Tanh, actions: 2 };
        let start = start::torch_default(&net, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
        let states: Vec<f32> = vec![0.0, 1.0, 3.0];
        let mut network = start.network().unwrap();
        let mut rows = vec![vec![0.0_f64; start.parameters.len()]; 6];
        for at in 0..start.parameters.len() {
            let mut values = |by: f32| {
                network.parameters_mut().copy_from_slice(&start.parameters);
                network.parameters_mut()[at] += by;
                network.forward(&states, None).unwrap().to_vec()
            };
            let (up, down) = (values(0.01), values(-0.01));
            rows.iter_mut().enumerate().for_each(|(i, row)| row[at] = f64::from(up[i] - down[i]) / 0.02);
        }
        let dot = |i: usize, j: usize| rows[i].iter().zip(&rows[j]).map(|(a, b)| a * b).sum::<f64>();
        let (mut beside, mut on) = (0.0, 0.0);
        for action in 0..2 {
            for i in 0..3 {
                for j in 0..3 {
                    *(if i == j { &mut on } else { &mut beside }) += dot(2 * i + action, 2 * j + action);
                }
            }
        }
        let expected = (beside / 6.0) / (on / 3.0);
        let found = rho(&start, &[0, 1, 3]).unwrap();
        assert!((found - expected).abs() < 1e-3, "{found} for {expected}");
    }
}
