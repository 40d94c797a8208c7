//! Integrals over contracted s-type Gaussians (Szabo & Ostlund, Modern Quantum Chemistry, appendix A).

use headstart_simd::Portable;
use std::f64::consts::PI;

/// A contracted basis of hydrogen with one s function per atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Basis {
    /// Three primitives (Hehre, Stewart & Pople 1969).
    Sto3g,
    /// Six primitives.
    Sto6g,
}

const STO3G: [(f64, f64); 3] =
    [(3.425_250_91, 0.154_328_97), (0.623_913_73, 0.535_328_14), (0.168_855_40, 0.444_634_54)];
const STO6G: [(f64, f64); 6] = [
    (35.523_221_22, 0.009_163_596_28),
    (6.513_143_725, 0.049_361_492_94),
    (1.822_142_904, 0.168_538_304_90),
    (0.625_955_266, 0.370_562_799_70),
    (0.243_076_747, 0.416_491_529_80),
    (0.100_112_428, 0.130_334_084_10),
];

impl Basis {
    /// Returns the exponents (1/bohr²) and the coefficients of normalised primitives.
    pub fn primitives(self) -> &'static [(f64, f64)] {
        match self {
            Self::Sto3g => &STO3G,
            Self::Sto6g => &STO6G,
        }
    }
}

/// Returns Boys' F0(t), the integral of exp(-t x²) over x from 0 to 1, to machine precision for t >= 0.
pub fn boys_f0(t: f64) -> f64 {
    if t < 0.5 {
        // The series exp(-t) sum (2t)^k / (2k + 1)!! has only positive terms; erf(sqrt t) / sqrt t is 0/0 at 0.
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..20 {
            term *= 2.0 * t / f64::from(2 * k + 1);
            sum += term;
        }
        return (-t).portable_exp() * sum;
    }
    0.5 * (PI / t).sqrt() * libm::erf(t.sqrt())
}

/// The product of two primitives, a Gaussian about a point between them.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    /// Exponent.
    pub(super) p: f64,
    pub(super) centre: [f64; 3],
    /// Product of coefficients and norms, and exp(-a b / p R²).
    pub(super) factor: f64,
    /// a b / p, and the same times R².
    mu: f64,
    mu_r2: f64,
}

pub(super) fn distance2(a: [f64; 3], b: [f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// All products of primitives of two functions, without those too small to matter in double precision.
pub(super) fn pairs(basis: Basis, a: [f64; 3], b: [f64; 3]) -> Vec<Pair> {
    let r2 = distance2(a, b);
    let norm = |exponent: f64| (2.0 * exponent / PI).portable_powf(0.75);
    let all = basis.primitives().iter().flat_map(|one| basis.primitives().iter().map(move |two| (*one, *two)));
    let pair = |((alpha, c), (beta, d)): ((f64, f64), (f64, f64))| {
        let p = alpha + beta;
        let mu = alpha * beta / p;
        let centre = std::array::from_fn(|x| (alpha * a[x] + beta * b[x]) / p);
        let factor = c * d * norm(alpha) * norm(beta) * (-mu * r2).portable_exp();
        Pair { p, centre, factor, mu, mu_r2: mu * r2 }
    };
    all.map(pair).filter(|pair| pair.factor > 1e-20).collect()
}

pub(super) fn overlap(pairs: &[Pair]) -> f64 {
    pairs.iter().map(|pair| pair.factor * (PI / pair.p).portable_powf(1.5)).sum()
}

pub(super) fn kinetic(pairs: &[Pair]) -> f64 {
    pairs.iter().map(|pair| pair.mu * (3.0 - 2.0 * pair.mu_r2) * pair.factor * (PI / pair.p).portable_powf(1.5)).sum()
}

/// Attraction by protons at these positions.
pub(super) fn nuclear(pairs: &[Pair], protons: &[[f64; 3]]) -> f64 {
    let of = |pair: &Pair| {
        let sum: f64 = protons.iter().map(|proton| boys_f0(pair.p * distance2(pair.centre, *proton))).sum();
        -2.0 * PI / pair.p * pair.factor * sum
    };
    pairs.iter().map(of).sum()
}

/// (ab|cd) of two such products.
pub(super) fn repulsion(bra: &[Pair], ket: &[Pair]) -> f64 {
    let mut sum = 0.0;
    for one in bra {
        for two in ket {
            let (p, q) = (one.p, two.p);
            let t = p * q / (p + q) * distance2(one.centre, two.centre);
            sum += one.factor * two.factor / (p * q * (p + q).sqrt()) * boys_f0(t);
        }
    }
    2.0 * PI.portable_powf(2.5) * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Simpson's rule with 2000 panels.
    fn by_quadrature(t: f64) -> f64 {
        let n = 4000;
        let f = |i: i32| (-t * (f64::from(i) / f64::from(n)).powi(2)).exp();
        let inner: f64 = (1..n).map(|i| if i % 2 == 1 { 4.0 * f(i) } else { 2.0 * f(i) }).sum();
        (f(0) + inner + f(n)) / (3.0 * f64::from(n))
    }

    #[test]
    fn boys_function_is_its_integral() {
        for t in [0.0, 1e-12, 1e-3, 0.3, 0.499_999, 0.500_001, 1.0, 5.0, 20.0, 80.0] {
            assert!((boys_f0(t) - by_quadrature(t)).abs() < 1e-12, "F0({t}) = {}", boys_f0(t));
        }
    }

    #[test]
    fn functions_are_normalised() {
        for basis in [Basis::Sto3g, Basis::Sto6g] {
            let own = pairs(basis, [0.0; 3], [0.0; 3]);
            assert!((overlap(&own) - 1.0).abs() < 1e-6, "{basis:?}: {}", overlap(&own));
        }
    }

    #[test]
    fn integrals_of_h2_are_those_of_the_book() {
        // Szabo & Ostlund, section 3.5.2, STO-3G with zeta 1.24 at 1.4 bohr: S 0.6593, T11 0.7600, T12 0.2365, V11 of the
        // own nucleus -1.2266, (11|11) 0.7746, (11|22) 0.5697, (21|11) 0.4441, (21|21) 0.2970.
        let (a, b) = ([0.0; 3], [0.0, 0.0, 1.4]);
        let (aa, ab, bb) = (pairs(Basis::Sto3g, a, a), pairs(Basis::Sto3g, a, b), pairs(Basis::Sto3g, b, b));
        let found = [
            overlap(&ab),
            kinetic(&aa),
            kinetic(&ab),
            nuclear(&aa, &[a]),
            repulsion(&aa, &aa),
            repulsion(&aa, &bb),
            repulsion(&ab, &aa),
            repulsion(&ab, &ab),
        ];
        let book = [0.6593, 0.7600, 0.2365, -1.2266, 0.7746, 0.5697, 0.4441, 0.2970];
        assert!(found.iter().zip(book).all(|(found, book)| (found - book).abs() < 6e-5), "{found:?}");
    }
}
