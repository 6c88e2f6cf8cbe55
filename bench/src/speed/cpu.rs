//! Processor time of a server, all its processes and threads together.

use std::{fs, time::Duration};

use anyhow::Context as _;

/// Of `/proc/<pid>/stat`, of which Linux shows a hundred to the second on every architecture (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

/// User and system time of this process and of all that descend from it and still run.
pub(crate) fn of_tree(pid: u32) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for process in tree(pid) {
        // One that has just ended has no more to tell.
        ticks += stat(process).map_or(0, |stat| stat.ticks);
    }
    Ok(TICK * u32::try_from(ticks).context("no process here runs for years")?)
}

struct Stat {
    parent: u32,
    ticks: u64,
}

fn tree(root: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, stat(pid)?.parent))).collect();
    let mut found = vec![root];
    let mut looked = 0;
    while let Some(parent) = found.get(looked).copied() {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        looked += 1;
    }
    found
}

fn stat(pid: u32) -> Option<Stat> {
    of_text(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The fields are counted from after the program's name, which may hold anything. See `proc_pid_stat(5)`.
fn of_text(text: &str) -> Option<Stat> {
    let (_, fields) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let parent = u32::try_from(number(1)?).ok()?;
    Some(Stat { parent, ticks: number(11)? + number(12)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_whatever_the_program_is_called() {
        let text = "7 (a ) b) S 3 7 7 0 -1 4194560 1 0 0 0 120 34 5 6 20 0 1 0 100 0 0";
        let stat = of_text(text).unwrap();
        assert_eq!((stat.parent, stat.ticks), (3, 154));
    }

    #[test]
    fn this_process_has_used_some() {
        let before = of_tree(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while of_tree(std::process::id()).unwrap() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }
}
