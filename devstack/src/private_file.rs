//! Files that hold secrets.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::{Error, Result};

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let told = |e| Error::io(format!("write {}", path.display()), e);
    // The mode counts only for a new file.
    if path.exists() {
        fs::remove_file(path).map_err(told)?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(told)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_others_could_read_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        fs::write(&path, "old").expect("written");
        write_private(&path, "new").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("readable"), "new");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_full_disk_is_told_with_the_path() {
        // Every write to this device fails so (full(4)).
        let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let error = (&full).write_all(b"x").expect_err("it is full");
        let sentence = Error::io("write /somewhere/file", error).to_string();
        assert!(
            sentence.starts_with("cannot write /somewhere/file: the disk is full"),
            "{sentence}"
        );
        assert!(sentence.contains("free some space"), "{sentence}");
    }
}
