//! What `make up` adds to a running stack.

use std::time::Duration;

use crate::account::Account;
use crate::health::running;
use crate::keys::write_private;
use crate::layout::binaries_folder;
use crate::process::{Lifetime, command, run};
use crate::stack::DATABASE;
use crate::{Component, Error, Ports, Result, Stack, services};

const TOKEN_LIMIT: Duration = Duration::from_secs(20);

impl Stack {
    /// Takes over a stack of an earlier run: with this program's binaries and, when nothing of it
    /// runs, with these ports.
    pub fn adopt(&self, ports: Ports) -> Result<()> {
        let binaries = binaries_folder()?;
        let stopped =
            Component::all().all(|component| self.process(component).is_none_or(|p| !p.is_alive()));
        self.update(|state| {
            state.binaries = binaries;
            if stopped {
                state.ports = ports;
            }
        })
    }

    /// Refuses when somebody else listens where a part that does not run yet is to listen.
    pub async fn check_ports(&self) -> Result<()> {
        let state = self.state();
        for component in Component::all() {
            if running(&state, component).is_none() {
                state.ports.check_free(component).await?;
            }
        }
        Ok(())
    }

    /// Has catalog-admin make an editor's token with the development key, and keeps it in a file
    /// that only its owner can read.
    pub async fn issue_token(&self) -> Result<()> {
        let state = self.state();
        let layout = state.layout();
        let program = services::binary(&state, Component::Admin)?;
        let mut admin = command(&program, Lifetime::Bound, &Account::own());
        admin.args(["token", "--role", "editor", "--key"]).arg(layout.signing_key());
        let token = run("making an editor's token", TOKEN_LIMIT, admin).await?;
        write_private(&layout.editor_token(), token.trim())
    }

    /// Whether nothing has ever been put into the catalog.
    pub async fn catalog_is_empty(&self) -> Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT FROM product) AND NOT EXISTS (SELECT FROM category)";
        let state = self.state();
        let client = state.query(state.ports.primary).connect(DATABASE).await?;
        let row = client
            .query_one(sql, &[])
            .await
            .map_err(|e| Error::postgres("look whether the catalog is empty", e))?;
        Ok(row.get(0))
    }

    /// The id of a product that storefronts can read now, if there is one.
    pub async fn example_product(&self) -> Result<Option<String>> {
        let sql = "SELECT id::text FROM product \
                   WHERE status = 'active' AND deleted_at IS NULL \
                     AND coalesce(publish_at <= now(), true) \
                     AND coalesce(unpublish_at > now(), true) \
                   ORDER BY created_at, id LIMIT 1";
        let state = self.state();
        let client = state.query(state.ports.primary).connect(DATABASE).await?;
        let row = client
            .query_opt(sql, &[])
            .await
            .map_err(|e| Error::postgres("look for a product", e))?;
        Ok(row.map(|row| row.get(0)))
    }
}
