//! A load in the middle of which Redis forgets everything.

use std::{
    collections::HashMap,
    mem::take,
    sync::Arc,
    time::{Duration, Instant},
};

use devstack::Stack;
use parking_lot::Mutex;
use rand::rngs::SmallRng;
use tokio::{time::sleep, try_join};
use uuid::Uuid;

use super::{
    Plan,
    latency::Around,
    servers::{Servers, is_remembered},
    statements::Statements,
};
use crate::{
    load::Catalog,
    speed::{Noted, Wire, requests},
};

/// Requests in the order in which they are asked.
const REQUESTS: usize = 400_009;
/// How long the greatest rate is looked for.
const FLOOD: Duration = Duration::from_secs(2);

/// What is asked, by popularity.
pub(super) struct Asked {
    requests: Arc<[Vec<u8>]>,
    /// Of each, whether memory has the product from the beginning.
    pub(super) remembered: Vec<bool>,
}

impl Asked {
    pub(super) fn of(catalog: &Catalog, random: &mut SmallRng) -> Self {
        let ranks = catalog.products().iter().enumerate();
        let ranks: HashMap<Uuid, usize> = ranks.map(|(rank, product)| (*product, rank)).collect();
        let products: Vec<Uuid> = (0..REQUESTS).map(|_| catalog.popular(random)).collect();
        let requests = requests::list(&products, |product| requests::product(product, ""));
        let remembered = products.iter().map(|product| is_remembered(ranks[product])).collect();
        Self { requests, remembered }
    }

    fn wire(&self, servers: &Servers, plan: &Plan) -> Wire {
        Wire {
            address: servers.catalog_query.address(),
            requests: Arc::clone(&self.requests),
            connections: plan.connections,
        }
    }
}

/// What was seen of one round.
pub(super) struct Round {
    /// How long Redis took to forget.
    pub(super) forgetting: Duration,
    /// The most statements at the replica at once,
    pub(super) most: u64,
    /// and how many there may be.
    pub(super) limit: f64,
    /// How many statements there were in all.
    pub(super) loads: u64,
    /// Of products that memory has, from when they were due.
    pub(super) took: Around,
    /// The same from when a connection was free to ask for them.
    pub(super) waited: Around,
}

/// How many requests a second the server answers at most, half of the products not being in memory.
pub(super) async fn greatest_rate(
    servers: &Servers,
    asked: &Asked,
    plan: &Plan,
) -> anyhow::Result<f64> {
    Ok(asked.wire(servers, plan).flood(FLOOD).await?.a_second())
}

pub(super) async fn round(
    stack: &Stack,
    servers: &Servers,
    asked: &Asked,
    (rate, plan): (f64, &Plan),
) -> anyhow::Result<Round> {
    let statements = Box::pin(Statements::connect(stack)).await?;
    let own = &servers.catalog_query;
    let limit = own.metrics().await?.sum("vitrina_postgres_pool_limit", &[REPLICA])?;
    let before = own.replica_loads().await?;
    let answers = Arc::<Mutex<Vec<Noted>>>::default();
    let noted = Arc::clone(&answers);
    let note = move |answer: Noted| noted.lock().push(answer);
    let forget = async {
        sleep(plan.lasts / 2).await;
        let moment = Instant::now();
        anyhow::Ok((moment, servers.redis.flush().await?))
    };
    let wire = asked.wire(servers, plan);
    let load = wire.pace_noting(rate, plan.lasts, note);
    let (_, (moment, forgetting), most) =
        try_join!(load, forget, statements.most_within(plan.lasts))?;
    let loads = own.replica_loads().await? - before;
    let mut remembered = take(&mut *answers.lock());
    remembered.retain(|answer| asked.remembered[answer.request]);
    Ok(Round {
        forgetting,
        most,
        limit,
        loads,
        took: Around::of(remembered.iter(), moment, |answer| answer.took),
        waited: Around::of(remembered.iter(), moment, |answer| answer.waited),
    })
}

/// The stack has one.
const REPLICA: &str = "server=\"replica-0\"";
