//! `devstack reset`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use devstack::{Layout, Progress, Stack};

use super::lock;

pub(super) async fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    if directory.exists() {
        let _lock = lock::take(directory)?;
        if let Ok(stack) = Stack::attach(directory) {
            stack.shut_down(Progress::Stderr).await;
        }
        let layout = Layout::new(directory);
        layout.clear()?;
        fs::remove_file(layout.lock_file()).context("cannot remove the stack's lock")?;
        // What a person put there stays, and so the folder.
        let _ = fs::remove_dir(directory);
    }
    println!("{} is gone; `make up` makes it anew", directory.display());
    Ok(ExitCode::SUCCESS)
}
