//! Processes that a stack runs, known by number and start time so that a later command, or a
//! test, can act on them without holding a handle.

mod launch;
mod run;
mod table;

use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

pub use launch::Lifetime;
pub(crate) use launch::{command, spawn};
pub(crate) use run::run;

/// A process; the start time tells it from a later one that was given the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The process id.
    pub pid: u32,
    /// Clock ticks from the machine's start to the process's.
    pub started_ticks: u64,
}

impl Process {
    /// The running process of that number.
    pub fn of_pid(pid: u32) -> Option<Self> {
        table::read(pid).map(|entry| Self { pid, started_ticks: entry.started_ticks })
    }

    /// Whether it still runs (a zombie does not).
    pub fn is_alive(self) -> bool {
        table::read(self.pid)
            .is_some_and(|entry| entry.started_ticks == self.started_ticks && entry.is_running())
    }

    /// Whether it is stopped by SIGSTOP.
    pub fn is_paused(self) -> bool {
        table::read(self.pid)
            .is_some_and(|entry| entry.started_ticks == self.started_ticks && entry.state == 'T')
    }

    /// Whether its program file has been replaced since it started.
    pub(crate) fn is_outdated(self) -> bool {
        std::fs::read_link(format!("/proc/{}/exe", self.pid))
            .is_ok_and(|path| path.to_string_lossy().ends_with(" (deleted)"))
    }

    /// Sends a signal to this process alone.
    pub(crate) fn signal(self, signal: Signal) {
        if self.is_alive() {
            send(self.pid, signal);
        }
    }

    /// Sends a signal to this process and to all that descend from it, itself first, so that it
    /// makes no more of them meanwhile. Returns whom it was sent to.
    pub(crate) fn signal_tree(self, signal: Signal) -> Vec<Process> {
        if !self.is_alive() {
            return Vec::new();
        }
        let descendants = table::descendants(self.pid);
        send(self.pid, signal);
        for process in &descendants {
            send(process.pid, signal);
        }
        // Those that were born between the look and the signal.
        let late = table::descendants(self.pid)
            .into_iter()
            .filter(|process| !descendants.contains(process))
            .collect::<Vec<_>>();
        for process in &late {
            send(process.pid, signal);
        }
        [vec![self], descendants, late].concat()
    }

    /// Stops it with all its descendants and waits until they are stopped: a busy process takes the
    /// signal when it next has a processor.
    pub(crate) fn pause_tree(self) -> bool {
        let paused = self.signal_tree(Signal::SIGSTOP);
        let is_still = |process: &Process| process.is_paused() || !process.is_alive();
        wait_until(Duration::from_secs(10), || paused.iter().all(is_still))
    }

    /// Kills it with all its descendants and waits until they are gone.
    pub(crate) fn kill_tree(self) -> bool {
        let killed = self.signal_tree(Signal::SIGKILL);
        wait_gone(&killed, Duration::from_secs(10))
    }
}

/// Waits, blocking, until none of the processes runs.
pub(crate) fn wait_gone(processes: &[Process], limit: Duration) -> bool {
    wait_until(limit, || !processes.iter().any(|process| process.is_alive()))
}

fn wait_until(limit: Duration, is_so: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !is_so() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

fn send(pid: u32, signal: Signal) {
    let Ok(number) = i32::try_from(pid) else {
        return;
    };
    match kill(Pid::from_raw(number), signal) {
        // It ended by itself between the look and the signal.
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(error) => eprintln!("cannot send {signal} to process {pid}: {error}"),
    }
}
