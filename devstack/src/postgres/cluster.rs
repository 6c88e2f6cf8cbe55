//! Making and starting the primary and its replica.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::client::Login;
use super::{REPLICA_SLOT, SUPERUSER, config, programs};
use crate::account::Account;
use crate::disk::remove;
use crate::private_file::write_private;
use crate::process::{Lifetime, Process, command, run, spawn};
use crate::state::State;
use crate::{Component, Error, Result, wall_clock};

/// The file that makes a server a standby.
const STANDBY_SIGNAL: &str = "standby.signal";
const INITDB_LIMIT: Duration = Duration::from_mins(1);
const BASEBACKUP_LIMIT: Duration = Duration::from_mins(10);

/// Starts the primary; makes its data directory at the first start.
pub(crate) async fn launch_primary(state: &State) -> Result<Process> {
    let layout = state.layout();
    let account = Account::unprivileged(layout.directory())?;
    let data = layout.data(Component::Primary);
    if !data.join("PG_VERSION").exists() {
        initialise(&data, state, &account).await?;
    }
    start_server(state, Component::Primary, state.ports.primary, &account)
}

/// Starts the replica; copies the primary, which must run, at the first start.
pub(crate) async fn launch_replica(state: &State) -> Result<Process> {
    let layout = state.layout();
    let account = Account::unprivileged(layout.directory())?;
    let data = layout.data(Component::Replica);
    // Written when the copy is whole.
    if !data.join(STANDBY_SIGNAL).exists() {
        copy_primary(&data, state, &account).await?;
    }
    start_server(state, Component::Replica, state.ports.replica, &account)
}

/// Whether the primary answers and takes writes.
pub(crate) async fn primary_is_ready(login: &Login) -> Result<bool> {
    let row = one_row(login, "SELECT NOT pg_is_in_recovery()").await?;
    Ok(row.get(0))
}

/// Whether the replica answers and follows the primary.
pub(crate) async fn replica_is_ready(login: &Login) -> Result<bool> {
    let sql = "SELECT pg_is_in_recovery() \
               AND EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')";
    let row = one_row(login, sql).await?;
    Ok(row.get(0))
}

async fn one_row(login: &Login, sql: &str) -> Result<tokio_postgres::Row> {
    let client = login.connect(SUPERUSER).await?;
    client.query_one(sql, &[]).await.map_err(|e| Error::postgres("ask the server for its state", e))
}

/// Makes it aside and renames it, so that a data directory of that name is always whole.
async fn initialise(data: &Path, state: &State, account: &Account) -> Result<()> {
    let aside = data.with_extension("new");
    remove(&aside)?;
    account.make_folder(&aside)?;
    let password_file = state.layout().settings().join("initial-password");
    write_private(&password_file, &state.secrets.superuser)?;
    account.own_path(&password_file)?;
    let mut initdb = command(&programs::find("initdb")?, Lifetime::Bound, account);
    initdb
        .args(["--auth=scram-sha-256", "--encoding=UTF8"])
        .args(["--locale=C.UTF-8", "--no-sync", "--username", SUPERUSER])
        .arg("--pwfile")
        .arg(&password_file)
        .arg("--pgdata")
        .arg(&aside)
        .current_dir("/");
    let made = run("making the primary's data directory", INITDB_LIMIT, initdb).await;
    remove(&password_file)?;
    made?;
    fs::rename(&aside, data).map_err(|e| Error::io(format!("keep {}", data.display()), e))
}

async fn copy_primary(data: &Path, state: &State, account: &Account) -> Result<()> {
    remove(data)?;
    account.make_folder(data)?;
    make_slot(&state.superuser(state.ports.primary)).await?;
    let mut copy = command(&programs::find("pg_basebackup")?, Lifetime::Bound, account);
    copy.args(["--wal-method=stream", "--checkpoint=fast", "--no-sync"])
        .args(["--slot", REPLICA_SLOT])
        .args(["--host=127.0.0.1", "--username", SUPERUSER])
        .args(["--port", &state.ports.primary.to_string()])
        .arg("--pgdata")
        .arg(data)
        .env("PGPASSWORD", &state.secrets.superuser)
        .current_dir("/");
    run("copying the primary", BASEBACKUP_LIMIT, copy).await?;
    let signal = data.join(STANDBY_SIGNAL);
    fs::write(&signal, "").map_err(|e| Error::io(format!("write {}", signal.display()), e))?;
    account.own_path(&signal)
}

async fn make_slot(primary: &Login) -> Result<()> {
    let sql = "SELECT pg_create_physical_replication_slot($1, true) \
               WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)";
    primary
        .connect(SUPERUSER)
        .await?
        .execute(sql, &[&REPLICA_SLOT])
        .await
        .map_err(|e| Error::postgres("make the replica's slot", e))?;
    Ok(())
}

fn start_server(
    state: &State,
    component: Component,
    port: u16,
    account: &Account,
) -> Result<Process> {
    let layout = state.layout();
    let files = config::write(state, component, account)?;
    let mut server = wall_clock::command(&programs::find("postgres")?, state, component, account)?;
    server
        .arg("-D")
        .arg(layout.data(component))
        .args(["-p", &port.to_string()])
        .arg("-c")
        .arg(format!("config_file={}", files.settings.display()))
        .arg("-c")
        .arg(format!("hba_file={}", files.access.display()))
        .current_dir("/");
    spawn(server, &layout.log(component))
}
