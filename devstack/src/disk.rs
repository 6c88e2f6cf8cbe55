//! Room on the disk, and removing what takes it.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use nix::sys::statvfs::statvfs;

use crate::{Error, Result};

/// Refuses to go on when the disk of `folder` is nearly full.
pub(crate) fn check_space(folder: &Path, needed_mb: u64) -> Result<()> {
    let stat = statvfs(folder).map_err(|e| {
        Error::io(format!("ask for the free space of {}", folder.display()), e.into())
    })?;
    let free_mb = stat.blocks_available() * stat.fragment_size() / 1_048_576;
    if free_mb < needed_mb {
        return Err(Error::DiskFull { path: folder.to_path_buf(), free_mb, needed_mb });
    }
    Ok(())
}

/// Removes a file, or a folder with its content; it may be missing.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(e) if e.kind() != ErrorKind::NotFound => {
            Err(Error::io(format!("remove {}", path.display()), e))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_room_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        check_space(folder.path(), 0).expect("nothing is needed");
        let error = check_space(folder.path(), u64::MAX).expect_err("no disk is so large");
        let sentence = error.to_string();
        assert!(sentence.contains(&folder.path().display().to_string()), "{sentence}");
        assert!(sentence.contains("free some space"), "{sentence}");
    }
}
