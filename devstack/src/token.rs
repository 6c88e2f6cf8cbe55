//! An editor's token for development.

use std::time::Duration;

use crate::account::Account;
use crate::private_file::write_private;
use crate::process::{Lifetime, command, run};
use crate::{Component, Result, Stack, services};

const LIMIT: Duration = Duration::from_secs(20);

impl Stack {
    /// Has catalog-admin make an editor's token with the development key, and keeps it in a file
    /// that only its owner can read.
    pub async fn issue_token(&self) -> Result<()> {
        let state = self.state();
        let layout = state.layout();
        let program = services::binary(&state, Component::Admin)?;
        let mut admin = command(&program, Lifetime::Bound, &Account::own());
        admin.args(["token", "--role", "editor", "--key"]).arg(layout.signing_key());
        let token = run("making an editor's token", LIMIT, admin).await?;
        write_private(&layout.editor_token(), token.trim())
    }
}
