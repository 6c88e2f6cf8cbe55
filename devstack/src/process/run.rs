//! Running helper programs to their end.

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tokio::time::timeout;

use crate::{Error, Result};

/// Runs a helper program within `limit` and gives its standard output; when it fails, the last
/// lines of what it wrote tell why.
pub(crate) async fn run(what: &str, limit: Duration, command: Command) -> Result<String> {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(limit, command.output())
        .await
        .map_err(|_| Error::TimedOut { what: what.to_owned(), seconds: limit.as_secs() })?
        .map_err(|e| Error::io(what, e))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::Command { what: what.to_owned(), detail: last_words(&output) })
}

fn last_words(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    let words =
        if errors.trim().is_empty() { String::from_utf8_lossy(&output.stdout) } else { errors };
    let lines: Vec<&str> = words.trim().lines().collect();
    let last = lines[lines.len().saturating_sub(4)..].join(" | ");
    if last.is_empty() { output.status.to_string() } else { last }
}
