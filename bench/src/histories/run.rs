//! The run: some callers at a few products, until told to stop.

use anyhow::Context as _;
use catalog_core::freshness::Version;
use devstack::Addresses;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Asked, First, Operation, What, client::Caller};
use crate::load::{Catalog, connect};

/// Who does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many callers.
    pub clients: usize,
    /// At how many products: few, so that they meet.
    pub products: usize,
    /// Of the choices.
    pub seed: u64,
}

/// What all callers did.
#[derive(Debug, Clone)]
pub struct History {
    /// In the order of each one's own operations.
    pub operations: Vec<Operation>,
    /// What the products were before.
    pub first: First,
}

impl History {
    /// How many writes were acknowledged.
    pub fn writes(&self) -> usize {
        self.count(|what| matches!(what, What::Wrote { .. }))
    }

    /// How often a client was told that what it wrote and saw may be lost.
    pub fn lost(&self) -> usize {
        self.count(What::is_lost)
    }

    /// How many reads that asked for this were answered, unlabelled or labelled.
    pub fn reads(&self, of: Asked, labelled: bool) -> usize {
        self.count(|what| {
            matches!(what, What::Read { asked, stale, .. } if (*asked, *stale) == (of, labelled))
        })
    }

    fn count(&self, counts: impl Fn(&What) -> bool) -> usize {
        self.operations.iter().filter(|operation| counts(&operation.what)).count()
    }
}

/// Has them write and read until told to stop.
pub async fn run(
    addresses: &Addresses,
    plan: Plan,
    stop: CancellationToken,
) -> anyhow::Result<History> {
    let mut random = SmallRng::seed_from_u64(plan.seed);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await?;
    let products: Vec<_> = catalog.products().iter().copied().take(plan.products).collect();
    let first = first(&addresses.primary.admin, &products).await?;
    let mut callers = JoinSet::new();
    for number in 0..plan.clients {
        let seed = random.random();
        let caller = Caller::new(number, addresses, products.clone(), seed).await?;
        callers.spawn(caller.run(stop.clone()));
    }
    let mut operations = Vec::new();
    while let Some(ended) = callers.join_next().await {
        operations.extend(ended.context("a caller's task ended")??);
    }
    Ok(History { operations, first })
}

/// What the products are on the primary, before anybody writes.
async fn first(url: &str, products: &[Uuid]) -> anyhow::Result<First> {
    let client = connect(url).await?;
    let sql = "
        SELECT p.id, v.version, p.brand FROM product p JOIN version v ON v.kind = 'product' AND v.id = p.id
        WHERE p.id = ANY ($1)";
    let rows = client.query(sql, &[&products]).await.context("reading the products")?;
    let version = |row: &tokio_postgres::Row| Version(row.get::<_, i64>(1).cast_unsigned());
    Ok(rows.iter().map(|row| (row.get(0), (version(row), row.get(2)))).collect())
}
