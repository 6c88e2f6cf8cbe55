//! The servers' settings.

use std::path::{Path, PathBuf};

use super::{REPLICA_SLOT, SUPERUSER};
use crate::account::Account;
use crate::private_file::write_private;
use crate::state::State;
use crate::{Component, Purpose, Result};

/// Where the settings of one server stand.
pub(super) struct Files {
    pub(super) settings: PathBuf,
    pub(super) access: PathBuf,
}

/// Writes the settings of the primary or the replica, readable by `account` alone: the replica's
/// hold a password.
pub(super) fn write(state: &State, component: Component, account: &Account) -> Result<Files> {
    let folder = state.layout().settings();
    let files = Files {
        settings: folder.join(format!("{component}.conf")),
        access: folder.join(format!("{component}.pg_hba.conf")),
    };
    save(&files.settings, &settings(state, component), account)?;
    save(&files.access, ACCESS, account)?;
    Ok(files)
}

fn save(path: &Path, text: &str, account: &Account) -> Result<()> {
    write_private(path, text)?;
    account.own_path(path)
}

const ACCESS: &str = "\
# Written by devstack. Passwords only, from this machine only.
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
";

fn settings(state: &State, component: Component) -> String {
    let special = match state.purpose {
        Purpose::Development => DEVELOPMENT,
        Purpose::Test => TEST,
    };
    let following = if component == Component::Replica { following(state) } else { String::new() };
    format!("{COMMON}{special}\ncluster_name = '{component}'\n{following}")
}

/// What the replica needs to follow the primary. (Here rather than in its data directory, because
/// the ports may differ at the next start.)
fn following(state: &State) -> String {
    format!(
        "primary_slot_name = '{REPLICA_SLOT}'\n\
         primary_conninfo = 'host=127.0.0.1 port={} user={SUPERUSER} password={}'\n",
        state.ports.primary, state.secrets.superuser
    )
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
/// Commits still wait for the write (`synchronous_commit` stays on).
const TEST: &str = "
max_replication_slots = 256
max_slot_wal_keep_size = 1GB
fsync = off
full_page_writes = off
";
