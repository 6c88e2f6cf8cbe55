//! `devstack status`.

use std::path::Path;
use std::process::ExitCode;

use devstack::{Addresses, Component, Health, Stack};

use super::output;

pub(super) async fn run(directory: &Path) -> anyhow::Result<ExitCode> {
    let stack = Stack::attach(directory)?;
    let addresses = stack.addresses();
    let mut all_ready = true;
    let mut lines = vec![line("PART", "STATE", "PID", "ADDRESS")];
    for component in Component::all() {
        let health = stack.health(component).await;
        all_ready &= health == Health::Ready;
        let pid = stack
            .process(component)
            .filter(|process| process.is_alive())
            .map_or_else(|| "-".to_owned(), |process| process.pid.to_string());
        let address = address(&addresses, component);
        lines.push(line(component.name(), word(health), &pid, &address));
    }
    output::show(&lines.concat())?;
    Ok(if all_ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(part: &str, state: &str, pid: &str, address: &str) -> String {
    format!("{part:<12} {state:<8} {pid:>8}  {address}\n")
}

fn word(health: Health) -> &'static str {
    match health {
        Health::Ready => "ready",
        Health::Unready => "unready",
        Health::Paused => "paused",
        Health::Down => "down",
    }
}

/// Without passwords: a status is often pasted somewhere.
fn address(addresses: &Addresses, component: Component) -> String {
    let behind_password = |url: &str| {
        let (_, place) = url.rsplit_once('@').unwrap_or(("", url));
        format!("postgres://{place}")
    };
    match component {
        Component::Primary => behind_password(&addresses.primary.query),
        Component::Replica => behind_password(&addresses.replica.query),
        Component::Redis => addresses.redis.clone(),
        Component::Kafka => addresses.kafka.clone(),
        Component::QueryOne => addresses.query[0].clone(),
        Component::QueryTwo => addresses.query[1].clone(),
        Component::Admin => addresses.admin.clone(),
        Component::Invalidator => addresses.invalidator_ops.clone(),
    }
}
