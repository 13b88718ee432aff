//! `pledge`: see `pledge help`.

use server::cli;
use server::error::CliError;
use std::process::ExitCode;

/// Every block of memory is wiped when it is given back, so that the words of a view do not lie about in the memory of
/// the process after the page was sent: forms, pages and buffers pass through many hands that know nothing of wiping.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

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
