//! `devstack down`.

use std::path::Path;
use std::process::ExitCode;

use devstack::{Error, Progress, Stack};

use super::lock;

pub(super) async fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    // Taking the lock would make the folder.
    if !directory.exists() {
        println!("nothing runs");
        return Ok(ExitCode::SUCCESS);
    }
    // Before the look: whoever is starting the stack is still writing down what runs.
    let _lock = lock::take(directory)?;
    match Stack::attach(directory) {
        Ok(stack) => {
            stack.shut_down(Progress::Stderr).await;
            println!("all stopped; the data is in {}", directory.display());
        }
        Err(Error::NoStack(_)) => println!("nothing runs"),
        Err(error) => return Err(error.into()),
    }
    Ok(ExitCode::SUCCESS)
}
