//! Where the files of a stack lie.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::disk::remove;
use crate::{Component, Error, Result};

/// The directory of one stack and the names inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    directory: PathBuf,
}

impl Layout {
    /// The layout of the stack in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// The stack's directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The stack's description, for scripts and for whoever attaches to it.
    pub fn stack_file(&self) -> PathBuf {
        self.directory.join("stack.json")
    }

    /// Held while a command changes the stack.
    pub fn lock_file(&self) -> PathBuf {
        self.directory.join("lock")
    }

    /// The development key that signs tokens (PKCS#8 PEM).
    pub fn signing_key(&self) -> PathBuf {
        self.directory.join("dev-key.pem")
    }

    /// The public half of the development key as a JWK set.
    pub fn jwks(&self) -> PathBuf {
        self.directory.join("jwks.json")
    }

    /// An editor's token.
    pub fn editor_token(&self) -> PathBuf {
        self.directory.join("editor.token")
    }

    /// What a component wrote to its standard output and error.
    pub fn log(&self, component: Component) -> PathBuf {
        self.logs().join(format!("{}.log", component.name()))
    }

    /// Stands there while the demonstration catalog is being loaded.
    pub fn demonstration_mark(&self) -> PathBuf {
        self.directory.join("demonstration-unfinished")
    }

    /// The folder of the logs.
    pub fn logs(&self) -> PathBuf {
        self.directory.join("log")
    }

    /// The data directory of a store.
    pub(crate) fn data(&self, component: Component) -> PathBuf {
        self.directory.join(component.name())
    }

    /// Generated settings of the stores.
    pub(crate) fn settings(&self) -> PathBuf {
        self.directory.join("settings")
    }

    /// How far a component's wall clock is from the machine's, where a test may set it.
    pub(crate) fn wall_clock(&self, component: Component) -> PathBuf {
        self.settings().join(format!("{}.clock", component.name()))
    }

    /// Makes the folders, readable along the way by PostgreSQL's account.
    pub(crate) fn create(&self) -> Result<()> {
        for folder in [self.directory.clone(), self.logs(), self.settings()] {
            fs::create_dir_all(&folder)
                .and_then(|()| fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)))
                .map_err(|e| Error::io(format!("make the folder {}", folder.display()), e))?;
        }
        Ok(())
    }

    /// Removes all that a stack keeps here, and nothing else.
    pub fn clear(&self) -> Result<()> {
        let stores = Component::STORES.map(|store| self.data(store));
        let others = [
            self.data(Component::Primary).with_extension("new"),
            self.logs(),
            self.settings(),
            self.directory.join("tmp"),
            self.demonstration_mark(),
            self.stack_file(),
            self.signing_key(),
            self.jwks(),
            self.editor_token(),
        ];
        stores.iter().chain(&others).try_for_each(|path| remove(path))
    }
}
