//! The memory of a process as the kernel counts it.

use std::fs;

use anyhow::Context as _;

/// Bytes that are resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resident {
    /// Now,
    pub(super) now: u64,
    /// and at the most since the process began.
    pub(super) most: u64,
}

impl Resident {
    pub(super) fn of(pid: u32) -> anyhow::Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status"));
        Self::of_text(&status.context("the process is gone")?)
    }

    /// See `proc_pid_status(5)`.
    fn of_text(text: &str) -> anyhow::Result<Self> {
        let bytes = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            kilobytes.map(|kilobytes: u64| kilobytes << 10).with_context(|| format!("no {name}"))
        };
        Ok(Self { now: bytes("VmRSS")?, most: bytes("VmHWM")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_tells_is_read() {
        let text = "Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t     30 kB\nVmRSS:\t     20 kB\nRssAnon:\t 9 kB\n";
        let resident = Resident::of_text(text).unwrap();
        assert_eq!(resident, Resident { now: 20 << 10, most: 30 << 10 });
        assert!(Resident::of_text("Name:\tx\n").is_err());
        assert!(Resident::of(std::process::id()).unwrap().now > 0);
    }
}
