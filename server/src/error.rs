//! Why a command stops, in words for the person at the terminal.

use service::ActError;
use store::StoreError;
use vault::server_keys::KeyFileError;

/// Why a command stops. Shown to the person at the terminal.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The words of the command are wrong: exit 2.
    #[error("{0}\nRun `pledge help` to see what there is.")]
    Usage(String),
    /// It cannot be done: exit 1.
    #[error("{0}")]
    Stopped(String),
}

impl From<lexopt::Error> for CliError {
    fn from(error: lexopt::Error) -> CliError {
        CliError::Usage(error.to_string())
    }
}

impl From<KeyFileError> for CliError {
    fn from(error: KeyFileError) -> CliError {
        CliError::Stopped(error.to_string())
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> CliError {
        CliError::Stopped(error.to_string())
    }
}

pub(crate) fn act_error(error: &ActError) -> CliError {
    CliError::Stopped(match error {
        ActError::Field("recovery", _) => {
            "this is not the recovery key of this installation".to_owned()
        }
        ActError::Field(_, "staff-unknown") => {
            "nobody of this name has joined: invite them at the desk first".to_owned()
        }
        ActError::Field(_, "staff-taken") => "this name is taken".to_owned(),
        ActError::Field(..) => "the name needs 2 to 60 characters".to_owned(),
        other => other.to_string(),
    })
}
