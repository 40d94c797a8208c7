//! Twelve unconstrained problems of the collection `CUTEst` (Gould, Orban & Toint, Comput. Optim. Appl. 60 (2015) 545), with
//! about 100 unknowns and the starting points of the collection. Their lowest values are known exactly.

use super::dual::Dual;
use super::{Form, Published, Sum};

/// Number of unknowns.
const N: usize = 100;
/// DIXMAANE has three blocks of this size.
const BLOCK: usize = 33;

/// In alphabetical order.
pub(super) const MEMBERS: [Published; 12] = [
    member("arwhead", || vec![1.0; N], &[0.0], arwhead),
    member("cosine", || vec![1.0; N], &[1.0 - N as f64], cosine),
    member("dixmaane", || vec![2.0; 3 * BLOCK], &[1.0], dixmaane),
    member("dixon3dq", || vec![-1.0; N], &[0.0], dixon3dq),
    member("dqdrtic", || vec![3.0; N], &[0.0], dqdrtic),
    member("fletchcr", || vec![0.0; N], &[0.0], fletchcr),
    member("genrose", || (1..=N).map(|i| i as f64 / (N + 1) as f64).collect(), &[1.0], genrose),
    member("liarwhd", || vec![4.0; N], &[0.0], liarwhd),
    member("nondia", || vec![-1.0; N], &[0.0], nondia),
    member("nondquar", || (0..N).map(|i| if i.is_multiple_of(2) { 1.0 } else { -1.0 }).collect(), &[0.0], nondquar),
    member("tquartic", || vec![0.1; N], &[0.0], tquartic),
    member("tridia", || vec![1.0; N], &[0.0], tridia),
];

const fn member(
    name: &'static str,
    x0: fn() -> Vec<f64>,
    minima: &'static [f64],
    terms: fn(&mut Sum<'_>),
) -> Published {
    Published { name, x0, minima, form: Form::Terms(terms) }
}

fn fourth(x: Dual) -> Dual {
    x.square().square()
}

fn arwhead(sum: &mut Sum<'_>) {
    for i in 0..N - 1 {
        sum.add([i, N - 1], |[x, last]| x * -4.0 + 3.0 + (x.square() + last.square()).square());
    }
}

fn cosine(sum: &mut Sum<'_>) {
    for i in 0..N - 1 {
        sum.add([i, i + 1], |[x, next]| (x.square() - next * 0.5).portable_cos());
    }
}

/// With alpha 1, beta 0, gamma and delta 0.125, and the weights i/n in the first and the last sum.
fn dixmaane(sum: &mut Sum<'_>) {
    let weight = |i: usize| (i + 1) as f64 / (3 * BLOCK) as f64;
    sum.add([], |[]| 1.0.into());
    for i in 0..3 * BLOCK {
        sum.add([i], |[x]| x.square() * weight(i));
    }
    for i in 0..2 * BLOCK {
        sum.add([i, i + BLOCK], |[x, y]| x.square() * fourth(y) * 0.125);
    }
    for i in 0..BLOCK {
        sum.add([i, i + 2 * BLOCK], |[x, y]| x * y * (0.125 * weight(i)));
    }
}

fn dixon3dq(sum: &mut Sum<'_>) {
    sum.add([0], |[x]| (x - 1.0).square());
    for i in 1..N - 1 {
        sum.add([i, i + 1], |[x, next]| (x - next).square());
    }
    sum.add([N - 1], |[x]| (x - 1.0).square());
}

fn dqdrtic(sum: &mut Sum<'_>) {
    for i in 0..N - 2 {
        sum.add([i, i + 1, i + 2], |[x, y, z]| x.square() + (y.square() + z.square()) * 100.0);
    }
}

fn fletchcr(sum: &mut Sum<'_>) {
    for i in 0..N - 1 {
        sum.add([i, i + 1], |[x, next]| (next - x + 1.0 - x.square()).square() * 100.0);
    }
}

fn genrose(sum: &mut Sum<'_>) {
    sum.add([], |[]| 1.0.into());
    for i in 1..N {
        sum.add([i - 1, i], |[before, x]| (x - before.square()).square() * 100.0 + (x - 1.0).square());
    }
}

fn liarwhd(sum: &mut Sum<'_>) {
    sum.add([0], |[x]| (x.square() - x).square() * 4.0 + (x - 1.0).square());
    for i in 1..N {
        sum.add([0, i], |[first, x]| (x.square() - first).square() * 4.0 + (x - 1.0).square());
    }
}

fn nondia(sum: &mut Sum<'_>) {
    sum.add([0], |[x]| (x - 1.0).square());
    sum.add([0], |[x]| (x - x.square()).square() * 100.0);
    for i in 1..N - 1 {
        sum.add([0, i], |[first, x]| (first - x.square()).square() * 100.0);
    }
}

fn nondquar(sum: &mut Sum<'_>) {
    sum.add([0, 1], |[x, y]| (x - y).square());
    sum.add([N - 2, N - 1], |[x, y]| (x + y).square());
    for i in 0..N - 2 {
        sum.add([i, i + 1, N - 1], |[x, y, last]| fourth(x + y + last));
    }
}

fn tquartic(sum: &mut Sum<'_>) {
    sum.add([0], |[x]| (x - 1.0).square());
    for i in 1..N {
        sum.add([0, i], |[first, x]| (first.square() - x.square()).square());
    }
}

fn tridia(sum: &mut Sum<'_>) {
    sum.add([0], |[x]| (x - 1.0).square());
    for i in 1..N {
        sum.add([i - 1, i], |[before, x]| (x * 2.0 - before).square() * (i + 1) as f64);
    }
}
