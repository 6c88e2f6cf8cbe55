//! The rounds.

use std::sync::Arc;

use super::{Plan, servers::Servers};
use crate::speed::{own::Own, served::Served, speeds::Speed, wire::Wire};

/// What was answered, by where it came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answers {
    /// Out of Redis.
    pub(super) redis: u64,
    /// From wherever.
    pub(super) all: u64,
}

impl Answers {
    async fn of(server: &Own) -> anyhow::Result<Self> {
        let page = server.metrics().await?;
        let answers = |labels: &[&str]| page.counted("vitrina_answers_total", labels);
        Ok(Self { redis: answers(&["layer=\"redis\""])?, all: answers(&[])? })
    }

    const fn since(self, before: Self) -> Self {
        Self { redis: self.redis - before.redis, all: self.all - before.all }
    }
}

/// How often Redis had to be asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trips {
    /// How often it read from a connection,
    pub(super) reads: u64,
    /// for so many answers out of it.
    pub(super) answers: u64,
}

/// What was measured.
pub(super) struct Measured {
    pub(super) body: usize,
    pub(super) document: usize,
    pub(super) own: Vec<Speed>,
    pub(super) floor: Vec<Speed>,
    /// Of catalog-query in those rounds.
    pub(super) answers: Answers,
    /// With one connection that asks.
    pub(super) alone: Trips,
    /// With all of them.
    pub(super) together: Trips,
}

pub(super) async fn measure(servers: &mut Servers, plan: &Plan) -> anyhow::Result<Measured> {
    let (mut own, mut floor) = (Vec::new(), Vec::new());
    let before = Answers::of(&servers.catalog_query).await?;
    for _ in 0..plan.rounds {
        let requests = servers.requests();
        let speed = async |server: &Served| {
            Speed::of(server, &wire(server, &requests, plan.connections), plan.lasts).await
        };
        own.push(speed(&servers.catalog_query.served).await?);
        floor.push(speed(&servers.floor).await?);
    }
    let answers = Answers::of(&servers.catalog_query).await?.since(before);
    let alone = trips(servers, 1, plan).await?;
    let together = trips(servers, plan.connections, plan).await?;
    let (body, document) = (servers.body, servers.document);
    Ok(Measured { body, document, own, floor, answers, alone, together })
}

async fn trips(servers: &mut Servers, connections: usize, plan: &Plan) -> anyhow::Result<Trips> {
    let requests = servers.requests();
    let own = &servers.catalog_query;
    let before = (Answers::of(own).await?, servers.redis.counts().await?);
    wire(&own.served, &requests, connections).flood(plan.lasts).await?;
    let reads = servers.redis.counts().await?.reads_since(&before.1);
    let answers = Answers::of(own).await?.since(before.0).redis;
    Ok(Trips { reads, answers })
}

fn wire(server: &Served, requests: &Arc<[Vec<u8>]>, connections: usize) -> Wire {
    Wire { address: server.address, requests: Arc::clone(requests), connections }
}
