//! `devstack down`.

use std::path::Path;
use std::process::ExitCode;

use devstack::{Error, Progress, Stack};

use super::lock;

pub(super) async fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    match Stack::attach(directory) {
        Ok(stack) => {
            let _lock = lock::take(directory)?;
            stack.shut_down(Progress::Stderr).await;
            println!("all stopped; the data is in {}", directory.display());
        }
        Err(Error::NoStack(_)) => println!("nothing runs"),
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
