//! The `bench` program: measurements against the stack that `make up` keeps.

mod commands;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
