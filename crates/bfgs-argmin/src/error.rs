//! Converts errors to argmin's type.

use argmin::core::{ArgminError, Error};
use headstart_bfgs::Error as OfRun;

/// Wraps an error in the matching kind of argmin, with the error itself as the cause. Both can be downcast to.
pub(crate) fn of_run(error: OfRun) -> Error {
    let text = error.to_string();
    let kind = match error {
        OfRun::NotDescent { .. } | OfRun::NonFiniteStart { .. } => ArgminError::ConditionViolated { text },
        _ => ArgminError::InvalidParameter { text },
    };
    Error::new(error).context(kind)
}

pub(crate) fn invalid(text: &str) -> Error {
    ArgminError::InvalidParameter { text: text.to_owned() }.into()
}

pub(crate) fn not_initialised(text: &str) -> Error {
    ArgminError::NotInitialized { text: text.to_owned() }.into()
}
