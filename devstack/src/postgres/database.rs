//! Roles and databases.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::PgLsn;

use super::client::Login;
use super::{ADMIN, QUERY, SUPERUSER};
use crate::{Error, Result};

/// Makes the two roles of the services, or gives them these passwords. The admin's sees when others
/// began to write, in any database: PostgreSQL tells that to `pg_monitor` only. (Letters and digits only,
/// so they can stand in the statement, which takes no parameters.)
pub(crate) async fn create_roles(primary: &Login, admin: &str, query: &str) -> Result<()> {
    let sql = format!(
        "DO $$ BEGIN \
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ADMIN}') THEN \
             CREATE ROLE {ADMIN}; END IF; \
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{QUERY}') THEN \
             CREATE ROLE {QUERY}; END IF; \
         END $$; \
         ALTER ROLE {ADMIN} LOGIN REPLICATION PASSWORD '{admin}'; \
         ALTER ROLE {QUERY} LOGIN PASSWORD '{query}'; \
         GRANT pg_monitor TO {ADMIN};"
    );
    primary
        .connect(SUPERUSER)
        .await?
        .batch_execute(&sql)
        .await
        .map_err(|e| Error::postgres("make the roles", e))
}

/// Makes a database that belongs to the admin role, unless it is there already. Both roles may
/// read the server's identity, which the beat and the polls compare.
pub(crate) async fn create_database(primary: &Login, name: &str) -> Result<()> {
    let client = primary.connect(SUPERUSER).await?;
    let made = client.batch_execute(&format!("CREATE DATABASE \"{name}\" OWNER {ADMIN}")).await;
    match made {
        Err(e) if e.code() != Some(&SqlState::DUPLICATE_DATABASE) => {
            return Err(Error::postgres(format!("make the database {name}"), e));
        }
        _ => {}
    }
    primary
        .connect(name)
        .await?
        .batch_execute(&format!(
            "GRANT EXECUTE ON FUNCTION pg_control_system() TO {ADMIN}, {QUERY}"
        ))
        .await
        .map_err(|e| Error::postgres("grant the server's identity", e))
}

/// Makes a database as a copy of `template`, to which nobody may be connected. Gives the position
/// in the log behind the copy.
pub(crate) async fn clone_database(primary: &Login, template: &str, name: &str) -> Result<PgLsn> {
    let client = primary.connect(SUPERUSER).await?;
    client
        .batch_execute(&format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" OWNER {ADMIN}"))
        .await
        .map_err(|e| Error::postgres(format!("copy {template} to the database {name}"), e))?;
    position(&client).await
}

/// The position in the primary's log behind all that has been written.
pub(crate) async fn log_position(primary: &Login) -> Result<PgLsn> {
    position(&primary.connect(SUPERUSER).await?).await
}

async fn position(client: &Client) -> Result<PgLsn> {
    let row = client
        .query_one("SELECT pg_current_wal_lsn()", &[])
        .await
        .map_err(|e| Error::postgres("read the position of the log", e))?;
    Ok(row.get(0))
}

/// Whether the replica has replayed the log up to `position`.
pub(crate) async fn is_replicated(replica: &Login, position: PgLsn) -> Result<bool> {
    let row = replica
        .connect(SUPERUSER)
        .await?
        .query_one("SELECT coalesce(pg_last_wal_replay_lsn() >= $1, false)", &[&position])
        .await
        .map_err(|e| Error::postgres("read the replica's position", e))?;
    Ok(row.get(0))
}

/// Drops the databases, with their slots, whose name begins with `prefix` and for which
/// `is_left` says so. A slot that stays would hold the log of the whole server.
pub(crate) async fn remove_leftovers(
    primary: &Login,
    prefix: &str,
    is_left: impl Fn(&str) -> bool,
) -> Result<()> {
    let client = primary.connect(SUPERUSER).await?;
    let told = |e| Error::postgres("remove the databases of tests that have ended", e);
    let sql = "SELECT datname FROM pg_database WHERE starts_with(datname, $1)";
    for row in client.query(sql, &[&prefix]).await.map_err(told)? {
        let name: String = row.get(0);
        if is_left(&name) {
            let slots = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots \
                         WHERE database = $1 AND NOT active";
            client.execute(slots, &[&name]).await.map_err(told)?;
            let drop = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
            client.batch_execute(&drop).await.map_err(told)?;
        }
    }
    Ok(())
}
