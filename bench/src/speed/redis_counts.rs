//! What a Redis has counted, out of its `INFO`.

use std::collections::BTreeMap;

use anyhow::Context as _;

/// What a Redis had counted at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts {
    reads: u64,
    calls: BTreeMap<String, u64>,
}

impl Counts {
    /// Out of the sections `stats` and `commandstats`.
    pub(super) fn of(info: &str) -> anyhow::Result<Self> {
        let mut reads = None;
        let mut calls = BTreeMap::new();
        for (name, value) in info.lines().filter_map(|line| line.trim_end().split_once(':')) {
            if name == "total_reads_processed" {
                reads = Some(value.parse::<u64>().context("Redis's count of reads is no number")?);
            } else if let Some(command) = name.strip_prefix("cmdstat_") {
                let count = value.strip_prefix("calls=").and_then(|rest| rest.split(',').next());
                let count = count.context("Redis does not say how often a command was called")?;
                calls.insert(command.to_owned(), count.parse::<u64>()?);
            }
        }
        Ok(Self { reads: reads.context("Redis does not say how often it has read")?, calls })
    }

    /// How often Redis has read from a connection since `before`: what a client sends together, be it many
    /// commands, is one read of at most 16 KB, and one round trip. The question that gave these counts is
    /// left out.
    pub(super) const fn reads_since(&self, before: &Self) -> u64 {
        self.reads.saturating_sub(before.reads).saturating_sub(1)
    }

    /// How often a command was called since `before`.
    pub(super) fn calls_since(&self, before: &Self, command: &str) -> u64 {
        let calls = |counts: &Self| counts.calls.get(command).copied().unwrap_or(0);
        calls(self).saturating_sub(calls(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(reads: u64, gets: u64) -> String {
        format!(
            "# Stats\r\ntotal_connections_received:3\r\ntotal_reads_processed:{reads}\r\n\r\n\
             # Commandstats\r\ncmdstat_get:calls={gets},usec=7,usec_per_call=0.5,rejected_calls=0\r\n\
             cmdstat_client|setinfo:calls=2,usec=1\r\n"
        )
    }

    #[test]
    fn counts_are_of_what_came_between() {
        let before = Counts::of(&info(100, 7)).unwrap();
        let after = Counts::of(&info(104, 43)).unwrap();
        assert_eq!(after.reads_since(&before), 3);
        assert_eq!(after.calls_since(&before, "get"), 36);
        assert_eq!(after.calls_since(&before, "client|setinfo"), 0);
        assert_eq!(after.calls_since(&before, "mget"), 0);
    }

    #[test]
    fn what_is_not_redis_is_refused() {
        assert!(Counts::of("").is_err());
        assert!(Counts::of("total_reads_processed:many\r\n").is_err());
        assert!(Counts::of("total_reads_processed:1\r\ncmdstat_get:usec=1\r\n").is_err());
    }
}
