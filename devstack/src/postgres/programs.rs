//! Finding the server programs of the newest installed PostgreSQL.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The oldest major version whose functions the catalog uses.
const OLDEST: u32 = 15;
/// Where Debian and Ubuntu keep the versions beside each other.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The path of a server program such as `initdb`.
pub(super) fn find(program: &str) -> Result<PathBuf> {
    newest(Path::new(DEBIAN))
        .map(|folder| folder.join("bin").join(program))
        .filter(|path| path.is_file())
        .ok_or(Error::Missing {
            program: "PostgreSQL 15 or newer",
            package: "postgresql (Debian 12, Ubuntu 24.04 or newer have it)",
        })
}

fn newest(versions: &Path) -> Option<PathBuf> {
    fs::read_dir(versions)
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            (version >= OLDEST).then(|| (version, entry.path()))
        })
        .max()
        .map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_taken_and_old_ones_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["9.6", "14", "15", "17", "other"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        assert_eq!(newest(folder.path()), Some(folder.path().join("17")));
        fs::remove_dir(folder.path().join("17")).expect("removed");
        fs::remove_dir(folder.path().join("15")).expect("removed");
        assert_eq!(newest(folder.path()), None);
    }
}
