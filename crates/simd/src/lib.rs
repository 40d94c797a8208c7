//! Vector instructions for all solvers, chosen once per process.
//!
//! A kernel gives the same bits at every [`Level`] if it follows two rules:
//!
//! - It sums in an order that does not depend on the width of the registers: one sum after another, or a fixed number
//!   of lanes that are added in a fixed order.
//! - It uses fused multiply-adds everywhere or nowhere. On processors without them, [`f64::mul_add`] computes the same
//!   bits in software, about a hundred times more slowly.
//!
//! The environment variable [`VARIABLE`] forces a level: `HEADSTART_SIMD=avx2`. Programs should call [`check`] at their
//! start: it refuses a level that does not exist or that this processor lacks.
//!
//! ```
//! headstart_simd::wide! {
//!     /// a'b in four lanes.
//!     fn dot(a: &[f64], b: &[f64]) -> f64 {
//!         let mut sums = [0.0; 4];
//!         for (a, b) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
//!             for lane in 0..4 {
//!                 sums[lane] += a[lane] * b[lane];
//!             }
//!         }
//!         (sums[0] + sums[1]) + (sums[2] + sums[3])
//!     }
//! }
//! assert_eq!(dot(&[1.0, 2.0, 3.0, 4.0], &[1.0; 4]), 10.0);
//! ```

pub mod gemm;
mod lanes;
mod portable;

use std::fmt;
use std::sync::OnceLock;

pub use pulp::Arch;

pub use lanes::Lanes;
pub use portable::Portable;

/// The environment variable that forces a level.
pub const VARIABLE: &str = "HEADSTART_SIMD";

/// A set of vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The baseline of the architecture; on 64-bit x86 this is SSE2, without fused multiply-add.
    Scalar,
    /// 128-bit registers of 64-bit Arm.
    Neon,
    /// 256-bit registers and fused multiply-add: x86-64-v3.
    Avx2,
    /// 512-bit registers: x86-64-v4.
    Avx512,
}

/// Why a level cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The variable has an unknown value.
    #[error("{VARIABLE}={value:?} is not a level of vector instructions; choose from {}, or leave it unset", names(&available()))]
    Unknown {
        /// The value of the variable.
        value: String,
    },
    /// The processor or this build does not have the level.
    #[error("{VARIABLE}={level}: this machine does not have that level; choose from {}, or leave it unset", names(&available()))]
    Missing {
        /// The requested level.
        level: Level,
    },
}

impl Level {
    /// All levels, narrowest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Neon, Self::Avx2, Self::Avx512];

    /// Returns the name that [`VARIABLE`] takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Returns the level of this name, if this machine has it.
    fn named(name: &str) -> Result<Self, Error> {
        let plain = name.trim().to_ascii_lowercase();
        let level = Self::ALL.into_iter().find(|level| level.name() == plain);
        let level = level.ok_or_else(|| Error::Unknown { value: name.to_owned() })?;
        level.arch().map(|_| level).ok_or(Error::Missing { level })
    }

    fn of(arch: Arch) -> Self {
        match arch {
            #[cfg(target_arch = "x86_64")]
            Arch::V4(_) => Self::Avx512,
            #[cfg(target_arch = "x86_64")]
            Arch::V3(_) => Self::Avx2,
            #[cfg(target_arch = "aarch64")]
            Arch::Neon(_) => Self::Neon,
            _ => Self::Scalar,
        }
    }

    /// Returns the instructions of a level, if this machine has them. Tests and benches use all levels in one process.
    #[allow(clippy::disallowed_methods, reason = "the only place that detects instructions")]
    pub fn arch(self) -> Option<Arch> {
        match self {
            Self::Scalar => Some(Arch::Scalar),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => pulp::x86::V3::try_new().map(Arch::V3),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => pulp::x86::V4::try_new().map(Arch::V4),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => pulp::aarch64::Neon::try_new().map(Arch::Neon),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the levels that this machine has, narrowest first.
pub fn available() -> Vec<Level> {
    Level::ALL.into_iter().filter(|level| level.arch().is_some()).collect()
}

fn names(levels: &[Level]) -> String {
    levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(", ")
}

/// Returns the instructions that all kernels use: the widest of this machine, or those set by [`VARIABLE`].
///
/// The variable is read once per process. A value that [`check`] refuses counts as unset here, since a library function
/// cannot exit.
pub fn arch() -> Arch {
    static CHOSEN: OnceLock<Arch> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let forced = std::env::var(VARIABLE).ok().and_then(|name| Level::named(&name).ok()?.arch());
        forced.unwrap_or_default()
    })
}

/// Returns the level of [`arch`].
pub fn level() -> Level {
    Level::of(arch())
}

/// Checks that [`VARIABLE`] is unset or names a level of this machine.
pub fn check() -> Result<(), Error> {
    match std::env::var_os(VARIABLE) {
        // Some shells can only set a variable to the empty string.
        None => Ok(()),
        Some(value) if value.is_empty() => Ok(()),
        Some(value) => Level::named(&value.to_string_lossy()).map(|_| ()),
    }
}

/// A capture that makes a closure `FnOnce`; see [`widely!`].
#[doc(hidden)]
#[derive(Debug)]
pub struct Once;

/// Runs a block at the chosen level; it is compiled for every level. The block captures its variables by value.
///
/// Functions called by the block must be `#[inline(always)]`: a function that is not inlined is compiled for the
/// baseline.
#[macro_export]
macro_rules! widely {
    ($body:block) => {{
        // A closure that is not `FnOnce` is called through a shim that is not inlined, and so not compiled for the
        // level.
        let once = $crate::Once;
        $crate::arch().dispatch(
            #[inline(always)]
            move || {
                let _called = once;
                $body
            },
        )
    }};
}

/// Defines a function whose body is compiled for every level and runs at the chosen one.
///
/// Unlike in [`widely!`], the body uses function arguments, not captures of a closure, so the compiler knows that they
/// do not overlap.
#[macro_export]
macro_rules! wide {
    ($(#[$meta:meta])* $visible:vis fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $(-> $answer:ty)? $body:block) => {
        $(#[$meta])*
        #[allow(unsafe_code)]
        $visible fn $name($($argument: $kind),*) $(-> $answer)? {
            #[allow(clippy::inline_always)]
            #[inline(always)]
            fn body($($argument: $kind),*) $(-> $answer)? $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                fn avx2($($argument: $kind),*) $(-> $answer)? {
                    body($($argument),*)
                }
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
                fn avx512($($argument: $kind),*) $(-> $answer)? {
                    body($($argument),*)
                }
                match $crate::arch() {
                    // SAFETY: `V4` exists only if the processor has the instructions.
                    $crate::Arch::V4(_) => return unsafe { avx512($($argument),*) },
                    // SAFETY: as above.
                    $crate::Arch::V3(_) => return unsafe { avx2($($argument),*) },
                    _ => {}
                }
            }
            body($($argument),*)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_named_or_refused_with_the_cure() {
        assert_eq!([Level::named("scalar"), Level::named(" Scalar")], [Ok(Level::Scalar), Ok(Level::Scalar)]);
        let error = Level::named("sse9").unwrap_err().to_string();
        assert!(error.contains("\"sse9\"") && error.contains("scalar"), "{error}");
        for level in Level::ALL {
            let found = Level::named(level.name());
            if available().contains(&level) {
                assert_eq!((found, level.arch().map(Level::of)), (Ok(level), Some(level)));
            } else {
                assert_eq!(found, Err(Error::Missing { level }));
            }
        }
        assert!(available().contains(&level()));
    }

    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn fused(a: &[f64], b: &[f64]) -> f64 {
        a.iter().zip(b).fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
    }

    #[test]
    fn fused_products_have_the_same_bits_at_every_level() {
        // The square of 1 + 2^-30 rounds to 1 + 2^-29, so only a fused product keeps 2^-60.
        let (x, rounded) = (1.0 + 2f64.powi(-30), 1.0 + 2f64.powi(-29));
        assert_eq!(fused(&[-1.0, x], &[rounded, x]), 2f64.powi(-60));
        let a: Vec<f64> = (1..100).map(|i| 1.0 / f64::from(i)).collect();
        let b: Vec<f64> = (1..100).map(|i| f64::from(i).sqrt()).collect();
        for level in available() {
            let sum = level.arch().map(|arch| {
                arch.dispatch(
                    #[inline(always)]
                    || fused(&a, &b),
                )
            });
            assert_eq!(sum, Some(fused(&a, &b)), "{level}");
        }
    }
}

/// Runs the program of the README with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
