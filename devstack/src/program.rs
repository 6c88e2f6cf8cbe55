//! Finding programs on the PATH.

use std::path::PathBuf;

/// The first program of that name on the PATH, or in the administrator's folders, which the PATH
/// of an ordinary account lacks on Debian.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}
