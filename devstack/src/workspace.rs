//! Where this program and its project lie.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The root of the workspace that this program was built from.
pub fn workspace_root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).to_path_buf()
}

/// What devstack keeps beside the build: Kafka's jars, and the private stacks of tests.
pub(crate) fn beside_the_build() -> PathBuf {
    workspace_root().join("target/devstack")
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
