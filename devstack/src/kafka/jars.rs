//! The broker's jars, resolved once by Maven and kept beside the build.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::fcntl::{Flock, FlockArg};

use crate::account::Account;
use crate::process::{Lifetime, command, run};
use crate::workspace::beside_the_build;
use crate::{Error, Progress, Result, program};

const POM: &str = include_str!("../../kafka/pom.xml");
const MAVEN_LIMIT: Duration = Duration::from_mins(15);

/// The folder with the jars; fetches them when they are not there yet.
pub(crate) async fn prepare(progress: Progress) -> Result<PathBuf> {
    let cache = beside_the_build();
    let jars = cache.join(format!("kafka-{}", version()));
    if jars.is_dir() {
        return Ok(jars);
    }
    fs::create_dir_all(&cache)
        .map_err(|e| Error::io(format!("make the folder {}", cache.display()), e))?;
    let _only_one = lock(cache.join("lock")).await?;
    // Somebody else may have fetched them while this process waited for the lock.
    if !jars.is_dir() {
        progress.say("  Kafka's jars: resolving with Maven, once (about 40 MB)");
        fetch(&cache, &jars).await?;
    }
    Ok(jars)
}

/// Fetches into a folder aside and renames it, so that a folder of that name is always whole.
async fn fetch(cache: &Path, jars: &Path) -> Result<()> {
    let maven =
        program::find("mvn").ok_or(Error::Missing { program: "Maven", package: "maven" })?;
    let folder = tempfile::tempdir_in(cache)
        .map_err(|e| Error::io(format!("make a folder in {}", cache.display()), e))?;
    let pom = folder.path().join("pom.xml");
    fs::write(&pom, POM).map_err(|e| Error::io(format!("write {}", pom.display()), e))?;
    let output = folder.path().join("jars");
    let mut copy = command(&maven, Lifetime::Bound, &Account::own());
    copy.args(["--batch-mode", "--quiet", "dependency:copy-dependencies"])
        .arg(format!("-DoutputDirectory={}", output.display()))
        .arg("--file")
        .arg(&pom);
    run("resolving Kafka's jars with Maven", MAVEN_LIMIT, copy).await?;
    fs::rename(&output, jars).map_err(|e| Error::io(format!("keep {}", jars.display()), e))
}

async fn lock(path: PathBuf) -> Result<Flock<fs::File>> {
    let told = |e| Error::io("lock the folder of Kafka's jars", e);
    let file = fs::File::create(path).map_err(told)?;
    tokio::task::spawn_blocking(move || Flock::lock(file, FlockArg::LockExclusive))
        .await
        .map_err(|e| told(e.into()))?
        .map_err(|(_, e)| told(e.into()))
}

/// The version in the pom, the only place that names it.
fn version() -> &'static str {
    let (_, rest) = POM.split_once("<kafka.version>").unwrap_or(("", POM));
    rest.split_once("</kafka.version>").map_or("unknown", |(version, _)| version)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_read_from_the_pom() {
        let version = super::version();
        assert!(version.starts_with("4."), "{version}");
    }
}
