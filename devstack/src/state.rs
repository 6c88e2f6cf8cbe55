//! What is known of a stack, kept in its `stack.json`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::postgres::{ADMIN, Login, QUERY, SUPERUSER};
use crate::private_file::write_private;
use crate::process::{Lifetime, Process};
use crate::{Addresses, Component, Error, Ports, Purpose, Result, secret};

/// The whole description of a stack; whoever reads it can control the stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) directory: PathBuf,
    /// The folder of the services' binaries.
    pub(crate) binaries: PathBuf,
    pub(crate) purpose: Purpose,
    pub(crate) lifetime: Lifetime,
    pub(crate) ports: Ports,
    pub(crate) secrets: Secrets,
    /// Settings of the services beside those that devstack gives.
    pub(crate) service_settings: BTreeMap<String, String>,
    /// The processes that were started and not stopped or killed by name since.
    pub(crate) processes: BTreeMap<Component, Process>,
}

/// What this stack's parts know each other by; made anew for every stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secrets {
    pub(crate) superuser: String,
    pub(crate) admin: String,
    pub(crate) query: String,
    pub(crate) cursor_key: String,
    pub(crate) session_key: String,
}

impl Secrets {
    pub(crate) fn generate() -> Self {
        Self {
            superuser: secret::letters(32),
            admin: secret::letters(32),
            query: secret::letters(32),
            cursor_key: secret::letters(48),
            session_key: secret::letters(48),
        }
    }
}

/// The file as it is written: for scripts, the addresses stand first and ready to use.
#[derive(Serialize)]
struct Written<'a> {
    addresses: Addresses,
    #[serde(flatten)]
    state: &'a State,
}

impl State {
    pub(crate) fn layout(&self) -> Layout {
        Layout::new(&self.directory)
    }

    /// The superuser of the server on `port`.
    pub(crate) fn superuser(&self, port: u16) -> Login {
        login(port, SUPERUSER, &self.secrets.superuser)
    }

    /// The services' writing role on the server on `port`.
    pub(crate) fn admin(&self, port: u16) -> Login {
        login(port, ADMIN, &self.secrets.admin)
    }

    /// The services' reading role on the server on `port`.
    pub(crate) fn query(&self, port: u16) -> Login {
        login(port, QUERY, &self.secrets.query)
    }

    /// Reads the description of the stack in that directory.
    pub(crate) fn load(layout: &Layout) -> Result<Self> {
        let path = layout.stack_file();
        let text = fs::read_to_string(&path)
            .map_err(|_| Error::NoStack(layout.directory().to_path_buf()))?;
        serde_json::from_str(&text).map_err(|e| Error::BadState { path, detail: e.to_string() })
    }

    /// Writes it, whole or not at all, for its owner alone: it holds passwords.
    pub(crate) fn save(&self) -> Result<()> {
        let path = self.layout().stack_file();
        let written = Written { addresses: Addresses::of(self), state: self };
        let text = serde_json::to_string_pretty(&written)
            .map_err(|e| Error::BadState { path: path.clone(), detail: e.to_string() })?;
        let aside = path.with_extension("json.new");
        write_private(&aside, &(text + "\n"))?;
        fs::rename(&aside, &path).map_err(|e| Error::io(format!("write {}", path.display()), e))
    }
}

fn login(port: u16, role: &str, password: &str) -> Login {
    Login { port, role: role.to_owned(), password: password.to_owned() }
}
