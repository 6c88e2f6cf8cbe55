//! `devstack up`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use devstack::{COLLECTOR, Error, Lifetime, Plan, Ports, Progress, Purpose, Stack};

use super::{demonstration, lock, output, summary};

pub(super) async fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    let _lock = lock::take(directory)?;
    let progress = Progress::Stderr;
    let stack = find_or_create(directory)?;
    // All of them first: nobody should wait for the stores to hear that a service cannot start.
    stack.check_ports().await?;
    progress.say("stores");
    stack.start_stores(progress).await?;
    progress.say("services");
    stack.start_services(progress).await?;
    stack.issue_token().await?;
    demonstration::load_if_empty(&stack, progress).await?;
    let example = stack.example_product().await?;
    output::show(&summary::text(&stack.addresses(), example.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}

/// Spans go to where a collector on the same machine listens, if there is one, and only of traces
/// that a caller wants recorded.
fn traces() -> BTreeMap<String, String> {
    let settings = [
        ("VITRINA_TRACES__ENDPOINT", format!("http://{COLLECTOR}")),
        ("VITRINA_TRACES__SAMPLE_RATIO", "0".to_owned()),
    ];
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A stack that has stopped takes the ports that are asked for now; one that runs keeps its own.
fn find_or_create(directory: &Path) -> anyhow::Result<Stack> {
    match Stack::attach(directory) {
        Ok(stack) => {
            stack.adopt(Ports::development()?)?;
            Ok(stack)
        }
        Err(Error::NoStack(_)) => Ok(Stack::create(Plan {
            directory: directory.to_path_buf(),
            purpose: Purpose::Development,
            lifetime: Lifetime::Daemon,
            ports: Ports::development()?,
            service_settings: traces(),
        })?),
        Err(error) => Err(error.into()),
    }
}
