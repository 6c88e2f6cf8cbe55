//! The rounds.

use std::sync::Arc;

use super::{Plan, servers::Servers};
use crate::speed::{
    served::Served,
    speeds::{Speed, median_of},
    wire::{Carried, Wire},
};

/// What was measured.
pub(super) struct Measured {
    pub(super) body: usize,
    pub(super) catalog_query: Vec<Speed>,
    /// By callers who take encodings, and by callers who have the answer.
    pub(super) for_encodings: Vec<Speed>,
    pub(super) whether_changed: Vec<Speed>,
    /// By name, in the same rounds.
    pub(super) peers: Vec<(&'static str, Vec<Speed>)>,
    /// 99th percentiles at the same rate, of catalog-query and of the bare hyper server, in microseconds.
    pub(super) p99: Vec<(u64, u64)>,
    /// That rate.
    pub(super) rate: f64,
}

pub(super) async fn measure(servers: &Servers, plan: &Plan) -> anyhow::Result<Measured> {
    let mut measured = Measured {
        body: servers.body,
        catalog_query: Vec::new(),
        for_encodings: Vec::new(),
        whether_changed: Vec::new(),
        peers: servers.peers.iter().map(|peer| (peer.name, Vec::new())).collect(),
        p99: Vec::new(),
        rate: 0.0,
    };
    let flood = async |server: &Served, requests: &Arc<[Vec<u8>]>| {
        Speed::of(server, &wire(server, requests, plan), plan.lasts).await
    };
    let own = &servers.catalog_query;
    for _ in 0..plan.rounds {
        measured.catalog_query.push(flood(own, &servers.requests).await?);
        for (peer, (_, speeds)) in servers.peers.iter().zip(&mut measured.peers) {
            speeds.push(flood(peer, &servers.requests).await?);
        }
        measured.for_encodings.push(flood(own, &servers.for_encodings).await?);
        measured.whether_changed.push(flood(own, &servers.whether_changed).await?);
    }
    measured.rate = median_of(&measured.catalog_query, |speed| speed.a_second) * plan.load;
    for _ in 0..plan.rounds {
        let paced = async |server: &Served| -> anyhow::Result<Carried> {
            wire(server, &servers.requests, plan).pace(measured.rate, plan.lasts).await
        };
        let (mine, hyper) = (paced(own).await?, paced(&servers.peers[0]).await?);
        let p99 = |carried: &Carried| carried.latency.value_at_quantile(0.99);
        measured.p99.push((p99(&mine), p99(&hyper)));
    }
    Ok(measured)
}

fn wire(server: &Served, requests: &Arc<[Vec<u8>]>, plan: &Plan) -> Wire {
    Wire { address: server.address, requests: Arc::clone(requests), connections: plan.connections }
}
