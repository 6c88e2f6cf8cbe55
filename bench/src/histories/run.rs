//! The run: some callers at a few products, until told to stop.

use anyhow::Context as _;
use devstack::Addresses;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Asked, Operation, What, client::Caller};
use crate::load::Catalog;

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

/// What all callers did, in the order of each one's own operations.
#[derive(Debug, Clone)]
pub struct History(pub Vec<Operation>);

impl History {
    /// How many writes were acknowledged.
    pub fn writes(&self) -> usize {
        self.0.iter().filter(|operation| operation.what == What::Wrote).count()
    }

    /// How many reads that asked for this were answered, unlabelled or labelled.
    pub fn reads(&self, of: Asked, labelled: bool) -> usize {
        let is_one = |what: &What| matches!(what, What::Read { asked, stale, .. } if *asked == of && *stale == labelled);
        self.0.iter().filter(|operation| is_one(&operation.what)).count()
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
    let mut callers = JoinSet::new();
    for number in 0..plan.clients {
        let seed = random.random();
        let caller = Caller::new(number, addresses, products.clone(), seed).await?;
        callers.spawn(caller.run(stop.clone()));
    }
    let mut history = Vec::new();
    while let Some(ended) = callers.join_next().await {
        history.extend(ended.context("a caller's task ended")??);
    }
    Ok(History(history))
}
