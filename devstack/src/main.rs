//! The program `devstack`: see `devstack --help`.

mod commands;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match commands::run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("devstack: {error:#}");
            ExitCode::FAILURE
        }
    }
}
