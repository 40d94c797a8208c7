//! Our errors as argmin's.

use argmin::core::{ArgminError, Error};
use headstart_bfgs::Error as OfRun;

/// The kind that argmin knows, with the error itself as its cause: both can be downcast to.
pub(crate) fn of_run(error: OfRun) -> Error {
    let text = error.to_string();
    let kind = match error {
        OfRun::NotDescent { .. } | OfRun::NonFiniteStart { .. } | OfRun::NonFinite { .. } => {
            ArgminError::ConditionViolated { text }
        }
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
