//! The servers' settings, one file for primary and replica.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Purpose, Result};

/// Writes `postgres.conf` and `pg_hba.conf` into `folder`.
pub(super) fn write(folder: &Path, purpose: Purpose) -> Result<()> {
    let save = |path: PathBuf, text: String| {
        fs::write(&path, text).map_err(|e| Error::io(format!("write {}", path.display()), e))
    };
    save(settings_file(folder), settings(purpose))?;
    save(hba_file(folder), HBA.to_owned())
}

pub(super) fn settings_file(folder: &Path) -> PathBuf {
    folder.join("postgres.conf")
}

pub(super) fn hba_file(folder: &Path) -> PathBuf {
    folder.join("pg_hba.conf")
}

const HBA: &str = "\
# Written by devstack. Passwords only, from this machine only.
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
";

fn settings(purpose: Purpose) -> String {
    let special = match purpose {
        Purpose::Development => DEVELOPMENT,
        Purpose::Test => TEST,
    };
    format!("{COMMON}{special}")
}

const COMMON: &str = "\
# Written by devstack at every start; changes here are lost.
listen_addresses = '127.0.0.1'
# No sockets: nothing can collide with the system's clusters.
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
password_encryption = 'scram-sha-256'
max_connections = 400
shared_buffers = 256MB
jit = off

# The change publisher decodes the log, and replicas stream it.
wal_level = logical
max_wal_senders = 64
max_prepared_transactions = 0
hot_standby = on
hot_standby_feedback = off
# One slow list query must not stop the replay.
max_standby_streaming_delay = 500ms
max_standby_archive_delay = 500ms
wal_receiver_status_interval = 1s
# A replica comes back soon after its primary does.
wal_retrieve_retry_interval = 500ms
max_wal_size = 2GB

log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
log_min_duration_statement = 1s
";

const DEVELOPMENT: &str = "
max_replication_slots = 64
max_slot_wal_keep_size = 4GB
fsync = on
";

/// A process that is killed loses nothing that the operating system already has, so without fsync
/// a killed server comes back with every commit; only a power cut would tell the difference.
/// Commits still wait for the write (synchronous_commit stays on).
const TEST: &str = "
max_replication_slots = 256
max_slot_wal_keep_size = 1GB
fsync = off
full_page_writes = off
";
