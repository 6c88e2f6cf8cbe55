//! Stacks for tests: one that is shared, and private ones for tests that break things.

mod isolated;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::layout::Layout;
use crate::process::Lifetime;
use crate::workspace::beside_the_build;
use crate::{Error, Plan, Ports, Progress, Purpose, Result, Stack, wall_clock};

pub use isolated::Isolated;

/// The environment variable with the path of the shared stack's `stack.json`.
pub const TEST_STACK_VARIABLE: &str = "VITRINA_TEST_STACK";

/// A stack that a test may use; it can be used as the [`Stack`] that it is.
#[derive(Debug)]
pub struct TestStack {
    stack: Stack,
    /// The folder of a private stack, which goes when the test does.
    private: Option<Folder>,
}

impl TestStack {
    /// The stack that `devstack test` started for all tests. Nobody may break it: take
    /// [`own`](Self::own) for that.
    pub fn shared() -> Result<Self> {
        Self::described_by(std::env::var_os(TEST_STACK_VARIABLE))
    }

    fn described_by(file: Option<OsString>) -> Result<Self> {
        let file = PathBuf::from(file.ok_or(Error::NoTestStack)?);
        let directory = file.parent().ok_or(Error::NoTestStack)?;
        Ok(Self { stack: Stack::attach(directory)?, private: None })
    }

    /// A private stack with running stores, on free ports; it ends when this is dropped. Services
    /// are started by name, or all by [`Stack::start_services`].
    pub async fn own() -> Result<Self> {
        Self::own_with(BTreeMap::new()).await
    }

    /// Like [`own`](Self::own), with `VITRINA_…` settings for the services.
    pub async fn own_with(service_settings: BTreeMap<String, String>) -> Result<Self> {
        let test_stack = Self::new(private_folder()?, service_settings)?;
        test_stack.start_stores(Progress::Silent).await?;
        Ok(test_stack)
    }

    /// Like [`own`](Self::own), with wall clocks that can be set by [`Stack::set_wall_clock`].
    pub async fn own_with_clocks() -> Result<Self> {
        let test_stack = Self::new(private_folder()?, BTreeMap::new())?;
        wall_clock::create(&test_stack.layout())?;
        test_stack.start_stores(Progress::Silent).await?;
        Ok(test_stack)
    }

    /// A private stack in which nothing runs yet, in that directory (whose old content is removed
    /// and whose new content stays) or in a temporary one; with `VITRINA_…` settings for the services.
    pub fn prepare(
        directory: Option<PathBuf>,
        service_settings: BTreeMap<String, String>,
    ) -> Result<Self> {
        let folder = match directory {
            Some(directory) => Folder::kept(&directory)?,
            None => private_folder()?,
        };
        Self::new(folder, service_settings)
    }

    fn new(folder: Folder, service_settings: BTreeMap<String, String>) -> Result<Self> {
        Ok(Self {
            stack: Stack::create(Plan {
                directory: folder.path().to_path_buf(),
                purpose: Purpose::Test,
                lifetime: Lifetime::Bound,
                ports: Ports::free()?,
                service_settings,
            })?,
            private: Some(folder),
        })
    }

    /// A database, prefixes and names that no other test has.
    pub async fn isolated(&self) -> Result<Isolated> {
        Isolated::create(&self.stack).await
    }
}

impl Deref for TestStack {
    type Target = Stack;

    fn deref(&self) -> &Stack {
        &self.stack
    }
}

impl Drop for TestStack {
    fn drop(&mut self) {
        // What is shared belongs to whoever started it.
        if self.private.is_some() {
            self.stack.kill_all();
        }
    }
}

/// Where a private stack lies.
#[derive(Debug)]
enum Folder {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(path) => path,
        }
    }

    /// A folder without what a stack of an earlier run left there.
    fn kept(directory: &Path) -> Result<Self> {
        let path = std::path::absolute(directory)
            .map_err(|e| Error::io(format!("find {}", directory.display()), e))?;
        match Stack::attach(&path) {
            Ok(old) if old.state().purpose == Purpose::Development => {
                return Err(Error::NotForTests(path));
            }
            Ok(old) => old.kill_all(),
            Err(Error::NoStack(_)) => {}
            Err(error) => return Err(error),
        }
        Layout::new(&path).clear()?;
        Ok(Self::Kept(path))
    }
}

/// A folder that PostgreSQL's account can enter: where TMPDIR says, or beside the build, because
/// the system's place for temporary files is often a small one in memory.
fn private_folder() -> Result<Folder> {
    let place = std::env::var_os("TMPDIR").map_or_else(beside_the_build, PathBuf::from);
    let told = |e| Error::io(format!("make a folder for a test's stack in {}", place.display()), e);
    fs::create_dir_all(&place).map_err(told)?;
    tempfile::Builder::new()
        .prefix("vitrina-test-")
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir_in(&place)
        .map(Folder::Temporary)
        .map_err(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_shared_stack_a_test_is_told_how_to_get_one() {
        let sentence = TestStack::described_by(None).expect_err("there is none").to_string();
        assert!(sentence.contains("`make test`"), "{sentence}");
        let gone = Some("/nowhere/stack.json".into());
        let sentence = TestStack::described_by(gone).expect_err("it is gone").to_string();
        assert!(sentence.contains("/nowhere"), "{sentence}");
    }

    #[test]
    fn a_developers_stack_is_not_cleared_for_tests() {
        let folder = tempfile::tempdir().expect("a folder");
        let directory = folder.path().to_path_buf();
        let create = |purpose| {
            Stack::create(Plan {
                directory: directory.clone(),
                purpose,
                lifetime: Lifetime::Daemon,
                ports: Ports::free().expect("free ports"),
                service_settings: BTreeMap::new(),
            })
            .expect("a stack")
        };
        let stack = create(Purpose::Development);
        let error = TestStack::prepare(Some(directory.clone()), BTreeMap::new())
            .expect_err("it is a developer's");
        assert!(matches!(error, Error::NotForTests(_)), "{error}");
        assert!(stack.layout().stack_file().exists());
        create(Purpose::Test);
        TestStack::prepare(Some(directory), BTreeMap::new()).expect("what tests left is cleared");
    }
}
