//! What is asked, and how often that makes them ask the replica.

use std::iter::zip;

use devstack::Stack;

use super::{Plan, servers::Servers};
use crate::speed::{
    burst::{Call, burst},
    replica_log::ReplicaLog,
    requests,
    wire::Wire,
};

/// How many statements the replica got. Each is one round trip: the connections have it prepared since before
/// the process was ready, so that binding it, its execution and its answer go there and back once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Statements {
    /// As those who asked counted.
    pub(super) counted: u64,
    /// As the replica's log tells.
    pub(super) logged: u64,
}

/// What was measured.
pub(super) struct Measured {
    /// For products that were asked for one after the other, once each.
    pub(super) alone: Statements,
    /// For one product after the other, each asked for by a herd.
    pub(super) herds: Vec<Statements>,
}

pub(super) async fn measure(
    stack: &Stack,
    servers: &Servers,
    plan: &Plan,
) -> anyhow::Result<Measured> {
    ReplicaLog::during(stack, async |log: &ReplicaLog| {
        let alone = alone(servers, log).await?;
        let herds = herds(servers, plan, log).await?;
        anyhow::Ok(Measured { alone, herds })
    })
    .await
}

async fn alone(servers: &Servers, log: &ReplicaLog) -> anyhow::Result<Statements> {
    let requests = requests::list(&servers.alone, |product| requests::product(product, ""));
    let wire = Wire { address: servers.pods[0].address(), requests, connections: 1 };
    let (place, before) = (log.end()?, servers.replica_loads().await?);
    wire.each_once().await?;
    let counted = servers.replica_loads().await? - before;
    Ok(Statements { counted, logged: log.asked_since(place, &servers.alone)? })
}

async fn herds(
    servers: &Servers,
    plan: &Plan,
    log: &ReplicaLog,
) -> anyhow::Result<Vec<Statements>> {
    let mut herds = Vec::new();
    for product in &servers.herded {
        let pods = servers.pods.iter().cycle();
        let calls = zip(0..plan.connections, pods).map(|(_, pod)| Call {
            address: pod.address(),
            request: requests::product(*product, ""),
        });
        let (place, before) = (log.end()?, servers.replica_loads().await?);
        burst(calls.collect(), plan.requests / plan.connections).await?;
        let counted = servers.replica_loads().await? - before;
        herds.push(Statements { counted, logged: log.asked_since(place, &[*product])? });
    }
    Ok(herds)
}
