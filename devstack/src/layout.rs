//! Where the files of a stack lie.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use nix::sys::statvfs::statvfs;

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

    /// Refuses to go on when the disk is nearly full.
    pub(crate) fn check_space(&self, needed_mb: u64) -> Result<()> {
        let stat = statvfs(&self.directory).map_err(|e| {
            Error::io(format!("ask for the free space of {}", self.directory.display()), e.into())
        })?;
        let free_mb = stat.blocks_available() * stat.fragment_size() / 1_048_576;
        if free_mb < needed_mb {
            return Err(Error::DiskFull { path: self.directory.clone(), free_mb, needed_mb });
        }
        Ok(())
    }
}

/// Removes a file, or a folder with its content; it may be missing.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io(format!("remove {}", path.display()), e))
        }
        _ => Ok(()),
    }
}

/// The root of the workspace that this program was built from.
pub fn workspace_root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).to_path_buf()
}

/// The folder of the binaries that were built with this program, so in the same profile.
pub(crate) fn binaries_folder() -> Result<PathBuf> {
    let program =
        std::env::current_exe().map_err(|e| Error::io("find this program's own path", e))?;
    let folder = program.parent().unwrap_or(Path::new("/"));
    // Test binaries lie one folder deeper, in `deps`.
    let folder = match folder.file_name() {
        Some(name) if name == "deps" => folder.parent().unwrap_or(folder),
        _ => folder,
    };
    Ok(folder.to_path_buf())
}
