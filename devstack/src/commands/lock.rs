//! One command at a time may change a stack.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process;

use anyhow::{Context as _, bail};
use devstack::Layout;
use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};

/// Held until it is dropped. Its file tells who holds it.
pub(super) fn take(directory: &Path) -> anyhow::Result<Flock<File>> {
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the folder {}", directory.display()))?;
    let file = OpenOptions::new()
        .create(true)
        .read(true)
        .write(true)
        .truncate(false)
        .open(Layout::new(directory).lock_file())
        .context("cannot make the stack's lock")?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(mut lock) => {
            lock.set_len(0)
                .and_then(|()| lock.write_all(this_command().as_bytes()))
                .context("cannot write the stack's lock")?;
            Ok(lock)
        }
        Err((mut file, Errno::EWOULDBLOCK)) => {
            let mut holder = String::new();
            // It may be held and not written yet, or be another version's, which wrote nothing.
            if file.read_to_string(&mut holder).is_err() || holder.is_empty() {
                holder.push_str("another devstack command");
            }
            bail!("{holder} is at work on {}; wait until it ends", directory.display())
        }
        Err((_, errno)) => Err(errno).context("cannot take the stack's lock"),
    }
}

/// Without what a test's command line may hold.
fn this_command() -> String {
    let arguments: Vec<String> = env::args().skip(1).take_while(|word| word != "--").collect();
    format!("`devstack {}` (process {})", arguments.join(" "), process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_comes_second_is_told_who_holds_it() {
        let directory = tempfile::tempdir().expect("a folder");
        let held = take(directory.path()).expect("nobody holds it");
        let refused = take(directory.path()).expect_err("it is held").to_string();
        assert!(refused.contains(&format!("(process {})", process::id())), "{refused}");
        drop(held);
        take(directory.path()).expect("nobody holds it any more");
    }
}
