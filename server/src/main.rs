//! `pledge`: see `pledge help`.

use server::cli::{self, CliError};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(lexopt::Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pledge: {error}");
            match error {
                CliError::Usage(_) => ExitCode::from(2),
                CliError::Stopped(_) => ExitCode::FAILURE,
            }
        }
    }
}
