//! What is asked, and what that makes of the stores.

use devstack::Stack;
use uuid::Uuid;

use super::{
    Plan,
    servers::{Servers, crowd},
};
use crate::speed::{
    burst::{Call, burst},
    replica_log::ReplicaLog,
    requests,
    wire::Wire,
};

/// What was measured.
pub(super) struct Measured {
    /// How often Redis read from a connection for all batches,
    pub(super) reads: u64,
    /// and how many products it was asked for.
    pub(super) gets: u64,
    /// How many products Redis was asked for while many asked for the same,
    pub(super) crowded_gets: u64,
    /// and the replica, as its log tells.
    pub(super) crowded_loads: u64,
    /// How many of those who asked joined another's load.
    pub(super) joined: u64,
    /// How many asked for a product in a crowd, alone or among others.
    pub(super) asked: u64,
}

pub(super) async fn measure(
    stack: &Stack,
    servers: &Servers,
    plan: &Plan,
) -> anyhow::Result<Measured> {
    let (reads, gets) = batches(servers, plan).await?;
    let joined = servers.joined().await?;
    let before = servers.redis.counts().await?;
    crowds(servers, plan, &servers.products.crowded_shared).await?;
    let crowded_gets = servers.redis.counts().await?.calls_since(&before, "get");
    let missed = &servers.products.crowded_missed;
    let crowded_loads = ReplicaLog::during(stack, async |log: &ReplicaLog| {
        let place = log.end()?;
        crowds(servers, plan, missed).await?;
        log.asked_since(place, missed)
    })
    .await?;
    let joined = servers.joined().await? - joined;
    let a_crowd = calls_of(plan).iter().map(Vec::len).sum::<usize>();
    let asked = (2 * plan.crowds * a_crowd) as u64;
    Ok(Measured { reads, gets, crowded_gets, crowded_loads, joined, asked })
}

impl Servers {
    async fn joined(&self) -> anyhow::Result<u64> {
        self.catalog_query.metrics().await?.counted("vitrina_loads_coalesced_total", &[])
    }
}

/// One after the other over one connection, so that no two can have a round trip in common.
async fn batches(servers: &Servers, plan: &Plan) -> anyhow::Result<(u64, u64)> {
    let half = plan.of / 2;
    let products = &servers.products;
    let halves = products.remembered.chunks(half).zip(products.shared.chunks(half));
    let mixed = halves.map(|(remembered, shared)| {
        let pairs = remembered.iter().zip(shared);
        requests::products(&pairs.flat_map(|(one, other)| [*one, *other]).collect::<Vec<_>>())
    });
    let address = servers.catalog_query.address();
    let wire = Wire { address, requests: mixed.collect(), connections: 1 };
    let before = servers.redis.counts().await?;
    wire.each_once().await?;
    let after = servers.redis.counts().await?;
    Ok((after.reads_since(&before), after.calls_since(&before, "get")))
}

/// Crowds, one after the other: each asks for its own products, all at once.
async fn crowds(servers: &Servers, plan: &Plan, products: &[Uuid]) -> anyhow::Result<()> {
    let address = servers.catalog_query.address();
    for products in products.chunks(crowd(plan)) {
        let of = |places: Vec<usize>| -> Vec<Uuid> {
            places.into_iter().map(|place| products[place]).collect()
        };
        let calls = calls_of(plan).into_iter().map(|places| {
            let request = match of(places).as_slice() {
                [one] => requests::product(*one, ""),
                many => requests::products(many),
            };
            Call { address, request }
        });
        burst(calls.collect(), 1).await?;
    }
    Ok(())
}

/// For which products of a crowd each call asks, by their places: two batches that have half of theirs in
/// common, a third with every second product, and each product by itself.
fn calls_of(plan: &Plan) -> Vec<Vec<usize>> {
    let all = crowd(plan);
    let batches: [Vec<usize>; 3] =
        [(0..plan.of).collect(), (all - plan.of..all).collect(), (0..all).step_by(2).collect()];
    batches.into_iter().chain((0..all).map(|place| vec![place])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_product_of_a_crowd_is_asked_for_alone_and_in_overlapping_batches() {
        let plan = Plan { of: 4, ..Plan::SHORT };
        let calls = calls_of(&plan);
        let batches: [Vec<usize>; 3] = [vec![0, 1, 2, 3], vec![2, 3, 4, 5], vec![0, 2, 4]];
        assert_eq!(calls[..3], batches);
        assert_eq!(calls.len(), 3 + crowd(&plan));
        assert_eq!(calls[3..].concat(), (0..6).collect::<Vec<_>>());
    }
}
