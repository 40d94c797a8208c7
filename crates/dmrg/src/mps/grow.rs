//! Extending an environment by one site.

use crate::Mpo;
use crate::environment::{Environment, Side};
use crate::kernel::SLACK;
use crate::solver::{Last, Plan, Workspace};
use crate::tensor::Tensor;

impl Environment {
    /// Returns the environment extended by `tensor`, which must be orthonormal on the environment's side, and the
    /// multiply-adds spent. `site` is the site of the tensor.
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
