//! `devstack logs`.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};
use devstack::{Component, Stack};

/// Becomes tail(1).
pub(super) fn run(
    directory: &Path,
    follow: bool,
    components: &[Component],
) -> anyhow::Result<ExitCode> {
    let layout = Stack::attach(directory)?.layout();
    let logs: Vec<PathBuf> = Component::all()
        .filter(|component| components.is_empty() || components.contains(component))
        .map(|component| layout.log(component))
        .filter(|log| log.exists())
        .collect();
    if logs.is_empty() {
        bail!("nothing has been started yet; `make up` does");
    }
    let mut tail = Command::new("tail");
    tail.args(["-n", "40"]);
    if follow {
        tail.arg("-F");
    }
    Err(tail.args(logs).exec()).context("cannot start tail")
}
