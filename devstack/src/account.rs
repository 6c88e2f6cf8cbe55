//! The account under which PostgreSQL runs: it refuses to run as root.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use nix::unistd::{User, chown, geteuid};

use crate::{Error, Result};

/// Whom a process runs as.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    other: Option<User>,
    reaches_closed_folders: bool,
}

impl Account {
    /// Whoever runs this program.
    pub(crate) fn own() -> Self {
        Self { other: None, reaches_closed_folders: false }
    }

    /// Whoever runs this program or, for root, the account of Debian's PostgreSQL package; it is
    /// to work in `folder`.
    pub(crate) fn unprivileged(folder: &Path) -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::own());
        }
        let user = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .ok_or(Error::Missing { program: "the account `postgres`", package: "postgresql" })?;
        Ok(Self {
            other: Some(user),
            reaches_closed_folders: folder.ancestors().any(is_closed_to_others),
        })
    }

    /// Makes `folder`, open to this account alone.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<()> {
        let told = || format!("make the folder {}", folder.display());
        fs::create_dir_all(folder)
            .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o700)))
            .map_err(|e| Error::io(told(), e))?;
        self.own_path(folder)
    }

    /// Gives `path` to this account.
    pub(crate) fn own_path(&self, path: &Path) -> Result<()> {
        let Some(user) = &self.other else {
            return Ok(());
        };
        chown(path, Some(user.uid), Some(user.gid))
            .map_err(|e| Error::io(format!("give {} to {}", path.display(), user.name), e.into()))
    }

    /// What to ask of setpriv(1); nothing for one's own account.
    pub(crate) fn setpriv_arguments(&self) -> Vec<String> {
        let Some(user) = &self.other else {
            return Vec::new();
        };
        let mut arguments = vec![
            format!("--reuid={}", user.uid),
            format!("--regid={}", user.gid),
            "--clear-groups".to_owned(),
        ];
        if self.reaches_closed_folders {
            // The project may lie below /root, which the account could not enter otherwise.
            arguments.push("--inh-caps=+dac_override".to_owned());
            arguments.push("--ambient-caps=+dac_override".to_owned());
        }
        arguments
    }
}

fn is_closed_to_others(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|data| data.is_dir() && data.mode() & 0o001 == 0)
}
