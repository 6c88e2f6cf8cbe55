//! One command at a time may change a stack.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context as _, bail};
use devstack::Layout;
use nix::fcntl::{Flock, FlockArg};

/// Held until it is dropped.
pub(super) fn take(directory: &Path) -> anyhow::Result<Flock<File>> {
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the folder {}", directory.display()))?;
    let file =
        File::create(Layout::new(directory).lock_file()).context("cannot make the stack's lock")?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(lock),
        Err(_) => bail!("another devstack command is at work on this stack; wait until it ends"),
    }
}
