//! The terminal, lent to a command.

use std::io::{IsTerminal as _, stdin};

use nix::sys::signal::{SigSet, Signal, killpg};
use nix::unistd::{Pid, getpgrp, tcsetpgrp};

/// Lends the terminal, if there is one, to a group of processes: a shell in the background would be
/// stopped at its first read, and Ctrl-C would not reach it. Takes it back when dropped.
pub(super) struct Foreground {
    group: Pid,
}

impl Foreground {
    /// Lends it; none when the standard input is no terminal.
    pub(super) fn lend(group: Pid) -> Option<Self> {
        if !stdin().is_terminal() {
            return None;
        }
        let lent = Self { group };
        lent.give();
        Some(lent)
    }

    /// After Ctrl-Z in the command: stops this program's own group as well, so that the shell that
    /// started it has its terminal again, and goes on when that shell says so.
    pub(super) fn stop_too(&self) {
        set(getpgrp());
        // Returns when somebody lets this group go on.
        let _ = killpg(getpgrp(), Signal::SIGTSTP);
        self.give();
    }

    fn give(&self) {
        set(self.group);
        // It may have been stopped for reading before the terminal was its own.
        let _ = killpg(self.group, Signal::SIGCONT);
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        set(getpgrp());
    }
}

/// Makes `group` the terminal's foreground. From the background that is allowed only with the signal
/// blocked that would stop this program for it. A terminal that is gone needs no foreground.
fn set(group: Pid) {
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGTTOU);
    let _ = blocked.thread_block();
    let _ = tcsetpgrp(stdin(), group);
    let _ = blocked.thread_unblock();
}
