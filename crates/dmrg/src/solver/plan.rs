//! Flat lists of block products, for the effective Hamiltonian and for growing environments.
//!
//! T and U are the two intermediates, L and R the environments, and W the sites' operators (of one or two sites; c
//! counts their states). All three tasks have the form
//!
//! 1. T[c, b] = L[b] X[c] (or X[c] R[b] where an environment grows from the right),
//! 2. U[c', b'] = sum W[b, b'; c', c] T[c, b],
//! 3. Y[c'] += U[c', b'] R[b'], or L'[b'] += X[c']^T U[c', b'], or R'[b] += U[c', b] X[c']^T.
//!
//! T and U have the same outer sectors, and W depends on these only through the difference of their charges. Pairs of
//! sectors with the same difference form a group. The T and U of a group stay in the cache, and the rows of step 2 span
//! the whole group.

mod run;
mod steps;

pub(crate) use run::Workspace;

use crate::environment::{Environment, Side};
use crate::kernel::{Couple, Product};
use crate::mpo::Coupling;
use crate::tensor::Tensor;
use crate::{Bond, Charge};

/// Length of a row of step 2 at which a group is full.
const ROW: usize = 192;

/// The result of step 3.
pub(crate) enum Last<'a> {
    /// A tensor of the shape of X, with the environment on the other side.
    Apply { other: &'a Environment, out: &'a Tensor },
    /// The environment of the next bond, with the tensor itself as the bra.
    Grow { bra: &'a Tensor, out: &'a Environment },
}

/// A copy of `len` entries from X to T, or an addition of `len` entries of U to Y.
#[derive(Clone, Copy, Debug)]
struct Move {
    from: u32,
    to: u32,
    len: u32,
}

/// One group, as ranges of the plan's lists.
#[derive(Clone, Debug, Default)]
struct Group {
    first: std::ops::Range<usize>,
    copies: std::ops::Range<usize>,
    couples: std::ops::Range<usize>,
    last: std::ops::Range<usize>,
    sums: std::ops::Range<usize>,
    /// Whether T has entries that no step writes.
    gaps: bool,
    t: usize,
    u: usize,
}

/// The lists, built once per bond and used for every product with its effective Hamiltonian.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    groups: Vec<Group>,
    first: Vec<Product>,
    copies: Vec<Move>,
    couples: Vec<Couple>,
    last: Vec<Product>,
    sums: Vec<Move>,
    /// Whether X is the second factor of step 1: it is unless an environment grows from the right.
    tensor_second: bool,
    /// Whether U is the first factor of step 3.
    u_first: bool,
    /// Multiply-adds of one product.
    pub(crate) work: f64,
}

/// Position of the rows of one local state in T or U, and their class.
#[derive(Clone, Copy)]
struct Slot {
    class: usize,
    begin: usize,
}

/// A pair of outer sectors and the position of its entries in a row.
struct Pair {
    left: usize,
    right: usize,
    begin: usize,
}

impl Plan {
    /// Plans the products of `environment` and the neighbouring tensor X. `coupling` leads away from the environment.
    pub(crate) fn new(environment: &Environment, x: &Tensor, coupling: &Coupling, last: &Last<'_>) -> Self {
        let from_left = environment.side == Side::Left;
        let mut plan = Self {
            tensor_second: from_left,
            u_first: matches!(last, Last::Apply { .. }) || !from_left,
            ..Self::default()
        };
        // The outer bonds of T and U: the bra on the environment's side, the ket on the other side.
        let (left, right) = match environment.side {
            Side::Left => (&environment.bra, x.right()),
            Side::Right => (x.left(), &environment.bra),
        };
        for (difference, pairs) in by_difference(left, right) {
            let mut group = Vec::new();
            let mut length = 0;
            for (l, r) in pairs {
                group.push(Pair { left: l, right: r, begin: length });
                length += left.width(l) * right.width(r);
                if length >= ROW {
                    plan.push(environment, x, coupling, last, difference, &group, length);
                    (group, length) = (Vec::new(), 0);
                }
            }
            if !group.is_empty() {
                plan.push(environment, x, coupling, last, difference, &group, length);
            }
        }
        let work = |list: &[Product]| list.iter().map(Product::work).sum::<f64>();
        let coupled = |couple: &Couple| {
            let part = &coupling.parts[couple.part as usize];
            (part.values.len() * couple.n as usize) as f64
        };
        plan.work = work(&plan.first) + work(&plan.last) + plan.couples.iter().map(coupled).sum::<f64>();
        plan
    }

    #[allow(clippy::too_many_arguments)]
    fn push(
        &mut self,
        environment: &Environment,
        x: &Tensor,
        coupling: &Coupling,
        last: &Last<'_>,
        difference: Charge,
        pairs: &[Pair],
        length: usize,
    ) {
        let sign = |charge: Charge| match environment.side {
            Side::Left => charge - difference,
            Side::Right => difference - charge,
        };
        let target = match last {
            Last::Apply { other, .. } => *other,
            Last::Grow { out, .. } => *out,
        };
        let mut group = Group {
            first: self.first.len()..0,
            copies: self.copies.len()..0,
            couples: self.couples.len()..0,
            last: self.last.len()..0,
            sums: self.sums.len()..0,
            ..Group::default()
        };
        // Step 3 determines which rows of U are needed, step 2 which of them can be filled.
        let mut out_slots: Vec<Option<Slot>> = vec![None; coupling.local.len()];
        for (c, &charge) in coupling.local.iter().enumerate() {
            if let Some(class) = target.class(sign(charge)) {
                let slot = Slot { class, begin: group.u };
                let before = (self.last.len(), self.sums.len());
                for pair in pairs {
                    self.last_step(target, last, c, slot, pair, length);
                }
                if before != (self.last.len(), self.sums.len()) {
                    out_slots[c] = Some(slot);
                    group.u += target.lengths[class] * length;
                }
            }
        }
        for (c, &charge) in coupling.local.iter().enumerate() {
            let Some(class) = environment.class(sign(charge)) else { continue };
            let maps = coupling.from(c, class);
            if !maps.iter().any(|map| out_slots[map.out].is_some_and(|slot| slot.class == map.target)) {
                continue;
            }
            let slot = Slot { class, begin: group.t };
            let mut filled = 0;
            for pair in pairs {
                filled += usize::from(self.first_step(environment, x, c, slot, pair, length));
            }
            if filled == 0 {
                continue;
            }
            group.gaps |= filled < pairs.len();
            group.t += environment.lengths[class] * length;
            for map in maps {
                if let Some(out) = out_slots[map.out].filter(|out| out.class == map.target) {
                    self.couples.extend(map.parts.clone().map(|part| Couple {
                        part: part as u32,
                        from: slot.begin as u32,
                        to: out.begin as u32,
                        n: length as u32,
                    }));
                }
            }
        }
        group.first.end = self.first.len();
        group.copies.end = self.copies.len();
        group.couples.end = self.couples.len();
        group.last.end = self.last.len();
        group.sums.end = self.sums.len();
        if group.couples.is_empty() {
            self.first.truncate(group.first.start);
            self.copies.truncate(group.copies.start);
            self.last.truncate(group.last.start);
            self.sums.truncate(group.sums.start);
        } else {
            self.groups.push(group);
        }
    }
}

/// All pairs of sectors, grouped by their difference of charges, ascending.
fn by_difference(left: &Bond, right: &Bond) -> Vec<(Charge, Vec<(usize, usize)>)> {
    let mut all: Vec<(Charge, usize, usize)> = Vec::with_capacity(left.len() * right.len());
    for (l, a) in left.sectors().iter().enumerate() {
        for (r, b) in right.sectors().iter().enumerate() {
            all.push((b.0 - a.0, l, r));
        }
    }
    all.sort_unstable();
    all.chunk_by(|a, b| a.0 == b.0).map(|list| (list[0].0, list.iter().map(|x| (x.1, x.2)).collect())).collect()
}
