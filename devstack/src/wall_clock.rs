//! Wall clocks that a test may set, of the services and of PostgreSQL, by libfaketime. What counts time by a
//! monotonic clock notices nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::Account;
use crate::layout::Layout;
use crate::stack::Stack;
use crate::state::State;
use crate::{Component, Error, Result, process};

const LIBRARY: &str = "faketime/libfaketimeMT.so.1";
const WITH_CLOCKS: [Component; 6] = [
    Component::Primary,
    Component::Replica,
    Component::QueryOne,
    Component::QueryTwo,
    Component::Admin,
    Component::Invalidator,
];

/// Has all that is started in this stack from now on read its wall clock from there.
pub(crate) fn create(layout: &Layout) -> Result<()> {
    WITH_CLOCKS.into_iter().try_for_each(|component| write(layout, component, 0))
}

/// The command for a component's program, with a clock of its own where the stack has such.
pub(crate) fn command(
    program: &Path,
    state: &State,
    component: Component,
    account: &Account,
) -> Result<Command> {
    let clock = state.layout().wall_clock(component);
    if !clock.exists() {
        return Ok(process::command(program, state.lifetime, account));
    }
    // The library shares memory with the process that loads it first, which must be the account's own:
    // `env` is, and what starts it is not.
    let mut command = process::command(Path::new("/usr/bin/env"), state.lifetime, account);
    command
        .arg(format!("LD_PRELOAD={}", library()?.display()))
        .arg(format!("FAKETIME_TIMESTAMP_FILE={}", clock.display()))
        // Read again every second.
        .args(["FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"])
        .arg(program);
    Ok(command)
}

impl Stack {
    /// Sets a component's wall clock so many seconds ahead of the machine's, or behind it, within a second.
    /// The stack was made with clocks that can be set.
    pub fn set_wall_clock(&self, component: Component, ahead: i64) -> Result<()> {
        write(&self.layout(), component, ahead)
    }
}

fn write(layout: &Layout, component: Component, ahead: i64) -> Result<()> {
    let clock = layout.wall_clock(component);
    // Renamed, so that nobody reads half of it.
    let new = clock.with_extension("new");
    fs::write(&new, format!("{ahead:+}"))
        .and_then(|()| fs::rename(&new, &clock))
        .map_err(|e| Error::io(format!("write {}", clock.display()), e))
}

fn library() -> Result<PathBuf> {
    let folders = fs::read_dir("/usr/lib").map_err(|e| Error::io("look into /usr/lib", e))?;
    folders
        .filter_map(|folder| Some(folder.ok()?.path().join(LIBRARY)))
        .find(|library| library.is_file())
        .ok_or(Error::Missing { program: "libfaketime", package: "libfaketime" })
}
