//! What `/proc` tells of processes.

use std::fs;

use super::Process;

/// The fields of `/proc/<pid>/stat` that matter here (proc(5)).
pub(super) struct Entry {
    pub(super) state: char,
    pub(super) parent: u32,
    pub(super) threads: u32,
    pub(super) started_ticks: u64,
}

impl Entry {
    /// A killed process is a zombie from the end of its first thread on, but holds its ports and
    /// files until the last one has ended.
    pub(super) fn is_running(&self) -> bool {
        self.state != 'Z' || self.threads > 1
    }
}

pub(super) fn read(pid: u32) -> Option<Entry> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The second field is the program's name in parentheses and may itself hold any character, so
/// counting begins behind the last parenthesis.
fn parse(stat: &str) -> Option<Entry> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    Some(Entry {
        state: fields.first()?.chars().next()?,
        parent: fields.get(1)?.parse().ok()?,
        threads: fields.get(17)?.parse().ok()?,
        started_ticks: fields.get(19)?.parse().ok()?,
    })
}

/// All processes below `root`, parents before children.
pub(super) fn descendants(root: u32) -> Vec<Process> {
    let all = all();
    let mut found: Vec<Process> = Vec::new();
    let mut level = vec![root];
    while !level.is_empty() {
        let next: Vec<Process> = all
            .iter()
            .filter(|(parent, _)| level.contains(parent))
            .map(|(_, process)| *process)
            .collect();
        level = next.iter().map(|process| process.pid).collect();
        found.extend(next);
    }
    found
}

/// Every process with its parent's number.
fn all() -> Vec<(u32, Process)> {
    let Ok(folder) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    folder
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid| {
            let entry = read(pid)?;
            let process = Process { pid, started_ticks: entry.started_ticks };
            Some((entry.parent, process))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_does_not_shift_the_fields() {
        let stat = "7 (a) b (c) S 3 7 7 0 -1 0 0 0 0 0 1 2 3 4 20 0 1 0 4711 1 2";
        let entry = parse(stat).expect("well formed");
        assert_eq!((entry.state, entry.parent, entry.started_ticks), ('S', 3, 4711));
    }

    #[test]
    fn this_process_descends_from_its_parent() {
        let parent = std::os::unix::process::parent_id();
        let below = descendants(parent);
        assert!(below.iter().any(|p| p.pid == std::process::id()));
    }
}
