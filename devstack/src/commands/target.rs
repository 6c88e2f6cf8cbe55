//! Which catalog-admin is meant.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use devstack::Stack;
use devstack::loading::Loading;

/// Another catalog-admin than the stack's.
#[derive(Debug, clap::Args)]
pub(super) struct Target {
    /// The address of catalog-admin [default: that of the stack]
    #[arg(long, requires = "token_file")]
    admin: Option<String>,
    /// The file with an editor's token [default: that of the stack]
    #[arg(long)]
    token_file: Option<PathBuf>,
}

impl Target {
    /// The one that is named, and for what is not named that of the stack in `directory`.
    pub(super) fn find(&self, directory: &Path) -> anyhow::Result<Loading> {
        let (admin, token_file) = match (&self.admin, &self.token_file) {
            (Some(admin), Some(token_file)) => (admin.clone(), token_file),
            (_, None) => return Ok(Loading::of(&Stack::attach(directory)?.addresses())?),
            (None, Some(token_file)) => (Stack::attach(directory)?.addresses().admin, token_file),
        };
        let token = std::fs::read_to_string(token_file)
            .with_context(|| format!("cannot read the token {}", token_file.display()))?;
        Ok(Loading { admin, token: token.trim().to_owned() })
    }
}
