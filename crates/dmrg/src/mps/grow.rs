//! Environments over one more site.

use crate::Mpo;
use crate::environment::{Environment, Side};
use crate::kernel::SLACK;
use crate::solver::{Last, Plan, Workspace};
use crate::tensor::Tensor;

impl Environment {
    /// The environment that also holds `tensor`, which is orthonormal on the environment's side, and the multiply-adds that
    /// it took. `site` is the tensor's.
    pub(crate) fn grow(
        &self,
        tensor: &Tensor,
        hamiltonian: &Mpo,
        site: usize,
        workspace: &mut Workspace,
    ) -> (Self, f64) {
        let left = self.side == Side::Left;
        let (bond, classes, coupling) = if left {
            (tensor.right(), hamiltonian.classes(site + 1), hamiltonian.rightwards(site))
        } else {
            (tensor.left(), hamiltonian.classes(site), hamiltonian.leftwards(site))
        };
        let mut grown = Self::zeros(self.side, bond, bond.clone(), classes, true);
        let plan = Plan::new(self, tensor, coupling, &Last::Grow { bra: tensor, out: &grown });
        let mut bra = if left { tensor.data.clone() } else { tensor.transposed_blocks() };
        bra.resize(bra.len() + SLACK, 0.0);
        let mut data = std::mem::take(&mut grown.data);
        plan.run(coupling, (&self.data, &tensor.data), &bra, &mut data, workspace);
        grown.data = data;
        (grown, plan.work)
    }
}
