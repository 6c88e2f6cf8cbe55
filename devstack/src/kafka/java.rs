//! Finding a Java that runs Kafka.

use std::path::PathBuf;
use std::time::Duration;

use crate::account::Account;
use crate::process::{Lifetime, command, run};
use crate::{Error, Result, program};

const OLDEST: u32 = 17;

/// The `java` on the PATH, when it is new enough.
pub(super) async fn find() -> Result<PathBuf> {
    let missing =
        Error::Missing { program: "Java 17 or newer", package: "openjdk-17-jre-headless" };
    let Some(java) = program::find("java") else {
        return Err(missing);
    };
    // `--version` (with two dashes) came with Java 9; an older one fails here.
    let mut asked = command(&java, Lifetime::Bound, &Account::own());
    asked.arg("--version");
    match run("asking Java for its version", Duration::from_secs(20), asked).await {
        Ok(text) if major(&text).is_some_and(|major| major >= OLDEST) => Ok(java),
        _ => Err(missing),
    }
}

fn major(text: &str) -> Option<u32> {
    let version = text.split_whitespace().nth(1)?;
    version.split(['.', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn the_major_version_is_read_from_what_java_prints() {
        assert_eq!(major("openjdk 17.0.15 2025-04-15\nOpenJDK"), Some(17));
        assert_eq!(major("openjdk 25-ea 2025-09-16"), Some(25));
        assert_eq!(major("java"), None);
    }
}
