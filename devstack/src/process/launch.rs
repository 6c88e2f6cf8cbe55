//! Starting processes that live on their own or die with this one.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;

use serde::{Deserialize, Serialize};

use super::Process;
use crate::account::Account;
use crate::{Error, Result};

const LARGE_LOG: u64 = 64 * 1_048_576;

/// How long the processes of a stack live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifetime {
    /// Until they are stopped by name.
    Daemon,
    /// No longer than the process that started them, however that ends.
    Bound,
}

/// A command for `program`, to which arguments can be added, that runs under `account`.
///
/// `setpriv` (util-linux, on every Debian) asks the kernel for the signal at the parent's death
/// and drops privileges, then becomes the program: same process, same number.
pub(crate) fn command(program: &Path, lifetime: Lifetime, account: &Account) -> Command {
    let mut wrapper: Vec<String> = account.setpriv_arguments();
    if lifetime == Lifetime::Bound {
        wrapper.extend(["--pdeathsig".to_owned(), "KILL".to_owned()]);
    }
    let mut command = if wrapper.is_empty() {
        Command::new(program)
    } else {
        let mut command = Command::new("setpriv");
        command.args(wrapper).arg("--").arg(program);
        command
    };
    // A developer's own defaults must not lead the stores astray.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command
}

/// Starts `command` in a process group of its own with its output appended to `log`.
pub(crate) fn spawn(mut command: Command, log: &Path) -> Result<Process> {
    let told = format!("open the log {}", log.display());
    put_aside_when_large(log).map_err(|e| Error::io(&told, e))?;
    let output =
        OpenOptions::new().create(true).append(true).open(log).map_err(|e| Error::io(&told, e))?;
    let errors = output.try_clone().map_err(|e| Error::io(&told, e))?;
    command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
    let program = command.get_program().to_string_lossy().into_owned();
    let pid = launch(command).map_err(|e| Error::io(format!("start {program}"), e))?;
    Process::of_pid(pid).ok_or_else(|| Error::Command {
        what: format!("starting {program}"),
        detail: "it ended at once".to_owned(),
    })
}

/// Keeps one older log; what grows while a process runs is that process's own.
fn put_aside_when_large(log: &Path) -> io::Result<()> {
    match fs::metadata(log) {
        Ok(data) if data.len() > LARGE_LOG => fs::rename(log, log.with_extension("log.old")),
        _ => Ok(()),
    }
}

type Job = (Command, mpsc::Sender<io::Result<u32>>);

/// The kernel counts as the parent the *thread* that forked: were it a thread of a runtime, a
/// bound process would die with that thread. So one thread that never ends starts all of them.
fn launch(command: Command) -> io::Result<u32> {
    static LAUNCHER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();
    let launcher = LAUNCHER.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        thread::spawn(move || {
            for (command, reply) in jobs {
                // Whoever asked may have gone away; the process then lives by its lifetime.
                let _ = reply.send(start(command));
            }
        });
        sender
    });
    let (reply, answer) = mpsc::channel();
    let gone = || io::Error::other("the launching thread has ended");
    launcher.send((command, reply)).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())?
}

fn start(mut command: Command) -> io::Result<u32> {
    let mut child = command.spawn()?;
    let pid = child.id();
    // Collects the exit status, or the process would stay as a zombie.
    thread::spawn(move || child.wait());
    Ok(pid)
}
