//! Adapts a generator of the current `rand` for linfa, which needs one of `rand` 0.8.

use std::sync::{Arc, Mutex, PoisonError};

use rand::Rng;
use rand_core_06::{Error, RngCore};

/// A generator for `rand` 0.8 that draws from one of the current `rand`. Clones share the generator: linfa clones the
/// generator that it gets, and its draws must advance ours.
pub(crate) struct Borrowed<'a, R>(Arc<Mutex<&'a mut R>>);

impl<'a, R> Borrowed<'a, R> {
    pub(crate) fn new(rng: &'a mut R) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }
}

impl<R> Clone for Borrowed<'_, R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Rng> RngCore for Borrowed<'_, R> {
    fn next_u32(&mut self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next_u32()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next_u64()
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
