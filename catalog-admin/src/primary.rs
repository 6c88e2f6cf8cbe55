//! Whether the primary's server is set as the catalog needs it.

use crate::store::server::ServerRow;

/// What is to be set otherwise: a sentence for each. A server that somebody else runs may be set in
/// any way, and each of these shows only when it is late.
pub fn faults(server: &ServerRow) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if server.max_prepared_transactions != 0 {
        faults.push(
            "max_prepared_transactions is not 0: a prepared transaction that is forgotten holds \
             back what caches can prove, and no watch sees it; set it to 0",
        );
    }
    if server.wal_level != "logical" {
        faults.push("wal_level is not logical: no change can be published; set it to logical");
    }
    if server.max_slot_wal_keep_size < 0 {
        faults.push(
            "max_slot_wal_keep_size has no limit: while no publisher runs, its slot keeps log \
             until the disk is full; set it to what the disk can spare",
        );
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(prepared: i32, wal_level: &str, keep: i32) -> Vec<&'static str> {
        let server = ServerRow {
            max_prepared_transactions: prepared,
            wal_level: wal_level.to_owned(),
            max_slot_wal_keep_size: keep,
        };
        faults(&server).iter().filter_map(|fault| fault.split(' ').next()).collect()
    }

    #[test]
    fn each_setting_that_is_wrong_is_told() {
        assert!(names(0, "logical", 4096).is_empty());
        assert_eq!(
            names(10, "replica", -1),
            ["max_prepared_transactions", "wal_level", "max_slot_wal_keep_size"]
        );
    }
}
