//! Runs the lists of a plan.

use pulp::{Simd, WithSimd};

use super::{Group, Plan};
use crate::kernel::{self, SLACK};
use crate::mpo::Coupling;

/// Buffers for T, U and a padded copy of X, shared by all plans.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    t: Vec<f64>,
    u: Vec<f64>,
    /// X with padding.
    x: Vec<f64>,
}

impl Plan {
    /// Runs the lists and adds the result to `out`. `environment` and `x` are the factors of step 1. `other` is the
    /// factor of step 3 that is not U: the other environment, or the bra (transposed if the environment grows from the
    /// right). `environment` and `other` must be followed by [`SLACK`] padding entries.
    pub(crate) fn run(
        &self,
        coupling: &Coupling,
        (environment, x): (&[f64], &[f64]),
        other: &[f64],
        out: &mut [f64],
        workspace: &mut Workspace,
    ) {
        let most = |size: fn(&Group) -> usize| self.groups.iter().map(size).max().unwrap_or(0);
        let (t, u) = (most(|group| group.t) + SLACK, most(|group| group.u) + SLACK);
        if workspace.t.len() < t {
            workspace.t.resize(t, 0.0);
        }
        if workspace.u.len() < u {
            workspace.u.resize(u, 0.0);
        }
        workspace.x.clear();
        workspace.x.extend_from_slice(x);
        workspace.x.resize(x.len() + SLACK, 0.0);
        headstart_simd::arch().dispatch(Run { plan: self, coupling, environment, other, out, workspace });
    }
}

struct Run<'a> {
    plan: &'a Plan,
    coupling: &'a Coupling,
    environment: &'a [f64],
    other: &'a [f64],
    out: &'a mut [f64],
    workspace: &'a mut Workspace,
}

impl WithSimd for Run<'_> {
    type Output = ();

    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { plan, coupling, environment, other, out, workspace } = self;
        let Workspace { t, u, x } = workspace;
        let (t, u, x) = (&mut t[..], &mut u[..], &x[..]);
        let (a, b) = if plan.tensor_second { (environment, x) } else { (x, environment) };
        for group in &plan.groups {
            if group.gaps {
                t[..group.t].fill(0.0);
            }
            for product in &plan.first[group.first.clone()] {
                kernel::product(simd, product, a, b, t, true);
            }
            for copy in &plan.copies[group.copies.clone()] {
                let (from, to, len) = (copy.from as usize, copy.to as usize, copy.len as usize);
                t[to..to + len].copy_from_slice(&x[from..from + len]);
            }
            u[..group.u].fill(0.0);
            for couple in &plan.couples[group.couples.clone()] {
                kernel::couple(simd, couple, &coupling.parts[couple.part as usize], t, u);
            }
            for product in &plan.last[group.last.clone()] {
                if plan.u_first {
                    kernel::product(simd, product, u, other, out, false);
                } else {
                    kernel::product(simd, product, other, u, out, false);
                }
            }
            for sum in &plan.sums[group.sums.clone()] {
                let (from, to, len) = (sum.from as usize, sum.to as usize, sum.len as usize);
                for (out, u) in out[to..to + len].iter_mut().zip(&u[from..from + len]) {
                    *out += u;
                }
            }
        }
    }
}
